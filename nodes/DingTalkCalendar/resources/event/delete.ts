/** Deletes an event for everyone, or from one attendee's calendar. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { applyToProperties, END_CALLS, readScope } from '../../fields/series/applyTo';
import { deleteSeriesPart } from '../../fields/series/deleteSeriesPart';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import { readUndocumentedSwitch, undocumentedSwitch } from '../../fields/event/notifications';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Organizer or Attendee', 'The person who deletes the event; this decides what is deleted');

export const deleteEvent: Operation = {
	value: 'delete',
	name: 'Delete',
	action: 'Delete an event',
	description: "Cancels an event for everyone as its organizer, or removes it from one attendee's calendar",
	calls: [...END_CALLS, ...EVENT_LOOKUPS],
	findOverwritten: async () => await Promise.resolve([]),
	properties: [
		{
			displayName:
				'If the person is the <b>organizer</b>, the event is cancelled for everyone. If the person is an <b>attendee</b>, it is only removed from their calendar.',
			name: 'deleteNotice',
			type: 'notice',
			default: '',
		},
		...event.properties,
		...applyToProperties(
			'The series ends before this date; earlier dates stay. Only as the organizer. Costs four calls: two to read the series, one to list its earlier dates, one to end it; more for over 100 dates, or to keep earlier occurrences that were changed individually.',
		),
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				undocumentedSwitch(
					'Send Push Notification',
					'sendPushNotification',
					'Whether DingTalk shows a notification about the deletion',
				),
			],
		},
	],
	prepare(item) {
		const resolvePath = event.read(item);
		const scope = readScope(item);
		const { sendPushNotification } = item.collection('options');
		const pushNotification = readUndocumentedSwitch(sendPushNotification, 'Send Push Notification');

		return async () => {
			const path = await resolvePath();
			const more = await deleteSeriesPart(item, {
				path,
				scope,
				pushNotification,
				async remove(target) {
					await item.client.request(api.deleteEvent, {
						path: target,
						query: { pushNotification },
						idempotencyKey: item.idempotencyKey('delete', target.eventId),
					});
				},
			});
			return { deleted: true, id: path.eventId, ...more };
		};
	},
};
