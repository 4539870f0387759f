/** Books a meeting all or nothing: the event with a booked room, or neither. */
import { findMatchingEvents, type MatchingEvent } from '../events/matchingEvents';
import { api } from '../endpoints';
import type { Invitee, NotificationOptions, EventContext } from '../events/attendees';
import { PartialFailureError, type Change } from '../errors/PartialFailureError';
import { EVEN_WHEN_ABORTED, type WriteKey } from '../client/types';
import { createEvent, inviteRemaining } from '../events/createEvent';
import type { EventState } from '../events/compareEvent';
import type { KeyedEvent } from '../events/findByKey';
import { existedBefore } from '../events/createKeyedEvent';
import { checkPeople, type PeopleToCheck } from './checkPeople';
import { chooseRoom, type BookedRoom, type EventWithRooms } from './rooms';
import { RoomBooking } from './roomBooking';
import { RoomCandidates } from './candidates';
import { getError, settle } from '../errors/settle';
import { finish, forgetMeeting, reopenIfRoomChanged, withBookingLock, type BookingAttempt } from './bookingAttempts';
import {
	asCreated,
	isDuplicate,
	isEventMissing,
	isLost,
	isOutcomeUnknown,
	LeftoverEventError,
	NotBookedError,
	type BookingResult,
	type Meeting,
	type RoomCandidate,
	type BookingStep,
} from './bookingOutcome';
import { t } from '../../locale/t';

export interface BookingRequest extends PeopleToCheck {
	path: { userId: string; calendarId: string };
	content: EventState & Record<string, unknown>;
	meeting: Meeting;
	attendees: Invitee[];
	notify: NotificationOptions;
	/** Lists the rooms in order of preference; undefined books no room. */
	rooms?: (steps: BookingStep[]) => Promise<RoomCandidate[]>;
	/** Identifies this booking; the same when n8n retries the node. */
	bookingKey: string;
	/** Whether another execution may have booked the meeting with the same key; then it is not this one's to delete. */
	mayBeShared: boolean;
	/** The state that earlier tries left. */
	attempt: BookingAttempt;
	/** The key of a request that creates the event. */
	creationKey(purpose: string): WriteKey;
	idempotencyKey(purpose: string, about: unknown): string;
}

const describeBooking = ({ displayName, roomId }: BookedRoom): string =>
	displayName === undefined ? t`book the room ${roomId}` : t`book the room ${displayName} (ID ${roomId})`;

/** How often to create the event if it keeps being deleted while it is booked. */
const MAX_TRIES = 3;

const STOPPED_MESSAGE = t`The execution was stopped`;

class Booking {
	readonly steps: BookingStep[] = [];
	private eventRooms?: RoomBooking;

	constructor(
		private readonly request: BookingRequest,
		private readonly attempt: BookingAttempt,
	) {}

	async run(): Promise<BookingResult> {
		return await this.book().catch(async (error: Error) => await Promise.reject(await this.finishFailed(error)));
	}

	/** Rolls back, and returns the error to report. */
	private async finishFailed(error: Error): Promise<Error> {
		const stopped = this.request.client.signal?.aborted === true;
		// Of the other kind, the event and its room are booked; only some attendees were not invited.
		if (
			error instanceof LeftoverEventError
				? !stopped || error.leftover === 'unfound'
				: error instanceof PartialFailureError
		)
			return error;
		const { pendingEvent } = this.attempt;
		if (error instanceof NotBookedError && !pendingEvent && !stopped) return this.withOtherExecutions(error);
		const failure = stopped ? new NotBookedError(STOPPED_MESSAGE, this.steps) : error;
		const reason = failure instanceof NotBookedError ? (failure.cause ?? failure) : failure;
		if (pendingEvent?.eventId) await this.throwIfToBeKept(pendingEvent.eventId, reason);
		await this.rollBack(reason, isLost(error));
		return failure instanceof NotBookedError || !pendingEvent
			? failure
			: new NotBookedError(failure.message, this.steps, failure);
	}

