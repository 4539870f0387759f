/** Transfers an event to another organizer. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { personField } from '../../../../lib/n8n/fields/people';
import { readUndocumentedSwitch, undocumentedSwitch } from '../../fields/event/notifications';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Organizer', 'The current organizer of the event');
const newOrganizerField = personField('New Organizer', 'The person who becomes the organizer', 'newOrganizer');

export const transfer: Operation = {
	value: 'transfer',
	name: 'Transfer',
	action: 'Transfer an event to another organizer',
	description: 'Makes another person the organizer of an event',
	calls: [api.transferEvent, ...EVENT_LOOKUPS],
	properties: [
		...event.properties,
		newOrganizerField.property,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				undocumentedSwitch('Notify by Chat', 'notifyByChat', 'Whether to send the new organizer a chat message'),
				undocumentedSwitch(
					'Remove Previous Organizer',
					'leaveEvent',
					'Whether to remove the event from the calendar of the previous organizer',
				),
			],
		},
	],
	prepare(item) {
		const resolvePath = event.read(item);
		const newOrganizer = newOrganizerField.read(item);
		const { leaveEvent, notifyByChat } = item.collection('options');
		const isExitCalendar = readUndocumentedSwitch(leaveEvent, 'Remove Previous Organizer');
		const needNotifyViaO2O = readUndocumentedSwitch(notifyByChat, 'Notify by Chat');

		return async () => {
			const newOrganizerId = await newOrganizer.unionId();
			const path = await resolvePath();
			const body = { newOrganizerId, isExitCalendar, needNotifyViaO2O };
			await item.client.request(api.transferEvent, {
				path,
				body,
				idempotencyKey: item.idempotencyKey('transfer', body),
			});
			return { transferred: true, id: path.eventId, newOrganizerId };
		};
	},
};
