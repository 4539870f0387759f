/** Tests what the simulator refuses in events. */
import { CalendarStore } from '../../simulator/calendar/calendarStore';
import type { Fields } from '../../simulator/fields';
import { at, daily, CalendarTestbed, event, eventPath, GUEST, HOST, OTHER, PRIMARY } from './calendarTestbed';

const DESK = new CalendarTestbed();
const EVENTS = `${PRIMARY(HOST)}/events`;
const rule = (pattern: Fields, range: Fields = { type: 'noEnd' }): Fields => event({ recurrence: { pattern, range } });

describe('A new event', () => {
	it.each([
		['a body', undefined, 'Event must be provided.'],
		['a title', event({ summary: undefined }), 'Event summary cannot be blank'],
		['a title that is not blank', event({ summary: '  ' }), 'Event summary cannot be blank'],
		['a start', event({ start: undefined }), 'Event start time not set.'],
		['a start with a time', event({ start: {} }), 'Event start time not set.'],
		['an end', event({ end: undefined }), 'Event end time not set.'],
		[
			'a count up to 99',
			event({ recurrence: daily({ type: 'numbered', numberOfOccurrences: 100 }) }),
			'Recurrence range numberOfOccurrences must between [1, 99]',
		],
		[
			'a count from 1',
			event({ recurrence: daily({ type: 'numbered', numberOfOccurrences: 0 }) }),
			'Recurrence range numberOfOccurrences must between [1, 99]',
		],
		[
			'an interval up to 365',
			event({ recurrence: daily(undefined, 366) }),
			'Recurrence interval must between [1, 365]',
		],
		['an interval', rule({ type: 'daily' }), 'Recurrence interval must between [1, 365]'],
	])('requires %s', (_name, body, message) => {
		expect(DESK.refusal('POST', EVENTS, body)).toEqual({ status: 400, code: 'invalidParameter', message });
	});

	it.each<[string, Fields]>([
		['a title of 2049 characters', event({ summary: 'x'.repeat(2049) })],
		['a description of 5001 characters', event({ description: 'x'.repeat(5001) })],
		['501 attendees', event({ attendees: Array.from({ length: 501 }, () => ({ id: GUEST })) })],
		['an attendee given by userId', event({ attendees: [{ id: 'user-guest' }] })],
		['an attendee without ID', event({ attendees: [{}] })],
		['an end before the start', event({ end: at('2026-03-02T09:00:00+08:00') })],
		['a missing time zone', event({ start: { dateTime: '2026-03-02T10:00:00+08:00' } })],
		['an unknown time zone', event({ start: at('2026-03-02T10:00:00+08:00', 'Mars/Olympus') })],
		['an offset as the time zone', event({ start: at('2026-03-02T10:00:00+08:00', '+08:00') })],
		['another time zone at the end', event({ end: at('2026-03-02T12:00:00+08:00', 'Asia/Tokyo') })],
		['a time without an offset', event({ start: at('2026-03-02T10:00:00') })],
		['a time that does not exist', event({ start: at('2026-02-30T10:00:00Z') })],
		['both a date and a dateTime', event({ start: { ...at('2026-03-02T10:00:00Z'), date: '2026-03-02' } })],
		['a dateTime for an all-day event', event({ isAllDay: true })],
		[
			'a time zone for an all-day event',
			event({ isAllDay: true, start: { date: '2026-03-02', timeZone: 'UTC' }, end: { date: '2026-03-03' } }),
		],
		[
			'an all-day event that ends before it starts',
			event({ isAllDay: true, start: { date: '2026-03-02' }, end: { date: '2026-03-01' } }),
		],
		['dates without isAllDay', event({ start: { date: '2026-03-02' }, end: { date: '2026-03-03' } })],
		['a weekly rule without days', rule({ type: 'weekly', interval: 1 })],
		['a weekday in capitals', rule({ type: 'weekly', interval: 1, daysOfWeek: 'Monday' })],
		['weekdays as an array', rule({ type: 'weekly', interval: 1, daysOfWeek: ['monday'] })],
		['a monthly rule without a day', rule({ type: 'absoluteMonthly', interval: 1 })],
		['a relative rule without an index', rule({ type: 'relativeMonthly', interval: 1, daysOfWeek: 'monday' })],
		['an unknown rule', rule({ type: 'hourly', interval: 1 })],
		['a rule without a range', event({ recurrence: { pattern: { type: 'daily', interval: 1 } } })],
		[
			'a range with both a count and an end date',
			rule({ type: 'daily', interval: 1 }, { type: 'endDate', endDate: '2026-04-01', numberOfOccurrences: 3 }),
		],
		['an end date range without an end date', rule({ type: 'daily', interval: 1 }, { type: 'endDate' })],
		[
			'a range that ends before it starts',
			rule({ type: 'daily', interval: 1 }, { type: 'endDate', endDate: '2026-03-01' }),
		],
		['another reminder method', event({ reminders: [{ method: 'pigeon', minutes: 5 }] })],
		['a reminder without minutes', event({ reminders: [{ method: 'dingtalk' }] })],
		['an extra that is not a string', event({ extra: { noPushNotification: true } })],
		['an empty uiName', event({ uiConfigs: [{ uiName: '', uiStatus: 'hide' }] })],
		['another type of online meeting', event({ onlineMeetingInfo: { type: 'other' } })],
	])('is refused with %s', (_name, body) => {
		expect(DESK.refusal('POST', EVENTS, body)).toMatchObject({ status: 400, code: 'invalidParameter' });
	});

	it('accepts each documented time format', () => {
		for (const start of ['2026-03-02T02:00Z', '2026-03-02T10:00:00+0800', '2026-03-02T02:00:00.000Z']) {
			expect(DESK.create({ start: at(start) }).start).toEqual(at('2026-03-02T10:00:00+08:00'));
		}
	});

	it('can require milliseconds in times', () => {
		const testbed = new CalendarTestbed({ timestampsNeedMilliseconds: true });
		expect(testbed.refusal('POST', EVENTS, event({}))).toMatchObject({
			status: 400,
			code: 'InvalidParameter.ParsedISO8601TimestampError',
		});
		expect(
			testbed.create({ start: at('2026-03-02T02:00:00.000Z'), end: at('2026-03-02T03:00:00.000Z') }).id,
		).toBeTruthy();
	});
});

