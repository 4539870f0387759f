import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { api, OWN_CALENDAR } from '../../../../lib/dingtalk/endpoints';
import { chosenPerson, inEditor, label, matches } from './editorClient';

interface Answer {
	response?: { calendars?: Array<{ id?: string; summary?: string; type?: string }> };
}

export async function searchCalendars(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	return await inEditor(this, async (client) => {
		const path = { userId: await chosenPerson(this, client) };
		const { response } = await client.request<Answer>(api.listCalendars, { path });
		const results = (response?.calendars ?? [])
			.filter(({ summary }) => matches(filter, summary))
			.map(({ id = '', summary = id, type }) => ({
				name: label(summary, type === OWN_CALENDAR ? 'own calendar' : type),
				// In calls it goes by this name, whatever its ID is.
				value: type === OWN_CALENDAR ? OWN_CALENDAR : id,
			}));
		return { results };
	});
}
