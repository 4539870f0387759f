/** The single dates of a series that differ from it: how they are found, and how they are made again in another series. */
import { DateTime } from 'luxon';
import { api } from '../endpoints';
import { LIMITS } from '../limits';
import { listRows, readPages } from '../client/pagination';
import type { CallInput } from '../client/types';
import { DingTalkError } from '../errors/DingTalkError';
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
	status?: string;
	onlineMeetingInfo?: { type?: string; url?: string };
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
export const MARGIN = 14 * DAY;

export interface Window {
	from: number;
	to: number;
}

export const startOf = ({ start = {} }: { start?: ApiTime }): number =>
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

const atInstant = (ms: number): string => apiDateTime(DateTime.fromMillis(ms, { zone: 'utc' }));

const queryOf = ({ from, to }: Window) => ({
	timeMin: atInstant(from),
	timeMax: atInstant(to),
	maxResults: api.listInstances.pageSize,
	maxAttendees: LIMITS.attendeesInList,
});

/** The dates that are in the window now, wherever they were planned. */
export async function listDates(
	{ client, path }: Pick<EventContext, 'client' | 'path'>,
	window: Window,
	more: Pick<CallInput, 'whenAborted' | 'verifiesWrite'> = {},
): Promise<SeriesDate[]> {
	const query = queryOf(window);
	return await listRows<SeriesDate>(client, api.listInstances, 'events', { path, query, ...more });
}

/** The same where dates that are not in the list count as cancelled: a response without any must not cancel all of them. */
async function listAllDates(
	context: Pick<EventContext, 'client' | 'path'>,
	window: Window,
	planned: number,
): Promise<SeriesDate[]> {
	const { client, path } = context;
	const found: SeriesDate[] = [];
	let isComplete = true;
	for await (const { events } of readPages(client, api.listInstances, { path, query: queryOf(window) })) {
		isComplete &&= Array.isArray(events);
		found.push(...((events as SeriesDate[] | undefined) ?? []));
	}
	const isLost = found.length === 0 || !isComplete;
	if (found.length >= planned || !isLost) return found.filter(({ status }) => status !== 'cancelled');
	throw new DingTalkError({
		kind: 'server',
		message: 'DingTalk did not list the dates of the series',
		advice: 'Try again in a few minutes.',
	});
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

/** A date that the rule plans, and what has become of it; without a date it was cancelled. */
export interface MatchedDate {
	planned: Occurrence;
	date?: SeriesDate;
}

interface MatchInput {
	series: Series;
	window: Window;
	/** How far from the planned times moved dates are looked for. */
	margin?: number;
	/** The window has all dates of the series, so that no date in it was planned outside it. */
	isWhole?: boolean;
}

/** The dates at a start that only one of them has, and all others. */
function groupByStart(dates: SeriesDate[]): { byStart: Map<number, SeriesDate>; others: SeriesDate[] } {
	const byStart = new Map<number, SeriesDate>();
	const crowded = new Set<number>();
	for (const date of dates) {
		const start = startOf(date);
		if (byStart.has(start)) crowded.add(start);
		byStart.set(start, date);
	}
	for (const start of crowded) byStart.delete(start);
	return { byStart, others: dates.filter((date) => crowded.has(startOf(date))) };
}

const readDate = async (
	{ client, path }: Pick<EventContext, 'client' | 'path'>,
	eventId: string,
): Promise<SeriesDate> =>
	await client.request<SeriesDate>(api.getEvent, {
		path: { ...path, eventId },
		query: { maxAttendees: LIMITS.attendeesInList },
	});

/**
 * Finds out which planned dates have become these dates, until none is missing. The list of dates does not say it, so each
 * is read, except the last where no other can be meant. A date that seemed to be at its planned time gives way to the true one.
 */
async function assignMoved(
	context: Pick<EventContext, 'client' | 'path'>,
	dates: SeriesDate[],
	assigned: Map<Occurrence, SeriesDate | undefined>,
	isWhole: boolean,
): Promise<void> {
	const queue = [...dates];
	const missing = new Set([...assigned.keys()].filter((planned) => !assigned.get(planned)));
	for (let listed = queue.shift(); listed && missing.size > 0; listed = queue.shift()) {
		const [first] = missing;
		if (isWhole && missing.size === 1 && queue.length === 0) {
			assigned.set(first, listed);
			return;
		}
		const date = await readDate(context, listed.id);
		const planned = [...assigned.keys()].find((one) => isSameOrigin(one, date.originStart));
		if (!planned) continue;
		const displaced = assigned.get(planned);
		if (displaced) queue.push(displaced);
		assigned.set(planned, date);
		missing.delete(planned);
	}
}

/** The dates that a rule plans in a window, with what has become of each, in the order in which they are planned. */
export async function matchDates(
	context: Pick<EventContext, 'client' | 'path'>,
	{ series, window, margin = MARGIN, isWhole = false }: MatchInput,
): Promise<MatchedDate[]> {
	const wide = { from: window.from - margin, to: window.to + margin };
	const allPlanned = plannedIn(series, wide);
	const { byStart, others } = groupByStart(await listAllDates(context, wide, allPlanned.length));
	const assigned = new Map<Occurrence, SeriesDate | undefined>();
	for (const planned of allPlanned) {
		assigned.set(planned, byStart.get(plannedStart(planned)));
		byStart.delete(plannedStart(planned));
	}
	await assignMoved(context, [...byStart.values(), ...others], assigned, isWhole);
	return [...assigned]
		.filter(([planned]) => originOf(planned) >= window.from && originOf(planned) < window.to)
		.map(([planned, date]) => ({ planned, date }));
}

/** What the dates of a series in a window are: as planned, changed, moved or cancelled. */
export async function findExceptions(
	context: Pick<EventContext, 'client' | 'path'>,
	series: Series & SeriesDate,
	window: Window,
): Promise<DateException[]> {
	return (await matchDates(context, { series, window })).flatMap(({ planned, date }) => {
		if (!date) return [{ planned, isCancelled: true, changes: {}, toAdd: [], toRemove: [], rooms: [] }];
		return compareDate(date, series, planned) ?? [];
	});
}

function isSameOrigin(occurrence: Occurrence, origin: ApiTime = {}): boolean {
	if (isDay(origin)) return occurrence.originStart === origin.date;
	const distance = Math.abs(originOf(occurrence) - Date.parse(origin.dateTime ?? ''));
	return occurrence.originStart.includes('T') ? distance === 0 : distance < DAY / 2;
}

/** The date of another series that takes the place of this one, by its planned start. */
export const dateAt = (dates: SeriesDate[], planned: Occurrence): SeriesDate | undefined =>
	dates.find((date) => startOf(date) === plannedStart(planned));
