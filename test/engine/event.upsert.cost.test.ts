/** Counts the metered calls of the Event operation 'Create or Update' with many rows, and checks what they may not miss. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeParameters } from 'n8n-workflow';

import { CalendarStore } from '../simulator/calendar/calendarStore';
import { Limits } from '../simulator/limits';
import { errorOf } from './harness';
import { plant, remembered } from './support/events';
import { interfere } from './support/interference';
import { amount } from '../long/amount';
import { useDesk, type Result } from './support/setup';

const desk = useDesk({ waits: 'skipped' });

interface Row extends Record<string, string> {
	key: string;
	title: string;
	start: string;
	end: string;
}

/** The first day of the plan is a week ahead. */
function planOf(count: number, title = 'Shift'): Row[] {
	const first = Date.parse('2026-03-09T00:00:00Z');
	return Array.from({ length: count }, (_, index) => {
		const day = new Date(first + Math.floor(index / 10) * 86_400_000).toISOString().slice(0, 10);
		const hour = String(8 + (index % 10)).padStart(2, '0');
		return { key: `SHIFT-${index}`, title: `${title} ${index}`, start: `${day}T${hour}:00`, end: `${day}T${hour}:45` };
	});
}

const parametersOf = (more: INodeParameters = {}): INodeParameters => ({
	resource: 'event',
	operation: 'upsert',
	user: desk().people[0].unionId,
	externalKey: '={{ $json.key }}',
	summary: '={{ $json.title }}',
	start: '={{ $json.start }}',
	end: '={{ $json.end }}',
	...more,
});

async function run(rows: Row[], more: INodeParameters = {}): Promise<Result & { metered: number }> {
	await desk().recorder.clear();
	const result = await desk().runNode({ parameters: parametersOf(more), items: rows });
	return { ...result, metered: (await desk().recorder.meteredCalls()).length };
}

const actionsOf = ({ items }: Result): Record<string, number> => {
	const counts: Record<string, number> = {};
	for (const { action } of items) counts[String(action)] = (counts[String(action)] ?? 0) + 1;
	return counts;
};

const alive = async () => (await remembered(desk())).filter(({ status }) => status !== 'cancelled');

/** In an order that has nothing to do with the dates, the same in each run. */
const shuffled = <T>(list: T[]): T[] =>
	list
		.map((value, index) => ({ value, place: (index * 7919) % 9973 }))
		.sort((a, b) => a.place - b.place)
		.map(({ value }) => value);

beforeEach(() => {
	const { world } = desk().simulator;
	world.clock.set(Date.parse('2026-03-02T00:00:00Z'));
	world.use(Limits).change({ eventsPerDay: null });
});

