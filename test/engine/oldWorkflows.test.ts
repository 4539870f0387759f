/** Holds that workflows of version 1.0.0-rc.1 run unchanged: its examples, byte for byte, and what its editor stored. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { runExample } from '../try/runExample';
import { department } from '../simulator/seed/seedDepartments';
import { Engine, errorOf, type WorkflowJson } from './harness';
import { useDesk } from './support/setup';
import { roomsOf } from './support/state';

const folder = join(__dirname, 'fixtures/rc1');
const names = readdirSync(folder).map((file) => file.slice(0, -'.json'.length));

describe('an example workflow of version 1.0.0-rc.1', () => {
	let engine: Engine;
	beforeAll(async () => {
		engine = await Engine.start({ timezone: 'Asia/Shanghai' });
	});
	afterAll(async () => await engine.stop());

	it.each(names)('runs unchanged to its last node: %s', async (name) => {
		const json = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as WorkflowJson;
		const outcomes = await runExample(engine, json);
		expect(outcomes).not.toHaveLength(0);
		for (const { start, steps, error } of outcomes) {
			expect({ start, error }).toEqual({ start, error: undefined });
			expect(steps).not.toHaveLength(0);
			for (const { node, items } of steps) expect([node, items > 0]).toEqual([node, true]);
		}
	});
});

describe('a node as the editor of version 1.0.0-rc.1 stored it', () => {
	const desk = useDesk();
	const stored = (value: unknown, mode = 'id') => ({ __rl: true, mode, value: value as string });
	const run = async (operation: string, parameters: INodeParameters): Promise<IDataObject> => {
		const [host] = desk().people;
		const { run: result, items } = await desk().runNode({
			parameters: { user: stored(host.unionId, 'unionId'), operation, ...parameters },
		});
		expect(errorOf(result)).toBeUndefined();
		return items[0];
	};
	const TIMES = { summary: 'Meeting', start: '2026-03-03T10:00:00', end: '2026-03-03T11:00:00' };

	it('keeps its calendar, time zone and departments, in modes and places that the editor has changed since', async () => {
		const additionalFields = { timeZone: stored('Asia/Tokyo'), departments: stored('人力资源部') };
		const calendarId = stored('primary', 'list');
		const event = await run('create', { resource: 'event', calendarId, ...TIMES, additionalFields });
		expect(event.start).toBe('2026-03-03T10:00:00+09:00');
		const members = desk().people.filter(({ departmentIds }) => departmentIds.includes(department.humanResources));
		for (const { unionId } of members) expect(event.attendees).toContain(unionId);
	});

	it('keeps its days, which had a time of midnight', async () => {
		const days = { allDay: true, start: '2026-03-03T00:00:00', end: '2026-03-04T00:00:00' };
		const { start, end } = await run('create', { resource: 'event', summary: 'Days', ...days });
		expect({ start, end }).toEqual({ start: '2026-03-03', end: '2026-03-04' });
	});

	it('keeps the raw times among its selected fields', async () => {
		const output = { output: 'selected', outputFields: ['start', 'end'] };
		expect(await run('create', { resource: 'event', ...TIMES, ...output })).toMatchObject({
			start: { dateTime: expect.stringMatching(/^2026-03-03T10:00:00/) as unknown },
		});
	});

	it.each([0, 1, 2])('keeps a minimum of %i seats, however many people come', async (minCapacity) => {
		const attendees = desk()
			.people.slice(1)
			.map(({ unionId }) => unionId)
			.join();
		const [room] = roomsOf(desk()).sort((a, b) => a.roomCapacity - b.roomCapacity);
		const booked = await run('book', {
			resource: 'event',
			...TIMES,
			roomFilters: { minCapacity, name: room.roomName },
			additionalFields: { attendees },
			options: { onlyIfFree: 'nobody' },
		});
		expect(booked.room).toMatchObject({ roomId: room.roomId });
	});

	it('keeps needing all of its rooms', async () => {
		const [one, two] = roomsOf(desk());
		const slot = await run('findSlots', {
			resource: 'freeBusy',
			timeMin: '2026-03-03T09:00:00',
			timeMax: '2026-03-03T18:00:00',
			roomChoice: 'all',
			rooms: stored(`${one.roomId}, ${two.roomId}`),
		});
		expect(slot.rooms).toHaveLength(2);
	});
});
