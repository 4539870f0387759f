/** Locators for meeting rooms. DingTalk accepts IDs only, so names, which need not be unique, are looked up in the list of rooms. */
import type { INodeProperties } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { listRows } from '../../../../lib/dingtalk/client/pagination';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import { isObject } from '../../../../lib/dingtalk/utils/json';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { formatPerson } from '../../../../lib/n8n/fields/people';
import { readList } from '../../../../lib/n8n/fields/primitives';
import { t } from '../../../../lib/locale/t';
import type { Room } from './roomFilters';

/** Error messages list at most this many rooms. */
const MAX_LISTED = 10;

const ADVICE = t`Use a room ID from the output of 'Get Many' of Meeting Room.`;

/** Not `id`: n8n writes its own label over that one. */
const NAME_OR_ID = 'nameOrId';

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

const [listMode, idMode] = roomField.modes ?? [];

export const roomsField: INodeProperties = {
	...roomField,
	displayName: 'Rooms',
	name: 'rooms',
	description:
		'One room from the list, or any number of names or IDs, separated by commas. An expression may return a list.',
	modes: [
		{ ...listMode, hint: "One room. For several, choose 'By Name or ID'." },
		{
			displayName: 'By Name or ID',
			name: NAME_OR_ID,
			type: 'string',
			placeholder: 'e.g. Meeting Room 1, 8f3c0a1b2c3d4e5f',
			hint: `Separate several rooms with commas. Reading the list of rooms costs one call per ${api.listRooms.pageSize} rooms.`,
		},
		{ ...idMode, hint: 'Separate several IDs with commas. IDs cost no call.' },
	],
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

/** The rooms of the organization, read once per run. */
const roomLists = new WeakMap<Item['directory'], Promise<Room[]>>();

async function listRooms({ client, directory }: Item, unionId: string, onList: (all: number) => void): Promise<Room[]> {
	const known = roomLists.get(directory);
	if (known) return await known;
	const query = { unionId, maxResults: api.listRooms.pageSize };
	const list = listRows<Room>(client, api.listRooms, 'result', { query });
	roomLists.set(directory, list);
	const all = await list.catch(async (error: Error) => {
		// The next item may succeed.
		roomLists.delete(directory);
		return await Promise.reject(error);
	});
	onList(all.length);
	return all;
}

/** The room that has this ID; otherwise the one with this name. */
function findRoom(all: readonly Room[], typed: string): NamedRoom {
	const name = typed.toLowerCase();
	const byId = all.filter(({ roomId }) => roomId === typed);
	const found = byId.length > 0 ? byId : all.filter(({ roomName = '' }) => roomName.trim().toLowerCase() === name);
	const [{ roomId = '', roomName } = {}] = found;
	if (found.length === 1) return { roomId, name: roomName };
	const near = all.filter(({ roomName = '' }) => roomName.toLowerCase().includes(name)).slice(0, MAX_LISTED);
	const shown = (rooms: readonly Room[]): string =>
		rooms.map((room) => formatPerson({ displayName: room.roomName, id: room.roomId })).join(', ');
	if (found.length > 1) {
		throw new InputError(
			'Rooms',
			t`cannot be used: several rooms have the name '${typed}': ${shown(found.slice(0, MAX_LISTED))}`,
			t`Enter the ID of one of them.`,
		);
	}
	throw new InputError(
		'Rooms',
		t`cannot be used: no room has the name or ID '${typed}'`,
		near.length > 0 ? t`Similar: ${shown(near)}.` : ADVICE,
	);
}

/** Validates the list now; looks up names when the returned function runs. `onList` is called if that has read the list of rooms. */
export function readNamedRooms(
	item: Item,
	limit = Number.POSITIVE_INFINITY,
): (unionId: string, onList?: (all: number) => void) => Promise<NamedRoom[]> {
	const given = readList(item.value('rooms')).map(readRoom);
	const rooms = unique(given);
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
	if (only.name === undefined && label !== undefined) {
		return async () => await Promise.resolve([{ ...only, name: label.split(' · ')[0] }]);
	}
	// Of `name <ID>`, and of the output of this node, the ID is known.
	const mayBeName = item.locatorMode('rooms') === NAME_OR_ID && rooms.some(({ name }) => name === undefined);
	if (!mayBeName) return async () => await Promise.resolve(rooms);
	return async (unionId, onList = () => undefined) => {
		const all = await listRooms(item, unionId, onList);
		return unique(rooms.map((room) => (room.name === undefined ? findRoom(all, room.roomId) : room)));
	};
}

const unique = (given: readonly NamedRoom[]): NamedRoom[] =>
	[...new Map(given.map((room) => [room.roomId, room])).values()].filter(({ roomId }) => roomId !== '');

export const readRooms = (item: Item, limit?: number): ((unionId: string) => Promise<string[]>) => {
	const resolve = readNamedRooms(item, limit);
	return async (unionId) => (await resolve(unionId)).map(({ roomId }) => roomId);
};
