/** Accepts or declines a booking on behalf of a meeting room. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { readId } from '../../fields/locators/locatorFields';
import { roomField } from '../../fields/rooms/roomLocator';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import { readChoice } from '../../../../lib/n8n/fields/primitives';
import type { Operation } from '../../../../lib/n8n/Operation';
import { t } from '../../../../lib/locale/t';

const event = eventTarget('Person', 'The person who responds for the room');

export const respond: Operation = {
	value: 'respond',
	name: 'Respond',
	action: 'Accept or decline an event for a meeting room',
	description: 'Responds to a booking on behalf of a room. DingTalk does not document this call.',
	calls: [api.respondForRoom, ...EVENT_LOOKUPS],
	findOverwritten: async (item) => await Promise.resolve([String(item.value('roomId')).trim()]),
	properties: [
		...event.properties,
		roomField,
		{
			displayName: 'Response',
			name: 'responseStatus',
			type: 'options',
			default: 'accepted',
			options: [
				{ name: 'Accepted', value: 'accepted' },
				{ name: 'Declined', value: 'declined' },
			],
		},
	],
	prepare(item) {
		const resolvePath = event.read(item);
		const roomId = readId(item, 'roomId', 'Room', t`Use an ID from the Meeting Room operation 'Get Many'.`);
		const responseStatus = readChoice(item.value('responseStatus') ?? '', 'Response', [
			'accepted',
			'declined',
		] as const);

		return async () => {
			const path = await resolvePath();
			const body = { responseStatus };
			await item.client.request(api.respondForRoom, {
				path: { ...path, roomId },
				body,
				idempotencyKey: item.idempotencyKey('respond for room', [path.eventId, roomId, body]),
			});
			return { id: path.eventId, roomId, responseStatus };
		};
	},
};
