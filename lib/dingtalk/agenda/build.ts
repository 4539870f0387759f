/** Arranges the events of one or more people by day, with the free time between them. */
import { DateTime, type Interval } from 'luxon';
import type { ApiTime } from '../utils/timestamps';
import { getUtcOffsets } from '../freeBusy/utcOffsets';
import { mergeSpans, subtractSpans, type Span } from '../freeBusy/intervals';
import { listWorkingSpans, type WorkingTime } from '../freeBusy/workingHours';
import { isAllDay, isDay } from '../events/readEvent';

interface ApiPerson {
	id?: string;
	displayName?: string;
	responseStatus?: string;
	self?: boolean;
}

/** The fields of an event that an agenda needs. */
export interface AgendaEvent {
	id?: string;
	summary?: string;
	status?: string;
	start?: ApiTime;
	end?: ApiTime;
	location?: { displayName?: string; meetingRooms?: string[] };
	organizer?: ApiPerson;
	attendees?: ApiPerson[];
	onlineMeetingInfo?: { url?: string };
	recurrence?: unknown;
	/** `free` does not take up time; only sent by some calls, if any. */
	freeBusyStatus?: string;
	seriesMasterId?: string;
	extendedProperties?: { privateProperties?: { dingtalkDetailUrl?: string } };
}

export interface CalendarOwner {
	/** Union ID, or `me`. */
	id: string;
	name: string;
}

/** An event with all the people whose calendar contains it. */
export interface AgendaEntry {
	event: AgendaEvent;
	allDay: boolean;
	/** For an all-day event, from midnight to midnight in the agenda's time zone. */
	span: Span;
	/** The response is undefined if the person is not among the returned attendees. */
	owners: Array<{ owner: CalendarOwner; response?: string }>;
}

export interface OwnedEvents {
	owner: CalendarOwner;
	events: AgendaEvent[];
}

export interface AgendaDay {
	/** For example `2026-03-02`. */
	date: string;
	span: Span;
	/** All-day events first. */
	entries: AgendaEntry[];
	/** Working time in which all people are free; empty if free time was not requested. */
	free: Span[];
}

export interface AgendaOptions {
	window: Interval<true>;
	includeDeclined: boolean;
	/** Undefined to leave out free time; `minLength` is in milliseconds. */
	freeTime?: { workingTime: WorkingTime; observesChineseHolidays: boolean; minLength: number };
}

const isDeclined = (response?: string): boolean => response === 'declined';

function responseOf({ attendees = [], organizer }: AgendaEvent, { id }: CalendarOwner): string | undefined {
	const attendee = attendees.find((one) => one.self === true || one.id === id);
	return attendee?.responseStatus ?? (organizer?.id === id || organizer?.self === true ? 'accepted' : undefined);
}

function spanOf({ start = {}, end = {} }: AgendaEvent, zone: string): Span {
	const toMillis = (time: ApiTime): number =>
		isDay(time)
			? DateTime.fromISO(time.date, { zone }).toMillis()
			: DateTime.fromISO(time.dateTime ?? '', { zone: time.timeZone }).toMillis();
	return [toMillis(start), toMillis(end)];
}

/** An event without duration counts at its start. */
const overlaps = ([from, to]: Span, [begin, end]: Span): boolean =>
	from < end && (to > begin || (from === to && from === begin));

const compareEntries = (a: AgendaEntry, b: AgendaEntry): number =>
	Number(b.allDay) - Number(a.allDay) ||
	a.span[0] - b.span[0] ||
	a.span[1] - b.span[1] ||
	(a.event.summary ?? '').localeCompare(b.event.summary ?? '');

/** Lists each event once, with all its people. */
function collectEntries(calendars: readonly OwnedEvents[], { window, includeDeclined }: AgendaOptions): AgendaEntry[] {
	const entries = new Map<string, AgendaEntry>();
	for (const { owner, events } of calendars) {
		for (const event of events) {
			const response = responseOf(event, owner);
			if (event.status === 'cancelled' || (isDeclined(response) && !includeDeclined)) continue;
			const key = `${event.id} ${event.start?.dateTime ?? event.start?.date}`;
			const entry = entries.get(key) ?? {
				event,
				allDay: isAllDay(event),
				span: spanOf(event, window.start.zoneName),
				owners: [],
			};
			entry.owners.push({ owner, response });
			entries.set(key, entry);
		}
	}
	const windowSpan: Span = [window.start.toMillis(), window.end.toMillis()];
	return [...entries.values()].filter(({ span }) => overlaps(span, windowSpan)).sort(compareEntries);
}

function listFreeTime(day: Span, entries: AgendaEntry[], work: Span[], minLength: number): Span[] {
	const busy = entries
		.filter(({ event }) => event.freeBusyStatus !== 'free')
		.filter(({ owners }) => owners.some(({ response }) => !isDeclined(response)))
		.map(({ span }) => span);
	return subtractSpans(work, mergeSpans(busy.filter(([from, to]) => from < to)))
		.map(([from, to]): Span => [Math.max(from, day[0]), Math.min(to, day[1])])
		.filter(([from, to]) => to - from >= minLength);
}

/** Where the clocks skip midnight, a day begins at one o'clock, and the next one at midnight all the same. */
const dayAfter = (start: DateTime<true>): DateTime<true> => start.plus({ days: 1 }).startOf('day');

/** Returns every day of the window, including days without events. */
export function buildAgenda(calendars: readonly OwnedEvents[], options: AgendaOptions): AgendaDay[] {
	const { window, freeTime } = options;
	const entries = collectEntries(calendars, options);
	const work = freeTime
		? listWorkingSpans(
				getUtcOffsets(window.start.zoneName, [window.start.toMillis(), window.end.toMillis()]),
				freeTime.workingTime,
				freeTime.observesChineseHolidays,
			)
		: [];
	const days: AgendaDay[] = [];
	for (let start = window.start.startOf('day'); start < window.end; start = dayAfter(start)) {
		const span: Span = [
			Math.max(start.toMillis(), window.start.toMillis()),
			Math.min(dayAfter(start).toMillis(), window.end.toMillis()),
		];
		const entriesOfDay = entries.filter((entry) => overlaps(entry.span, span));
		days.push({
			date: start.toISODate(),
			span,
			entries: entriesOfDay,
			free: freeTime ? listFreeTime(span, entriesOfDay, work, freeTime.minLength) : [],
		});
	}
	return days;
}
