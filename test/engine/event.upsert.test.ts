/** Tests the Event operation 'Create or Update' on the n8n engine. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { CalendarStore } from '../simulator/calendar/calendarStore';
import { errorOf } from './harness';
import { callsOf, guestsOf, hour, plant, remembered, rememberedEvent, type Remembered } from './support/events';
import { Desk, useDesk, type Result } from './support/setup';
import { amount } from '../long/amount';

const desk = useDesk();

const parametersOf = (on: Desk, more: INodeParameters = {}, fields: INodeParameters = {}): INodeParameters => ({
	resource: 'event',
	operation: 'upsert',
	user: on.people[0].unionId,
	externalKey: 'ORDER-1',
	summary: 'Delivery',
	start: '2026-03-03T10:00',
	end: '2026-03-03T11:00',
	...more,
	additionalFields: fields,
});

const upsert = async (parameters: INodeParameters, on = desk()): Promise<Result> => await on.runNode({ parameters });

const alive = async (on = desk()): Promise<Remembered[]> =>
	(await remembered(on)).filter(({ status }) => status !== 'cancelled');

async function writesOf(run: () => Promise<unknown>, on = desk()): Promise<string[]> {
	await on.recorder.clear();
	await run();
	return (await callsOf(on))
		.filter(({ method }) => method !== 'GET')
		.map(
			({ method, path, body }) => `${method} ${path.split('/').at(-1)} ${Object.keys((body ?? {}) as object).join()}`,
		);
}

describe('creating or updating an event by external key', () => {
	it('rejects a search for deleted events over more than a year before any call', async () => {
		const far = { lookAround: 180 };
		const long = { start: '2026-03-03T10:00', end: '2026-03-20T11:00' };
		const { run } = await upsert(parametersOf(desk(), { ...long, options: { ...far, ifVanished: 'report' } }));
		expect(errorOf(run)?.message).toBe("'Search Window (Days)' covers more than one year [Item 0]");
		expect(await callsOf(desk())).toEqual([]);
		for (const options of [far, { ...far, ifVanished: 'report', knownEventId: 'none' }]) {
			expect(errorOf((await upsert(parametersOf(desk(), { ...long, options }))).run)).toBeUndefined();
		}
	});

	it('creates an event, leaves a matching one unchanged, sends only differences, and costs the documented calls', async () => {
		const [host, anna, ben] = desk().people;
		const fields = {
			organizer: host.unionId,
			key: 'ORDER-1',
			title: 'Delivery',
			from: '2026-03-03T10:00',
			to: '2026-03-03T11:00',
			text: 'Two boxes',
			people: anna.unionId,
		};
		const once = async (more: IDataObject = {}) => {
			await desk().recorder.clear();
			const result = await desk().runWorkflow('event.upsert', [{ ...fields, ...more }]);
			expect(errorOf(result.run)).toBeUndefined();
			return {
				...result.items[0],
				calls: (await callsOf(desk())).map(({ method }) => method).join(' '),
			} as IDataObject;
		};
		desk().simulator.world.clock.set(Date.now());
		const created = await once();
		expect(created).toMatchObject({
			action: 'created',
			changed: [],
			addedAttendees: [anna.unionId],
			calls: 'GET POST',
		});
		const id = created.id as string;
		expect(await once()).toMatchObject({ id, action: 'unchanged', changed: [], calls: 'GET' });
		expect(await once({ known: id })).toMatchObject({ id, action: 'unchanged', calls: 'GET' });
		expect(await once({ title: 'Delivery, late' })).toMatchObject({
			id,
			action: 'updated',
			changed: ['summary'],
			calls: 'GET PUT',
		});
		expect(
			await once({ title: 'Delivery, late', from: '2026-03-03T14:00', to: '2026-03-03T15:00', people: ben.unionId }),
		).toMatchObject({
			action: 'updated',
			changed: ['isAllDay', 'start', 'end', 'attendees'],
			addedAttendees: [ben.unionId],
			removedAttendees: [anna.unionId],
			calls: 'GET PUT POST POST',
		});
		const [event, ...others] = await alive();
		expect(others).toEqual([]);
		expect(event).toMatchObject({ id, summary: 'Delivery, late', description: 'Two boxes\n\n[key: ORDER-1]' });
		expect(guestsOf(event)).toEqual([ben.unionId]);
	});

	it('keeps the existing description and attendees when none are given', async () => {
		const [host, anna] = desk().people;
		plant(desk(), host, {
			...hour(3, 10),
			summary: 'Delivery',
			description: 'By hand\n[key: ORDER-1]\n',
			attendees: [{ id: anna.unionId }],
		});
		expect(await writesOf(async () => await upsert(parametersOf(desk())))).toEqual([]);
	});

	it('takes no event for its own that only quotes its key line above other text', async () => {
		const description = 'Follow-up of\n[key: ORDER-1]\nBring the papers';
		const quoting = plant(desk(), desk().people[0], { ...hour(3, 9), summary: 'Follow-up', description });
		const { items } = await upsert(parametersOf(desk()));
		expect(items).toMatchObject([{ action: 'created' }]);
		expect(items[0].id).not.toBe(quoting);
		expect((await rememberedEvent(desk(), quoting)).description).toBe(description);
	});

	it('moves the key line below what a person wrote under it when it knows the event by its ID', async () => {
		const id = plant(desk(), desk().people[0], { ...hour(3, 10), description: '[key: ORDER-1]\nRing twice' });
		const { items } = await upsert(parametersOf(desk(), { options: { knownEventId: id } }));
		expect(items).toMatchObject([{ id, action: 'updated' }]);
		expect((await rememberedEvent(desk(), id)).description).toBe('Ring twice\n\n[key: ORDER-1]');
	});

	/** As DingTalk's clock is, so that what it has created is new. */
	const now = (): void => desk().simulator.world.clock.set(Date.now());
	const vanish = (id: unknown): void => {
		const store = desk().simulator.world.use(CalendarStore);
		const view = store.byId(String(id));
		if (view) store.cancel(view, desk().people[0].unionId);
	};

	it.each([{}, { runOptions: { idempotencyKey: 'order-1' } }])(
		'creates an event again each time a person deleted the new one (%j)',
		async (more) => {
			now();
			const { items } = await upsert(parametersOf(desk(), more));
			let last = items[0].id;
			for (let deletions = 0; deletions < 3; deletions++) {
				vanish(last);
				const again = await upsert(parametersOf(desk(), more));
				expect(again.items).toMatchObject([{ action: 'recreated' }]);
				expect((await alive()).map(({ id }) => id)).toEqual([again.items[0].id]);
				last = again.items[0].id;
			}
		},
	);

	it('brings back an event that was moved out of the search window and renamed', async () => {
		now();
		const { items } = await upsert(parametersOf(desk()));
		const eventId = { __rl: true, mode: 'id', value: String(items[0].id) };
		const moved = { start: '2027-03-03T10:00', end: '2027-03-03T11:00', summary: 'Moved' };
		const update = { resource: 'event', operation: 'update', user: desk().people[0].unionId, eventId };
		await desk().runNode({ parameters: { ...update, updateFields: moved } });
		const again = await upsert(parametersOf(desk()));
		expect(again.items).toMatchObject([{ id: items[0].id, action: 'updated' }]);
		expect(await alive()).toMatchObject([{ id: items[0].id, summary: 'Delivery' }]);
	});

	it('keeps the order of items that know the same event by its ID under different keys', async () => {
		const id = plant(desk(), desk().people[0], { ...hour(3, 10), description: '[key: ORDER-1]' });
		const items = ['A', 'B', 'C', 'D'].map((title, index) => ({ title, known: index === 2 ? '' : id }));
		await desk().control('faults', { match: { method: 'GET', nth: 1 }, do: 'delay', delayMs: 100 });
		const { run } = await desk().runNode({
			parameters: parametersOf(desk(), {
				externalKey: '={{ $json.title }}',
				summary: '={{ $json.title }}',
				options: { knownEventId: '={{ $json.known }}' },
			}),
			items,
		});
		expect(errorOf(run)).toBeUndefined();
		const event = await rememberedEvent(desk(), id);
		expect([event.summary, String(event.description).split('\n').at(-1)]).toEqual(['D', '[key: D]']);
	});

	it('identifies an event by its last key line, even if it quotes another', async () => {
		const quoting = plant(desk(), desk().people[0], {
			...hour(3, 9),
			summary: 'Quoting',
			description: 'See\n[key: ORDER-1]\n\n[key: ORDER-2]',
		});
		const { items } = await upsert(parametersOf(desk()));
		expect(items).toMatchObject([{ action: 'created' }]);
		expect(items[0].id).not.toBe(quoting);
		const second = await upsert(parametersOf(desk(), { externalKey: 'ORDER-2' }));
		expect(second.items).toMatchObject([{ id: quoting, action: 'updated' }]);
	});

	it('accepts its own description again, and refuses one with the key line of another event before any call', async () => {
		const text = { eventDescription: 'Two boxes\r\n\r\n[key: ORDER-1]\r\n' };
		await upsert(parametersOf(desk(), {}, text));
		expect(await alive()).toMatchObject([{ description: 'Two boxes\n\n[key: ORDER-1]' }]);
		await desk().recorder.clear();
		const { run } = await upsert(parametersOf(desk(), { externalKey: 'ORDER-2' }, text));
		expect(errorOf(run)?.message).toBe("'Description' contains the key line of another event: [key: ORDER-1] [Item 0]");
		expect(await callsOf(desk())).toEqual([]);
	});

	it.each(['A\u2028B', 'A\u2029B', 'A\u0085B', 'A\u0000B', 'A\ud800', 'A]'])(
		'refuses the key %j, which could not be read again, before any call',
		async (externalKey) => {
			const { run } = await upsert(parametersOf(desk(), { externalKey }));
			expect(errorOf(run)?.message).toMatch(/^'External Key' contains a line break, another control character or \]/);
			expect(await callsOf(desk())).toEqual([]);
		},
	);

	it('finds an event outside the search window by its known ID', async () => {
		const id = plant(desk(), desk().people[0], { ...hour(3, 10), description: '[key: ORDER-1]' });
		const far = { start: '2026-09-03T10:00', end: '2026-09-03T11:00' };
		const { items } = await upsert(parametersOf(desk(), { ...far, options: { knownEventId: id } }));
		expect(items).toMatchObject([{ id, action: 'updated' }]);
		expect(await alive()).toHaveLength(1);
	});

	it.each(['instanceNotExist', 'itemNotFound', 'cancelledEvent'] as const)(
		'creates a deleted event again or only reports it (DingTalk answers %s)',
		async (getDeleted) => {
			await desk().control('switches', { getDeleted });
			const { world } = desk().simulator;
			const vanish = (id: string): void => {
				const view = world.use(CalendarStore).byId(id);
				if (view) world.use(CalendarStore).cancel(view, desk().people[0].unionId);
			};
			const first = (await upsert(parametersOf(desk()))).items[0].id as string;
			vanish(first);
			expect((await upsert(parametersOf(desk(), { options: { ifVanished: 'report' } }))).items).toMatchObject([
				{ id: first, action: 'vanished' },
			]);
			expect(
				(await upsert(parametersOf(desk(), { options: { ifVanished: 'report', knownEventId: first } }))).items,
			).toMatchObject([{ action: 'vanished' }]);
			expect(await alive()).toEqual([]);
			const again = (await upsert(parametersOf(desk(), { options: { knownEventId: first } }))).items[0];
			expect(again.action).toBe('recreated');
			expect((await alive()).map(({ id }) => id)).toEqual([again.id]);
			vanish(again.id as string);
			// Only the key is known now; DingTalk still answers the first request with the first event.
			expect((await upsert(parametersOf(desk()))).items).toMatchObject([{ action: 'recreated' }]);
			expect(await alive()).toHaveLength(1);
		},
	);

	it.each(['firstAnswer', 'conflict'] as const)(
		'creates one event when two runs use the same key at the same time (%s)',
		async (finishedDuplicate) => {
			await desk().control('switches', { finishedDuplicate });
			desk().simulator.world.clock.set(Date.now());
			const times = { start: '={{ $today.toISODate() + "T10:00" }}', end: '={{ $today.toISODate() + "T11:00" }}' };
			const results = await Promise.all([
				upsert(parametersOf(desk(), times)),
				upsert(parametersOf(desk(), { ...times, summary: 'Delivery, late' })),
			]);
			expect(results.map(({ run }) => errorOf(run)?.message)).toEqual([undefined, undefined]);
			expect(await alive()).toHaveLength(1);
		},
	);

	it('does not take an event with another key for its own, although both have the same title and time', async () => {
		await desk().control('switches', { finishedDuplicate: 'conflict' });
		await Promise.all(
			['ORDER-1', 'ORDER-1', 'ORDER-2'].map(
				async (externalKey, index) =>
					await upsert(parametersOf(desk(), { externalKey, summary: index === 0 ? 'First' : 'Delivery' })),
			),
		);
		const keys = (await alive()).map(({ description }) => description);
		expect(keys.sort()).toEqual(['[key: ORDER-1]', '[key: ORDER-2]']);
	});

	it('processes items with the same key in order, so the last one wins', async () => {
		const items = ['One', 'Two', 'Three'].map((title) => ({ title }));
		const { run } = await desk().runNode({
			parameters: parametersOf(desk(), { summary: '={{ $json.title }}' }),
			items,
		});
		expect(errorOf(run)).toBeUndefined();
		expect((await alive()).map(({ summary }) => summary)).toEqual(['Three']);
	});

	it('rejects a key that two events use and names both', async () => {
		const ids = [10, 14].map((at) =>
			plant(desk(), desk().people[0], { ...hour(3, at), description: '[key: ORDER-1]' }),
		);
		const { run } = await upsert(parametersOf(desk()));
		expect(errorOf(run)?.message).toContain("'External Key' is used by several events");
		for (const id of ids) expect(errorOf(run)?.message).toContain(id);
	});

	it.each([' ', 'two\nlines', 'a]b', 'x'.repeat(201)])('rejects the key %j before any call', async (externalKey) => {
		const { run } = await upsert(parametersOf(desk(), { externalKey }));
		expect(errorOf(run)?.message).toContain("'External Key' ");
		expect(await callsOf(desk())).toEqual([]);
	});
});

