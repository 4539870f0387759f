/** Gets the link that attendees open to check in. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Organizer', 'The person who organizes the event; DingTalk gives the link to no one else');

export const getCheckInLink: Operation = {
	value: 'getCheckInLink',
	name: 'Get Check-In Link',
	action: 'Get the check-in link of an event',
	description: 'Returns a link that attendees open in DingTalk to check in, for example to print as a QR code',
	calls: [api.getCheckInLink, ...EVENT_LOOKUPS],
	properties: [...event.properties],
	prepare(item) {
		const resolvePath = event.read(item);

		return async () => {
			const path = await resolvePath();
			const { signInLink } = await item.client.request<{ signInLink?: string }>(api.getCheckInLink, { path });
			return { id: path.eventId, link: signInLink ?? null };
		};
	},
};
