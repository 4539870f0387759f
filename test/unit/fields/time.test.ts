/** Tests how dates and times are read from fields, sent to DingTalk, and formatted for output. */
import { DateTime } from 'luxon';

import { InputError } from '../../../lib/n8n/InputError';
import {
	localEnd,
	localTime,
	readMoment,
	readOptionalMoment,
	readTimes,
	readZone,
} from '../../../lib/n8n/fields/dateTime';
import type { Item } from '../../../lib/n8n/ItemContext';

const SHANGHAI = 'Asia/Shanghai';
const BERLIN = 'Europe/Berlin';
const NEW_YORK = 'America/New_York';
const KATHMANDU = 'Asia/Kathmandu';
/** Its clocks go forward at midnight, so that the day of 29 March 2026 begins at one o'clock. */
const BEIRUT = 'Asia/Beirut';

const timed = (start: unknown, zone: string) => readTimes({ start, allDay: false, zone }).start;
const day = (start: unknown, zone = SHANGHAI) => readTimes({ start, allDay: true, zone }).start;

function refusal(read: () => unknown): InputError {
	try {
		read();
	} catch (error) {
		if (error instanceof InputError) return error;
		throw error;
	}
	throw new Error('It was not refused');
}

describe('A time of day', () => {
	it.each([
		['2026-03-02T10:00', SHANGHAI, '2026-03-02T10:00:00+08:00'],
		['2026-03-02 10:00', SHANGHAI, '2026-03-02T10:00:00+08:00'],
		['2026-03-02  10:00:30', SHANGHAI, '2026-03-02T10:00:30+08:00'],
		[' 2026-03-02T10:00:00.000\n', SHANGHAI, '2026-03-02T10:00:00+08:00'],
		['20260302T100000Z', SHANGHAI, '2026-03-02T18:00:00+08:00'],
		['2026-03-02T10:00Z', SHANGHAI, '2026-03-02T18:00:00+08:00'],
		['2026-03-02T10:00:00z', 'UTC', '2026-03-02T10:00:00+00:00'],
		['2026-03-02T10:00+01:00', SHANGHAI, '2026-03-02T17:00:00+08:00'],
		['2026-03-02T10:00+0100', SHANGHAI, '2026-03-02T17:00:00+08:00'],
		['2026-03-02T10:00+01', SHANGHAI, '2026-03-02T17:00:00+08:00'],
		['2026-03-02T10:00-05', BERLIN, '2026-03-02T16:00:00+01:00'],
		['2026-03-02T10:00', KATHMANDU, '2026-03-02T10:00:00+05:45'],
		['2026-02-28T23:30', NEW_YORK, '2026-02-28T23:30:00-05:00'],
		['2028-02-29T10:00', SHANGHAI, '2028-02-29T10:00:00+08:00'],
		// Around clock changes.
		['2026-03-29T01:59', BERLIN, '2026-03-29T01:59:00+01:00'],
		['2026-03-29T03:00', BERLIN, '2026-03-29T03:00:00+02:00'],
		['2026-03-29T00:30Z', BERLIN, '2026-03-29T01:30:00+01:00'],
		['2026-03-29T01:30Z', BERLIN, '2026-03-29T03:30:00+02:00'],
		['2026-10-25T02:30', BERLIN, '2026-10-25T02:30:00+02:00'],
		['2026-10-25T02:30+01:00', BERLIN, '2026-10-25T02:30:00+01:00'],
		['2026-03-08T03:30', NEW_YORK, '2026-03-08T03:30:00-04:00'],
		['2026-03-29T02:30', SHANGHAI, '2026-03-29T02:30:00+08:00'],
	])('%j in %s is sent as %s', (typed, zone, dateTime) => {
		expect(timed(typed, zone)).toEqual({ dateTime, timeZone: zone });
	});

	it.each<[string, unknown]>([
		['luxon', DateTime.fromISO('2026-03-02T10:00', { zone: BERLIN })],
		['a date', new Date('2026-03-02T09:00:00Z')],
		['milliseconds', Date.UTC(2026, 2, 2, 9)],
	])('can be entered as %s', (_, typed) => {
		expect(timed(typed, SHANGHAI)).toEqual({ dateTime: '2026-03-02T17:00:00+08:00', timeZone: SHANGHAI });
	});

	it.each([
		['2026-03-29T02:30', BERLIN],
		['2026-03-29 02:00', BERLIN],
		['2026-03-08T02:30', NEW_YORK],
		['2026-03-29T00:30', BEIRUT],
	])('%j is rejected in %s, where the clocks skip it', (typed, zone) => {
		const { field, message } = refusal(() => timed(typed, zone));
		expect(field).toBe('Start');
		expect(message).toBe(`'Start' does not exist in ${zone}: ${typed} is skipped when the clocks go forward`);
	});

	it.each([
		['2026-02-30T10:00', 'is a date or time that does not exist: 2026-02-30T10:00'],
		['2027-02-29T10:00', 'is a date or time that does not exist'],
		['2026-04-31 10:00', 'is a date or time that does not exist'],
		['2026-13-01T10:00', 'is a date or time that does not exist'],
		['2026-03-02T25:00', 'is a date or time that does not exist'],
		['2026-02-30', 'is a date or time that does not exist'],
		['2026-03-02', 'has no time of day: 2026-03-02'],
		['20260302', 'is not a valid date and time'],
		['2026-03', 'is not a valid date and time'],
		['2026', 'is not a valid date and time'],
		['10:00', 'is not a valid date and time'],
		['2026/03/02 10:00', 'is not a valid date and time'],
		['March 2, 2026', 'is not a valid date and time'],
		['tomorrow', 'is not a valid date and time'],
		['明天', 'is not a valid date and time'],
		['', 'is empty'],
		['  ', 'is empty'],
		[null, 'is empty'],
		[true, 'is empty'],
		[{}, 'is empty'],
		[1_772_416_800, 'is a number that would be a time in 1970: 1772416800'],
		[0, 'is a number that would be a time in 1970: 0'],
		[Number.NaN, 'is not a valid date and time'],
		[Number.POSITIVE_INFINITY, 'is not a valid date and time'],
		[1e300, 'is not a valid date and time'],
		[new Date('nonsense'), 'is not a valid date and time'],
		[DateTime.invalid('nonsense'), 'is not a valid date and time'],
	])('%j is rejected with the problem %s', (typed, problem) => {
		const { field, message, advice } = refusal(() => readMoment(typed, SHANGHAI, 'End'));
		expect(field).toBe('End');
		expect(message).toContain(`'End' ${problem}`);
		expect(advice).not.toBe('');
	});

	it.each([BERLIN, NEW_YORK, BEIRUT, 'Australia/Lord_Howe', 'Pacific/Apia', 'Africa/Casablanca'])(
		'is the first instant with that local time in %s, around each clock change',
		(zone) => {
			const clocks = new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
			const QUARTER = 15 * 60_000;
			const from = Date.parse('2026-01-01T00:00:00Z');
			const quarters = Array.from({ length: 366 * 96 }, (_, i) => from + i * QUARTER);
			/** Local time, mapped to the first instant that has it. */
			const first = new Map<string, number>();
			for (const at of quarters) {
				const shown = clocks.format(at);
				if (!first.has(shown)) first.set(shown, at);
			}
			// Days around each clock change, and some others.
			const offsetAt = (at: number): number => Date.parse(`${clocks.format(at).replace(' ', 'T')}Z`) - at;
			const near = quarters.filter(
				(at, i) => i % 9000 < 30 || offsetAt(at - 12 * 4 * QUARTER) !== offsetAt(at + 12 * 4 * QUARTER),
			);
			let skipped = 0;
			for (const at of near.filter((one) => one > from + 96 * QUARTER && one < from + 360 * 96 * QUARTER)) {
				// The local times near this instant, including skipped ones.
				const typed = new Date(at + offsetAt(from)).toISOString().slice(0, 16).replace('T', ' ');
				const expected = first.get(typed);
				if (expected === undefined) {
					skipped++;
					expect(refusal(() => readMoment(typed, zone, 'Start')).message).toContain('does not exist');
				} else {
					expect([typed, readMoment(typed, zone, 'Start').toMillis()]).toEqual([typed, expected]);
				}
			}
			expect(near.length).toBeGreaterThan(100);
			// Apia's clocks have not been changed for years.
			expect(skipped > 0).toBe(zone !== 'Pacific/Apia');
		},
	);
});

