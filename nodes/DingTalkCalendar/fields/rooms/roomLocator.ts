/** Locators for meeting rooms, which are identified by ID: names are not unique, and DingTalk does not accept them. */
import type { INodeProperties } from 'n8n-workflow';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import { isObject } from '../../../../lib/dingtalk/utils/json';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { readList } from '../../../../lib/n8n/fields/primitives';
import { t } from '../../../../lib/locale/t';

const ADVICE = t`Use a room ID from the output of 'Get Many' of Meeting Room.`;

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

export interface NamedRoom {
	roomId: string;
	/** As far as the user or the list gives it. */
	name?: string;
}

/** A room as its ID, as `name <ID>`, or as the output of this node. */
function readRoom(value: unknown): NamedRoom {
	if (isObject(value)) {
		const name = value.name ?? value.roomName;
		const { roomId } = readRoom(value.id ?? value.roomId ?? '');
		return typeof name === 'string' && name !== '' ? { roomId, name } : { roomId };
	}
	const text = String(value).trim();
	const [, name, id] = /^([^<>]*)<([^<>]+)>$/.exec(text) ?? [];
	if (id === undefined) return { roomId: text };
	return name.trim() === '' ? { roomId: id.trim() } : { roomId: id.trim(), name: name.trim() };
}

export function readNamedRooms(item: Item, limit = Number.POSITIVE_INFINITY): NamedRoom[] {
	const given = readList(item.value('rooms')).map(readRoom);
	const rooms = [...new Map(given.map((room) => [room.roomId, room])).values()].filter(({ roomId }) => roomId !== '');
	if (rooms.length === 0) throw new InputError('Rooms', t`is empty`, ADVICE);
	if (rooms.length > limit) {
		throw new InputError(
			'Rooms',
			t`names ${rooms.length} rooms, but DingTalk allows at most ${LIMITS.roomsPerEvent} per event`,
			t`Remove some of them.`,
		);
	}
	const [only] = rooms;
	const label = rooms.length === 1 ? item.locatorLabel('rooms') : undefined;
	return only.name === undefined && label !== undefined ? [{ ...only, name: label.split(' · ')[0] }] : rooms;
}

export const readRooms = (item: Item, limit?: number): string[] =>
	readNamedRooms(item, limit).map(({ roomId }) => roomId);
