/** Creates an event with any number of attendees: the first call takes 500, further calls add the others. */
import { addAttendees, type Invitee, type NotificationOptions, type EventContext } from './attendees';
import { api } from '../endpoints';
import { PartiallyDoneError } from '../client/batching';
import type { CallInput, Client, WriteKey } from '../client/types';

export interface CreatedEvent extends Record<string, unknown> {
	id: string;
}

export interface CreateEventInput extends WriteKey {
	client: Client;
	path: { userId: string; calendarId: string };
	content: Record<string, unknown>;
	attendees: Invitee[];
	onStop?: CallInput['onStop'];
}

const takeFirstBatch = (attendees: Invitee[]): Invitee[] => attendees.slice(0, api.createEvent.maxBatch);

export async function createEvent({
	client,
	path,
	content,
	attendees,
	...request
}: CreateEventInput): Promise<CreatedEvent> {
	const body = attendees.length > 0 ? { ...content, attendees: takeFirstBatch(attendees) } : content;
	return await client.request<CreatedEvent>(api.createEvent, { path, body, ...request });
}

/** Invites the attendees that did not fit into the first call; an error says who was invited and who was not. */
export async function inviteRemaining(
	createContext: () => Promise<EventContext>,
	eventId: string,
	attendees: Invitee[],
	notify: NotificationOptions,
): Promise<void> {
	const remaining = attendees.slice(api.createEvent.maxBatch);
	if (remaining.length === 0) return;
	const invite = async (): Promise<void> => await addAttendees(await createContext(), remaining, notify);
	await invite().catch(async (failure: Error) => {
		const { reason, done, notDone } =
			failure instanceof PartiallyDoneError
				? failure
				: { reason: failure, done: [], notDone: remaining.map(({ id }) => id) };
		await Promise.reject(
			new PartiallyDoneError(reason, [...takeFirstBatch(attendees).map(({ id }) => id), ...done], notDone, eventId),
		);
	});
}
