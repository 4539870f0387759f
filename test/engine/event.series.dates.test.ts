/** Tests that This and Following keeps what single dates of a series have of their own, or names it. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { CalendarStore } from '../simulator/calendar/calendarStore';
import type { Details, EventView } from '../simulator/calendar/model';
import { instances } from '../simulator/calendar/views';
import { allDaySpan, inZone } from '../simulator/calendar/time';
import { errorOf } from './harness';
import { hire, hour, plant, requestsOf } from './support/events';
import { interfere } from './support/interference';
import { useDesk } from './support/setup';
import { meteredBy, reserve, roomsOf } from './support/state';

const desk = useDesk({ waits: 'skipped' });

const YEARS = { fromMs: 0, toMs: Date.parse('2029-01-01') };
const WEEKLY: IDataObject = {
	summary: 'Weekly',
	reminders: [{ method: 'dingtalk', minutes: 30 }],
	...hour(3, 10),
	recurrence: {
		pattern: { type: 'weekly', interval: 1, daysOfWeek: 'tuesday' },
		range: { type: 'endDate', endDate: '2026-04-07T23:59:59+08:00' },
	},
};

const store = () => desk().simulator.world.use(CalendarStore);
const host = () => desk().people[0].unionId;
const series = (event: IDataObject = {}): string => plant(desk(), desk().people[0], { ...WEEKLY, ...event });

const startOf = ({ details }: EventView): string => inZone(details.span.startMs, 'Asia/Shanghai').slice(0, 16);

const datesOf = (id: string): EventView[] => {
	const event = store().byId(id)?.event;
	return event ? [...instances(event, YEARS)].filter(({ cancelled }) => !cancelled) : [];
};

function dateAt(id: string, start: string): EventView {
	const found = datesOf(id).find((view) => startOf(view).startsWith(start));
	if (!found) throw new Error(`The series has no date ${start}`);
	return found;
}

const change = (id: string, start: string, details: Partial<Details>): void => {
	store().update(dateAt(id, start), { details }, host());
};

const spanAt = (start: string, minutes = 60): Details['span'] => {
	const startMs = Date.parse(`${start}:00+08:00`);
	return { allDay: false, startMs, endMs: startMs + minutes * 60_000, zone: 'Asia/Shanghai' };
};

async function update(id: string, day: string, updateFields: INodeParameters, more: INodeParameters = {}) {
	const result = await desk().runNode({
		parameters: {
			resource: 'event',
			operation: 'update',
			user: host(),
			eventId: dateAt(id, day).id,
			applyTo: 'thisAndFollowing',
			updateFields,
			...more,
		},
	});
	return { ...result, error: errorOf(result.run), notKept: result.items[0]?.notKept as string[] | undefined };
}

/** The series that continues the other one. */
function nextOf(id: string): string {
	const found = [...store().all()].find((event) => event.id !== id && event.recurrence);
	if (!found) throw new Error('There is no other series');
	return found.id;
}

const starts = (id: string): string[] => datesOf(id).map(startOf).sort();

