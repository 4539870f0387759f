/** Gets an event or one occurrence of a series. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import { outputProperties, readEventOutput, type ApiEvent } from '../../../../lib/n8n/fields/eventOutput';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import { readWholeNumber } from '../../../../lib/n8n/fields/primitives';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Person', 'The organizer or an attendee of the event');

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get an event',
	description: 'Returns an event or one occurrence of a series',
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
					description: `How many attendees to include, up to ${LIMITS.attendeesInEvent}. The Attendee operation 'Get Many' lists any number.`,
				},
			],
		},
	],
	prepare(item) {
		const resolvePath = event.read(item);
		const maxAttendeesInput = item.collection('options').maxAttendees;
		const maxAttendees =
			maxAttendeesInput === undefined
				? undefined
				: readWholeNumber(maxAttendeesInput, 'Max Attendees', { from: 1, to: LIMITS.attendeesInEvent });
		const toOutput = readEventOutput(item);

		return async () =>
			toOutput(
				await item.client.request<ApiEvent>(api.getEvent, { path: await resolvePath(), query: { maxAttendees } }),
			);
	},
};
