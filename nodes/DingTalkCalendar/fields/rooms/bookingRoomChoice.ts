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
			{ name: 'None', value: 'none', description: 'Creates the event without a room' },
			{ name: 'Rooms I Choose', value: 'list', description: 'The first free room of a list, tried in the given order' },
		],
	},
	{ ...roomsField, displayOptions: { show: { roomChoice: ['list'] } } },
	{
		displayName: 'Room Conditions',
		name: 'roomFilters',
		type: 'collection',
		placeholder: 'Add Condition',
		default: {},
		description: "The room must have a seat for each person, the organizer included, unless you enter 'Minimum Seats'",
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

const listStep = (all: number, outcome: string): BookingStep => ({
	step: 'list rooms',
	subject: formatCount(all, 'room'),
	outcome,
	meteredCalls: Math.max(1, Math.ceil(all / api.listRooms.pageSize)),
});

/** Undefined if the meeting needs no room. */
export function readBookingRooms(item: Item): CandidateRooms | undefined {
	const choice = readChoice(item.value('roomChoice') ?? 'any', 'Room', ['any', 'list', 'none'] as const);
	if (choice === 'none') return undefined;
	if (choice === 'list') {
		const resolveRooms = readNamedRooms(item);
		return async (_client, unionId, _headcount, steps) =>
			await resolveRooms(unionId, (all) => steps.push(listStep(all, t`names looked up`)));
	}
	const listMatching = readMatchingRooms(item.collection('roomFilters'));
	return async (client, unionId, headcount, steps) => {
		const { all, matching } = await listMatching(client, unionId, headcount);
		steps.push(listStep(all, formatCount(matching.length, 'matches', 'match')));
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
