/** The single dates of a series that differ from it: how they are found, and how they are made again in another series. */
import { DateTime } from 'luxon';
import { api } from '../endpoints';
import { LIMITS } from '../limits';
import { listRows, readPages } from '../client/pagination';
import type { CallInput } from '../client/types';
import { DingTalkError } from '../errors/DingTalkError';
import { listAttendees, type EventContext } from '../events/attendees';
import { listOccurrences, type Occurrence } from '../events/occurrences';
import { apiDateTime, type ApiTime } from '../utils/timestamps';
import { DAY } from '../utils/time';
import { isSameOrigin, originOf, requireTimes, startDayOf, unknownPlaceError, type Series } from './seriesCut';
import {
	cancelledDate,
	compareDate,
	findListedFields,
	GIVEN_UP_FIELDS,
	has,
	isCutOff,
	startsDifferently,
	type DateException,
	type GivenUpField,
	type ListedFields,
	type SeriesDate,
} from './compareDate';
import { hasLostHour, isDay, lacksTimes } from '../events/readEvent';
import { t } from '../../locale/t';

/** How far from the cut single dates are looked for, and how much further their moved times. */
export const LOOK_BACK_DAYS = 183;
export const LOOK_AHEAD_DAYS = 366;
/** A date that was moved further than this seems to be cancelled. */
const REACH = 366 * DAY;
/** Where looking that far costs more calls, it is done only for dates that are not found nearby. */
const NEAR = 14 * DAY;

/** How many dates have their attendees read, if a list leaves some out: DingTalk may list them in another order for each date. */
const MAX_LONG_LISTS = 10;

/** So many dates are read, if others are missing, because they may be those. */
const MAX_DOUBTFUL = 10;
/** So many dates are read to learn whether a list leaves out a field. */
const MAX_SAMPLES = 3;

export interface Window {
	from: number;
	to: number;
}

export const startOf = ({ start = {} }: { start?: ApiTime }): number =>
	isDay(start) ? Date.parse(start.date) : DateTime.fromISO(start.dateTime ?? '').toMillis();

const millisOf = (time: string): number => (time.includes('T') ? DateTime.fromISO(time).toMillis() : Date.parse(time));

const plannedStart = ({ start }: Occurrence): number => millisOf(start);

