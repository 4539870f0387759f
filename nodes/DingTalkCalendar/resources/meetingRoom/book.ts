/** Books meeting rooms for an event. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import {
	isSeries,
	readEventWithRooms,
	explainSeriesError,
	readRoomRestrictions,
} from '../../../../lib/dingtalk/rooms/rooms';
import { readRooms, roomsField } from '../../fields/rooms/roomLocator';
import { EVENT_LOOKUPS, eventTarget, type EventPath } from '../../fields/locators/eventPath';
import { readBoolean } from '../../../../lib/n8n/fields/primitives';
import { runNext } from '../../../../lib/dingtalk/errors/runSteps';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item } from '../../../../lib/n8n/ItemContext';
import type { Operation } from '../../../../lib/n8n/Operation';
import { joinWords, t } from '../../../../lib/locale/t';

const event = eventTarget('Organizer', 'The person who organizes the event');

/** Rejects bookings that DingTalk would refuse or silently ignore. */
async function assertBookable(item: Item, path: EventPath, rooms: string[]): Promise<void> {
	const bookedEvent = await readEventWithRooms(item.client, path);
	const otherRooms = (bookedEvent.meetingRooms ?? []).filter(
		({ roomId, responseStatus }) => responseStatus !== 'declined' && !rooms.includes(roomId),
	).length;
	if (otherRooms + rooms.length > LIMITS.roomsPerEvent) {
		throw new InputError(
			'Rooms',
			t`would bring the event to ${otherRooms + rooms.length} rooms; DingTalk allows ${LIMITS.roomsPerEvent}`,
			t`Remove a room with the Meeting Room operation 'Cancel' first.`,
		);
	}
	const rules = await Promise.all(
		rooms.map(async (roomId) => await readRoomRestrictions(item.client, path.userId, roomId)),
	);
	const singleEventsOnly = isSeries(bookedEvent) && rules.find(({ disallowsSeries }) => disallowsSeries);
	if (singleEventsOnly) {
		throw new InputError(
			'Rooms',
			t`includes '${singleEventsOnly.name}', which cannot be booked for a recurring event`,
			t`Choose another room, or book it for single events.`,
		);
	}
	const appOnly = rules.find(({ requiresDingTalkApp }) => requiresDingTalkApp);
	if (appOnly) {
		throw new InputError(
			'Rooms',
			t`includes '${appOnly.name}', which needs an approval that can only be requested in the DingTalk app`,
			t`Book this room in DingTalk.`,
		);
	}
}

export const book: Operation = {
	value: 'book',
	name: 'Book',
	action: 'Book meeting rooms for an event',
	description: `Books up to ${LIMITS.roomsPerEvent} rooms for an event and reports whether they still need approval`,
	calls: [api.bookRooms, api.getEvent, api.getRoom, api.listRooms, ...EVENT_LOOKUPS],
	findOverwritten: async () => await Promise.resolve([]),
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
					default: false,
					description:
						'Whether to read the event and the rooms before booking, to reject rooms that do not allow recurring events or that can only be approved in the app. Costs one call plus one per room.',
				},
				{
					displayName: 'Verify Booking',
					name: 'readOutcome',
					type: 'boolean',
					default: true,
					description:
						'Whether to read the event after booking, to distinguish booked rooms from rooms waiting for approval. Costs one call.',
				},
			],
		},
	],
	prepare(item) {
		const resolvePath = event.read(item);
		const resolveRooms = readRooms(item, LIMITS.roomsPerEvent);
		const options = item.collection('options');
		const checkFirst = readBoolean(options.checkFirst ?? false, 'Check Rooms First');
		const readOutcome = readBoolean(options.readOutcome ?? true, 'Verify Booking');

		return async () => {
			const path = await resolvePath();
			const rooms = await resolveRooms(path.userId);
			if (checkFirst) await assertBookable(item, path, rooms);
			const body = { meetingRoomsToAdd: rooms.map((roomId) => ({ roomId })) };
			await item.client
				.request(api.bookRooms, { path, body, idempotencyKey: item.idempotencyKey('book rooms', [path.eventId, body]) })
				.catch(async (refusal: Error) => await Promise.reject(await explainSeriesError(item.client, path, refusal)));
			if (!readOutcome) {
				return {
					id: path.eventId,
					booked: null,
					waitingForApproval: null,
					rooms: rooms.map((roomId) => ({ roomId, name: null, status: null })),
				};
			}
			const { meetingRooms = [] } = await runNext([{ what: t`request ${joinWords(rooms)}` }], {
				what: t`read whether they accept`,
				isRead: true,
				run: async () => await readEventWithRooms(item.client, path, { verifiesWrite: true }),
			});
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
