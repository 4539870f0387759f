/** The list of meeting rooms in the room locator. */
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import type { Page } from '../../../../lib/dingtalk/client/pagination';
import { formatCount } from '../../../../lib/dingtalk/utils/text';
import {
	readSelectedPerson,
	readUntilResults,
	withEditorClient,
	joinLabel,
	matchesFilter,
	toPageToken,
	withValue,
} from './editorClient';

interface Room {
	roomId?: string;
	roomName?: string;
	roomCapacity?: number;
	roomLocation?: { title?: string };
}

/** DingTalk cannot search rooms, so each page of its list is filtered here. */
export async function searchRooms(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await withEditorClient(this, async (client) => {
		const query = { unionId: await readSelectedPerson(this, client), maxResults: api.listRooms.pageSize };
		return await readUntilResults(async (nextToken) => {
			const page = await client.request<Page & { result?: Room[] }>(api.listRooms, { query: { ...query, nextToken } });
			const rooms = (page.result ?? []).filter(({ roomName, roomLocation }) =>
				matchesFilter(filter, roomName, roomLocation?.title),
			);
			const results = withValue(
				rooms.map(({ roomId, roomName, roomCapacity, roomLocation }) => ({
					name: joinLabel(
						roomName || roomId,
						roomCapacity !== undefined && formatCount(roomCapacity, 'seat'),
						roomLocation?.title,
					),
					value: roomId,
				})),
			);
			return { results, paginationToken: page.hasMore ? toPageToken(page.nextToken) : undefined };
		}, paginationToken);
	});
}
