/** Makes the attendees of an event match a list. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { afterRead, applyAttendeeDiff, readAttendeeDiff } from '../../../../lib/dingtalk/events/attendees';
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

const event = eventTarget('Organizer', 'The person who organizes the event; always stays on it');

export const sync: Operation = {
	value: 'sync',
	name: 'Sync',
	action: 'Sync the attendees of an event with a list',
	description: 'Sets the attendee list: invites anyone missing and removes anyone not listed',
	calls: [api.listAttendees, api.removeAttendees, api.addAttendees, ...EVENT_LOOKUPS],
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
		// An empty list is probably a mistake in the workflow; it must not remove everyone.
		const resolveAttendees = readAttendees(
			item,
			lists,
			t`Name at least one person. To remove all attendees, use 'Fields to Clear' of the Event operation 'Update'.`,
		);
		const notify = readNotify(options);

		return async () => {
			const path = await resolvePath();
			const target = afterRead(item.eventContext(path));
			const { toAdd, toRemove, unchanged } = await readAttendeeDiff(
				target,
				await resolveAttendees(path.userId),
				path.userId,
			);
			await applyAttendeeDiff(target, { toAdd, toRemove, unchanged }, notify);
			return {
				id: path.eventId,
				unchanged: unchanged.length,
				added: toAdd.map(({ id }) => id),
				removed: toRemove.map(({ id }) => id),
			};
		};
	},
};
