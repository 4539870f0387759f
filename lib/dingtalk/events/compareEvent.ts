/** How an event in the calendar differs from what it is declared to be. Only what is declared counts. */
import { DateTime } from 'luxon';
import { isSameText } from './keyMarker';

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
	recurrence?: { pattern?: Record<string, unknown>; range?: Record<string, unknown> };
}

interface ApiTime {
	date?: string;
	dateTime?: string;
}

const instant = ({ dateTime }: ApiTime): number => DateTime.fromISO(dateTime ?? '').toMillis();

const isSameTime = (a: ApiTime = {}, b: ApiTime = {}): boolean =>
	a.date || b.date ? a.date === b.date : instant(a) === instant(b);

const formatReminders = ({ reminders = [] }: EventState): string =>
	reminders
		.map(({ minutes }) => Number(minutes))
		.sort((a, b) => a - b)
		.join();

/** What DingTalk fills in where nothing is said, and the order of days, make no difference. */
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
				? [dayOfMonth]
				: type === 'relativeMonthly'
					? [days, index]
					: [];
	return JSON.stringify([
		type,
		interval,
		...fieldsOfType,
		rangeType,
		until ?? null,
		rangeType === 'numbered' ? numberOfOccurrences : null,
	]);
}

type ComparedField = Exclude<keyof EventState, 'isAllDay' | 'start' | 'end'>;

const COMPARE_FIELD: Record<ComparedField, (wanted: EventState, actual: EventState) => boolean> = {
	summary: (wanted, actual) => wanted.summary === actual.summary?.trim(),
	description: (wanted, actual) => isSameText(wanted.description, actual.description),
	location: (wanted, actual) => (wanted.location?.displayName ?? '') === (actual.location?.displayName ?? ''),
	richTextDescription: (wanted, actual) =>
		isSameText(wanted.richTextDescription?.text, actual.richTextDescription?.text),
	// Sent once more it would be replaced by another meeting.
	onlineMeetingInfo: (_, actual) => actual.onlineMeetingInfo !== undefined,
	reminders: (wanted, actual) => formatReminders(wanted) === formatReminders(actual),
	recurrence: (wanted, actual) =>
		actual.recurrence !== undefined && normalizeRule(wanted.recurrence ?? {}) === normalizeRule(actual.recurrence),
};

/** The parts that must be sent, and nothing else. */
export function findChangedFields<T extends EventState>(actual: EventState, desired: T): Partial<T> {
	const changedFields = (Object.keys(COMPARE_FIELD) as ComparedField[]).filter(
		(part) => desired[part] !== undefined && !COMPARE_FIELD[part](desired, actual),
	);
	const changes: Partial<T> = Object.fromEntries(changedFields.map((part) => [part, desired[part]])) as Partial<T>;
	if (isSameTime(desired.start, actual.start) && isSameTime(desired.end, actual.end)) return changes;
	// DingTalk wants both ends, and to be told where whole days become clock times.
	return { ...changes, isAllDay: desired.isAllDay, start: desired.start, end: desired.end };
}
