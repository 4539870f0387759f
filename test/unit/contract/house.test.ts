/** Holds the shape of the source tree: floors, circles, full folders, names, opening sentences. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import {
	findCircles,
	findDayTests,
	findFilesOutsideTheHouse,
	findFilesWithoutSentence,
	findForeignImports,
	findFullFolders,
	findLongFiles,
	findSharedNames,
	findSuppressions,
	findUpwardImports,
	type SourceFiles,
} from './houseRules';

const root = join(__dirname, '../../..');

const sources: SourceFiles = new Map(
	['lib', 'nodes', 'credentials'].flatMap((folder) =>
		readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.ts'))
			.map((name): [string, string] => {
				const path = join(folder, name);
				return [path.replaceAll('\\', '/'), readFileSync(join(root, path), 'utf8')];
			}),
	),
);

const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n');

/** Tests and tools included; eslint.config.mjs must be n8n's own, letter by letter. */
const allSources: SourceFiles = new Map(
	tracked
		.filter((file) => /\.[cm]?[jt]s$/.test(file) && file !== 'eslint.config.mjs' && existsSync(join(root, file)))
		.map((file) => [file, readFileSync(join(root, file), 'utf8')]),
);

/** Folders of the repository with files of their own; n8n's output schemas repeat the resources, and a node of the tests is a package of its own. */
const folders = [
	...new Set(
		tracked
			.map((file) => dirname(file))
			.filter((folder) => folder !== '.' && !/\/(__schema__|n8n-nodes-probe)\//.test(folder)),
	),
];

describe('The source tree', () => {
	it('has more than 100 files, so that the checks below mean something', () =>
		expect(sources.size).toBeGreaterThan(100));

	it('has a rule for the folder of every file', () => expect(findFilesOutsideTheHouse(sources)).toEqual([]));

	it('imports downhill only: nodes from lib/n8n, lib/n8n from lib/dingtalk and lib/icalendar, no node from another', () =>
		expect(findUpwardImports(sources)).toEqual([]));

	it('has no circle of imports, types included', () => expect(findCircles(sources)).toEqual([]));

	it('imports no package but those that come with n8n', () => expect(findForeignImports(sources)).toEqual([]));

	it('has no folder with more than twelve loose files', () => expect(findFullFolders(sources)).toEqual([]));

	it('is described in docs/project/architecture.md, which has a line for every folder', () => {
		const page = readFileSync(join(root, 'docs/project/architecture.md'), 'utf8');
		expect(folders.length).toBeGreaterThan(80);
		const lines = new Set([...page.matchAll(/^- \**`([^`]+)\/`\**: /gm)].map(([, folder]) => folder));
		expect(folders.filter((folder) => !lines.has(folder))).toEqual([]);
	});

	it('has no folder that docs/project/architecture.md still names after it was removed', () => {
		const page = readFileSync(join(root, 'docs/project/architecture.md'), 'utf8');
		const named = [...page.matchAll(/^- \**`([^`]+)\/`\**: /gm)];
		expect(named.map(([, folder]) => folder).filter((folder) => !existsSync(join(root, folder)))).toEqual([]);
	});

	it('begins every file with a sentence that says what it is for', () =>
		expect(findFilesWithoutSentence(allSources)).toEqual([]));

	it('gives no two files the same name unless they are the same thing of two nodes', () =>
		expect(findSharedNames(sources)).toEqual([]));

	it('keeps every file short enough to read in one go', () => expect(findLongFiles(sources)).toEqual([]));

	it('asks only the event reader whether an event takes whole days', () => expect(findDayTests(sources)).toEqual([]));

	it('suppresses no rule and leaves no work for later', () => expect(findSuppressions(sources)).toEqual([]));
});

/** Small trees that break one rule each: a check that cannot fail holds nothing. */
describe('A check of the source tree', () => {
	const tree = (files: Record<string, string>): SourceFiles => new Map(Object.entries(files));
	const importing = (path: string): string => `import { a } from '${path}';\n`;

	describe('of floors', () => {
		const upward = (from: string, path: string): number => findUpwardImports(tree({ [from]: importing(path) })).length;

		it.each([
			['lib/dingtalk/account.ts', '../n8n/progress'],
			['lib/dingtalk/client/client.ts', '../../icalendar/read'],
			['lib/icalendar/read.ts', '../dingtalk/account'],
			['lib/n8n/progress.ts', './fields/people'],
			['lib/n8n/fields/people.ts', '../triggers/fields'],
			['lib/n8n/fields/people.ts', '../../../nodes/DingTalkCalendar/fields/common/limit'],
			['credentials/A.credentials.ts', '../nodes/A/A.node'],
			['nodes/A/A.node.ts', '../B/fields'],
			['nodes/A/A.node.ts', '../../credentials/A.credentials'],
			['nodes/DingTalkCalendar/fields/common/limit.ts', '../../resources/event/create'],
			['nodes/DingTalkCalendar/methods/listSearch/searchPeople.ts', '../../resources/event/create'],
			['nodes/DingTalkCalendar/resources/event/create.ts', '../../methods/listSearch'],
			['nodes/A/A.node.ts', '../../test/engine/environment'],
		])('finds that %s imports %s', (from, path) => expect(upward(from, path)).toBe(1));

		it.each([
			['lib/n8n/progress.ts', '../dingtalk/account'],
			['lib/n8n/triggers/fields.ts', '../fields/people'],
			['lib/n8n/triggers/fields.ts', './context'],
			['credentials/A.credentials.ts', '../lib/dingtalk/account'],
			['nodes/A/A.node.ts', './fields'],
			['nodes/A/A.node.ts', '../../lib/dingtalk/account'],
			['nodes/DingTalkCalendar/DingTalkCalendar.node.ts', './resources'],
			['nodes/DingTalkCalendar/resources/event/create.ts', '../../fields/common/limit'],
			['nodes/DingTalkCalendar/fields/event/content.ts', '../common/limit'],
		])('lets %s import %s', (from, path) => expect(upward(from, path)).toBe(0));

		it.each([
			"import type { A } from '../n8n/progress';",
			"export { a } from '../n8n/progress';",
			"export * from '../n8n/progress';",
			"import '../n8n/progress';",
			"const a = await import('../n8n/progress');",
			"let a: import('../n8n/progress').A;",
			"import {\n\ta,\n\ttype B,\n} from '../n8n/progress';",
		])('sees the import in %j', (source) =>
			expect(findUpwardImports(tree({ 'lib/dingtalk/a.ts': source }))).toEqual([
				'lib/dingtalk/a.ts imports lib/n8n/progress',
			]),
		);

		it('finds a folder that has no floor', () =>
			expect(findFilesOutsideTheHouse(tree({ 'lib/other/a.ts': '', 'nodes/a.ts': '', 'lib/n8n/a.ts': '' }))).toEqual([
				'lib/other/a.ts',
				'nodes/a.ts',
			]));
	});

	describe('of circles', () => {
		it('finds one of three files that import types only', () =>
			expect(
				findCircles(
					tree({
						'lib/n8n/a.ts': "import type { B } from './b';",
						'lib/n8n/b.ts': "import { type C } from './c';",
						'lib/n8n/c.ts': "export type { A } from './a';",
					}),
				),
			).toEqual([['lib/n8n/a.ts', 'lib/n8n/b.ts', 'lib/n8n/c.ts']]));

		it('finds one that goes through an index', () =>
			expect(
				findCircles(tree({ 'lib/n8n/a/index.ts': importing('../b'), 'lib/n8n/b.ts': importing('./a') })),
			).toHaveLength(1));

		it('finds one that is entered from outside', () =>
			expect(
				findCircles(
					tree({
						'lib/n8n/a.ts': importing('./b'),
						'lib/n8n/b.ts': importing('./c'),
						'lib/n8n/c.ts': importing('./b'),
					}),
				),
			).toEqual([['lib/n8n/b.ts', 'lib/n8n/c.ts']]));

		it('accepts two import paths to the same file', () =>
			expect(
				findCircles(
					tree({
						'lib/n8n/a.ts': importing('./b') + importing('./c'),
						'lib/n8n/b.ts': importing('./d'),
						'lib/n8n/c.ts': importing('./d'),
						'lib/n8n/d.ts': '',
					}),
				),
			).toEqual([]));
	});

	it.each(['axios', 'node:fs', 'n8n-core', 'luxon/src/datetime'])('finds the import of the package %s', (name) =>
		expect(findForeignImports(tree({ 'lib/n8n/a.ts': importing(name) + importing('luxon') }))).toEqual([
			`lib/n8n/a.ts imports ${name}`,
		]),
	);

	it('finds the thirteenth file of a folder, but not of the operations of a resource', () => {
		const full = (folder: string, count: number): string[] =>
			findFullFolders(tree(Object.fromEntries(Array.from({ length: count }, (_, i) => [`${folder}/f${i}.ts`, '']))));
		expect(full('lib/dingtalk/client', 13)).toEqual(['lib/dingtalk/client']);
		expect(full('lib/dingtalk/client', 12)).toEqual([]);
		expect(full('nodes/DingTalkCalendar/resources/event', 13)).toEqual([]);
		expect(full('nodes/DingTalkCalendar/resources', 13)).toEqual(['nodes/DingTalkCalendar/resources']);
	});

	it.each([
		['imports first', "import { a } from './a';\n/** Says what it is for. */\n"],
		['only a heading', '/** Errors */\n'],
		['a suppression', '// eslint-disable-next-line\n'],
		['a small letter', '/** says what it is for. */\n'],
		['a sentence that does not end', '/** Says what it is. And what it is for */\n'],
		['a list', '/** Says what it is for:\n * this\n */\n'],
		['too few words', '/** The types. */\n'],
		['an empty comment', '/** */\nexport const a = { b: 1. };\n'],
		['nothing', ''],
	])('finds a file that begins with %s', (_, source) =>
		expect(findFilesWithoutSentence(tree({ 'lib/a.ts': source }))).toEqual(['lib/a.ts']),
	);

	it.each([
		['a block comment', '/** Says what it is for. */\n'],
		['a block of several lines', '/**\n * Says what\n * it is for.\n */\n'],
		['a line comment', '// Says what it is for.\nimport a;\n'],
	])('accepts %s', (_, source) => expect(findFilesWithoutSentence(tree({ 'lib/a.ts': source }))).toEqual([]));

	it.each([
		'const allDay = event.start?.date !== undefined;',
		'const timed = start.date === undefined;',
		'const known = Boolean(time?.date);',
		'const zone = event.start?.date ? null : local;',
		'if (time?.date) return time.date;',
		'if (!event.start?.date && !start) throw error;',
		"const isDay = typeof start.date === 'string';",
		'const whole = start?.date && end?.date;',
		'const read = ({ date, dateTime }: Time) => (date ? one : other);',
		'function read({ date, dateTime }: Time) {\n\tif (date) return 1;\n}',
	])('finds a file that tests by itself whether a time is a day: %s', (source) => {
		expect(findDayTests(tree({ 'nodes/A/a.ts': source }))).toEqual(['nodes/A/a.ts']);
		expect(findDayTests(tree({ 'lib/dingtalk/events/readEvent.ts': source }))).toEqual([]);
	});

	it.each([
		'const text = time.date ?? time.dateTime;',
		'if (isDay(time)) return time.date;',
		'const dayOf = ({ date, dateTime }: ApiTime): string => date ?? dateTime;',
		'const isMoved = from.date !== to.date;',
		'const times: { date?: string } = {};',
	])('accepts a time that is only passed on: %s', (source) =>
		expect(findDayTests(tree({ 'nodes/A/a.ts': source }))).toEqual([]),
	);

	it('finds two files of one name in two folders', () => {
		const shared = (...paths: string[]): number =>
			findSharedNames(tree(Object.fromEntries(paths.map((path) => [path, ''])))).length;
		expect(shared('lib/dingtalk/events/diff.ts', 'lib/dingtalk/polling/diff.ts')).toBe(1);
		expect(shared('lib/dingtalk/rooms/rooms.ts', 'nodes/A/fields/rooms.ts')).toBe(1);
		expect(shared('nodes/A/fields.ts', 'nodes/B/fields.ts', 'lib/n8n/triggers/fields.ts')).toBe(0);
		expect(shared('nodes/A/resources/event/get.ts', 'nodes/A/resources/calendar/get.ts')).toBe(0);
		expect(shared('nodes/A/resources/calendar/getColors.ts', 'nodes/A/methods/getColors.ts')).toBe(1);
		expect(shared('nodes/A/methods/index.ts', 'nodes/A/resources/index.ts')).toBe(0);
	});

	it('finds a file of more than 360 lines', () => {
		const long = (lines: number): string[] => findLongFiles(tree({ 'lib/a.ts': 'a\n'.repeat(lines - 1) }));
		expect(long(361)).toEqual(['lib/a.ts']);
		expect(long(360)).toEqual([]);
	});

	it.each(['// eslint-disable-next-line', '// @ts-expect-error', 'let a: any;', 'a as any', '// TODO: later'])(
		'finds %s',
		(source) => expect(findSuppressions(tree({ 'lib/a.ts': source }))).toEqual(['lib/a.ts']),
	);
});
