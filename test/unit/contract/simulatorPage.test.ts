/** Tests that docs/project/simulator.md and the simulator agree: what it has, its controls, options, faults and limits, in both directions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { startSimulator, type Simulator } from '../../simulator';
import { FAULT_ACTIONS } from '../../simulator/gateway/faults';
import { defaultLimits } from '../../simulator/limits';
import { OPTIONS } from '../../simulator/mainOptions';
import { MALFORMED_FRAMES, MALFORMED_REQUESTS } from '../../simulator/push/malformed';

const page = readFileSync(join(__dirname, '../../../docs/project/simulator.md'), 'utf8');

const rowsUnder = (headline: string): string[][] =>
	(page.split(`\n${headline}\n`)[1] ?? '')
		.split(/\n#|\n\n[^|]/)[0]
		.split('\n')
		.filter((line) => line.startsWith('|'))
		.slice(2)
		.map((line) =>
			line
				.slice(1, -1)
				.split('|')
				.map((cell) => cell.trim()),
		);

const codeIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code);

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});
afterAll(async () => await simulator.close());

const get = async (path: string): Promise<unknown> => await (await fetch(`${simulator.url}${path}`)).json();

/** Such as `GET /_simulator/calls` and, for a method alone, the same path again. */
function callsIn(cell: string): string[] {
	let path = '';
	return codeIn(cell).flatMap((code) => {
		const [, method, named] = /^(GET|POST|DELETE)(?: (\/\S+))?/.exec(code) ?? [];
		path = named ?? path;
		return method === undefined ? [] : [`${method} ${path}`];
	});
}

describe('The page about the simulator', () => {
	it('lists each control, and no other', async () => {
		const { control } = (await get('/_simulator')) as { control: string[] };
		const known = control.map((line) => line.slice(0, line.indexOf(':')));
		const listed = rowsUnder('## Controls').flatMap(([cell]) => callsIn(cell));
		expect([...new Set(listed)].filter((call) => call !== 'GET /_simulator').sort()).toEqual([...known].sort());
	});

	it('lists each fault, and no other', () => {
		const [, does = ''] = rowsUnder('## Controls').find(([call]) => call.includes('/faults')) ?? [];
		expect(
			codeIn(does)
				.filter((code) => !['GET', 'DELETE'].includes(code))
				.sort(),
		).toEqual([...FAULT_ACTIONS].sort());
	});

	it('lists each field of a made-up push, and no other', async () => {
		const { control } = (await get('/_simulator')) as { control: string[] };
		const [, fields = ''] =
			/\{([^}]+)\}/.exec(control.find((line) => line.startsWith('POST /_simulator/push')) ?? '') ?? [];
		const listed = rowsUnder('`POST /_simulator/push` takes any of these:').flatMap(([cell]) => codeIn(cell));
		expect(listed.sort()).toEqual(fields.split(', ').sort());
	});

	it('lists each way to spoil a push, and no other', () => {
		const [, means = ''] =
			rowsUnder('`POST /_simulator/push` takes any of these:').find(([field]) => field === '`spoil`') ?? [];
		const [http, stream] = means.split('over Stream');
		expect(codeIn(http).sort()).toEqual(Object.keys(MALFORMED_REQUESTS).sort());
		expect(codeIn(stream).sort()).toEqual(Object.keys(MALFORMED_FRAMES).sort());
	});

	it('lists each limit with its default, and no other', () => {
		const listed = rowsUnder('## Limits').map(([name, value]) => [codeIn(name)[0], value]);
		const known = Object.entries(defaultLimits()).map(([name, value]) => [
			name,
			value === null ? 'none' : String(value),
		]);
		expect(listed.sort()).toEqual(known.sort());
	});

	it('lists each option of the command with its default, and no other', () => {
		const listed = rowsUnder('## Options').map(([option, value]) => [codeIn(option)[0].split(' ')[0], value]);
		const known = Object.entries(OPTIONS).map(([name, option]) => [
			`--${name}`,
			'default' in option ? [option.default].flat().join() : 'none',
		]);
		expect(listed.sort()).toEqual(known.sort());
	});

	it('says which apps, people and rooms the company has', () => {
		const { apps, people, rooms } = simulator.world.company;
		const listed = rowsUnder('## What is in it').map(([clientId]) => codeIn(clientId)[0]);
		expect(listed).toEqual(apps.map(({ clientId }) => clientId));
		expect(new Set(apps.map(({ clientSecret }) => clientSecret))).toEqual(new Set(['sim-secret']));
		const names = people.map(({ name }) => name);
		expect(names.length - new Set(names).size).toBe(1);
		expect(page).toContain(`A company of ${people.length} people (two with the same name)`);
		expect(rooms).toHaveLength(8);
		expect(page).toContain('eight meeting rooms');
	});

	it('leaves the switches to the page on evidence, which lists each with its default', () => {
		const evidence = readFileSync(join(__dirname, '../../../docs/project/evidence.md'), 'utf8');
		const rows = evidence.split('\n').filter((line) => /^\|.*\| `\w+` +\|/.test(line));
		const listed = Object.fromEntries(
			rows.map((row) => {
				const cells = row.split(' | ').map((cell) => cell.trim());
				return [codeIn(cells[4])[0], codeIn(cells[1])[0]];
			}),
		);
		const standing = Object.entries(simulator.world.switches).map(([name, value]) => [name, String(value)]);
		expect(listed).toEqual(Object.fromEntries(standing));
	});
});
