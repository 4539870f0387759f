/** Cancels meeting room bookings of an event. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { readRooms, roomsField } from '../../fields/rooms/roomLocator';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Organizer', 'The person who organizes the event');

export const cancel: Operation = {
	value: 'cancel',
	name: 'Cancel',
	action: 'Cancel the booking of meeting rooms',
	description: 'Removes rooms from an event so that others can book them',
	calls: [api.releaseRooms, api.listRooms, ...EVENT_LOOKUPS],
	findOverwritten: async () => await Promise.resolve([]),
	properties: [...event.properties, roomsField],
	prepare(item) {
		const resolvePath = event.read(item);
		const resolveRooms = readRooms(item);

		return async () => {
			const path = await resolvePath();
			const rooms = await resolveRooms(path.userId);
			const body = { meetingRoomsToRemove: rooms.map((roomId) => ({ roomId })) };
			await item.client.request(api.releaseRooms, {
				path,
				body,
				idempotencyKey: item.idempotencyKey('release rooms', [path.eventId, body]),
			});
			return { id: path.eventId, cancelled: rooms.length, rooms };
		};
	},
};