describe('the calls of a plan of hundreds of rows', () => {
	const count = amount({ short: 120, long: 400 });
	const pages = Math.ceil(count / 100);
	/** The calendar is read again after each hundred changes, with all events that are there by then. */
	const pagesRead = Array.from({ length: pages - 1 }, (_, index) => index + 1).reduce((sum, page) => sum + page, 1);
	const expected = { new: count + pagesRead, changed: count / 2 + pages * Math.ceil(count / 200), unchanged: pages };

	it('are stated for 400 rows in the recipe for a shift plan', () => {
		const page = readFileSync(join(__dirname, '../../docs/recipes/shift-plan.md'), 'utf8');
		const figure = (row: string): number => Number(new RegExp(`\\| ${row} +\\| (\\d+) `).exec(page)?.[1]);
		const stated = { new: figure('all new'), changed: figure('200 changed'), unchanged: figure('none changed') };
		expect(stated).toEqual({ new: 407, changed: 208, unchanged: 4 });
		if (count === 400) expect(expected).toEqual(stated);
	});

	it.each([
		['by date', <T>(list: T[]) => list],
		['in any order', shuffled],
	])('are one for each row that is new or changed, and ten more at most (%s)', async (_, order) => {
		desk().simulator.world.clock.set(Date.now());
		const rows = order(planOf(count));
		// With several at once, it depends on the moment how many events the second reading finds, and so how many pages.
		const created = await run(rows, { runOptions: { concurrency: 1 } });
		expect(errorOf(created.run)).toBeUndefined();
		expect(actionsOf(created)).toEqual({ created: count });
		expect(created.metered).toBe(expected.new);

		const changed = rows.map((row, index) => (index % 2 === 0 ? { ...row, title: `${row.title}, moved` } : row));
		const updated = await run(changed);
		expect(actionsOf(updated)).toEqual({ updated: count / 2, unchanged: count / 2 });
		expect(updated.metered).toBe(expected.changed);

		const unchanged = await run(changed);
		expect(actionsOf(unchanged)).toEqual({ unchanged: count });
		expect(unchanged.metered).toBe(expected.unchanged);
		expect((await alive()).map(({ summary }) => summary).sort()).toEqual(changed.map(({ title }) => title).sort());
	});

	it('are ten more at most when ten new rows are written at a time', async () => {
		desk().simulator.world.clock.set(Date.now());
		const created = await run(planOf(count));
		expect(actionsOf(created)).toEqual({ created: count });
		expect(created.metered).toBeLessThanOrEqual(count + 10);
	});

	it('are no more for rows whose search windows do not touch', async () => {
		const rows = planOf(1).flatMap((row) =>
			['03', '04', '05', '06', '07', '08'].map((month) => ({
				...row,
				key: `MONTH-${month}`,
				start: `2026-${month}-15T08:00`,
				end: `2026-${month}-15T09:00`,
			})),
		);
		desk().simulator.world.clock.set(Date.now());
		await run(rows, { options: { lookAround: 1 } });
		const again = await run(rows, { options: { lookAround: 1 } });
		expect(actionsOf(again)).toEqual({ unchanged: 6 });
		expect(again.metered).toBe(1);
	});

	it('read two calendars separately, and each of them once', async () => {
		const [anna, ben] = desk().people;
		const rows = planOf(20).map((row, index) => ({ ...row, who: [anna, ben][index % 2].unionId }));
		desk().simulator.world.clock.set(Date.now());
		await run(rows, { user: '={{ $json.who }}' });
		expect((await run(rows, { user: '={{ $json.who }}' })).metered).toBe(2);
	});
});

describe('several rows with one key', () => {
	it.each([1, 10])('are one event with what the last row says, %i at once', async (concurrency) => {
		desk().simulator.world.clock.set(Date.now());
		const [first, second] = planOf(2);
		const rows = [first, second, { ...first, title: 'B', start: second.start, end: second.end }];
		const created = await run(rows, { runOptions: { concurrency } });
		expect(errorOf(created.run)).toBeUndefined();
		expect((await alive()).map(({ summary }) => summary).sort()).toEqual(['B', 'Shift 1']);

		const back = await run([{ ...first, title: 'C' }, second, first], { runOptions: { concurrency } });
		expect(errorOf(back.run)).toBeUndefined();
		expect((await alive()).map(({ summary }) => summary).sort()).toEqual(['Shift 0', 'Shift 1']);
	});

	it('are two events if the first was given another key meanwhile', async () => {
		const [host] = desk().people;
		const [row] = planOf(1);
		const at = (time: string) => ({ dateTime: `${time}:00+08:00`, timeZone: 'Asia/Shanghai' });
		const times = { start: at(row.start), end: at(row.end) };
		const id = plant(desk(), host, { ...times, summary: 'Shift 0', description: '[key: SHIFT-0]' });
		const rows = [
			{ ...row, known: id, key: 'OTHER' },
			{ ...row, known: '' },
		];
		desk().simulator.world.clock.set(Date.now());
		const { items } = await run(rows, {
			options: { knownEventId: '={{ $json.known }}' },
			runOptions: { concurrency: 1 },
		});
		expect(items).toMatchObject([{ action: 'updated', id }, { action: 'created' }]);
	});
});

