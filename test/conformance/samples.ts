/** Events and times that the conformance tests send. */
import type { Fields } from './user';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export const at = (dateTime: string, timeZone = 'Asia/Shanghai'): Fields => ({ dateTime, timeZone });

/** An hour on the day every test begins. */
export const meeting = (fields: Fields = {}): Fields => ({
	summary: 'Weekly review',
	start: at('2026-03-02T10:00:00+08:00'),
	end: at('2026-03-02T11:00:00+08:00'),
	...fields,
});

/** Another day at the same hour. */
export const meetingOn = (day: string, fields: Fields = {}): Fields =>
	meeting({ start: at(`${day}T10:00:00+08:00`), end: at(`${day}T11:00:00+08:00`), ...fields });

export const daily = (range: Fields = { type: 'noEnd' }, interval = 1): Fields => ({
	pattern: { type: 'daily', interval },
	range,
});
