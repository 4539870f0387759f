/** When somebody works: hours, break, days of the week, holidays; by the clocks of where that person is. */
import { whenShown, type Clock } from './utcOffsets';
import { chinaSays } from './holidays';
import { united, without, type Span } from './intervals';
import { MINUTE, DAY } from '../utils/time';

/** Minutes after midnight; an end that is not later than the start is on the next day. */
export interface Hours {
	from: number;
	to: number;
}

export interface WorkTime {
	hours: Hours;
	/** In which nobody is asked to meet. */
	lunch?: Hours;
	/** 0 is Sunday. */
	days: ReadonlySet<number>;
	/** `2026-03-02`. They count more than the days of the week and the table of holidays. */
	offDays: ReadonlySet<string>;
	workedDays: ReadonlySet<string>;
	/** Minutes before and after the hours in which people may still be asked to meet. */
	beyond: number;
	/** Whether every day counts as worked, to see what that would open. */
	everyDay?: boolean;
}

function isWorked(midnight: number, time: WorkTime, chinasHolidays: boolean): boolean {
	const day = new Date(midnight);
	const name = day.toISOString().slice(0, 10);
	if (time.everyDay || time.workedDays.has(name)) return true;
	if (time.offDays.has(name)) return false;
	const said = chinasHolidays ? chinaSays(name) : undefined;
	return said ? said === 'worked' : time.days.has(day.getUTCDay());
}

const shownHours = (midnight: number, { from, to }: Hours): Span => [
	midnight + from * MINUTE,
	midnight + to * MINUTE + (to <= from ? DAY : 0),
];

/** The working time within the life of a clock. */
export function workingSpans(clock: Clock, time: WorkTime, chinasHolidays: boolean): Span[] {
	const first = clock[0];
	const last = clock[clock.length - 1];
	const work: Span[] = [];
	const breaks: Span[] = [];
	// One day before and after, for hours that reach over midnight.
	const begin = Math.floor((first.from + first.offset) / DAY) * DAY - DAY;
	for (let midnight = begin; midnight <= last.to + last.offset + DAY; midnight += DAY) {
		if (!isWorked(midnight, time, chinasHolidays)) continue;
		const [from, to] = shownHours(midnight, time.hours);
		work.push(...whenShown(clock, [from - time.beyond * MINUTE, to + time.beyond * MINUTE]));
		if (time.lunch) breaks.push(...whenShown(clock, shownHours(midnight, time.lunch)));
	}
	return without(united(work), united(breaks)).filter(([from, to]) => from < to);
}

/** How many minutes a moment is from the middle of somebody's working hours. */
export function minutesFromMiddle(shown: number, { hours: { from, to } }: WorkTime): number {
	const day = 24 * 60;
	const middle = (from + to + (to <= from ? day : 0)) / 2;
	const apart = Math.abs((((shown / MINUTE - middle) % day) + day) % day);
	return Math.min(apart, day - apart);
}
