/** Dates, times and time zones of the simulator. */
import { DateTime, IANAZone } from 'luxon';

import { invalidParameter, ApiError } from '../contract';
import type { Span } from './model';

const DAY_MS = 86_400_000;

/** The zone of all-day events and of the daily limit. */
export const HOME_ZONE = 'Asia/Shanghai';

const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

export function parseTimestamp(text: string, label: string, needMilliseconds: boolean): number {
	const match = TIMESTAMP.exec(text);
	const at = match ? DateTime.fromISO(text) : undefined;
	if (!match || !at?.isValid) {
		throw invalidParameter(`${label} is not an ISO-8601 date-time with an offset: ${text}`);
	}
	if (needMilliseconds && match[2] === undefined) {
		throw new ApiError(400, 'InvalidParameter.ParsedISO8601TimestampError', `${label} cannot be parsed: ${text}`);
	}
	return at.toMillis();
}

export const isDate = (text: string): boolean => DATE.test(text) && DateTime.fromISO(text, { zone: 'utc' }).isValid;

export function parseDate(text: string, label: string): string {
	if (!isDate(text)) throw invalidParameter(`${label} is not a date like 2026-03-02: ${text}`);
	return text;
}

/** Conversions between zones are slow, and each listing of a calendar repeats those of the one before. */
const startsOfDates = new Map<string, number>();
const localTimes = new Map<string, string>();
const MAX_REMEMBERED = 20_000;

function remembered<T>(key: string, results: Map<string, T>, compute: () => T): T {
	const known = results.get(key);
	if (known !== undefined) return known;
	if (results.size >= MAX_REMEMBERED) results.clear();
	const result = compute();
	results.set(key, result);
	return result;
}

/** Zones that were asked for before: looking one up is slow. */
const knownZones = new Set<string>();

/** Newer JavaScript engines accept offsets as zones; DingTalk requires a name of the tz database. */
export function isZone(text: string): boolean {
	if (knownZones.has(text)) return true;
	const isKnown = /^[A-Za-z]/.test(text) && IANAZone.isValidZone(text);
	if (isKnown) knownZones.add(text);
	return isKnown;
}

/** Days are numbers since 1970-01-01, so that recurrence rules are integer arithmetic. */
export const dayOfDate = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY_MS;
export const dateOfDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

export function dayOfInstant(ms: number, zone: string): number {
	const local = DateTime.fromMillis(ms, { zone });
	return Date.UTC(local.year, local.month - 1, local.day) / DAY_MS;
}

/**
 * The instant with the local time of `like` on the given day; the first one if there are two. Luxon's own choice depends
 * on the current season.
 */
export function sameTimeOfDay(day: number, like: DateTime): number {
	const { hour, minute, second, millisecond, zoneName } = like;
	return remembered(`${day} ${hour} ${minute} ${second} ${millisecond} ${zoneName}`, startsOfDates, () =>
		computeSameTimeOfDay(day, like),
	);
}

function computeSameTimeOfDay(day: number, like: DateTime): number {
	const date = new Date(day * DAY_MS);
	const { hour, minute, second, millisecond } = like;
	return DateTime.fromObject(
		{
			year: date.getUTCFullYear(),
			month: date.getUTCMonth() + 1,
			day: date.getUTCDate(),
			hour,
			minute,
			second,
			millisecond,
		},
		{ zone: like.zone },
	)
		.getPossibleOffsets()[0]
		.toMillis();
}

export const midnight = (date: string): number => DateTime.fromISO(date, { zone: HOME_ZONE }).toMillis();

/** An all-day event with equal start and end lasts one day. */
export const allDaySpan = (startDate: string, endDate: string): Span => ({
	allDay: true,
	startMs: midnight(startDate),
	endMs: midnight(endDate) + (endDate === startDate ? DAY_MS : 0),
	startDate,
	endDate,
});

/** In the event's time zone, with whole seconds and offset. */
export const inZone = (ms: number, zone: string): string =>
	remembered(`${ms} ${zone}`, localTimes, () =>
		DateTime.fromMillis(ms, { zone })
			.toFormat("yyyy-MM-dd'T'HH:mm:ssZZ")
			.replace(/\+00:00$/, 'Z'),
	);

export const inUtc = (ms: number): string => inZone(ms, 'utc');

export const sameSpan = (a: Span, b: Span): boolean =>
	a.startMs === b.startMs && a.endMs === b.endMs && (a.allDay ? b.allDay : !b.allDay && a.zone === b.zone);

export type TimeSide = { date: string } | { dateTime: string; timeZone: string };

/** Start and end as documented: a date for all-day events, otherwise a time with its zone. */
export const startSide = (span: Span): TimeSide =>
	span.allDay ? { date: span.startDate } : { dateTime: inZone(span.startMs, span.zone), timeZone: span.zone };
export const endSide = (span: Span): TimeSide =>
	span.allDay ? { date: span.endDate } : { dateTime: inZone(span.endMs, span.zone), timeZone: span.zone };