describe('a date that was moved far', () => {
	it.each(['lost', 'kept'])('is kept before and after the cut (DingTalk: %s)', async (exceptionsAfterRuleChange) => {
		await desk().control('switches', { exceptionsAfterRuleChange });
		const id = series();
		change(id, '2026-03-10', { span: spanAt('2026-01-20T15:00') });
		change(id, '2026-03-24', { span: spanAt('2026-05-12T15:00') });
		change(id, '2026-03-31', { span: spanAt('2027-01-12T15:00') });
		const { error, notKept } = await update(id, '2026-03-17', { summary: 'New' });
		expect(error).toBeUndefined();
		expect(notKept).toEqual([]);
		expect(starts(id)).toEqual(['2026-01-20T15:00', '2026-03-03T10:00']);
		expect(starts(nextOf(id))).toEqual([
			'2026-03-17T10:00',
			'2026-04-07T10:00',
			'2026-05-12T15:00',
			'2027-01-12T15:00',
		]);
	});

	it('is kept at the planned time of a cancelled date', async () => {
		const id = series();
		store().cancel(dateAt(id, '2026-03-10'), host());
		change(id, '2026-03-24', { span: spanAt('2026-03-10T10:00', 30) });
		const { error, notKept } = await update(id, '2026-03-17', { summary: 'New' });
		expect([error, notKept]).toEqual([undefined, []]);
		expect(starts(id)).toEqual(['2026-03-03T10:00']);
		expect(starts(nextOf(id))).toEqual([
			'2026-03-10T10:00',
			'2026-03-17T10:00',
			'2026-03-31T10:00',
			'2026-04-07T10:00',
		]);
	});

	it('is kept there if the change begins with it', async () => {
		const id = series();
		store().cancel(dateAt(id, '2026-03-10'), host());
		change(id, '2026-03-17', { span: spanAt('2026-03-10T10:00') });
		const { error, notKept } = await update(id, '2026-03-10', { summary: 'New' });
		expect([error, notKept]).toEqual([undefined, []]);
		expect(starts(id)).toEqual(['2026-03-03T10:00']);
		expect(starts(nextOf(id))[0]).toBe('2026-03-10T10:00');
	});

	const daily = (): string =>
		series({ recurrence: { pattern: { type: 'daily', interval: 1 }, range: { type: 'noEnd' } } });

	it('is looked for outside the usual window only if a date is missing', async () => {
		const id = daily();
		await update(id, '2026-03-17', { summary: 'New' });
		// The date, the series, four pages of dates, the end of the series, the new one.
		expect(await meteredBy(desk())).toBe(8);
		const next = nextOf(id);
		change(next, '2027-03-20', { span: spanAt('2027-05-20T15:00') });
		store().cancel(dateAt(next, '2026-04-01'), host());
		const { error, notKept } = await update(next, '2026-03-27', { summary: 'Newest' });
		expect([error, notKept]).toEqual([undefined, []]);
		const [last] = [...store().all()].filter(({ details }) => details.summary === 'Newest');
		const found = starts(last.id);
		expect(found).toContain('2027-05-20T15:00');
		expect(found).not.toContain('2027-03-20T10:00');
		expect(found).not.toContain('2026-04-01T10:00');
		expect(found).toContain('2026-04-02T10:00');
	});
});

describe('only Start or only End', () => {
	it.each([
		[{ end: '2026-03-18T16:30' }, ['2026-03-18T15:00', '2026-03-25T15:00'], 90],
		[{ start: '2026-03-18T14:30' }, ['2026-03-18T14:30', '2026-03-25T14:30'], 60],
	])('is completed by the time that the date has now: %j', async (fields, expected, minutes) => {
		const id = series();
		change(id, '2026-03-17', { span: spanAt('2026-03-18T15:00', 30) });
		const { error } = await update(id, '2026-03-18', fields);
		expect(error).toBeUndefined();
		const next = nextOf(id);
		expect(starts(next).slice(0, 2)).toEqual(expected);
		const { span } = datesOf(next)[0].details;
		expect((span.endMs - span.startMs) / 60_000).toBe(minutes);
	});

	it('is refused where it is not in order with that', async () => {
		const id = series();
		change(id, '2026-03-17', { span: spanAt('2026-03-18T15:00', 30) });
		const { error } = await update(id, '2026-03-18', { end: '2026-03-18T11:00' });
		expect(error?.message).toContain("'End' is before the start");
		expect([...store().all()]).toHaveLength(1);
	});
});

