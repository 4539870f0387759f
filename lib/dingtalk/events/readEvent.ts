/**
 * Normalizes the events of a response once, when it is parsed: nulls are dropped, and each time object becomes either a date
 * or a date and time.
 */
import { DateTime } from 'luxon';
import { isObject } from '../utils/json';

type Fields = Record<string, unknown>;

/** Events as DingTalk sent them, where reading changed their times. */
const sent = new WeakMap<object, Fields>();

/** The event as DingTalk sent it, without nulls. */
export const asSent = <T extends object>(event: T): T => (sent.get(event) as T | undefined) ?? event;

const isFilled = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Whether a time is a day rather than a moment. */
export const isDay = (time: { date?: unknown } | null | undefined): time is { date: string } => isFilled(time?.date);

interface EventTimes {
	start?: { date?: unknown; dateTime?: unknown };
	end?: { date?: unknown; dateTime?: unknown };
	isAllDay?: unknown;
}

/** Whether an event takes whole days: `isAllDay` says so, or else that it has a date and no time of day. */
export function isAllDay({ start, end, isAllDay: takesDays }: EventTimes): boolean {
	if (typeof takesDays === 'boolean') return takesDays;
	return (isDay(start) || isDay(end)) && !isFilled(start?.dateTime) && !isFilled(end?.dateTime);
}

/** Whether the start of an event has lost its time of day: the day is known, but not the hour. */
export const hasLostHour = (event: EventTimes): boolean => isDay(event.start) && !isAllDay(event);

/** Whether it is not known from when to when an event is: a time is missing, or has lost its hour. */
export function lacksTimes(event: EventTimes): boolean {
	const times = [event.start, event.end];
	if (!times.every((time) => isDay(time) || isFilled(time?.dateTime))) return true;
	return times.some(isDay) && !isAllDay(event);
}

/** DingTalk's own zone, in which a time in UTC without a time zone means a day. */
const HOME_ZONE = 'Asia/Shanghai';

/** The day of an all-day event that has only a date and time, by the clock of its own zone. */
function dayOf(dateTime: string, zone: unknown): string {
	const own = isFilled(zone) ? zone : /Z$/i.test(dateTime) ? HOME_ZONE : undefined;
	return DateTime.fromISO(dateTime, own === undefined ? { setZone: true } : { zone: own }).toISODate() ?? '';
}

/** A non-empty `dateTime` wins over `date`, unless `isAllDay` says that the event takes whole days. */
function readTime(time: Fields, isAllDay: unknown): Fields {
	const { date, dateTime, timeZone } = time;
	if (isAllDay === true && isFilled(dateTime)) return { date: isFilled(date) ? date : dayOf(dateTime, timeZone) };
	if (isFilled(dateTime)) return { dateTime, ...(isFilled(timeZone) ? { timeZone } : {}) };
	return isFilled(date) ? { date } : {};
}

const isRead = ({ date, dateTime }: Fields, isAllDay: unknown): boolean =>
	isFilled(date) ? dateTime === undefined : date === undefined && isFilled(dateTime) && isAllDay !== true;

const nextDay = (date: string): string => DateTime.fromISO(date, { zone: 'utc' }).plus({ days: 1 }).toISODate() ?? date;

/**
 * The end date of an all-day event is the day after its last one; an end that equals the start means that one day. If an end
 * has lost its time of day, its date is the last day itself. If neither reading is certain, there is no end.
 */
function readEnd(start: unknown, end: Fields, isAllDay: unknown): Fields {
	if (!isFilled(end.date)) return end;
	const { date, dateTime, timeZone } = isObject(start) ? start : {};
	if (isFilled(date)) return end.date <= date ? { date: nextDay(date) } : end;
	if (isFilled(dateTime)) {
		const firstDay = dayOf(dateTime, timeZone);
		return { date: nextDay(end.date < firstDay ? firstDay : end.date) };
	}
	if (isAllDay === undefined) return {};
	return isAllDay === true ? end : { date: nextDay(end.date) };
}

const MIDNIGHT = /T00:00(:00(\.0+)?)?(Z|[+-])/;

/** A start at midnight whose end is a date belongs to an all-day event, even if `isAllDay` is missing. */
function readIsAllDay({ start, end, isAllDay }: Fields): unknown {
	if (isAllDay !== undefined || !isObject(start) || !isObject(end)) return isAllDay;
	const isDateOnly = isFilled(end.date) && !isFilled(end.dateTime);
	return isDateOnly && isFilled(start.dateTime) && MIDNIGHT.test(start.dateTime) ? true : undefined;
}

function readTimes(fields: Fields): Fields {
	const { start, end } = fields;
	if (!isObject(start) && !isObject(end)) return fields;
	const isAllDay = readIsAllDay(fields);
	const times: Fields = {};
	if (isObject(start)) times.start = isRead(start, isAllDay) ? start : readTime(start, isAllDay);
	if (isObject(end)) times.end = readEnd(times.start, isRead(end, isAllDay) ? end : readTime(end, isAllDay), isAllDay);
	if (times.start === start && times.end === end) return fields;
	const read = { ...fields, ...times };
	sent.set(read, fields);
	return read;
}

function readArray(list: unknown[]): unknown[] {
	let entries: unknown[] | undefined;
	for (let index = 0; index < list.length; index++) {
		const entry = list[index];
		const read = readBody(entry);
		if (entries === undefined && (read !== entry || entry === null)) entries = list.slice(0, index);
		if (entries !== undefined && entry !== null) entries.push(read);
	}
	return entries ?? list;
}

/** The event with the ID that it was read by, if DingTalk left out its own. */
export function withEventId(event: Fields, id: string | undefined): Fields {
	if (isFilled(event.id) || id === undefined) return event;
	const named = { ...event, id };
	const original = sent.get(event);
	if (original) sent.set(named, { ...original, id });
	return named;
}

/** The same data without nulls, and with the times of each event read. Data that needs no change is not copied. */
export function readBody(value: unknown): unknown {
	if (typeof value !== 'object' || value === null) return value;
	if (Array.isArray(value)) return readArray(value);
	let fields = value as Fields;
	// A year of free and busy times has half a million objects: lists of their entries would take longer than the rest.
	for (const name in value) {
		const entry = (value as Fields)[name];
		if (typeof entry !== 'object') continue;
		const read = readBody(entry);
		if (read === entry && entry !== null) continue;
		if (fields === value) fields = { ...fields };
		if (entry === null) delete fields[name];
		else fields[name] = read;
	}
	return readTimes(fields);
}
