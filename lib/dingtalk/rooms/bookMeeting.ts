/** Books a meeting all or nothing: the event with a booked room, or neither. */
import type { Interval } from 'luxon';
import { findMatchingEvents } from '../events/matchingEvents';
import { api } from '../endpoints';
import type { Invitee, NotificationOptions, EventContext } from '../events/attendees';
import { PartialFailureError } from '../errors/PartialFailureError';
import { listBusyBlocks, readSchedules } from '../freeBusy/schedules';
import { EVEN_WHEN_ABORTED, type Client, type WriteKey } from '../client/types';
import { createEvent, inviteRemaining } from '../events/createEvent';
import { chooseRoom, readEventWithRooms } from './rooms';
import { RoomCandidates } from './candidates';
import { formatCount } from '../utils/text';
import type { BookingAttempt } from './bookingAttempts';
import {
	isDuplicate,
	isEventMissing,
	isLost,
	isOutcomeUnknown,
	isRoomRejected,
	LeftoverEventError,
	NotBookedError,
	type BookingResult,
	type RoomCandidate,
	type BookingStep,
} from './bookingOutcome';
import { joinClauses, t } from '../../locale/t';

export interface BookingRequest {
	client: Client;
	path: { userId: string; calendarId: string };
	window: Interval<true>;
	content: Record<string, unknown>;
	attendees: Invitee[];
	notify: NotificationOptions;
	/** The union IDs of the people who must be free, and what counts as free. */
	mustBeFree: { people: string[]; tentativeIsFree: boolean; unreadableIsFree: boolean };
	/** The name of a person for messages. */
	nameOf(id: string): Promise<string>;
	/** Lists the rooms in order of preference; undefined books no room. */
	rooms?: (steps: BookingStep[]) => Promise<RoomCandidate[]>;
	/** Identifies this booking; the same when n8n retries the node. */
	bookingKey: string;
	/** The state that earlier tries left. */
	attempt: BookingAttempt;
	/** The key of a request that creates the event. */
	creationKey(purpose: string): WriteKey;
	idempotencyKey(purpose: string, about: unknown): string;
}

/** How often to create the event if it keeps being deleted while it is booked. */
const MAX_TRIES = 3;

const STOPPED_MESSAGE = t`The execution was stopped`;

/** The error of a request, if it fails. */
const getError = async (request: Promise<unknown>): Promise<Error | undefined> =>
	await request.then(
		() => undefined,
		(error: Error) => error,
	);

