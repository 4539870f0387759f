import type { IDataObject } from 'n8n-workflow';
import { api } from '../../../dingtalk/api';
import { listRows } from '../../../dingtalk/pages';
import { limitProperties, readLimit } from '../../fields/limit';
import { PEOPLE_LOOK_UPS, person } from '../../fields/people';
import { readChoice, readList, readText, readWholeNumber } from '../../fields/text';
import type { Values } from '../../runner/item';
import type { Operation } from '../../runner/operation';

const asker = person('Ask as Person', 'In whose name to look; must belong to the organization');

const EQUIPMENT = { tv: 1, phone: 2, projector: 3, whiteboard: 4, video: 5 } as const;
type Equipment = keyof typeof EQUIPMENT;

const BOOKABLE_BY = { everybody: 0, administrators: 1, someMembers: 2 } as const;
type BookableBy = keyof typeof BOOKABLE_BY;

const keysOf = <K extends string>(words: Record<K, number>): K[] => Object.keys(words) as K[];
const wordFor = <K extends string>(words: Record<K, number>, code: number | undefined): K | null =>
	keysOf(words).find((word) => words[word] === code) ?? null;

interface Room {
	roomId?: string;
	roomName?: string;
	roomCapacity?: number;
	roomStatus?: number;
	roomLocation?: { title?: string; desc?: string };
	roomLabels?: Array<{ labelId?: number; labelName?: string }>;
	roomGroup?: { groupId?: number; groupName?: string };
}

const simplified = (room: Room): IDataObject => ({
	id: room.roomId ?? null,
	name: room.roomName ?? null,
	capacity: room.roomCapacity ?? null,
	place: [room.roomLocation?.title, room.roomLocation?.desc].filter(Boolean).join(', ') || null,
	equipment: (room.roomLabels ?? []).map(({ labelName }) => labelName ?? '').join(', '),
	group: room.roomGroup?.groupName ?? null,
	bookableBy: wordFor(BOOKABLE_BY, room.roomStatus),
});

/** DingTalk has no search for rooms. */
function readFilter(filters: Values): (room: Room) => boolean {
	const name = filters.name === undefined ? '' : readText(filters.name, 'Name Contains').trim().toLowerCase();
	const group = filters.group === undefined ? '' : readText(filters.group, 'Group').trim().toLowerCase();
	const seats =
		filters.minCapacity === undefined || filters.minCapacity === ''
			? 0
			: readWholeNumber(filters.minCapacity, 'Seats at Least', { from: 0, to: 100_000 });
	const equipment = readList(filters.equipment).map((one) => EQUIPMENT[readChoice<Equipment>(one, 'Equipment', keysOf(EQUIPMENT))]);
	const bookable = readList(filters.bookableBy).map((one) => BOOKABLE_BY[readChoice<BookableBy>(one, 'Bookable By', keysOf(BOOKABLE_BY))]);
	return ({ roomName = '', roomCapacity = 0, roomStatus, roomLabels = [], roomGroup }) =>
		roomName.toLowerCase().includes(name) &&
		(group === '' || (roomGroup?.groupName ?? '').toLowerCase().includes(group) || String(roomGroup?.groupId) === group) &&
		roomCapacity >= seats &&
		equipment.every((wanted) => roomLabels.some(({ labelId }) => labelId === wanted)) &&
		(bookable.length === 0 || bookable.some((status) => status === roomStatus));
}

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many meeting rooms',
	description: 'List meeting rooms with seats, place and equipment',
	calls: [api.listRooms, ...PEOPLE_LOOK_UPS],
	properties: [
		asker.property,
		...limitProperties,
		{
			displayName: 'Output',
			name: 'output',
			type: 'options',
			noDataExpression: true,
			default: 'simplified',
			options: [
				{ name: 'Raw', value: 'raw', description: 'Everything, the way DingTalk sends it' },
				{ name: 'Simplified', value: 'simplified', description: 'Name, seats, place, equipment, group and who may book' },
			],
		},
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			options: [
				{
					displayName: 'Bookable By',
					name: 'bookableBy',
					type: 'multiOptions',
					default: [],
					description: 'Only rooms that these may book. n8n filters.',
					options: [
						{ name: 'Administrators', value: 'administrators' },
						{ name: 'Everybody', value: 'everybody' },
						{ name: 'Some Members', value: 'someMembers' },
					],
				},
				{
					displayName: 'Equipment',
					name: 'equipment',
					type: 'multiOptions',
					default: [],
					description: 'Only rooms that have all of this. n8n filters.',
					options: [
						{ name: 'Phone', value: 'phone' },
						{ name: 'Projector', value: 'projector' },
						{ name: 'TV', value: 'tv' },
						{ name: 'Video Conference', value: 'video' },
						{ name: 'Whiteboard', value: 'whiteboard' },
					],
				},
				{
					displayName: 'Group',
					name: 'group',
					type: 'string',
					default: '',
					description: 'Only rooms of groups with this text in their name, or with this group ID. n8n filters.',
				},
				{
					displayName: 'Name Contains',
					name: 'name',
					type: 'string',
					default: '',
					description: 'Only rooms with this text in their name. n8n filters.',
				},
				{
					displayName: 'Seats at Least',
					name: 'minCapacity',
					type: 'number',
					default: 2,
					description: 'Only rooms with this many seats or more. n8n filters.',
				},
			],
		},
	],
	prepare(item) {
		const who = asker.read(item);
		const limit = readLimit(item);
		const fits = readFilter(item.group('filters'));
		const raw = readChoice(item.value('output') ?? 'simplified', 'Output', ['simplified', 'raw'] as const) === 'raw';

		return async () => {
			const query = { unionId: await who.unionId(), maxResults: api.listRooms.pageSize };
			const rooms = await listRows<Room>(item.client, api.listRooms, 'result', { query }, { limit, fits });
			return rooms.map((room) => (raw ? { ...room } : simplified(room)));
		};
	},
};
