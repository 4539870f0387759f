/** Tests Apply To: one date of a series, this and all following dates, or all of them, on the n8n engine. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { CalendarStore } from '../simulator/calendar/calendarStore';
import { instances } from '../simulator/calendar/views';
import { inZone } from '../simulator/calendar/time';
import { errorOf, hintsOf, TESTED_NODE } from './harness';
import { interfere } from './support/interference';
import { guestsOf, hour, plant, remembered, rememberedEvent, requestsOf, type Remembered } from './support/events';
import { useDesk } from './support/setup';
import { meteredBy, reserve, roomsOf } from './support/state';

const desk = useDesk({ waits: 'skipped' });

const WEEKLY: IDataObject = {
	summary: 'Weekly',
	description: 'Talk',
	location: { displayName: 'Hall' },
	reminders: [{ method: 'dingtalk', minutes: 30 }],
	...hour(3, 10),
	recurrence: {
		pattern: { type: 'weekly', interval: 1, daysOfWeek: 'tuesday' },
		range: { type: 'numbered', numberOfOccurrences: 6 },
	},
};

const store = () => desk().simulator.world.use(CalendarStore);

/** The local starts of all dates of all events, with the title; cancelled ones are left out. */
function dates(): string[] {
	return [...store().all()]
		.filter(({ cancelled }) => !cancelled)
		.flatMap((event) =>
			event.recurrence
				? [...instances(event, { fromMs: 0, toMs: Date.parse('2027-01-01') })].filter(({ cancelled }) => !cancelled)
				: [store().byId(event.id)],
		)
		.flatMap((view) =>
			view ? [`${inZone(view.details.span.startMs, 'Asia/Shanghai').slice(5, 16)} ${view.details.summary}`] : [],
		)
		.sort();
}

/** The ID of one date of a series. */
function dateOf(seriesId: string, start: string): string {
	const event = store().byId(seriesId)?.event;
	const found =
		event &&
		[...instances(event, { fromMs: 0, toMs: Date.parse('2027-01-01') })].find(({ details }) =>
			inZone(details.span.startMs, 'Asia/Shanghai').startsWith(start),
		);
	if (!found) throw new Error(`The series has no date ${start}`);
	return found.id;
}

function series(event: IDataObject = {}): string {
	const [host, anna, ben] = desk().people;
	return plant(desk(), host, {
		...WEEKLY,
		attendees: [{ id: anna.unionId }, { id: ben.unionId, isOptional: true }],
		...event,
	});
}

async function run(operation: string, eventId: string, parameters: INodeParameters) {
	const result = await desk().runNode({
		parameters: { resource: 'event', operation, user: desk().people[0].unionId, eventId, ...parameters },
	});
	const hints = hintsOf(result.run, TESTED_NODE).map(({ message }) => message);
	return { ...result, error: errorOf(result.run), hints };
}

const following = (updateFields: INodeParameters, more: INodeParameters = {}): INodeParameters => ({
	applyTo: 'thisAndFollowing',
	updateFields,
	...more,
});

const others = async (id: string): Promise<Remembered> => {
	const [other] = (await remembered(desk())).filter((event) => event.id !== id);
	return other;
};

