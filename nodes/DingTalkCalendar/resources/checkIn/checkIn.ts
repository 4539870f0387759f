/** Checks an attendee in to an event. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { formatTimestamp } from '../../fields/event/checkInList';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Attendee', 'The person to check in');

export const checkIn: Operation = {
	value: 'checkIn',
	name: 'Check In',
	action: 'Check a person in to an event',
	description: 'Records that a person has arrived at an event',
	calls: [api.checkIn, ...EVENT_LOOKUPS],
	properties: [...event.properties],
	prepare(item) {
		const resolvePath = event.read(item);

		return async () => {
			const path = await resolvePath();
			const { checkInTime } = await item.client.request<{ checkInTime?: number }>(api.checkIn, { path });
			return { id: path.eventId, checkedInAt: formatTimestamp(checkInTime, item.zone) };
		};
	},
};
