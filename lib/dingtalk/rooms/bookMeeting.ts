/** Books a meeting whole: the event and its room stand, or nothing does. */
import type { Interval } from 'luxon';
import { findMatchingEvents } from '../client/writeLedger';
import { api } from '../endpoints';
import type { Invitee, NotificationOptions, EventContext } from '../events/attendees';
import { PartiallyDoneError } from '../client/batching';
import { listBusyBlocks, readSchedules } from '../freeBusy/schedules';
import type { Client } from '../client/types';
import { DingTalkError } from '../errors/DingTalkError';
import { createEvent, inviteRemaining } from '../events/createEvent';
import { readEventWithRooms } from './rooms';
import { RoomCandidates } from './candidates';
import type { BookingAttempt } from './bookingAttempts';
import {
	LeftoverEventError,
	NotBookedError,
	type BookingResult,
	type RoomCandidate,
	type BookingStep,
} from './bookingOutcome';

export interface BookingRequest {
	client: Client;
	path: { userId: string; calendarId: string };
	span: Interval<true>;
	content: Record<string, unknown>;
	attendees: Invitee[];
	notify: NotificationOptions;
	/** Who must have time, by union ID, and how strictly. */
	mustBeFree: { people: string[]; tentativeIsFree: boolean; unreadableIsFree: boolean };
	/** How messages call a person. */
	nameOf(id: string): Promise<string>;
	/** In the order of preference; undefined books no room. */
	rooms?: (steps: BookingStep[]) => Promise<RoomCandidate[]>;
	/** Names this booking, the same when n8n tries it again. */
	bookingKey: string;
	/** What came of it so far. */
	attempt: BookingAttempt;
	idempotencyKey(what: string, about: unknown): string;
}

/** Events that somebody deletes while they are being booked are made again this often. */
const MAX_TRIES = 3;

const STOPPED_MESSAGE = 'The execution was stopped';

const isMissingEvent = (error: unknown): boolean =>
	error instanceof DingTalkError &&
	['itemNotFound', 'instanceNotExist'].some((code) => code.toLowerCase() === error.details.code?.toLowerCase());

/** It was carried out when it was asked the first time. */
const isDuplicate = (error: unknown): boolean => error instanceof DingTalkError && error.kind === 'done';

/** Nobody knows whether it was carried out. */
const isOutcomeUnknown = (error: unknown): boolean =>
	!(error instanceof DingTalkError) || ['network', 'server', 'inProgress'].includes(error.kind);

const isRoomRejected = (error: unknown): error is DingTalkError =>
	error instanceof DingTalkError && ['input', 'missing'].includes(error.kind) && !isMissingEvent(error);

class Booking {
	readonly steps: BookingStep[] = [];

	constructor(
		private readonly request: BookingRequest,
		private readonly attempt: BookingAttempt,
	) {}

	async run(): Promise<BookingResult> {
		return await this.book().catch(async (error: Error) => await Promise.reject(await this.finishFailed(error)));
	}

	/** What there is to say once nothing more will be tried. */
	private async finishFailed(error: Error): Promise<Error> {
		// The event and its room stand; only not everybody is invited.
		if (error instanceof PartiallyDoneError) return error;
		const stopped = this.request.client.signal?.aborted === true;
		if (error instanceof LeftoverEventError && !stopped) return error;
		const { pendingEvent } = this.attempt;
		const failure = stopped ? new NotBookedError(STOPPED_MESSAGE, this.steps) : error;
		const why = failure instanceof NotBookedError ? (failure.failure ?? failure) : failure;
		await this.rollBack(why);
		return failure instanceof NotBookedError || !pendingEvent
			? failure
			: new NotBookedError(failure.message, this.steps, failure);
	}

