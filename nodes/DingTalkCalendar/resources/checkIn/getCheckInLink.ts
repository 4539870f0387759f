import { api } from '../../../../lib/dingtalk/endpoints';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Organizer', 'Only the organizer gets the link');

export const getCheckInLink: Operation = {
	value: 'getCheckInLink',
	name: 'Get Check-In Link',
	action: 'Get the link to check in with',
	description: 'Get a link that attendees open in DingTalk to check in, for example to print as a QR code',
	calls: [api.getCheckInLink, ...EVENT_LOOKUPS],
	properties: [...event.properties],
	prepare(item) {
		const path = event.read(item);

		return async () => {
			const target = await path();
			const { signInLink } = await item.client.request<{ signInLink?: string }>(api.getCheckInLink, { path: target });
			return { id: target.eventId, link: signInLink ?? null };
		};
	},
};
