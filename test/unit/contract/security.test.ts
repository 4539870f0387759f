/** Tests that docs/project/security.md lists everything that a process remembers, and names tests that exist. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { findMemories } from './memories';

const root = join(__dirname, '../../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const page = read('docs/project/security.md');

const sources = ['lib', 'nodes', 'credentials'].flatMap((folder) =>
	readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
);

/** The rows of the table under a headline, without its head. */
const rowsUnder = (headline: string): string[][] =>
	(page.split(`## ${headline}\n`)[1] ?? '')
		.split('\n## ')[0]
		.split('\n')
		.filter((line) => line.startsWith('|'))
		.slice(2)
		.map((line) =>
			line
				.slice(1, -1)
				.split('|')
				.map((cell) => cell.trim()),
		);

const codeIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code);

describe('The table of what a process remembers', () => {
	it('lists each memory of the sources, and no other', () => {
		const found = sources.flatMap((file) => findMemories(read(file)).map((name) => `${name} in ${file}`));
		const listed = rowsUnder('What a process remembers').map(
			([name, file]) => `${codeIn(name)[0]} in ${codeIn(file)[0]}`,
		);
		expect(listed.sort()).toEqual(found.sort());
	});

	it('says for each what keeps it apart and how large it can become', () => {
		for (const row of rowsUnder('What a process remembers')) {
			expect(row).toHaveLength(5);
			expect(row.filter((cell) => cell === '')).toEqual([]);
		}
	});
});

describe('The table of assets', () => {
	const rows = rowsUnder('Assets and threats');

	it('is there', () => expect(rows.length).toBeGreaterThan(10));

	it.each(rows)('names tests that exist: %s, %s', (_asset, _threat, _stops, tests) => {
		expect(codeIn(tests).length).toBeGreaterThan(0);
		expect(codeIn(tests).filter((file) => !existsSync(join(root, file)) || !read(file).includes('it'))).toEqual([]);
	});
});

it('Only files that send the Client Secret, hash it or search answers for it read it', () => {
	const readers = sources.filter((file) => /\bclientSecret\b/.test(read(file)));
	expect(readers.sort()).toEqual([
		'credentials/DingTalkCalendarApi.credentials.ts',
		'lib/dingtalk/account.ts',
		'lib/dingtalk/client/tokenCache.ts',
		'lib/dingtalk/push/stream/ticket.ts',
		'lib/dingtalk/push/stream/workflowSubscription.ts',
		'lib/dingtalk/signIn.ts',
	]);
});

describe('The search for memories', () => {
	it.each([
		['let last: number | undefined;', 'last'],
		['const cache = new Map<string, number>();', 'cache'],
		['export const shared = new Connections();', 'shared'],
		['const attempts = new LruMap<string, { a: 1 }>(\n\tMAX,\n);', 'attempts'],
	])('finds %j', (source, name) => expect(findMemories(source)).toEqual([name]));

	it.each([
		"const KINDS = new Set<string>(['a']);",
		"const ZONES: ReadonlyMap<string, string> = new Map(Object.entries({ a: 'b' }));",
		'const isIn = (a: string) => new Set<string>().has(a);',
		'function run() {\n\tlet a = 1;\n\tconst seen = new Set<string>();\n}',
	])('leaves out %j', (source) => expect(findMemories(source)).toEqual([]));
});
