import { api } from '../../../../lib/dingtalk/endpoints';
import { addAttendees, attendeeDifference, removeAttendees } from '../../../../lib/dingtalk/events/attendees';
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

const event = eventTarget('Organizer', 'Who created the event, and stays on it');

export const sync: Operation = {
	value: 'sync',
	name: 'Sync',
	action: 'Make the attendees of an event match a list',
	description: 'Say who shall be on the event; only who is missing is invited, and only who is too many is taken off',
	calls: [api.listAttendees, api.removeAttendees, api.addAttendees, ...EVENT_LOOKUPS],
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
		// A list that came out empty by mistake must not take everybody off.
		const people = readAttendees(item, typed, "Name at least one person; 'Update' of Event can clear the list.");
		const notify = readNotify(options);

		return async () => {
			const target = await path();
			const on = item.onEvent(target);
			const { toAdd, toRemove, unchanged } = await attendeeDifference(on, await people(target.userId), target.userId);
			await removeAttendees(
				on,
				toRemove.map(({ id }) => ({ id })),
			);
			await addAttendees(on, toAdd, notify);
			return {
				id: target.eventId,
				unchanged: unchanged.length,
				added: toAdd.map(({ id }) => id),
				removed: toRemove.map(({ id }) => id),
			};
		};
	},
};
