/** Reads the options of an npm script, each described in one place: they are the usage text of `--help` and what is accepted. */
const { parseArgs } = require('node:util');
const { columns } = require('./table.cjs');

/** How many characters of a line the texts may take. */
const WIDTH = 100;

const shownOption = ([name, { value }]) => `--${name}${value === undefined ? '' : ` ${value}`}`;

function usageOf({ script, does, options }) {
	const rows = [...Object.entries(options), ['help', { says: 'prints this' }]].map((option) => [
		shownOption(option),
		option[1].says,
	]);
	return [`Usage: npm run ${script} -- [options]`, '', does, '', ...columns(rows, WIDTH)].join('\n');
}

/** What is wrong with what was typed, in a sentence. */
function describeRefusal({ code, message }) {
	const [, named = message] = /'([^']+)'/.exec(message) ?? [];
	if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `There is no option ${named}.`;
	if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return `'${named}' is no option.`;
	return `${message.split('. ')[0].replace(/\.$/, '')}.`;
}

function readValue(name, { is, least = 0, among }, value) {
	if (value === undefined || typeof value === 'boolean') return value;
	for (const one of [value].flat()) {
		if (is === 'number' && !(/^\d{1,15}$/.test(one) && Number(one) >= least))
			throw new Error(`--${name} must be a whole number from ${least}, not '${one}'`);
		const unknown = among && one.split(',').find((part) => !among.includes(part));
		if (unknown !== undefined) throw new Error(`--${name} has no '${unknown}'; there are ${among.join(', ')}`);
	}
	if (is === 'number') return Number(value);
	return is === 'list' ? value.flatMap((one) => one.split(',')) : value;
}

/** The values of the options, or the text to print instead of running. */
function parseCommandLine(command, args) {
	const { options } = command;
	const config = Object.entries(options).map(([name, { is }]) => [
		name,
		{ type: is === 'flag' ? 'boolean' : 'string', multiple: is === 'list' },
	]);
	try {
		const { values } = parseArgs({ args, options: { ...Object.fromEntries(config), help: { type: 'boolean' } } });
		if (values.help) return { usage: usageOf(command) };
		return {
			values: Object.fromEntries(
				Object.entries(options).map(([name, option]) => [name, readValue(name, option, values[name])]),
			),
		};
	} catch (error) {
		return { refusal: describeRefusal(error), usage: usageOf(command) };
	}
}

/** The values of the options. Prints the usage and ends the process if it is asked for, or if an option is refused. */
function readCommandLine(command) {
	const { values, refusal, usage } = parseCommandLine(command, process.argv.slice(2));
	if (values) return values;
	if (refusal === undefined) console.log(usage);
	else console.error(`${refusal}\n\n${usage}`);
	process.exit(refusal === undefined ? 0 : 2);
}

module.exports = { parseCommandLine, readCommandLine };
