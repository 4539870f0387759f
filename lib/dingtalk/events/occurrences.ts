/** The dates of a series, by the rule that DingTalk is sent: no call tells them before the series is there. */
import { DateTime } from 'luxon';
import { apiDateTime } from '../utils/timestamps';
import { DAY, WEEK } from '../utils/time';

/** In the order in which weeks are numbered: Monday is 1. */
export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export const WEEKS = ['first', 'second', 'third', 'fourth', 'last'] as const;

export interface Pattern {
	type: 'daily' | 'weekly' | 'absoluteMonthly' | 'relativeMonthly' | 'absoluteYearly';
	interval: number;
	dayOfMonth?: number;
	/** Comma-separated. */
	daysOfWeek?: string;
	index?: string;
	firstDayOfWeek?: string;
}

export interface Range {
	type: 'noEnd' | 'endDate' | 'numbered';
	endDate?: string;
	numberOfOccurrences?: number;
}

/** As the API takes it. */
export interface ApiRecurrence {
	pattern: Pattern;
	range: Range;
}

interface Time {
	date?: string;
	dateTime?: string;
	timeZone?: string;
}

/** What of an event, as it is sent, says when it is. */
export interface Repeated {
	start: Time;
	end: Time;
	recurrence?: ApiRecurrence;
}

/** Local times with offset; for all-day events dates, the end being the day after the last as everywhere in the API. */
export interface Occurrence {
	start: string;
	end: string;
	/** What DingTalk will call it as long as the series lives, even when it is moved: the start in UTC, or the date. */
	original: string;
}

/** A date without zone or time: the milliseconds of its midnight in UTC, where no day is longer than another. */
type Day = number;

/** Texts have four digits for a year. */
const END_OF_TIME = Date.UTC(10_000, 0);
/** DingTalk's, where the rule names none. */
const FIRST_DAY_OF_WEEK = 'sunday';

const dayOf = ({ year, month, day }: DateTime): Day => Date.UTC(year, month - 1, day);
const dateOf = (day: Day): DateTime => DateTime.fromMillis(day, { zone: 'utc' });

const numberOf = (weekday: string): number => WEEKDAYS.findIndex((name) => name === weekday.trim().toLowerCase()) + 1;
const weekdayOf = (day: Day): number => new Date(day).getUTCDay() || WEEKDAYS.length;

/** How far the next such weekday is from a day; 0 where it is one itself. */
const distanceTo = (weekday: number, day: Day): number => ((weekday - weekdayOf(day) + 7) % 7) * DAY;

/** Each weekday once, in the order in which they come from this day on. */
function distancesTo({ daysOfWeek }: Pattern, from: Day, first: Day): number[] {
	const wanted = daysOfWeek === undefined ? [weekdayOf(first)] : daysOfWeek.split(',').map(numberOf);
	return [...new Set(wanted)].map((weekday) => distanceTo(weekday, from)).sort((a, b) => a - b);
}

/** The day of a month that the pattern means: none in a month that is too short for it. */
function daysOfMonth(pattern: Pattern, month: Day, first: Day): Day[] {
	const start = new Date(month);
	const next = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1);
	if (pattern.type !== 'relativeMonthly') {
		const day = month + ((pattern.dayOfMonth ?? new Date(first).getUTCDate()) - 1) * DAY;
		return day < next ? [day] : [];
	}
	const firstWeek = distancesTo(pattern, month, first);
	const fitting = [0, 1, 2, 3, 4]
		.flatMap((weeks) => firstWeek.map((distance) => month + distance + weeks * WEEK))
		.filter((day) => day < next);
	return fitting.slice(...(pattern.index === 'last' ? [-1] : [indexOf(pattern), indexOf(pattern) + 1]));
}

const indexOf = ({ index }: Pattern): number =>
	Math.max(
		0,
		WEEKS.findIndex((week) => week === index),
	);

/** What the interval counts: the days of a stretch of time, and the stretch that many further on. */
interface Period {
	beginning: Day;
	next: (beginning: Day) => Day;
	days: (beginning: Day) => Day[];
}

