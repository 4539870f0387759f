/** Books one room for the event of a meeting, and tells a room of its own from one that another process has booked with the same key. */
import { api } from '../endpoints';
import { EVEN_WHEN_ABORTED, type CallInput } from '../client/types';
import type { EventContext } from '../events/attendees';
import { DingTalkError } from '../errors/DingTalkError';
import { getError, settle } from '../errors/settle';
import type { BookingAttempt } from './bookingAttempts';
import type { RoomCandidates } from './candidates';
import {
	isDuplicate,
	isEventMissing,
	isOutcomeUnknown,
	isRoomRejected,
	NotBookedError,
	type BookedMeetingRoom,
	type BookingStep,
	type RoomCandidate,
} from './bookingOutcome';
import { chooseRoom, readEventWithRooms, type EventWithRooms } from './rooms';
import { abortableDelay } from '../utils/abort';
import { t } from '../../locale/t';

/** How often two processes that book different rooms for one event at the same moment may both give way. */
const MAX_CONTESTS = 3;
/** How long one of the two waits then, so that the other one books: longer than a request takes. */
const CONTEST_WAIT_MS = 3000;

const subjectOf = (room?: RoomCandidate): string => (room ? (room.name ?? room.roomId) : t`event`);

export class RoomBooking {
	/** The event as it was read after the last request about its rooms, or why it could not be read. */
	private lastRead?: EventWithRooms | Error;
	/** The rooms of another process for which this one has released its own. */
	private readonly rivals: string[] = [];

	constructor(
		private readonly event: EventContext,
		private readonly attempt: BookingAttempt,
		private readonly steps: BookingStep[],
	) {}

	get eventId(): string {
		return this.event.path.eventId;
	}

	/** Books the first room that can be booked. */
	async book(first: RoomCandidate | undefined, others: RoomCandidates): Promise<BookedMeetingRoom | 'eventDeleted'> {
		return await this.bookFirstAvailable(first, others).catch(async (error: Error) => await this.findBooked(error));
	}

	/** The event, read unless it was since the last request about its rooms; even after Stop, to decide whether to delete it. */
	async read(): Promise<EventWithRooms | Error> {
		const { lastRead, eventId } = this;
		// A read that Stop has cancelled says nothing.
		if (lastRead && !(lastRead instanceof Error && this.isStopped)) return lastRead;
		const event = await settle(readEventWithRooms(this.event.client, this.event.path, EVEN_WHEN_ABORTED));
		this.addStep('find event', eventId, event instanceof Error ? event.message : t`found`);
		return (this.lastRead = event);
	}

	/** The rooms that may be booked, as far as the event tells: all that were requested, if it could not be read. */
	unknownRooms(event: EventWithRooms | undefined): string[] {
		const isUnknown = (roomId: string, state: string): boolean =>
			!event || (state === 'unanswered' && !event.meetingRooms?.some((room) => room.roomId === roomId));
		return [...(this.attempt.requestedRooms ?? [])].filter(([id, state]) => isUnknown(id, state)).map(([id]) => id);
	}

	async releaseEvenWhenAborted(rooms: Array<{ roomId: string }>): Promise<Error | undefined> {
		return await this.release(rooms, EVEN_WHEN_ABORTED);
	}

	private get isStopped(): boolean {
		return this.event.client.signal?.aborted === true;
	}

	private addStep(step: BookingStep['step'], subject: string, outcome: string, meteredCalls = 1): void {
		this.steps.push({ step, subject, outcome, meteredCalls });
	}

	private async bookFirstAvailable(
		first: RoomCandidate | undefined,
		others: RoomCandidates,
	): Promise<BookedMeetingRoom | 'eventDeleted'> {
		// It has probably booked it by now.
		const booked = this.attempt.isContested ? await this.verify() : 'unavailable';
		if (booked !== 'unavailable') return booked;
		for (let room = first; room; room = await others.next()) {
			const outcome = await this.bookRoom(room);
			if (outcome !== 'unavailable') return outcome;
		}
		throw new NotBookedError(t`None of the free rooms could be booked`, this.steps);
	}

	/** The room that the event has although this booking failed: another process has booked it with the same key. */
	private async findBooked(failure: Error): Promise<BookedMeetingRoom | 'eventDeleted'> {
		if (this.isStopped) throw failure;
		const event = await this.read();
		if (event instanceof Error) {
			if (isEventMissing(event)) return 'eventDeleted';
			throw failure;
		}
		const outcome = await this.settleRooms(event, undefined, 0);
		if (outcome === 'unavailable') throw failure;
		return outcome;
	}

