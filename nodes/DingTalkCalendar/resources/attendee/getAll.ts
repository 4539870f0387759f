import { api } from '../../../../lib/dingtalk/endpoints';
import { listAttendees } from '../../../../lib/dingtalk/events/attendees';
import { RESPONSES, responseOptions } from '../../fields/event/eventFilters';
import { limitProperties, readLimit } from '../../fields/common/limit';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import { readChoice, readList } from '../../../../lib/n8n/fields/primitives';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Person', 'In whose calendar to look: the organizer or somebody who is invited');

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many attendees of an event',
	description: 'List who is invited and what they answered, one item for each person',
	calls: [api.listAttendees, ...EVENT_LOOKUPS],
	properties: [
		...event.properties,
		...limitProperties,
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			options: [
				{
					displayName: 'Response',
					name: 'response',
					type: 'multiOptions',
					default: [],
					description: 'Only people who answered in one of these ways. n8n filters.',
					options: responseOptions,
				},
			],
		},
	],
	prepare(item) {
		const path = event.read(item);
		const limit = readLimit(item);
		const responses: string[] = readList(item.collection('filters').response).map((one) =>
			readChoice(one, 'Response', RESPONSES),
		);

		return async () => {
			const attendees = await listAttendees(
				{ client: item.client, path: await path() },
				{
					limit,
					fits: ({ responseStatus = 'needsAction' }) => responses.length === 0 || responses.includes(responseStatus),
				},
			);
			return attendees.map((attendee) => ({ ...attendee }));
		};
	},
};
