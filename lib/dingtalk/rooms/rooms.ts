/** Meeting rooms on events: what DingTalk would refuse, and what it made of a booking. */
import { api } from '../endpoints';
import type { CallInput, Client } from '../client/types';
import { DingTalkError } from '../errors/DingTalkError';

export interface BookedRoom {
	roomId: string;
	displayName?: string;
	/** `tentative` means that somebody still has to approve. */
	responseStatus?: string;
}

export interface EventWithRooms {
	id?: string;
	status?: string;
	recurrence?: { range?: { endDate?: string } };
	seriesMasterId?: string;
	meetingRooms?: BookedRoom[];
}

/** An occurrence shows the rule of its series, but is booked for itself. */
export const isSeries = ({ id, recurrence, seriesMasterId = id }: EventWithRooms): boolean =>
	recurrence !== undefined && seriesMasterId === id;

interface RoomDetails {
	result?: { roomName?: string; enableCycleReservation?: boolean; approvalSwitch?: boolean; approvalType?: number };
}

export interface RoomRestrictions {
	roomId: string;
	name: string;
	disallowsSeries: boolean;
	/** Approval by a form of the organization's own can be asked for only in DingTalk itself. */
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
	{ verifiesWrite: afterwards }: Pick<CallInput, 'verifiesWrite'> = {},
): Promise<EventWithRooms> {
	return await client.request<EventWithRooms>(api.getEvent, {
		path,
		query: { maxAttendees: 1 },
		verifiesWrite: afterwards,
	});
}

/**
 * DingTalk may want a last day of a series before it gives a room away, and its words do not say where to set one. What is
 * refused for another reason, or cannot be looked at, stays as it was.
 */
export async function explainSeriesError(client: Client, path: Record<string, string>, error: Error): Promise<Error> {
	if (!(error instanceof DingTalkError) || error.details.code !== 'invalidParameter') return error;
	const event: EventWithRooms = await readEventWithRooms(client, path, { verifiesWrite: true }).catch(() => ({}));
	if (!isSeries(event) || event.recurrence?.range?.endDate !== undefined) return error;
	return new DingTalkError({
		...error.details,
		advice:
			"The event repeats without a last day, and DingTalk may give a room only to a series that has one. In the event's 'Repeat', set 'Ends' to 'On a Date' (with 'Update', or already in 'Create'), then book again. Or book the room for single dates of the series.",
	});
}
