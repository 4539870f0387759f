/** Tests the dates of series in the simulator. */
import { Settings } from 'luxon';

import type { Pattern, Range, Span } from '../../simulator/calendar/model';
import { occurrences } from '../../simulator/calendar/recurrence';
import { allDaySpan, inZone } from '../../simulator/calendar/time';

const timed = (start: string, zone = 'Asia/Shanghai', minutes = 60): Span => {
	const startMs = Date.parse(start);
	return { allDay: false, startMs, endMs: startMs + minutes * 60_000, zone };
};

function starts(first: Span, pattern: Pattern, range: Range, from?: string, to?: string): string[] {
	const window = { fromMs: from ? Date.parse(from) : -Infinity, toMs: to ? Date.parse(to) : Infinity };
	return [...occurrences(first, { pattern, range }, window)].map(({ span }) =>
		span.allDay ? span.startDate : inZone(span.startMs, span.zone),
	);
}

const times = (numberOfOccurrences: number): Range => ({ type: 'numbered', numberOfOccurrences });
const monday = timed('2026-03-02T10:00:00+08:00');
const days = (dates: string[]): string[] => dates.map((date) => `${date}T10:00:00+08:00`);

describe('A recurrence rule', () => {
	it('repeats after an interval of days', () => {
		expect(starts(monday, { type: 'daily', interval: 3 }, times(3))).toEqual(
			days(['2026-03-02', '2026-03-05', '2026-03-08']),
		);
	});

	it('repeats on several weekdays, in order, beginning at the start', () => {
		const wednesday = timed('2026-03-04T10:00:00+08:00');
		const pattern: Pattern = { type: 'weekly', interval: 1, daysOfWeek: 'friday,monday,wednesday' };
		expect(starts(wednesday, pattern, times(4))).toEqual(
			days(['2026-03-04', '2026-03-06', '2026-03-09', '2026-03-11']),
		);
	});

	it('uses the first day of the week to assign Sundays to two-week intervals', () => {
		const tuesday = timed('2026-03-03T10:00:00+08:00');
		const pattern: Pattern = { type: 'weekly', interval: 2, daysOfWeek: 'tuesday,sunday' };
		expect(starts(tuesday, pattern, times(3))).toEqual(days(['2026-03-03', '2026-03-15', '2026-03-17']));
		expect(starts(tuesday, { ...pattern, firstDayOfWeek: 'monday' }, times(3))).toEqual(
			days(['2026-03-03', '2026-03-08', '2026-03-17']),
		);
	});

	it('skips months without the day', () => {
		const last = timed('2026-01-31T10:00:00+08:00');
		expect(starts(last, { type: 'absoluteMonthly', interval: 1, dayOfMonth: 31 }, times(4))).toEqual(
			days(['2026-01-31', '2026-03-31', '2026-05-31', '2026-07-31']),
		);
	});

	it.each([
		['second', 'tuesday', ['2026-03-10', '2026-04-14', '2026-05-12']],
		['last', 'friday', ['2026-03-27', '2026-04-24', '2026-05-29']],
		['first', 'saturday,sunday', ['2026-04-04', '2026-05-02', '2026-06-06']],
	] as const)('finds the %s %s of each month', (index, daysOfWeek, expected) => {
		const pattern: Pattern = { type: 'relativeMonthly', interval: 1, index, daysOfWeek };
		expect(starts(monday, pattern, times(3))).toEqual(days([...expected]));
	});

	it('repeats February 29 only in leap years', () => {
		const leap = timed('2024-02-29T10:00:00+08:00');
		expect(starts(leap, { type: 'absoluteYearly', interval: 1 }, times(2))).toEqual(days(['2024-02-29', '2028-02-29']));
	});

	it('ends at the end date, inclusive', () => {
		const range: Range = { type: 'endDate', endDate: '2026-03-04T10:00:00+08:00' };
		expect(starts(monday, { type: 'daily', interval: 1 }, range)).toHaveLength(3);
		const earlier: Range = { type: 'endDate', endDate: '2026-03-04T09:59:59+08:00' };
		expect(starts(monday, { type: 'daily', interval: 1 }, earlier)).toHaveLength(2);
		expect(starts(monday, { type: 'daily', interval: 1 }, { type: 'endDate', endDate: '2026-03-04' })).toHaveLength(3);
	});

	it.each(['2026-01-15', '2026-07-15'])(
		'takes the first of two equal hours when clocks go back, also on %s',
		(today) => {
			Settings.now = () => Date.parse(today);
			const berlin = timed('2026-10-24T02:30:00+02:00', 'Europe/Berlin');
			const found = starts(berlin, { type: 'daily', interval: 1 }, times(2));
			Settings.now = () => Date.now();
			expect(found).toEqual(['2026-10-24T02:30:00+02:00', '2026-10-25T02:30:00+02:00']);
		},
	);

	it('keeps the local time and the duration when the clocks change', () => {
		const berlin = timed('2026-03-28T10:00:00+01:00', 'Europe/Berlin');
		expect(starts(berlin, { type: 'daily', interval: 1 }, times(2))).toEqual([
			'2026-03-28T10:00:00+01:00',
			'2026-03-29T10:00:00+02:00',
		]);
		const found = [
			...occurrences(
				berlin,
				{ pattern: { type: 'daily', interval: 1 }, range: times(2) },
				{ fromMs: 0, toMs: Infinity },
			),
		];
		expect(found.map(({ span }) => span.endMs - span.startMs)).toEqual([3_600_000, 3_600_000]);
	});

	it('uses the weekday in the time zone of the event', () => {
		const newYork = timed('2026-03-02T22:00:00-05:00', 'America/New_York');
		const pattern: Pattern = { type: 'weekly', interval: 1, daysOfWeek: 'monday' };
		expect(starts(newYork, pattern, times(2))).toEqual(['2026-03-02T22:00:00-05:00', '2026-03-09T22:00:00-04:00']);
	});

	it('repeats all-day events', () => {
		const twoDays = allDaySpan('2026-03-02', '2026-03-04');
		const pattern: Pattern = { type: 'weekly', interval: 1, daysOfWeek: 'monday' };
		const found = [...occurrences(twoDays, { pattern, range: times(2) }, { fromMs: -Infinity, toMs: Infinity })];
		expect(found.map(({ span }) => span.allDay && [span.startDate, span.endDate])).toEqual([
			['2026-03-02', '2026-03-04'],
			['2026-03-09', '2026-03-11'],
		]);
	});

	it('counts occurrences from the first one even when the window starts later', () => {
		const found = starts(
			monday,
			{ type: 'daily', interval: 1 },
			times(5),
			'2026-03-05T00:00:00Z',
			'2027-01-01T00:00:00Z',
		);
		expect(found).toEqual(days(['2026-03-05', '2026-03-06']));
	});

	it('finds an occurrence far ahead in an endless series quickly', () => {
		const before = process.cpuUsage();
		for (let i = 0; i < 200; i++) {
			starts(monday, { type: 'daily', interval: 1 }, { type: 'noEnd' }, '2086-03-05T00:00:00Z', '2086-03-08T00:00:00Z');
		}
		// Processor time, so that it does not matter what else the machine does. Counting day by day would take minutes.
		expect(process.cpuUsage(before).user / 1e6).toBeLessThan(10);
	});

	it('agrees with a plain day-by-day search for any window', () => {
		const patterns: Pattern[] = [
			{ type: 'daily', interval: 4 },
			{ type: 'weekly', interval: 3, daysOfWeek: 'monday,saturday', firstDayOfWeek: 'wednesday' },
			{ type: 'absoluteMonthly', interval: 2, dayOfMonth: 30 },
			{ type: 'relativeMonthly', interval: 5, index: 'fourth', daysOfWeek: 'thursday' },
			{ type: 'absoluteYearly', interval: 2 },
		];
		for (const pattern of patterns) {
			const all = starts(monday, pattern, { type: 'noEnd' }, '2026-01-01T00:00:00Z', '2034-01-01T00:00:00Z');
			for (let month = 0; month < 90; month += 7) {
				const from = new Date(Date.UTC(2026, month, 3)).toISOString();
				const to = new Date(Date.UTC(2026, month + 5, 9)).toISOString();
				const wanted = all.filter(
					(start) => Date.parse(start) >= Date.parse(from) && Date.parse(start) < Date.parse(to),
				);
				expect(starts(monday, pattern, { type: 'noEnd' }, from, to)).toEqual(wanted);
			}
		}
	});
});
