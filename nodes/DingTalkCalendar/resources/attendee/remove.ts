/** Removes people from an event. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { removeAttendees } from '../../../../lib/dingtalk/events/attendees';
import { attendeesField, readAttendees } from '../../../../lib/n8n/fields/attendeeFields';
import { identifyByField } from '../../../../lib/n8n/fields/people';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import type { Operation } from '../../../../lib/n8n/Operation';
import { t } from '../../../../lib/locale/t';

const event = eventTarget('Organizer', 'The person who organizes the event');

export const remove: Operation = {
	value: 'remove',
	name: 'Remove',
	action: 'Remove attendees from an event',
	description: 'Removes people from an event; costs one call per 500 people',
	calls: [api.removeAttendees, ...EVENT_LOOKUPS],
	findOverwritten: async () => await Promise.resolve([]),
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
		const resolvePath = event.read(item);
		const lists = { attendees: item.value('attendees'), identifyBy: item.collection('options').identifyBy };
		const resolveAttendees = readAttendees(item, lists, t`Name at least one person to remove.`);

		return async () => {
			const path = await resolvePath();
			const ids = (await resolveAttendees()).map(({ id }) => id);
			await removeAttendees(
				item.eventContext(path),
				ids.map((id) => ({ id })),
			);
			return { id: path.eventId, removed: ids.length, attendees: ids };
		};
	},
};
