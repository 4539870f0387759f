/** Finding the event that carries a key, and making it once. */
import type { Interval } from 'luxon';
import { api } from '../endpoints';
import { LIMITS } from '../limits';
import { listAttendees, type Attendee } from './attendees';
import type { Client } from '../client/types';
import { DingTalkError } from '../errors/DingTalkError';
import type { EventState } from './compareEvent';
import { readKey } from './keyMarker';
import { listRows } from '../client/pagination';
import { apiDateTime } from '../utils/timestamps';

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

/** Two events carry the same key; changing either would be a guess. */
export class AmbiguousKeyError extends Error {
	constructor(
		readonly key: string,
		readonly ids: string[],
	) {
		super(`Several events carry the key '${key}': ${ids.join(', ')}`);
		this.name = 'AmbiguousKeyError';
	}
}

export async function readEvent({ client, path }: CalendarRef, eventId: string): Promise<KeyedEvent | undefined> {
	const event = await client
		.request<KeyedEvent>(api.getEvent, { path: { ...path, eventId }, query: { maxAttendees: LIMITS.attendeesInEvent } })
		.catch(async (error: unknown) =>
			error instanceof DingTalkError && error.kind === 'missing' ? undefined : await Promise.reject(error),
		);
	return event?.status === 'cancelled' ? undefined : event;
}

/** An occurrence stands for its series. */
export const seriesIdOf = ({ id, seriesMasterId }: KeyedEvent): string => seriesMasterId || id;

const hasKey =
	(key: string, { path }: CalendarRef) =>
	({ description, organizer }: KeyedEvent): boolean =>
		readKey(description) === key && (organizer?.self === true || organizer?.id === path.userId);

const toTimeRange = (span: Interval<true>) => ({ timeMin: apiDateTime(span.start), timeMax: apiDateTime(span.end) });

/** Looks through the calendar as it is shown: DingTalk has no search. */
export async function findByKey(
	calendar: CalendarRef,
	key: string,
	span: Interval<true>,
): Promise<KeyedEvent | undefined> {
	const query = { ...toTimeRange(span), maxResults: api.listEventsView.pageSize, maxAttendees: LIMITS.attendeesInList };
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

/** An event with this key that was there and was deleted. */
export async function findDeletedByKey(
	calendar: CalendarRef,
	key: string,
	span: Interval<true>,
): Promise<KeyedEvent | undefined> {
	const { client, path } = calendar;
	const query = { ...toTimeRange(span), showDeleted: true, maxResults: api.listEvents.pageSize, maxAttendees: 1 };
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

/** Everybody on the event, from what was read of it if that is everybody. */
export async function readAllAttendees(
	{ client, path }: CalendarRef,
	{ id, attendees = [] }: KeyedEvent,
	maxAttendees: number,
): Promise<Attendee[]> {
	if (attendees.length < maxAttendees) return attendees;
	return await listAttendees({ client, path: { ...path, eventId: id } });
}