describe('A day', () => {
	it.each([
		['2026-03-02', SHANGHAI, '2026-03-02'],
		['2026-03-02', NEW_YORK, '2026-03-02'],
		['2026-03-02T00:00', SHANGHAI, '2026-03-02'],
		['2026-03-02 00:00:00', NEW_YORK, '2026-03-02'],
		['2026-03-02T00:00:00.000+08:00', SHANGHAI, '2026-03-02'],
		['2026-03-01T16:00:00Z', SHANGHAI, '2026-03-02'],
		// A written midnight means the written day, even with the offset of another zone.
		['2026-03-02T00:00:00Z', SHANGHAI, '2026-03-02'],
		['2026-03-02T00:00:00+08:00', NEW_YORK, '2026-03-02'],
		['2026-03-02 00:00:00+00', NEW_YORK, '2026-03-02'],
		// This day does not begin at midnight.
		['2026-03-29', BEIRUT, '2026-03-29'],
		['2026-03-29T00:00:00', BEIRUT, '2026-03-29'],
		['2026-10-25', BERLIN, '2026-10-25'],
	])('%j in %s is read as %s', (typed, zone, date) => {
		expect(day(typed, zone)).toEqual({ date });
	});

	it.each([
		['2026-03-02T10:00', SHANGHAI, '10:00'],
		['2026-03-02T01:00:00Z', SHANGHAI, '09:00'],
	])('%j in %s is rejected, because its time of day would be lost', (typed, zone, clock) => {
		const { message } = refusal(() => day(typed, zone));
		expect(message).toBe(`'Start' has a time of day (${clock}), but 'All Day' is on`);
	});

	it.each(['2026-02-30', '2026-02-30T00:00', 'Monday', ''])('%j is rejected', (typed) => {
		expect(refusal(() => day(typed)).field).toBe('Start');
	});
});