function periodOf(pattern: Pattern, first: Day): Period {
	const { interval } = pattern;
	switch (pattern.type) {
		case 'daily':
			return { beginning: first, next: (day) => day + interval * DAY, days: (day) => [day] };
		case 'weekly': {
			const opening = numberOf(pattern.firstDayOfWeek ?? FIRST_DAY_OF_WEEK);
			const distance = distanceTo(opening, first);
			return {
				beginning: distance === 0 ? first : first + distance - WEEK,
				next: (week) => week + interval * WEEK,
				days: (week) => distancesTo(pattern, week, first).map((later) => week + later),
			};
		}
		default: {
			// A yearly rule names no month: it stays in that of the start.
			const months = pattern.type === 'absoluteYearly' ? 12 * interval : interval;
			const monthAfter = (day: Day, count: number): Day =>
				Date.UTC(new Date(day).getUTCFullYear(), new Date(day).getUTCMonth() + count);
			return {
				beginning: monthAfter(first, 0),
				next: (month) => monthAfter(month, months),
				days: (month) => daysOfMonth(pattern, month, first),
			};
		}
	}
}

/** The start only counts if the rule means its day. */
function* daysOf(pattern: Pattern, first: Day): Generator<Day> {
	const { beginning, next, days } = periodOf(pattern, first);
	for (let period = beginning; period < END_OF_TIME; period = next(period)) {
		for (const day of days(period)) if (day >= first && day < END_OF_TIME) yield day;
	}
}

/**
 * The same clock time on another date. Of an hour that comes twice the first counts, and in one that is left out the
 * clocks go on as before it.
 */
function sameTimeOn(date: Day, start: DateTime): DateTime {
	const { hour, minute, second, millisecond, zone } = start;
	const { year, month, day } = dateOf(date);
	// Luxon's own choice depends on the season it is asked in.
	return DateTime.fromObject({ year, month, day, hour, minute, second, millisecond }, { zone }).getPossibleOffsets()[0];
}

/** Whether something may still start then. A last day without a time of day includes all that starts on it. */
function isWithin({ type, endDate }: Range, date: Day, start?: DateTime): boolean {
	if (type !== 'endDate' || endDate === undefined) return true;
	if (start === undefined || !endDate.includes('T'))
		return date <= dayOf(DateTime.fromISO(endDate.slice(0, 10), { zone: 'utc' }));
	return start <= DateTime.fromISO(endDate);
}

/** How a date of the rule becomes one of the event. */
interface Places {
	first: Day;
	place: (date: Day) => { occurrence: Occurrence; isWithin: (range: Range) => boolean };
}

const isoDate = (date: Day): string => new Date(date).toISOString().slice(0, 10);

function allDay({ start, end }: Repeated): Places {
	const [first, last] = [start, end].map(({ date }) => dayOf(DateTime.fromISO(date ?? '', { zone: 'utc' })));
	return {
		first,
		place: (date) => ({
			occurrence: { start: isoDate(date), end: isoDate(date + last - first), original: isoDate(date) },
			isWithin: (range) => isWithin(range, date),
		}),
	};
}

/** As DingTalk writes it in the dates of a series. */
const originStart = (at: DateTime): string => at.toUTC().setLocale('en').toFormat("yyyy-MM-dd'T'HH:mm:ss'Z'");

/** Each lasts as long as the first, also over a change of the clocks. */
function timed({ start, end }: Repeated): Places {
	const begins = DateTime.fromISO(start.dateTime ?? '', { zone: start.timeZone });
	const length = DateTime.fromISO(end.dateTime ?? '').diff(begins);
	const first = dayOf(begins);
	return {
		first,
		place: (date) => {
			const at = date === first ? begins : sameTimeOn(date, begins);
			return {
				occurrence: { start: apiDateTime(at), end: apiDateTime(at.plus(length)), original: originStart(at) },
				isWithin: (range) => isWithin(range, date, at),
			};
		},
	};
}

/** The first dates, no more than `count` and no more than there are: none where the rule never comes to anything. */
export function firstOccurrences(event: Repeated, count: number): Occurrence[] {
	const { first, place } = event.start.date === undefined ? timed(event) : allDay(event);
	if (event.recurrence === undefined) return [place(first).occurrence].slice(0, count);
	const { pattern, range } = event.recurrence;
	const most = range.type === 'numbered' ? Math.min(count, range.numberOfOccurrences ?? count) : count;
	const found: Occurrence[] = [];
	if (most <= 0) return found;
	for (const date of daysOf(pattern, first)) {
		const placed = place(date);
		if (!placed.isWithin(range)) break;
		found.push(placed.occurrence);
		if (found.length === most) break;
	}
	return found;
}
