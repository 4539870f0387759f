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
import { Candidates } from './candidates';
import type { Attempt } from './bookingAttempts';
import { LeftBehind, NotBooked, type Booked, type Room, type Step } from './bookingOutcome';

export interface Order {
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
	rooms?: (steps: Step[]) => Promise<Room[]>;
	/** Names this booking, the same when n8n tries it again. */
	name: string;
	/** What came of it so far. */
	attempt: Attempt;
	once(what: string, about: unknown): string;
}

/** Events that somebody deletes while they are being booked are made again this often. */
const MOST_ROUNDS = 3;

const STOPPED = 'The execution was stopped';

const isMissingEvent = (error: unknown): boolean =>
	error instanceof DingTalkError &&
	['itemNotFound', 'instanceNotExist'].some((code) => code.toLowerCase() === error.details.code?.toLowerCase());

/** It was carried out when it was asked the first time. */
const isDuplicate = (error: unknown): boolean => error instanceof DingTalkError && error.kind === 'done';

/** Nobody knows whether it was carried out. */
const isUncertain = (error: unknown): boolean =>
	!(error instanceof DingTalkError) || ['network', 'server', 'inProgress'].includes(error.kind);

const isAboutRoom = (error: unknown): error is DingTalkError =>
	error instanceof DingTalkError && ['input', 'missing'].includes(error.kind) && !isMissingEvent(error);

class Booking {
	readonly steps: Step[] = [];

	constructor(
		private readonly order: Order,
		private readonly attempt: Attempt,
	) {}

	async run(): Promise<Booked> {
		return await this.book().catch(async (error: Error) => await Promise.reject(await this.endOf(error)));
	}

	/** What there is to say once nothing more will be tried. */
	private async endOf(error: Error): Promise<Error> {
		// The event and its room stand; only not everybody is invited.
		if (error instanceof PartiallyDoneError) return error;
		const stopped = this.order.client.signal?.aborted === true;
		if (error instanceof LeftBehind && !stopped) return error;
		const { left } = this.attempt;
		const failure = stopped ? new NotBooked(STOPPED, this.steps) : error;
		const why = failure instanceof NotBooked ? (failure.why ?? failure) : failure;
		await this.clearUp(why);
		return failure instanceof NotBooked || !left ? failure : new NotBooked(failure.message, this.steps, failure);
	}

	private async book(): Promise<Booked> {
		const { attempt, order } = this;
		// A try before this one got as far as asking for the event, after everything had been looked at.
		if (!attempt.underWay) await this.requirePeople();
		const rooms = order.rooms && (await this.candidates());
		const first = await rooms?.next();
		if (rooms && !first) throw new NotBooked('No room is free', this.steps);
		for (let tries = 1; ; tries++) {
			attempt.underWay = {
				free: first ? [first, ...(rooms?.free ?? [])] : [],
				unchecked: [...(rooms?.unchecked ?? [])],
			};
			const event = await this.create();
			const room = await this.firstThatStands(event.id, first, rooms);
			if (room === 'none') throw new NotBooked('Every room that was free a moment ago is taken', this.steps);
			if (room === 'event is gone') {
				attempt.round++;
				delete attempt.left;
				if (tries < MOST_ROUNDS) continue;
				delete attempt.underWay;
				throw new NotBooked('The event was deleted by somebody else while its room was being booked', this.steps);
			}
			await inviteRemaining(async () => this.on(event.id), event.id, order.attendees, order.notify);
			return { event, room, steps: this.steps };
		}
	}

	private log(step: Step['step'], subject: string, outcome: string, meteredCalls = 1): void {
		this.steps.push({ step, subject, outcome, meteredCalls });
	}

	private on(eventId: string): EventContext {
		const { client, path, once } = this.order;
		return { client, path: { ...path, eventId }, idempotencyKey: once };
	}

