import { api } from '../../../../lib/dingtalk/endpoints';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Organizer', 'Only the organizer gets the link');

export const getCheckOutLink: Operation = {
	value: 'getCheckOutLink',
	name: 'Get Check-Out Link',
	action: 'Get the link to check out with',
	description: 'Get a link that attendees open in DingTalk to check out, for example to print as a QR code',
	calls: [api.getCheckOutLink, ...EVENT_LOOKUPS],
	properties: [...event.properties],
	prepare(item) {
		const path = event.read(item);

		return async () => {
			const target = await path();
			const { signOutLink } = await item.client.request<{ signOutLink?: string }>(api.getCheckOutLink, {
				path: target,
			});
			return { id: target.eventId, link: signOutLink ?? null };
		};
	},
};
