/** Tests where a series is cut and how it continues: random series, cuts and changes, against an independent library. */
import { DateTime } from 'luxon';

import {
	listFirstOccurrences,
	type ApiRecurrence,
	type RecurringEvent,
} from '../../../lib/dingtalk/events/occurrences';
import {
	continueSeries,
	SkippedTimeError,
	NoDateLeftError,
	timesOf,
	type TimeChange,
} from '../../../lib/dingtalk/series/seriesContinuation';
import { RuleDoesNotMoveError } from '../../../lib/dingtalk/series/movedRule';
import { findCut, ruleBefore, type Series, type SeriesCut } from '../../../lib/dingtalk/series/seriesCut';
import { firstStarts, instantOf, wallOf } from '../../conformance/oracle';
import { randomRule, seeded, type RandomRule } from '../../conformance/randomRules';
import { amount } from '../../long/amount';

const DAY = 86_400_000;
/** Of an endless series, as many dates as are compared. */
const COMPARED = 40;
const ZONE = 'Asia/Shanghai';

type Random = () => number;
const within = (random: Random, min: number, max: number): number => min + Math.floor(random() * (max - min + 1));

const wallText = (wall: number): string => new Date(wall).toISOString().slice(0, 16);

const at = (instant: number, timeZone: string) => ({
	dateTime: DateTime.fromMillis(instant, { zone: timeZone }).toISO({ suppressMilliseconds: true }) ?? '',
	timeZone,
});

const dateOf = (wall: number) => ({ date: wallText(wall).slice(0, 10) });

function seriesOf(rule: RandomRule): Series {
	const { allDay, start, minutes, pattern, range, zone } = rule;
	const wall = wallOf(start);
	const recurrence = { pattern, range } as ApiRecurrence;
	if (allDay) return { start: dateOf(wall), end: dateOf(wall + minutes * 60_000), recurrence };
	const instant = instantOf(wall, zone);
	return { start: at(instant, zone), end: at(instant + minutes * 60_000, zone), recurrence };
}

/** The dates of a series by the other library, as clocks show them. */
function datesOf({ start, recurrence }: RecurringEvent, count: number): number[] {
	if (!recurrence) throw new Error('Not a series');
	const text =
		start.date === undefined
			? DateTime.fromISO(start.dateTime ?? '', { zone: start.timeZone }).toFormat("yyyy-MM-dd'T'HH:mm")
			: `${start.date}T00:00`;
	const rule = { ...recurrence, zone: start.timeZone ?? 'UTC', allDay: start.date !== undefined, start: text };
	return firstStarts(rule as unknown as RandomRule, count);
}

interface Case {
	rule: RandomRule;
	series: Series;
	cut: SeriesCut;
	/** The dates that the series had. */
	planned: number[];
}

function randomCase(random: Random): Case | undefined {
	const rule = randomRule(random);
	if (rule.range.type === 'numbered' && random() < 0.2) rule.range.numberOfOccurrences = within(random, 1, 4);
	const series = seriesOf(rule);
	const planned = datesOf(series, COMPARED);
	const known = listFirstOccurrences(series, COMPARED);
	if (planned.length === 0) return undefined;
	const { originStart } = known[within(random, 0, planned.length - 1)];
	const cut = findCut(
		series,
		random() < 0.5 || rule.allDay
			? { day: known.find((one) => one.originStart === originStart)?.start.slice(0, 10) ?? '' }
			: { originStart },
	);
	if (!cut) throw new Error(`No cut at ${originStart}`);
	return { rule, series, cut, planned };
}

interface Change {
	change: TimeChange;
	/** The dates from the cut on, as they are meant. */
	meant(dates: number[]): number[] | undefined;
}

const moved = (cut: SeriesCut, { series, rule }: Case, days: number, minutes: number): TimeChange => {
	const { start } = timesOf(cut.at, series);
	const wall = rule.allDay ? Date.parse(start.date ?? '') : Date.parse(`${(start.dateTime ?? '').slice(0, 19)}Z`);
	const to = wall + days * DAY + minutes * 60_000;
	if (rule.allDay) return { start: dateOf(to), end: dateOf(to + DAY) };
	const instant = instantOf(to, rule.zone);
	return { start: at(instant, rule.zone), end: at(instant + 30 * 60_000, rule.zone) };
};

const monthOf = (date: number): number => new Date(date).getUTCFullYear() * 12 + new Date(date).getUTCMonth();

/** Whether moving by some days means the same for each date of the rule. */
function movesEvenly({ pattern }: ApiRecurrence, dates: number[], days: number): boolean {
	if (pattern.type === 'daily' || pattern.type === 'weekly') return true;
	if (pattern.type === 'relativeMonthly') return false;
	return dates.every((date) => {
		const day = new Date(date).getUTCDate();
		return day + days >= 1 && day + days <= 28 && day <= 28;
	});
}

