/** Creates an event with any number of attendees: the first call takes 500, further calls add the others. */
import { addAttendees, type Invitee, type NotificationOptions, type EventContext } from './attendees';
import { api } from '../endpoints';
import type { Change } from '../errors/PartialFailureError';
import { runSteps } from '../errors/runSteps';
import type { CallInput, Client, WriteKey } from '../client/types';
import { t } from '../../locale/t';

export interface CreatedEvent extends Record<string, unknown> {
	id: string;
	createTime?: string;
}

export interface CreateEventInput extends WriteKey {
	client: Client;
	path: { userId: string; calendarId: string };
	content: Record<string, unknown>;
	attendees: Invitee[];
	whenAborted?: CallInput['whenAborted'];
}

/** Asking for it again in another execution would create a second event. */
const ADVICE = t`n8n's Retry continues with the same event. Otherwise, invite the others with the Attendee operation 'Add'.`;

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
	done: Change[] = [],
): Promise<void> {
	const remaining = attendees.slice(api.createEvent.maxBatch);
	if (remaining.length === 0) return;
	const people = remaining.map(({ id }) => ({ id }));
	await runSteps(
		[
			{
				what: t`add`,
				people,
				run: async () => await addAttendees(await createContext(), remaining, notify),
			},
		],
		[
			{ what: t`create the event (ID ${eventId})` },
			...done,
			{ what: t`add`, people: takeFirstBatch(attendees).map(({ id }) => ({ id })) },
		],
		{ eventId, advice: ADVICE },
	);
}