describe('creating or updating an event with random content', () => {
	let seed = 11;
	const random = (below: number): number => {
		seed = (seed * 48_271) % 2_147_483_647;
		return seed % below;
	};
	const oneOf = <T>(list: readonly T[]): T => list[random(list.length)];
	const two = (number: number): string => String(number).padStart(2, '0');

	interface State {
		top: INodeParameters;
		fields: INodeParameters;
		expected: Record<string, unknown>;
		guests?: Array<[string, boolean]>;
	}

	/** Returns random content for an event, and what the simulator should store for it. */
	function anything(on: Desk, series: boolean): State {
		const day = 3 + random(20);
		const allDay = random(4) === 0;
		const from = 8 + random(9);
		const date = `2026-03-${two(day)}`;
		const summary = oneOf(['Delivery', 'Pick-up', 'Visit']);
		const top: INodeParameters = allDay
			? { summary, allDay, start: date, end: `2026-03-${two(day + 1)}` }
			: { summary, start: `${date}T${two(from)}:00`, end: `${date}T${two(from + 1)}:30` };
		const fields: INodeParameters = {};
		const expected: Record<string, unknown> = {
			summary,
			isAllDay: allDay,
			start: allDay ? { date } : { dateTime: `${date}T${two(from)}:00:00+08:00`, timeZone: 'Asia/Shanghai' },
			end: allDay
				? { date: `2026-03-${two(day + 2)}` }
				: { dateTime: `${date}T${two(from + 1)}:30:00+08:00`, timeZone: 'Asia/Shanghai' },
		};
		if (random(2)) {
			fields.eventDescription = oneOf(['', 'Boxes', 'Two\nlines']);
			expected.description = fields.eventDescription
				? `${fields.eventDescription}\n\n[key: ORDER-1]`
				: '[key: ORDER-1]';
		}
		if (random(2)) expected.location = fields.location = oneOf(['Gate 1', 'Gate 2']);
		if (random(2)) {
			const minutes = oneOf([5, 30]);
			fields.reminders = { setting: { mode: 'custom', minutes: String(minutes) } };
			expected.reminders = [{ method: 'dingtalk', minutes }];
		}
		if (series) {
			const times = 2 + random(3);
			fields.recurrence = { rule: { frequency: 'daily', interval: 1 + random(2), ends: 'after', occurrences: times } };
			expected.recurrence = expect.objectContaining({ range: { type: 'numbered', numberOfOccurrences: times } });
		}
		if (!random(2)) return { top, fields, expected };
		const guests = on.people
			.slice(1, 7)
			.flatMap(({ unionId }): Array<[string, boolean]> => (random(2) ? [[unionId, random(2) === 0]] : []));
		const called = (optional: boolean): string =>
			guests
				.filter(([, isOptional]) => isOptional === optional)
				.map(([id]) => id)
				.join();
		Object.assign(fields, { attendees: called(false), optionalAttendees: called(true) });
		return { top, fields, expected, guests };
	}

	it.each<[boolean, Record<string, unknown>]>([
		[false, { lastPageToken: 'null' }],
		[true, { lastPageToken: 'empty' }],
		[false, { remindersAbsentInUpdate: 'default', organizerAmongAttendees: false, finishedDuplicate: 'conflict' }],
		[true, { emptyPages: 'sometimes', deleteBody: 'requestId', timestampsNeedMilliseconds: true }],
	])(
		'stores the given content and writes nothing the second time (series: %s, switches %j)',
		async (series, switches) => {
			await desk().control('switches', switches);
			const [host] = desk().people;
			const known: Record<string, unknown> = {};
			for (let round = 0; round < amount({ short: 5, long: 25 }); round++) {
				const { top, fields, expected, guests } = anything(desk(), series);
				const parameters = parametersOf(desk(), top, fields);
				const { run } = await upsert(parameters);
				expect(errorOf(run)).toBeUndefined();
				const events = await alive();
				expect(events).toHaveLength(1);
				// Fields set only in an earlier round stay; reminders may return to the default.
				Object.assign(known, expected);
				if (switches.remindersAbsentInUpdate === 'default' && !expected.reminders) delete known.reminders;
				expect(events[0]).toMatchObject(known);
				if (guests) {
					const there = events[0].attendees
						.filter(({ unionId }) => unionId !== host.unionId)
						.map(({ unionId, isOptional }) => [unionId, isOptional]);
					expect(there.sort()).toEqual([...guests].sort());
				}
				expect(await writesOf(async () => await upsert(parameters))).toEqual([]);
			}
		},
	);
});