const CHANGES: Array<(random: Random, given: Case) => Change | undefined> = [
	() => ({ change: {}, meant: (dates) => dates }),
	(random, given) => {
		if (given.rule.allDay) return undefined;
		const clock = Number(given.rule.start.slice(11, 13)) * 60 + Number(given.rule.start.slice(14));
		// Away from the small hours, in which clocks are changed.
		const minutes = within(random, 5 * 60, 23 * 60) - clock;
		return {
			change: moved(given.cut, given, 0, minutes),
			meant: (dates) => dates.map((date) => date + minutes * 60_000),
		};
	},
	(random, given) => {
		const days = within(random, -6, 6);
		const change = moved(given.cut, given, days, 0);
		return {
			change,
			meant: (dates) =>
				movesEvenly(given.series.recurrence, dates, days) ? dates.map((date) => date + days * DAY) : undefined,
		};
	},
	(random, given) => {
		const other = randomRule(random);
		const recurrence = { pattern: other.pattern, range: { type: 'noEnd' } } as ApiRecurrence;
		const { start, end } = timesOf(given.cut.at, given.series);
		return { change: { recurrence }, meant: () => datesOf({ start, end, recurrence }, COMPARED) };
	},
];

const skipsTime = ({ rule, cut, series }: Case): boolean =>
	!rule.allDay &&
	DateTime.fromISO(cut.at.start, { setZone: true }).toFormat('HH:mm') !==
		DateTime.fromISO(series.start.dateTime ?? '', { zone: rule.zone }).toFormat('HH:mm');

it('makes of a series and its continuation what the user meant', () => {
	const seen = { series: 0, compared: 0, byMonth: 0, wholes: 0, doesNotMove: 0, skipped: 0 };
	const random = seeded(18);
	const rounds = amount({ short: 60, long: 6000 });
	while (seen.series < rounds) {
		const given = randomCase(random);
		if (!given) continue;
		seen.series++;
		const { series, cut, planned, rule } = given;
		const label = JSON.stringify({ rule, cut });
		const old = cut.previous ? datesOf({ ...series, recurrence: ruleBefore(series, cut, ZONE) }, COMPARED) : [];
		// The first part is what it was, up to the cut.
		expect([label, old]).toEqual([label, planned.slice(0, cut.before)]);
		if (!cut.previous) seen.wholes++;
		const wanted = CHANGES[seen.series % CHANGES.length](random, given);
		if (!wanted) continue;
		let next: RecurringEvent;
		try {
			next = continueSeries(series, cut, wanted.change, ZONE);
		} catch (error) {
			if (error instanceof RuleDoesNotMoveError) seen.doesNotMove++;
			else if (error instanceof SkippedTimeError && skipsTime(given)) seen.skipped++;
			else if (error instanceof NoDateLeftError) expect([label, wanted.meant([])]).toEqual([label, []]);
			else throw error;
			continue;
		}
		const rest = planned.slice(cut.before);
		const meant = wanted.meant(rest);
		const dates = datesOf(next, COMPARED);
		// It begins on its own first date, whether DingTalk counts the start or the rule.
		expect([label, dates[0]]).toEqual([label, Date.parse(`${startText(next)}Z`)]);
		// No date twice.
		if (wanted.change.start === undefined)
			expect([label, dates.filter((date) => old.includes(date))]).toEqual([label, []]);
		if (meant === undefined) {
			// One date for each, all as many months away: none is lost, and none is added.
			const count = Math.min(rest.length, dates.length, COMPARED - cut.before);
			const months = dates.slice(0, count).map((date, index) => monthOf(date) - monthOf(rest[index]));
			expect([label, new Set(months).size]).toEqual([label, Math.min(count, 1)]);
			if (rest.length + cut.before < COMPARED) expect([label, dates.length]).toEqual([label, rest.length]);
			seen.byMonth++;
			continue;
		}
		seen.compared++;
		const count = Math.min(meant.length, dates.length, COMPARED - cut.before);
		expect([label, dates.slice(0, count)]).toEqual([label, meant.slice(0, count)]);
		if (rest.length + cut.before < COMPARED && wanted.change.recurrence === undefined) {
			expect([label, dates.length]).toEqual([label, meant.length]);
		}
	}
	expect(seen.compared).toBeGreaterThan(rounds / 2);
	expect(seen.wholes).toBeGreaterThan(0);
	expect(seen.byMonth).toBeGreaterThan(0);
	expect(seen.doesNotMove).toBeGreaterThan(0);
});

const startText = ({ start }: RecurringEvent): string =>
	start.date === undefined
		? DateTime.fromISO(start.dateTime ?? '', { zone: start.timeZone }).toFormat("yyyy-MM-dd'T'HH:mm:ss")
		: `${start.date}T00:00:00`;

