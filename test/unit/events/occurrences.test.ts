/** Tests the computed dates of a series, also against the simulator and an independent library. */
import { DateTime, Settings } from 'luxon';

import {
	listFirstOccurrences,
	listOccurrences,
	type ApiRecurrence,
	type RecurrencePattern,
	type RecurrenceRange,
	type RecurringEvent,
} from '../../../lib/dingtalk/events/occurrences';
import { firstStarts, instantOf, wallOf } from '../../conformance/oracle';
import { randomRule, seeded, ZONES, type RandomRule } from '../../conformance/randomRules';
import { occurrences } from '../../simulator/calendar/recurrence';
import { allDaySpan } from '../../simulator/calendar/time';
import type { Recurrence, Span } from '../../simulator/calendar/model';
import { amount } from '../../long/amount';

const timed = (
	start: string,
	pattern: RecurrencePattern,
	range: RecurrenceRange = { type: 'noEnd' },
	timeZone = 'Asia/Shanghai',
	minutes = 60,
): RecurringEvent => {
	const begins = DateTime.fromISO(start, { zone: timeZone });
	return {
		start: { dateTime: begins.toISO() ?? '', timeZone },
		end: { dateTime: begins.plus({ minutes }).toISO() ?? '', timeZone },
		recurrence: { pattern, range },
	};
};

const starts = (event: RecurringEvent, count = 4): string[] =>
	listFirstOccurrences(event, count).map(({ start }) => start);
const dates = (event: RecurringEvent, count = 4): string[] => starts(event, count).map((start) => start.slice(0, 10));

const MONDAY = '2026-03-02T10:00';

