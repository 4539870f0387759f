/** Lists the meeting rooms of the organization, by name, capacity and labels. */
import type { IDataObject } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { listRows } from '../../../../lib/dingtalk/client/pagination';
import { limitProperties, readLimit } from '../../fields/common/limit';
import { PERSON_LOOKUPS, personField } from '../../../../lib/n8n/fields/people';
import { bookableBy, readRoomFilter, roomFilterFields, type Room } from '../../fields/rooms/roomFilters';
import { readChoice } from '../../../../lib/n8n/fields/primitives';
import type { Operation } from '../../../../lib/n8n/Operation';

const requesterField = personField('Request As', 'The person who makes the request; must belong to the organization');

const simplifyRoom = (room: Room): IDataObject => ({
	id: room.roomId ?? null,
	name: room.roomName ?? null,
	capacity: room.roomCapacity ?? null,
	place: [room.roomLocation?.title, room.roomLocation?.desc].filter(Boolean).join(', ') || null,
	equipment: (room.roomLabels ?? []).map(({ labelName }) => labelName ?? '').join(', '),
	group: room.roomGroup?.groupName ?? null,
	bookableBy: bookableBy(room),
});

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many meeting rooms',
	description: 'Lists meeting rooms with their seats, location and equipment',
	calls: [api.listRooms, ...PERSON_LOOKUPS],
	properties: [
		requesterField.property,
		...limitProperties,
		{
			displayName: 'Output',
			name: 'output',
			type: 'options',
			noDataExpression: true,
			default: 'simplified',
			options: [
				{ name: 'Raw', value: 'raw', description: 'All data, as returned by DingTalk' },
				{
					name: 'Simplified',
					value: 'simplified',
					description: 'Name, seats, location, equipment, group and who can book',
				},
			],
		},
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			options: roomFilterFields,
		},
	],
	prepare(item) {
		const requester = requesterField.read(item);
		const limit = readLimit(item);
		const matches = readRoomFilter(item.collection('filters'));
		const raw = readChoice(item.value('output') ?? 'simplified', 'Output', ['simplified', 'raw'] as const) === 'raw';

		return async () => {
			const query = { unionId: await requester.unionId(), maxResults: api.listRooms.pageSize };
			const rooms = await listRows<Room>(item.client, api.listRooms, 'result', { query }, { limit, matches });
			return rooms.map((room) => (raw ? { ...room } : simplifyRoom(room)));
		};
	},
};