describe('updating this and all following dates', () => {
	it('ends the series before the date and begins a new one with the changes', async () => {
		const id = series();
		const { error, items, hints } = await run('update', dateOf(id, '2026-03-17'), following({ summary: 'New' }));
		expect(error).toBeUndefined();
		expect(dates()).toEqual([
			'03-03T10:00 Weekly',
			'03-10T10:00 Weekly',
			'03-17T10:00 New',
			'03-24T10:00 New',
			'03-31T10:00 New',
			'04-07T10:00 New',
		]);
		const next = await others(id);
		expect(next).toMatchObject({
			summary: 'New',
			description: 'Talk',
			location: 'Hall',
			reminders: [{ method: 'dingtalk', minutes: 30 }],
			recurrence: { range: { type: 'numbered', numberOfOccurrences: 4 } },
		});
		expect(guestsOf(next)).toEqual(guestsOf(await rememberedEvent(desk(), id)));
		expect(items).toEqual([
			expect.objectContaining({ id: next.id, summary: 'New', previousSeriesId: id, notKept: [] }),
		]);
		expect(await meteredBy(desk())).toBe(5);
		expect(hints.filter((hint) => hint.includes('Not kept'))).toEqual([]);
	});

	it.each([
		['endDate', { type: 'endDate', endDate: '2026-04-07T23:59:59+08:00' }, '2026-03-10T23:59:59+08:00'],
		['noEnd', { type: 'noEnd' }, '2026-03-10T23:59:59+08:00'],
	])('gives the new series the same end (%s)', async (_type, range, endDate) => {
		const id = series({ recurrence: { ...(WEEKLY.recurrence as IDataObject), range } });
		const { error } = await run('update', dateOf(id, '2026-03-17'), following({ summary: 'New' }));
		expect(error).toBeUndefined();
		expect(await rememberedEvent(desk(), id)).toMatchObject({ recurrence: { range: { type: 'endDate', endDate } } });
		expect(await others(id)).toMatchObject({ recurrence: { range } });
		expect(dates().slice(0, 4)).toEqual([
			'03-03T10:00 Weekly',
			'03-10T10:00 Weekly',
			'03-17T10:00 New',
			'03-24T10:00 New',
		]);
	});

	it('moves each date as far as the first, in the time zone of the series', async () => {
		const id = series();
		const { error } = await run('update', dateOf(id, '2026-03-17'), {
			...following({ start: '2026-03-18T04:30:00+01:00', end: '2026-03-18T05:30:00+01:00' }),
		});
		expect(error).toBeUndefined();
		expect(dates()).toEqual([
			'03-03T10:00 Weekly',
			'03-10T10:00 Weekly',
			'03-18T11:30 Weekly',
			'03-25T11:30 Weekly',
			'04-01T11:30 Weekly',
			'04-08T11:30 Weekly',
		]);
		expect(await others(id)).toMatchObject({ start: { timeZone: 'Asia/Shanghai' } });
	});

	it('takes a new rule from the first date that it has', async () => {
		const id = series();
		const { error } = await run('update', dateOf(id, '2026-03-17'), {
			...following({
				recurrence: { rule: { frequency: 'weekly', daysOfWeek: ['friday'], ends: 'after', occurrences: 2 } },
			}),
		});
		expect(error).toBeUndefined();
		expect(dates()).toEqual(['03-03T10:00 Weekly', '03-10T10:00 Weekly', '03-20T10:00 Weekly', '03-27T10:00 Weekly']);
	});

	it('makes a single event of the rest where the rule is cleared', async () => {
		const id = series();
		const { error } = await run('update', dateOf(id, '2026-03-17'), {
			applyTo: 'thisAndFollowing',
			updateFields: {},
			clearFields: ['recurrence', 'location'],
		});
		expect(error).toBeUndefined();
		expect(dates()).toEqual(['03-03T10:00 Weekly', '03-10T10:00 Weekly', '03-17T10:00 Weekly']);
		expect((await others(id)).location).toBeUndefined();
	});

	it('changes the people of the new series only', async () => {
		const [, anna, ben, carl] = desk().people;
		const id = series();
		const { error } = await run('update', dateOf(id, '2026-03-17'), {
			...following({ attendeeChange: { change: { mode: 'add', attendees: carl.unionId } } }),
		});
		expect(error).toBeUndefined();
		expect(guestsOf(await rememberedEvent(desk(), id))).toEqual([anna.unionId, ben.unionId]);
		const next = await others(id);
		expect(guestsOf(next)).toEqual([anna.unionId, ben.unionId, carl.unionId]);
		expect(next.attendees.find(({ unionId }) => unionId === ben.unionId)).toMatchObject({ isOptional: true });
	});

	it('applies to the whole series from its first date, and from its ID without a date', async () => {
		for (const idOf of [(id: string) => dateOf(id, '2026-03-03'), (id: string) => id]) {
			const id = series();
			const { error, items } = await run('update', idOf(id), following({ summary: 'All' }));
			expect(error).toBeUndefined();
			expect(items).toEqual([expect.objectContaining({ id, summary: 'All' })]);
		}
		expect(dates().filter((date) => !date.endsWith('All'))).toEqual([]);
		expect(await remembered(desk())).toHaveLength(2);
	});

	it('begins with the first date on or after the day that is given with the ID of a series', async () => {
		const id = series();
		const { error } = await run('update', id, following({ summary: 'New' }, { occurrenceDate: '2026-03-12' }));
		expect(error).toBeUndefined();
		expect(dates().filter((date) => date.endsWith('New'))).toHaveLength(4);
		expect(await meteredBy(desk())).toBe(4);
	});

	it('books the rooms again that are free, and names the others', async () => {
		const { recurrence } = WEEKLY as { recurrence: IDataObject };
		const id = series({
			recurrence: { ...recurrence, range: { type: 'endDate', endDate: '2026-04-07T23:59:59+08:00' } },
		});
		const [one, two] = roomsOf(desk());
		reserve(desk(), id, [one.roomId, two.roomId]);
		const rival = plant(desk(), desk().people[1], hour(24, 12));
		reserve(desk(), rival, [two.roomId]);
		const { error, items, hints } = await run('update', dateOf(id, '2026-03-17'), {
			...following({ start: '2026-03-17T12:00', end: '2026-03-17T13:00' }),
		});
		expect(error).toBeUndefined();
		expect(items[0].notKept).toEqual([expect.stringContaining(two.roomName)]);
		expect(hints).toContainEqual(expect.stringContaining(two.roomName));
		const [next] = (await remembered(desk())).filter((event) => ![id, rival].includes(event.id));
		expect(next.rooms).toEqual([expect.objectContaining({ roomId: one.roomId })]);
	});

	it('shows every call in a preview', async () => {
		const id = series();
		const { items } = await run(
			'update',
			dateOf(id, '2026-03-17'),
			following({ summary: 'New' }, { runOptions: { preview: true } }),
		);
		expect(items).toMatchObject([
			{
				meteredCalls: 5,
				requests: [
					{ method: 'PUT', body: { id, recurrence: { range: { type: 'numbered', numberOfOccurrences: 2 } } } },
					{
						method: 'POST',
						body: { summary: 'New', recurrence: { range: { type: 'numbered', numberOfOccurrences: 4 } } },
					},
				],
			},
		]);
		expect(dates().filter((date) => date.endsWith('New'))).toEqual([]);
	});

	it('is refused to an attendee before anything is changed', async () => {
		const id = series();
		const date = dateOf(id, '2026-03-17');
		const { error } = await run('delete', date, { applyTo: 'thisAndFollowing', user: desk().people[1].unionId });
		expect(error?.message).toContain('only the organizer of a series can end it');
		expect(dates()).toHaveLength(6);
	});

	it.each([['a date on which the clocks skip the time', 'update', { updateFields: { summary: 'x' } }]])(
		'names %s',
		async (_what, operation, parameters) => {
			const at = (day: string, clock: string) => ({ dateTime: `${day}T${clock}:00+01:00`, timeZone: 'Europe/Berlin' });
			const id = series({
				start: at('2026-03-15', '02:30'),
				end: at('2026-03-15', '02:45'),
				recurrence: {
					pattern: { type: 'weekly', interval: 1, daysOfWeek: 'sunday' },
					range: { type: 'numbered', numberOfOccurrences: 4 },
				},
			});
			const { error } = await run(operation, id, {
				applyTo: 'thisAndFollowing',
				occurrenceDate: '2026-03-29',
				...parameters,
			});
			expect(error?.message).toContain('clock change');
			expect(await remembered(desk())).toHaveLength(1);
		},
	);
});

