/** Filters for meeting rooms. DingTalk cannot search rooms, so its list is filtered in n8n. */
import type { INodeProperties } from 'n8n-workflow';
import type { Values } from '../../../../lib/n8n/ItemContext';
import { readChoice, readList, readText, readWholeNumber } from '../../../../lib/n8n/fields/primitives';

const EQUIPMENT = { tv: 1, phone: 2, projector: 3, whiteboard: 4, video: 5 } as const;
type Equipment = keyof typeof EQUIPMENT;

const BOOKABLE_BY = { everybody: 0, administrators: 1, someMembers: 2 } as const;
type BookableBy = keyof typeof BOOKABLE_BY;

const keysOf = <K extends string>(words: Record<K, number>): K[] => Object.keys(words) as K[];
const wordFor = <K extends string>(words: Record<K, number>, code: number | undefined): K | null =>
	keysOf(words).find((word) => words[word] === code) ?? null;

export interface Room {
	roomId?: string;
	roomName?: string;
	roomCapacity?: number;
	roomStatus?: number;
	roomLocation?: { title?: string; desc?: string };
	roomLabels?: Array<{ labelId?: number; labelName?: string }>;
	roomGroup?: { groupId?: number; groupName?: string };
}

export const bookableBy = ({ roomStatus }: Room): BookableBy | null => wordFor(BOOKABLE_BY, roomStatus);

export const roomFilterFields: INodeProperties[] = [
	{
		displayName: 'Bookable By',
		name: 'bookableBy',
		type: 'multiOptions',
		default: [],
		description: 'Only rooms that these people may book. Filtered in n8n.',
		options: [
			{ name: 'Administrators', value: 'administrators' },
			{ name: 'All Members', value: 'everybody' },
			{ name: 'Some Members', value: 'someMembers' },
		],
	},
	{
		displayName: 'Equipment',
		name: 'equipment',
		type: 'multiOptions',
		default: [],
		description: 'Only rooms with all of this equipment. Filtered in n8n.',
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
		description: 'Only rooms of groups with this text in their name or with this ID. Filtered in n8n.',
	},
	{
		displayName: 'Name Contains',
		name: 'name',
		type: 'string',
		default: '',
		description: 'Only rooms with this text in their name. Filtered in n8n.',
	},
	{
		displayName: 'Minimum Seats',
		name: 'minCapacity',
		type: 'number',
		default: 0,
		description: 'Only rooms with at least this many seats. Filtered in n8n.',
	},
];

/** Conditions for the room of a meeting, which otherwise needs a seat for each attendee. */
export const roomConditionFields: INodeProperties[] = roomFilterFields.map((field) =>
	field.name === 'minCapacity'
		? {
				...field,
				// Text, so that it can be empty; workflows of earlier versions have a number.
				type: 'string',
				default: '',
				placeholder: 'e.g. 12',
				description: 'Leave empty for a seat per person. A number here counts instead, however many people come.',
			}
		: field,
);

export function readRoomFilter(filters: Values): (room: Room) => boolean {
	const name = filters.name === undefined ? '' : readText(filters.name, 'Name Contains').trim().toLowerCase();
	const group = filters.group === undefined ? '' : readText(filters.group, 'Group').trim().toLowerCase();
	const seats =
		filters.minCapacity === undefined || filters.minCapacity === ''
			? 0
			: readWholeNumber(filters.minCapacity, 'Minimum Seats', { from: 0, to: 100_000 });
	const equipment = readList(filters.equipment).map(
		(one) => EQUIPMENT[readChoice<Equipment>(one, 'Equipment', keysOf(EQUIPMENT))],
	);
	const bookable = readList(filters.bookableBy).map(
		(one) => BOOKABLE_BY[readChoice<BookableBy>(one, 'Bookable By', keysOf(BOOKABLE_BY))],
	);
	return ({ roomName = '', roomCapacity = 0, roomStatus, roomLabels = [], roomGroup }) =>
		roomName.toLowerCase().includes(name) &&
		(group === '' ||
			(roomGroup?.groupName ?? '').toLowerCase().includes(group) ||
			String(roomGroup?.groupId) === group) &&
		roomCapacity >= seats &&
		equipment.every((code) => roomLabels.some(({ labelId }) => labelId === code)) &&
		(bookable.length === 0 || bookable.some((status) => status === roomStatus));
}