describe('what a single date has of its own', () => {
	it('keeps Show As, an online meeting, a formatted description and reminders', async () => {
		await desk().control('switches', { freeBusyStatusReturned: 'yes' });
		const id = series();
		change(id, '2026-03-24', { freeBusyStatus: 'free' });
		change(id, '2026-03-31', { description: 'Bold', richText: '<b>Bold</b>' });
		change(id, '2026-04-07', { reminders: [] });
		await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'update',
				user: host(),
				eventId: dateAt(id, '2026-03-24').id,
				updateFields: { onlineMeeting: true },
			},
		});
		const { error, notKept } = await update(id, '2026-03-17', { summary: 'New' });
		expect([error, notKept]).toEqual([undefined, []]);
		const next = nextOf(id);
		expect(dateAt(next, '2026-03-24').details).toMatchObject({
			summary: 'New',
			freeBusyStatus: 'free',
			onlineMeeting: { type: 'dingtalk' },
		});
		expect(dateAt(next, '2026-03-31').details).toMatchObject({ description: 'Bold', richText: '<b>Bold</b>' });
		expect(dateAt(next, '2026-04-07').details.reminders).toEqual([]);
		expect(dateAt(next, '2026-03-17').details.reminders).toEqual([{ method: 'dingtalk', minutes: 30 }]);
		expect(dateAt(next, '2026-03-17').details.onlineMeeting).toBeUndefined();
	});

	it.each(['absent', 'null'])('keeps that it has no reminders where DingTalk sends %s fields', async (emptyFields) => {
		await desk().control('switches', { emptyFields });
		const id = series();
		change(id, '2026-03-24', { reminders: [] });
		const { notKept } = await update(id, '2026-03-17', { summary: 'New' });
		expect(notKept).toEqual([]);
		expect(dateAt(nextOf(id), '2026-03-24').details.reminders).toEqual([]);
		expect(dateAt(nextOf(id), '2026-03-31').details.reminders).toHaveLength(1);
	});

	it.each(['absent', 'null'])(
		'keeps that all dates have given up their reminders and rooms (%s)',
		async (emptyFields) => {
			await desk().control('switches', { emptyFields });
			const [{ roomId }] = roomsOf(desk());
			const id = series();
			reserve(desk(), id, [roomId]);
			for (const date of datesOf(id)) {
				store().update(date, { details: { reminders: [] } }, host());
				store().releaseRooms(dateAt(id, startOf(date)), [roomId], host());
			}
			const { notKept } = await update(id, '2026-03-17', { summary: 'New' });
			expect(notKept).toEqual([]);
			for (const { details, rooms } of datesOf(nextOf(id))) expect([details.reminders, rooms]).toEqual([[], []]);
		},
	);

	it('names an online meeting that a date does not have', async () => {
		const id = series({ onlineMeetingInfo: { type: 'dingtalk' } });
		change(id, '2026-03-24', { onlineMeeting: undefined });
		const { notKept } = await update(id, '2026-03-17', { summary: 'New' });
		expect(notKept).toEqual(['that the single date 2026-03-24 has no online meeting']);
	});

	it.each(['lost', 'kept'])('keeps its rooms (DingTalk: %s)', async (exceptionsAfterRuleChange) => {
		await desk().control('switches', { exceptionsAfterRuleChange });
		const [one, two] = roomsOf(desk());
		const id = series();
		reserve(desk(), id, [one.roomId]);
		for (const day of ['2026-03-10', '2026-03-24']) reserve(desk(), dateAt(id, day).id, [two.roomId]);
		store().releaseRooms(dateAt(id, '2026-03-31'), [one.roomId], host());
		const { error, notKept } = await update(id, '2026-03-17', { summary: 'New' });
		expect([error, notKept]).toEqual([undefined, []]);
		const roomsAt = (of: string, day: string) => dateAt(of, day).rooms.map(({ roomId }) => roomId);
		expect(roomsAt(id, '2026-03-10').sort()).toEqual([one.roomId, two.roomId].sort());
		expect(roomsAt(nextOf(id), '2026-03-17')).toEqual([one.roomId]);
		expect(roomsAt(nextOf(id), '2026-03-24').sort()).toEqual([one.roomId, two.roomId].sort());
		expect(roomsAt(nextOf(id), '2026-03-31')).toEqual([]);
	});

	it('names a room that DingTalk does not give a single date again', async () => {
		const [one] = roomsOf(desk());
		const id = series();
		reserve(desk(), dateAt(id, '2026-03-24').id, [one.roomId]);
		interfere(desk(), (_number, method, path) =>
			method === 'POST' && path.endsWith('/meetingRooms')
				? { do: 'status', status: 400, code: 'meetingRoomNotAvailable', message: 'room busy' }
				: undefined,
		);
		const { error, notKept } = await update(id, '2026-03-17', { summary: 'New' });
		expect(error).toBeUndefined();
		expect(notKept).toEqual([expect.stringMatching(new RegExp(`^the room ${one.roomName} .* 2026-03-24$`))]);
	});

	it('keeps other attendees of more than a list has, and names what it cannot see', async () => {
		const people = hire(desk(), 130);
		const id = series({ attendees: people.map(({ unionId }) => ({ id: unionId })) });
		const [gone, other] = [people[5].unionId, desk().people[2].unionId];
		store().removeAttendees(dateAt(id, '2026-03-24'), [gone], host());
		store().addAttendees(dateAt(id, '2026-03-24'), [{ unionId: other, isOptional: false }], host());
		const { error, notKept } = await update(id, '2026-03-17', { summary: 'New' });
		expect(error).toBeUndefined();
		expect(notKept).toEqual(['other attendees of single dates, beyond the first 100 people that DingTalk lists']);
		const at = dateAt(nextOf(id), '2026-03-24').attendees.map(({ unionId }) => unionId);
		expect(at).not.toContain(gone);
		expect(at).toContain(other);
	});

	it('keeps one more of many attendees of a date that differs in other ways', async () => {
		const people = hire(desk(), 130);
		const id = series({ attendees: people.map(({ unionId }) => ({ id: unionId })) });
		const other = desk().people[2].unionId;
		change(id, '2026-03-24', { summary: 'Special' });
		store().addAttendees(dateAt(id, '2026-03-24'), [{ unionId: other, isOptional: false }], host());
		await update(id, '2026-03-17', { location: 'Hall' });
		expect(dateAt(nextOf(id), '2026-03-24').attendees.map(({ unionId }) => unionId)).toContain(other);
		expect(dateAt(nextOf(id), '2026-03-31').attendees.map(({ unionId }) => unionId)).not.toContain(other);
	});

	it('stays a whole day in a series with times', async () => {
		const id = series();
		change(id, '2026-03-24', { span: allDaySpan('2026-03-24', '2026-03-25') });
		const { error, notKept } = await update(id, '2026-03-17', { summary: 'New' });
		expect([error, notKept]).toEqual([undefined, []]);
		expect(dateAt(nextOf(id), '2026-03-24').details.span.allDay).toBe(true);
	});
});

