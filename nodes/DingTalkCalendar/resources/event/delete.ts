import { api } from '../../../../lib/dingtalk/endpoints';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import { readBoolean } from '../../../../lib/n8n/fields/primitives';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Organizer or Attendee', 'In whose name to delete; this decides what is deleted');

export const deleteEvent: Operation = {
	value: 'delete',
	name: 'Delete',
	action: 'Delete an event',
	description: "Cancel an event for everybody as its organizer, or take it off one attendee's calendar",
	calls: [api.deleteEvent, ...EVENT_LOOKUPS],
	properties: [
		{
			displayName:
				"As the <b>organizer</b>, the event is cancelled for everybody. As an <b>attendee</b>, it only disappears from that person's own calendar.",
			name: 'deleteNotice',
			type: 'notice',
			default: '',
		},
		...event.properties,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				{
					displayName: 'Send Push Notification',
					name: 'sendPushNotification',
					type: 'boolean',
					default: true,
					description: 'Whether a notification about the deletion pops up',
				},
			],
		},
	],
	prepare(item) {
		const path = event.read(item);
		const { sendPushNotification } = item.collection('options');
		const pushNotification =
			sendPushNotification === undefined ? undefined : readBoolean(sendPushNotification, 'Send Push Notification');

		return async () => {
			const target = await path();
			await item.client.request(api.deleteEvent, {
				path: target,
				query: { pushNotification },
				idempotencyKey: item.idempotencyKey('delete', target.eventId),
			});
			return { deleted: true, id: target.eventId };
		};
	},
};
