/** The times and the rule of the second part of a series, and of a series that is moved as a whole. */
import { DateTime } from 'luxon';
import {
	listFirstOccurrences,
	listOccurrences,
	WEEKDAYS,
	WEEKS,
	type ApiRecurrence,
	type Occurrence,
	type RecurrencePattern,
	type RecurrenceRange,
	type RecurringEvent,
} from '../events/occurrences';
import type { ApiTime } from '../utils/timestamps';
import { DAY } from '../utils/time';
import { cleanRule, endOfDay, type Series, type SeriesCut } from './seriesCut';

/** What an update changes; a rule of null makes the second part a single event. */
export interface TimeChange {
	start?: ApiTime;
	end?: ApiTime;
	recurrence?: ApiRecurrence | null;
}

/** The rule cannot be moved to the new day, so it has to be given. */
export class RuleDoesNotMoveError extends Error {}

/** The new rule has no date at or after the cut. */
export class NoDateLeftError extends Error {}

/** On the day of the cut the clocks skip the time of day of the series, so that a new series would be at another time. */
export class SkippedTimeError extends Error {}

const dayOf = ({ date, dateTime = '' }: ApiTime): string => date ?? dateTime.slice(0, 10);
const utcDay = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const weekdayOf = (day: string): number => (new Date(utcDay(day)).getUTCDay() + 6) % 7;

/** The same days of the week, moved; in the order of the week. */
function moveWeekdays(daysOfWeek: string, days: number): string {
	const moved = daysOfWeek
		.split(',')
		.map((name) => WEEKDAYS.findIndex((weekday) => weekday === name.trim().toLowerCase()))
		.map((weekday) => (((weekday + days) % 7) + 7) % 7);
	return WEEKDAYS.filter((_, index) => moved.includes(index)).join(',');
}

function moveWeekly(pattern: RecurrencePattern, days: number): RecurrencePattern {
	if (pattern.daysOfWeek === undefined) return pattern;
	const moved = { ...pattern, daysOfWeek: moveWeekdays(pattern.daysOfWeek, days) };
	// Where weeks are left out, the days of one week have to stay in one week.
	const hasWeeksOff = pattern.interval > 1 && pattern.daysOfWeek.includes(',');
	return hasWeeksOff ? { ...moved, firstDayOfWeek: moveWeekdays(pattern.firstDayOfWeek ?? 'sunday', days) } : moved;
}

/** The new day, as one of its month: the second Wednesday, or the last one. */
function moveRelative(pattern: RecurrencePattern, to: string): RecurrencePattern {
	if (pattern.daysOfWeek?.includes(',')) throw new RuleDoesNotMoveError();
	const isLast = new Date(utcDay(to) + 7 * DAY).getUTCMonth() !== new Date(utcDay(to)).getUTCMonth();
	const week = Math.ceil(Number(to.slice(8)) / 7);
	const index = isLast && (pattern.index === 'last' || week > 4) ? 'last' : WEEKS[week - 1];
	return { ...pattern, index, daysOfWeek: WEEKDAYS[weekdayOf(to)] };
}

/** The rule by which each date moves as far as the first one. */
function movePattern(pattern: RecurrencePattern, from: string, to: string): RecurrencePattern {
	const days = Math.round((utcDay(to) - utcDay(from)) / DAY);
	if (days === 0) return pattern;
	switch (pattern.type) {
		case 'weekly':
			return moveWeekly(pattern, days);
		case 'relativeMonthly':
			return moveRelative(pattern, to);
		default:
			return pattern.dayOfMonth === undefined ? pattern : { ...pattern, dayOfMonth: Number(to.slice(8)) };
	}
}

function lastOccurrence(series: Series): Occurrence | undefined {
	let last: Occurrence | undefined;
	for (const occurrence of listOccurrences(series)) last = occurrence;
	return last;
}

/** A series with a last day keeps its last date, wherever that moves. */
function moveRange(series: Series, from: ApiTime, to: ApiTime, zone: string): RecurrenceRange {
	const { range } = cleanRule(series.recurrence);
	if (range.type !== 'endDate') return range;
	const isMoved = from.date !== to.date || toMillis(from) !== toMillis(to);
	const last = isMoved ? lastOccurrence(series) : undefined;
	if (!last) return range;
	const days = (utcDay(dayOf(to)) - utcDay(dayOf(from))) / DAY;
	const start = new Date(utcDay(last.start.slice(0, 10)) + days * DAY).toISOString();
	return { type: 'endDate', endDate: endOfDay({ ...last, start }, to.timeZone ?? zone) };
}

const toMillis = ({ dateTime }: ApiTime): number =>
	dateTime === undefined ? 0 : DateTime.fromISO(dateTime).toMillis();

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

/** The rule for a series whose first date moves from one time to another. */
export function moveRule(series: Series, from: ApiTime, to: ApiTime, zone: string): ApiRecurrence {
	return {
		pattern: movePattern(cleanRule(series.recurrence).pattern, dayOf(from), dayOf(to)),
		range: moveRange(series, from, to, zone),
	};
}

/** The second part: it begins on a date of its rule, so that this date exists once, however DingTalk counts the start. */
export function continueSeries(series: Series, cut: SeriesCut, change: TimeChange, zone: string): RecurringEvent {
	const planned = timesOf(cut.at, series);
	if (change.start === undefined && clockOf(planned.start) !== clockOf(series.start)) throw new SkippedTimeError();
	const start = change.start ?? planned.start;
	const end = change.end ?? planned.end;
	if (change.recurrence === null) return { start, end };
	const moved = change.recurrence ?? moveRule(series, planned.start, start, zone);
	const range = change.recurrence ? moved.range : remaining(moved.range, cut.before);
	const recurrence = { pattern: moved.pattern, range };
	const [first] = listFirstOccurrences({ start, end, recurrence }, 1);
	if (!first) throw new NoDateLeftError();
	return { ...timesOf(first, { start, end }), recurrence };
}