describe('single dates that were changed', () => {
	/** Dates moved, renamed, cancelled and with other people, before and after 17 March. */
	async function withExceptions(): Promise<string> {
		const [, , ben, carl] = desk().people;
		const id = series();
		const rename = async (day: string, fields: INodeParameters) =>
			await run('update', dateOf(id, day), { updateFields: fields });
		await rename('2026-03-10', { summary: 'Special', start: '2026-03-11T15:00', end: '2026-03-11T16:00' });
		await rename('2026-03-24', { start: '2026-03-25T15:00', end: '2026-03-25T16:00' });
		await rename('2026-03-31', {
			eventDescription: 'Other text',
			attendeeChange: { change: { mode: 'replace', attendees: [ben.unionId, carl.unionId].join() } },
		});
		await run('delete', dateOf(id, '2026-04-07'), {});
		return id;
	}

	it.each(['lost', 'kept'])(
		'stay before the cut and are made again after it (DingTalk: %s)',
		async (exceptionsAfterRuleChange) => {
			await desk().control('switches', { exceptionsAfterRuleChange });
			const [, anna, ben, carl] = desk().people;
			const id = await withExceptions();
			const before = dates();
			const { error, items } = await run('update', dateOf(id, '2026-03-17'), following({ location: 'New hall' }));
			expect(error).toBeUndefined();
			expect(items[0].notKept).toEqual([]);
			expect(dates()).toEqual(before);
			const next = await others(id);
			expect(next.location).toBe('New hall');
			const changed = store().byId(dateOf(next.id, '2026-03-31'));
			expect(changed?.details).toMatchObject({ description: 'Other text', locationName: 'New hall' });
			expect(changed?.attendees.map(({ unionId }) => unionId).sort()).toEqual(
				[desk().people[0].unionId, ben.unionId, carl.unionId].sort(),
			);
			expect(changed?.attendees.map(({ unionId }) => unionId)).not.toContain(anna.unionId);
		},
	);

	it('are named where the new rule does not have the date', async () => {
		const id = await withExceptions();
		const { error, items } = await run('update', dateOf(id, '2026-03-17'), {
			...following({
				recurrence: { rule: { frequency: 'weekly', daysOfWeek: ['thursday'], ends: 'after', occurrences: 4 } },
			}),
		});
		expect(error).toBeUndefined();
		expect(items[0].notKept).toEqual(
			['2026-03-24', '2026-03-31', '2026-04-07'].map((day) => expect.stringContaining(day)),
		);
	});

	it.each(['lost', 'kept'])(
		'stay before the cut when the rest is deleted (DingTalk: %s)',
		async (exceptionsAfterRuleChange) => {
			await desk().control('switches', { exceptionsAfterRuleChange });
			const id = await withExceptions();
			const { error, items } = await run('delete', dateOf(id, '2026-03-17'), { applyTo: 'thisAndFollowing' });
			expect(error).toBeUndefined();
			expect(items).toEqual([expect.objectContaining({ deleted: true, seriesId: id, lastDate: '2026-03-10' })]);
			expect(dates()).toEqual(['03-03T10:00 Weekly', '03-11T15:00 Special']);
		},
	);
});

