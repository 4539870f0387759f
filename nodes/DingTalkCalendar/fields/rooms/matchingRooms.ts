/** Lists the rooms of the organization that match conditions, the best first. */
import { api } from '../../../../lib/dingtalk/endpoints';
import type { Client } from '../../../../lib/dingtalk/client/types';
import { listRows } from '../../../../lib/dingtalk/client/pagination';
import type { Values } from '../../../../lib/n8n/ItemContext';
import { readRoomFilter, type Room } from './roomFilters';

export interface MatchingRooms {
	/** The number of all rooms. */
	all: number;
	/** Rooms that all members may book come first, then smaller rooms. */
	matching: Array<Room & { roomId: string }>;
}

const bookingRestriction = ({ roomStatus }: Room): number => ((roomStatus ?? 0) === 0 ? 0 : 1);

const compareRooms = (a: Room, b: Room): number =>
	bookingRestriction(a) - bookingRestriction(b) ||
	(a.roomCapacity ?? 0) - (b.roomCapacity ?? 0) ||
	(a.roomName ?? '').localeCompare(b.roomName ?? '');

/** Reads the conditions now. Without a minimum number of seats, the room must have one for each person. */
export function readMatchingRooms(
	filters: Values,
): (client: Client, unionId: string, headcount: number) => Promise<MatchingRooms> {
	const meetsConditions = readRoomFilter(filters);
	const seatsGiven = filters.minCapacity !== undefined && filters.minCapacity !== '';
	return async (client, unionId, headcount) => {
		const query = { unionId, maxResults: api.listRooms.pageSize };
		const all = await listRows<Room>(client, api.listRooms, 'result', { query });
		const matching = all.flatMap((room) =>
			room.roomId !== undefined && meetsConditions(room) && (seatsGiven || (room.roomCapacity ?? 0) >= headcount)
				? [{ ...room, roomId: room.roomId }]
				: [],
		);
		return { all: all.length, matching: matching.sort(compareRooms) };
	};
}
