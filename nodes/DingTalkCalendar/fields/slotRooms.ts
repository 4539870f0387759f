/** Which meeting rooms a meeting may have: none, rooms by name, or whatever fits. */
import type { INodeProperties } from 'n8n-workflow';
import { api } from '../../dingtalk/api';
import { listRows } from '../../dingtalk/pages';
import type { Item } from '../runner/item';
import { readRoomFilter, roomFilterFields, type Room } from './roomFilter';
import { readRooms, roomsField } from './rooms';
import { readChoice, readWholeNumber } from './text';

const CHOICES = ['none', 'oneOf', 'allOf', 'features'] as const;
const USUAL_MOST = 20;

export const slotRoomProperties: INodeProperties[] = [
	{
		displayName: 'Meeting Room',
		name: 'roomChoice',
		type: 'options',
		noDataExpression: true,
		default: 'none',
		options: [
			{ name: 'All of These Rooms', value: 'allOf', description: 'Only times at which every one of them is free' },
			{ name: 'Any Room That Fits', value: 'features', description: 'Rooms with enough seats and the equipment you name' },
			{ name: 'None', value: 'none', description: 'Online, or the place does not matter' },
			{ name: 'One of These Rooms', value: 'oneOf', description: 'Times at which at least one of them is free, the first of them if possible' },
		],
	},
	{ ...roomsField, displayOptions: { show: { roomChoice: ['oneOf', 'allOf'] } } },
	{
		displayName: 'Room Must Have',
		name: 'roomFilters',
		type: 'collection',
		placeholder: 'Add Condition',
		default: {},
		displayOptions: { show: { roomChoice: ['features'] } },
		options: [
			...roomFilterFields.map((field) => {
				if (field.name === 'minCapacity') return { ...field, description: 'Only rooms with this many seats or more. As many as people are asked when this is not added.' };
				if (field.name === 'bookableBy') return { ...field, default: ['everybody'], description: 'Only rooms that these may book; everybody when this is not added' };
				return field;
			}),
			{
				displayName: 'Most Rooms to Check',
				name: 'mostRooms',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: USUAL_MOST,
				description: `How many rooms to look at, the smallest that fit first; ${api.getRoomSchedule.batch} of them cost one call. ${USUAL_MOST} when this is not added.`,
			} satisfies INodeProperties,
		].sort((a, b) => a.displayName.localeCompare(b.displayName)),
	},
];

export interface RoomChoice {
	needed: 'none' | 'one' | 'all';
	/** The best first. */
	find(unionId: string, people: number): Promise<Room[]>;
}

const seatsOf = ({ roomCapacity = 0 }: Room): number => roomCapacity;

/** Reads the choice now; where rooms are chosen by what they have, lists them when asked. */
export function readRoomChoice(item: Item): RoomChoice {
	const choice = readChoice(item.value('roomChoice') ?? 'none', 'Meeting Room', CHOICES);
	if (choice === 'none') return { needed: 'none', find: async () => await Promise.resolve([]) };
	if (choice !== 'features') {
		const rooms = readRooms(item).map((roomId) => ({ roomId }));
		return { needed: choice === 'oneOf' ? 'one' : 'all', find: async () => await Promise.resolve(rooms) };
	}
	const { mostRooms = USUAL_MOST, ...filters } = item.group('roomFilters');
	const most = readWholeNumber(mostRooms, 'Most Rooms to Check', { from: 1, to: 10_000 });
	const fits = readRoomFilter({ bookableBy: ['everybody'], ...filters });
	return {
		needed: 'one',
		async find(unionId, people) {
			const seats = filters.minCapacity === undefined ? people : 0;
			const query = { unionId, maxResults: api.listRooms.pageSize };
			const fitting = (await listRows<Room>(item.client, api.listRooms, 'result', { query }, { fits }))
				.filter((room) => seatsOf(room) >= seats)
				.sort((a, b) => seatsOf(a) - seatsOf(b));
			if (fitting.length > most) {
				item.notice(`${fitting.length} rooms fit, only the ${most} smallest of them were looked at. Raise 'Most Rooms to Check' to see the others; ${api.getRoomSchedule.batch} rooms cost one call.`);
			}
			return fitting.slice(0, most);
		},
	};
}
