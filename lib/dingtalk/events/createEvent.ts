/** Making an event with any number of guests: the first call takes 500, the others follow. */
import { addAttendees, type Invitation, type Notify, type OnEvent } from './attendees';
import { api } from '../endpoints';
import { PartiallyDoneError } from '../client/batching';
import type { CallInput, Client } from '../client/types';

export interface CreatedEvent extends Record<string, unknown> {
	id: string;
}

export interface NewEvent {
	client: Client;
	path: { userId: string; calendarId: string };
	content: Record<string, unknown>;
	attendees: Invitation[];
	/** Names the request, so that repeating it makes no second event. */
	once: string;
	ifStopped?: CallInput['onStop'];
}

const inFirstCall = (attendees: Invitation[]): Invitation[] => attendees.slice(0, api.createEvent.maxBatch);

export async function createEvent({
	client,
	path,
	content,
	attendees,
	once,
	ifStopped,
}: NewEvent): Promise<CreatedEvent> {
	const body = attendees.length > 0 ? { ...content, attendees: inFirstCall(attendees) } : content;
	return await client.request<CreatedEvent>(api.createEvent, { path, body, idempotencyKey: once, onStop: ifStopped });
}

/** Invites everybody beyond what the first call took, and says who is in if that fails. */
export async function inviteOthers(
	on: () => Promise<OnEvent>,
	eventId: string,
	attendees: Invitation[],
	notify: Notify,
): Promise<void> {
	const later = attendees.slice(api.createEvent.maxBatch);
	if (later.length === 0) return;
	const invite = async (): Promise<void> => await addAttendees(await on(), later, notify);
	await invite().catch(async (failure: Error) => {
		const { reason, done, notDone } =
			failure instanceof PartiallyDoneError
				? failure
				: { reason: failure, done: [], notDone: later.map(({ id }) => id) };
		await Promise.reject(
			new PartiallyDoneError(reason, [...inFirstCall(attendees).map(({ id }) => id), ...done], notDone, eventId),
		);
	});
}
