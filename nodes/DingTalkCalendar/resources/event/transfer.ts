import { api } from '../../../../lib/dingtalk/endpoints';
import { personField } from '../../../../lib/n8n/fields/people';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import { readBoolean } from '../../../../lib/n8n/fields/primitives';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Organizer', 'Who hands the event over');
const heir = personField('New Organizer', 'Who takes the event over', 'newOrganizer');

export const transfer: Operation = {
	value: 'transfer',
	name: 'Transfer',
	action: 'Transfer an event to another organizer',
	description: 'Hand an event over to somebody else',
	calls: [api.transferEvent, ...EVENT_LOOKUPS],
	properties: [
		...event.properties,
		heir.property,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				{
					displayName: 'Leave the Event',
					name: 'leaveEvent',
					type: 'boolean',
					default: true,
					description: 'Whether the event disappears from the calendar of who hands it over',
				},
				{
					displayName: 'Notify by Chat',
					name: 'notifyByChat',
					type: 'boolean',
					default: true,
					description: 'Whether the new organizer gets a chat message',
				},
			],
		},
	],
	prepare(item) {
		const path = event.read(item);
		const newOrganizer = heir.read(item);
		const { leaveEvent, notifyByChat } = item.collection('options');
		const isExitCalendar = leaveEvent === undefined ? undefined : readBoolean(leaveEvent, 'Leave the Event');
		const needNotifyViaO2O = notifyByChat === undefined ? undefined : readBoolean(notifyByChat, 'Notify by Chat');

		return async () => {
			const newOrganizerId = await newOrganizer.unionId();
			const target = await path();
			const body = { newOrganizerId, isExitCalendar, needNotifyViaO2O };
			await item.client.request(api.transferEvent, { path: target, body, idempotencyKey: item.idempotencyKey('transfer', body) });
			return { transferred: true, id: target.eventId, newOrganizerId };
		};
	},
};
