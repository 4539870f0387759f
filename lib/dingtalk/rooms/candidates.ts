/** Rooms to try, in order: looked at five at a time, and only as far as one is needed. */
import type { Interval } from 'luxon';
import { api } from '../endpoints';
import { listBusyBlocks, readRoomSchedules } from '../freeBusy/schedules';
import type { Client } from '../client/types';
import type { RoomCandidate, BookingStep } from './bookingOutcome';

export interface AvailabilityContext {
	client: Client;
	userId: string;
	span: Interval<true>;
	steps: BookingStep[];
}

export class RoomCandidates {
	constructor(
		private readonly context: AvailabilityContext,
		/** Found free a moment ago. */
		readonly free: RoomCandidate[],
		readonly unchecked: RoomCandidate[],
	) {}

	async next(): Promise<RoomCandidate | undefined> {
		while (this.free.length === 0 && this.unchecked.length > 0)
			await this.check(this.unchecked.splice(0, api.getRoomSchedule.maxBatch));
		return this.free.shift();
	}

	private async check(rooms: RoomCandidate[]): Promise<void> {
		const { client, userId, span, steps } = this.context;
		const schedules = await readRoomSchedules(
			client,
			userId,
			rooms.map(({ roomId }) => roomId),
			span,
		);
		for (const [position, schedule] of schedules.entries()) {
			const room = rooms[position];
			const [taken] = listBusyBlocks(schedule, span, true);
			if (!taken && schedule.error === undefined) this.free.push(room);
			steps.push({
				step: 'check rooms',
				subject: room.name ?? room.roomId,
				outcome:
					schedule.error ??
					(taken ? (taken.item.status === 'TENTATIVE' ? 'taken, waiting for an approval' : 'taken') : 'free'),
				// One call looks at all of them.
				meteredCalls: position === 0 ? 1 : 0,
			});
		}
	}
}