	private async bookRoom(
		room: RoomCandidate,
		contests = 0,
	): Promise<BookedMeetingRoom | 'unavailable' | 'eventDeleted'> {
		const { client, path } = this.event;
		const body = { meetingRoomsToAdd: [{ roomId: room.roomId }] };
		const requested = (this.attempt.requestedRooms ??= new Map<string, 'answered' | 'unanswered'>());
		const wasRequested = requested.has(room.roomId);
		requested.set(room.roomId, 'unanswered');
		delete this.lastRead;
		const error = await getError(
			client.request(api.bookRooms, { path, body, idempotencyKey: this.keyOf('book', body) }),
		);
		if (this.isStopped && error && !(error instanceof DingTalkError)) {
			// It was not sent this time.
			if (!wasRequested) requested.delete(room.roomId);
			throw error;
		}
		if (!error || !isOutcomeUnknown(error)) requested.set(room.roomId, 'answered');
		this.addStep('book room', room.name ?? room.roomId, error?.message ?? t`requested`);
		if (isEventMissing(error)) return 'eventDeleted';
		if (error && isRoomRejected(error) && !isDuplicate(error)) {
			// If the event has it all the same, another process has booked it.
			if (!error.details.mayBeDone) requested.delete(room.roomId);
			return 'unavailable';
		}
		if (error && !isDuplicate(error) && !isOutcomeUnknown(error)) throw error;
		const outcome = await this.verify(room);
		const [rival] = this.rivals.splice(0);
		if (outcome !== 'unavailable' || rival === undefined || contests === MAX_CONTESTS) return outcome;
		// Both processes have given way. One books again, and the other looks once more before it does.
		if (rival < room.roomId) {
			await abortableDelay(CONTEST_WAIT_MS, client.signal);
			const later = await this.verify(room);
			if (later !== 'unavailable') return later;
		}
		return await this.bookRoom(room, contests + 1);
	}

	/** The key of a request about the rooms of the event. */
	private keyOf(what: string, body: unknown): string {
		const { releases } = this.attempt;
		const about = [this.eventId, body];
		return this.event.idempotencyKey(what, releases === 0 ? about : [...about, releases]);
	}

	/** The room that the event has, as DingTalk says. */
	async verify(room?: RoomCandidate): Promise<BookedMeetingRoom | 'unavailable' | 'eventDeleted'> {
		const event = await settle(readEventWithRooms(this.event.client, this.event.path));
		this.lastRead = event;
		if (!(event instanceof Error)) return await this.settleRooms(event, room);
		this.addStep('verify room', subjectOf(room), event.message);
		if (isEventMissing(event)) return 'eventDeleted';
		throw event;
	}

	/** Which room the event has now: the one that was requested last, or any without one. Others that were requested are released. */
	private async settleRooms(
		{ meetingRooms = [], status }: EventWithRooms,
		room: RoomCandidate | undefined,
		meteredCalls = 1,
	): Promise<BookedMeetingRoom | 'unavailable' | 'eventDeleted'> {
		const subject = subjectOf(room);
		if (status === 'cancelled') {
			this.addStep('verify room', subject, t`not booked`, meteredCalls);
			return 'eventDeleted';
		}
		const { requestedRooms } = this.attempt;
		const { kept, others } = chooseRoom(meetingRooms, room?.roomId, requestedRooms);
		const { displayName, responseStatus } = kept ?? {};
		const isOther = kept !== undefined && kept.roomId !== room?.roomId;
		this.addStep(
			'verify room',
			isOther ? (displayName ?? kept.roomId) : subject,
			kept ? (responseStatus === 'tentative' ? t`waiting for approval` : t`booked`) : t`not booked`,
			meteredCalls,
		);
		const error = await this.release(others);
		if (error) throw error;
		if (!kept) return 'unavailable';
		if (others.length > 0 && !requestedRooms?.has(kept.roomId)) {
			// The other process may have seen the rooms of this one and given way as well.
			this.attempt.isContested = true;
			this.rivals.push(kept.roomId);
			return await this.verify(room);
		}
		return { roomId: kept.roomId, name: displayName ?? (isOther ? undefined : room?.name), responseStatus };
	}

	/** Releases rooms that were requested in vain; returns the error if they are not released. */
	private async release(
		meetingRoomsToRemove: Array<{ roomId: string }>,
		options: Pick<CallInput, 'whenAborted'> = {},
	): Promise<Error | undefined> {
		if (meetingRoomsToRemove.length === 0) return undefined;
		const { client, path } = this.event;
		const body = { meetingRoomsToRemove };
		delete this.lastRead;
		const error = await getError(
			client.request(api.releaseRooms, {
				path,
				body,
				idempotencyKey: this.keyOf('release room', body),
				...options,
			}),
		);
		this.addStep(
			'release room',
			meetingRoomsToRemove.map(({ roomId }) => roomId).join(', '),
			error?.message ?? t`released`,
		);
		if (error && !isDuplicate(error)) return error;
		for (const { roomId } of meetingRoomsToRemove) this.attempt.requestedRooms?.delete(roomId);
		this.attempt.releases++;
		return undefined;
	}
}
