import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import type { Page } from '../../../../lib/dingtalk/client/pagination';
import { chosenPerson, firstHits, inEditor, label, matches, pageToken } from './editorClient';

interface Room {
	roomId?: string;
	roomName?: string;
	roomCapacity?: number;
	roomLocation?: { title?: string };
}

/** DingTalk has no search for rooms: what a page holds is searched here, and the next page follows. */
export async function searchRooms(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await inEditor(this, async (client) => {
		const query = { unionId: await chosenPerson(this, client), maxResults: api.listRooms.pageSize };
		return await firstHits(async (nextToken) => {
			const page = await client.request<Page & { result?: Room[] }>(api.listRooms, { query: { ...query, nextToken } });
			const results = (page.result ?? [])
				.filter(({ roomName, roomLocation }) => matches(filter, roomName, roomLocation?.title))
				.map(({ roomId = '', roomName = roomId, roomCapacity, roomLocation }) => ({
					name: label(roomName, roomCapacity !== undefined && `${roomCapacity} seats`, roomLocation?.title),
					value: roomId,
				}));
			return { results, paginationToken: page.hasMore ? pageToken(page.nextToken) : undefined };
		}, paginationToken);
	});
}