it('finds an event by its key although giving it another one has failed', async () => {
	const [host] = desk().people;
	const [row] = planOf(1);
	const at = (time: string) => ({ dateTime: `${time}:00+08:00`, timeZone: 'Asia/Shanghai' });
	const times = { start: at(row.start), end: at(row.end) };
	const id = plant(desk(), host, { ...times, summary: 'Shift 0', description: '[key: SHIFT-0]' });
	interfere(desk(), (_, method) =>
		method === 'PUT' ? { do: 'status', status: 403, code: 'Forbidden.AccessDenied' } : undefined,
	);
	const rows = [
		{ ...row, known: id, key: 'OTHER' },
		{ ...row, known: '' },
	];
	desk().simulator.world.clock.set(Date.now());
	const { items } = await desk().runNode({
		parameters: parametersOf({ options: { knownEventId: '={{ $json.known }}' }, runOptions: { concurrency: 1 } }),
		items: rows,
		onError: 'continueRegularOutput',
	});
	expect(items).toMatchObject([
		{ error: expect.stringContaining('not allowed') as string },
		{ action: 'unchanged', id },
	]);
	expect(await alive()).toHaveLength(1);
});

describe('what another person does while the rows are written', () => {
	/** Runs a plan, and lets something happen before the given call of a second run that changes every row. */
	async function runWhile(
		count: number,
		call: number,
		act: (id: string) => void,
		row: number,
		more: INodeParameters = {},
	) {
		desk().simulator.world.clock.set(Date.now());
		const rows = planOf(count);
		const { items } = await run(rows);
		const id = String(items[row].id);
		interfere(desk(), (number) => {
			if (number === call) act(id);
			return undefined;
		});
		const changed = await run(
			rows.map((one) => ({ ...one, title: `${one.title}, moved` })),
			{ runOptions: { concurrency: 1 }, ...more },
		);
		expect(errorOf(changed.run)).toBeUndefined();
		return { id, changed };
	}

	const viewOf = (id: string) => {
		const view = desk().simulator.world.use(CalendarStore).byId(id);
		if (!view) throw new Error(`There is no event ${id}`);
		return view;
	};
	const cancel = (id: string): void =>
		void desk().simulator.world.use(CalendarStore).cancel(viewOf(id), desk().people[0].unionId);

	it('creates an event again that was deleted after it was read', async () => {
		const { id, changed } = await runWhile(30, 10, cancel, 20);
		expect(actionsOf(changed)).toEqual({ updated: 29, recreated: 1 });
		expect(changed.items[20].id).not.toBe(id);
		expect(await alive()).toHaveLength(30);
	});

	it('only reports it if it is to report only', async () => {
		const { id, changed } = await runWhile(30, 10, cancel, 20, { options: { ifVanished: 'report' } });
		expect(changed.items[20]).toMatchObject({ id, action: 'vanished' });
		expect(await alive()).toHaveLength(29);
	});

	it('creates no second event after a hundred changes where another person has created one', async () => {
		desk().simulator.world.clock.set(Date.now());
		const [host] = desk().people;
		const rows = planOf(115);
		const last = rows[114];
		const at = (time: string) => ({ dateTime: `${time}:00+08:00`, timeZone: 'Asia/Shanghai' });
		interfere(desk(), (number) => {
			const details = { start: at(last.start), end: at(last.end), summary: last.title };
			if (number === 5) plant(desk(), host, { ...details, description: `[key: ${last.key}]` });
			return undefined;
		});
		const result = await run(rows, { runOptions: { concurrency: 1 } });
		expect(errorOf(result.run)).toBeUndefined();
		expect(actionsOf(result)).toEqual({ created: 114, unchanged: 1 });
		expect(await alive()).toHaveLength(115);
	});

	it('reads the calendar again after a hundred changes, and leaves alone what another person has done by then', async () => {
		const retitle = (id: string): void => void (viewOf(id).event.details.summary = 'Shift 140, moved');
		const { changed } = await runWhile(150, 50, retitle, 140);
		expect(actionsOf(changed)).toEqual({ updated: 149, unchanged: 1 });
		expect(changed.metered).toBe(149 + 2 + 2);
	});
});
