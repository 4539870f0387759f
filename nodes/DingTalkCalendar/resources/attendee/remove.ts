import { api } from '../../../../lib/dingtalk/endpoints';
import { removeAttendees } from '../../../../lib/dingtalk/events/attendees';
import { attendeesField, identifyByField, readAttendees } from '../../../../lib/n8n/fields/people';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Organizer', 'Who created the event');

export const remove: Operation = {
	value: 'remove',
	name: 'Remove',
	action: 'Remove attendees from an event',
	description: 'Take people off an event; any number, sent 500 at a time',
	calls: [api.removeAttendees, ...EVENT_LOOKUPS],
	properties: [
		...event.properties,
		attendeesField,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [identifyByField],
		},
	],
	prepare(item) {
		const path = event.read(item);
		const typed = { attendees: item.value('attendees'), identifyBy: item.collection('options').identifyBy };
		const people = readAttendees(item, typed, 'Name at least one person to remove.');

		return async () => {
			const target = await path();
			const ids = (await people()).map(({ id }) => id);
			await removeAttendees(
				item.onEvent(target),
				ids.map((id) => ({ id })),
			);
			return { id: target.eventId, removed: ids.length, attendees: ids };
		};
	},
};
