/**
 * When n8n tries a node again it starts from the beginning, in the same process and under the same names. What a first
 * try has done, or left unfinished, is remembered here: without it the meeting's own event would look like a conflict.
 */
import type { Booked, Room } from './outcome';

export interface Attempt {
	/** Counts the events that were made and taken back, because DingTalk answers a repeated request with the old event. */
	round: number;
	/** The rooms that were free when the request for the event went out; its answer may be lost. */
	underWay?: { free: Room[]; unchecked: Room[] };
	finished?: Booked;
}

const MOST = 1000;
const attempts = new Map<string, Attempt>();

export function attemptAt(name: string): Attempt {
	const known = attempts.get(name);
	if (known) return known;
	const attempt: Attempt = { round: 0 };
	attempts.set(name, attempt);
	// The oldest comes first.
	for (const oldest of attempts.keys()) {
		if (attempts.size <= MOST) break;
		attempts.delete(oldest);
	}
	return attempt;
}
