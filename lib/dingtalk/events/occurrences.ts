/** The dates of a series, by the rule that DingTalk is sent: no call tells them before the series is there. */
import { DateTime } from 'luxon';
import { apiDateTime } from '../utils/timestamps';
import { DAY, WEEK } from '../utils/time';

/** In the order in which weeks are numbered: Monday is 1. */
export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export const WEEKS = ['first', 'second', 'third', 'fourth', 'last'] as const;

export interface RecurrencePattern {
	type: 'daily' | 'weekly' | 'absoluteMonthly' | 'relativeMonthly' | 'absoluteYearly';
	interval: number;
	dayOfMonth?: number;
	/** Comma-separated. */
	daysOfWeek?: string;
	index?: string;
	firstDayOfWeek?: string;
}

export interface RecurrenceRange {
	type: 'noEnd' | 'endDate' | 'numbered';
	endDate?: string;
	numberOfOccurrences?: number;
}

/** As the API takes it. */
export interface ApiRecurrence {
	pattern: RecurrencePattern;
	range: RecurrenceRange;
}

interface ApiTime {
	date?: string;
	dateTime?: string;
	timeZone?: string;
}

/** What of an event, as it is sent, says when it is. */
export interface RecurringEvent {
	start: ApiTime;
	end: ApiTime;
	recurrence?: ApiRecurrence;
}

/** Local times with offset; for all-day events dates, the end being the day after the last as everywhere in the API. */
export interface Occurrence {
	start: string;
	end: string;
	/** What DingTalk will call it as long as the series lives, even when it is moved: the start in UTC, or the date. */
	originStart: string;
}

/** A date without zone or time: the milliseconds of its midnight in UTC, where no day is longer than another. */
type UtcDay = number;

/** Texts have four digits for a year. */
const END_OF_CALENDAR = Date.UTC(10_000, 0);
/** DingTalk's, where the rule names none. */
const DEFAULT_FIRST_DAY_OF_WEEK = 'sunday';

const toUtcDay = ({ year, month, day }: DateTime): UtcDay => Date.UTC(year, month - 1, day);
const fromUtcDay = (day: UtcDay): DateTime => DateTime.fromMillis(day, { zone: 'utc' });

const parseWeekday = (weekday: string): number =>
	WEEKDAYS.findIndex((name) => name === weekday.trim().toLowerCase()) + 1;
const getWeekday = (day: UtcDay): number => new Date(day).getUTCDay() || WEEKDAYS.length;

/** How far the next such weekday is from a day; 0 where it is one itself. */
const timeUntilWeekday = (weekday: number, day: UtcDay): number => ((weekday - getWeekday(day) + 7) % 7) * DAY;

/** Each weekday once, in the order in which they come from this day on. */
function timesUntilWeekdays({ daysOfWeek }: RecurrencePattern, from: UtcDay, first: UtcDay): number[] {
	const weekdays = daysOfWeek === undefined ? [getWeekday(first)] : daysOfWeek.split(',').map(parseWeekday);
	return [...new Set(weekdays)].map((weekday) => timeUntilWeekday(weekday, from)).sort((a, b) => a - b);
}

/** The day of a month that the pattern means: none in a month that is too short for it. */
function daysInMonth(pattern: RecurrencePattern, month: UtcDay, first: UtcDay): UtcDay[] {
	const start = new Date(month);
	const next = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1);
	if (pattern.type !== 'relativeMonthly') {
		const day = month + ((pattern.dayOfMonth ?? new Date(first).getUTCDate()) - 1) * DAY;
		return day < next ? [day] : [];
	}
	const firstWeek = timesUntilWeekdays(pattern, month, first);
	const candidates = [0, 1, 2, 3, 4]
		.flatMap((weeks) => firstWeek.map((distance) => month + distance + weeks * WEEK))
		.filter((day) => day < next);
	return candidates.slice(...(pattern.index === 'last' ? [-1] : [getWeekIndex(pattern), getWeekIndex(pattern) + 1]));
}

const getWeekIndex = ({ index }: RecurrencePattern): number =>
	Math.max(
		0,
		WEEKS.findIndex((week) => week === index),
	);

/** What the interval counts: the days of a stretch of time, and the stretch that many further on. */
interface RepeatPeriod {
	firstStart: UtcDay;
	next: (beginning: UtcDay) => UtcDay;
	days: (beginning: UtcDay) => UtcDay[];
}

