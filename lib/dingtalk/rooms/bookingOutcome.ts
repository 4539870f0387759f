/** The steps, results and errors of a booking. */
import { DingTalkError } from '../errors/DingTalkError';
import { findChangedFields, type EventState } from '../events/compareEvent';
import { PartialFailureError, type Change, type Progress } from '../errors/PartialFailureError';
import type { ApiTime } from '../utils/timestamps';
import type { BookedRoom } from './rooms';
import { t } from '../../locale/t';

export interface RoomCandidate {
	roomId: string;
	name?: string;
}

export interface BookingStep {
	step:
		| 'check people'
		| 'list rooms'
		| 'check rooms'
		| 'create event'
		| 'book room'
		| 'verify room'
		| 'release room'
		| 'delete event'
		| 'find event';
	/** The room, the event or the people that the step concerns. */
	subject: string;
	outcome: string;
	/** Calls that count toward the monthly quota, not including automatic retries. */
	meteredCalls: number;
}

const STEP_NAMES: Readonly<Record<BookingStep['step'], string>> = {
	'check people': t`check people`,
	'list rooms': t`list rooms`,
	'check rooms': t`check rooms`,
	'create event': t`create event`,
	'book room': t`book room`,
	'verify room': t`verify room`,
	'release room': t`release room`,
	'delete event': t`delete event`,
	'find event': t`find event`,
};

/** The steps as output and errors name them. */
export const shownSteps = (steps: BookingStep[]): Array<Omit<BookingStep, 'step'> & { step: string }> =>
	steps.map((step) => ({ ...step, step: STEP_NAMES[step.step] }));

export type BookedMeetingRoom = RoomCandidate & Pick<BookedRoom, 'responseStatus'>;

/** What is booked, as the output says it. */
export interface Meeting {
	summary: string;
	start?: ApiTime;
	end?: ApiTime;
	zone: string;
	organizer: string;
	/** All who are invited, optional attendees included. */
	attendees: string;
}

export interface BookingResult {
	/** With the key of an earlier booking, that one's. */
	meeting: Meeting;
	event: Record<string, unknown> & { id: string };
	room?: BookedMeetingRoom;
	steps: BookingStep[];
}

/** The meeting with the title and time of the event with which DingTalk has answered: another process may have created it. */
export function asCreated(meeting: Meeting, { summary, start, end }: EventState, event: EventState): Meeting {
	const actual = { summary: event.summary ?? summary, start: event.start ?? start, end: event.end ?? end };
	if (Object.keys(findChangedFields(actual, { summary, start, end })).length === 0) return meeting;
	return { ...meeting, ...actual, summary: actual.summary ?? meeting.summary };
}

/** The meeting was not booked, and no event remains. */
export class NotBookedError extends Error {
	constructor(
		readonly reason: string,
		readonly steps: BookingStep[],
		/** DingTalk's error; undefined if people or rooms were not free. */
		override readonly cause?: Error,
	) {
		super(reason);
		this.name = 'NotBookedError';
	}
}

const DELETE_IT = (eventId: string): string =>
	t`Delete the event ${eventId} with the 'Delete' operation of Event, as the organizer.`;
const LOOK_FOR_IT = t`Check the organizer's calendar at that time. With 'Retry On Fail' in the node's settings, n8n continues with the same event.`;

const ROOM_OUTCOMES = new Map<string, keyof Progress>([
	[t`requested`, 'unknown'],
	[t`booked`, 'done'],
	[t`waiting for approval`, 'done'],
]);

/** The outcome of the last step for each room that may be booked. */
function roomChanges(steps: BookingStep[]): Progress {
	const last = new Map<string, keyof Progress | undefined>();
	for (const { step, subject, outcome } of steps)
		if (step === 'book room' || step === 'verify room') last.set(subject, ROOM_OUTCOMES.get(outcome));
	const progress: Progress = { done: [], unknown: [], notDone: [] };
	for (const [subject, part] of last) if (part) progress[part].push({ what: t`book the room ${subject}` });
	return progress;
}

/**
 * What is left of a booking that failed: an event that may have been created, one that was created and is not found, one of
 * several that look alike, one that could not be deleted, one that could not be read or that another process is booking, so
 * that it may be that one's meeting, or such a meeting.
 */
type Leftover = 'uncreated' | 'unfound' | 'ambiguous' | 'undeleted' | 'unread' | 'withRoom' | 'withoutRoom';

interface LeftoverText {
	headline: string;
	advice: string;
	unknown?: string;
	notDone?: string[];
}

const BOOK_IT = t`book the meeting`;