describe('deleting and cancelling', () => {
	it.each(['delete', 'cancel'])('%s ends the series before this date', async (operation) => {
		const id = series();
		const date = dateOf(id, '2026-03-17');
		const { error, items } = await run(operation, date, { applyTo: 'thisAndFollowing' });
		expect(error).toBeUndefined();
		expect(items).toEqual([expect.objectContaining({ id: date, seriesId: id, lastDate: '2026-03-10' })]);
		expect(dates()).toEqual(['03-03T10:00 Weekly', '03-10T10:00 Weekly']);
		expect(await meteredBy(desk())).toBe(4);
	});

	it.each(['delete', 'cancel'])('%s removes the whole series from the ID of one date', async (operation) => {
		const id = series();
		const { error } = await run(operation, dateOf(id, '2026-03-17'), { applyTo: 'wholeSeries' });
		expect(error).toBeUndefined();
		expect(dates()).toEqual([]);
		expect(await meteredBy(desk())).toBe(2);
	});

	it.each(['delete', 'cancel'])('%s removes one date, also by its day', async (operation) => {
		const id = series();
		await run(operation, dateOf(id, '2026-03-17'), { applyTo: 'thisEvent' });
		const named = dateOf(id, '2026-03-24');
		const { error, items } = await run(operation, id, { applyTo: 'thisEvent', occurrenceDate: '2026-03-24' });
		expect(error).toBeUndefined();
		// The series is still there.
		expect(items).toMatchObject([{ id: named, seriesId: id }]);
		expect(dates()).toHaveLength(4);
		const unclear = await run(operation, id, { applyTo: 'thisEvent' });
		expect(unclear.error?.message).toContain('is the ID of a whole series');
		const none = await run(operation, id, { applyTo: 'thisEvent', occurrenceDate: '2026-03-25' });
		expect(none.error?.message).toContain('is no date of the series');
		expect(dates()).toHaveLength(4);
	});

	/** At 20:00 in New York, which is the next day in the workflow's time zone. */
	const evenings = (): string => {
		const at = (clock: string) => ({ dateTime: `2026-03-02T${clock}:00-05:00`, timeZone: 'America/New_York' });
		return series({
			start: at('20:00'),
			end: at('21:00'),
			recurrence: {
				pattern: { type: 'daily', interval: 1 },
				range: { type: 'numbered', numberOfOccurrences: 4 },
			},
		});
	};

	it.each([
		['2026-03-04T20:00:00-05:00', '03-05'],
		['2026-03-05T01:00:00Z', '03-05'],
		['2026-03-05T09:00', '03-05'],
		["={{ DateTime.fromISO('2026-03-04T20:00:00-05:00') }}", '03-05'],
		['2026-03-04T00:00:00-05:00', '03-05'],
		['2026-03-04', '03-05'],
		['2026-03-04T00:00:00', '03-05'],
		['2026-03-04T00:00:00+08:00', '03-05'],
	])('removes the date that %s is in the time zone of the series', async (occurrenceDate, removed) => {
		const id = evenings();
		const { error } = await run('delete', id, { applyTo: 'thisEvent', occurrenceDate });
		expect(error).toBeUndefined();
		const left = ['03-03', '03-04', '03-05', '03-06'].filter((day) => day !== removed);
		expect(dates()).toEqual(left.map((day) => `${day}T09:00 Weekly`));
	});

	it('ends a series before the date that a time is in the time zone of the series', async () => {
		const id = evenings();
		const { error } = await run('delete', id, {
			applyTo: 'thisAndFollowing',
			occurrenceDate: '2026-03-04T20:00:00-05:00',
		});
		expect(error).toBeUndefined();
		expect(dates()).toEqual(['03-03T09:00 Weekly', '03-04T09:00 Weekly']);
	});

	it('removes a single event with each choice', async () => {
		for (const applyTo of ['thisEvent', 'thisAndFollowing', 'wholeSeries']) {
			const { error } = await run('delete', plant(desk(), desk().people[0], {}), { applyTo });
			expect([applyTo, error]).toEqual([applyTo, undefined]);
		}
		expect(dates()).toEqual([]);
	});

	it('does nothing more, and says the same, when n8n retries the node', async () => {
		const ids = [series(), series({ summary: 'Second' })];
		const eventIds = ids.map((id) => dateOf(id, '2026-03-17'));
		let failures = 0;
		interfere(desk(), (_number, method) =>
			method === 'PUT' && ++failures === 2 ? { do: 'status', status: 400, code: 'invalidParameter' } : undefined,
		);
		const result = await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'delete',
				user: desk().people[0].unionId,
				eventId: '={{ $json.eventId }}',
				applyTo: 'thisAndFollowing',
			},
			items: eventIds.map((eventId) => ({ eventId })),
			retryOnFail: true,
			maxTries: 2,
			waitBetweenTries: 0,
		});
		expect(errorOf(result.run)).toBeUndefined();
		expect(result.items.map(({ seriesId }) => seriesId)).toEqual(ids);
		expect(dates()).toHaveLength(4);
		expect((await requestsOf(desk())).filter(({ method }) => method === 'PUT')).toHaveLength(3);
	});
});

