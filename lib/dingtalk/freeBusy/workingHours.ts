/** Working hours in a person's time zone: hours, lunch break, days of the week and holidays. */
import { localToUtc, type UtcOffsets } from './utcOffsets';
import { getHolidayStatus } from './holidays';
import { mergeSpans, subtractSpans, type Span } from './intervals';
import { MINUTE, DAY } from '../utils/time';

/** In minutes after midnight; an end that is not later than the start is on the next day. */
export interface Hours {
	from: number;
	to: number;
}

export interface WorkingTime {
	hours: Hours;
	/** No meeting takes place during lunch. */
	lunch?: Hours;
	/** Days of the week; 0 is Sunday. */
	days: ReadonlySet<number>;
	/** Dates such as `2026-03-02`. They override the days of the week and the holidays. */
	daysOff: ReadonlySet<string>;
	extraWorkingDays: ReadonlySet<string>;
	/** Minutes before and after the working hours in which a meeting may still take place. */
	minutesOutside: number;
	/** Treats every day as a working day, to check whether that would open a slot. */
	everyDay?: boolean;
}

function isWorkingDay(midnight: number, time: WorkingTime, observesChineseHolidays: boolean): boolean {
	const day = new Date(midnight);
	const name = day.toISOString().slice(0, 10);
	if (time.everyDay || time.extraWorkingDays.has(name)) return true;
	if (time.daysOff.has(name)) return false;
	const holidayStatus = observesChineseHolidays ? getHolidayStatus(name) : undefined;
	return holidayStatus ? holidayStatus === 'makeUpDay' : time.days.has(day.getUTCDay());
}

const hoursOnDay = (midnight: number, { from, to }: Hours): Span => [
	midnight + from * MINUTE,
	midnight + to * MINUTE + (to <= from ? DAY : 0),
];

/** All working time within the period of the offsets. */
export function listWorkingSpans(offsets: UtcOffsets, time: WorkingTime, observesChineseHolidays: boolean): Span[] {
	const first = offsets[0];
	const last = offsets[offsets.length - 1];
	const work: Span[] = [];
	const breaks: Span[] = [];
	// One day more on each side, for hours that cross midnight.
	const begin = Math.floor((first.from + first.offset) / DAY) * DAY - DAY;
	for (let midnight = begin; midnight <= last.to + last.offset + DAY; midnight += DAY) {
		if (!isWorkingDay(midnight, time, observesChineseHolidays)) continue;
		const [from, to] = hoursOnDay(midnight, time.hours);
		work.push(...localToUtc(offsets, [from - time.minutesOutside * MINUTE, to + time.minutesOutside * MINUTE]));
		if (time.lunch) breaks.push(...localToUtc(offsets, hoursOnDay(midnight, time.lunch)));
	}
	return subtractSpans(mergeSpans(work), mergeSpans(breaks)).filter(([from, to]) => from < to);
}

/** The distance in minutes of a local time from the middle of the working hours. */
export function minutesFromMiddle(localTime: number, { hours: { from, to } }: WorkingTime): number {
	const day = 24 * 60;
	const middle = (from + to + (to <= from ? day : 0)) / 2;
	const distance = Math.abs((((localTime / MINUTE - middle) % day) + day) % day);
	return Math.min(distance, day - distance);
}
