/** Which room a meeting gets: the first free one of a list, the smallest that fits, or none. */
import type { INodeProperties } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import type { Room as Wanted, Step } from '../../../../lib/dingtalk/rooms/bookingOutcome';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { InputError } from '../../../../lib/n8n/InputError';
import { readMatchingRooms } from './matchingRooms';
import { roomFilterFields } from './roomFilters';
import { readRooms, roomsField } from './roomLocator';
import { readChoice } from '../../../../lib/n8n/fields/primitives';

/** More than this many rooms that fit are hardly all taken, and looking at five of them costs a call. */
const MAX_CANDIDATES = 20;

export const bookingRoomProperties: INodeProperties[] = [
	{
		displayName: 'Room',
		name: 'roomChoice',
		type: 'options',
		noDataExpression: true,
		default: 'any',
		options: [
			{
				name: 'Any That Fits',
				value: 'any',
				description: 'The smallest free room that has the seats and what you ask for',
			},
			{ name: 'First Free of These', value: 'list', description: 'In the order you give them' },
			{ name: 'None', value: 'none', description: 'Only the event and its people' },
		],
	},
	{ ...roomsField, displayOptions: { show: { roomChoice: ['list'] } } },
	{
		displayName: 'Room Must Have',
		name: 'roomFilters',
		type: 'collection',
		placeholder: 'Add Condition',
		default: {},
		description: 'Without a number of seats, one for everybody who is invited and the organizer',
		displayOptions: { show: { roomChoice: ['any'] } },
		options: roomFilterFields,
	},
];

type CandidateRooms = (client: Item['client'], unionId: string, headcount: number, steps: Step[]) => Promise<Wanted[]>;

/** Undefined where no room is wanted. */
export function readBookingRooms(item: Item): CandidateRooms | undefined {
	const choice = readChoice(item.value('roomChoice') ?? 'any', 'Room', ['any', 'list', 'none'] as const);
	if (choice === 'none') return undefined;
	if (choice === 'list') {
		const rooms = readRooms(item);
		return async () => rooms.map((roomId) => ({ roomId }));
	}
	const listFitting = readMatchingRooms(item.collection('roomFilters'));
	return async (client, unionId, headcount, steps) => {
		const { all, fitting } = await listFitting(client, unionId, headcount);
		const meteredCalls = Math.max(1, Math.ceil(all / api.listRooms.pageSize));
		steps.push({ step: 'list rooms', subject: `${all} rooms`, outcome: `${fitting.length} fit`, meteredCalls });
		if (fitting.length === 0) {
			throw new InputError(
				'Room Must Have',
				'fits none of the rooms of your organization',
				"Ask for less; 'Get Many' of Meeting Room shows what there is.",
			);
		}
		return fitting.slice(0, MAX_CANDIDATES).map(({ roomId, roomName }) => ({ roomId, name: roomName }));
	};
}
