/** Checks that npm scripts with options explain them, and refuse what they do not know instead of starting. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseCommandLine, type Command } from '../../../tools/report/commandLine.cjs';

const root = join(__dirname, '../../..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

/** Runs what the script runs last. */
async function run(script: string, ...options: string[]): Promise<{ code: unknown; output: string; errors: string }> {
	const [, main = ''] = /tsx (\S+)$/.exec(scripts[script]) ?? [];
	return await new Promise((resolve) => {
		execFile(process.execPath, ['--import', 'tsx', main, ...options], { cwd: root }, (error, output, errors) =>
			resolve({ code: error ? error.code : 0, output, errors }),
		);
	});
}

it.each(['test:histories', 'bench'])(
	'npm run %s -- --help prints each option on a line, and nothing else',
	async (script) => {
		const { code, output, errors } = await run(script, '--help');
		expect(errors).toBe('');
		expect(code).toBe(0);
		expect(output).toMatch(
			new RegExp(`^Usage: npm run ${script} -- \\[options\\]\n\n.+\n\n( {2}--\\w+.* {2}\\w.*\n)+$`),
		);
	},
);

it('npm run test:histories refuses an option that it does not have by name, with the usage', async () => {
	const { code, output, errors } = await run('test:histories', '--prozesse', '3');
	expect(output).toBe('');
	expect(code).toBe(2);
	expect(errors).toMatch(/^There is no option --prozesse\.\n\nUsage: npm run test:histories /);
	expect(errors).not.toMatch(/^\s+at /m);
});

const command = {
	script: 'play',
	does: 'Plays.',
	options: {
		runs: { is: 'number', least: 1, value: 'COUNT', says: 'how many' },
		only: { is: 'list', among: ['a', 'b'], value: 'NAMES', says: 'some' },
		write: { is: 'flag', says: 'writes' },
	},
} satisfies Command;

it('reads numbers, lists with commas and flags', () => {
	const { values } = parseCommandLine(command, ['--runs', '12', '--only', 'a,b', '--only', 'a', '--write']);
	expect(values).toEqual({ runs: 12, only: ['a', 'b', 'a'], write: true });
	expect(parseCommandLine(command, []).values).toEqual({});
});

it.each([
	[['--runs', 'many'], "--runs must be a whole number from 1, not 'many'."],
	[['--runs', '0'], "--runs must be a whole number from 1, not '0'."],
	[['--runs'], "Option '--runs <value>' argument missing."],
	[['--only', 'a,c'], "--only has no 'c'; there are a, b."],
	[['--write=yes'], "Option '--write' does not take an argument."],
	[['12'], "'12' is no option."],
])('refuses %j with a sentence', (args, refusal) => {
	expect(parseCommandLine(command, args)).toMatchObject({
		refusal,
		usage: expect.stringContaining('--runs COUNT') as string,
	});
});
