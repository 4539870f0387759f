/** How an event in the calendar differs from what it is declared to be. Only what is declared counts. */
import { DateTime } from 'luxon';
import { sameText } from './keyMarker';

export interface State {
	summary?: string;
	description?: string;
	isAllDay?: boolean;
	start?: Moment;
	end?: Moment;
	location?: { displayName?: string };
	richTextDescription?: { text?: string };
	onlineMeetingInfo?: { type?: string };
	reminders?: Array<{ minutes?: number | string }>;
	recurrence?: { pattern?: Record<string, unknown>; range?: Record<string, unknown> };
}

interface Moment {
	date?: string;
	dateTime?: string;
}

const instant = ({ dateTime }: Moment): number => DateTime.fromISO(dateTime ?? '').toMillis();

const sameMoment = (a: Moment = {}, b: Moment = {}): boolean =>
	a.date || b.date ? a.date === b.date : instant(a) === instant(b);

const minutesOf = ({ reminders = [] }: State): string =>
	reminders
		.map(({ minutes }) => Number(minutes))
		.sort((a, b) => a - b)
		.join();

/** What DingTalk fills in where nothing is said, and the order of days, make no difference. */
function ruleOf({ pattern = {}, range = {} }: NonNullable<State['recurrence']>): string {
	const { type, interval = 1, dayOfMonth, daysOfWeek = '', index, firstDayOfWeek = 'sunday' } = pattern;
	const { type: ends = 'noEnd', endDate, numberOfOccurrences } = range;
	const days = String(daysOfWeek)
		.split(',')
		.map((day) => day.trim().toLowerCase())
		.sort()
		.join();
	const until = ends === 'endDate' ? DateTime.fromISO(String(endDate)).toMillis() : undefined;
	const own =
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
		...own,
		ends,
		until ?? null,
		ends === 'numbered' ? numberOfOccurrences : null,
	]);
}

type Part = Exclude<keyof State, 'isAllDay' | 'start' | 'end'>;

const SAME: Record<Part, (wanted: State, actual: State) => boolean> = {
	summary: (wanted, actual) => wanted.summary === actual.summary?.trim(),
	description: (wanted, actual) => sameText(wanted.description, actual.description),
	location: (wanted, actual) => (wanted.location?.displayName ?? '') === (actual.location?.displayName ?? ''),
	richTextDescription: (wanted, actual) => sameText(wanted.richTextDescription?.text, actual.richTextDescription?.text),
	// Sent once more it would be replaced by another meeting.
	onlineMeetingInfo: (_, actual) => actual.onlineMeetingInfo !== undefined,
	reminders: (wanted, actual) => minutesOf(wanted) === minutesOf(actual),
	recurrence: (wanted, actual) =>
		actual.recurrence !== undefined && ruleOf(wanted.recurrence ?? {}) === ruleOf(actual.recurrence),
};

/** The parts that must be sent, and nothing else. */
export function changesTo<T extends State>(actual: State, wanted: T): Partial<T> {
	const parts = (Object.keys(SAME) as Part[]).filter(
		(part) => wanted[part] !== undefined && !SAME[part](wanted, actual),
	);
	const changes: Partial<T> = Object.fromEntries(parts.map((part) => [part, wanted[part]])) as Partial<T>;
	if (sameMoment(wanted.start, actual.start) && sameMoment(wanted.end, actual.end)) return changes;
	// DingTalk wants both ends, and to be told where whole days become clock times.
	return { ...changes, isAllDay: wanted.isAllDay, start: wanted.start, end: wanted.end };
}
