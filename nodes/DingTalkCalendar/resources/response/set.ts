/** Sets the response of an attendee to an invitation. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { RESPONSES, responseOptions } from '../../fields/event/eventFilters';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import { readChoice } from '../../../../lib/n8n/fields/primitives';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Attendee', 'The person who responds to the invitation');

export const set: Operation = {
	value: 'set',
	name: 'Set',
	action: 'Respond to an invitation',
	description: 'Accepts, tentatively accepts or declines an event on behalf of an attendee',
	calls: [api.respond, ...EVENT_LOOKUPS],
	findOverwritten: async (item) => [(await event.readCalendar(item)()).userId],
	properties: [
		...event.properties,
		{
			displayName: 'Response',
			name: 'responseStatus',
			type: 'options',
			default: 'accepted',
			options: responseOptions,
		},
	],
	prepare(item) {
		const resolvePath = event.read(item);
		const responseStatus = readChoice(item.value('responseStatus') ?? '', 'Response', RESPONSES);

		return async () => {
			const path = await resolvePath();
			const body = { responseStatus };
			await item.client.request(api.respond, {
				path,
				body,
				idempotencyKey: item.idempotencyKey('respond', [path.eventId, body]),
			});
			return { id: path.eventId, responseStatus };
		};
	},
};
