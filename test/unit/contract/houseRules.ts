/** The rules of the source tree as functions from a map of files to what breaks them. */
import { basename, dirname, join } from 'node:path/posix';
import { preProcessFile } from 'typescript';

/** Source text by path, relative to the root of the project, with forward slashes. */
export type SourceFiles = ReadonlyMap<string, string>;

interface Import {
	from: string;
	/** A path in the project, or the name of a package. */
	to: string;
	isPath: boolean;
}

/**
 * What each folder may import besides itself, folders below it included. The longest matching folder counts, so a file
 * of `nodes/DingTalkCalendar/fields/event` follows the rule of `nodes/DingTalkCalendar/fields`. `nodes/*` stands for the
 * folder of any node; no folder lists another node's.
 */
const ALLOWED_IMPORTS: ReadonlyArray<{ folder: string; may: readonly string[]; mayNot?: readonly string[] }> = [
	{ folder: 'lib/locale', may: [] },
	{ folder: 'lib/icalendar', may: ['lib/locale'] },
	{ folder: 'lib/dingtalk', may: ['lib/locale'] },
	{
		folder: 'lib/n8n',
		may: ['lib/dingtalk', 'lib/icalendar', 'lib/locale'],
		mayNot: ['lib/n8n/fields', 'lib/n8n/triggers'],
	},
	{ folder: 'lib/n8n/fields', may: ['lib'], mayNot: ['lib/n8n/triggers'] },
	{ folder: 'lib/n8n/triggers', may: ['lib'] },
	{ folder: 'credentials', may: ['lib'] },
	{ folder: 'nodes/*', may: ['lib'] },
	{ folder: 'nodes/DingTalkCalendar/resources', may: ['nodes/DingTalkCalendar/fields', 'lib'] },
	{ folder: 'nodes/DingTalkCalendar/methods', may: ['nodes/DingTalkCalendar/fields', 'lib'] },
	{ folder: 'nodes/DingTalkCalendar/fields', may: ['lib'] },
];

/** Everything else would be a run-time dependency; these come with n8n. */
const ALLOWED_PACKAGES = ['n8n-workflow', 'luxon', 'node:crypto'];

const OPERATIONS = /^nodes\/\w+\/resources\/\w+\//;
const MOST_FILES = 12;
const MOST_LINES = 360;

/** Every import of a file: static, type-only, re-exported, dynamic and `import('…')` types. */
const findImports = (files: SourceFiles): Import[] =>
	[...files].flatMap(([from, source]) =>
		preProcessFile(source, true, true).importedFiles.map(({ fileName }) => {
			const isPath = fileName.startsWith('.');
			return { from, to: isPath ? resolveFile(files, join(dirname(from), fileName)) : fileName, isPath };
		}),
	);

const describeImport = ({ from, to }: Import): string => `${from} imports ${to}`;

function resolveFile(files: SourceFiles, path: string): string {
	const found = [`${path}.ts`, `${path}/index.ts`, path].find((candidate) => files.has(candidate));
	return found ?? path;
}

/** Whether a file lies in a folder or below it; `*` in the folder stands for one name. */
const isIn = (file: string, folder: string): boolean => new RegExp(`^${folder.replaceAll('*', '[^/]+')}/`).test(file);

const depthOf = (folder: string): number => folder.split('/').length;

const ruleOf = (file: string): (typeof ALLOWED_IMPORTS)[number] | undefined =>
	ALLOWED_IMPORTS.filter(({ folder }) => isIn(file, folder)).sort((a, b) => depthOf(b.folder) - depthOf(a.folder))[0];

/** The folder of a rule as it is for one file: `nodes/*` is the folder of the file's own node. */
const ownFolder = (file: string, folder: string): string => file.split('/').slice(0, depthOf(folder)).join('/');

export const findFilesOutsideTheHouse = (files: SourceFiles): string[] =>
	[...files.keys()].filter((file) => ruleOf(file) === undefined);

/** Imports from a higher floor, from another node's folder, or from outside the source tree. */
export const findUpwardImports = (files: SourceFiles): string[] =>
	findImports(files)
		.filter(({ from, to, isPath }) => {
			const rule = ruleOf(from);
			if (!rule || !isPath) return false;
			const folders = [ownFolder(from, rule.folder), ...rule.may];
			return !folders.some((folder) => isIn(to, folder)) || (rule.mayNot ?? []).some((folder) => isIn(to, folder));
		})
		.map(describeImport);

export const findForeignImports = (files: SourceFiles): string[] =>
	findImports(files)
		.filter(({ to, isPath }) => !isPath && !ALLOWED_PACKAGES.includes(to))
		.map(describeImport);

