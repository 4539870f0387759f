import { api } from '../../../../lib/dingtalk/endpoints';
import { addAttendees } from '../../../../lib/dingtalk/events/attendees';
import { notifyFields, readNotify } from '../../fields/event/notifications';
import {
	attendeesField,
	departmentsField,
	identifyByField,
	optionalAttendeesField,
	readAttendees,
} from '../../../../lib/n8n/fields/people';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Organizer', 'Who created the event');

export const add: Operation = {
	value: 'add',
	name: 'Add',
	action: 'Add attendees to an event',
	description: 'Invite more people; any number, sent 500 at a time',
	calls: [api.addAttendees, ...EVENT_LOOKUPS],
	properties: [
		...event.properties,
		attendeesField,
		optionalAttendeesField,
		departmentsField,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [identifyByField, ...notifyFields],
		},
	],
	prepare(item) {
		const path = event.read(item);
		const options = item.collection('options');
		const typed = {
			attendees: item.value('attendees'),
			optionalAttendees: item.value('optionalAttendees'),
			departments: item.value('departments'),
			identifyBy: options.identifyBy,
		};
		const people = readAttendees(item, typed, 'Name at least one person to add.');
		const notify = readNotify(options);

		return async () => {
			const target = await path();
			const added = await people(target.userId);
			await addAttendees(item.onEvent(target), added, notify);
			return { id: target.eventId, added: added.length, attendees: added.map(({ id }) => id) };
		};
	},
};
