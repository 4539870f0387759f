/** Books a meeting whole: the event and its room stand, or nothing does. */
import { DateTime, type Interval } from 'luxon';
import { api } from '../api';
import type { Invitation, Notify, OnEvent } from '../attendees';
import { blocksOf, peoplesSchedules } from '../busy';
import type { Client } from '../client';
import { DingTalkError } from '../errors';
import { createEvent, inviteOthers } from '../newEvents';
import { listRows } from '../pages';
import { readEventWithRooms } from '../rooms';
import { apiDateTime } from '../timestamps';
import { Candidates } from './candidates';
import { attemptAt, type Attempt } from './memory';
import { LeftBehind, NotBooked, type Booked, type Room, type Step } from './outcome';

export interface Order {
	client: Client;
	path: { userId: string; calendarId: string };
	span: Interval<true>;
	content: Record<string, unknown>;
	attendees: Invitation[];
	notify: Notify;
	/** Who must have time, by union ID, and how strictly. */
	mustBeFree: { people: string[]; tentativeIsFree: boolean; unreadableIsFree: boolean };
	/** How messages call a person. */
	nameOf(id: string): Promise<string>;
	/** In the order of preference; undefined books no room. */
	rooms?: (steps: Step[]) => Promise<Room[]>;
	/** Names this booking, the same when n8n tries it again. */
	name: string;
	once(what: string, about: unknown): string;
}

/** Events that somebody deletes while they are being booked are made again this often. */
const MOST_ROUNDS = 3;

const isMissingEvent = (error: unknown): boolean =>
	error instanceof DingTalkError && ['itemNotFound', 'instanceNotExist'].some((code) => code.toLowerCase() === error.facts.code?.toLowerCase());

/** It was carried out when it was asked the first time. */
const isDuplicate = (error: unknown): boolean =>
	error instanceof DingTalkError && error.facts.code?.toLowerCase() === 'invalidrequest.duplicateclienttoken';

/** Nobody knows whether it was carried out. */
const isUncertain = (error: unknown): boolean =>
	!(error instanceof DingTalkError) || ['network', 'server', 'inProgress'].includes(error.trouble);

const isAboutRoom = (error: unknown): error is DingTalkError =>
	error instanceof DingTalkError && ['input', 'missing'].includes(error.trouble) && !isMissingEvent(error);

class Booking {
	readonly steps: Step[] = [];

	constructor(
		private readonly order: Order,
		private readonly attempt: Attempt,
	) {}

	async run(): Promise<Booked> {
		const { attempt, order } = this;
		// A try before this one got as far as asking for the event, after everything had been looked at.
		if (!attempt.underWay) await this.requirePeople();
		const rooms = order.rooms && (await this.candidates());
		const first = await rooms?.next();
		if (rooms && !first) throw new NotBooked('No room is free', this.steps);
		for (let tries = 1; ; tries++) {
			attempt.underWay = { free: first ? [first, ...(rooms?.free ?? [])] : [], unchecked: [...(rooms?.unchecked ?? [])] };
			const event = await this.create();
			const room = await this.settle(event.id, first, rooms);
			if (room === 'event is gone') {
				attempt.round++;
				if (tries < MOST_ROUNDS) continue;
				delete attempt.underWay;
				throw new NotBooked('The event was deleted by somebody else while its room was being booked', this.steps);
			}
			await inviteOthers(async () => this.on(event.id), event.id, order.attendees, order.notify);
			return { event, room, steps: this.steps };
		}
	}

	private log(step: Step['step'], subject: string, outcome: string, meteredCalls = 1): void {
		this.steps.push({ step, subject, outcome, meteredCalls });
	}

	private on(eventId: string): OnEvent {
		const { client, path, once } = this.order;
		return { client, path: { ...path, eventId }, once };
	}

	private async requirePeople(): Promise<void> {
		const { client, path, span, mustBeFree, nameOf } = this.order;
		if (mustBeFree.people.length === 0) return;
		const schedules = await peoplesSchedules(client, path.userId, mustBeFree.people, span);
		const busy = schedules.filter((schedule) => blocksOf(schedule, span, !mustBeFree.tentativeIsFree).length > 0);
		const unreadable = schedules.filter(({ error }) => error !== undefined);
		const told = await Promise.all([
			...busy.map(async ({ id }) => `${await nameOf(id)} is busy`),
			...unreadable.map(async ({ id, error }) => `the calendar of ${await nameOf(id)} cannot be read (${error})`),
		]);
		const calls = Math.ceil(schedules.length / api.getSchedule.batch);
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
		const { client, path, content, attendees, once } = this.order;
		for (let tries = 1; ; tries++) {
			const name = once(`create ${this.attempt.round}`, this.order.name);
			const event = await createEvent({ client, path, content, attendees, once: name }).catch((error: Error) => error);
			if (!(event instanceof Error)) {
				this.log('create', event.id, 'created');
				return event;
			}
			if (!isDuplicate(event)) {
				this.log('create', 'event', event.message);
				if (isUncertain(event)) throw new LeftBehind(event, this.steps);
				delete this.attempt.underWay;
				throw new NotBooked(event.message, this.steps, event);
			}
			const own = await this.alreadyMade(event);
			if (own) return own;
			// It was made and is gone again.
			this.attempt.round++;
			if (tries >= MOST_ROUNDS) throw new LeftBehind(event, this.steps);
		}
	}

