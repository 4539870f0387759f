/** Gets the link that attendees open to check out. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Organizer', 'The person who organizes the event; DingTalk gives the link to no one else');

export const getCheckOutLink: Operation = {
	value: 'getCheckOutLink',
	name: 'Get Check-Out Link',
	action: 'Get the check-out link of an event',
	description: 'Returns a link that attendees open in DingTalk to check out, for example to print as a QR code',
	calls: [api.getCheckOutLink, ...EVENT_LOOKUPS],
	properties: [...event.properties],
	prepare(item) {
		const resolvePath = event.read(item);

		return async () => {
			const path = await resolvePath();
			const { signOutLink } = await item.client.request<{ signOutLink?: string }>(api.getCheckOutLink, {
				path,
			});
			return { id: path.eventId, link: signOutLink ?? null };
		};
	},
};
