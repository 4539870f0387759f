/** Creates an event under a key that others may use at the same time, and tells a new event from one that was created before. */
import { api } from '../endpoints';
import { DingTalkError } from '../errors/DingTalkError';
import type { WriteKey } from '../client/types';
import { MINUTE } from '../utils/time';
import type { EventContext, Invitee, NotificationOptions } from './attendees';
import { findChangedFields, type EventState } from './compareEvent';
import { createEvent, inviteRemaining } from './createEvent';
import { getExistingEvent, type CalendarRef, type KeyedEvent } from './findByKey';

/** DingTalk answers a repeated request with the event created before; an event whose age is beyond this is not known to be new. */
const MAX_NEW_EVENT_AGE_MS = 2 * MINUTE;

interface NewEvent {
	content: EventState & Record<string, unknown>;
	attendees: Invitee[];
	notify: NotificationOptions;
	eventContext(eventId: string): EventContext;
}

/** What has become of the request; `goneId` is an event that it created before and that was deleted since, if it is known. */
export type Creation = { createdId: string } | { existing: KeyedEvent } | { goneId: string | undefined };

/** Whether DingTalk has answered a creation with an event that an earlier request created. */
export const existedBefore = ({ createTime }: { createTime?: string }): boolean =>
	Math.abs(Date.now() - Date.parse(createTime ?? '')) > MAX_NEW_EVENT_AGE_MS;

/** The answer may be an event created earlier under the same idempotency key; then it is read, because it may be another by now. */
export async function createKeyedEvent(
	calendar: CalendarRef,
	key: WriteKey,
	{ content, attendees, notify, eventContext }: NewEvent,
): Promise<Creation> {
	const isKnown = calendar.client.knowsResult(api.createEvent, { path: calendar.path, ...key });
	const event = await createEvent({ ...calendar, content, attendees, ...key }).catch(async (error: unknown) =>
		error instanceof DingTalkError && error.kind === 'done' ? undefined : await Promise.reject(error),
	);
	if (!event) return { goneId: undefined };
	const { summary, description, start, end } = content;
	const isDifferent = (one: KeyedEvent): boolean =>
		Object.keys(findChangedFields(one, { summary, description, start, end })).length > 0;
	if (isKnown || isDifferent(event as KeyedEvent) || existedBefore(event)) {
		const existing = await getExistingEvent(calendar, event.id);
		if (!existing) return { goneId: event.id };
		// Old but with the requested content: DingTalk's clock is behind ours.
		if (isKnown || isDifferent(existing)) return { existing };
	}
	await inviteRemaining(async () => eventContext(event.id), event.id, attendees, notify);
	return { createdId: event.id };
}
