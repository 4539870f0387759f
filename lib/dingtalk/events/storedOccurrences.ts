/** Lists the occurrences of a series that DingTalk has generated so far. */
import { endlessGuard } from '../client/pagination';
import type { Client } from '../client/types';
import { api } from '../endpoints';

export interface SeriesPath {
	userId: string;
	calendarId: string;
	/** The ID of the series. */
	eventId: string;
}

/** The list has no pages: the next part begins with the last occurrence of the one before. */
export async function listStoredOccurrences<Event extends { id?: string }>(
	client: Client,
	{ userId, calendarId, eventId }: SeriesPath,
	first?: string,
	limit = Infinity,
): Promise<Event[]> {
	const { pageSize } = api.listGeneratedInstances;
	const found = new Map<string, Event>();
	const countPage = endlessGuard();
	let from = first;
	for (;;) {
		const known = found.size;
		const { events = [] } = await client.request<{ events?: Event[] }>(api.listGeneratedInstances, {
			path: { userId, calendarId },
			query: { seriesMasterId: eventId, startRecurrenceId: from, maxResults: pageSize },
		});
		for (const event of events) found.set(event.id ?? '', event);
		from = events.at(-1)?.id;
		if (events.length < pageSize || found.size === known || found.size >= limit) break;
		countPage();
	}
	return [...found.values()].slice(0, limit);
}
