/** Holds that the Chinese catalogue has each text that people see, nothing else, and each with its placeholders. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeNameToToolName } from 'n8n-workflow';

import { findEnglish, stringsIn } from './chineseTexts';
import { listShownTexts, sources, textsIn, untaggedIn } from './shownTexts';

const HAN = /\p{Script=Han}/u;
const catalogue = JSON.parse(readFileSync(join(__dirname, '../../../locales/zh-CN.json'), 'utf8')) as Record<
	string,
	string
>;
const entries = Object.entries(catalogue);
/** Names of n8n's own nodes. */
const MENUS_OF_N8N = ['Extract From File'];
const HTTP_HEADERS = ['Content-Type', 'Cache-Control'];
const isExpression = (text: string): boolean => text.startsWith('={{');

const placeholdersIn = (text: string): string[] => [...new Set(text.match(/\{\d+\}/g))].sort();
const tagsIn = (text: string): string[] => [...(text.match(/<\/?\w+/g) ?? [])].sort();

/** Fields, options and operations that a text quotes, as far as they have an entry of their own. */
const labelsIn = (text: string): string[] =>
	[...text.matchAll(/(?<![A-Za-z])'([A-Z][^']*)'/g)].map(([, label]) => label).filter((label) => label in catalogue);

describe('The Chinese catalogue', () => {
	let texts: Map<string, string[]>;
	beforeAll(async () => {
		texts = await listShownTexts();
	});

	it('has an entry for each text that people see; npm run texts lists what is missing', () => {
		expect(texts.size).toBeGreaterThan(1500);
		expect([...texts].filter(([text]) => !(text in catalogue))).toEqual([]);
	});

	it('has no entry that nothing uses', () =>
		expect(entries.filter(([text]) => !texts.has(text)).map(([text]) => text)).toEqual([]));

	it('loses no placeholder', () =>
		expect(
			entries.filter(([text, chinese]) => placeholdersIn(text).join('') !== placeholdersIn(chinese).join('')),
		).toEqual([]));

	it('keeps the marks of bold text, links and lists', () =>
		expect(entries.filter(([text, chinese]) => tagsIn(text).join('') !== tagsIn(chinese).join(''))).toEqual([]));

	it('quotes fields, options and operations by their Chinese names', () => {
		const wrong = entries.flatMap(([text, chinese]) =>
			labelsIn(text)
				.filter((label) => !chinese.includes(`“${catalogue[label]}”`))
				.map((label) => [label, chinese]),
		);
		expect(wrong).toEqual([]);
		expect(entries.filter(([text]) => labelsIn(text).length > 0).length).toBeGreaterThan(100);
	});

	it('contains no English sentence', () =>
		expect(entries.filter(([, chinese]) => !isExpression(chinese) && findEnglish(chinese))).toEqual([]));

	it('is in full-width punctuation', () =>
		expect(
			entries.filter(
				([, chinese]) => !isExpression(chinese) && /\p{Script=Han}[,;:?!(]|[;?!)]\p{Script=Han}/u.test(chinese),
			),
		).toEqual([]));

	it('translates all but names and marks', () =>
		expect(
			entries
				.filter(([, chinese]) => !HAN.test(chinese))
				.map(([text]) => text.replace(/\{\d\}|[^A-Za-z ]/g, '').trim())
				.filter(Boolean)
				.sort(),
		).toEqual([
			'AES Key',
			'Access Token',
			'Client ID',
			'Client Secret',
			'Corp ID',
			'ID',
			'Refresh Token',
			'Token',
			'Union ID',
			'and',
			'that',
		]));
});

describe('The Chinese examples', () => {
	const root = join(__dirname, '../../..');
	const folder = join(root, 'locales/zh-CN/examples');
	const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

	it('are those of the English edition as they are now; npm run docs writes them', () => {
		const { stdout, stderr } = spawnSync(process.execPath, ['tools/demo/chineseExamples.mjs', '--check'], {
			cwd: root,
			encoding: 'utf8',
		});
		expect([stdout, stderr]).toEqual(['', '']);
	});

	it.each(files)('show no English: %s', (file) => {
		const { name, nodes } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
			name: string;
			nodes: Array<{ name: string; parameters: unknown }>;
		};
		for (const text of [name, ...nodes.map((node) => node.name)]) expect(text).toMatch(HAN);
		const words = nodes
			.flatMap(({ parameters }) => stringsIn(parameters))
			.map((text) => (text.startsWith('=') ? text.replace(/\{\{[^]*?\}\}/g, '') : text))
			.filter((text) => !HAN.test(text) && /\b[A-Z][a-z]{2,}/.test(text));
		expect(words.filter((text) => !HTTP_HEADERS.includes(text))).toEqual([]);
		const shown = stringsIn(nodes.map(({ parameters }) => parameters)).map((text) => text.replace(/<script>[^]*/, ''));
		expect(shown.filter((text) => findEnglish(text, MENUS_OF_N8N) && !text.includes('<style>'))).toEqual([]);
	});

	it('give each tool of an agent a name of its own, of which n8n keeps only Latin letters, digits, _ and -', () => {
		const tools = files.flatMap((file) => {
			const { nodes } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
				nodes: Array<{ name: string; type: string }>;
			};
			return nodes.filter(({ type }) => type.endsWith('Tool')).map(({ name }) => nodeNameToToolName(name));
		});
		expect(tools.length).toBeGreaterThan(2);
		expect(tools.filter((name) => !/[a-z]/.test(name))).toEqual([]);
		expect(new Set(tools).size).toBe(tools.length);
	});
});

/** A reason that luxon gives, and names of work that idempotency keys are made of. */
const NOT_SHOWN = ['unit out of range', 'book a meeting', 'respond for room', 'create subscription calendar'];

it('has no sentence in the sources that has neither the tag nor a place in the editor', async () => {
	const texts = [...(await listShownTexts()).keys()];
	const untagged = sources.flatMap((file) =>
		untaggedIn(readFileSync(join(__dirname, '../../..', file), 'utf8'))
			.filter((pattern) => !texts.some((text) => pattern.test(text)))
			.map((pattern) => `${file}: ${pattern.source}`),
	);
	expect(untagged.filter((text) => !NOT_SHOWN.some((known) => text.includes(known)))).toEqual([]);
});

describe('The list of texts', () => {
	it.each([
		['t`No room is free`', ['No room is free']],
		['t`${a} is ${b} and ${c}`', ['{1} is {2} and {3}']],
		['t`of ${t`inner`}`', ['of {1}', 'inner']],
		["formatCount(n, 'room')", ['{1} room', '{1} rooms']],
		["formatCount(n, 'person', 'people')", ['{1} person', '{1} people']],
		["new InputError('Start', t`is empty`, '')", ['Start', 'is empty']],
		['`untagged ${a}`', []],
	])('finds in %s', (source, expected) => expect(textsIn(source)).toEqual(expected));
});

it.each([
	['请几分钟后重试。', undefined],
	['请开启“Retry On Fail”。', undefined],
	['“开始时间”is not a valid date', 'is not a valid date'],
	["请选择 the workflow's time zone。", "the workflow's time zone"],
])('recognizes English in %s', (text, expected) => expect(findEnglish(text)).toBe(expected));

it('does not take what users entered for English', () =>
	expect(findEnglish('不是有效的日期：the day after tomorrow', ['the day after tomorrow'])).toBeUndefined());
