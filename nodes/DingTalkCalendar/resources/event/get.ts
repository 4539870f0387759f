import { api } from '../../../../lib/dingtalk/endpoints';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import { outputProperties, readEventOutput, type ApiEvent } from '../../../../lib/n8n/fields/eventOutput';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import { readWholeNumber } from '../../../../lib/n8n/fields/primitives';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Person', 'In whose calendar to look: the organizer or somebody who is invited');

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get an event',
	description: 'Read one event, or one occurrence of a series',
	calls: [api.getEvent, ...EVENT_LOOKUPS],
	properties: [
		...event.properties,
		...outputProperties,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				{
					displayName: 'Max Attendees',
					name: 'maxAttendees',
					type: 'number',
					typeOptions: { minValue: 1, maxValue: LIMITS.attendeesInEvent },
					default: 100,
					description: `How many attendees to include, up to ${LIMITS.attendeesInEvent}. The operation 'Get Many' of Attendee lists any number.`,
				},
			],
		},
	],
	prepare(item) {
		const path = event.read(item);
		const asked = item.collection('options').maxAttendees;
		const maxAttendees =
			asked === undefined
				? undefined
				: readWholeNumber(asked, 'Max Attendees', { from: 1, to: LIMITS.attendeesInEvent });
		const show = readEventOutput(item);

		return async () =>
			show(await item.client.request<ApiEvent>(api.getEvent, { path: await path(), query: { maxAttendees } }));
	},
};