const LEFTOVERS: Readonly<Record<Leftover, (eventId: string) => LeftoverText>> = {
	uncreated: () => ({
		headline: t`It is unknown whether the event was created`,
		advice: LOOK_FOR_IT,
		unknown: t`create the event`,
		notDone: [BOOK_IT],
	}),
	unfound: () => ({
		headline: t`An earlier request created the event, but it was not found with this title and time`,
		advice: t`It may have been changed, or deleted. Look for it in the organizer's calendar. If it is gone, run the workflow again for this item; with a key, use another 'Idempotency Key'.`,
		unknown: t`book a room`,
	}),
	ambiguous: (eventIds) => ({
		headline: t`The event was created, but it is unknown which of these it is: ${eventIds}`,
		advice: t`They have the same title and time. Open them in the organizer's calendar, and delete the one that you do not need with the Event operation 'Delete', as the organizer.`,
		notDone: [BOOK_IT],
	}),
	undeleted: (eventId) => ({
		headline: t`The meeting was not booked, and its event could not be deleted (ID ${eventId})`,
		advice: DELETE_IT(eventId),
		notDone: [BOOK_IT, t`delete the event again`],
	}),
	unread: (eventId) => ({
		headline: t`It is unknown whether the meeting is booked, and its event was left in place (ID ${eventId})`,
		advice: t`Open the event ${eventId} in the organizer's calendar. If it has a room, the meeting is booked; release further rooms with the Meeting Room operation 'Cancel'. If it has none, book one with 'Book', or delete the event with the Event operation 'Delete', as the organizer.`,
		unknown: t`book a room`,
	}),
	withRoom: (eventId) => ({
		headline: t`The meeting has a room and was left in place (ID ${eventId})`,
		advice: t`Nothing needs to be done if the meeting is wanted. Otherwise, delete the event ${eventId} with the Event operation 'Delete', as the organizer. Release rooms that it does not need with the Meeting Room operation 'Cancel'.`,
	}),
	withoutRoom: (eventId) => ({
		headline: t`The meeting of an earlier execution has no room and was left in place (ID ${eventId})`,
		advice: t`Book a room for the event ${eventId} with the Meeting Room operation 'Book', or delete the event with the Event operation 'Delete', as the organizer.`,
		notDone: [t`book a room`],
	}),
};

/** The booking failed, and its event remains, or may remain, in the calendar. */
export class LeftoverEventError extends PartialFailureError {
	constructor(
		reason: Error,
		readonly steps: BookingStep[],
		/** Undefined if DingTalk's response to the creation was lost. */
		eventId?: string,
		readonly leftover: Leftover = eventId === undefined ? 'uncreated' : 'undeleted',
		rooms = roomChanges(steps),
	) {
		const { headline, advice, unknown, notDone = [] } = LEFTOVERS[leftover](eventId ?? '');
		const isKnown = eventId !== undefined && leftover !== 'ambiguous';
		const created = isKnown ? t`create the event (ID ${eventId})` : t`create the event`;
		const toChanges = (...whats: string[]): Change[] => whats.map((what) => ({ what }));
		super({
			reason,
			done: [...(leftover === 'uncreated' ? [] : toChanges(created)), ...rooms.done],
			// The rooms that were requested are named.
			unknown: [
				...(unknown && (eventId === undefined || rooms.unknown.length === 0) ? toChanges(unknown) : []),
				...rooms.unknown,
			],
			notDone: [...toChanges(...notDone), ...rooms.notDone],
			eventId: isKnown ? eventId : undefined,
			advice,
			headline,
		});
		this.name = 'LeftoverEventError';
	}

	/** It is about no people. */
	override named(): this {
		return this;
	}
}

/** Whether a request to create the event has left, and its response was lost. */
export const isLost = (error: Error): boolean =>
	error instanceof LeftoverEventError && error.reason instanceof DingTalkError && error.reason.isOutcomeUnknown;

export const isEventMissing = (error: unknown): boolean =>
	error instanceof DingTalkError &&
	['itemNotFound', 'instanceNotExist'].some((code) => code.toLowerCase() === error.details.code?.toLowerCase());

/** DingTalk carried out an earlier request with the same idempotency key. */
export const isDuplicate = (error: unknown): boolean => error instanceof DingTalkError && error.kind === 'done';

/** It is unknown whether DingTalk carried out the request. */
export const isOutcomeUnknown = (error: unknown): boolean =>
	!(error instanceof DingTalkError) ||
	error.details.mayBeDone === true ||
	['network', 'server', 'inProgress'].includes(error.kind);

export const isRoomRejected = (error: unknown): error is DingTalkError =>
	error instanceof DingTalkError && ['input', 'missing'].includes(error.kind) && !isEventMissing(error);
