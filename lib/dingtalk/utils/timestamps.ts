/**
 * Timestamps in DingTalk's format. DingTalk documents times as 2026-03-02T10:00:00+08:00. One public test suite against the live
 * API was refused without milliseconds, and succeeded with 2026-03-02T02:00:00.000Z. So the documented format is tried
 * first, and the other one where DingTalk refuses it.
 */
import { DateTime, Info } from 'luxon';
import { MINUTE, DAY } from './time';

/** Start and end in the API: a date alone for an all-day event, otherwise date-time and zone. */
export interface ApiTime {
	date?: string;
	dateTime?: string;
	timeZone?: string;
}

/** The documented format: seconds and an offset, no milliseconds; in Western digits whatever the server's language. */
export const apiDateTime = (time: DateTime): string => time.setLocale('en').toFormat("yyyy-MM-dd'T'HH:mm:ssZZ");

const EXACT_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|[+-]\d\d:\d\d)$/;
const MAX_DAYS = 5000;
/** UTC offsets in minutes, by zone and UTC day; undefined for days on which the offset changes. */
const offsets = new Map<string, number | undefined>();

function offsetOn(zone: string, day: number): number | undefined {
	const key = `${zone} ${day}`;
	if (offsets.has(key)) return offsets.get(key);
	const ianaZone = Info.normalizeZone(zone);
	const offset = ianaZone.offset(day * DAY);
	const steady = Number.isInteger(offset) && offset === ianaZone.offset((day + 1) * DAY) ? offset : undefined;
	if (offsets.size >= MAX_DAYS) offsets.clear();
	offsets.set(key, steady);
	return steady;
}

/** Whether the zone's offset stays the same from the day before to the day after, so that each local time exists exactly once. */
export function hasFixedOffset(zone: string, at: number): boolean {
	const day = Math.floor(at / DAY);
	const offset = offsetOn(zone, day);
	return offset !== undefined && offset === offsetOn(zone, day - 1) && offset === offsetOn(zone, day + 1);
}

const twoDigits = (number: number): string => String(number).padStart(2, '0');

/**
 * A time in the documented format, as local time of a zone. The same as luxon's result in a tenth of the time, which matters for
 * lists of thousands of events; undefined where luxon is needed.
 */
export function formatLocalTime(zone: string, at: number): string | undefined {
	const offset = offsetOn(zone, Math.floor(at / DAY));
	if (offset === undefined) return undefined;
	const clock = new Date(at + offset * MINUTE).toISOString().slice(0, 19);
	const minutes = Math.abs(offset);
	// Joined, it is one string; as a template, it would keep its parts, in three times the memory.
	return [clock, offset < 0 ? '-' : '+', twoDigits(Math.floor(minutes / 60)), ':', twoDigits(minutes % 60)].join('');
}

/** A time from DingTalk, as local time of a zone; undefined where luxon is needed. */
export function toLocalTime(zone: string, dateTime: string): string | undefined {
	const at = EXACT_TIME.test(dateTime) ? Date.parse(dateTime) : NaN;
	return Number.isNaN(at) ? undefined : formatLocalTime(zone, at);
}

const TIMESTAMP_REFUSAL = 'InvalidParameter.ParsedISO8601TimestampError'.toLowerCase();
const TIME_KEYS = new Set(['dateTime', 'timeMin', 'timeMax', 'endDate', 'startTime', 'endTime']);

/** `milliseconds` is UTC with milliseconds. */
export type TimestampFormat = 'documented' | 'milliseconds';

export const otherFormat = (format: TimestampFormat): TimestampFormat =>
	format === 'documented' ? 'milliseconds' : 'documented';

/** Whether an error code means that the documented format was refused. */
export const isTimestampRefusal = (code: string | undefined): boolean => code?.toLowerCase() === TIMESTAMP_REFUSAL;

const rewriteTime = (key: string, value: unknown): unknown =>
	TIME_KEYS.has(key) && typeof value === 'string' && value.includes('T')
		? DateTime.fromISO(value).toUTC().toISO()
		: withMilliseconds(value);

/** The same data with all times in the other format. */
function withMilliseconds<T>(data: T): T {
	if (Array.isArray(data)) return data.map((entry: unknown) => withMilliseconds(entry)) as T;
	if (typeof data !== 'object' || data === null) return data;
	return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, rewriteTime(key, value)])) as T;
}

/** The same data with each time in the given format; data is written in the documented one. */
export const withTimestamps = <T>(data: T, format: TimestampFormat): T =>
	format === 'milliseconds' ? withMilliseconds(data) : data;
