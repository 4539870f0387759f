/** Checks an attendee out of an event. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { formatTimestamp } from '../../fields/event/checkInList';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Attendee', 'The person to check out');

export const checkOut: Operation = {
	value: 'checkOut',
	name: 'Check Out',
	action: 'Check a person out of an event',
	description: 'Records that a person has left an event',
	calls: [api.checkOut, ...EVENT_LOOKUPS],
	findOverwritten: async () => await Promise.resolve([]),
	properties: [...event.properties],
	prepare(item) {
		const resolvePath = event.read(item);

		return async () => {
			const path = await resolvePath();
			const { checkOutTime } = await item.client.request<{ checkOutTime?: number }>(api.checkOut, { path });
			return { id: path.eventId, checkedOutAt: formatTimestamp(checkOutTime, item.zone) };
		};
	},
};
