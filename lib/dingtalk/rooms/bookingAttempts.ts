/**
 * When n8n tries a node again it starts from the beginning, in the same process and under the same names. What a first
 * try has done, or left unfinished, is remembered here: without it the meeting's own event would look like a conflict.
 */
import type { Client } from '../client/types';
import { LruMap } from '../utils/lru';
import type { BookingResult, RoomCandidate } from './bookingOutcome';
import { DAY } from '../utils/time';

export interface BookingAttempt {
	/** Counts the events that were made and taken back, because DingTalk answers a repeated request with the old event. */
	eventNumber: number;
	/** The rooms that were free when the request for the event went out; its answer may be lost. */
	roomCandidates?: { free: RoomCandidate[]; unchecked: RoomCandidate[] };
	/** An event was asked for and not taken back; without its ID as long as the answer is not there. */
	pendingEvent?: { eventId?: string };
	finished?: BookingResult;
}

const MAX_ATTEMPTS = 1000;
const attempts = new LruMap<string, BookingAttempt & { since: number }>(MAX_ATTEMPTS);

/** A preview only pretends, so nothing of it is remembered. */
export function getAttempt(name: string, { isPreview }: Pick<Client, 'isPreview'>): BookingAttempt {
	if (isPreview) return { eventNumber: 0 };
	const known = attempts.get(name);
	// DingTalk remembers idempotency keys for a day; after that, the same key stands for a new meeting.
	if (known && (!known.finished || Date.now() - known.since < DAY)) return known;
	const attempt = { eventNumber: 0, since: Date.now() };
	attempts.set(name, attempt);
	return attempt;
}
