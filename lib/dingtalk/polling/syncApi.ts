/** Reads one person's calendar for polling: all of it, what changed since, or the occurrences in a range of time. */
import { DateTime } from 'luxon';
import { listRows, readPages, type Page } from '../client/pagination';
import type { CallInput, Client } from '../client/types';
import { api, OWN_CALENDAR } from '../endpoints';
import { DingTalkError } from '../errors/DingTalkError';
import { DAY } from '../utils/time';
import { apiDateTime } from '../utils/timestamps';
import type { ListedEvent } from './fingerprint';
import { t } from '../../locale/t';
import { settle } from '../errors/settle';

/** Older events are not read when polling starts; changes to them are reported nevertheless. */
export const LOOK_BACK_MS = 90 * DAY;

const formatUtc = (at: number): string => apiDateTime(DateTime.fromMillis(at, { zone: 'utc' }));

const toCalendarPath = (userId: string): CallInput['path'] => ({ userId, calendarId: OWN_CALENDAR });

export interface SyncResult {
	events: ListedEvent[];
	/** For the next sync. */
	syncToken: string;
}

const missingSyncTokenError = (): DingTalkError =>
	new DingTalkError({
		kind: 'server',
		message: t`DingTalk sent no sync token with the list of events`,
		advice: t`No changes were missed: the next poll tries again. If the problem persists, use the 'DingTalk Calendar Trigger' instead.`,
	});

/** The sync token comes with the last page, so there is none until all pages have been read. */
async function readAllPages(pages: AsyncGenerator<Page>, first?: IteratorResult<Page>): Promise<SyncResult> {
	const events: ListedEvent[] = [];
	let syncToken: unknown;
	for (let page = first ?? (await pages.next()); !page.done; page = await pages.next()) {
		const { events: rows, syncToken: token } = page.value;
		events.push(...((rows as ListedEvent[] | undefined) ?? []));
		syncToken = token ?? syncToken;
	}
	if (typeof syncToken !== 'string' || syncToken === '') throw missingSyncTokenError();
	return { events, syncToken };
}

/**
 * Leaves `maxAttendees` out: its default is the most attendees that a list can include. With `showDeleted`, removed events are
 * listed too.
 */
export async function readCalendar(
	client: Client,
	userId: string,
	now: number,
	{ showDeleted = false } = {},
): Promise<SyncResult> {
	const timeMin = formatUtc(now - LOOK_BACK_MS);
	const query = { timeMin, maxResults: api.listEvents.pageSize, ...(showDeleted && { showDeleted }) };
	return await readAllPages(readPages(client, api.listEvents, { path: toCalendarPath(userId), query }));
}

/** What is gone (410) is gone for good, as other calendars say of a sync token that has expired. */
const REFUSED_TOKEN_STATUSES: readonly number[] = [400, 410];

/**
 * DingTalk itself refuses something that the call names, and names it with a code. Neither a proxy that refuses the call nor a
 * person who cannot be found says anything of the sync token: it is kept, and the next poll misses nothing.
 */
function mayRefuseToken(error: DingTalkError): boolean {
	const { status = 0, code = '' } = error.details;
	return error.isThingMissing || (error.kind === 'input' && REFUSED_TOKEN_STATUSES.includes(status) && code !== '');
}

/**
 * Returns undefined if DingTalk no longer accepts the sync token. The error for that is not documented, but it can only
 * come with the first page.
 */
export async function readChanges(client: Client, userId: string, syncToken: string): Promise<SyncResult | undefined> {
	// It is not documented whether deletions are listed without `showDeleted`.
	const query = { syncToken, showDeleted: true, maxResults: api.listEvents.pageSize };
	const pages = readPages(client, api.listEvents, { path: toCalendarPath(userId), query });
	const first = await settle(pages.next());
	if (!(first instanceof Error)) return await readAllPages(pages, first);
	if (first instanceof DingTalkError && mayRefuseToken(first)) return undefined;
	throw first;
}

/** Reads each occurrence of a series as an event of its own, future ones included. */
export async function readOccurrences(
	client: Client,
	userId: string,
	{ from, to }: { from: number; to: number },
): Promise<ListedEvent[]> {
	const query = { timeMin: formatUtc(from), timeMax: formatUtc(to), maxResults: api.listEventsView.pageSize };
	return await listRows<ListedEvent>(client, api.listEventsView, 'events', { path: toCalendarPath(userId), query });
}

/** Whether an event or series still exists; DingTalk reports a missing one in several ways. */
export async function eventExists(client: Client, userId: string, eventId: string): Promise<boolean> {
	const event = await settle(
		client.request<ListedEvent>(api.getEvent, { path: { ...toCalendarPath(userId), eventId } }),
	);
	if (!(event instanceof Error)) return event.status !== 'cancelled';
	if (event instanceof DingTalkError && event.isThingMissing) return false;
	throw event;
}
