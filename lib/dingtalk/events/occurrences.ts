/** Computes the dates of a series from its rule, because no call returns them before the series exists. */
import { DateTime } from 'luxon';
import { apiDateTime, type ApiTime } from '../utils/timestamps';
import { DAY, WEEK } from '../utils/time';
import { isDay } from './readEvent';

/** In ISO order: Monday is 1. */
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

export interface ApiRecurrence {
	pattern: RecurrencePattern;
	range: RecurrenceRange;
}

/** The fields of an event that determine its dates, in the API's form. */
export interface RecurringEvent {
	start: ApiTime;
	end: ApiTime;
	recurrence?: ApiRecurrence;
}

/** Local times with offset. All-day events have dates, and their end is the day after the last day, as in the API. */
export interface Occurrence {
	start: string;
	end: string;
	/** Identifies the occurrence within the series, even after it is moved: the planned start in UTC, or the date. */
	originStart: string;
}

/** A date without time or zone, as the milliseconds of its midnight in UTC, where every day is equally long. */
type UtcDay = number;

/** Years have at most four digits. */
export const END_OF_CALENDAR = Date.UTC(10_000, 0);
/** DingTalk's default. */
const DEFAULT_FIRST_DAY_OF_WEEK = 'sunday';

const toUtcDay = ({ year, month, day }: DateTime): UtcDay => Date.UTC(year, month - 1, day);
const fromUtcDay = (day: UtcDay): DateTime => DateTime.fromMillis(day, { zone: 'utc' });

const parseWeekday = (weekday: string): number =>
	WEEKDAYS.findIndex((name) => name === weekday.trim().toLowerCase()) + 1;
const getWeekday = (day: UtcDay): number => new Date(day).getUTCDay() || WEEKDAYS.length;

/** Milliseconds from a day to the next such weekday; 0 if the day is one. */
const timeUntilWeekday = (weekday: number, day: UtcDay): number => ((weekday - getWeekday(day) + 7) % 7) * DAY;

/** The same for each weekday of the pattern, sorted and without duplicates. */
function timesUntilWeekdays({ daysOfWeek }: RecurrencePattern, from: UtcDay, first: UtcDay): number[] {
	const weekdays = daysOfWeek === undefined ? [getWeekday(first)] : daysOfWeek.split(',').map(parseWeekday);
	return [...new Set(weekdays)].map((weekday) => timeUntilWeekday(weekday, from)).sort((a, b) => a - b);
}

/** The days of a month that match the pattern; none if the month is too short. */
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

/** The periods that the interval counts, such as weeks: their matching days, and the start of the next period. */
interface RepeatPeriod {
	firstStart: UtcDay;
	next: (start: UtcDay) => UtcDay;
	days: (start: UtcDay) => UtcDay[];
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
			// A yearly rule names no month and repeats in the month of the start.
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

/** A rule that does not go on from one period to the next would never end. */
const goesOn = ({ interval }: RecurrencePattern): boolean => Number.isInteger(interval) && interval >= 1;

/** All matching days from the start on. The start itself is not included if it does not match. */
function* listDays(pattern: RecurrencePattern, first: UtcDay): Generator<UtcDay> {
	if (!goesOn(pattern)) return;
	const { firstStart, next, days } = createPeriod(pattern, first);
	for (let period = firstStart; period < END_OF_CALENDAR; period = next(period)) {
		for (const day of days(period)) if (day >= first && day < END_OF_CALENDAR) yield day;
	}
}

/**
 * The same clock time on another date. When clocks go back and a time exists twice, the first counts; when they go forward
 * and it does not exist, it is read with the offset from before the change.
 */
function atSameTime(date: UtcDay, start: DateTime): DateTime {
	const { hour, minute, second, millisecond, zone } = start;
	const { year, month, day } = fromUtcDay(date);
	// Without this, luxon's choice depends on the current date.
	return DateTime.fromObject({ year, month, day, hour, minute, second, millisecond }, { zone }).getPossibleOffsets()[0];
}

/** Whether an occurrence may start then. An end date without a time includes the whole day. */
function isWithin({ type, endDate }: RecurrenceRange, date: UtcDay, start?: DateTime): boolean {
	if (type !== 'endDate' || endDate === undefined) return true;
	if (start === undefined || !endDate.includes('T'))
		return date <= toUtcDay(DateTime.fromISO(endDate.slice(0, 10), { zone: 'utc' }));
	return start <= DateTime.fromISO(endDate);
}

/** Turns the days of a rule into occurrences. */
interface OccurrenceBuilder {
	first: UtcDay;
	build: (date: UtcDay) => { occurrence: Occurrence; isWithin: (range: RecurrenceRange) => boolean };
}

const formatDate = (date: UtcDay): string => new Date(date).toISOString().slice(0, 10);

function createAllDayBuilder({ start, end }: RecurringEvent): OccurrenceBuilder {
	const [first, last] = [start, end].map(({ date }) => toUtcDay(DateTime.fromISO(date ?? '', { zone: 'utc' })));
	return {
		first,
		build: (date) => ({
			occurrence: { start: formatDate(date), end: formatDate(date + last - first), originStart: formatDate(date) },
			isWithin: (range) => isWithin(range, date),
		}),
	};
}

/** In DingTalk's format. */
const formatOriginStart = (at: DateTime): string => at.toUTC().setLocale('en').toFormat("yyyy-MM-dd'T'HH:mm:ss'Z'");

/** All occurrences have the same duration, even across a clock change. */
function createTimedBuilder({ start, end }: RecurringEvent): OccurrenceBuilder {
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

/**
 * The occurrences of a series, in order, without end if it has none; a single event is its own occurrence. Those that were
 * planned well before `from` are counted only: computing their times takes most of the time for an old series.
 */
export function* listOccurrences(event: RecurringEvent, from = -Infinity): Generator<Occurrence> {
	const { first, build } = isDay(event.start) ? createAllDayBuilder(event) : createTimedBuilder(event);
	if (event.recurrence === undefined) {
		yield build(first).occurrence;
		return;
	}
	const { pattern, range } = event.recurrence;
	const limit = range.type === 'numbered' ? (range.numberOfOccurrences ?? Infinity) : Infinity;
	let count = 0;
	if (limit <= 0) return;
	for (const date of listDays(pattern, first)) {
		// A date begins up to 14 hours before it does in UTC, and ends up to 12 hours later.
		if (date >= from - 2 * DAY) {
			const candidate = build(date);
			if (!candidate.isWithin(range)) return;
			yield candidate.occurrence;
		}
		if (++count >= limit) return;
	}
}

/** The first `count` occurrences, or fewer if the series ends or the rule never matches. */
export function listFirstOccurrences(event: RecurringEvent, count: number): Occurrence[] {
	const occurrences: Occurrence[] = [];
	if (count <= 0) return occurrences;
	for (const occurrence of listOccurrences(event)) {
		occurrences.push(occurrence);
		if (occurrences.length >= count) break;
	}
	return occurrences;
}
