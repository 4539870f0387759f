/** Locators for meeting rooms, which are identified by ID: names are not unique, and DingTalk does not accept them. */
import type { INodeProperties } from 'n8n-workflow';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import { isObject } from '../../../../lib/dingtalk/utils/isObject';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { readList } from '../../../../lib/n8n/fields/primitives';

const ADVICE = "Use a room ID from the output of 'Get Many' of Meeting Room.";

export const roomField: INodeProperties = {
	displayName: 'Room',
	name: 'roomId',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Choose a room',
			typeOptions: { searchListMethod: 'searchRooms', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 8f3c0a1b2c3d4e5f',
			hint: "From 'Get Many' of Meeting Room",
		},
	],
};

export const roomsField: INodeProperties = {
	...roomField,
	displayName: 'Rooms',
	name: 'rooms',
	description: 'One room from the list, or any number of IDs, separated by commas. An expression may return a list.',
};

const readRoomId = (value: unknown): string => {
	if (isObject(value)) return readRoomId(value.id ?? value.roomId ?? '');
	const text = String(value).trim();
	return /<([^<>]+)>$/.exec(text)?.[1].trim() ?? text;
};

export function readRooms(item: Item, limit = Number.POSITIVE_INFINITY): string[] {
	const rooms = [...new Set(readList(item.value('rooms')).map(readRoomId))].filter((room) => room !== '');
	if (rooms.length === 0) throw new InputError('Rooms', 'is empty', ADVICE);
	if (rooms.length > limit) {
		throw new InputError(
			'Rooms',
			`names ${rooms.length} rooms, but DingTalk allows at most ${LIMITS.roomsPerEvent} per event`,
			'Remove some of them.',
		);
	}
	return rooms;
}