	/** If nothing was requested, people and rooms may be busy with this very meeting. */
	private withOtherExecutions(error: NotBookedError): NotBookedError {
		const wasRequested = this.steps.some(({ step }) => step === 'create event');
		if (!this.request.mayBeShared || wasRequested) return error;
		const reason = t`${error.reason}; an earlier execution may have booked this meeting, so check the organizer's calendar first`;
		return new NotBookedError(reason, this.steps);
	}

	/**
	 * With the key of an earlier booking, DingTalk answers a creation with the event of that one, which another process may have
	 * booked. It is not deleted, and neither is one that may be it. Without a key from the user this happens as well if
	 * another process runs the execution again, which does not know that it is a repetition.
	 */
	private async throwIfToBeKept(eventId: string, reason: Error): Promise<void> {
		const { request, attempt } = this;
		const rooms = this.roomsOf(eventId);
		const event = await rooms.read();
		const unknown = (read?: EventWithRooms): Change[] =>
			rooms.unknownRooms(read).map((roomId) => ({ what: t`book the room ${roomId}` }));
		const leftover = (kind: 'unread' | 'withoutRoom', read?: EventWithRooms): LeftoverEventError =>
			new LeftoverEventError(reason, this.steps, eventId, kind, { done: [], unknown: unknown(read), notDone: [] });
		if (event instanceof Error) {
			if (isEventMissing(event)) return;
			throw leftover('unread');
		}
		if (event.status === 'cancelled') return;
		const { kept, others } = chooseRoom(event.meetingRooms ?? [], undefined, attempt.requestedRooms);
		if (kept && (request.mayBeShared || !attempt.requestedRooms?.has(kept.roomId))) {
			// A retry looks at its rooms before it requests any.
			attempt.isContested = true;
			const error = await rooms.releaseEvenWhenAborted(others);
			throw new LeftoverEventError(reason, this.steps, eventId, 'withRoom', {
				done: [{ what: describeBooking(kept) }],
				unknown: unknown(event),
				notDone: error ? others.map(({ roomId }) => ({ what: t`release the room ${roomId}` })) : [],
			});
		}
		if (attempt.isContested) throw leftover('unread', event);
		if (attempt.isReopened || (request.mayBeShared && attempt.pendingEvent?.existedBefore))
			throw leftover('withoutRoom', event);
	}

	private async book(): Promise<BookingResult> {
		const { attempt, request } = this;
		const known = await this.findRoomAgain();
		if (known) return known;
		// If an earlier try requested the event, it had already checked people and rooms.
		if (!attempt.roomCandidates && !attempt.isReopened) await checkPeople(request, this.steps);
		const rooms = request.rooms && (await this.createCandidates());
		const first = await rooms?.next();
		if (rooms && !first) throw new NotBookedError(t`No room is free`, this.steps);
		for (let tries = 1; ; tries++) {
			attempt.roomCandidates = {
				free: first ? [first, ...(rooms?.free ?? [])] : [],
				unchecked: [...(rooms?.unchecked ?? [])],
			};
			const event = await this.createOrResume();
			const room = rooms && (await this.roomsOf(event.id).book(first, rooms));
			if (room === 'eventDeleted') {
				const { roomCandidates } = attempt;
				attempt.eventNumber++;
				forgetMeeting(attempt);
				attempt.roomCandidates = roomCandidates;
				if (tries < MAX_TRIES) continue;
				delete attempt.roomCandidates;
				throw new NotBookedError(t`The event was deleted by someone else while its room was being booked`, this.steps);
			}
			await inviteRemaining(
				async () => this.eventContext(event.id),
				event.id,
				request.attendees,
				request.notify,
				room ? [{ what: t`book the room ${room.name ?? room.roomId}` }] : [],
			);
			return { meeting: attempt.meeting ?? request.meeting, event, room, steps: this.steps };
		}
	}

