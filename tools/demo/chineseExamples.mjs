/**
 * The example workflows in Chinese: names, notes, node names and sample texts come from locales/zh-CN/examples.json.
 * `node tools/demo/chineseExamples.mjs` writes them to locales/zh-CN/examples; with `--check` it says what is out of date.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';
import { inEdition } from './parts.mjs';

const root = join(import.meta.dirname, '../..');
const english = join(root, 'examples');
const chinese = join(root, 'locales/zh-CN/examples');
const source = 'locales/zh-CN/examples.json';

const jsonFilesIn = (folder) => readdirSync(folder).filter((file) => file.endsWith('.json'));

/** A text of its own; numbers have a place in it, as the cost of a run has. */
function textOf(texts, text, file) {
	const numbers = text.match(/\d+/g) ?? [];
	const found = texts[text] ?? texts[text.replace(/\d+/, '{1}')]?.replace('{1}', numbers[0]);
	if (found === undefined) throw new Error(`${source} has no '${text}', which is in examples/${file}`);
	return found;
}

const noteOf = (texts, note, file) =>
	note
		.split('\n')
		.map((line) => line && textOf(texts, line, file))
		.join('\n');

/** Whole values, and what stands in quotes in an expression, such as the names of nodes. */
function valueOf({ texts, parts }, value, file) {
	const replaced = (parts[file] ?? []).reduce((text, [from, to]) => text.replaceAll(from, () => to), value);
	return Object.hasOwn(texts, replaced)
		? texts[replaced]
		: replaced.replace(/'([^'\\\n]+)'/g, (quoted, text) => (Object.hasOwn(texts, text) ? `'${texts[text]}'` : quoted));
}

function valuesOf(words, value, file) {
	if (typeof value === 'string') return valueOf(words, value, file);
	if (Array.isArray(value)) return value.map((inner) => valuesOf(words, inner, file));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, valuesOf(words, inner, file)]));
}

function nodeOf(words, node, file) {
	const name = textOf(words.texts, node.name.replace(/ \d+$/, ''), file) + (/ \d+$/.exec(node.name)?.[0] ?? '');
	const parameters =
		node.type === 'n8n-nodes-base.stickyNote'
			? { ...node.parameters, content: noteOf(words.texts, node.parameters.content, file) }
			: valuesOf(words, node.parameters, file);
	return { ...node, name, ...(node.notes && { notes: textOf(words.texts, node.notes, file) }), parameters };
}

function connectionsOf(connections, names) {
	const targets = (value) => {
		if (Array.isArray(value)) return value.map(targets);
		if (typeof value !== 'object' || value === null) return value;
		return 'node' in value
			? { ...value, node: names.get(value.node) }
			: Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, targets(inner)]));
	};
	return Object.fromEntries(Object.entries(connections).map(([from, to]) => [names.get(from), targets(to)]));
}

function translateExample(words, file) {
	const workflow = JSON.parse(inEdition(readFileSync(join(english, file), 'utf8'), 'zh'));
	const nodes = workflow.nodes.map((node) => nodeOf(words, node, file));
	const names = new Map(workflow.nodes.map(({ name }, index) => [name, nodes[index].name]));
	return { ...workflow, name: words.names[file], nodes, connections: connectionsOf(workflow.connections, names) };
}

/** The files that the folder of Chinese examples has to have, with their content. */
async function chineseExamples() {
	const words = JSON.parse(readFileSync(join(root, source), 'utf8'));
	const layout = { ...(await prettier.resolveConfig(join(english, 'any.json'))), parser: 'json' };
	const written = jsonFilesIn(english).map(async (file) => [
		file,
		await prettier.format(JSON.stringify(translateExample(words, file), null, 2), layout),
	]);
	return await Promise.all(written);
}

const contentOf = (file) => (existsSync(join(chinese, file)) ? readFileSync(join(chinese, file), 'utf8') : undefined);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const wanted = new Map(await chineseExamples());
	mkdirSync(chinese, { recursive: true });
	const stale = [
		...[...wanted].filter(([file, content]) => contentOf(file) !== content).map(([file]) => file),
		...jsonFilesIn(chinese).filter((file) => !wanted.has(file)),
	];
	if (process.argv.includes('--check')) {
		for (const file of stale) console.log(`locales/zh-CN/examples/${file} is out of date; npm run docs writes it anew`);
		process.exitCode = stale.length === 0 ? 0 : 1;
	} else {
		for (const file of stale)
			if (wanted.has(file)) writeFileSync(join(chinese, file), wanted.get(file));
			else rmSync(join(chinese, file));
	}
}
