/** The rooms of the organization that will do, the best first. */
import { api } from '../../../../lib/dingtalk/endpoints';
import type { Client } from '../../../../lib/dingtalk/client/types';
import { listRows } from '../../../../lib/dingtalk/client/pagination';
import type { Values } from '../../../../lib/n8n/ItemContext';
import { readRoomFilter, type Room } from './roomFilters';

export interface MatchingRooms {
	/** How many rooms there are at all. */
	all: number;
	/** Those that everybody may book first, then by seats. */
	fitting: Array<Room & { roomId: string }>;
}

const bookingRestriction = ({ roomStatus }: Room): number => ((roomStatus ?? 0) === 0 ? 0 : 1);

const compareRooms = (a: Room, b: Room): number =>
	bookingRestriction(a) - bookingRestriction(b) ||
	(a.roomCapacity ?? 0) - (b.roomCapacity ?? 0) ||
	(a.roomName ?? '').localeCompare(b.roomName ?? '');

/** Checks the conditions now. Where no number of seats is among them, everybody must have one. */
export function readMatchingRooms(
	filters: Values,
): (client: Client, unionId: string, headcount: number) => Promise<MatchingRooms> {
	const fits = readRoomFilter(filters);
	const seatsGiven = filters.minCapacity !== undefined && filters.minCapacity !== '';
	return async (client, unionId, headcount) => {
		const query = { unionId, maxResults: api.listRooms.pageSize };
		const all = await listRows<Room>(client, api.listRooms, 'result', { query });
		const fitting = all.flatMap((room) =>
			room.roomId !== undefined && fits(room) && (seatsGiven || (room.roomCapacity ?? 0) >= headcount)
				? [{ ...room, roomId: room.roomId }]
				: [],
		);
		return { all: all.length, fitting: fitting.sort(compareRooms) };
	};
}
