/** Sends each documented mistake in an event with DingTalk's official client and expects the documented error. */
import { invalidParameter, itemNotFound, refusalOf } from './refusal';
import { rawCall } from './sdk';
import { at, DAY, daily, meeting, meetingOn } from './samples';
import { useStage } from './stage';

const stage = useStage();

/** As it stands in a path: the client puts ids there as they are. */
const BLANK = '%20';

const counted = (numberOfOccurrences: number): object => ({
	recurrence: daily({ type: 'numbered', numberOfOccurrences }),
});

const RECURRENCE_ROWS: Array<[string, object]> = [
	['Recurrence range numberOfOccurrences must between [1, 99]', counted(0)],
	['Recurrence range numberOfOccurrences must between [1, 99]', counted(100)],
	['Recurrence interval must between [1, 365]', { recurrence: daily(undefined, 0) }],
	['Recurrence interval must between [1, 365]', { recurrence: daily(undefined, 366) }],
];

describe('createEvent', () => {
	it.each<[string, object]>([
		['Event summary cannot be blank', { summary: undefined }],
		['Event summary cannot be blank', { summary: ' ' }],
		['Event start time not set.', { start: undefined }],
		['Event start time not set.', { start: {} }],
		['Event end time not set.', { end: undefined }],
		['Event end time not set.', { end: {} }],
		...RECURRENCE_ROWS,
	])('returns "%s" (row %#)', async (message, fields) => {
		const host = await stage.user();
		expect(await refusalOf(host.create(meeting({ ...fields })))).toEqual(invalidParameter(message));
		expect((await stage.state()).events).toEqual([]);
	});

	it('returns "CalendarId cannot be blank"', async () => {
		const host = await stage.user();
		expect(await refusalOf(host.on(BLANK).create(meeting()))).toEqual(invalidParameter('CalendarId cannot be blank'));
	});

	it('returns "Event must be provided." for a request without body, which the typed call cannot make', async () => {
		const { token, unionId } = await stage.user();
		const path = `/v1.0/calendar/users/${unionId}/calendars/primary/events`;
		const refusal = await refusalOf(rawCall(stage.sdk, { method: 'POST', path, token }));
		expect(refusal).toEqual(invalidParameter('Event must be provided.'));
	});

	it.each<[string, object]>([
		['a title over 2048 characters', { summary: 'x'.repeat(2049) }],
		['a description over 5000 characters', { description: 'x'.repeat(5001) }],
		['an end before the start', { end: at('2026-03-02T09:00:00+08:00') }],
		['different time zones for start and end', { end: at('2026-03-02T12:00:00+09:00', 'Asia/Tokyo') }],
		['a dateTime without an offset', { start: at('2026-03-02T10:00:00') }],
		['both a date and a dateTime', { start: { ...at('2026-03-02T10:00:00+08:00'), date: '2026-03-02' } }],
		['a dateTime for an all-day event', { isAllDay: true }],
		[
			'an all-day event that ends before it starts',
			{ isAllDay: true, start: { date: '2026-03-02' }, end: { date: '2026-03-01' } },
		],
		[
			'a series with both a count and an end date',
			{ recurrence: daily({ type: 'numbered', numberOfOccurrences: 3, endDate: '2026-03-09T00:00:00Z' }) },
		],
		['an attendee named by userId', { attendees: [{ id: 'manager4220' }] }],
		['a reminder method other than DingTalk', { reminders: [{ method: 'sms', minutes: 5 }] }],
		['501 attendees', { attendees: Array.from({ length: 501 }, () => ({ id: 'x' })) }],
	])('returns an error of the back end for %s', async (_name, fields) => {
		const host = await stage.user();
		expect(await refusalOf(host.create(meeting({ ...fields })))).toEqual(invalidParameter());
	});

	it('returns "permissionDeny" for a user outside the app\'s range', async () => {
		const { userId } = stage.person(7);
		await stage.control('people', { userId, outsideScope: true });
		const hidden = await stage.user(7);
		expect(await refusalOf(hidden.create(meeting()))).toEqual({
			status: 400,
			code: 'permissionDeny',
			message: 'permissionDeny',
		});
	});

	it('returns itemNotFound for an unknown calendar', async () => {
		const host = await stage.user();
		expect(await refusalOf(host.on('elsewhere').create(meeting()))).toEqual(itemNotFound);
	});

	it('returns flowLimit for the 101st event of a day, until the next day', async () => {
		const host = await stage.user(0);
		const created = await Promise.all(Array.from({ length: 100 }, () => host.createId(meeting())));
		// What is deleted was created all the same.
		await host.delete(created[0]);
		expect(await refusalOf(host.create(meeting()))).toEqual({
			status: 400,
			code: 'flowLimit',
			message: 'current user can not create events exceed 100 per day',
		});
		expect((await stage.state()).events).toHaveLength(100);
		expect(await (await stage.user(1)).createId(meeting())).toBeTruthy();
		await stage.advance(DAY);
		const tomorrow = stage.calendarOf(host.unionId, await stage.appToken());
		expect(await tomorrow.createId(meeting())).toBeTruthy();
	});
});

