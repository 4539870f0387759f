/** When somebody works: hours, break, days of the week, holidays; by the clocks of where that person is. */
import { localToUtc, type UtcOffsets } from './utcOffsets';
import { getHolidayStatus } from './holidays';
import { mergeSpans, subtractSpans, type Span } from './intervals';
import { MINUTE, DAY } from '../utils/time';

/** Minutes after midnight; an end that is not later than the start is on the next day. */
export interface Hours {
	from: number;
	to: number;
}

export interface WorkingTime {
	hours: Hours;
	/** In which nobody is asked to meet. */
	lunch?: Hours;
	/** 0 is Sunday. */
	days: ReadonlySet<number>;
	/** `2026-03-02`. They count more than the days of the week and the table of holidays. */
	daysOff: ReadonlySet<string>;
	extraWorkingDays: ReadonlySet<string>;
	/** Minutes before and after the hours in which people may still be asked to meet. */
	minutesOutside: number;
	/** Whether every day counts as worked, to see what that would open. */
	everyDay?: boolean;
}

function isWorkingDay(midnight: number, time: WorkingTime, observesChineseHolidays: boolean): boolean {
	const day = new Date(midnight);
	const name = day.toISOString().slice(0, 10);
	if (time.everyDay || time.extraWorkingDays.has(name)) return true;
	if (time.daysOff.has(name)) return false;
	const holidayStatus = observesChineseHolidays ? getHolidayStatus(name) : undefined;
	return holidayStatus ? holidayStatus === 'worked' : time.days.has(day.getUTCDay());
}

const hoursOnDay = (midnight: number, { from, to }: Hours): Span => [
	midnight + from * MINUTE,
	midnight + to * MINUTE + (to <= from ? DAY : 0),
];

/** The working time within the life of a clock. */
export function listWorkingSpans(offsets: UtcOffsets, time: WorkingTime, observesChineseHolidays: boolean): Span[] {
	const first = offsets[0];
	const last = offsets[offsets.length - 1];
	const work: Span[] = [];
	const breaks: Span[] = [];
	// One day before and after, for hours that reach over midnight.
	const begin = Math.floor((first.from + first.offset) / DAY) * DAY - DAY;
	for (let midnight = begin; midnight <= last.to + last.offset + DAY; midnight += DAY) {
		if (!isWorkingDay(midnight, time, observesChineseHolidays)) continue;
		const [from, to] = hoursOnDay(midnight, time.hours);
		work.push(...localToUtc(offsets, [from - time.minutesOutside * MINUTE, to + time.minutesOutside * MINUTE]));
		if (time.lunch) breaks.push(...localToUtc(offsets, hoursOnDay(midnight, time.lunch)));
	}
	return subtractSpans(mergeSpans(work), mergeSpans(breaks)).filter(([from, to]) => from < to);
}

/** How many minutes a moment is from the middle of somebody's working hours. */
export function minutesFromMidday(localTime: number, { hours: { from, to } }: WorkingTime): number {
	const day = 24 * 60;
	const middle = (from + to + (to <= from ? day : 0)) / 2;
	const distance = Math.abs((((localTime / MINUTE - middle) % day) + day) % day);
	return Math.min(distance, day - distance);
}