describe('a preview', () => {
	it('has the calls for changed dates, and the run makes the same', async () => {
		const [one] = roomsOf(desk());
		const id = series();
		change(id, '2026-03-10', { summary: 'Special' });
		change(id, '2026-03-24', { summary: 'Other' });
		reserve(desk(), dateAt(id, '2026-03-24').id, [one.roomId]);
		store().cancel(dateAt(id, '2026-03-31'), host());
		const preview = await update(id, '2026-03-17', { location: 'Hall' }, { runOptions: { preview: true } });
		const [item] = preview.items as Array<{ meteredCalls: number; requests: IDataObject[] }>;
		expect([...store().all()]).toHaveLength(1);
		const before = await meteredBy(desk());
		const requestsBefore = (await requestsOf(desk())).length;
		const run = await update(id, '2026-03-17', { location: 'Hall' });
		expect(run.notKept).toEqual([]);
		expect(item.meteredCalls).toBe((await meteredBy(desk())) - before);
		const sent = (await requestsOf(desk())).slice(requestsBefore).map(({ method }) => method);
		expect(sent.slice(-item.requests.length)).toEqual(item.requests.map(({ method }) => method));
	});

	it('lists nothing where the change replaces what was different', async () => {
		const id = series();
		change(id, '2026-03-24', { summary: 'Other' });
		const { notKept } = await update(id, '2026-03-17', { summary: 'New' });
		expect(notKept).toEqual([]);
		expect(await meteredBy(desk())).toBe(5);
	});
});

describe('moving a monthly series', () => {
	const monthly = (day: number, range: IDataObject): string =>
		series({
			...hour(day, 10),
			recurrence: { pattern: { type: 'absoluteMonthly', interval: 1, dayOfMonth: day }, range },
		});

	it.each(['thisAndFollowing', 'wholeSeries'])('to a day that some months lack is refused (%s)', async (applyTo) => {
		const id = monthly(15, { type: 'numbered', numberOfOccurrences: 6 });
		const { error } = await update(
			id,
			'2026-05-15',
			{ start: '2026-05-31T10:00', end: '2026-05-31T11:00' },
			{ applyTo },
		);
		expect(error?.message).toContain('cannot move without losing or adding dates');
		expect(starts(id)).toHaveLength(6);
		expect([...store().all()]).toHaveLength(1);
	});

	it('keeps each date where it moves into another month', async () => {
		const id = monthly(28, { type: 'endDate', endDate: '2026-08-31T23:59:59+08:00' });
		const { error } = await update(id, '2026-05-28', { start: '2026-06-01T10:00', end: '2026-06-01T11:00' });
		expect(error).toBeUndefined();
		expect(starts(nextOf(id))).toEqual(['06', '07', '08', '09'].map((month) => `2026-${month}-01T10:00`));
	});

	it('moves a whole series as one of its dates', async () => {
		const id = series({
			...hour(10, 10),
			recurrence: {
				pattern: { type: 'relativeMonthly', interval: 1, index: 'second', daysOfWeek: 'tuesday' },
				range: { type: 'endDate', endDate: '2026-07-20T23:59:59+08:00' },
			},
		});
		const { error } = await update(
			id,
			'2026-04-14',
			{ start: '2026-04-09T10:00', end: '2026-04-09T11:00' },
			{ applyTo: 'wholeSeries' },
		);
		expect(error).toBeUndefined();
		expect(starts(id)).toEqual(
			['2026-03-12', '2026-04-09', '2026-05-14', '2026-06-11', '2026-07-09'].map((day) => `${day}T10:00`),
		);
	});
});