describe('patchEvent', () => {
	it.each<[string, object]>([
		...RECURRENCE_ROWS,
		['Event id summary cannot be blank', { id: '' }],
		['Event id summary cannot be blank', { id: ' ' }],
	])('returns "%s" (row %#)', async (message, changes) => {
		const host = await stage.user();
		const id = await host.createId(meeting());
		expect(await refusalOf(host.patch(id, { ...changes }))).toEqual(invalidParameter(message));
	});

	it('returns "CalendarId cannot be blank"', async () => {
		const host = await stage.user();
		expect(await refusalOf(host.on(BLANK).patch('x', {}))).toEqual(invalidParameter('CalendarId cannot be blank'));
	});

	it('returns "Event must be provided." for a request without body, which the typed call cannot make', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting());
		const path = `/v1.0/calendar/users/${host.unionId}/calendars/primary/events/${id}`;
		const refusal = await refusalOf(rawCall(stage.sdk, { method: 'PUT', path, token: host.token }));
		expect(refusal).toEqual(invalidParameter('Event must be provided.'));
	});

	it('returns "Meeting room invalid" when a booked room is taken at the new time', async () => {
		const host = await stage.user();
		const [room] = stage.world.company.rooms;
		const monday = await host.createId(meetingOn('2026-03-02'));
		const tuesday = await host.createId(meetingOn('2026-03-03'));
		stage.book(monday, room);
		stage.book(tuesday, room);
		expect(await refusalOf(host.patch(monday, meetingOn('2026-03-03')))).toEqual(
			invalidParameter('Meeting room invalid'),
		);
		expect(await host.patch(monday, meetingOn('2026-03-04'))).toMatchObject({
			location: { meetingRooms: [room.roomName] },
		});
	});

	it.each<[string, object]>([
		['a title over 2048 characters', { summary: 'x'.repeat(2049) }],
		['a description over 5000 characters', { description: 'x'.repeat(5001) }],
		['501 attendees', { attendees: Array.from({ length: 501 }, () => ({ id: 'x' })) }],
		['a uiConfigs entry without status', { uiConfigs: [{ uiName: 'comment' }] }],
		['an end before the start', { end: at('2026-03-02T09:00:00+08:00') }],
	])('returns an error of the back end for %s', async (_name, changes) => {
		const host = await stage.user();
		const id = await host.createId(meeting());
		expect(await refusalOf(host.patch(id, { ...changes }))).toEqual(invalidParameter());
		expect((await host.get(id)).summary).toBe('Weekly review');
	});

	it('returns itemNotFound for an unknown event, a deleted event and an event of another user', async () => {
		const host = await stage.user(0);
		const stranger = await stage.user(1);
		const id = await host.createId(meeting());
		expect(await refusalOf(host.patch('nothing', {}))).toEqual(itemNotFound);
		expect(await refusalOf(stranger.patch(id, {}))).toEqual(itemNotFound);
		await stage.set({ writesToCancelled: 'refused' });
		await host.delete(id);
		expect(await refusalOf(host.patch(id, { summary: 'x' }))).toEqual(itemNotFound);
	});
});

describe('deleteEvent', () => {
	it('returns invalidParameter for a blank calendar and a pushNotification that is not a boolean', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting());
		expect(await refusalOf(host.on(BLANK).delete(id))).toEqual(invalidParameter('CalendarId cannot be blank'));
		expect(await refusalOf(host.delete(id, { pushNotification: 'perhaps' }))).toEqual(invalidParameter());
		expect((await host.get(id)).status).toBe('confirmed');
	});

	it('returns itemNotFound for an unknown event, a deleted event and an event of another user', async () => {
		const host = await stage.user(0);
		const id = await host.createId(meeting());
		expect(await refusalOf(host.delete('nothing'))).toEqual(itemNotFound);
		expect(await refusalOf((await stage.user(1)).delete(id))).toEqual(itemNotFound);
		await host.delete(id);
		expect(await refusalOf(host.delete(id))).toEqual(itemNotFound);
	});
});