class Booking {
	readonly steps: BookingStep[] = [];

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
		if (error instanceof LeftoverEventError ? !stopped : error instanceof PartialFailureError) return error;
		const { pendingEvent } = this.attempt;
		const failure = stopped ? new NotBookedError(STOPPED_MESSAGE, this.steps) : error;
		await this.rollBack(failure instanceof NotBookedError ? (failure.cause ?? failure) : failure, isLost(error));
		return failure instanceof NotBookedError || !pendingEvent
			? failure
			: new NotBookedError(failure.message, this.steps, failure);
	}

	private async book(): Promise<BookingResult> {
		const { attempt, request } = this;
		// If an earlier try requested the event, it had already checked people and rooms.
		if (!attempt.roomCandidates) await this.checkPeople();
		const rooms = request.rooms && (await this.createCandidates());
		const first = await rooms?.next();
		if (rooms && !first) throw new NotBookedError(t`No room is free`, this.steps);
		for (let tries = 1; ; tries++) {
			attempt.roomCandidates = {
				free: first ? [first, ...(rooms?.free ?? [])] : [],
				unchecked: [...(rooms?.unchecked ?? [])],
			};
			const event = await this.createOrResume();
			const room = await this.bookFirstAvailable(event.id, first, rooms);
			if (room === 'noRoom') throw new NotBookedError(t`None of the free rooms could be booked`, this.steps);
			if (room === 'eventDeleted') {
				attempt.eventNumber++;
				delete attempt.pendingEvent;
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
			return { event, room, steps: this.steps };
		}
	}

	private addStep(step: BookingStep['step'], subject: string, outcome: string, meteredCalls = 1): void {
		this.steps.push({ step, subject, outcome, meteredCalls });
	}

	private eventContext(eventId: string): EventContext {
		const { client, path, idempotencyKey } = this.request;
		return { client, path: { ...path, eventId }, idempotencyKey };
	}

	private async checkPeople(): Promise<void> {
		const { client, path, window, mustBeFree, nameOf } = this.request;
		if (mustBeFree.people.length === 0) return;
		const schedules = await readSchedules(client, path.userId, mustBeFree.people, window);
		const busy = schedules.filter(
			(schedule) => listBusyBlocks(schedule, window, !mustBeFree.tentativeIsFree).length > 0,
		);
		const unreadable = schedules.filter(({ error }) => error !== undefined);
		const findings = await Promise.all([
			...busy.map(async ({ id }) => t`${await nameOf(id)} is busy`),
			...unreadable.map(async ({ id, error }) => t`the calendar of ${await nameOf(id)} cannot be read (${error})`),
		]);
		const calls = Math.ceil(schedules.length / api.getSchedule.maxBatch);
		this.addStep(
			'check people',
			formatCount(schedules.length, 'person', 'people'),
			joinClauses(findings) || t`free`,
			calls,
		);
		if (busy.length > 0 || (unreadable.length > 0 && !mustBeFree.unreadableIsFree)) {
			throw new NotBookedError(t`Not everyone is free: ${joinClauses(findings)}`, this.steps);
		}
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
			const event = await createEvent({
				client,
				path,
				content,
				attendees,
				...creationKey(`create ${attempt.eventNumber}`),
				whenAborted: 'finishRead',
			}).catch((error: Error) => error);
			if (!(event instanceof Error)) {
				attempt.pendingEvent = { eventId: event.id };
				this.addStep('create event', event.id, t`created`);
				return event;
			}
			if (!isDuplicate(event)) {
				this.addStep('create event', t`event`, event.message);
				if (isOutcomeUnknown(event)) throw new LeftoverEventError(event, this.steps);
				// An earlier try may have created it.
				if (!mayExist) this.forgetEvent();
				throw new NotBookedError(event.message, this.steps, event);
			}
			const existing = await this.findCreatedEvent(event);
			if (existing) {
				attempt.pendingEvent = { eventId: existing.id };
				return existing;
			}
			// It was created and has been deleted since.
			attempt.eventNumber++;
			if (tries >= MAX_TRIES) throw new LeftoverEventError(event, this.steps);
		}
	}

	/** DingTalk has carried out this request before, but its response does not contain the event. */
	private async findCreatedEvent(duplicate: Error): Promise<{ id: string } | undefined> {
		const found = await this.findMatchingEvents();
		if (found instanceof Error) throw new LeftoverEventError(found, this.steps);
		this.addStep(
			'create event',
			found[0]?.id ?? t`event`,
			found.length === 1 ? t`already created` : t`matching events: ${found.length}`,
		);
		// Using the wrong one of several matching events would be worse than an error.
		if (found.length > 1) throw new LeftoverEventError(duplicate, this.steps, found.map(({ id }) => id).join(', '));
		return found[0];
	}

	/** The events in the calendar that match the request. */
	private async findMatchingEvents(): Promise<Array<{ id: string }> | Error> {
		const { client, path, content } = this.request;
		return await findMatchingEvents(client, { path, body: content, ...EVEN_WHEN_ABORTED }).catch(
			(error: Error) => error,
		);
	}

	/** Books the first room that can be booked. */
	private async bookFirstAvailable(
		eventId: string,
		first: RoomCandidate | undefined,
		rooms: RoomCandidates | undefined,
	): Promise<BookingResult['room'] | 'eventDeleted' | 'noRoom'> {
		for (let room = first; room; room = await rooms?.next()) {
			const outcome = await this.bookRoom(eventId, room);
			if (outcome !== 'unavailable') return outcome;
		}
		return rooms ? 'noRoom' : undefined;
	}

	private async bookRoom(
		eventId: string,
		room: RoomCandidate,
	): Promise<NonNullable<BookingResult['room']> | 'unavailable' | 'eventDeleted'> {
		const { client, path, idempotencyKey } = this.eventContext(eventId);
		const subject = room.name ?? room.roomId;
		const body = { meetingRoomsToAdd: [{ roomId: room.roomId }] };
		(this.attempt.requestedRooms ??= new Set()).add(room.roomId);
		const error = await getError(
			client.request(api.bookRooms, { path, body, idempotencyKey: idempotencyKey('book', [eventId, body]) }),
		);
		this.addStep('book room', subject, error?.message ?? t`requested`);
		if (isEventMissing(error)) return 'eventDeleted';
		if (error && isRoomRejected(error) && !isDuplicate(error)) return 'unavailable';
		if (error && !isDuplicate(error) && !isOutcomeUnknown(error)) throw error;
		return await this.verifyRoom(eventId, room, subject);
	}

	private async verifyRoom(
		eventId: string,
		room: RoomCandidate,
		subject: string,
	): Promise<NonNullable<BookingResult['room']> | 'unavailable' | 'eventDeleted'> {
		const event = await readEventWithRooms(this.request.client, this.eventContext(eventId).path).catch(
			(error: Error) => error,
		);
		if (event instanceof Error) {
			this.addStep('verify room', subject, event.message);
			if (isEventMissing(event)) return 'eventDeleted';
			throw event;
		}
		const { meetingRooms = [], status } = event;
		if (status === 'cancelled') {
			this.addStep('verify room', subject, t`not booked`);
			return 'eventDeleted';
		}
		const { kept, others } = chooseRoom(meetingRooms, room.roomId, this.attempt.requestedRooms);
		const { displayName, responseStatus } = kept ?? {};
		const isOther = kept !== undefined && kept.roomId !== room.roomId;
		this.addStep(
			'verify room',
			isOther ? (displayName ?? kept.roomId) : subject,
			kept ? (responseStatus === 'tentative' ? t`waiting for approval` : t`booked`) : t`not booked`,
		);
		if (others.length > 0) await this.releaseRooms(eventId, others);
		if (!kept) return 'unavailable';
		return { roomId: kept.roomId, name: displayName ?? (isOther ? undefined : room.name), responseStatus };
	}

	private async releaseRooms(eventId: string, meetingRoomsToRemove: Array<{ roomId: string }>): Promise<void> {
		const { client, path, idempotencyKey } = this.eventContext(eventId);
		const body = { meetingRoomsToRemove };
		const error = await getError(
			client.request(api.releaseRooms, { path, body, idempotencyKey: idempotencyKey('release room', [eventId, body]) }),
		);
		this.addStep(
			'release room',
			meetingRoomsToRemove.map(({ roomId }) => roomId).join(', '),
			error?.message ?? t`released`,
		);
		if (error && !isDuplicate(error)) throw error;
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
		this.forgetEvent();
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
		this.forgetEvent();
	}

	private forgetEvent(): void {
		delete this.attempt.pendingEvent;
		delete this.attempt.roomCandidates;
		delete this.attempt.requestedRooms;
	}
}

/** Whether its event was not deleted by this process since, nor created so long ago that the key names another meeting. */
const isStillBooked = ({ client, path, attempt, creationKey }: BookingRequest): boolean =>
	client.knowsResult(api.createEvent, { path, ...creationKey(`create ${attempt.eventNumber}`) });

export async function bookMeeting(request: BookingRequest): Promise<BookingResult> {
	const { attempt } = request;
	if (attempt.result && !isStillBooked(request)) {
		delete attempt.result;
		delete attempt.roomCandidates;
	}
	// n8n retries all items of a node, including those that were booked.
	if (attempt.result) return attempt.result;
	const result = await new Booking(request, attempt).run();
	Object.assign(attempt, { result, since: Date.now() });
	delete attempt.pendingEvent;
	return result;
}
