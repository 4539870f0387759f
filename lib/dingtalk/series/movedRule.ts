/** The rule of a series that moves to other days: each date has to move with it, and none may be added. */
import { DateTime } from 'luxon';
import {
	listFirstOccurrences,
	WEEKDAYS,
	WEEKS,
	type Occurrence,
	type RecurrencePattern,
	type RecurringEvent,
} from '../events/occurrences';
import { apiDateTime, type ApiTime } from '../utils/timestamps';
import { DAY } from '../utils/time';

/** The rule cannot be moved to the new day, so it has to be given. */
export class RuleDoesNotMoveError extends Error {}

/** Of a series without an end; a day that some months lack shows within four years, 29 February within eight. */
export const COMPARED_DATES = 100;

export const dayOf = ({ date, dateTime = '' }: ApiTime): string => date ?? dateTime.slice(0, 10);
export const utcDay = (day: string): number => Date.parse(`${day}T00:00:00Z`);
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
export function movePattern(pattern: RecurrencePattern, from: string, to: string): RecurrencePattern {
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

export const toMillis = ({ dateTime }: ApiTime): number =>
	dateTime === undefined ? 0 : DateTime.fromISO(dateTime).toMillis();

/** Months or years, which are not equally long. */
export const isMonthly = ({ type }: RecurrencePattern): boolean => type !== 'daily' && type !== 'weekly';

const monthOf = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));

/**
 * Each date of the old rule has to become one in the month that is as far from its own as for the first date: a month that
 * lacks the new day would lose one, and a month that lacked the old day would get one. Returns the last date.
 */
export function requireSameMonths(old: Occurrence[], next: RecurringEvent): Occurrence | undefined {
	const moved = listFirstOccurrences(next, old.length);
	const distance = (index: number): number => monthOf(moved[index].start) - monthOf(old[index].start);
	const isEven = old.every((_, index) => moved[index] !== undefined && distance(index) === distance(0));
	if (!isEven) throw new RuleDoesNotMoveError();
	return moved.at(-1);
}

/** The day of a moved rule for the first date, in the month that is as far away as the one for the given date. */
export function findDay(
	pattern: RecurrencePattern,
	first: string,
	{ from, to }: { from: ApiTime; to: ApiTime },
): string {
	const month = monthOf(first) + monthOf(dayOf(to)) - monthOf(dayOf(from));
	const start = { date: new Date(Date.UTC(Math.floor((month - 1) / 12), (month - 1) % 12)).toISOString().slice(0, 10) };
	// Without a day of its own, a rule has that of its start.
	const rule = pattern.type === 'relativeMonthly' ? pattern : { ...pattern, dayOfMonth: Number(dayOf(to).slice(8)) };
	const recurrence = { pattern: rule, range: { type: 'noEnd' as const } };
	const [found] = listFirstOccurrences({ start, end: start, recurrence }, 1);
	if (!found || monthOf(found.start) !== month) throw new RuleDoesNotMoveError();
	return found.start;
}

export const daysBetween = (from: ApiTime, to: ApiTime): number => (utcDay(dayOf(to)) - utcDay(dayOf(from))) / DAY;

/** The same time of day, some days after a day. */
export function onDay(time: ApiTime, day: string, days: number): ApiTime {
	const date = new Date(utcDay(day) + days * DAY).toISOString().slice(0, 10);
	if (time.dateTime === undefined) return { date };
	const { timeZone } = time;
	const clock = DateTime.fromISO(time.dateTime, timeZone ? { zone: timeZone } : { setZone: true });
	const { year, month, day: dayOfMonth } = DateTime.fromISO(date);
	return { ...time, dateTime: apiDateTime(clock.set({ year, month, day: dayOfMonth })) };
}