/** Import circles, each as the list of its files in the order in which they import one another. */
export function findCircles(files: SourceFiles): string[][] {
	const targets = new Map<string, string[]>();
	for (const { from, to } of findImports(files)) {
		if (files.has(to)) targets.set(from, [...(targets.get(from) ?? []), to]);
	}
	const circles: string[][] = [];
	const finished = new Set<string>();
	const visit = (file: string, path: string[]): void => {
		const start = path.indexOf(file);
		if (start >= 0) circles.push(path.slice(start));
		if (start >= 0 || finished.has(file)) return;
		for (const target of targets.get(file) ?? []) visit(target, [...path, file]);
		finished.add(file);
	};
	for (const file of files.keys()) visit(file, []);
	return circles;
}

/** Folders with more loose files than a reader takes in at a glance; the operations of one resource may be more. */
export function findFullFolders(files: SourceFiles): string[] {
	const counts = new Map<string, number>();
	for (const file of files.keys()) {
		if (!OPERATIONS.test(file)) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
	}
	return [...counts].filter(([, count]) => count > MOST_FILES).map(([folder]) => folder);
}

/** Files that do not begin with a comment whose first paragraph is a sentence: a capital first, a full stop last, at least four words. */
export const findFilesWithoutSentence = (files: SourceFiles): string[] =>
	[...files].filter(([, source]) => !isSentence(openingComment(source))).map(([file]) => file);

/** A name of code, a file type or a quotation may stand in place of the capital. */
const isSentence = (text: string): boolean =>
	/^(?:[A-Z]|[`'“"])/.test(text) && text.endsWith('.') && text.split(' ').length >= 4;

/** The first paragraph of the comment on a file's first line, as one line; empty where there is none. */
function openingComment(source: string): string {
	const block = /^\/\*\*?([^]*?)\*\//.exec(source)?.[1];
	const lines = /^(?:\/\/.*\n)+/.exec(source)?.[0];
	return (block ?? lines ?? '')
		.split(/\n[ \t]*\*?[ \t]*\n/)[0]
		.replace(/^[\s/*]+/gm, ' ')
		.replace(/\s+/g, ' ')
		.trim();
}

/**
 * Files with the same name that are not the same thing of two nodes. Operations of two resources may share a name, because
 * workflows store it, and every folder may have an index. The parts of a node may be named like what `lib/n8n/triggers` shares with them.
 */
export function findSharedNames(files: SourceFiles): string[][] {
	const byName = new Map<string, string[]>();
	for (const file of files.keys()) {
		if (basename(file) === 'index.ts') continue;
		byName.set(basename(file), [...(byName.get(basename(file)) ?? []), file]);
	}
	const isPartOfNode = (file: string): boolean => /^nodes\/\w+\/[^/]+$|^lib\/n8n\/triggers\/[^/]+$/.test(file);
	const isOperation = (file: string): boolean => OPERATIONS.test(file);
	return [...byName.values()].filter(
		(same) => same.length > 1 && !same.every(isPartOfNode) && !same.every(isOperation),
	);
}

/** Files that are too long to read in one go. */
export const findLongFiles = (files: SourceFiles): string[] =>
	[...files].filter(([, source]) => source.split('\n').length > MOST_LINES).map(([file]) => file);

/** Files that suppress a rule of the compiler or the linter, use `any`, or leave work for later. */
export const findSuppressions = (files: SourceFiles): string[] =>
	[...files]
		.filter(([, source]) =>
			/eslint-disable|@ts-(ignore|expect-error|nocheck)|\bTODO\b|\bFIXME\b|: any\b|as any\b|<any>/.test(source),
		)
		.map(([file]) => file);

/** Reads what DingTalk sent; files of calendars have times of their own and import nothing of DingTalk. */
const MAY_TEST_DAYS = /^lib\/(dingtalk\/events\/readEvent\.ts$|icalendar\/)/;

const DAY_TESTS = [
	/\.date\s*[!=]==?\s*(undefined|null|'')/,
	/![\w.?]*\.date\b/,
	/\b(Boolean|typeof)[ (][\w.?]*\.date\b/,
	/\b(date|\.date)\s*\?(?![?.:])/,
	/(?<!== [\w.?]*)\.date\s*(&&|\|\|)/,
	/\bif \((\w+\??\.)+date\)/,
	/\{ date, dateTime[^}]*\}[^]{0,80}\bif \(date\)/,
];

/** Files that find out by themselves whether an event takes whole days, or a time is a day, instead of with `isAllDay` and `isDay`. */
export const findDayTests = (files: SourceFiles): string[] =>
	[...files]
		.filter(([file, source]) => !MAY_TEST_DAYS.test(file) && DAY_TESTS.some((test) => test.test(source)))
		.map(([file]) => file);
