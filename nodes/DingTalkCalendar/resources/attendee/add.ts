/** Invites people to an event. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { addAttendees } from '../../../../lib/dingtalk/events/attendees';
import { notifyFields, readNotify } from '../../fields/event/notifications';
import {
	attendeesField,
	departmentsField,
	leaveOutFields,
	optionalAttendeesField,
	readAttendees,
} from '../../../../lib/n8n/fields/attendeeFields';
import { identifyByField } from '../../../../lib/n8n/fields/people';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import type { Operation } from '../../../../lib/n8n/Operation';
import { t } from '../../../../lib/locale/t';

const event = eventTarget('Organizer', 'The person who organizes the event');

export const add: Operation = {
	value: 'add',
	name: 'Add',
	action: 'Add attendees to an event',
	description: 'Invites people to an event; costs one call per 500 people',
	calls: [api.addAttendees, ...EVENT_LOOKUPS],
	findOverwritten: async () => await Promise.resolve([]),
	properties: [
		...event.properties,
		attendeesField,
		optionalAttendeesField,
		departmentsField,
		leaveOutFields.people,
		leaveOutFields.departments,
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
		const resolvePath = event.read(item);
		const options = item.collection('options');
		const lists = {
			attendees: item.value('attendees'),
			optionalAttendees: item.value('optionalAttendees'),
			departments: item.value('departments'),
			leaveOutPeople: item.value('leaveOutPeople'),
			leaveOutDepartments: item.value('leaveOutDepartments'),
			identifyBy: options.identifyBy,
		};
		const resolveAttendees = readAttendees(item, lists, t`Name at least one person to add.`);
		const notify = readNotify(options);

		return async () => {
			const path = await resolvePath();
			const attendees = await resolveAttendees(path.userId);
			await addAttendees(item.eventContext(path), attendees, notify);
			return { id: path.eventId, added: attendees.length, attendees: attendees.map(({ id }) => id) };
		};
	},
};
