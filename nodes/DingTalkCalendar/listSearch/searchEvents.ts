import { DateTime } from 'luxon';
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { api } from '../../dingtalk/api';
import type { Page } from '../../dingtalk/pages';
import { apiDateTime } from '../../dingtalk/timestamps';
import { chosenPerson, firstHits, inEditor, label, matches, pageToken } from './editorClient';

/** What somebody is likely to pick: not long ago, or soon. */
const DAYS_BACK = 7;
const DAYS_AHEAD = 60;

interface Event {
	id?: string;
	summary?: string;
	start?: { date?: string; dateTime?: string };
}

function when({ start }: Event, zone: string): string {
	if (start?.date) return DateTime.fromISO(start.date).toFormat('ccc d LLL yyyy', { locale: 'en' });
	return start?.dateTime ? DateTime.fromISO(start.dateTime, { zone }).toFormat('ccc d LLL yyyy HH:mm', { locale: 'en' }) : '';
}

export async function searchEvents(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await inEditor(this, async (client) => {
		const path = { userId: await chosenPerson(this, client), calendarId: 'primary' };
		const today = DateTime.now().setZone(this.getTimezone()).startOf('day');
		const query = {
			timeMin: apiDateTime(today.minus({ days: DAYS_BACK })),
			timeMax: apiDateTime(today.plus({ days: DAYS_AHEAD })),
			maxResults: api.listEventsView.pageSize,
			maxAttendees: 1,
		};
		return await firstHits(async (nextToken) => {
			const input = { path, query: { ...query, nextToken } };
			const page = await client.request<Page & { events?: Event[] }>(api.listEventsView, input);
			const results = (page.events ?? [])
				.filter(({ summary }) => matches(filter, summary))
				.map((event) => ({ name: label(event.summary ?? '(no title)', when(event, this.getTimezone())), value: event.id ?? '' }));
			return { results, paginationToken: pageToken(page.nextToken) };
		}, paginationToken);
	});
}
