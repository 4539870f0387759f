import { api } from '../../../../lib/dingtalk/endpoints';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import { isSeries, readEventWithRooms, refusalOfSeries, roomRules } from '../../../../lib/dingtalk/rooms/rooms';
import { readRooms, roomsField } from '../../fields/rooms/roomLocator';
import { EVENT_LOOKUPS, eventTarget, type EventPath } from '../../fields/locators/eventPath';
import { readBoolean } from '../../../../lib/n8n/fields/primitives';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item } from '../../../../lib/n8n/ItemContext';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Organizer', 'Who created the event');

/** What DingTalk would refuse, or silently leave without a room. */
async function assertBookable(item: Item, path: EventPath, rooms: string[]): Promise<void> {
	const bookedEvent = await readEventWithRooms(item.client, path);
	const otherRooms = (bookedEvent.meetingRooms ?? []).filter(
		({ roomId, responseStatus }) => responseStatus !== 'declined' && !rooms.includes(roomId),
	).length;
	if (otherRooms + rooms.length > LIMITS.roomsPerEvent) {
		throw new InputError(
			'Rooms',
			`would give the event ${otherRooms + rooms.length} rooms, DingTalk takes ${LIMITS.roomsPerEvent}`,
			"Give a room back with 'Cancel' first.",
		);
	}
	const rules = await Promise.all(rooms.map(async (roomId) => await roomRules(item.client, path.userId, roomId)));
	const singleEventsOnly = isSeries(bookedEvent) && rules.find(({ forbidsSeries }) => forbidsSeries);
	if (singleEventsOnly) {
		throw new InputError(
			'Rooms',
			`names '${singleEventsOnly.name}', which cannot be booked for a recurring event`,
			'Choose another room, or book it for single events.',
		);
	}
	const appOnly = rules.find(({ needsClient }) => needsClient);
	if (appOnly) {
		throw new InputError(
			'Rooms',
			`names '${appOnly.name}', which needs an approval that only the DingTalk app can ask for`,
			'Book this room in DingTalk.',
		);
	}
}

export const book: Operation = {
	value: 'book',
	name: 'Book',
	action: 'Book meeting rooms for an event',
	description: `Put up to ${LIMITS.roomsPerEvent} rooms on an event and see whether an approval is still needed`,
	calls: [api.bookRooms, api.getEvent, api.getRoom, ...EVENT_LOOKUPS],
	properties: [
		...event.properties,
		roomsField,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				{
					displayName: 'Check Rooms First',
					name: 'checkFirst',
					type: 'boolean',
					default: true,
					description:
						'Whether to read the event and the rooms before booking, to refuse a room that forbids recurring events or is approved in the app only. Costs one call, and one for each room.',
				},
				{
					displayName: 'Read the Outcome',
					name: 'readOutcome',
					type: 'boolean',
					default: true,
					description:
						'Whether to read the event after booking, to tell booked rooms from those that wait for an approval. On by default; costs one call.',
				},
			],
		},
	],
	prepare(item) {
		const resolvePath = event.read(item);
		const rooms = readRooms(item, LIMITS.roomsPerEvent);
		const options = item.collection('options');
		const checkFirst = readBoolean(options.checkFirst ?? false, 'Check Rooms First');
		const readOutcome = readBoolean(options.readOutcome ?? true, 'Read the Outcome');

		return async () => {
			const path = await resolvePath();
			if (checkFirst) await assertBookable(item, path, rooms);
			const body = { meetingRoomsToAdd: rooms.map((roomId) => ({ roomId })) };
			await item.client
				.request(api.bookRooms, { path, body, idempotencyKey: item.idempotencyKey('book rooms', [path.eventId, body]) })
				.catch(async (refusal: Error) => await Promise.reject(await refusalOfSeries(item.client, path, refusal)));
			if (!readOutcome) {
				return {
					id: path.eventId,
					booked: null,
					waitingForApproval: null,
					rooms: rooms.map((roomId) => ({ roomId, name: null, status: null })),
				};
			}
			const { meetingRooms = [] } = await readEventWithRooms(item.client, path, { verifiesWrite: true });
			const outcome = rooms.map((roomId) => {
				const { displayName, responseStatus } = meetingRooms.find((room) => room.roomId === roomId) ?? {};
				return { roomId, name: displayName ?? null, status: responseStatus ?? null };
			});
			return {
				id: path.eventId,
				booked: outcome.filter(({ status }) => status === 'accepted').length,
				waitingForApproval: outcome.filter(({ status }) => status === 'tentative').length,
				rooms: outcome,
			};
		};
	},
};