describe('getEvent', () => {
	it('returns invalidParameter for maxAttendees over 500', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting());
		expect(await host.get(id, { maxAttendees: 500 })).toMatchObject({ id });
		expect(await refusalOf(host.get(id, { maxAttendees: 501 }))).toEqual(invalidParameter());
	});

	it('returns instanceNotExist for a deleted event that a list still shows', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting());
		await host.delete(id);
		expect((await host.list({ showDeleted: true })).events).toMatchObject([{ id, status: 'cancelled' }]);
		expect(await refusalOf(host.get(id))).toEqual({
			status: 404,
			code: 'instanceNotExist',
			message: 'instance not exist',
		});
	});

	it('returns instanceNotExist for an occurrence that its series no longer has', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting({ recurrence: daily() }));
		const { events = [] } = await host.view({
			timeMin: '2026-03-03T00:00:00+08:00',
			timeMax: '2026-03-04T00:00:00+08:00',
		});
		await host.patch(id, { recurrence: daily(undefined, 2) });
		expect(await refusalOf(host.get(events[0].id ?? ''))).toMatchObject({ status: 404, code: 'instanceNotExist' });
	});

	it('returns itemNotFound for an unknown event and an event of another user', async () => {
		const id = await (await stage.user(0)).createId(meeting());
		const stranger = await stage.user(1);
		expect(await refusalOf(stranger.get(id))).toEqual(itemNotFound);
		expect(await refusalOf(stranger.get('nothing'))).toEqual(itemNotFound);
	});
});

describe('listEvents', () => {
	it.each<[string, object]>([
		['a window over a year', { timeMin: '2026-01-01T00:00:00Z', timeMax: '2027-01-01T00:00:01Z' }],
		['a window that ends before it starts', { timeMin: '2026-01-02T00:00:00Z', timeMax: '2026-01-01T00:00:00Z' }],
		['a time without an offset', { timeMin: '2026-01-02T00:00:00' }],
		['more than 100 events on a page', { maxResults: 101 }],
		['zero events on a page', { maxResults: 0 }],
		['more than 100 attendees', { maxAttendees: 101 }],
		['an invalid page token', { nextToken: 'nonsense' }],
		['an invalid sync token', { syncToken: 'nonsense' }],
	])('returns invalidParameter for %s', async (_name, query) => {
		expect(await refusalOf((await stage.user()).list({ ...query }))).toEqual(invalidParameter());
	});

	it('accepts a window of exactly one year', async () => {
		const query = { timeMin: '2026-01-01T00:00:00Z', timeMax: '2027-01-01T00:00:00Z' };
		expect((await (await stage.user()).list(query)).events).toEqual([]);
	});
});

describe('listEventsView', () => {
	it.each<[string, object]>([
		['a window that ends before it starts', { timeMin: '2026-01-02T00:00:00Z', timeMax: '2026-01-01T00:00:00Z' }],
		['a time without an offset', { timeMax: '2026-01-02T00:00:00' }],
		['more than 100 events on a page', { maxResults: 101 }],
		['more than 100 attendees', { maxAttendees: 101 }],
		['an invalid page token', { nextToken: 'nonsense' }],
	])('returns invalidParameter for %s', async (_name, query) => {
		expect(await refusalOf((await stage.user()).view({ ...query }))).toEqual(invalidParameter());
	});

	it('refuses the page token of another call or user', async () => {
		const [host, guest] = [await stage.user(0), await stage.user(1)];
		for (const user of [host, host, guest, guest]) await user.create(meeting());
		const { nextToken } = await host.list({ maxResults: 1 });
		expect(nextToken).toBeTruthy();
		expect(await refusalOf(host.view({ nextToken }))).toEqual(invalidParameter());
		expect(await refusalOf(guest.list({ nextToken }))).toEqual(invalidParameter());
	});
});

describe('A user', () => {
	it('is not accepted by userId', async () => {
		const { token } = await stage.user();
		const { userId } = stage.person(0);
		expect(await refusalOf(stage.calendarOf(userId, token).list())).toEqual(invalidParameter());
	});
});
