/** One person's calendar, read for a trigger: whole, what changed since, and the dates ahead. */
import { DateTime } from 'luxon';
import { api, OWN_CALENDAR } from '../endpoints';
import type { CallInput, Client } from '../client/types';
import { DingTalkError } from '../errors/DingTalkError';
import { listRows, readPages, type Page } from '../client/pagination';
import { apiDateTime } from '../utils/timestamps';
import type { ListedEvent } from './snapshots';
import { DAY } from '../utils/time';

/** Older events are not read when the watching begins; a change to one of them is told all the same. */
const INITIAL_LOOK_BACK_MS = 90 * DAY;

const utc = (at: number): string => apiDateTime(DateTime.fromMillis(at, { zone: 'utc' }));

const calendarPath = (userId: string): CallInput['path'] => ({ userId, calendarId: OWN_CALENDAR });

export interface SyncResult {
	events: ListedEvent[];
	/** With which the next one continues. */
	syncToken: string;
}

const missingSyncTokenError = (): DingTalkError =>
	new DingTalkError({
		kind: 'server',
		message: 'DingTalk sent no sync token with the list of events',
		advice:
			'Nothing was missed: the next poll asks again. If it lasts, use the trigger that is told by DingTalk instead.',
	});

/** The token comes with the last page, so there is none before all of them are in. */
async function readAllPages(list: AsyncGenerator<Page>, first?: IteratorResult<Page>): Promise<SyncResult> {
	const events: ListedEvent[] = [];
	let syncToken: unknown;
	for (let turn = first ?? (await list.next()); !turn.done; turn = await list.next()) {
		const { events: rows, syncToken: token } = turn.value;
		events.push(...((rows as ListedEvent[] | undefined) ?? []));
		syncToken = token ?? syncToken;
	}
	if (typeof syncToken !== 'string' || syncToken === '') throw missingSyncTokenError();
	return { events, syncToken };
}

/** `maxAttendees` is the most that lists embed, and what they embed unless asked otherwise. */
export async function readCalendar(client: Client, userId: string, now: number): Promise<SyncResult> {
	const query = { timeMin: utc(now - INITIAL_LOOK_BACK_MS), maxResults: api.listEvents.pageSize };
	return await readAllPages(readPages(client, api.listEvents, { path: calendarPath(userId), query }));
}

/** Undefined when DingTalk takes the token no longer. What it says then is not documented, but it must be said of the first page. */
export async function readChanges(client: Client, userId: string, syncToken: string): Promise<SyncResult | undefined> {
	// Whether deletions come without being asked for is not documented either.
	const query = { syncToken, showDeleted: true, maxResults: api.listEvents.pageSize };
	const list = readPages(client, api.listEvents, { path: calendarPath(userId), query });
	const first = await list.next().catch((error: Error) => error);
	if (!(first instanceof Error)) return await readAllPages(list, first);
	if (first instanceof DingTalkError && ['input', 'missing'].includes(first.kind)) return undefined;
	throw first;
}

/** Every date of a series stands by itself here, also the ones to come. */
export async function readDates(
	client: Client,
	userId: string,
	{ from, to }: { from: number; to: number },
): Promise<ListedEvent[]> {
	const query = { timeMin: utc(from), timeMax: utc(to), maxResults: api.listEventsView.pageSize };
	return await listRows<ListedEvent>(client, api.listEventsView, 'events', { path: calendarPath(userId), query });
}

/** Whether a series is still there, in whatever form DingTalk says that it is not. */
export async function eventExists(client: Client, userId: string, eventId: string): Promise<boolean> {
	const found = await client
		.request<ListedEvent>(api.getEvent, { path: { userId, calendarId: OWN_CALENDAR, eventId } })
		.catch((error: Error) => error);
	if (!(found instanceof Error)) return found.status !== 'cancelled';
	if (found instanceof DingTalkError && found.kind === 'missing') return false;
	throw found;
}
