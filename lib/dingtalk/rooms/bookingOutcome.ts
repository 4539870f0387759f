/** What a booking did, step by step, and how it can end other than well. */
import type { RoomOnEvent } from './rooms';

export interface Room {
	roomId: string;
	name?: string;
}

export interface Step {
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

export interface Booked {
	event: Record<string, unknown> & { id: string };
	room?: Room & Pick<RoomOnEvent, 'responseStatus'>;
	steps: Step[];
}

/** There is no meeting. Nothing was left behind, and `reason` is why. */
export class NotBooked extends Error {
	constructor(
		readonly reason: string,
		readonly steps: Step[],
		/** What DingTalk refused, where it was that and not a conflict. */
		readonly why?: Error,
	) {
		super(reason);
		this.name = 'NotBooked';
	}
}

/** Something went wrong, and an event is, or may be, in the calendar that should not be there. */
export class LeftBehind extends Error {
	constructor(
		readonly why: Error,
		readonly steps: Step[],
		/** Unknown where DingTalk's answer to the request that made it was lost. */
		readonly eventId?: string,
	) {
		super(why.message);
		this.name = 'LeftBehind';
	}
}