	/** DingTalk says that it has carried this request out, but not with which event. */
	private async alreadyMade(duplicate: Error): Promise<{ id: string } | undefined> {
		const { client, path, span, content } = this.order;
		const query = { timeMin: apiDateTime(span.start), timeMax: apiDateTime(span.end), maxResults: api.listEventsView.pageSize };
		const [start, end] = [span.start.toMillis(), span.end.toMillis()];
		const fits = (event: Listed): boolean =>
			event.summary === content.summary &&
			event.status !== 'cancelled' &&
			event.organizer?.id === path.userId &&
			millis(event.start) === start &&
			millis(event.end) === end;
		const found = await listRows<Listed>(client, api.listEventsView, 'events', { path, query }, { fits }).catch(
			(error: Error) => error,
		);
		if (found instanceof Error) throw new LeftBehind(found, this.steps);
		this.log('create', found[0]?.id ?? 'event', found.length === 1 ? 'created before' : `${found.length} events fit`);
		// Taking somebody's other meeting for this one would be worse than saying so.
		if (found.length > 1) throw new LeftBehind(duplicate, this.steps, found.map(({ id }) => id).join(', '));
		return found[0];
	}

	/** Finds the event a room; whatever happens, an event without one does not stay. */
	private async settle(eventId: string, first: Room | undefined, rooms: Candidates | undefined): Promise<Booked['room'] | 'event is gone'> {
		const outcome = await this.firstThatStands(eventId, first, rooms).catch((error: Error) => error);
		if (outcome !== 'none') {
			if (!(outcome instanceof Error)) return outcome;
			await this.takeBack(eventId, outcome);
			throw new NotBooked(outcome.message, this.steps, outcome);
		}
		const reason = 'Every room that was free a moment ago is taken';
		await this.takeBack(eventId, new NotBooked(reason, this.steps));
		throw new NotBooked(reason, this.steps);
	}

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
		const { client, path, once } = this.on(eventId);
		const subject = room.name ?? room.roomId;
		const body = { meetingRoomsToAdd: [{ roomId: room.roomId }] };
		const refused = await client.request(api.bookRooms, { path, body, once: once('book', [eventId, body]) }).then(
			() => undefined,
			(error: Error) => error,
		);
		this.log('book', subject, refused?.message ?? 'asked for');
		if (isMissingEvent(refused)) return 'event is gone';
		if (refused && isAboutRoom(refused) && !isDuplicate(refused)) return 'lost';
		if (refused && !isDuplicate(refused) && !isUncertain(refused)) throw refused;
		return await this.verify(eventId, room, subject);
	}

	private async verify(eventId: string, room: Room, subject: string): Promise<NonNullable<Booked['room']> | 'lost' | 'event is gone'> {
		const event = await readEventWithRooms(this.order.client, this.on(eventId).path).catch((error: Error) => error);
		if (event instanceof Error) {
			this.log('verify', subject, event.message);
			if (isMissingEvent(event)) return 'event is gone';
			throw event;
		}
		const { meetingRooms = [], status } = event;
		const { displayName, responseStatus } = meetingRooms.find(({ roomId }) => roomId === room.roomId) ?? {};
		const stands = status !== 'cancelled' && (responseStatus === 'accepted' || responseStatus === 'tentative');
		this.log('verify', subject, stands ? (responseStatus === 'tentative' ? 'waits for an approval' : 'booked') : 'lost');
		if (status === 'cancelled') return 'event is gone';
		// Another room may have come late, or was declined; only the one that counts stays on the event.
		const others = meetingRooms.filter(({ roomId }) => !stands || roomId !== room.roomId).map(({ roomId }) => ({ roomId }));
		if (others.length > 0) await this.giveBack(eventId, others);
		return stands ? { roomId: room.roomId, name: displayName ?? room.name, responseStatus } : 'lost';
	}

	private async giveBack(eventId: string, meetingRoomsToRemove: Array<{ roomId: string }>): Promise<void> {
		const { client, path, once } = this.on(eventId);
		const body = { meetingRoomsToRemove };
		const refused = await client.request(api.releaseRooms, { path, body, once: once('give back', [eventId, body]) }).then(
			() => undefined,
			(error: Error) => error,
		);
		this.log('give back', meetingRoomsToRemove.map(({ roomId }) => roomId).join(', '), refused?.message ?? 'given back');
		if (refused && !isDuplicate(refused)) throw refused;
	}

	/** Deletes the event without telling anybody; `why` is what went wrong before. */
	private async takeBack(eventId: string, why: Error): Promise<void> {
		const { client, path, once } = this.on(eventId);
		const refused = await client
			.request(api.deleteEvent, { path, query: { pushNotification: false }, once: once('take back', eventId) })
			.then(
				() => undefined,
				(error: Error) => error,
			);
		const gone = !refused || isMissingEvent(refused) || isDuplicate(refused);
		this.log('take back', eventId, gone ? 'taken back' : (refused?.message ?? ''));
		if (!gone) throw new LeftBehind(why, this.steps, eventId);
		this.attempt.round++;
		delete this.attempt.underWay;
	}
}

interface Times {
	dateTime?: string;
}

interface Listed {
	id: string;
	summary?: string;
	status?: string;
	organizer?: { id?: string };
	start?: Times;
	end?: Times;
}

const millis = (time?: Times): number => DateTime.fromISO(time?.dateTime ?? '').toMillis();

export async function bookMeeting(order: Order): Promise<Booked> {
	const attempt = attemptAt(order.name);
	// n8n tries all items of a node again, also those that were booked.
	if (attempt.finished) return attempt.finished;
	const booked = await new Booking(order, attempt).run();
	attempt.finished = booked;
	return booked;
}
