/** The rooms to try, in order of preference; their schedules are read in batches, only until a free one is found. */
import type { Interval } from 'luxon';
import { api } from '../endpoints';
import { listBusyBlocks, readRoomSchedules } from '../freeBusy/schedules';
import type { Client } from '../client/types';
import type { RoomCandidate, BookingStep } from './bookingOutcome';
import { t } from '../../locale/t';

export interface AvailabilityContext {
	client: Client;
	userId: string;
	window: Interval<true>;
	steps: BookingStep[];
}

export class RoomCandidates {
	constructor(
		private readonly context: AvailabilityContext,
		/** Checked and found free, but not tried yet. */
		readonly free: RoomCandidate[],
		readonly unchecked: RoomCandidate[],
	) {}

	async next(): Promise<RoomCandidate | undefined> {
		while (this.free.length === 0 && this.unchecked.length > 0)
			await this.check(this.unchecked.splice(0, api.getRoomSchedule.maxBatch));
		return this.free.shift();
	}

	private async check(rooms: RoomCandidate[]): Promise<void> {
		const { client, userId, window, steps } = this.context;
		const schedules = await readRoomSchedules(
			client,
			userId,
			rooms.map(({ roomId }) => roomId),
			window,
		);
		for (const [position, schedule] of schedules.entries()) {
			const room = rooms[position];
			const [booking] = listBusyBlocks(schedule, window, true);
			if (!booking && schedule.error === undefined) this.free.push(room);
			steps.push({
				step: 'check rooms',
				subject: room.name ?? room.roomId,
				outcome:
					schedule.error ??
					(booking ? (booking.item.status === 'TENTATIVE' ? t`booked, waiting for approval` : t`booked`) : t`free`),
				// One call checks all of them.
				meteredCalls: position === 0 ? 1 : 0,
			});
		}
	}
}
