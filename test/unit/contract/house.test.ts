import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = join(__dirname, '../../..');

const filesUnder = (folder: string): string[] =>
	readdirSync(folder).flatMap((name) => {
		const path = join(folder, name);
		if (statSync(path).isDirectory()) return filesUnder(path);
		return path.endsWith('.ts') ? [path] : [];
	});

interface Import {
	from: string;
	to: string;
}

const IMPORT = /^(?:import|export)\s+[\w\s{},*]+?\s+from '([^']+)'|^import '([^']+)'/gm;

function importsOf(file: string): Import[] {
	const source = readFileSync(file, 'utf8');
	return [...source.matchAll(IMPORT)].map((match) => {
		const target = match[1] ?? match[2];
		return {
			from: relative(root, file),
			to: target.startsWith('.') ? relative(root, resolve(dirname(file), target)) : target,
		};
	});
}

const sources = ['nodes', 'credentials'].flatMap((folder) => filesUnder(join(root, folder)));
const imports = sources.flatMap(importsOf);

/** From the roof to the ground. A room may use its own floor and those below. */
const FLOORS = [
	/^credentials\/|^nodes\/\w+\/\w+\.node$|^nodes\/\w+\/(listSearch|loadOptions)/,
	/^nodes\/trigger\//,
	/^nodes\/\w+\/resources/,
	/^nodes\/\w+\/fields/,
	/^nodes\/\w+\/runner/,
	/^nodes\/(dingtalk|icalendar)\//,
];

const floorOf = (file: string): number => FLOORS.findIndex((floor) => floor.test(file.replace(/\.ts$/, '')));

describe('The house', () => {
	it('has a floor for every file', () => {
		expect(sources.map((file) => relative(root, file)).filter((file) => floorOf(file) < 0)).toEqual([]);
	});

	it('keeps the ground floor free of everything above it', () => {
		const climbing = imports.filter(
			({ from, to }) =>
				from.startsWith('nodes/dingtalk/') && to.startsWith('nodes/') && !to.startsWith('nodes/dingtalk/'),
		);
		expect(climbing).toEqual([]);
	});

	it('imports downhill only', () => {
		const uphill = imports.filter(({ from, to }) => {
			if (!to.startsWith('nodes/') && !to.startsWith('credentials/')) return false;
			return floorOf(to) < floorOf(from);
		});
		expect(uphill).toEqual([]);
	});

	it('imports nothing that n8n does not bring along', () => {
		const allowed = ['n8n-workflow', 'luxon', 'node:crypto'];
		const foreign = imports.filter(
			({ to }) => !to.startsWith('nodes/') && !to.startsWith('credentials/') && !allowed.includes(to),
		);
		expect(foreign).toEqual([]);
	});

	it('suppresses no rule and leaves no work for later', () => {
		const marks = sources.filter((file) =>
			/eslint-disable|@ts-ignore|@ts-expect-error|\bTODO\b|\bFIXME\b|: any\b|as any\b/.test(readFileSync(file, 'utf8')),
		);
		expect(marks.map((file) => relative(root, file))).toEqual([]);
	});

	it('keeps each file small enough to read in one go', () => {
		const long = sources
			.map((file) => ({ file: relative(root, file), lines: readFileSync(file, 'utf8').split('\n').length }))
			.filter(({ lines }) => lines > 360);
		expect(long).toEqual([]);
	});
});