	private async requirePeople(): Promise<void> {
		const { client, path, span, mustBeFree, nameOf } = this.order;
		if (mustBeFree.people.length === 0) return;
		const schedules = await readSchedules(client, path.userId, mustBeFree.people, span);
		const busy = schedules.filter((schedule) => listBusyBlocks(schedule, span, !mustBeFree.tentativeIsFree).length > 0);
		const unreadable = schedules.filter(({ error }) => error !== undefined);
		const told = await Promise.all([
			...busy.map(async ({ id }) => `${await nameOf(id)} is busy`),
			...unreadable.map(async ({ id, error }) => `the calendar of ${await nameOf(id)} cannot be read (${error})`),
		]);
		const calls = Math.ceil(schedules.length / api.getSchedule.maxBatch);
		this.log('check people', `${schedules.length} people`, told.join('; ') || 'free', calls);
		if (busy.length > 0 || (unreadable.length > 0 && !mustBeFree.unreadableIsFree)) {
			throw new NotBooked(`Not everybody is free: ${told.join('; ')}`, this.steps);
		}
	}

	private async candidates(): Promise<Candidates> {
		const { client, path, span, rooms } = this.order;
		const look = { client, userId: path.userId, span, steps: this.steps };
		const left = this.attempt.underWay;
		if (left) return new Candidates(look, [...left.free], [...left.unchecked]);
		return new Candidates(look, [], (await rooms?.(this.steps)) ?? []);
	}

	private async create(): Promise<{ id: string }> {
		const { attempt } = this;
		const { client, path, content, attendees, once } = this.order;
		const id = attempt.left?.eventId;
		if (id !== undefined) {
			this.log('create', id, 'created before', 0);
			return { id };
		}
		const mayBeThere = attempt.left !== undefined;
		for (let tries = 1; ; tries++) {
			const name = once(`create ${attempt.round}`, this.order.name);
			client.signal?.throwIfAborted();
			attempt.left = {};
			const event = await createEvent({
				client,
				path,
				content,
				attendees,
				idempotencyKey: name,
				onStop: 'finish',
			}).catch((error: Error) => error);
			if (!(event instanceof Error)) {
				attempt.left = { eventId: event.id };
				this.log('create', event.id, 'created');
				return event;
			}
			if (!isDuplicate(event)) {
				this.log('create', 'event', event.message);
				if (isUncertain(event)) throw new LeftBehind(event, this.steps);
				// A try before this one may have made it.
				if (!mayBeThere) this.nothingIsLeft();
				throw new NotBooked(event.message, this.steps, event);
			}
			const own = await this.alreadyMade(event);
			if (own) {
				attempt.left = { eventId: own.id };
				return own;
			}
			// It was made and is gone again.
			attempt.round++;
			if (tries >= MOST_ROUNDS) throw new LeftBehind(event, this.steps);
		}
	}

	/** DingTalk says that it has carried this request out, but not with which event. */
	private async alreadyMade(duplicate: Error): Promise<{ id: string } | undefined> {
		const found = await this.like();
		if (found instanceof Error) throw new LeftBehind(found, this.steps);
		this.log('create', found[0]?.id ?? 'event', found.length === 1 ? 'created before' : `${found.length} events fit`);
		// Taking somebody's other meeting for this one would be worse than saying so.
		if (found.length > 1) throw new LeftBehind(duplicate, this.steps, found.map(({ id }) => id).join(', '));
		return found[0];
	}

	/** What is in the calendar and could be the event. */
	private async like(): Promise<Array<{ id: string }> | Error> {
		const { client, path, content } = this.order;
		return await findMatchingEvents(client, { path, body: content, onStop: 'begin' }).catch((error: Error) => error);
	}

	/** Finds the event a room. */
	private async firstThatStands(
		eventId: string,
		first: Room | undefined,
		rooms: Candidates | undefined,
	): Promise<Booked['room'] | 'event is gone' | 'none'> {
		for (let room = first; room; room = await rooms?.next()) {
			const outcome = await this.tryRoom(eventId, room);
			if (outcome !== 'lost') return outcome;
		}
		return rooms ? 'none' : undefined;
	}

	private async tryRoom(eventId: string, room: Room): Promise<NonNullable<Booked['room']> | 'lost' | 'event is gone'> {
		const { client, path, idempotencyKey } = this.on(eventId);
		const subject = room.name ?? room.roomId;
		const body = { meetingRoomsToAdd: [{ roomId: room.roomId }] };
		const refused = await client
			.request(api.bookRooms, { path, body, idempotencyKey: idempotencyKey('book', [eventId, body]) })
			.then(
				() => undefined,
				(error: Error) => error,
			);
		this.log('book', subject, refused?.message ?? 'asked for');
		if (isMissingEvent(refused)) return 'event is gone';
		if (refused && isAboutRoom(refused) && !isDuplicate(refused)) return 'lost';
		if (refused && !isDuplicate(refused) && !isUncertain(refused)) throw refused;
		return await this.verify(eventId, room, subject);
	}

