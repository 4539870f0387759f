import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { api } from '../../dingtalk/api';
import { chosenPerson, inEditor, label, matches } from './editorClient';

interface Answer {
	response?: { calendars?: Array<{ id?: string; summary?: string; type?: string }> };
}

/** A person's own calendar goes by the name that DingTalk wants in calls. */
const OWN = 'primary';

export async function searchCalendars(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	return await inEditor(this, async (client) => {
		const path = { userId: await chosenPerson(this, client) };
		const { response } = await client.request<Answer>(api.listCalendars, { path });
		const results = (response?.calendars ?? [])
			.filter(({ summary }) => matches(filter, summary))
			.map(({ id = '', summary = id, type }) => ({
				name: label(summary, type === OWN ? 'own calendar' : type),
				value: type === OWN ? OWN : id,
			}));
		return { results };
	});
}
