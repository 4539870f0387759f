/** Stores check-ins and check-outs. */
import { ApiError } from '../contract';
import type { World } from '../world';

export type Side = 'in' | 'out';

/** The check-in and check-out times of one user in milliseconds. */
export type Presence = Partial<Record<Side, number>>;

export interface CheckInEntry extends Presence {
	eventId: string;
	unionId: string;
}

/** Each occurrence of a series has its own check-ins, and so does the series. */
export class CheckIns {
	private readonly byEvent = new Map<string, Map<string, Presence>>();

	constructor(private readonly world: World) {}

	presence(eventId: string, unionId: string): Presence {
		return this.byEvent.get(eventId)?.get(unionId) ?? {};
	}

	all(): CheckInEntry[] {
		return [...this.byEvent].flatMap(([eventId, people]) =>
			[...people].map(([unionId, presence]) => ({ eventId, unionId, ...presence })),
		);
	}

	/** Returns the recorded time. */
	record(eventId: string, unionId: string, side: Side): number {
		const { switches, clock } = this.world;
		const before = this.presence(eventId, unionId);
		if (side === 'out' && before.in === undefined && switches.signOutWithoutSignIn === 'refused') {
			throw new ApiError(400, 'invalidParameter', 'the user has not checked in');
		}
		const at = (switches.signInTwice === 'firstTime' ? before[side] : undefined) ?? clock.now();
		const people = this.byEvent.get(eventId) ?? new Map<string, Presence>();
		this.byEvent.set(eventId, people.set(unionId, { ...before, [side]: at }));
		return at;
	}
}