	private async book(): Promise<BookingResult> {
		const { attempt, request } = this;
		// A try before this one got as far as asking for the event, after everything had been looked at.
		if (!attempt.roomCandidates) await this.checkPeople();
		const rooms = request.rooms && (await this.createCandidates());
		const first = await rooms?.next();
		if (rooms && !first) throw new NotBookedError('No room is free', this.steps);
		for (let tries = 1; ; tries++) {
			attempt.roomCandidates = {
				free: first ? [first, ...(rooms?.free ?? [])] : [],
				unchecked: [...(rooms?.unchecked ?? [])],
			};
			const event = await this.createOrResume();
			const room = await this.bookFirstAvailable(event.id, first, rooms);
			if (room === 'none') throw new NotBookedError('Every room that was free a moment ago is taken', this.steps);
			if (room === 'event is gone') {
				attempt.eventNumber++;
				delete attempt.pendingEvent;
				if (tries < MAX_TRIES) continue;
				delete attempt.roomCandidates;
				throw new NotBookedError('The event was deleted by somebody else while its room was being booked', this.steps);
			}
			await inviteRemaining(async () => this.eventContext(event.id), event.id, request.attendees, request.notify);
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
		const { client, path, span, mustBeFree, nameOf } = this.request;
		if (mustBeFree.people.length === 0) return;
		const schedules = await readSchedules(client, path.userId, mustBeFree.people, span);
		const busy = schedules.filter((schedule) => listBusyBlocks(schedule, span, !mustBeFree.tentativeIsFree).length > 0);
		const unreadable = schedules.filter(({ error }) => error !== undefined);
		const findings = await Promise.all([
			...busy.map(async ({ id }) => `${await nameOf(id)} is busy`),
			...unreadable.map(async ({ id, error }) => `the calendar of ${await nameOf(id)} cannot be read (${error})`),
		]);
		const calls = Math.ceil(schedules.length / api.getSchedule.maxBatch);
		this.addStep('check people', `${schedules.length} people`, findings.join('; ') || 'free', calls);
		if (busy.length > 0 || (unreadable.length > 0 && !mustBeFree.unreadableIsFree)) {
			throw new NotBookedError(`Not everybody is free: ${findings.join('; ')}`, this.steps);
		}
	}

	private async createCandidates(): Promise<RoomCandidates> {
		const { client, path, span, rooms } = this.request;
		const context = { client, userId: path.userId, span, steps: this.steps };
		const known = this.attempt.roomCandidates;
		if (known) return new RoomCandidates(context, [...known.free], [...known.unchecked]);
		return new RoomCandidates(context, [], (await rooms?.(this.steps)) ?? []);
	}

	private async createOrResume(): Promise<{ id: string }> {
		const { attempt } = this;
		const { client, path, content, attendees, idempotencyKey } = this.request;
		const id = attempt.pendingEvent?.eventId;
		if (id !== undefined) {
			this.addStep('create', id, 'created before', 0);
			return { id };
		}
		const mayBeThere = attempt.pendingEvent !== undefined;
		for (let tries = 1; ; tries++) {
			const name = idempotencyKey(`create ${attempt.eventNumber}`, this.request.bookingKey);
			client.signal?.throwIfAborted();
			attempt.pendingEvent = {};
			const event = await createEvent({
				client,
				path,
				content,
				attendees,
				idempotencyKey: name,
				onStop: 'finish',
			}).catch((error: Error) => error);
			if (!(event instanceof Error)) {
				attempt.pendingEvent = { eventId: event.id };
				this.addStep('create', event.id, 'created');
				return event;
			}
			if (!isDuplicate(event)) {
				this.addStep('create', 'event', event.message);
				if (isOutcomeUnknown(event)) throw new LeftoverEventError(event, this.steps);
				// A try before this one may have made it.
				if (!mayBeThere) this.forgetEvent();
				throw new NotBookedError(event.message, this.steps, event);
			}
			const own = await this.findCreatedEvent(event);
			if (own) {
				attempt.pendingEvent = { eventId: own.id };
				return own;
			}
			// It was made and is gone again.
			attempt.eventNumber++;
			if (tries >= MAX_TRIES) throw new LeftoverEventError(event, this.steps);
		}
	}

	/** DingTalk says that it has carried this request out, but not with which event. */
	private async findCreatedEvent(duplicate: Error): Promise<{ id: string } | undefined> {
		const found = await this.findMatchingEvents();
		if (found instanceof Error) throw new LeftoverEventError(found, this.steps);
		this.addStep(
			'create',
			found[0]?.id ?? 'event',
			found.length === 1 ? 'created before' : `${found.length} events fit`,
		);
		// Taking somebody's other meeting for this one would be worse than saying so.
		if (found.length > 1) throw new LeftoverEventError(duplicate, this.steps, found.map(({ id }) => id).join(', '));
		return found[0];
	}

	/** What is in the calendar and could be the event. */
	private async findMatchingEvents(): Promise<Array<{ id: string }> | Error> {
		const { client, path, content } = this.request;
		return await findMatchingEvents(client, { path, body: content, onStop: 'begin' }).catch((error: Error) => error);
	}

	/** Finds the event a room. */
	private async bookFirstAvailable(
		eventId: string,
		first: RoomCandidate | undefined,
		rooms: RoomCandidates | undefined,
	): Promise<BookingResult['room'] | 'event is gone' | 'none'> {
		for (let room = first; room; room = await rooms?.next()) {
			const outcome = await this.bookRoom(eventId, room);
			if (outcome !== 'lost') return outcome;
		}
		return rooms ? 'none' : undefined;
	}

	private async bookRoom(
		eventId: string,
		room: RoomCandidate,
	): Promise<NonNullable<BookingResult['room']> | 'lost' | 'event is gone'> {
		const { client, path, idempotencyKey } = this.eventContext(eventId);
		const subject = room.name ?? room.roomId;
		const body = { meetingRoomsToAdd: [{ roomId: room.roomId }] };
		const refused = await client
			.request(api.bookRooms, { path, body, idempotencyKey: idempotencyKey('book', [eventId, body]) })
			.then(
				() => undefined,
				(error: Error) => error,
			);
		this.addStep('book', subject, refused?.message ?? 'asked for');
		if (isMissingEvent(refused)) return 'event is gone';
		if (refused && isRoomRejected(refused) && !isDuplicate(refused)) return 'lost';
		if (refused && !isDuplicate(refused) && !isOutcomeUnknown(refused)) throw refused;
		return await this.verifyRoom(eventId, room, subject);
	}

	private async verifyRoom(
		eventId: string,
		room: RoomCandidate,
		subject: string,
	): Promise<NonNullable<BookingResult['room']> | 'lost' | 'event is gone'> {
		const event = await readEventWithRooms(this.request.client, this.eventContext(eventId).path).catch(
			(error: Error) => error,
		);
		if (event instanceof Error) {
			this.addStep('verify', subject, event.message);
			if (isMissingEvent(event)) return 'event is gone';
			throw event;
		}
		const { meetingRooms = [], status } = event;
		const { displayName, responseStatus } = meetingRooms.find(({ roomId }) => roomId === room.roomId) ?? {};
		const isBooked = status !== 'cancelled' && (responseStatus === 'accepted' || responseStatus === 'tentative');
		this.addStep(
			'verify',
			subject,
			isBooked ? (responseStatus === 'tentative' ? 'waits for an approval' : 'booked') : 'lost',
		);
		if (status === 'cancelled') return 'event is gone';
		// Another room may have come late, or was declined; only the one that counts stays on the event.
		const others = meetingRooms
			.filter(({ roomId }) => !isBooked || roomId !== room.roomId)
			.map(({ roomId }) => ({ roomId }));
		if (others.length > 0) await this.releaseRooms(eventId, others);
		return isBooked ? { roomId: room.roomId, name: displayName ?? room.name, responseStatus } : 'lost';
	}

	private async releaseRooms(eventId: string, meetingRoomsToRemove: Array<{ roomId: string }>): Promise<void> {
		const { client, path, idempotencyKey } = this.eventContext(eventId);
		const body = { meetingRoomsToRemove };
		const refused = await client
			.request(api.releaseRooms, { path, body, idempotencyKey: idempotencyKey('give back', [eventId, body]) })
			.then(
				() => undefined,
				(error: Error) => error,
			);
		this.addStep(
			'give back',
			meetingRoomsToRemove.map(({ roomId }) => roomId).join(', '),
			refused?.message ?? 'given back',
		);
		if (refused && !isDuplicate(refused)) throw refused;
	}

	/** Nothing stays behind, or the error says what does. */
	private async rollBack(failure: Error): Promise<void> {
		const { attempt } = this;
		if (!attempt.pendingEvent) return;
		const { eventId } = attempt.pendingEvent;
		if (eventId) {
			await this.deleteEvent(eventId, failure);
			return;
		}
		const found = await this.findMatchingEvents();
		this.addStep('look for it', 'event', found instanceof Error ? found.message : `${found.length} events fit`);
		// What fits may be another meeting, for nobody knows whether this one was made; so it is not deleted.
		if (found instanceof Error || found.length > 0) throw new LeftoverEventError(failure, this.steps);
		this.forgetEvent();
	}

	/** Deletes the event without telling anybody, also when somebody stops the execution; `why` is what went wrong before. */
	private async deleteEvent(eventId: string, failure: Error): Promise<void> {
		const { client, path, idempotencyKey } = this.eventContext(eventId);
		const refused = await client
			.request(api.deleteEvent, {
				path,
				query: { pushNotification: false },
				idempotencyKey: idempotencyKey('take back', eventId),
				onStop: 'begin',
			})
			.then(
				() => undefined,
				(error: Error) => error,
			);
		const gone = !refused || isMissingEvent(refused) || isDuplicate(refused);
		this.addStep('take back', eventId, gone ? 'taken back' : (refused?.message ?? ''));
		if (!gone) throw new LeftoverEventError(failure, this.steps, eventId);
		this.attempt.eventNumber++;
		this.forgetEvent();
	}

	private forgetEvent(): void {
		delete this.attempt.pendingEvent;
		delete this.attempt.roomCandidates;
	}
}

export async function bookMeeting(order: BookingRequest): Promise<BookingResult> {
	const { attempt } = order;
	// n8n tries all items of a node again, also those that were booked.
	if (attempt.finished) return attempt.finished;
	const booked = await new Booking(order, attempt).run();
	attempt.finished = booked;
	delete attempt.pendingEvent;
	return booked;
}

/** An error that keeps a new try from even beginning hides what the last one left behind; so it is said again. */
export const reportPendingEvent = ({ pendingEvent }: BookingAttempt, error: Error): Error =>
	!pendingEvent ||
	error instanceof NotBookedError ||
	error instanceof LeftoverEventError ||
	error instanceof PartiallyDoneError
		? error
		: new LeftoverEventError(error, [], pendingEvent.eventId);
