import { api } from '../../../../lib/dingtalk/endpoints';
import { formatTimestamp } from '../../fields/event/checkInList';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Attendee', 'Who is checked in');

export const checkIn: Operation = {
	value: 'checkIn',
	name: 'Check In',
	action: 'Check a person in to an event',
	description: 'Record that somebody has come to an event',
	calls: [api.checkIn, ...EVENT_LOOKUPS],
	properties: [...event.properties],
	prepare(item) {
		const path = event.read(item);

		return async () => {
			const target = await path();
			const { checkInTime } = await item.client.request<{ checkInTime?: number }>(api.checkIn, { path: target });
			return { id: target.eventId, checkedInAt: formatTimestamp(checkInTime, item.zone) };
		};
	},
};
