import { api } from '../../../../lib/dingtalk/endpoints';
import { formatTimestamp } from '../../fields/event/checkInList';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Attendee', 'Who is checked out');

export const checkOut: Operation = {
	value: 'checkOut',
	name: 'Check Out',
	action: 'Check a person out of an event',
	description: 'Record that somebody has left an event',
	calls: [api.checkOut, ...EVENT_LOOKUPS],
	properties: [...event.properties],
	prepare(item) {
		const path = event.read(item);

		return async () => {
			const target = await path();
			const { checkOutTime } = await item.client.request<{ checkOutTime?: number }>(api.checkOut, { path: target });
			return { id: target.eventId, checkedOutAt: formatTimestamp(checkOutTime, item.zone) };
		};
	},
};