function createPeriod(pattern: RecurrencePattern, first: UtcDay): RepeatPeriod {
	const { interval } = pattern;
	switch (pattern.type) {
		case 'daily':
			return { firstStart: first, next: (day) => day + interval * DAY, days: (day) => [day] };
		case 'weekly': {
			const weekStart = parseWeekday(pattern.firstDayOfWeek ?? DEFAULT_FIRST_DAY_OF_WEEK);
			const distance = timeUntilWeekday(weekStart, first);
			return {
				firstStart: distance === 0 ? first : first + distance - WEEK,
				next: (week) => week + interval * WEEK,
				days: (week) => timesUntilWeekdays(pattern, week, first).map((later) => week + later),
			};
		}
		default: {
			// A yearly rule names no month: it stays in that of the start.
			const months = pattern.type === 'absoluteYearly' ? 12 * interval : interval;
			const monthAfter = (day: UtcDay, count: number): UtcDay =>
				Date.UTC(new Date(day).getUTCFullYear(), new Date(day).getUTCMonth() + count);
			return {
				firstStart: monthAfter(first, 0),
				next: (month) => monthAfter(month, months),
				days: (month) => daysInMonth(pattern, month, first),
			};
		}
	}
}

/** The start only counts if the rule means its day. */
function* generateDays(pattern: RecurrencePattern, first: UtcDay): Generator<UtcDay> {
	const { firstStart, next, days } = createPeriod(pattern, first);
	for (let period = firstStart; period < END_OF_CALENDAR; period = next(period)) {
		for (const day of days(period)) if (day >= first && day < END_OF_CALENDAR) yield day;
	}
}

/**
 * The same clock time on another date. Of an hour that comes twice the first counts, and in one that is left out the
 * clocks go on as before it.
 */
function atSameTime(date: UtcDay, start: DateTime): DateTime {
	const { hour, minute, second, millisecond, zone } = start;
	const { year, month, day } = fromUtcDay(date);
	// Luxon's own choice depends on the season it is asked in.
	return DateTime.fromObject({ year, month, day, hour, minute, second, millisecond }, { zone }).getPossibleOffsets()[0];
}

/** Whether something may still start then. A last day without a time of day includes all that starts on it. */
function isWithin({ type, endDate }: RecurrenceRange, date: UtcDay, start?: DateTime): boolean {
	if (type !== 'endDate' || endDate === undefined) return true;
	if (start === undefined || !endDate.includes('T'))
		return date <= toUtcDay(DateTime.fromISO(endDate.slice(0, 10), { zone: 'utc' }));
	return start <= DateTime.fromISO(endDate);
}

/** How a date of the rule becomes one of the event. */
interface OccurrenceBuilder {
	first: UtcDay;
	build: (date: UtcDay) => { occurrence: Occurrence; isWithin: (range: RecurrenceRange) => boolean };
}

const formatDate = (date: UtcDay): string => new Date(date).toISOString().slice(0, 10);

function buildAllDay({ start, end }: RecurringEvent): OccurrenceBuilder {
	const [first, last] = [start, end].map(({ date }) => toUtcDay(DateTime.fromISO(date ?? '', { zone: 'utc' })));
	return {
		first,
		build: (date) => ({
			occurrence: { start: formatDate(date), end: formatDate(date + last - first), originStart: formatDate(date) },
			isWithin: (range) => isWithin(range, date),
		}),
	};
}

/** As DingTalk writes it in the dates of a series. */
const formatOriginStart = (at: DateTime): string => at.toUTC().setLocale('en').toFormat("yyyy-MM-dd'T'HH:mm:ss'Z'");

/** Each lasts as long as the first, also over a change of the clocks. */
function buildTimed({ start, end }: RecurringEvent): OccurrenceBuilder {
	const firstStart = DateTime.fromISO(start.dateTime ?? '', { zone: start.timeZone });
	const duration = DateTime.fromISO(end.dateTime ?? '').diff(firstStart);
	const first = toUtcDay(firstStart);
	return {
		first,
		build: (date) => {
			const at = date === first ? firstStart : atSameTime(date, firstStart);
			return {
				occurrence: { start: apiDateTime(at), end: apiDateTime(at.plus(duration)), originStart: formatOriginStart(at) },
				isWithin: (range) => isWithin(range, date, at),
			};
		},
	};
}

/** The first dates, no more than `count` and no more than there are: none where the rule never comes to anything. */
export function listFirstOccurrences(event: RecurringEvent, count: number): Occurrence[] {
	const { first, build } = event.start.date === undefined ? buildTimed(event) : buildAllDay(event);
	if (event.recurrence === undefined) return [build(first).occurrence].slice(0, count);
	const { pattern, range } = event.recurrence;
	const limit = range.type === 'numbered' ? Math.min(count, range.numberOfOccurrences ?? count) : count;
	const occurrences: Occurrence[] = [];
	if (limit <= 0) return occurrences;
	for (const date of generateDays(pattern, first)) {
		const candidate = build(date);
		if (!candidate.isWithin(range)) break;
		occurrences.push(candidate.occurrence);
		if (occurrences.length === limit) break;
	}
	return occurrences;
}
