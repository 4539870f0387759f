/** Lists the attendees of an event and their responses. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { listAttendees } from '../../../../lib/dingtalk/events/attendees';
import { RESPONSES, responseOptions } from '../../fields/event/eventFilters';
import { limitProperties, readLimit } from '../../fields/common/limit';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import { readChoice, readList } from '../../../../lib/n8n/fields/primitives';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Person', 'The organizer or an attendee of the event');

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many attendees of an event',
	description: 'Lists the attendees of an event and their responses, one item per person',
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
					description: 'Only attendees with one of these responses. Filtered in n8n.',
					options: responseOptions,
				},
			],
		},
	],
	prepare(item) {
		const resolvePath = event.read(item);
		const limit = readLimit(item);
		const responses: string[] = readList(item.collection('filters').response).map((response) =>
			readChoice(response, 'Response', RESPONSES),
		);

		return async () => {
			const attendees = await listAttendees(
				{ client: item.client, path: await resolvePath() },
				{
					limit,
					matches: ({ responseStatus = 'needsAction' }) => responses.length === 0 || responses.includes(responseStatus),
				},
			);
			return attendees.map((attendee) => ({ ...attendee }));
		};
	},
};
