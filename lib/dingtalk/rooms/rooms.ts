/** Reads the booking restrictions of rooms and the rooms of an event, and explains why a series was rejected. */
import { api } from '../endpoints';
import type { CallInput, Client } from '../client/types';
import { DingTalkError } from '../errors/DingTalkError';
import { t } from '../../locale/t';

export interface BookedRoom {
	roomId: string;
	displayName?: string;
	/** `tentative` means that the booking is waiting for approval. */
	responseStatus?: string;
}

export interface EventWithRooms {
	id?: string;
	status?: string;
	recurrence?: { range?: { endDate?: string } };
	seriesMasterId?: string;
	meetingRooms?: BookedRoom[];
}

/**
 * Of the rooms of an event, the one that a booking keeps, and those to release. An event that another process has created and
 * booked before keeps its room. A room that this one requested earlier may have been added late, or was declined. With an ID,
 * only that one of the requested rooms is kept.
 */
export function chooseRoom(
	rooms: BookedRoom[],
	id: string | undefined,
	requested: Pick<ReadonlySet<string>, 'has'> = new Set(id === undefined ? [] : [id]),
): { kept: BookedRoom | undefined; others: Array<{ roomId: string }> } {
	const booked = rooms.filter(({ responseStatus = '' }) => ['accepted', 'tentative'].includes(responseStatus));
	const kept =
		booked.find(({ roomId }) => !requested.has(roomId)) ??
		booked.find(({ roomId }) => id === undefined || roomId === id);
	const others = rooms.filter(({ roomId }) => requested.has(roomId) && roomId !== kept?.roomId);
	return { kept, others: others.map(({ roomId }) => ({ roomId })) };
}

/** An occurrence has the rule of its series, but rooms are booked for the occurrence alone. */
export const isSeries = ({ id, recurrence, seriesMasterId = id }: EventWithRooms): boolean =>
	recurrence !== undefined && seriesMasterId === id;

interface RoomDetails {
	result?: { roomName?: string; enableCycleReservation?: boolean; approvalSwitch?: boolean; approvalType?: number };
}

export interface RoomRestrictions {
	roomId: string;
	name: string;
	disallowsSeries: boolean;
	/** A custom approval form can be submitted only in the DingTalk app. */
	requiresDingTalkApp: boolean;
}

const CUSTOM_APPROVAL = 2;

export async function readRoomRestrictions(client: Client, unionId: string, roomId: string): Promise<RoomRestrictions> {
	const { result = {} } = await client.request<RoomDetails>(api.getRoom, { path: { roomId }, query: { unionId } });
	return {
		roomId,
		name: result.roomName ?? roomId,
		disallowsSeries: result.enableCycleReservation === false,
		requiresDingTalkApp: result.approvalSwitch === true && result.approvalType === CUSTOM_APPROVAL,
	};
}

export async function readEventWithRooms(
	client: Client,
	path: Record<string, string>,
	options: Pick<CallInput, 'verifiesWrite' | 'whenAborted'> = {},
): Promise<EventWithRooms> {
	return await client.request<EventWithRooms>(api.getEvent, {
		path,
		query: { maxAttendees: 1 },
		...options,
	});
}

/**
 * DingTalk may book rooms only for series that end, and its error text does not say how to set an end. Adds that advice to
 * the error; other errors are returned as they are.
 */
export async function explainSeriesError(client: Client, path: Record<string, string>, error: Error): Promise<Error> {
	if (!(error instanceof DingTalkError) || error.details.code !== 'invalidParameter') return error;
	const event: EventWithRooms = await readEventWithRooms(client, path, { verifiesWrite: true }).catch(() => ({}));
	if (!isSeries(event) || event.recurrence?.range?.endDate !== undefined) return error;
	return new DingTalkError({
		...error.details,
		advice: t`The event repeats without an end, and DingTalk may book rooms only for series with a last day. In the event's 'Repeat', set 'Ends' to 'On a Date' (with 'Update', or already in 'Create'), then book again. Or book the room for single dates of the series.`,
	});
}
