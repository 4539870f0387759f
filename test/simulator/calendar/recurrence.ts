/** Expands recurrence rules into occurrences. */
import { DateTime } from 'luxon';

import type { Pattern, Recurrence, Span, Window } from './model';
import { allDaySpan, dateOfDay, dayOfDate, dayOfInstant, HOME_ZONE, isDate, sameTimeOfDay } from './time';

export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** Ends each search, because a rule can describe days that never occur (day 30 every 12 months from February). */
const LAST_DAY = dayOfDate('9999-12-31');
const INDEXES = ['first', 'second', 'third', 'fourth'];

export interface Occurrence {
	/** The start by the rule, which still identifies the occurrence after it was moved. */
	originMs: number;
	span: Span;
}

// 1970-01-01, day 0, was a Thursday.
const weekday = (day: number): number => (((day + 4) % 7) + 7) % 7;
const monthOf = (day: number): number => {
	const date = new Date(day * 86_400_000);
	return date.getUTCFullYear() * 12 + date.getUTCMonth();
};
const firstOfMonth = (month: number): number => Date.UTC(Math.floor(month / 12), month % 12, 1) / 86_400_000;

export const weekdaysOf = (pattern: Pattern): number[] =>
	(pattern.daysOfWeek ?? '')
		.split(',')
		.map((name) => WEEKDAYS.indexOf(name.trim()))
		.filter((index) => index >= 0);

function* weeklyDays(pattern: Pattern, firstDay: number, fromDay: number, toDay: number): Generator<number> {
	const weekStart = Math.max(0, WEEKDAYS.indexOf(pattern.firstDayOfWeek ?? 'sunday'));
	const offset = (day: number): number => (day - weekStart + 7) % 7;
	const offsets = [...new Set(weekdaysOf(pattern).map(offset))].sort((a, b) => a - b);
	const firstWeek = firstDay - offset(weekday(firstDay));
	const step = 7 * pattern.interval;
	for (
		let week = firstWeek + Math.max(0, Math.floor((fromDay - firstWeek) / step)) * step;
		week <= toDay;
		week += step
	) {
		for (const dayInWeek of offsets) yield week + dayInWeek;
	}
}

/** The day that the pattern selects in a month, or undefined if the month has no such day. */
function dayInMonth(pattern: Pattern, month: number, firstDay: number): number | undefined {
	const start = firstOfMonth(month);
	const length = firstOfMonth(month + 1) - start;
	if (pattern.type !== 'relativeMonthly') {
		const wanted = pattern.dayOfMonth ?? firstDay - firstOfMonth(monthOf(firstDay)) + 1;
		return wanted <= length ? start + wanted - 1 : undefined;
	}
	const weekdays = weekdaysOf(pattern);
	const days = Array.from({ length }, (_, offset) => start + offset).filter((day) => weekdays.includes(weekday(day)));
	return pattern.index === 'last' ? days[days.length - 1] : days[INDEXES.indexOf(pattern.index ?? 'first')];
}

function* monthlyDays(
	pattern: Pattern,
	months: number,
	firstDay: number,
	fromDay: number,
	toDay: number,
): Generator<number> {
	const firstMonth = monthOf(firstDay);
	const skipped = Math.max(0, Math.floor((monthOf(fromDay) - firstMonth) / months));
	const lastMonth = monthOf(toDay);
	for (let month = firstMonth + skipped * months; month <= lastMonth; month += months) {
		const day = dayInMonth(pattern, month, firstDay);
		if (day !== undefined) yield day;
	}
}

function* dailyDays(interval: number, firstDay: number, fromDay: number, toDay: number): Generator<number> {
	const skipped = Math.max(0, Math.floor((fromDay - firstDay) / interval));
	for (let day = firstDay + skipped * interval; day <= toDay; day += interval) yield day;
}

