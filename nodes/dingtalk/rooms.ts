/** Meeting rooms on events: what DingTalk would refuse, and what it made of a booking. */
import { api } from './api';
import type { CallInput, Client } from './client';

export interface RoomOnEvent {
	roomId: string;
	displayName?: string;
	/** `tentative` means that somebody still has to approve. */
	responseStatus?: string;
}

export interface EventWithRooms {
	id?: string;
	status?: string;
	recurrence?: object;
	seriesMasterId?: string;
	meetingRooms?: RoomOnEvent[];
}

/** An occurrence shows the rule of its series, but is booked for itself. */
export const isSeries = ({ id, recurrence, seriesMasterId = id }: EventWithRooms): boolean =>
	recurrence !== undefined && seriesMasterId === id;

interface RoomDetails {
	result?: { roomName?: string; enableCycleReservation?: boolean; approvalSwitch?: boolean; approvalType?: number };
}

export interface RoomRules {
	roomId: string;
	name: string;
	forbidsSeries: boolean;
	/** Approval by a form of the organization's own can be asked for only in DingTalk itself. */
	needsClient: boolean;
}

const CUSTOM_APPROVAL = 2;

export async function roomRules(client: Client, unionId: string, roomId: string): Promise<RoomRules> {
	const { result = {} } = await client.request<RoomDetails>(api.getRoom, { path: { roomId }, query: { unionId } });
	return {
		roomId,
		name: result.roomName ?? roomId,
		forbidsSeries: result.enableCycleReservation === false,
		needsClient: result.approvalSwitch === true && result.approvalType === CUSTOM_APPROVAL,
	};
}

export async function readEventWithRooms(
	client: Client,
	path: Record<string, string>,
	{ afterwards }: Pick<CallInput, 'afterwards'> = {},
): Promise<EventWithRooms> {
	return await client.request<EventWithRooms>(api.getEvent, { path, query: { maxAttendees: 1 }, afterwards });
}