describe('updating one date or all of them', () => {
	it('changes one date from its ID, and says that it cannot have a rule', async () => {
		const id = series();
		const date = dateOf(id, '2026-03-17');
		expect(
			(await run('update', date, { applyTo: 'thisEvent', updateFields: { summary: 'One' } })).error,
		).toBeUndefined();
		expect(dates().filter((one) => one.endsWith('One'))).toEqual(['03-17T10:00 One']);
		const rule = { recurrence: { rule: { frequency: 'daily' } } };
		expect((await run('update', date, { applyTo: 'thisEvent', updateFields: rule })).error?.message).toContain(
			"'Repeat' cannot be changed for a single date",
		);
	});

	it('moves all dates as far as the one whose ID is given, and loses none', async () => {
		const id = series();
		const { error } = await run('update', dateOf(id, '2026-03-17'), {
			applyTo: 'wholeSeries',
			updateFields: { start: '2026-03-18T11:00', end: '2026-03-18T11:30' },
		});
		expect(error).toBeUndefined();
		expect(dates()).toEqual(['03-04', '03-11', '03-18', '03-25', '04-01', '04-08'].map((day) => `${day}T11:00 Weekly`));
		const { details } = store().byId(id) ?? {};
		expect((details?.span.endMs ?? 0) - (details?.span.startMs ?? 0)).toBe(30 * 60_000);
	});

	it('changes the series whose date it is given', async () => {
		const id = series();
		const { error, items } = await run('update', dateOf(id, '2026-03-17'), {
			applyTo: 'wholeSeries',
			updateFields: { summary: 'All' },
		});
		expect(error).toBeUndefined();
		expect(items).toEqual([expect.objectContaining({ id })]);
		expect(dates().filter((one) => one.endsWith('All'))).toHaveLength(6);
		expect(await meteredBy(desk())).toBe(2);
	});
});

describe('listing the occurrences from one on', () => {
	const stored = (id: string, more: INodeParameters = {}): INodeParameters => ({
		resource: 'event',
		operation: 'getInstances',
		user: desk().people[0].unionId,
		eventId: id,
		occurrenceRange: 'fromOne',
		...more,
	});

	it('begins with the given one, and reads part after part', async () => {
		desk().simulator.world.clock.set(Date.parse('2026-12-31T00:00:00Z'));
		const id = series({
			recurrence: { pattern: { type: 'daily', interval: 1 }, range: { type: 'noEnd' } },
		});
		const all = await desk().runNode({ parameters: stored(id, { returnAll: true }) });
		expect(errorOf(all.run)).toBeUndefined();
		expect(all.items).toHaveLength(303);
		expect(new Set(all.items.map((item) => item.id)).size).toBe(303);
		expect(await meteredBy(desk())).toBe(4);
		const from = { firstOccurrenceId: all.items[10].id as string, limit: 3 };
		const some = await desk().runNode({ parameters: stored(id, from) });
		expect(some.items.map((item) => item.id)).toEqual(all.items.slice(10, 13).map((item) => item.id));
	});
});
