/** Invites people outside the directory by e-mail address, which DingTalk takes only in an update of the event. */
import { DingTalkError } from '../errors/DingTalkError';
import { api } from '../endpoints';
import { listAttendees, type EventContext, type ExternalAttendee, type Invitee } from './attendees';
import { t } from '../../locale/t';

/**
 * The list of attendees for an update that adds these guests. Whether DingTalk replaces the list or adds to it is not
 * documented, so the list also names everyone who is on the event: the result is the same either way.
 */
export async function listWithExternalAttendees(
	event: Pick<EventContext, 'client' | 'path'>,
	guests: ExternalAttendee[],
): Promise<Array<Invitee | ExternalAttendee>> {
	const { maxBatch } = api.addAttendees;
	const current = await listAttendees({ ...event, needsAllFields: true });
	const count = current.length + guests.length;
	if (count > maxBatch) {
		throw new DingTalkError({
			kind: 'input',
			message: t`People outside the directory cannot be invited to an event with ${current.length} attendees`,
			advice: t`DingTalk takes e-mail addresses only in an update with the whole list, of at most ${maxBatch} people. Create a second event for them.`,
		});
	}
	return [...current.map(({ id, isOptional = false }) => ({ id, isOptional })), ...guests];
}