describe('Listing the first occurrences of a series', () => {
	it('returns the event alone without a recurrence rule', () => {
		const { start, end } = timed(MONDAY, { type: 'daily', interval: 1 });
		expect(listFirstOccurrences({ start, end }, 5)).toEqual([
			{ start: '2026-03-02T10:00:00+08:00', end: '2026-03-02T11:00:00+08:00', originStart: '2026-03-02T02:00:00Z' },
		]);
		expect(listFirstOccurrences({ start, end }, 0)).toEqual([]);
	});

	it.each<[string, string, RecurrencePattern, string[]]>([
		[
			'every third day',
			MONDAY,
			{ type: 'daily', interval: 3 },
			['2026-03-02', '2026-03-05', '2026-03-08', '2026-03-11'],
		],
		[
			'some weekdays from the start on, in any order',
			'2026-03-04T10:00',
			{ type: 'weekly', interval: 1, daysOfWeek: 'friday,monday,wednesday' },
			['2026-03-04', '2026-03-06', '2026-03-09', '2026-03-11'],
		],
		[
			'every second week with weeks that begin on Sunday',
			'2026-03-03T10:00',
			{ type: 'weekly', interval: 2, daysOfWeek: 'tuesday,sunday' },
			['2026-03-03', '2026-03-15', '2026-03-17', '2026-03-29'],
		],
		[
			'every second week with weeks that begin on Monday',
			'2026-03-03T10:00',
			{ type: 'weekly', interval: 2, daysOfWeek: 'tuesday,sunday', firstDayOfWeek: 'monday' },
			['2026-03-03', '2026-03-08', '2026-03-17', '2026-03-22'],
		],
		[
			'a weekday that is not that of the start, without the start',
			MONDAY,
			{ type: 'weekly', interval: 1, daysOfWeek: 'thursday' },
			['2026-03-05', '2026-03-12', '2026-03-19', '2026-03-26'],
		],
		[
			'the 31st of months that have one',
			'2026-01-31T10:00',
			{ type: 'absoluteMonthly', interval: 1, dayOfMonth: 31 },
			['2026-01-31', '2026-03-31', '2026-05-31', '2026-07-31'],
		],
		[
			'a day of the month that is past in the first month',
			'2026-03-20T10:00',
			{ type: 'absoluteMonthly', interval: 2, dayOfMonth: 5 },
			['2026-05-05', '2026-07-05', '2026-09-05', '2026-11-05'],
		],
		[
			'the last Friday of the month',
			MONDAY,
			{ type: 'relativeMonthly', interval: 1, index: 'last', daysOfWeek: 'friday' },
			['2026-03-27', '2026-04-24', '2026-05-29', '2026-06-26'],
		],
		[
			'the second weekend day of the month',
			MONDAY,
			{ type: 'relativeMonthly', interval: 1, index: 'second', daysOfWeek: 'saturday,sunday' },
			['2026-03-07', '2026-04-05', '2026-05-03', '2026-06-07'],
		],
		[
			'29 February of leap years',
			'2024-02-29T10:00',
			{ type: 'absoluteYearly', interval: 1 },
			['2024-02-29', '2028-02-29', '2032-02-29', '2036-02-29'],
		],
		[
			'29 February except in 2100, which is no leap year',
			'2096-02-29T10:00',
			{ type: 'absoluteYearly', interval: 2 },
			['2096-02-29', '2104-02-29', '2108-02-29', '2112-02-29'],
		],
	])('repeats on %s', (_name, start, pattern, expected) => {
		expect(dates(timed(start, pattern))).toEqual(expected);
	});

	it('returns nothing for a rule that never matches', () => {
		const never: RecurrencePattern = { type: 'absoluteMonthly', interval: 12, dayOfMonth: 30 };
		expect(dates(timed('2026-02-01T10:00', never))).toEqual([]);
	});

	it.each([0, -1, 0.5, NaN])(
		'returns nothing for a rule that does not go on, instead of counting without end (%s)',
		(interval) => {
			for (const type of ['daily', 'weekly', 'absoluteMonthly', 'absoluteYearly'] as const)
				expect(starts(timed(MONDAY, { type, interval, dayOfMonth: 32, daysOfWeek: 'monday' }))).toEqual([]);
		},
	);

	it('ends after the number of times or after the last day, including what starts on it', () => {
		const daily: RecurrencePattern = { type: 'daily', interval: 1 };
		expect(dates(timed(MONDAY, daily, { type: 'numbered', numberOfOccurrences: 2 }))).toEqual([
			'2026-03-02',
			'2026-03-03',
		]);
		for (const [endDate, count] of [
			['2026-03-04T10:00:00+08:00', 3],
			['2026-03-04T02:00:00.000Z', 3],
			['2026-03-04T09:59:59+08:00', 2],
			['2026-03-04', 3],
			['2026-03-01', 0],
		] as const) {
			expect([endDate, dates(timed(MONDAY, daily, { type: 'endDate', endDate }), 9).length]).toEqual([endDate, count]);
		}
	});

	it('returns dates for an all-day event, with the end on the day after the last', () => {
		const recurrence: ApiRecurrence = {
			pattern: { type: 'absoluteMonthly', interval: 1, dayOfMonth: 31 },
			range: { type: 'endDate', endDate: '2026-05-31T23:59:59+08:00' },
		};
		const event = { start: { date: '2026-01-31' }, end: { date: '2026-02-02' }, recurrence };
		expect(listFirstOccurrences(event, 9)).toEqual([
			{ start: '2026-01-31', end: '2026-02-02', originStart: '2026-01-31' },
			{ start: '2026-03-31', end: '2026-04-02', originStart: '2026-03-31' },
			{ start: '2026-05-31', end: '2026-06-02', originStart: '2026-05-31' },
		]);
	});

	it.each([
		['Europe/Berlin', '2026-03-28T10:00', ['2026-03-28T10:00:00+01:00', '2026-03-29T10:00:00+02:00']],
		['America/New_York', '2026-10-31T10:00', ['2026-10-31T10:00:00-04:00', '2026-11-01T10:00:00-05:00']],
		// 2:30 does not exist, and is read with the offset from before.
		['Europe/Berlin', '2026-03-28T02:30', ['2026-03-28T02:30:00+01:00', '2026-03-29T03:30:00+02:00']],
		// 2:30 exists twice, and the first counts.
		['Europe/Berlin', '2026-10-24T02:30', ['2026-10-24T02:30:00+02:00', '2026-10-25T02:30:00+02:00']],
		['Australia/Lord_Howe', '2026-10-03T02:15', ['2026-10-03T02:15:00+10:30', '2026-10-04T02:45:00+11:00']],
	])('keeps the local time in %s across a clock change, from %s', (zone, start, expected) => {
		expect(starts(timed(start, { type: 'daily', interval: 1 }, { type: 'noEnd' }, zone), 2)).toEqual(expected);
	});

	it('begins exactly at the start, even in the repeated hour of a clock change', () => {
		const event = timed(
			'2026-10-25T02:30:00+01:00',
			{ type: 'daily', interval: 1 },
			{ type: 'noEnd' },
			'Europe/Berlin',
		);
		expect(starts(event, 2)).toEqual(['2026-10-25T02:30:00+01:00', '2026-10-26T02:30:00+01:00']);
	});

	it('keeps the duration across a clock change', () => {
		const event = timed('2026-03-27T23:00', { type: 'daily', interval: 1 }, { type: 'noEnd' }, 'Europe/Berlin', 360);
		expect(listFirstOccurrences(event, 3).map(({ end }) => end)).toEqual([
			'2026-03-28T05:00:00+01:00',
			'2026-03-29T06:00:00+02:00',
			'2026-03-30T05:00:00+02:00',
		]);
	});
});

