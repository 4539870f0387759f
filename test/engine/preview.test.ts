/** Tests the Preview run option of every operation that writes. */
import type { IDataObject } from 'n8n-workflow';

import { resources } from '../../nodes/DingTalkCalendar/resources';
import { errorOf } from './harness';
import { CASES } from './support/cases';
import { callsOf, calendarPath, hire } from './support/events';
import { useDesk } from './support/setup';
import { stateOf } from './support/state';

const desk = useDesk();

const locator = (value: string, mode = 'auto') => ({ __rl: true, mode, value });

const writing = resources.flatMap(({ value: resource, operations }) =>
	operations
		.filter(({ calls }) => calls.some(({ isRead: reads }) => !reads))
		.map(({ value, calls }) => ({ id: `${resource}.${value}`, resource, operation: value, calls })),
);

interface Previewed {
	method: string;
	path: string;
	query: IDataObject;
	body?: IDataObject;
	metered: boolean;
}

const requestsIn = (item: IDataObject): Previewed[] => item.requests as unknown as Previewed[];

/** Runs an operation on what it is given for tests, as a preview or in earnest. */
async function run({ id, resource, operation }: { id: string; resource: string; operation: string }, preview: boolean) {
	const [host] = desk().people;
	const parameters = {
		resource,
		operation,
		user: locator(host.unionId, 'unionId'),
		...CASES[id](desk()),
		runOptions: preview ? { preview } : {},
	};
	return { parameters, start: async () => await desk().runNode({ parameters }) };
}

describe('previewing an operation', () => {
	it.each(writing)('changes nothing and shows the first writes of a real run ($id)', async (operation) => {
		const { parameters, start } = await run(operation, true);
		const state = async () => ({ ...(await stateOf(desk())), clock: undefined });
		const before = await state();
		const { run: looked, items } = await start();
		expect(errorOf(looked)).toBeUndefined();
		expect(await state()).toEqual(before);
		const reads = await callsOf(desk());
		const [shown] = items;
		expect(shown).toMatchObject({ preview: true });
		expect(requestsIn(shown).length).toBeGreaterThan(0);
		// What it took itself is what DingTalk counted.
		expect(shown.meteredReads).toBe(reads.filter(({ metered }) => metered).length);
		expect(JSON.stringify(shown)).not.toContain('token');

		await desk().recorder.clear();
		const { run: real } = await desk().runNode({ parameters: { ...parameters, runOptions: {} } });
		expect(errorOf(real)).toBeUndefined();
		const made = await callsOf(desk());
		const [first] = requestsIn(shown);
		expect(made.map(({ method, path, body }) => ({ method, path, body: body ?? undefined }))).toContainEqual({
			method: first.method,
			path: first.path,
			body: first.body,
		});
		if (shown.note === undefined) {
			expect(shown.meteredCalls).toBe(made.filter(({ metered }) => metered).length);
			expect(requestsIn(shown).length).toBe(made.length - reads.length);
		}
	});

	it('shows every batch of many attendees, with a placeholder for the event ID', async () => {
		const [host] = desk().people;
		const guests = hire(desk(), 700);
		const { items } = await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'create',
				user: locator(host.mobile),
				summary: 'All of us',
				start: '2026-03-03T10:00',
				end: '2026-03-03T11:00',
				additionalFields: { attendees: guests.map(({ unionId }) => unionId).join() },
				runOptions: { preview: true },
			},
		});
		const [create, add] = requestsIn(items[0]);
		expect(items[0]).toMatchObject({ meteredCalls: 2, meteredReads: 0 });
		expect(create).toMatchObject({ method: 'POST', path: `${calendarPath(host)}/events`, metered: true });
		expect(create.body?.attendees).toHaveLength(500);
		expect(add.path).toBe(`${calendarPath(host)}/events/ID_FROM_REQUEST_1/attendees`);
		expect(add.body?.attendeesToAdd).toHaveLength(200);
		// People were looked up, for that is free.
		expect((await callsOf(desk())).map(({ metered }) => metered)).not.toContain(true);
	});

	it('lists the first occurrences of a recurring event', async () => {
		const { items } = await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'create',
				user: locator(desk().people[0].unionId),
				summary: 'Standup',
				start: '2026-03-03T10:00',
				end: '2026-03-03T10:30',
				additionalFields: {
					recurrence: {
						rule: { frequency: 'weekly', daysOfWeek: ['tuesday', 'friday'], ends: 'after', occurrences: 3 },
					},
				},
				runOptions: { preview: true },
			},
		});
		const [{ occurrences }] = requestsIn(items[0]) as unknown as Array<{ occurrences: object[] }>;
		expect(occurrences).toEqual([
			{ start: '2026-03-03T10:00:00+08:00', end: '2026-03-03T10:30:00+08:00', when: 'Tue 3 Mar 2026 10:00' },
			{ start: '2026-03-06T10:00:00+08:00', end: '2026-03-06T10:30:00+08:00', when: 'Fri 6 Mar 2026 10:00' },
			{ start: '2026-03-10T10:00:00+08:00', end: '2026-03-10T10:30:00+08:00', when: 'Tue 10 Mar 2026 10:00' },
		]);
	});

	it('writes the dates in the language of the node', async () => {
		const { items } = await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'create',
				user: locator(desk().people[0].unionId),
				summary: 'Holiday',
				allDay: true,
				start: '2026-12-03',
				end: '2026-12-03',
				additionalFields: {
					recurrence: { rule: { frequency: 'yearly', ends: 'after', occurrences: 2 } },
				},
				runOptions: { preview: true, dateLanguage: 'zh' },
			},
		});
		const [{ occurrences }] = requestsIn(items[0]) as unknown as Array<{ occurrences: object[] }>;
		expect(occurrences).toMatchObject([{ when: '2026年12月3日 周四' }, { when: '2027年12月3日 周五' }]);
	});

	it('can be chosen per item by an expression', async () => {
		const [host] = desk().people;
		const { items } = await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'create',
				user: locator(host.unionId),
				summary: '={{ $json.title }}',
				start: '2026-03-03T10:00',
				end: '2026-03-03T11:00',
				runOptions: { preview: '={{ $json.look }}' },
			},
			items: [
				{ title: 'Only looked at', look: true },
				{ title: 'Done', look: false },
			],
		});
		expect(items).toMatchObject([{ preview: true }, { summary: 'Done' }]);
		expect((await stateOf(desk())).events.map(({ summary }) => summary)).toEqual(['Done']);
	});

	it('rejects the same input as a real run', async () => {
		const { run: refused } = await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'create',
				user: locator('9999'),
				summary: 'Meeting',
				start: '2026-03-03T10:00',
				end: '2026-03-03T11:00',
				runOptions: { preview: true },
			},
		});
		expect(errorOf(refused)?.message).toMatch(/^'Organizer' cannot be used: no one in your organization/);
	});

	it('is offered for every operation that writes and for no other', () => {
		for (const { operations } of resources) {
			for (const { calls, properties } of operations) {
				const options = properties.find(({ name }) => name === 'runOptions')?.options?.map(({ name }) => name);
				expect(options?.includes('preview')).toBe(calls.some(({ isRead: reads }) => !reads));
			}
		}
	});
});
