/** Compares an event in the calendar with the wanted one, field by field; fields that are not given are ignored. */
import { DateTime } from 'luxon';
import { isSameText } from './keyMarker';
import type { ApiTime } from '../utils/timestamps';
import { isDay } from './readEvent';

export interface EventState {
	summary?: string;
	description?: string;
	isAllDay?: boolean;
	start?: ApiTime;
	end?: ApiTime;
	location?: { displayName?: string };
	richTextDescription?: { text?: string };
	onlineMeetingInfo?: { type?: string };
	reminders?: Array<{ minutes?: number | string }>;
	freeBusyStatus?: string;
	recurrence?: { pattern?: Record<string, unknown>; range?: Record<string, unknown> };
}

const toMillis = ({ dateTime }: ApiTime): number => DateTime.fromISO(dateTime ?? '').toMillis();

const isSameTime = (a: ApiTime = {}, b: ApiTime = {}): boolean =>
	isDay(a) || isDay(b) ? a.date === b.date : toMillis(a) === toMillis(b);

const formatReminders = ({ reminders = [] }: EventState): string =>
	reminders
		.map(({ minutes }) => Number(minutes))
		.sort((a, b) => a - b)
		.join();

/** A rule in a comparable form: DingTalk's defaults and the order of weekdays make no difference. */
function normalizeRule({ pattern = {}, range = {} }: NonNullable<EventState['recurrence']>): string {
	const { type, interval = 1, dayOfMonth, daysOfWeek = '', index, firstDayOfWeek = 'sunday' } = pattern;
	const { type: rangeType = 'noEnd', endDate, numberOfOccurrences } = range;
	const days = String(daysOfWeek)
		.split(',')
		.map((day) => day.trim().toLowerCase())
		.sort()
		.join();
	const until = rangeType === 'endDate' ? DateTime.fromISO(String(endDate)).toMillis() : undefined;
	const fieldsOfType =
		type === 'weekly'
			? [days, firstDayOfWeek]
			: type === 'absoluteMonthly'
				? [Number(dayOfMonth)]
				: type === 'relativeMonthly'
					? [days, index]
					: [];
	return JSON.stringify([
		type,
		Number(interval),
		...fieldsOfType,
		rangeType,
		until ?? null,
		rangeType === 'numbered' ? Number(numberOfOccurrences) : null,
	]);
}

/** Where the week begins, of a rule by weekday of the month: it is compared only where both rules say so. */
function hasOtherWeek(desired: EventState['recurrence'], actual: EventState['recurrence']): boolean {
	const [asked, found] = [desired, actual].map((rule) => rule?.pattern?.firstDayOfWeek);
	if (desired?.pattern?.type !== 'relativeMonthly' || !asked || !found) return false;
	return String(asked).toLowerCase() !== String(found).toLowerCase();
}

type ComparedField = Exclude<keyof EventState, 'isAllDay' | 'start' | 'end'>;

const IS_EQUAL: Record<ComparedField, (desired: EventState, actual: EventState) => boolean> = {
	summary: (desired, actual) => desired.summary === actual.summary?.trim(),
	description: (desired, actual) => isSameText(desired.description, actual.description),
	location: (desired, actual) => (desired.location?.displayName ?? '') === (actual.location?.displayName ?? ''),
	richTextDescription: (desired, actual) =>
		isSameText(desired.richTextDescription?.text, actual.richTextDescription?.text),
	// Sending it again would replace the online meeting with another one.
	onlineMeetingInfo: (_, actual) => Object.keys(actual.onlineMeetingInfo ?? {}).length > 0,
	reminders: (desired, actual) => formatReminders(desired) === formatReminders(actual),
	// Where DingTalk does not return it, nothing says that it is the same.
	freeBusyStatus: (desired, actual) => desired.freeBusyStatus === actual.freeBusyStatus,
	recurrence: (desired, actual) =>
		actual.recurrence !== undefined &&
		normalizeRule(desired.recurrence ?? {}) === normalizeRule(actual.recurrence) &&
		!hasOtherWeek(desired.recurrence, actual.recurrence),
};

/** The fields that differ and must be sent in an update. */
export function findChangedFields<T extends EventState>(actual: EventState, desired: T): Partial<T> {
	const changedFields = (Object.keys(IS_EQUAL) as ComparedField[]).filter(
		(field) => desired[field] !== undefined && !IS_EQUAL[field](desired, actual),
	);
	const changes: Partial<T> = Object.fromEntries(changedFields.map((field) => [field, desired[field]])) as Partial<T>;
	if (isSameTime(desired.start, actual.start) && isSameTime(desired.end, actual.end)) return changes;
	// DingTalk needs both start and end, and isAllDay where an all-day event becomes a timed one or the reverse.
	return { ...changes, isAllDay: desired.isAllDay, start: desired.start, end: desired.end };
}
