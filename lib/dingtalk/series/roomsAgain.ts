/** Books the rooms that a series or one of its dates had for the event that takes its place. */
import { EVEN_WHEN_ABORTED } from '../client/types';
import { api } from '../endpoints';
import { DingTalkError } from '../errors/DingTalkError';
import { getError } from '../errors/settle';
import type { EventContext } from '../events/attendees';
import { readEventWithRooms, type BookedRoom } from '../rooms/rooms';
import { joinWords, t } from '../../locale/t';

/** DingTalk does not want it, and will not want it later. */
export const isRefusal = (error: Error): error is DingTalkError =>
	error instanceof DingTalkError && ['input', 'missing', 'permission'].includes(error.kind);

export const nameOfRoom = ({ roomId, displayName = roomId }: BookedRoom): string => displayName;

/** Undefined if it was done; only a refusal is returned, all other errors are thrown. */
export async function refusalOf(request: Promise<unknown>): Promise<DingTalkError | undefined> {
	const error = await getError(request);
	if (error && !isRefusal(error)) throw error;
	return error;
}

/** Books all rooms at once and, if DingTalk refuses that, one by one; returns in words those it does not give. */
export async function bookRoomsAgain(
	{ client, path, idempotencyKey }: EventContext,
	rooms: BookedRoom[],
	purpose: string,
): Promise<string[]> {
	const send = async (ids: string[]): Promise<DingTalkError | undefined> => {
		const body = { meetingRoomsToAdd: ids.map((roomId) => ({ roomId })) };
		return await refusalOf(
			client.request(api.bookRooms, {
				path,
				body,
				idempotencyKey: idempotencyKey(purpose, body),
				...EVEN_WHEN_ABORTED,
			}),
		);
	};
	const refusal = await send(rooms.map(({ roomId }) => roomId));
	const refused = new Map<string, string>();
	if (refusal) {
		for (const room of rooms) {
			const reason = rooms.length > 1 ? await send([room.roomId]) : refusal;
			if (reason) refused.set(room.roomId, t`the room ${nameOfRoom(room)} (${reason.message})`);
		}
	}
	if (refused.size < rooms.length) {
		const { meetingRooms = [] } = await readEventWithRooms(client, path, { verifiesWrite: true });
		const isBooked = ({ roomId }: BookedRoom): boolean =>
			client.isPreview || meetingRooms.some((room) => room.roomId === roomId && room.responseStatus !== 'declined');
		for (const room of rooms) {
			if (!refused.has(room.roomId) && !isBooked(room)) refused.set(room.roomId, t`the room ${nameOfRoom(room)}`);
		}
	}
	return [...refused.values()];
}

/** Gives rooms back; returns in words those that DingTalk does not take. */
export async function releaseRooms(
	{ client, path, idempotencyKey }: EventContext,
	rooms: BookedRoom[],
	purpose: string,
): Promise<string[]> {
	const body = { meetingRoomsToRemove: rooms.map(({ roomId }) => ({ roomId })) };
	const refusal = await refusalOf(
		client.request(api.releaseRooms, {
			path,
			body,
			idempotencyKey: idempotencyKey(purpose, body),
			...EVEN_WHEN_ABORTED,
		}),
	);
	return refusal ? [t`that ${joinWords(rooms.map(nameOfRoom))} is not booked (${refusal.message})`] : [];
}
