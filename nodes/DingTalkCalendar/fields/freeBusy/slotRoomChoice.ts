/** Which meeting rooms a meeting may have: none, rooms by name, or whatever fits. */
import type { INodeProperties } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { readMatchingRooms } from '../rooms/matchingRooms';
import { roomFilterFields, type Room } from '../rooms/roomFilters';
import { readRooms, roomsField } from '../rooms/roomLocator';
import { readChoice, readWholeNumber } from '../../../../lib/n8n/fields/primitives';

const CHOICES = ['all', 'any', 'list', 'none'] as const;
const DEFAULT_MAX_ROOMS = 20;

export const slotRoomProperties: INodeProperties[] = [
	{
		displayName: 'Room',
		name: 'roomChoice',
		type: 'options',
		noDataExpression: true,
		default: 'none',
		options: [
			{ name: 'All of These', value: 'all', description: 'Only times at which every one of them is free' },
			{
				name: 'Any That Fits',
				value: 'any',
				description: 'Times at which a room is free that has the seats and what you ask for',
			},
			{ name: 'None', value: 'none', description: 'Online, or the place does not matter' },
			{
				name: 'One of These',
				value: 'list',
				description: 'Times at which at least one of them is free; the first that is comes first',
			},
		],
	},
	{ ...roomsField, displayOptions: { show: { roomChoice: ['all', 'list'] } } },
	{
		displayName: 'Room Must Have',
		name: 'roomFilters',
		type: 'collection',
		placeholder: 'Add Condition',
		default: {},
		description: 'Without a number of seats, one for everybody who is asked',
		displayOptions: { show: { roomChoice: ['any'] } },
		options: [
			...roomFilterFields,
			{
				displayName: 'Most Rooms to Check',
				name: 'mostRooms',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: DEFAULT_MAX_ROOMS,
				description: `How many rooms to look at, the smallest that fit first; ${api.getRoomSchedule.maxBatch} of them cost one call. ${DEFAULT_MAX_ROOMS} when this is not added.`,
			} satisfies INodeProperties,
		].sort((a, b) => a.displayName.localeCompare(b.displayName)),
	},
];

export interface SlotRooms {
	needed: 'none' | 'one' | 'all';
	/** The best first. */
	find(unionId: string, people: number): Promise<Array<Room & { roomId: string }>>;
}

/** Reads the choice now; where rooms are chosen by what they have, lists them when asked. */
export function readSlotRooms(item: Item): SlotRooms {
	const choice = readChoice(item.value('roomChoice') ?? 'none', 'Room', CHOICES);
	if (choice === 'none') return { needed: 'none', find: async () => await Promise.resolve([]) };
	if (choice !== 'any') {
		const rooms = readRooms(item).map((roomId) => ({ roomId }));
		return { needed: choice === 'list' ? 'one' : 'all', find: async () => await Promise.resolve(rooms) };
	}
	const { mostRooms = DEFAULT_MAX_ROOMS, ...filters } = item.collection('roomFilters');
	const most = readWholeNumber(mostRooms, 'Most Rooms to Check', { from: 1, to: 10_000 });
	const listFitting = readMatchingRooms(filters);
	return {
		needed: 'one',
		async find(unionId, people) {
			const { fitting } = await listFitting(item.client, unionId, people);
			if (fitting.length > most) {
				item.addHint(
					`${fitting.length} rooms fit, only ${most} of them were looked at, the smallest. Raise 'Most Rooms to Check' to see the others; ${api.getRoomSchedule.maxBatch} rooms cost one call.`,
				);
			}
			return fitting.slice(0, most);
		},
	};
}
