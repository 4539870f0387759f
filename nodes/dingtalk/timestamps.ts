/**
 * DingTalk documents times as 2026-03-02T10:00:00+08:00. One public test-suite against the live API was refused without
 * milliseconds, and got through with 2026-03-02T02:00:00.000Z. So the documented form goes first; a host that refuses
 * it gets the other one from then on.
 */
import { DateTime } from 'luxon';

/** The documented form: seconds and an offset, no milliseconds; in Western digits whatever the server's language. */
export const apiDateTime = (moment: DateTime): string => moment.setLocale('en').toFormat("yyyy-MM-dd'T'HH:mm:ssZZ");

const REFUSED = 'InvalidParameter.ParsedISO8601TimestampError'.toLowerCase();
const TIME_KEYS = new Set(['dateTime', 'timeMin', 'timeMax', 'endDate', 'startTime', 'endTime']);

const hostsThatWantMilliseconds = new Set<string>();

export const wantsMilliseconds = (host: string): boolean => hostsThatWantMilliseconds.has(host);

export const rememberMilliseconds = (host: string): void => {
	hostsThatWantMilliseconds.add(host);
};

/** Whether an error code says that the documented form was not understood. */
export const refusesTimes = (code: string | undefined): boolean => code?.toLowerCase() === REFUSED;

const rewritten = (key: string, value: unknown): unknown =>
	TIME_KEYS.has(key) && typeof value === 'string' && value.includes('T') ? DateTime.fromISO(value).toUTC().toISO() : withMilliseconds(value);

/** The same data with every time in the other form. */
export function withMilliseconds<T>(data: T): T {
	if (Array.isArray(data)) return data.map((entry: unknown) => withMilliseconds(entry)) as T;
	if (typeof data !== 'object' || data === null) return data;
	return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, rewritten(key, value)])) as T;
}
