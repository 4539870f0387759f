/** Finds the event that a creation made whose response was lost, and reads the result of a write that DingTalk has carried out before. */
import { DateTime } from 'luxon';
import { listRows } from '../client/pagination';
import type { CallInput, Client } from '../client/types';
import { api, type ApiCall } from '../endpoints';
import { apiDateTime } from '../utils/timestamps';
import { findUnappliedFields } from './findUnappliedFields';
import { readKey } from './keyMarker';
import { isDay } from './readEvent';

interface Time {
	date?: string;
	dateTime?: string;
}

export interface MatchingEvent {
	id: string;
	createTime?: string;
	status?: string;
	summary?: string;
	description?: string;
	seriesMasterId?: string;
	start?: Time;
	end?: Time;
	organizer?: { id?: string; self?: boolean };
}

const ALL_DAY_ZONE = 'Asia/Shanghai';

const toDateTime = (time: Time = {}): DateTime =>
	DateTime.fromISO(isDay(time) ? time.date : (time.dateTime ?? ''), { zone: ALL_DAY_ZONE });

const isSameTime = (one: Time | undefined, other: Time | undefined): boolean =>
	one?.date === other?.date && toDateTime(one).toMillis() === toDateTime(other).toMillis();

/** Whether an event of the calendar may be the one that a request asked for. */
const looksLike =
	(requested: MatchingEvent, userId: string | undefined) =>
	(row: MatchingEvent): boolean =>
		row.summary === requested.summary &&
		// Events of Create or Update that look alike have different keys.
		readKey(row.description) === readKey(requested.description) &&
		(row.organizer?.self === true || row.organizer?.id === userId) &&
		isSameTime(row.start, requested.start) &&
		// The end of an all-day event may be its last day or the day after it.
		(!requested.end?.dateTime || isSameTime(row.end, requested.end));

/** The events that a request to create one may have made: usually one, more if the calendar has others like it. */
export async function findMatchingEvents(
	client: Client,
	{ path = {}, body, whenAborted }: CallInput,
	which: 'present' | 'deleted' = 'present',
): Promise<MatchingEvent[]> {
	const requested = body as MatchingEvent;
	const start = toDateTime(requested.start);
	const isDeleted = which === 'deleted';
	const call = isDeleted ? api.listEvents : api.listEventsView;
	const query = {
		timeMin: apiDateTime(start),
		timeMax: apiDateTime(start.plus({ seconds: 1 })),
		maxResults: call.pageSize,
		...(isDeleted && { showDeleted: true }),
	};
	const matches = looksLike(requested, path.userId);
	const found = await listRows<MatchingEvent>(
		client,
		call,
		'events',
		{ path, query, whenAborted },
		{ matches: (row) => (row.status === 'cancelled') === isDeleted && matches(row) },
	);
	const byId = new Map(found.map((row) => [row.seriesMasterId || row.id, row]));
	return [...byId].map(([id, row]) => ({ ...row, id }));
}

/** The event that the first request created; undefined where several events match. */
async function findCreatedEvent(client: Client, input: CallInput): Promise<MatchingEvent | undefined> {
	const found = await findMatchingEvents(client, input);
	return found.length === 1 ? found[0] : undefined;
}

type ResultReader = (client: Client, input: CallInput) => Promise<unknown>;

/** Of the responses to other writes only the success is used. */
const RESULT_READERS: ReadonlyMap<ApiCall, ResultReader> = new Map<ApiCall, ResultReader>([
	[api.createEvent, findCreatedEvent],
	[api.updateEvent, async (client, { path }) => await client.request(api.getEvent, { path })],
]);

/** The result of a write that DingTalk says it has carried out before; undefined where it cannot be found. */
export async function readOriginalResult(client: Client, call: ApiCall, input: CallInput): Promise<unknown> {
	const read = RESULT_READERS.get(call);
	return read ? await read(client, input) : {};
}

/** Whether the event no longer has what a change has set that DingTalk says it has carried out before: it was changed since. */
export const isReplaced = (call: ApiCall, { body }: CallInput, result: unknown): boolean =>
	call === api.updateEvent &&
	findUnappliedFields(body as Record<string, unknown>, result as Record<string, unknown>).unapplied.length > 0;
