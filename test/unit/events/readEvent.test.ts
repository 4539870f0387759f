/** Tests that events are read correctly whatever DingTalk omits, leaves empty or sends twice. */
import { asSent, isAllDay, readBody } from '../../../lib/dingtalk/events/readEvent';

type Event = Record<string, unknown>;

const read = (event: Event): Event => readBody(event) as Event;

const DAY = { date: '2026-03-02' };
const NEXT_DAY = { date: '2026-03-03' };
const TIME = { dateTime: '2026-03-02T10:15:30+08:00', timeZone: 'Asia/Shanghai' };
const LATER = { dateTime: '2026-03-02T11:15:30+08:00', timeZone: 'Asia/Shanghai' };

describe('Reading an event from a response', () => {
	it.each<[string, Event, Event]>([
		[
			'a time beside a date',
			{ isAllDay: false, start: { ...DAY, ...TIME }, end: { ...DAY, ...LATER } },
			{ start: TIME, end: LATER },
		],
		[
			'a time beside a date, without isAllDay',
			{ start: { ...DAY, ...TIME }, end: { ...DAY, ...LATER } },
			{ start: TIME, end: LATER },
		],
		[
			'a time beside a date that is null',
			{ start: { date: null, ...TIME }, end: { date: null, ...LATER } },
			{ start: TIME, end: LATER },
		],
		[
			'a time beside an empty date',
			{ start: { date: '', ...TIME }, end: { date: '', ...LATER } },
			{ start: TIME, end: LATER },
		],
		[
			'an all-day event in UTC, which stands for the day in China',
			{
				isAllDay: true,
				start: { dateTime: '2026-03-01T16:00:00.000Z' },
				end: { dateTime: '2026-03-02T16:00:00.000Z' },
			},
			{ start: DAY, end: NEXT_DAY },
		],
		[
			'a date beside an empty time',
			{ start: { ...DAY, dateTime: '', timeZone: '' }, end: { ...NEXT_DAY, dateTime: null } },
			{ start: DAY, end: NEXT_DAY },
		],
		[
			'a date beside a time of an all-day event',
			{ isAllDay: true, start: { ...DAY, ...TIME }, end: { ...NEXT_DAY, ...LATER } },
			{ start: DAY, end: NEXT_DAY },
		],
		[
			'a time alone of an all-day event',
			{
				isAllDay: true,
				start: { dateTime: '2026-03-01T16:00:00Z', timeZone: 'Asia/Shanghai' },
				end: { dateTime: '2026-03-02T16:00:00Z', timeZone: 'Asia/Shanghai' },
			},
			{ start: DAY, end: NEXT_DAY },
		],
		['an end date that equals the start', { start: DAY, end: DAY }, { start: DAY, end: NEXT_DAY }],
		['an end date before the start', { start: DAY, end: { date: '2026-03-01' } }, { start: DAY, end: NEXT_DAY }],
		[
			'an end without a time of day, after a start with one',
			{ isAllDay: false, start: TIME, end: { ...DAY, dateTime: null } },
			{ start: TIME, end: NEXT_DAY },
		],
		[
			'an end without a time of day, on the day after a start with one',
			{ start: TIME, end: NEXT_DAY },
			{ start: TIME, end: { date: '2026-03-04' } },
		],
		[
			'an end date after a start at midnight, without isAllDay',
			{ start: { dateTime: '2026-03-02T00:00:00+08:00', timeZone: 'Asia/Shanghai' }, end: NEXT_DAY },
			{ start: DAY, end: NEXT_DAY },
		],
		['an end date without a start', { isAllDay: true, end: NEXT_DAY }, { start: undefined, end: NEXT_DAY }],
		[
			'the end date of an event with times, without a start',
			{ isAllDay: false, start: null, end: DAY },
			{ start: undefined, end: NEXT_DAY },
		],
		['an end date that may be the last day or the one after', { start: {}, end: DAY }, { start: {}, end: {} }],
	])('returns the right start and end for %s', (_name, sent, expected) => {
		const { start, end } = read(sent);
		expect({ start, end }).toEqual(expected);
	});

	it('removes nulls at any depth', () => {
		expect(
			read({ attendees: null, events: [{ id: 'a', location: null, people: [null, { name: null, id: 1 }] }, null] }),
		).toEqual({ events: [{ id: 'a', people: [{ id: 1 }] }] });
	});

	it('keeps the times that DingTalk sent for the raw output', () => {
		const event = read({
			id: 'a',
			unknown: 1,
			description: null,
			start: { ...DAY, ...TIME },
			end: { ...DAY, ...LATER },
		});
		expect(asSent(event)).toEqual({ id: 'a', unknown: 1, start: { ...DAY, ...TIME }, end: { ...DAY, ...LATER } });
	});

	it('returns the same object if nothing changes', () => {
		const body = { events: [{ id: 'a', start: TIME, end: LATER }] };
		expect(readBody(body)).toBe(body);
	});
});

describe('Whether an event takes whole days', () => {
	it.each<[string, Event, boolean]>([
		['a date', { start: DAY, end: NEXT_DAY }, true],
		['a time', { start: TIME, end: LATER }, false],
		['a time beside a date', { start: { ...DAY, ...TIME }, end: { ...DAY, ...LATER } }, false],
		['a date beside an empty time', { start: { ...DAY, dateTime: '' }, end: { ...NEXT_DAY, dateTime: null } }, true],
		['a time of an event of whole days', { isAllDay: true, start: TIME, end: LATER }, true],
		['no start, and an end with a time', { end: LATER }, false],
		['no start, and an end date of an event of whole days', { isAllDay: true, end: NEXT_DAY }, true],
		['no times, and isAllDay', { isAllDay: true, start: {}, end: null }, true],
		['no times', { start: null, end: {} }, false],
		['a lost start time', { isAllDay: false, start: { ...DAY, dateTime: '' }, end: { ...DAY, ...LATER } }, false],
		['a lost start time, without isAllDay', { start: { ...DAY, dateTime: null }, end: LATER }, false],
		['a lost end time', { isAllDay: false, start: TIME, end: { ...DAY, dateTime: '' } }, false],
		['two lost times', { isAllDay: false, start: { ...DAY, dateTime: '' }, end: { ...DAY, dateTime: '' } }, false],
		['days of an event that says no', { isAllDay: false, start: DAY, end: NEXT_DAY }, false],
	])('is detected correctly for %s', (_name, event, expected) => expect(isAllDay(read(event))).toBe(expected));
});

describe('Reading a free/busy item from a response', () => {
	it('uses the time rather than the date if both are sent', () => {
		const item = { status: 'BUSY', start: { ...DAY, ...TIME }, end: { ...DAY, ...LATER } };
		expect(readBody({ scheduleInformation: [{ error: null, scheduleItems: [item] }] })).toEqual({
			scheduleInformation: [{ scheduleItems: [{ status: 'BUSY', start: TIME, end: LATER }] }],
		});
	});
});
