/** The rooms that Find Common Free Time looks for: none, certain rooms, or any that match conditions. */
import type { INodeProperties } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { readMatchingRooms } from '../rooms/matchingRooms';
import { roomConditionFields, type Room } from '../rooms/roomFilters';
import { readNamedRooms, roomsField } from '../rooms/roomLocator';
import { readChoice, readWholeNumber } from '../../../../lib/n8n/fields/primitives';
import { t } from '../../../../lib/locale/t';

const CHOICES = ['all', 'any', 'list', 'none'] as const;
const DEFAULT_MAX_ROOMS = 20;

/** The list is in alphabetical order; the limit of the search comes between. */
const [bookableBy, equipment, group, name, seats] = roomConditionFields;

export const slotRoomProperties: INodeProperties[] = [
	{
		displayName: 'Room',
		name: 'roomChoice',
		type: 'options',
		noDataExpression: true,
		default: 'none',
		options: [
			{
				name: 'All of These',
				value: 'all',
				description: 'Times at which all of these rooms are free',
				// As workflows of earlier versions have it.
				displayOptions: { show: { roomChoice: ['all'] } },
			},
			{
				name: 'Any Matching Room',
				value: 'any',
				description: 'Times at which a room with enough seats that meets the conditions is free',
			},
			{ name: 'None', value: 'none', description: 'The meeting needs no room' },
			{ name: 'Rooms I Choose', value: 'list', description: 'One or all of the rooms in a list' },
		],
	},
	{ ...roomsField, displayOptions: { show: { roomChoice: ['all', 'list'] } } },
	{
		displayName: 'Rooms Needed',
		name: 'roomsNeeded',
		type: 'options',
		noDataExpression: true,
		default: 'one',
		displayOptions: { show: { roomChoice: ['list'] } },
		options: [
			{ name: 'All of These', value: 'all', description: 'Times at which all of these rooms are free' },
			{
				name: 'One of These',
				value: 'one',
				description: 'Times at which at least one of these rooms is free, in order of preference',
			},
		],
	},
	{
		displayName: 'Room Conditions',
		name: 'roomFilters',
		type: 'collection',
		placeholder: 'Add Condition',
		default: {},
		description: "The room must have a seat for each person, unless you enter 'Minimum Seats'",
		displayOptions: { show: { roomChoice: ['any'] } },
		options: [
			bookableBy,
			equipment,
			group,
			{
				displayName: 'Max Rooms to Check',
				name: 'mostRooms',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: DEFAULT_MAX_ROOMS,
				description: `How many matching rooms to check at most, smallest first. Each ${api.getRoomSchedule.maxBatch} rooms cost one call.`,
			},
			seats,
			name,
		],
	},
];

export interface SlotRooms {
	needed: 'none' | 'one' | 'all';
	/** The best match first. */
	find(unionId: string, people: number): Promise<Array<Room & { roomId: string }>>;
}

/** Reads the choice now; lists the rooms that match conditions when `find` is called. */
export function readSlotRooms(item: Item): SlotRooms {
	const choice = readChoice(item.value('roomChoice') ?? 'none', 'Room', CHOICES);
	if (choice === 'none') return { needed: 'none', find: async () => await Promise.resolve([]) };
	if (choice !== 'any') {
		const resolveRooms = readNamedRooms(item);
		const needed = readChoice(item.value('roomsNeeded') ?? 'one', 'Rooms Needed', ['one', 'all'] as const);
		return {
			needed: choice === 'all' ? 'all' : needed,
			find: async (unionId) => (await resolveRooms(unionId)).map(({ roomId, name }) => ({ roomId, roomName: name })),
		};
	}
	const { mostRooms = DEFAULT_MAX_ROOMS, ...filters } = item.collection('roomFilters');
	const maxRooms = readWholeNumber(mostRooms, 'Max Rooms to Check', { from: 1, to: 10_000 });
	const listMatching = readMatchingRooms(filters);
	return {
		needed: 'one',
		async find(unionId, people) {
			const { matching } = await listMatching(item.client, unionId, people);
			if (matching.length > maxRooms) {
				item.addHint(
					t`${matching.length} rooms match; only the ${maxRooms === 1 ? t`smallest was` : t`${maxRooms} smallest were`} checked. Raise 'Max Rooms to Check' to check more; each ${api.getRoomSchedule.maxBatch} rooms cost one call.`,
				);
			}
			return matching.slice(0, maxRooms);
		},
	};
}
