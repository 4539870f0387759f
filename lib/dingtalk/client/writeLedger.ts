/**
 * What the process knows of writes: deletions and writes that are unconfirmed because their response was lost, and how to
 * read the result of a write that DingTalk has confirmed before.
 */
import { DateTime } from 'luxon';
import { api, fillPath, type ApiCall } from '../endpoints';
import { DingTalkError } from '../errors/DingTalkError';
import { LruSet } from '../utils/lru';
import { apiDateTime } from '../utils/timestamps';
import { listRows } from './pagination';
import type { CallInput, Client } from './types';

const MAX_WRITES = 1000;

/** Deletions without a response, by what they delete. */
const unconfirmedDeletions = new LruSet<string>(MAX_WRITES);

/** Idempotency keys of other writes without a response, for calls where DingTalk knows no such keys. */
const unconfirmedKeys = new LruSet<string>(MAX_WRITES);

const writeName = (call: ApiCall, { path = {} }: CallInput, bucket: string): string =>
	`${bucket} ${fillPath(call, path)}`;

/** Records a write whose response will not come, and adds to its error that the outcome is unknown. */
export function recordUnconfirmed(
	error: DingTalkError,
	call: ApiCall,
	input: CallInput,
	bucket: string,
): DingTalkError {
	if (call.isRead || !error.isOutcomeUnknown) return error;
	if (call.method === 'DELETE') unconfirmedDeletions.add(writeName(call, input, bucket));
	if (!call.isIdempotent && input.idempotencyKey !== undefined) unconfirmedKeys.add(input.idempotencyKey);
	return new DingTalkError({
		...error.details,
		advice: `${error.details.advice} The change may have been made: check in DingTalk before you run this again.`,
	});
}

/** Whether DingTalk refuses a deletion because an earlier one, whose response was lost, has succeeded. */
export const isConfirmedDeletion = (error: DingTalkError, call: ApiCall, input: CallInput, bucket: string): boolean =>
	call.method === 'DELETE' &&
	(error.kind === 'input' || error.kind === 'missing') &&
	unconfirmedDeletions.delete(writeName(call, input, bucket));

/** Refuses to send a write again whose outcome is unknown and which DingTalk would carry out twice. */
export function throwIfUnconfirmed(call: ApiCall, input: CallInput): void {
	if (input.idempotencyKey === undefined || !unconfirmedKeys.has(input.idempotencyKey)) return;
	throw new DingTalkError({
		kind: 'unclear',
		message: `An earlier request to ${call.action} got no response, so its outcome is unknown`,
		advice: 'It may have been carried out. Check in DingTalk before you run this again; nothing was sent this time.',
		notSent: true,
	});
}

interface Time {
	date?: string;
	dateTime?: string;
}

interface CreatedEvent {
	id: string;
	status?: string;
	summary?: string;
	seriesMasterId?: string;
	start?: Time;
	end?: Time;
	organizer?: { id?: string; self?: boolean };
}

const ALL_DAY_ZONE = 'Asia/Shanghai';

const toDateTime = ({ date, dateTime }: Time = {}): DateTime =>
	date ? DateTime.fromISO(date, { zone: ALL_DAY_ZONE }) : DateTime.fromISO(dateTime ?? '', { zone: ALL_DAY_ZONE });

const isSameTime = (one: Time | undefined, other: Time | undefined): boolean =>
	one?.date === other?.date && toDateTime(one).toMillis() === toDateTime(other).toMillis();

/** The events that a request to create one may have made: usually one, more if the calendar has others like it. */
export async function findMatchingEvents(
	client: Client,
	{ path = {}, body, onStop }: CallInput,
): Promise<CreatedEvent[]> {
	const requested = body as CreatedEvent;
	const start = toDateTime(requested.start);
	const query = {
		timeMin: apiDateTime(start),
		timeMax: apiDateTime(start.plus({ seconds: 1 })),
		maxResults: api.listEventsView.pageSize,
	};
	const found = await listRows<CreatedEvent>(
		client,
		api.listEventsView,
		'events',
		{ path, query, onStop },
		{
			matches: (row) =>
				row.status !== 'cancelled' &&
				row.summary === requested.summary &&
				(row.organizer?.self === true || row.organizer?.id === path.userId) &&
				isSameTime(row.start, requested.start) &&
				// The end of an all-day event may be its last day or the day after it.
				(!requested.end?.dateTime || isSameTime(row.end, requested.end)),
		},
	);
	const byId = new Map(found.map((row) => [row.seriesMasterId || row.id, row]));
	return [...byId].map(([id, row]) => ({ ...row, id }));
}

/** The event that the first request created; undefined where several events match. */
async function findCreatedEvent(client: Client, input: CallInput): Promise<CreatedEvent | undefined> {
	const found = await findMatchingEvents(client, input);
	return found.length === 1 ? found[0] : undefined;
}

/** The result of a write that DingTalk says it has carried out before; undefined where it cannot be found. */
export async function readOriginalResult(client: Client, call: ApiCall, input: CallInput): Promise<unknown> {
	switch (call) {
		case api.createEvent:
			return await findCreatedEvent(client, input);
		case api.updateEvent:
			return await client.request(api.getEvent, { path: input.path });
		default:
			// Of other responses only the success is used.
			return {};
	}
}
