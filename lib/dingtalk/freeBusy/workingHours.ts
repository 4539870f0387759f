/** Working hours in a person's time zone: shifts with their breaks, days of the week and holidays. */
import { localToUtc, type UtcOffsets } from './utcOffsets';
import { getHolidayStatus } from './holidays';
import { mergeSpans, subtractSpans, type Span } from './intervals';
import { MINUTE, DAY } from '../utils/time';

const DAY_MINUTES = DAY / MINUTE;

/** In minutes after midnight; an end that is not later than the start is on the next day. */
export interface Hours {
	from: number;
	to: number;
}

export interface WorkingTime {
	/** At least one. */
	shifts: readonly Hours[];
	/** No meeting takes place during a break. Each belongs to the shifts that it lies in, after midnight too. */
	breaks: readonly Hours[];
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

/** In minutes after the midnight at which the day of the shift begins. */
const toMinutes = ({ from, to }: Hours): Span => [from, to + (to <= from ? DAY_MINUTES : 0)];

const overlaps = (a: Span, b: Span): boolean => a[0] < b[1] && b[0] < a[1];

/** Where a break lies: within the shift, else within the minutes around it. */
function placeBreak(shift: Span, hours: Hours, minutesOutside: number): Span[] {
	const [from, to] = toMinutes(hours);
	const places = [-DAY_MINUTES, 0, DAY_MINUTES].map((offset): Span => [from + offset, to + offset]);
	const inside = places.filter((place) => overlaps(place, shift));
	if (inside.length > 0) return inside;
	const extended: Span = [shift[0] - minutesOutside, shift[1] + minutesOutside];
	return places.filter((place) => overlaps(place, extended));
}

/** All working time within the period of the offsets. */
export function listWorkingSpans(offsets: UtcOffsets, time: WorkingTime, observesChineseHolidays: boolean): Span[] {
	const first = offsets[0];
	const last = offsets[offsets.length - 1];
	const shifts = time.shifts.map(toMinutes);
	const shiftBreaks = shifts.flatMap((shift) =>
		time.breaks.flatMap((one) => placeBreak(shift, one, time.minutesOutside)),
	);
	const work: Span[] = [];
	const breaks: Span[] = [];
	// One day more on each side, for hours that cross midnight.
	const begin = Math.floor((first.from + first.offset) / DAY) * DAY - DAY;
	for (let midnight = begin; midnight <= last.to + last.offset + DAY; midnight += DAY) {
		if (!isWorkingDay(midnight, time, observesChineseHolidays)) continue;
		const toUtc = ([from, to]: Span, outside = 0): Span[] =>
			localToUtc(offsets, [midnight + (from - outside) * MINUTE, midnight + (to + outside) * MINUTE]);
		for (const shift of shifts) work.push(...toUtc(shift, time.minutesOutside));
		for (const place of shiftBreaks) breaks.push(...toUtc(place));
	}
	return subtractSpans(mergeSpans(work), mergeSpans(breaks)).filter(([from, to]) => from < to);
}

/** The distance in minutes of a local time from the middle of the working day, from its first shift to its last. */
export function minutesFromMiddle(localTime: number, { shifts }: WorkingTime): number {
	const spans = shifts.map(toMinutes);
	const middle = (Math.min(...spans.map(([from]) => from)) + Math.max(...spans.map(([, to]) => to))) / 2;
	const distance = Math.abs((((localTime / MINUTE - middle) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES);
	return Math.min(distance, DAY_MINUTES - distance);
}