function matchingDays(pattern: Pattern, firstDay: number, fromDay: number, toDay: number): Generator<number> {
	switch (pattern.type) {
		case 'daily':
			return dailyDays(pattern.interval, firstDay, fromDay, toDay);
		case 'weekly':
			return weeklyDays(pattern, firstDay, fromDay, toDay);
		case 'absoluteYearly':
			// The pattern has no month: a yearly event stays in the month of its start.
			return monthlyDays(pattern, 12 * pattern.interval, firstDay, fromDay, toDay);
		default:
			return monthlyDays(pattern, pattern.interval, firstDay, fromDay, toDay);
	}
}

/**
 * The days of the rule between two days. The first day is a lower bound and an occurrence only if it matches.
 * Only rules with a count are expanded from their beginning; all others start at the window, so that the cost of an
 * endless series depends only on its window.
 */
export function* occurrenceDays(
	recurrence: Recurrence,
	firstDay: number,
	fromDay: number,
	toDay: number,
): Generator<number> {
	const { pattern, range } = recurrence;
	const counted = range.type === 'numbered' ? (range.numberOfOccurrences ?? 0) : undefined;
	let count = 0;
	const searchFrom = counted === undefined ? Math.max(firstDay, fromDay) : firstDay;
	for (const day of matchingDays(pattern, firstDay, searchFrom, toDay)) {
		if (day > toDay) return;
		if (day < firstDay) continue;
		if (counted !== undefined && ++count > counted) return;
		if (day >= fromDay) yield day;
	}
}

/** The last day, and for timed events the last instant, at which an occurrence can start. */
function rangeEnd(first: Span, recurrence: Recurrence): { day: number; ms: number } {
	const { type, endDate } = recurrence.range;
	if (type !== 'endDate' || endDate === undefined) return { day: LAST_DAY, ms: Infinity };
	if (first.allDay || isDate(endDate)) return { day: dayOfDate(endDate.slice(0, 10)), ms: Infinity };
	const ms = DateTime.fromISO(endDate).toMillis();
	return { day: dayOfInstant(ms, first.zone), ms };
}

/**
 * Occurrences that start in the window (start inclusive, end exclusive), in order. An event keeps its local time and its
 * duration when daylight saving time begins or ends.
 */
export function* occurrences(first: Span, recurrence: Recurrence, window: Window): Generator<Occurrence> {
	const zone = first.allDay ? HOME_ZONE : first.zone;
	const local = DateTime.fromMillis(first.startMs, { zone });
	const firstDay = first.allDay ? dayOfDate(first.startDate) : dayOfInstant(first.startMs, zone);
	const end = rangeEnd(first, recurrence);
	// One more day on both sides, because days of the window's zone can differ from those of the event's zone.
	const fromDay = Number.isFinite(window.fromMs) ? Math.floor(window.fromMs / 86_400_000) - 1 : firstDay;
	const toDay = Number.isFinite(window.toMs) ? Math.floor(window.toMs / 86_400_000) + 1 : LAST_DAY;
	for (const day of occurrenceDays(recurrence, firstDay, fromDay, Math.min(end.day, toDay))) {
		const span = spanOn(first, day, local);
		if (span.startMs < window.fromMs) continue;
		if (span.startMs >= window.toMs || span.startMs > end.ms) return;
		yield { originMs: span.startMs, span };
	}
}

function spanOn(first: Span, day: number, local: DateTime): Span {
	if (first.allDay) {
		const length = dayOfDate(first.endDate) - dayOfDate(first.startDate);
		return allDaySpan(dateOfDay(day), dateOfDay(day + length));
	}
	const startMs = sameTimeOfDay(day, local);
	return { ...first, startMs, endMs: startMs + first.endMs - first.startMs };
}

export function occurrenceAt(first: Span, recurrence: Recurrence, originMs: number): Occurrence | undefined {
	for (const found of occurrences(first, recurrence, { fromMs: originMs, toMs: originMs + 1 })) return found;
	return undefined;
}