describe('The user of a calendar call', () => {
	it('must be given by unionId', () => {
		const path = `${PRIMARY('user-host')}/events`;
		expect(DESK.refusal('POST', path, event({}))).toMatchObject({ status: 400, code: 'invalidParameter' });
		expect(new CalendarTestbed({ unknownUser: 'itemNotFound' }).refusal('POST', path, event({}))).toMatchObject({
			status: 404,
		});
	});

	it('must be the user of a user token', () => {
		expect(DESK.refusal('POST', EVENTS, event({}), GUEST)).toMatchObject({ status: 403, code: 'permissionDenied' });
		expect(DESK.ask('POST', EVENTS, event({}), HOST).id).toBeTruthy();
	});

	it('has one calendar, called primary', () => {
		const user = `/v1.0/calendar/users/${HOST}/calendars`;
		expect(DESK.refusal('GET', `${user}/other/events`)).toMatchObject({ status: 404, code: 'itemNotFound' });
		expect(DESK.refusal('GET', `${user}/%20/events`)).toEqual({
			status: 400,
			code: 'invalidParameter',
			message: 'CalendarId cannot be blank',
		});
	});

	it("cannot create events when outside the app's range", () => {
		const testbed = new CalendarTestbed();
		Object.assign(testbed.world.company.byUnionId(HOST) ?? {}, { outsideScope: true });
		expect(testbed.refusal('POST', EVENTS, event({}))).toMatchObject({
			status: 400,
			code: 'permissionDeny',
			message: 'permissionDeny',
		});
	});

	it('can create 100 events a day', () => {
		const testbed = new CalendarTestbed();
		for (let i = 0; i < 100; i++) testbed.create();
		expect(testbed.refusal('POST', EVENTS, event({}))).toEqual({
			status: 400,
			code: 'flowLimit',
			message: 'current user can not create events exceed 100 per day',
		});
		testbed.create({}, GUEST);
		testbed.clock.advance(24 * 3_600_000);
		expect(testbed.create().id).toBeTruthy();
	});
});

