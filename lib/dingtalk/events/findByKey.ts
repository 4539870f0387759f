/** Finds the event with an external key, and reads it with its attendees. */
import type { Interval } from 'luxon';
import { api } from '../endpoints';
import { LIMITS } from '../limits';
import { listAttendees, type Attendee } from './attendees';
import type { Client } from '../client/types';
import { DingTalkError } from '../errors/DingTalkError';
import { describeMayBeDone } from '../errors/mayBeDone';
import type { EventState } from './compareEvent';
import { readKey } from './keyMarker';
import { listRows } from '../client/pagination';
import { apiDateTime } from '../utils/timestamps';
import { joinSentences, joinWords, t } from '../../locale/t';

export interface KeyedEvent extends EventState {
	id: string;
	status?: string;
	seriesMasterId?: string;
	createTime?: string;
	attendees?: Attendee[];
	organizer?: { id?: string; self?: boolean };
}

export interface CalendarRef {
	client: Client;
	path: { userId: string; calendarId: string };
}

/** Several events have the same key, so it is unclear which one is meant. */
export class AmbiguousKeyError extends Error {
	constructor(
		readonly key: string,
		readonly ids: string[],
	) {
		super(t`Several events have the key '${key}': ${joinWords(ids)}`);
		this.name = 'AmbiguousKeyError';
	}
}

/** The event with all its attendees; undefined if it does not exist or was cancelled. */
export async function getExistingEvent(
	{ client, path }: CalendarRef,
	eventId: string,
): Promise<KeyedEvent | undefined> {
	const event = await client
		.request<KeyedEvent>(api.getEvent, { path: { ...path, eventId }, query: { maxAttendees: LIMITS.attendeesInEvent } })
		.catch(async (error: unknown) =>
			error instanceof DingTalkError && error.isThingMissing ? undefined : await Promise.reject(error),
		);
	return event?.status === 'cancelled' ? undefined : event;
}

/** The ID of the series for an occurrence, otherwise the event's own ID. */
export const seriesIdOf = ({ id, seriesMasterId }: KeyedEvent): string => seriesMasterId || id;

/** Whether this person organizes the event: an invitation can have a key of another calendar. */
export const isOwn = ({ organizer }: KeyedEvent, userId: string): boolean =>
	organizer?.self === true || organizer?.id === userId;

const hasKey =
	(key: string, { path }: CalendarRef) =>
	(event: KeyedEvent): boolean =>
		readKey(event.description) === key && isOwn(event, path.userId);

const toTimeRange = ({ start, end }: Interval<true>) => ({ timeMin: apiDateTime(start), timeMax: apiDateTime(end) });

/** DingTalk has no search, so all events in the time range are read. */
export async function findByKey(
	calendar: CalendarRef,
	key: string,
	window: Interval<true>,
): Promise<KeyedEvent | undefined> {
	const query = {
		...toTimeRange(window),
		maxResults: api.listEventsView.pageSize,
		maxAttendees: LIMITS.attendeesInList,
	};
	const { client, path } = calendar;
	const found = await listRows<KeyedEvent>(
		client,
		api.listEventsView,
		'events',
		{ path, query },
		{
			matches: (event) => event.status !== 'cancelled' && hasKey(key, calendar)(event),
		},
	);
	const ids = [...new Set(found.map(seriesIdOf))];
	if (ids.length > 1) throw new AmbiguousKeyError(key, ids);
	return found[0];
}

/** A deleted event with this key. */
export async function findDeletedByKey(
	calendar: CalendarRef,
	key: string,
	window: Interval<true>,
): Promise<KeyedEvent | undefined> {
	const { client, path } = calendar;
	const query = { ...toTimeRange(window), showDeleted: true, maxResults: api.listEvents.pageSize, maxAttendees: 1 };
	const [found] = await listRows<KeyedEvent>(
		client,
		api.listEvents,
		'events',
		{ path, query },
		{
			limit: 1,
			matches: (event) => event.status === 'cancelled' && hasKey(key, calendar)(event),
		},
	);
	return found;
}

/** All attendees: those already read if there are fewer than the requested maximum, otherwise from another call. */
export async function readAllAttendees(
	{ client, path }: CalendarRef,
	{ id, attendees = [] }: KeyedEvent,
	maxAttendees: number,
): Promise<Attendee[]> {
	if (attendees.length < maxAttendees) return attendees;
	return await listAttendees({ client, path: { ...path, eventId: id } });
}

/** The same for an event that DingTalk says it has created: an error of the search says that it may be there. */
export async function findCreatedByKey(...search: Parameters<typeof findByKey>): ReturnType<typeof findByKey> {
	return await findByKey(...search).catch(async (error: Error) => {
		const { advice, ...cause } = error instanceof DingTalkError ? error.details : { advice: '' };
		const message = t`The event of an earlier request could not be found`;
		return await Promise.reject(
			new DingTalkError({
				message,
				...cause,
				kind: 'unclear',
				mayBeDone: true,
				advice: joinSentences(describeMayBeDone(api.createEvent), advice).trim(),
			}),
		);
	});
}
