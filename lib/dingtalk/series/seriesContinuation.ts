/** The times and the rule of the second part of a series, and of a series that is moved as a whole. */
import { DateTime } from 'luxon';
import {
	END_OF_CALENDAR,
	listFirstOccurrences,
	listOccurrences,
	type ApiRecurrence,
	type Occurrence,
	type RecurrenceRange,
	type RecurringEvent,
} from '../events/occurrences';
import { isDay } from '../events/readEvent';
import type { ApiTime } from '../utils/timestamps';
import { DAY } from '../utils/time';
import {
	COMPARED_DATES,
	dayOf,
	daysBetween,
	findDay,
	isMonthly,
	movePattern,
	onDay,
	requireSameMonths,
	toMillis,
	utcDay,
} from './movedRule';
import { cleanRule, endOfDay, originOf, type Series, type SeriesCut } from './seriesCut';

/** What an update changes; a rule of null makes the second part a single event. */
export interface TimeChange {
	start?: ApiTime;
	end?: ApiTime;
	recurrence?: ApiRecurrence | null;
}

/** The new rule has no date at or after the cut. */
export class NoDateLeftError extends Error {}

/** On the day of the cut the clocks skip the time of day of the series, so that a new series would be at another time. */
export class SkippedTimeError extends Error {}

/** How many days before its end the last date of a series is looked for; a rule that repeats less often is computed whole. */
const LAST_DATE_DAYS = [50, 5000, Infinity];

/** Of a series with a last day. Its dates are many if that is the end of the century, so only those near the end are computed. */
function lastOccurrence(series: Series): Occurrence | undefined {
	const end = Date.parse(series.recurrence.range.endDate ?? '');
	for (const days of LAST_DATE_DAYS) {
		const last = [...listOccurrences(series, end - days * DAY)].at(-1);
		if (last) return last;
	}
	return undefined;
}

/** A series with a last day keeps its last date, wherever that moves. */
function moveRange(series: Series, from: ApiTime, to: ApiTime, zone: string): RecurrenceRange {
	const { range } = cleanRule(series.recurrence);
	if (range.type !== 'endDate') return range;
	const isMoved = from.date !== to.date || toMillis(from) !== toMillis(to);
	const last = isMoved ? lastOccurrence(series) : undefined;
	if (!last) return range;
	const days = (utcDay(dayOf(to)) - utcDay(dayOf(from))) / DAY;
	const day = utcDay(last.start.slice(0, 10)) + days * DAY;
	// Years have four digits: a series until the last of them cannot end later.
	if (day >= END_OF_CALENDAR) return range;
	const start = new Date(day).toISOString();
	const moved = { ...last, start: isDay(to) ? start.slice(0, 10) : start };
	return { type: 'endDate', endDate: endOfDay(moved, to.timeZone ?? zone, series.recurrence) };
}

const clockOf = ({ dateTime, timeZone }: ApiTime): string | undefined =>
	dateTime === undefined ? undefined : DateTime.fromISO(dateTime, { zone: timeZone }).toFormat('HH:mm:ss');

const apiTime = (text: string, { timeZone }: ApiTime): ApiTime =>
	text.includes('T') ? { dateTime: text, ...(timeZone ? { timeZone } : {}) } : { date: text };

export const timesOf = ({ start, end }: Occurrence, series: RecurringEvent): { start: ApiTime; end: ApiTime } => ({
	start: apiTime(start, series.start),
	end: apiTime(end, series.start),
});

function remaining(range: RecurrenceRange, before: number): RecurrenceRange {
	return range.type === 'numbered'
		? { type: 'numbered', numberOfOccurrences: (range.numberOfOccurrences ?? 0) - before }
		: range;
}

/** The rule for the dates of a series from an origin on, where the first of them moves to the start of another series. */
function moveRule(series: Series, origin: number, from: ApiTime, next: RecurringEvent, zone: string): ApiRecurrence {
	const rule = cleanRule(series.recurrence);
	const pattern = movePattern(rule.pattern, dayOf(from), dayOf(next.start));
	if (!isMonthly(pattern) || dayOf(from) === dayOf(next.start))
		return { pattern, range: moveRange(series, from, next.start, zone) };
	const last = requireSameMonths(datesFrom(series, origin), {
		...next,
		recurrence: { pattern, range: { type: 'noEnd' } },
	});
	const isEnded = rule.range.type === 'endDate' && last !== undefined;
	const endDate = isEnded ? endOfDay(last, next.start.timeZone ?? zone, rule) : undefined;
	return { pattern, range: isEnded ? { type: 'endDate', endDate } : rule.range };
}

/** The first dates of a series; all of one that ends, whose last one decides where it ends. */
function datesFrom(series: Series, origin: number): Occurrence[] {
	const isEndless = series.recurrence.range.type === 'noEnd';
	const dates: Occurrence[] = [];
	for (const date of listOccurrences(series)) {
		if (isEndless && dates.length >= COMPARED_DATES) break;
		if (originOf(date) >= origin) dates.push(date);
	}
	return dates;
}

/** The times and the rule of a whole series, one date of which moves from one day to another. */
export function moveWholeSeries(
	series: Series,
	given: { from: ApiTime; to: ApiTime },
	first: { start: ApiTime; end: ApiTime },
	zone: string,
): RecurringEvent {
	if (!isMonthly(series.recurrence.pattern)) {
		return { ...first, recurrence: moveRule(series, -Infinity, series.start, first, zone) };
	}
	const [begin] = listFirstOccurrences(series, 1);
	if (!begin) throw new NoDateLeftError();
	const pattern = movePattern(cleanRule(series.recurrence).pattern, dayOf(given.from), dayOf(given.to));
	const day = findDay(pattern, begin.start.slice(0, 10), given);
	const times = { start: onDay(first.start, day, 0), end: onDay(first.end, day, daysBetween(first.start, first.end)) };
	const old = datesFrom(series, -Infinity);
	const last = requireSameMonths(old, { ...times, recurrence: { pattern, range: { type: 'noEnd' } } });
	const { range } = cleanRule(series.recurrence);
	if (range.type !== 'endDate' || !last) return { ...times, recurrence: { pattern, range } };
	const endDate = endOfDay(last, times.start.timeZone ?? zone, series.recurrence);
	return { ...times, recurrence: { pattern, range: { type: 'endDate', endDate } } };
}

/** The second part: it begins on a date of its rule, so that this date exists once, however DingTalk counts the start. */
export function continueSeries(series: Series, cut: SeriesCut, change: TimeChange, zone: string): RecurringEvent {
	const planned = timesOf(cut.at, series);
	if (change.start === undefined && clockOf(planned.start) !== clockOf(series.start)) throw new SkippedTimeError();
	const start = change.start ?? planned.start;
	const end = change.end ?? planned.end;
	if (change.recurrence === null) return { start, end };
	const moved = change.recurrence ?? moveRule(series, originOf(cut.at), planned.start, { start, end }, zone);
	const range = change.recurrence ? moved.range : remaining(moved.range, cut.before);
	const recurrence = { pattern: moved.pattern, range };
	const [first] = listFirstOccurrences({ start, end, recurrence }, 1);
	if (!first) throw new NoDateLeftError();
	return { ...timesOf(first, { start, end }), recurrence };
}
