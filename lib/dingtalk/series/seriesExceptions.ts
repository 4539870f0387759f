/** The single dates of a series that differ from it: how they are found, and how they are made again in another series. */
import { DateTime } from 'luxon';
import { api } from '../endpoints';
import { LIMITS } from '../limits';
import { listRows } from '../client/pagination';
import type { CallInput } from '../client/types';
import { findChangedFields, type EventState } from '../events/compareEvent';
import { diffAttendees, type Attendee, type EventContext } from '../events/attendees';
import { listOccurrences, type Occurrence } from '../events/occurrences';
import { apiDateTime, type ApiTime } from '../utils/timestamps';
import { DAY } from '../utils/time';
import { originOf, type Series } from './seriesCut';
import { timesOf } from './seriesContinuation';
import { isDay } from '../events/readEvent';

export interface SeriesDate extends EventState {
	id: string;
	attendees?: Attendee[];
	organizer?: { id?: string };
	meetingRooms?: Array<{ roomId: string; displayName?: string; responseStatus?: string }>;
	originStart?: ApiTime;
}

/** A date that was changed or cancelled by itself. */
export interface DateException {
	/** The date by the rule. */
	planned: Occurrence;
	isCancelled: boolean;
	/** The fields that differ from the series. */
	changes: Record<string, unknown>;
	toAdd: Array<{ id: string; isOptional: boolean }>;
	toRemove: Array<{ id: string }>;
	/** Rooms that only this date has. */
	rooms: string[];
}

/** How far from the cut single dates are looked for, and how much further their moved times. */
export const LOOK_BACK_DAYS = 183;
export const LOOK_AHEAD_DAYS = 366;
const MARGIN = 14 * DAY;

export interface Window {
	from: number;
	to: number;
}

const startOf = ({ start = {} }: { start?: ApiTime }): number =>
	isDay(start) ? Date.parse(start.date) : DateTime.fromISO(start.dateTime ?? '').toMillis();

const plannedStart = ({ start }: Occurrence): number =>
	start.includes('T') ? DateTime.fromISO(start).toMillis() : Date.parse(start);

/** The dates that the rule plans in the window. */
export function plannedIn(series: Series, { from, to }: Window): Occurrence[] {
	const planned: Occurrence[] = [];
	for (const occurrence of listOccurrences(series)) {
		if (originOf(occurrence) >= to) break;
		if (originOf(occurrence) >= from) planned.push(occurrence);
	}
	return planned;
}

export async function listDates(
	{ client, path }: Pick<EventContext, 'client' | 'path'>,
	{ from, to }: Window,
	more: Pick<CallInput, 'whenAborted' | 'verifiesWrite'> = {},
): Promise<SeriesDate[]> {
	const at = (ms: number): string => apiDateTime(DateTime.fromMillis(ms, { zone: 'utc' }));
	const query = {
		timeMin: at(from - MARGIN),
		timeMax: at(to + MARGIN),
		maxResults: api.listInstances.pageSize,
		maxAttendees: LIMITS.attendeesInList,
	};
	return await listRows<SeriesDate>(client, api.listInstances, 'events', { path, query, ...more });
}

/** Missing texts are empty, so that a text that was removed counts as a difference. */
const comparable = ({ summary, description = '', location, start, end, reminders }: SeriesDate): EventState => ({
	summary,
	description,
	location: { displayName: location?.displayName ?? '' },
	start,
	end,
	...(reminders ? { reminders } : {}),
});

/** Undefined if the date is as the series plans it. */
export function compareDate(
	date: SeriesDate,
	series: Series & SeriesDate,
	planned: Occurrence,
): DateException | undefined {
	const changes = findChangedFields({ ...comparable(series), ...timesOf(planned, series) }, comparable(date));
	const all = series.attendees ?? [];
	const isWhole = all.length < LIMITS.attendeesInList;
	const organizer = series.organizer?.id ?? '';
	const wanted = date.attendees?.map(({ id, isOptional = false }) => ({ id, isOptional }));
	const { toAdd, toRemove } = isWhole && wanted ? diffAttendees(all, wanted, organizer) : { toAdd: [], toRemove: [] };
	const known = new Set((series.meetingRooms ?? []).map(({ roomId }) => roomId));
	const rooms = (date.meetingRooms ?? [])
		.filter(({ roomId }) => !known.has(roomId))
		.map(({ roomId, displayName = roomId }) => displayName);
	const isEqual = Object.keys(changes).length + toAdd.length + toRemove.length + rooms.length === 0;
	if (isEqual) return undefined;
	return { planned, isCancelled: false, changes, toAdd, toRemove: toRemove.map(({ id }) => ({ id })), rooms };
}

/** What the dates of a series in a window are: as planned, changed, moved or cancelled. */
export async function findExceptions(
	context: Pick<EventContext, 'client' | 'path'>,
	series: Series & SeriesDate,
	window: Window,
): Promise<DateException[]> {
	const dates = await listDates(context, window);
	const byStart = new Map(dates.map((date) => [startOf(date), date]));
	const planned = plannedIn(series, { from: window.from - MARGIN, to: window.to + MARGIN });
	const missing = new Map<number, Occurrence>();
	const found: DateException[] = [];
	const isWanted = (occurrence: Occurrence): boolean =>
		originOf(occurrence) >= window.from && originOf(occurrence) < window.to;
	const add = (date: SeriesDate, occurrence: Occurrence): void => {
		const exception = isWanted(occurrence) ? compareDate(date, series, occurrence) : undefined;
		if (exception) found.push(exception);
	};
	for (const occurrence of planned) {
		const date = byStart.get(plannedStart(occurrence));
		if (date) add(date, occurrence);
		else missing.set(originOf(occurrence), occurrence);
		byStart.delete(plannedStart(occurrence));
	}
	// Where nothing is missing, no date was moved.
	for (const { id } of missing.size > 0 ? byStart.values() : []) {
		const date = await context.client.request<SeriesDate>(api.getEvent, {
			path: { ...context.path, eventId: id },
			query: { maxAttendees: LIMITS.attendeesInList },
		});
		const occurrence = [...missing.values()].find((one) => isSameOrigin(one, date.originStart));
		if (!occurrence) continue;
		missing.delete(originOf(occurrence));
		add(date, occurrence);
	}
	const cancelled = [...missing.values()].filter(isWanted);
	return [
		...found,
		...cancelled.map((one) => ({ planned: one, isCancelled: true, changes: {}, toAdd: [], toRemove: [], rooms: [] })),
	].sort((a, b) => originOf(a.planned) - originOf(b.planned));
}

function isSameOrigin(occurrence: Occurrence, origin: ApiTime = {}): boolean {
	if (isDay(origin)) return occurrence.originStart === origin.date;
	const distance = Math.abs(originOf(occurrence) - Date.parse(origin.dateTime ?? ''));
	return occurrence.originStart.includes('T') ? distance === 0 : distance < DAY / 2;
}

/** The date of another series that takes the place of this one, by its planned start. */
export const dateAt = (dates: SeriesDate[], planned: Occurrence): SeriesDate | undefined =>
	dates.find((date) => startOf(date) === plannedStart(planned));
