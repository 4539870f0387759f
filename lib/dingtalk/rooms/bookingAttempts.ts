/**
 * Remembers what earlier tries of a booking did. When n8n retries a node, it starts from the beginning, in the same process
 * and with the same keys; without this state, the meeting's own event would look like a conflict.
 */
import { accountKey } from '../account';
import type { Client } from '../client/types';
import { LruMap } from '../utils/lru';
import { OneAtATime } from '../utils/oneAtATime';
import { PartialFailureError } from '../errors/PartialFailureError';
import { LeftoverEventError, NotBookedError, type BookingResult, type RoomCandidate } from './bookingOutcome';
import { DAY } from '../utils/time';

export interface BookingAttempt {
	/** Increased when the event was deleted, because DingTalk would answer a repeated request with the old event. */
	eventNumber: number;
	/** The rooms to try, as known when the event was requested. */
	roomCandidates?: { free: RoomCandidate[]; unchecked: RoomCandidate[] };
	/** An event was requested and not deleted; the rest is missing until DingTalk's response is known. */
	pendingEvent?: { eventId?: string; existedBefore?: boolean };
	/** The rooms that were requested for the event and not released since, by ID, and whether DingTalk has answered. */
	requestedRooms?: Map<string, 'answered' | 'unanswered'>;
	/** How often rooms were released: a room that is requested again after that is another request. */
	releases: number;
	/** Another process has booked a room for the event as well, so it is not this one's to delete. */
	isContested?: boolean;
	result?: BookingResult;
	/** When it began, or when it was booked. */
	since: number;
}

const MAX_ATTEMPTS = 1000;
const attempts = new LruMap<string, BookingAttempt>(MAX_ATTEMPTS);

/** Previews send no requests, so nothing is remembered for them. */
export function getAttempt(
	bookingKey: string,
	{ account, isPreview }: Pick<Client, 'account' | 'isPreview'>,
): BookingAttempt {
	const attempt = { eventNumber: 0, releases: 0, since: Date.now() };
	if (isPreview) return attempt;
	const key = `${accountKey(account)} ${bookingKey}`;
	const known = attempts.get(key);
	// DingTalk keeps idempotency keys for a day; after that, the same key means a new meeting.
	if (known && (!known.result || Date.now() - known.since < DAY)) return known;
	attempts.set(key, attempt);
	return attempt;
}

const bookings = new OneAtATime();

/** One booking of a meeting at a time. */
export const withBookingLock = async <T>(
	bookingKey: string,
	{ account }: Pick<Client, 'account'>,
	book: () => Promise<T>,
): Promise<T> => await bookings.run(`${accountKey(account)} ${bookingKey}`, book);

/** Replaces an error that ended a retry early if an event of an earlier try may still exist, which is more important. */
export const reportPendingEvent = ({ pendingEvent }: BookingAttempt, error: Error): Error =>
	!pendingEvent || error instanceof NotBookedError || error instanceof PartialFailureError
		? error
		: new LeftoverEventError(error, [], pendingEvent.eventId);