describe('A change to an event', () => {
	const testbed = new CalendarTestbed();
	const { id } = testbed.create({ attendees: [{ id: GUEST }] });
	const put = (body: unknown, user = HOST): Fields => testbed.refusal('PUT', eventPath(id, user), body);

	it('requires the event ID in the body', () => {
		expect(put({ summary: 'x' })).toEqual({
			status: 400,
			code: 'invalidParameter',
			message: 'Event id summary cannot be blank',
		});
		expect(put({ id: 'other', summary: 'x' })).toMatchObject({ status: 400, code: 'invalidParameter' });
		expect(put(undefined)).toMatchObject({ message: 'Event must be provided.' });
	});

	it('is allowed only to the organizer, depending on the switch', () => {
		expect(put({ id, summary: 'x' }, GUEST)).toMatchObject({ status: 400, code: 'invalidParameter' });
		testbed.world.switches.updateByNonOrganizer = 'permissionDenied';
		expect(put({ id, summary: 'x' }, GUEST)).toMatchObject({ status: 403, code: 'permissionDenied' });
		testbed.world.switches.updateByNonOrganizer = 'allowed';
		expect(testbed.patch(id, { summary: 'by guest' }, GUEST).summary).toBe('by guest');
	});

	it("is refused for an event that is not on the user's calendar", () => {
		expect(put({ id, summary: 'x' }, OTHER)).toMatchObject({ status: 404, code: 'itemNotFound' });
		expect(testbed.refusal('PUT', eventPath('nothing'), { id: 'nothing' })).toMatchObject({
			status: 404,
			code: 'itemNotFound',
		});
	});

	it('requires a status for each uiConfigs entry', () => {
		expect(put({ id, uiConfigs: [{ uiName: 'comment' }] })).toMatchObject({ code: 'invalidParameter' });
	});
});

describe('The attendee list', () => {
	const { id } = DESK.create();
	const user = `/v1.0/calendar/users/${HOST}/calendars`;

	it.each([
		[`${user}/%20/events/x/attendees`, 'invalidParameter.event.calendarId', 'CalendarId cannot be blank'],
		[`${user}/primary/events/%20/attendees`, 'invalidParameter.event.eventId', 'eventId cannot be blank'],
		[
			`${eventPath(id)}/attendees?maxResults=501`,
			'invalidParameter.maxResults',
			'maxResults size must within range [0,500]',
		],
	])('returns a specific error code for %s', (path, code, message) => {
		expect(DESK.refusal('GET', path)).toEqual({ status: 400, code, message });
	});

	it('returns a different error for subscribed calendars', () => {
		const testbed = new CalendarTestbed();
		const path = `${user}/elsewhere/events/x/attendees`;
		expect(testbed.refusal('GET', path)).toMatchObject({ status: 400, code: 'invalidParameter' });
		testbed.world.use(CalendarStore).subscribedCalendarIds.add('elsewhere');
		expect(testbed.refusal('GET', path)).toEqual({
			status: 400,
			code: 'invalidParameter.subscribed.invalid',
			message: 'Subscribed calendar not support this method',
		});
	});

	it('returns 400 instead of 404 for an unknown event', () => {
		expect(DESK.refusal('GET', `${eventPath('nothing')}/attendees`)).toMatchObject({
			status: 400,
			code: 'invalidParameter',
		});
	});
});