const FIRST = 12;

/** The rule with a start that exists: a local time skipped by a clock change cannot be sent. */
function withExistingStart(rule: RandomRule): RandomRule {
	if (rule.allDay) return rule;
	const start = DateTime.fromMillis(instantOf(wallOf(rule.start), rule.zone), { zone: rule.zone });
	return { ...rule, start: start.toFormat("yyyy-MM-dd'T'HH:mm") };
}

/** The same event in the form of the API and in that of the simulator. */
function toApiAndSpan(rule: RandomRule): { event: RecurringEvent; span: Span } {
	const { zone, minutes, range } = rule;
	const wall = wallOf(rule.start);
	const recurrence: ApiRecurrence = { pattern: rule.pattern, range };
	if (rule.allDay) {
		const [start, end] = [wall, wall + minutes * 60_000].map((at) => new Date(at).toISOString().slice(0, 10));
		return { event: { start: { date: start }, end: { date: end }, recurrence }, span: allDaySpan(start, end) };
	}
	const startMs = instantOf(wall, zone);
	const endMs = startMs + minutes * 60_000;
	const side = (ms: number) => ({ dateTime: new Date(ms).toISOString(), timeZone: zone });
	return {
		event: { start: side(startMs), end: side(endMs), recurrence },
		span: { allDay: false, startMs, endMs, zone },
	};
}

function listBySimulator(span: Span, rule: RandomRule): string[] {
	const found: string[] = [];
	for (const { span: at } of occurrences(span, rule as Recurrence, { fromMs: -Infinity, toMs: Infinity })) {
		found.push(at.allDay ? `${at.startDate} ${at.endDate}` : `${at.startMs} ${at.endMs}`);
		if (found.length === FIRST) break;
	}
	return found;
}

const listByNode = (event: RecurringEvent): string[] =>
	listFirstOccurrences(event, FIRST).map(({ start, end }) =>
		event.start.date === undefined ? `${Date.parse(start)} ${Date.parse(end)}` : `${start} ${end}`,
	);

function listByLibrary(rule: RandomRule): string[] {
	const length = rule.minutes * 60_000;
	return firstStarts(rule, FIRST).map((wall) => {
		if (rule.allDay) return [wall, wall + length].map((at) => new Date(at).toISOString().slice(0, 10)).join(' ');
		const start = instantOf(wall, rule.zone);
		return `${start} ${start + length}`;
	});
}

it('Listing occurrences from a moment on leaves out only earlier ones of random rules', () => {
	const random = seeded(17);
	for (let i = 0; i < 100; i++) {
		const rule = withExistingStart(randomRule(random));
		const { event } = toApiAndSpan(rule);
		const all = listFirstOccurrences(event, FIRST);
		const from = Date.parse(all[Math.floor(random() * all.length)]?.originStart ?? '2026-01-01');
		const later: string[] = [];
		for (const { start, originStart } of listOccurrences(event, from)) {
			if (Date.parse(originStart) > Date.parse(all.at(-1)?.originStart ?? '')) break;
			if (Date.parse(originStart) >= from) later.push(start);
		}
		const expected = all.filter(({ originStart }) => Date.parse(originStart) >= from).map(({ start }) => start);
		expect({ rule, later }).toEqual({ rule, later: expected });
	}
});

const RULES_PER_SEED = amount({ short: 100, long: 500 });

describe.each(['2026-01-15', '2026-07-15'])('Listing the first occurrences on %s', (today) => {
	beforeEach(() => {
		Settings.now = () => Date.parse(today);
	});
	afterEach(() => {
		Settings.now = () => Date.now();
	});

	it.each(amount({ short: [11], long: [11, 12, 13, 14] }))(
		'agrees with the simulator and an independent library for random rules (seed %i)',
		(seed) => {
			const random = seeded(seed);
			let found = 0;
			const zones = new Set<string>();
			for (let i = 0; i < RULES_PER_SEED; i++) {
				const rule = withExistingStart(randomRule(random));
				const { event, span } = toApiAndSpan(rule);
				const result = listByNode(event);
				expect({ rule, dates: result }).toEqual({ rule, dates: listByLibrary(rule) });
				expect({ rule, dates: result }).toEqual({ rule, dates: listBySimulator(span, rule) });
				found += result.length;
				zones.add(rule.zone);
			}
			// Makes sure that the comparison was not empty.
			expect(found).toBeGreaterThan(5 * RULES_PER_SEED);
			expect(zones.size).toBe(ZONES.length);
		},
	);
});
