/** Checks an attendee in to an event. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { formatTimestamp } from '../../fields/event/checkInList';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import { readBoolean } from '../../../../lib/n8n/fields/primitives';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Attendee', 'The person to check in');

export const checkIn: Operation = {
	value: 'checkIn',
	name: 'Check In',
	action: 'Check a person in to an event',
	description: 'Records that a person has arrived at an event',
	calls: [api.checkIn, api.checkInOld, ...EVENT_LOOKUPS],
	findOverwritten: async () => await Promise.resolve([]),
	properties: [
		...event.properties,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				{
					displayName: 'Use Legacy API',
					name: 'useOldCall',
					type: 'boolean',
					default: false,
					description:
						'Whether to use the call from before check-out existed, for apps that only have its permission. DingTalk keeps it but grants no new permissions for it.',
				},
			],
		},
	],
	prepare(item) {
		const resolvePath = event.read(item);
		const { useOldCall } = item.collection('options');
		const call = readBoolean(useOldCall ?? false, 'Use Legacy API') ? api.checkInOld : api.checkIn;

		return async () => {
			const path = await resolvePath();
			const { checkInTime } = await item.client.request<{ checkInTime?: number }>(call, { path });
			return { id: path.eventId, checkedInAt: formatTimestamp(checkInTime, item.zone) };
		};
	},
};
