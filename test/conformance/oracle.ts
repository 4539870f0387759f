/** Expands a recurrence rule with an independent library, to compare the simulator with. */
import { RRule, type Options, type Weekday } from 'rrule';

import { INDEXES, type RandomRule } from './randomRules';

/**
 * The dates of a rule by a library that has nothing to do with the simulator. It counts in wall-clock time, written as
 * if it were UTC; where the clocks of a zone stand is asked of the engine's own tables, not of the simulator's library.
 */
const FREQUENCIES = {
	daily: RRule.DAILY,
	weekly: RRule.WEEKLY,
	absoluteMonthly: RRule.MONTHLY,
	relativeMonthly: RRule.MONTHLY,
	absoluteYearly: RRule.YEARLY,
};

const DAYS: Record<string, Weekday> = {
	sunday: RRule.SU,
	monday: RRule.MO,
	tuesday: RRule.TU,
	wednesday: RRule.WE,
	thursday: RRule.TH,
	friday: RRule.FR,
	saturday: RRule.SA,
};

const MINUTE = 60_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** What clocks in the zone show at an instant, as if it were UTC. */
function wallClock(instant: number, zone: string): number {
	const format =
		formats.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
	formats.set(zone, format);
	return Date.parse(`${format.format(instant).replace(' ', 'T')}Z`);
}

/**
 * The instant at which clocks show this. Of two the first; where clocks skip it, the one before the skip counted on, as
 * iCalendar has it.
 */
export function instantOf(wall: number, zone: string): number {
	const offset = (around: number): number => wallClock(around, zone) - around;
	const candidates = [wall - offset(wall - 1440 * MINUTE), wall - offset(wall + 1440 * MINUTE)];
	return candidates.find((instant) => wallClock(instant, zone) === wall) ?? candidates[0];
}

export const wallOf = (text: string): number => Date.parse(`${text}:00Z`);

function until({ range, zone, allDay }: RandomRule): number | undefined {
	if (range.endDate === undefined) return undefined;
	if (allDay || !range.endDate.includes('T')) return Date.parse(`${range.endDate.slice(0, 10)}T23:59:59Z`);
	return wallClock(Date.parse(range.endDate), zone);
}

function options(rule: RandomRule): Partial<Options> {
	const { pattern, range } = rule;
	const end = until(rule);
	return {
		freq: FREQUENCIES[pattern.type],
		interval: pattern.interval,
		dtstart: new Date(wallOf(rule.start)),
		wkst: DAYS[pattern.firstDayOfWeek ?? 'sunday'],
		...(pattern.dayOfMonth === undefined ? {} : { bymonthday: pattern.dayOfMonth }),
		...(pattern.daysOfWeek === undefined ? {} : { byweekday: pattern.daysOfWeek.split(',').map((day) => DAYS[day]) }),
		...(pattern.index === undefined
			? {}
			: { bysetpos: pattern.index === 'last' ? -1 : INDEXES.indexOf(pattern.index) + 1 }),
		...(range.numberOfOccurrences === undefined ? {} : { count: range.numberOfOccurrences }),
		...(end === undefined ? {} : { until: new Date(end) }),
	};
}

/** Wall-clock starts of the rule between two wall-clock times, both included. */
export const startsBetween = (rule: RandomRule, from: number, to: number): number[] =>
	new RRule(options(rule)).between(new Date(from), new Date(to), true).map((date) => date.getTime());

/** The first wall-clock starts of the rule. */
export const firstStarts = (rule: RandomRule, count: number): number[] =>
	new RRule(options(rule)).all((_date, index) => index < count).map((date) => date.getTime());

/** Whether the rule comes to anything at all. */
export const comesToSomething = (rule: RandomRule): boolean =>
	new RRule(options(rule)).after(new Date(wallOf(rule.start)), true) !== null;