	/** The booked meeting, if it has a room again, or still. */
	private async findRoomAgain(): Promise<BookingResult | undefined> {
		const { attempt, request, steps } = this;
		const id = attempt.pendingEvent?.eventId;
		if (!attempt.isReopened || id === undefined) return undefined;
		const room = await this.roomsOf(id).verify();
		if (room === 'unavailable') return undefined;
		if (room !== 'eventDeleted') return { meeting: attempt.meeting ?? request.meeting, event: { id }, room, steps };
		attempt.eventNumber++;
		forgetMeeting(attempt);
		return undefined;
	}

	private addStep(step: BookingStep['step'], subject: string, outcome: string, meteredCalls = 1): void {
		this.steps.push({ step, subject, outcome, meteredCalls });
	}

	private roomsOf(eventId: string): RoomBooking {
		const { attempt, steps } = this;
		if (this.eventRooms?.eventId !== eventId)
			this.eventRooms = new RoomBooking(this.eventContext(eventId), attempt, steps);
		return this.eventRooms;
	}

	private eventContext(eventId: string): EventContext {
		const { client, path, idempotencyKey } = this.request;
		return { client, path: { ...path, eventId }, idempotencyKey };
	}

	private async createCandidates(): Promise<RoomCandidates> {
		const { client, path, window, rooms } = this.request;
		const context = { client, userId: path.userId, window, steps: this.steps };
		const known = this.attempt.roomCandidates;
		if (known) return new RoomCandidates(context, [...known.free], [...known.unchecked]);
		return new RoomCandidates(context, [], (await rooms?.(this.steps)) ?? []);
	}

	private async createOrResume(): Promise<{ id: string }> {
		const { attempt } = this;
		const { client, path, content, attendees, creationKey } = this.request;
		const id = attempt.pendingEvent?.eventId;
		if (id !== undefined) {
			this.addStep('create event', id, t`already created`, 0);
			return { id };
		}
		const mayExist = attempt.pendingEvent !== undefined;
		for (let tries = 1; ; tries++) {
			client.signal?.throwIfAborted();
			attempt.pendingEvent = {};
			attempt.meeting ??= this.request.meeting;
			const creation = createEvent({
				client,
				path,
				content,
				attendees,
				...creationKey(`create ${attempt.eventNumber}`),
				whenAborted: 'finishRead',
			});
			const event = await settle(creation);
			if (!(event instanceof Error)) {
				attempt.pendingEvent = { eventId: event.id, existedBefore: existedBefore(event) };
				attempt.meeting = asCreated(attempt.meeting, content, event as KeyedEvent);
				this.addStep('create event', event.id, t`created`);
				return event;
			}
			if (!isDuplicate(event)) {
				this.addStep('create event', t`event`, event.message);
				if (isOutcomeUnknown(event)) throw new LeftoverEventError(event, this.steps);
				// An earlier try may have created it.
				if (!mayExist) forgetMeeting(attempt);
				throw new NotBookedError(event.message, this.steps, event);
			}
			const existing = await this.findCreatedEvent(event);
			if (existing) {
				attempt.pendingEvent = { eventId: existing.id, existedBefore: existedBefore(existing) };
				return existing;
			}
			await this.throwUnlessDeleted(event);
			attempt.eventNumber++;
			delete attempt.meeting;
			if (tries >= MAX_TRIES) throw new LeftoverEventError(event, this.steps);
		}
	}

	/** DingTalk has carried out this request before, but its response does not contain the event. */
	private async findCreatedEvent(duplicate: Error): Promise<MatchingEvent | undefined> {
		const found = await this.findMatchingEvents();
		if (found instanceof Error) throw new LeftoverEventError(found, this.steps);
		this.addStep(
			'create event',
			found[0]?.id ?? t`event`,
			found.length === 1 ? t`already created` : t`matching events: ${found.length}`,
		);
		// Using the wrong one of several matching events would be worse than an error.
		if (found.length > 1) {
			const ids = found.map(({ id }) => id).join(', ');
			throw new LeftoverEventError(duplicate, this.steps, ids, 'ambiguous');
		}
		return found[0];
	}

