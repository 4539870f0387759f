/** What a booking did, step by step, and how it can end other than well. */
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
		| 'create'
		| 'book'
		| 'verify'
		| 'give back'
		| 'take back'
		| 'look for it'
		| 'invite';
	/** What it was about: a room, the event, the people. */
	subject: string;
	outcome: string;
	/** Calls of the monthly quota, repetitions after a lost answer apart. */
	meteredCalls: number;
}

export interface BookingResult {
	event: Record<string, unknown> & { id: string };
	room?: RoomCandidate & Pick<BookedRoom, 'responseStatus'>;
	steps: BookingStep[];
}

/** There is no meeting. Nothing was left behind, and `reason` is why. */
export class NotBookedError extends Error {
	constructor(
		readonly reason: string,
		readonly steps: BookingStep[],
		/** What DingTalk refused, where it was that and not a conflict. */
		readonly failure?: Error,
	) {
		super(reason);
		this.name = 'NotBookedError';
	}
}

/** Something went wrong, and an event is, or may be, in the calendar that should not be there. */
export class LeftoverEventError extends Error {
	constructor(
		readonly failure: Error,
		readonly steps: BookingStep[],
		/** Unknown where DingTalk's answer to the request that made it was lost. */
		readonly eventId?: string,
	) {
		super(failure.message);
		this.name = 'LeftoverEventError';
	}
}
