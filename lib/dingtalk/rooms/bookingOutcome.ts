/** The steps, results and errors of a booking. */
import type { BookedRoom } from './rooms';

export interface RoomCandidate {
	roomId: string;
	name?: string;
}

export interface BookingStep {
	step:
		| 'check people'
		| 'list rooms'
		| 'check rooms'
		| 'create event'
		| 'book room'
		| 'verify room'
		| 'release room'
		| 'delete event'
		| 'find event';
	/** The room, the event or the people that the step concerns. */
	subject: string;
	outcome: string;
	/** Calls that count toward the monthly quota, not including automatic retries. */
	meteredCalls: number;
}

export interface BookingResult {
	event: Record<string, unknown> & { id: string };
	room?: RoomCandidate & Pick<BookedRoom, 'responseStatus'>;
	steps: BookingStep[];
}

/** The meeting was not booked, and no event remains. */
export class NotBookedError extends Error {
	constructor(
		readonly reason: string,
		readonly steps: BookingStep[],
		/** DingTalk's error; undefined if people or rooms were not free. */
		override readonly cause?: Error,
	) {
		super(reason);
		this.name = 'NotBookedError';
	}
}

/** The booking failed, and its event remains, or may remain, in the calendar. */
export class LeftoverEventError extends Error {
	constructor(
		override readonly cause: Error,
		readonly steps: BookingStep[],
		/** Undefined if DingTalk's response to the creation was lost. */
		readonly eventId?: string,
	) {
		super(cause.message);
		this.name = 'LeftoverEventError';
	}
}
