/** The room that Book a Meeting books: the first free one of a list, the smallest matching one, or none. */
import type { INodeProperties } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import type { RoomCandidate as CandidateRoom, BookingStep } from '../../../../lib/dingtalk/rooms/bookingOutcome';
import { formatCount } from '../../../../lib/dingtalk/utils/text';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { InputError } from '../../../../lib/n8n/InputError';
import { readMatchingRooms } from './matchingRooms';
import { roomConditionFields } from './roomFilters';
import { readNamedRooms, roomsField } from './roomLocator';
import { readChoice } from '../../../../lib/n8n/fields/primitives';
import { t } from '../../../../lib/locale/t';

/** Checking rooms costs calls, and it is unlikely that more matching rooms than this are all taken. */
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
				name: 'Any Matching Room',
				value: 'any',
				description: 'The smallest free room with enough seats that meets the conditions',
			},
			{ name: 'First Free of These', value: 'list', description: 'Tried in the given order' },
			{ name: 'None', value: 'none', description: 'Creates the event without a room' },
		],
	},
	{ ...roomsField, displayOptions: { show: { roomChoice: ['list'] } } },
	{
		displayName: 'Room Conditions',
		name: 'roomFilters',
		type: 'collection',
		placeholder: 'Add Condition',
		default: {},
		description: "The room must have a seat for each attendee and the organizer, unless you add 'Minimum Seats'",
		displayOptions: { show: { roomChoice: ['any'] } },
		options: roomConditionFields,
	},
];

type CandidateRooms = (
	client: Item['client'],
	unionId: string,
	headcount: number,
	steps: BookingStep[],
) => Promise<CandidateRoom[]>;

/** Undefined if the meeting needs no room. */
export function readBookingRooms(item: Item): CandidateRooms | undefined {
	const choice = readChoice(item.value('roomChoice') ?? 'any', 'Room', ['any', 'list', 'none'] as const);
	if (choice === 'none') return undefined;
	if (choice === 'list') {
		const rooms = readNamedRooms(item);
		return async () => rooms;
	}
	const listMatching = readMatchingRooms(item.collection('roomFilters'));
	return async (client, unionId, headcount, steps) => {
		const { all, matching } = await listMatching(client, unionId, headcount);
		const meteredCalls = Math.max(1, Math.ceil(all / api.listRooms.pageSize));
		steps.push({
			step: 'list rooms',
			subject: formatCount(all, 'room'),
			outcome: formatCount(matching.length, 'matches', 'match'),
			meteredCalls,
		});
		if (matching.length === 0) {
			throw new InputError(
				'Room Conditions',
				t`match no room of your organization`,
				t`Relax the conditions. The 'Get Many' operation of Meeting Room lists all rooms.`,
			);
		}
		return matching.slice(0, MAX_CANDIDATES).map(({ roomId, roomName }) => ({ roomId, name: roomName }));
	};
}
