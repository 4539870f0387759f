/**
 * Remembers what earlier tries of a booking did. When n8n retries a node, it starts from the beginning, in the same process
 * and with the same keys; without this state, the meeting's own event would look like a conflict.
 */
import { accountKey } from '../account';
import type { Client } from '../client/types';
import { countRoomChanges } from '../client/writeLedger';
import { LruMap } from '../utils/lru';
import { OneAtATime } from '../utils/oneAtATime';
import { PartialFailureError } from '../errors/PartialFailureError';
import {
	LeftoverEventError,
	NotBookedError,
	type BookingResult,
	type Meeting,
	type RoomCandidate,
} from './bookingOutcome';
import { DAY, monotonicNow } from '../utils/time';

export interface BookingAttempt {
	/** Increased when the event was deleted, because DingTalk would answer a repeated request with the old event. */
	eventNumber: number;
	/** The rooms to try, as known when the event was requested. */
	roomCandidates?: { free: RoomCandidate[]; unchecked: RoomCandidate[] };
	/** An event was requested and not deleted; the rest is missing until DingTalk's response is known. */
	pendingEvent?: { eventId?: string; existedBefore?: boolean };
	/** What the event was requested for: a later try with the same key and other values is answered with the same event. */
	meeting?: Meeting;
	/** The rooms that were requested for the event and not released since, by ID, and whether DingTalk has answered. */
	requestedRooms?: Map<string, 'answered' | 'unanswered'>;
	/** How often rooms were released: a room that is requested again after that is another request. */
	releases: number;
	/** Another process has booked a room for the event as well, so it is not this one's to delete. */
	isContested?: boolean;
	/** The room of the booked meeting may have been given back since. */
	isReopened?: boolean;
	result?: BookingResult;
	/** How often this process had given back the room of the result. */
	roomChanges?: number;
	/** When it began, or when it was booked, on the monotonic clock. */
	since: number;
}

const MAX_ATTEMPTS = 1000;
const attempts = new LruMap<string, BookingAttempt>(MAX_ATTEMPTS);

/** Previews send no requests, so nothing is remembered for them. */
export function getAttempt(
	bookingKey: string,
	{ account, isPreview }: Pick<Client, 'account' | 'isPreview'>,
): BookingAttempt {
	const attempt = { eventNumber: 0, releases: 0, since: monotonicNow() };
	if (isPreview) return attempt;
	const key = `${accountKey(account)} ${bookingKey}`;
	const known = attempts.get(key);
	// DingTalk keeps idempotency keys for a day; after that, the same key means a new meeting.
	const isUnfinished = known?.pendingEvent !== undefined && !known.isReopened;
	if (known && (isUnfinished || monotonicNow() - known.since < DAY)) return known;
	attempts.set(key, attempt);
	return attempt;
}

/** Records that the meeting is booked. */
export function finish(attempt: BookingAttempt, { account }: Pick<Client, 'account'>, result: BookingResult): void {
	const { event, room } = result;
	// A key counts from the booking, not from when a room was booked once more for the same meeting.
	if (!attempt.isReopened) attempt.since = monotonicNow();
	Object.assign(attempt, { result, roomChanges: room && countRoomChanges(account, event.id, room.roomId) });
	delete attempt.pendingEvent;
	delete attempt.isReopened;
}

/**
 * The next request creates the event of a meeting about which nothing is known. If DingTalk answers it with an event that it
 * has, the rooms of that event are not this attempt's to release.
 */
export function forgetMeeting(attempt: BookingAttempt): void {
	delete attempt.result;
	delete attempt.pendingEvent;
	delete attempt.roomCandidates;
	delete attempt.meeting;
	delete attempt.requestedRooms;
	delete attempt.isContested;
	delete attempt.isReopened;
}

/** What is said to be booked has to be booked: if this process may have given the room back, the event is looked at again. */
export function reopenIfRoomChanged(attempt: BookingAttempt, { account }: Pick<Client, 'account'>): void {
	const { event, room } = attempt.result ?? {};
	if (!event || !room || countRoomChanges(account, event.id, room.roomId) === attempt.roomChanges) return;
	delete attempt.result;
	delete attempt.roomCandidates;
	delete attempt.requestedRooms;
	Object.assign(attempt, { pendingEvent: { eventId: event.id }, isReopened: true });
	// A room that is requested again is another request.
	attempt.releases++;
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
