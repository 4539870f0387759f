/** The list of calendars in the calendar locator. */
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { api, OWN_CALENDAR } from '../../../../lib/dingtalk/endpoints';
import { readSelectedPerson, withEditorClient, joinLabel, matchesFilter, withValue } from './editorClient';
import { t } from '../../../../lib/locale/t';

interface Answer {
	response?: { calendars?: Array<{ id?: string; summary?: string; type?: string }> };
}

/** What a calendar is to the person; nothing for a kind that DingTalk does not document. */
const KINDS = new Map([
	[OWN_CALENDAR, t`own calendar`],
	['shared', t`shared`],
	['subscribed', t`subscribed`],
]);

export async function searchCalendars(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	return await withEditorClient(this, async (client) => {
		const path = { userId: await readSelectedPerson(this, client) };
		const { response } = await client.request<Answer>(api.listCalendars, { path });
		const calendars = (response?.calendars ?? []).filter(({ summary }) => matchesFilter(filter, summary));
		const results = withValue(
			calendars.map(({ id, summary, type }) => ({
				name: joinLabel(summary || id, KINDS.get(type ?? '')),
				// Requests use this name instead of its ID.
				value: type === OWN_CALENDAR ? OWN_CALENDAR : id,
			})),
		);
		return { results };
	});
}
