/** The steps, results and errors of a booking. */
import { DingTalkError } from '../errors/DingTalkError';
import { PartialFailureError, type Change, type Progress } from '../errors/PartialFailureError';
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

export interface BookingResult {
	event: Record<string, unknown> & { id: string };
	room?: RoomCandidate & Pick<BookedRoom, 'responseStatus'>;
	steps: BookingStep[];
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

/** What is left of a booking that failed: its event, or perhaps its event. */
function leftovers(steps: BookingStep[], eventId: string | undefined): Progress {
	const { done, unknown } = roomChanges(steps);
	const created: Change = { what: eventId ? t`create the event (ID ${eventId})` : t`create the event` };
	if (!eventId) return { done, unknown: [created, ...unknown], notDone: [{ what: t`book the meeting` }] };
	return {
		done: [created, ...done],
		unknown,
		notDone: [{ what: t`book the meeting` }, { what: t`delete the event again` }],
	};
}

/** The booking failed, and its event remains, or may remain, in the calendar. */
export class LeftoverEventError extends PartialFailureError {
	constructor(
		reason: Error,
		readonly steps: BookingStep[],
		/** Undefined if DingTalk's response to the creation was lost. */
		eventId?: string,
	) {
		super({
			reason,
			...leftovers(steps, eventId),
			eventId,
			advice: eventId ? DELETE_IT(eventId) : LOOK_FOR_IT,
			headline: eventId
				? t`The meeting was not booked, and its event could not be deleted (ID ${eventId})`
				: t`It is unknown whether the event was created`,
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