/** The dates that the rule plans in the window. */
export function plannedIn(series: Series, { from, to }: Window): Occurrence[] {
	const planned: Occurrence[] = [];
	for (const occurrence of listOccurrences(series, from)) {
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

/** Where dates are read. What is made again needs all fields of them. */
type DateSource = Pick<EventContext, 'client' | 'path'> & Pick<CallInput, 'needsAllFields'>;

/** The dates that are in the window now, wherever they were planned. */
export async function listDates(
	{ client, path }: Pick<EventContext, 'client' | 'path'>,
	window: Window,
	more: Pick<CallInput, 'whenAborted' | 'verifiesWrite'> = {},
): Promise<SeriesDate[]> {
	const input = { path, query: queryOf(window), needsAllFields: true, ...more };
	return await listRows<SeriesDate>(client, api.listInstances, 'events', input);
}

/** The same where dates that are not in the list count as cancelled: a response without any must not cancel all of them. */
async function listAllDates(
	{ client, path, needsAllFields }: DateSource,
	window: Window,
	planned: number,
): Promise<SeriesDate[]> {
	const input = { path, query: queryOf(window), needsAllFields };
	const found: SeriesDate[] = [];
	let isComplete = true;
	for await (const { events } of readPages(client, api.listInstances, input)) {
		isComplete &&= Array.isArray(events);
		found.push(...((events as SeriesDate[] | undefined) ?? []));
	}
	const isLost = found.length === 0 || !isComplete;
	if (found.length >= planned || !isLost) return found.filter(({ status }) => status !== 'cancelled');
	throw new DingTalkError({
		kind: 'server',
		message: t`DingTalk did not list the dates of the series`,
		advice: t`Try again in a few minutes.`,
	});
}

/** A date that the rule plans, and what has become of it; without a date it was cancelled. */
export interface MatchedDate {
	planned: Occurrence;
	date?: SeriesDate;
}

export interface Matched {
	dates: MatchedDate[];
	/** What the list says of dates, also of those that were read since. */
	listed: ListedFields;
}

interface MatchInput {
	series: Series;
	window: Window;
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

interface DateReader {
	read: (id: string) => Promise<SeriesDate>;
	/** The date by whose ID the series was found. */
	givenId?: string;
	/** A date that no place is found for must not seem to be cancelled. */
	needsPlaces: boolean;
}

/** Reads each date once. */
function createReader({ client, path, needsAllFields }: DateSource, given?: SeriesDate): DateReader {
	const known = new Map<string, Promise<SeriesDate>>();
	if (given) known.set(given.id, Promise.resolve({ ...given, wasRead: true }));
	const read = async (eventId: string): Promise<SeriesDate> => ({
		...(await client.request<SeriesDate>(api.getEvent, {
			path: { ...path, eventId },
			query: { maxAttendees: LIMITS.attendeesInList },
			needsAllFields,
		})),
		wasRead: true,
	});
	return {
		givenId: given?.id,
		needsPlaces: needsAllFields === true,
		read: async (id) => {
			const reading = known.get(id) ?? read(id);
			known.set(id, reading);
			return await reading;
		},
	};
}

type Assigned = Map<Occurrence, SeriesDate | undefined>;

const findMissing = (assigned: Assigned): Occurrence[] =>
	[...assigned.keys()].filter((planned) => !assigned.get(planned));

const placeOf = (assigned: Assigned, { id }: SeriesDate): Occurrence | undefined =>
	[...assigned.keys()].find((planned) => assigned.get(planned)?.id === id);

/** Missing dates may have been moved to the time of others: the given one, and those of another length. */
function findDoubtful(assigned: Assigned, givenId: string | undefined): SeriesDate[] {
	const isGiven = ({ id }: SeriesDate): boolean => id === givenId;
	const found = [...assigned].flatMap(([planned, date]) => {
		if (!date || date.wasRead) return [];
		const length = startOf({ start: date.end }) - startOf(date);
		return isGiven(date) || length !== millisOf(planned.end) - millisOf(planned.start) ? date : [];
	});
	return found.sort((a, b) => Number(isGiven(b)) - Number(isGiven(a))).slice(0, MAX_DOUBTFUL);
}

/** A date that has lost its hour still has its day. */
const findDay = (missing: Set<Occurrence>, date: SeriesDate): Occurrence | undefined =>
	hasLostHour(date) ? [...missing].find((planned) => startDayOf(planned) === date.start?.date) : undefined;

/**
 * Finds out which planned dates have become these dates, until none is missing. The list of dates does not say it, so each
 * is read, except the last where no other can be meant. A date that seemed to be at its planned time gives way to the true one.
 */
async function assignMoved(
	{ read, givenId, needsPlaces }: DateReader,
	dates: SeriesDate[],
	assigned: Assigned,
	isWhole: boolean,
): Promise<void> {
	const queue = [...dates];
	const missing = new Set(findMissing(assigned));
	if (missing.size > 0) queue.push(...findDoubtful(assigned, givenId));
	for (let listed = queue.shift(); listed && missing.size > 0; listed = queue.shift()) {
		const [first] = missing;
		const current = placeOf(assigned, listed);
		if (isWhole && missing.size === 1 && queue.length === 0 && !current) {
			assigned.set(first, listed);
			return;
		}
		const date = await read(listed.id);
		const planned = [...assigned.keys()].find((one) => isSameOrigin(one, date.originStart)) ?? findDay(missing, date);
		if (!planned && needsPlaces && !date.originStart) throw unknownPlaceError(date);
		if (!planned) continue;
		const displaced = assigned.get(planned);
		if (displaced && displaced.id !== date.id) queue.push(displaced);
		if (current && current !== planned) {
			assigned.set(current, undefined);
			missing.add(current);
		}
		assigned.set(planned, date);
		missing.delete(planned);
	}
}

async function assignDates(
	reader: DateReader,
	allPlanned: Occurrence[],
	dates: SeriesDate[],
	isWhole: boolean,
): Promise<Assigned> {
	const { byStart, others } = groupByStart(dates);
	const assigned: Assigned = new Map();
	for (const planned of allPlanned) {
		assigned.set(planned, byStart.get(plannedStart(planned)));
		byStart.delete(plannedStart(planned));
	}
	await assignMoved(reader, [...byStart.values(), ...others], assigned, isWhole);
	return assigned;
}

const widen = ({ from, to }: Window, margin: number): Window => ({ from: from - margin, to: to + margin });

const pagesFor = (planned: Occurrence[]): number => Math.ceil(planned.length / api.listInstances.pageSize);

/** The dates that a rule plans in a window, with what has become of each, in the order in which they are planned. */
async function match(
	context: DateSource,
	{ series, window, isWhole = false }: MatchInput,
	reader: DateReader,
): Promise<Matched> {
	const [near, far] = [NEAR, REACH].map((margin) => {
		const wide = widen(window, margin);
		return { window: wide, planned: plannedIn(series, wide) };
	});
	const isIn = (planned: Occurrence): boolean => originOf(planned) >= window.from && originOf(planned) < window.to;
	const first = pagesFor(far.planned) > pagesFor(near.planned) ? near : far;
	const nearby = await listAllDates(context, first.window, first.planned.length);
	const dates = new Map(nearby.map((date) => [date.id, date]));
	let assigned = await assignDates(reader, first.planned, nearby, isWhole);
	if (first === near && findMissing(assigned).some(isIn)) {
		for (const part of [
			{ from: far.window.from, to: near.window.from },
			{ from: near.window.to, to: far.window.to },
		]) {
			const more = await listAllDates(context, part, plannedIn(series, part).length);
			for (const date of more) dates.set(date.id, date);
		}
		assigned = await assignDates(reader, far.planned, [...dates.values()], isWhole);
	}
	return {
		dates: [...assigned].filter(([planned]) => isIn(planned)).map(([planned, date]) => ({ planned, date })),
		listed: findListedFields([...dates.values()]),
	};
}

export const matchDates = async (context: Pick<EventContext, 'client' | 'path'>, input: MatchInput): Promise<Matched> =>
	await match(context, input, createReader(context));

/**
 * DingTalk may leave out a list that is empty. If no listed date has reminders or rooms and the series has some, either all
 * dates have given them up or the list leaves them out: dates that are read tell which.
 */
async function checkListedFields(
	reader: DateReader,
	series: SeriesDate,
	{ dates, listed }: Matched,
): Promise<Pick<FoundExceptions, 'unlisted'> & { listed: ListedFields }> {
	const missing = GIVEN_UP_FIELDS.filter((field) => !listed.has(field) && has(series, field));
	if (missing.length === 0) return { listed, unlisted: [] };
	const all = dates.flatMap(({ date }) => date ?? []);
	const samples = all.filter(({ wasRead }) => wasRead);
	for (const { id } of all.filter(({ wasRead }) => !wasRead).slice(0, MAX_SAMPLES)) {
		if (missing.every((field) => samples.some((date) => has(date, field)))) break;
		samples.push(await reader.read(id));
	}
	const unlisted = missing.filter((field) => samples.some((date) => has(date, field)));
	return { listed: new Set([...listed, ...missing.filter((field) => !unlisted.includes(field))]), unlisted };
}

export interface FoundExceptions {
	exceptions: DateException[];
	/** What the list does not say of the dates. */
	unlisted: GivenUpField[];
}

/** What the dates of a series in a window are: as planned, changed, moved or cancelled. */
export async function findExceptions(
	context: Pick<EventContext, 'client' | 'path'>,
	series: Series & SeriesDate,
	window: Window,
	given?: SeriesDate,
): Promise<FoundExceptions> {
	const source = { ...context, needsAllFields: true };
	const reader = createReader(source, given);
	const matched = await match(source, { series, window }, reader);
	const { listed, unlisted } = await checkListedFields(reader, series, matched);
	const exceptions: DateException[] = [];
	let cutOff = 0;
	for (const { planned, date: listedDate } of matched.dates) {
		if (!listedDate) {
			exceptions.push(cancelledDate(planned));
			continue;
		}
		const date = lacksTimes(listedDate) ? await reader.read(listedDate.id) : listedDate;
		requireTimes(date);
		const isOther = startsDifferently(date, series) || compareDate(date, series, planned, listed) !== undefined;
		const isReadable = series.hasAllAttendees === true && isCutOff(date);
		const complete = isReadable && isOther && cutOff++ < MAX_LONG_LISTS ? await readPeople(context, date) : date;
		const exception = compareDate(complete, series, planned, listed);
		if (!exception) continue;
		// A list has only the plain description.
		const isText = 'description' in exception.changes || series.richTextDescription !== undefined;
		const whole =
			isText && !date.wasRead ? { ...(await reader.read(date.id)), attendees: complete.attendees } : complete;
		const found = compareDate({ ...whole, hasAllAttendees: complete.hasAllAttendees }, series, planned, listed);
		if (found) exceptions.push(found);
	}
	return { exceptions, unlisted };
}

/** The date with all its attendees, of whom the list has only some. */
async function readPeople(
	{ client, path }: Pick<EventContext, 'client' | 'path'>,
	date: SeriesDate,
): Promise<SeriesDate> {
	const attendees = await listAttendees({ client, path: { ...path, eventId: date.id }, needsAllFields: true });
	return { ...date, attendees, hasAllAttendees: true };
}

/** The date of another series that takes the place of this one, by its planned start. */
export const dateAt = (dates: SeriesDate[], planned: Occurrence): SeriesDate | undefined =>
	dates.find((date) => startOf(date) === plannedStart(planned));