	/**
	 * An event that was created and is not found has been deleted, or has another title or time by now; then another one would
	 * be a second meeting. As many must be deleted as were created before.
	 */
	private async throwUnlessDeleted(duplicate: Error): Promise<void> {
		const deleted = await this.findMatchingEvents('deleted');
		const count = deleted instanceof Error ? 0 : deleted.length;
		this.addStep(
			'find event',
			t`deleted event`,
			deleted instanceof Error ? deleted.message : t`matching events: ${count}`,
		);
		if (count <= this.attempt.eventNumber)
			throw new LeftoverEventError(deleted instanceof Error ? deleted : duplicate, this.steps, undefined, 'unfound');
	}

	/** The events in the calendar that match the request. */
	private async findMatchingEvents(which?: 'deleted'): Promise<MatchingEvent[] | Error> {
		const { client, path, content } = this.request;
		return await settle(findMatchingEvents(client, { path, body: content, ...EVEN_WHEN_ABORTED }, which));
	}

	/** Deletes the event, if there is one; throws an error if it may still exist. */
	private async rollBack(failure: Error, mayAppear: boolean): Promise<void> {
		const { attempt } = this;
		if (!attempt.pendingEvent) return;
		const { eventId } = attempt.pendingEvent;
		if (eventId) {
			await this.deleteEvent(eventId, failure);
			return;
		}
		const found = await this.findMatchingEvents();
		this.addStep('find event', t`event`, found instanceof Error ? found.message : t`matching events: ${found.length}`);
		// A matching event may be another meeting, so it is not deleted. DingTalk may still be creating one that is not there yet.
		if (found instanceof Error || found.length > 0 || mayAppear) throw new LeftoverEventError(failure, this.steps);
		forgetMeeting(attempt);
	}

	/** Deletes the event without a notification, even after Stop. `failure` is the reason for the rollback. */
	private async deleteEvent(eventId: string, failure: Error): Promise<void> {
		const { client, path, idempotencyKey } = this.eventContext(eventId);
		const error = await getError(
			client.request(api.deleteEvent, {
				path,
				query: { pushNotification: false },
				idempotencyKey: idempotencyKey('roll back', eventId),
				...EVEN_WHEN_ABORTED,
			}),
		);
		const isDeleted = !error || isEventMissing(error) || isDuplicate(error);
		this.addStep('delete event', eventId, isDeleted ? t`deleted` : (error?.message ?? ''));
		if (!isDeleted) throw new LeftoverEventError(failure, this.steps, eventId);
		this.attempt.eventNumber++;
		forgetMeeting(this.attempt);
	}
}

/** Whether its event was not deleted by this process since, nor created so long ago that the key names another meeting. */
const isStillBooked = ({ client, path, attempt, creationKey }: BookingRequest): boolean =>
	client.knowsResult(api.createEvent, { path, ...creationKey(`create ${attempt.eventNumber}`) });

async function bookOnce(request: BookingRequest): Promise<BookingResult> {
	const { attempt, client } = request;
	if (attempt.result && !isStillBooked(request)) forgetMeeting(attempt);
	reopenIfRoomChanged(attempt, client);
	// n8n retries all items of a node, including those that were booked.
	if (attempt.result) return attempt.result;
	const result = await new Booking(request, attempt).run();
	finish(attempt, client, result);
	return result;
}

/** Another execution with the same key waits: it would take the rooms of this one for its own, and undo them. */
export const bookMeeting = async (request: BookingRequest): Promise<BookingResult> =>
	await withBookingLock(request.bookingKey, request.client, async () => await bookOnce(request));
