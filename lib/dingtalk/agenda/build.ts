/** Events of people put in order by day: what a calendar shows, as data. */
import { DateTime, type Interval } from 'luxon';
import { getUtcOffsets } from '../freeBusy/utcOffsets';
import { mergeSpans, subtractSpans, type Span } from '../freeBusy/intervals';
import { listWorkingSpans, type WorkingTime } from '../freeBusy/workingHours';

interface ApiTime {
	date?: string;
	dateTime?: string;
	timeZone?: string;
}

interface ApiPerson {
	id?: string;
	displayName?: string;
	responseStatus?: string;
	self?: boolean;
}

/** What of an event an agenda needs. */
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
}

export interface CalendarOwner {
	/** Union ID, or `me`. */
	id: string;
	name: string;
}

/** An event, once, with everybody of those asked for who has it. */
export interface AgendaEntry {
	event: AgendaEvent;
	allDay: boolean;
	/** Of a whole day, its midnights in the zone of the agenda. */
	span: Span;
	/** No response where DingTalk shows too few of the attendees to tell. */
	owners: Array<{ owner: CalendarOwner; response?: string }>;
}

export interface AgendaDay {
	/** `2026-03-02`. */
	date: string;
	span: Span;
	/** Whole days first. */
	entries: AgendaEntry[];
	/** Working time in which none of the people has anything; only where it was asked for. */
	free: Span[];
}

export interface AgendaOptions {
	window: Interval<true>;
	includeDeclined: boolean;
	/** Within which free time is shown; undefined shows none. */
	freeTime?: { workingTime: WorkingTime; observesChineseHolidays: boolean; minLength: number };
}

const isDeclined = (response?: string): boolean => response === 'declined';

function responseOf({ attendees = [], organizer }: AgendaEvent, { id }: CalendarOwner): string | undefined {
	const own = attendees.find((one) => one.self === true || one.id === id);
	return own?.responseStatus ?? (organizer?.id === id || organizer?.self === true ? 'accepted' : undefined);
}

function spanOf({ start = {}, end = {} }: AgendaEvent, zone: string): Span {
	const moment = ({ date, dateTime = '', timeZone }: ApiTime): number =>
		date ? DateTime.fromISO(date, { zone }).toMillis() : DateTime.fromISO(dateTime, { zone: timeZone }).toMillis();
	return [moment(start), moment(end)];
}

/** What has no length still is at its moment. */
const overlaps = ([from, to]: Span, [begin, end]: Span): boolean =>
	from < end && (to > begin || (from === to && from === begin));

const compareEntries = (a: AgendaEntry, b: AgendaEntry): number =>
	Number(b.allDay) - Number(a.allDay) ||
	a.span[0] - b.span[0] ||
	a.span[1] - b.span[1] ||
	(a.event.summary ?? '').localeCompare(b.event.summary ?? '');

/** Each event once, whoever has it. */
function collectEntries(
	calendars: ReadonlyArray<{ owner: CalendarOwner; events: AgendaEvent[] }>,
	{ window, includeDeclined }: AgendaOptions,
): AgendaEntry[] {
	const entries = new Map<string, AgendaEntry>();
	for (const { owner, events } of calendars) {
		for (const event of events) {
			const response = responseOf(event, owner);
			if (event.status === 'cancelled' || (isDeclined(response) && !includeDeclined)) continue;
			const key = `${event.id} ${event.start?.dateTime ?? event.start?.date}`;
			const entry = entries.get(key) ?? {
				event,
				allDay: event.start?.date !== undefined,
				span: spanOf(event, window.start.zoneName),
				owners: [],
			};
			entry.owners.push({ owner, response });
			entries.set(key, entry);
		}
	}
	const whole: Span = [window.start.toMillis(), window.end.toMillis()];
	return [...entries.values()].filter(({ span }) => overlaps(span, whole)).sort(compareEntries);
}

function listFreeTime(day: Span, entries: AgendaEntry[], work: Span[], minLength: number): Span[] {
	const taken = entries
		.filter(({ owners }) => owners.some(({ response }) => !isDeclined(response)))
		.map(({ span }) => span);
	return subtractSpans(work, mergeSpans(taken.filter(([from, to]) => from < to)))
		.map(([from, to]): Span => [Math.max(from, day[0]), Math.min(to, day[1])])
		.filter(([from, to]) => to - from >= minLength);
}

/** Every day of the window, those with nothing on them too. */
export function buildAgenda(
	calendars: ReadonlyArray<{ owner: CalendarOwner; events: AgendaEvent[] }>,
	options: AgendaOptions,
): AgendaDay[] {
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
	for (let start = window.start.startOf('day'); start < window.end; start = start.plus({ days: 1 })) {
		const span: Span = [
			Math.max(start.toMillis(), window.start.toMillis()),
			Math.min(start.plus({ days: 1 }).toMillis(), window.end.toMillis()),
		];
		const own = entries.filter((entry) => overlaps(entry.span, span));
		days.push({
			date: start.toISODate(),
			span,
			entries: own,
			free: freeTime ? listFreeTime(span, own, work, freeTime.minLength) : [],
		});
	}
	return days;
}