	private async verify(
		eventId: string,
		room: Room,
		subject: string,
	): Promise<NonNullable<Booked['room']> | 'lost' | 'event is gone'> {
		const event = await readEventWithRooms(this.order.client, this.on(eventId).path).catch((error: Error) => error);
		if (event instanceof Error) {
			this.log('verify', subject, event.message);
			if (isMissingEvent(event)) return 'event is gone';
			throw event;
		}
		const { meetingRooms = [], status } = event;
		const { displayName, responseStatus } = meetingRooms.find(({ roomId }) => roomId === room.roomId) ?? {};
		const stands = status !== 'cancelled' && (responseStatus === 'accepted' || responseStatus === 'tentative');
		this.log(
			'verify',
			subject,
			stands ? (responseStatus === 'tentative' ? 'waits for an approval' : 'booked') : 'lost',
		);
		if (status === 'cancelled') return 'event is gone';
		// Another room may have come late, or was declined; only the one that counts stays on the event.
		const others = meetingRooms
			.filter(({ roomId }) => !stands || roomId !== room.roomId)
			.map(({ roomId }) => ({ roomId }));
		if (others.length > 0) await this.giveBack(eventId, others);
		return stands ? { roomId: room.roomId, name: displayName ?? room.name, responseStatus } : 'lost';
	}

	private async giveBack(eventId: string, meetingRoomsToRemove: Array<{ roomId: string }>): Promise<void> {
		const { client, path, idempotencyKey } = this.on(eventId);
		const body = { meetingRoomsToRemove };
		const refused = await client
			.request(api.releaseRooms, { path, body, idempotencyKey: idempotencyKey('give back', [eventId, body]) })
			.then(
				() => undefined,
				(error: Error) => error,
			);
		this.log(
			'give back',
			meetingRoomsToRemove.map(({ roomId }) => roomId).join(', '),
			refused?.message ?? 'given back',
		);
		if (refused && !isDuplicate(refused)) throw refused;
	}

	/** Nothing stays behind, or the error says what does. */
	private async clearUp(why: Error): Promise<void> {
		const { attempt } = this;
		if (!attempt.left) return;
		const { eventId } = attempt.left;
		if (eventId) {
			await this.takeBack(eventId, why);
			return;
		}
		const found = await this.like();
		this.log('look for it', 'event', found instanceof Error ? found.message : `${found.length} events fit`);
		// What fits may be another meeting, for nobody knows whether this one was made; so it is not deleted.
		if (found instanceof Error || found.length > 0) throw new LeftBehind(why, this.steps);
		this.nothingIsLeft();
	}

	/** Deletes the event without telling anybody, also when somebody stops the execution; `why` is what went wrong before. */
	private async takeBack(eventId: string, why: Error): Promise<void> {
		const { client, path, idempotencyKey } = this.on(eventId);
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
		this.log('take back', eventId, gone ? 'taken back' : (refused?.message ?? ''));
		if (!gone) throw new LeftBehind(why, this.steps, eventId);
		this.attempt.round++;
		this.nothingIsLeft();
	}

	private nothingIsLeft(): void {
		delete this.attempt.left;
		delete this.attempt.underWay;
	}
}

export async function bookMeeting(order: Order): Promise<Booked> {
	const { attempt } = order;
	// n8n tries all items of a node again, also those that were booked.
	if (attempt.finished) return attempt.finished;
	const booked = await new Booking(order, attempt).run();
	attempt.finished = booked;
	delete attempt.left;
	return booked;
}

/** An error that keeps a new try from even beginning hides what the last one left behind; so it is said again. */
export const tellOfLeft = ({ left }: Attempt, error: Error): Error =>
	!left || error instanceof NotBooked || error instanceof LeftBehind || error instanceof PartiallyDoneError
		? error
		: new LeftBehind(error, [], left.eventId);
