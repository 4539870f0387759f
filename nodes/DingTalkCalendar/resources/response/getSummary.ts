/** Summarizes the responses to an event. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { listAttendees, type Attendee } from '../../../../lib/dingtalk/events/attendees';
import { formatPerson } from '../../../../lib/n8n/fields/people';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Person', 'The organizer or an attendee of the event');

const namesOf = (attendees: Attendee[], response: string): string =>
	attendees
		.filter(({ responseStatus = 'needsAction' }) => responseStatus === response)
		.map(formatPerson)
		.join(', ');

export const getSummary: Operation = {
	value: 'getSummary',
	name: 'Get Summary',
	action: 'Get a summary of the responses to an event',
	description: 'Counts and names the people who accepted, declined, accepted tentatively or have not responded',
	calls: [api.listAttendees, ...EVENT_LOOKUPS],
	properties: [...event.properties],
	prepare(item) {
		const resolvePath = event.read(item);

		return async () => {
			const path = await resolvePath();
			const attendees = await listAttendees({ client: item.client, path });
			const count = (response: string): number =>
				attendees.filter(({ responseStatus = 'needsAction' }) => responseStatus === response).length;
			return {
				id: path.eventId,
				total: attendees.length,
				accepted: count('accepted'),
				declined: count('declined'),
				tentative: count('tentative'),
				noAnswer: count('needsAction'),
				acceptedBy: namesOf(attendees, 'accepted'),
				declinedBy: namesOf(attendees, 'declined'),
				tentativeBy: namesOf(attendees, 'tentative'),
				noAnswerFrom: namesOf(attendees, 'needsAction'),
			};
		};
	},
};