describe('Start and end', () => {
	it('of an all-day event: the user enters the last day, and the day after it is sent', () => {
		const { start, end } = readTimes({ start: '2026-03-28', end: '2026-03-31', allDay: true, zone: BERLIN });
		expect([start, end]).toEqual([{ date: '2026-03-28' }, { date: '2026-04-01' }]);
	});

	it.each([BERLIN, BEIRUT, NEW_YORK])(
		'of an all-day event on one day are that day and the next, even with a clock change as in %s',
		(zone) => {
			for (const [date, after] of [
				['2026-03-08', '2026-03-09'],
				['2026-03-28', '2026-03-29'],
				['2026-03-29', '2026-03-30'],
				['2026-10-25', '2026-10-26'],
			]) {
				const { start, end } = readTimes({ start: date, end: date, allDay: true, zone });
				expect([start, end]).toEqual([{ date }, { date: after }]);
			}
		},
	);

	it.each([
		['2026-03-02T11:00', '2026-03-02T10:00', false],
		['2026-03-02T10:00Z', '2026-03-02T10:00+08:00', false],
		['2026-03-03', '2026-03-02', true],
	])('are rejected in the wrong order: %s to %s', (start, end, allDay) => {
		const { field, message } = refusal(() => readTimes({ start, end, allDay, zone: SHANGHAI }));
		expect(field).toBe('End');
		expect(message).toBe("'End' is before 'Start'");
	});

	it('are compared as instants, so an end that looks earlier may be later', () => {
		const { end } = readTimes({
			start: '2026-03-02T10:00+08:00',
			end: '2026-03-02T05:00Z',
			allDay: false,
			zone: SHANGHAI,
		});
		expect(end?.dateTime).toBe('2026-03-02T13:00:00+08:00');
	});

	it('are undefined if they were not entered', () => {
		expect(readTimes({ allDay: false, zone: SHANGHAI })).toEqual({
			start: undefined,
			end: undefined,
			startsAt: undefined,
		});
	});
});

describe('An optional time', () => {
	it.each([undefined, null, ''])('can be omitted as %j', (value) => {
		expect(readOptionalMoment(value, SHANGHAI, 'From')).toBeUndefined();
	});

	it('can be a day, which means its midnight', () => {
		expect(readOptionalMoment('2026-03-02', SHANGHAI, 'From')?.toISO()).toBe('2026-03-02T00:00:00.000+08:00');
	});

	it('is rejected if it is not a date', () => {
		expect(refusal(() => readOptionalMoment('soon', SHANGHAI, 'From')).message).toBe(
			"'From' is not a valid date and time: soon",
		);
	});
});

describe('The Time Zone field', () => {
	const item = { zone: BERLIN } as Item;

	it('defaults to the time zone of the workflow', () => {
		expect(readZone(item, undefined)).toBe(BERLIN);
	});

	it.each([SHANGHAI, ` ${SHANGHAI} `])('accepts %j', (typed) => {
		expect(readZone(item, typed)).toBe(SHANGHAI);
	});

	it.each([
		['', "'Time Zone' is empty"],
		[' ', "'Time Zone' is empty"],
		[8, "'Time Zone' is empty"],
		['Beijing', "'Time Zone' is not a known time zone: Beijing"],
		['Asia/Bejing', "'Time Zone' is not a known time zone: Asia/Bejing"],
		['GMT+8 hours', "'Time Zone' is not a known time zone: GMT+8 hours"],
	])('rejects %j', (typed, message) => {
		expect(refusal(() => readZone(item, typed)).message).toBe(message);
	});
});

describe('A time from DingTalk', () => {
	it.each([
		[{ dateTime: '2026-03-02T02:00:00Z', timeZone: 'UTC' }, '2026-03-02T10:00:00+08:00', '2026-03-02T10:00:00+08:00'],
		[
			{ dateTime: '2026-03-02T10:00:00+08:00', timeZone: SHANGHAI },
			'2026-03-02T10:00:00+08:00',
			'2026-03-02T10:00:00+08:00',
		],
		[{ date: '2026-03-01' }, '2026-03-01', '2026-02-28'],
		[{}, null, null],
		[undefined, null, null],
	])('%j is formatted as local time', (time, asStart, asEnd) => {
		expect(localTime(time, SHANGHAI)).toBe(asStart);
		expect(localEnd(time, SHANGHAI)).toBe(asEnd);
	});
});