describe('the last day of a series of whole days', () => {
	const days = (endDate: string): Series => ({
		start: { date: '2026-03-03' },
		end: { date: '2026-03-04' },
		recurrence: { pattern: { type: 'daily', interval: 1 }, range: { type: 'endDate', endDate } },
	});
	const endsOf = (endDate: string, zone: string) => {
		const series = days(endDate);
		const cut = findCut(series, { day: '2026-03-07' });
		if (!cut) throw new Error('No such date');
		const moved = { start: { date: '2026-03-08' }, end: { date: '2026-03-09' } };
		return [
			ruleBefore(series, cut, zone).range.endDate,
			continueSeries(series, cut, moved, zone).recurrence?.range.endDate,
		];
	};

	// Otherwise it would be another day where the series is looked at, and the day of the cut might be in both parts.
	it.each(['Asia/Shanghai', 'America/New_York', 'Pacific/Auckland'])(
		'keeps the time and offset that it has, in a workflow in %s',
		(zone) => {
			expect(endsOf('2026-03-12T23:59:59+08:00', zone)).toEqual([
				'2026-03-06T23:59:59+08:00',
				'2026-03-13T23:59:59+08:00',
			]);
		},
	);

	it.each(['2026-03-12T15:59:59Z', '2026-03-12'])('is the end of a day in the time zone of the workflow: %s', (end) => {
		expect(endsOf(end, 'Asia/Shanghai')).toEqual(['2026-03-06T23:59:59+08:00', '2026-03-13T23:59:59+08:00']);
	});
});

describe('moving the rule with its first date', () => {
	const on = (start: string, pattern: ApiRecurrence['pattern'], endDate?: string): Series => ({
		start: { date: start },
		end: { date: start },
		recurrence: { pattern, range: endDate ? { type: 'endDate', endDate } : { type: 'noEnd' } },
	});
	const move = (series: Series, from: string, to: string) => {
		const cut = findCut(series, { day: from });
		return cut && continueSeries(series, cut, { start: { date: to }, end: { date: to } }, ZONE).recurrence;
	};

	it.each<[string, Series, string, string, ApiRecurrence['pattern']]>([
		[
			'each weekday of a week',
			on('2026-03-03', { type: 'weekly', interval: 1, daysOfWeek: 'tuesday,friday' }),
			'2026-03-10',
			'2026-03-11',
			{ type: 'weekly', interval: 1, daysOfWeek: 'wednesday,saturday' },
		],
		[
			'the week as well, where weeks are left out',
			on('2026-03-03', { type: 'weekly', interval: 2, daysOfWeek: 'tuesday,saturday' }),
			'2026-03-17',
			'2026-03-18',
			{ type: 'weekly', interval: 2, daysOfWeek: 'wednesday,sunday', firstDayOfWeek: 'monday' },
		],
		[
			'the day of a month',
			on('2026-03-15', { type: 'absoluteMonthly', interval: 1, dayOfMonth: 15 }),
			'2026-04-15',
			'2026-04-16',
			{ type: 'absoluteMonthly', interval: 1, dayOfMonth: 16 },
		],
		[
			'the weekday of a month',
			on('2026-03-10', { type: 'relativeMonthly', interval: 1, index: 'second', daysOfWeek: 'tuesday' }),
			'2026-04-14',
			'2026-04-09',
			{ type: 'relativeMonthly', interval: 1, index: 'second', daysOfWeek: 'thursday' },
		],
		[
			'the last weekday of a month',
			on('2026-03-27', { type: 'relativeMonthly', interval: 1, index: 'last', daysOfWeek: 'friday' }),
			'2026-04-24',
			'2026-04-30',
			{ type: 'relativeMonthly', interval: 1, index: 'last', daysOfWeek: 'thursday' },
		],
	])('moves %s', (_what, series, from, to, pattern) => {
		expect(move(series, from, to)?.pattern).toEqual(pattern);
	});

	it('keeps the last date where the last day is nearer than it moves', () => {
		const series = on(
			'2026-03-03',
			{ type: 'weekly', interval: 1, daysOfWeek: 'tuesday' },
			'2026-03-24T23:59:59+08:00',
		);
		expect(move(series, '2026-03-17', '2026-03-19')?.range).toEqual({
			type: 'endDate',
			endDate: '2026-03-26T23:59:59+08:00',
		});
	});
});

it.each([
	['9999-12-31T22:59:59Z', '9999-12-31'],
	['2099-12-31T22:59:59Z', '2100-01-01'],
])('A series until %s moves without a computation of all its dates', (endDate, expected) => {
	const series: Series = {
		start: { dateTime: '2026-03-03T10:00:00+01:00', timeZone: 'Europe/Berlin' },
		end: { dateTime: '2026-03-03T11:00:00+01:00', timeZone: 'Europe/Berlin' },
		recurrence: { pattern: { type: 'daily', interval: 1 }, range: { type: 'endDate', endDate } },
	};
	const change: TimeChange = {
		start: { dateTime: '2026-03-06T10:00:00+01:00', timeZone: 'Europe/Berlin' },
		end: { dateTime: '2026-03-06T11:00:00+01:00', timeZone: 'Europe/Berlin' },
	};
	const cut = findCut(series, { originStart: '2026-03-05T09:00:00Z' });
	if (!cut) throw new Error('There is no such date');
	const computed = jest.spyOn(DateTime, 'fromObject');
	const { recurrence } = continueSeries(series, cut, change, 'Europe/Berlin');
	expect(computed.mock.calls.length).toBeLessThan(200);
	computed.mockRestore();
	const lastDay = DateTime.fromISO(recurrence?.range.endDate ?? '', { zone: 'Europe/Berlin' });
	expect(lastDay.toFormat('yyyy-MM-dd')).toBe(expected);
});
