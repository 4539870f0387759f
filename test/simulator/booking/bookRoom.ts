/** Books rooms for events and records their approval. */
import type { EventView } from '../calendar/model';
import { roomConflict } from '../calendar/eventRooms';
import { CalendarStore } from '../calendar/calendarStore';
import type { Room } from '../company';
import { invalidParameter, ApiError } from '../contract';
import type { World } from '../world';

const MAX_ROOMS = 5;
const CUSTOM_APPROVAL = 2;

export const roomBusy = (): ApiError => new ApiError(400, 'meetingRoomNotAvailable', 'room busy');

export function roomOf(roomId: string, { company }: World): Room {
	const room = company.rooms.find((candidate) => candidate.roomId === roomId);
	if (room === undefined) throw invalidParameter('roomId invalid');
	return room;
}

/** A series requires rooms that allow recurring bookings and, depending on the switch, an end date. */
function requireSeriesAllowed(view: EventView, rooms: Room[], world: World): void {
	const rule = view.originMs === undefined ? view.event.recurrence : undefined;
	if (rule === undefined) return;
	if (rooms.some(({ enableCycleReservation }) => !enableCycleReservation)) {
		throw invalidParameter('Meeting room does not support recurring events');
	}
	if (rule.range.endDate === undefined && world.switches.recurringRooms === 'needEndDate') {
		throw invalidParameter('Recurring events with meeting rooms need an end date');
	}
}

export function requireFree(view: EventView, roomId: string, world: World): void {
	const recurrence = view.originMs === undefined ? view.event.recurrence : undefined;
	if (roomConflict(roomId, view, { span: view.details.span, recurrence }, world)) throw roomBusy();
}

/** A policy error has the same code as a conflict; only the message differs. */
function requirePolicy(view: EventView, { roomName, minimumMinutes = 0 }: Room): void {
	const { startMs, endMs } = view.details.span;
	if (endMs - startMs >= minimumMinutes * 60_000) return;
	const text = `The reservation period shall not be less than ${minimumMinutes} minutes.`;
	throw new ApiError(400, 'meetingRoomNotAvailable', JSON.stringify([{ roomName, text }]));
}

/** Books all rooms or none. */
export function book(view: EventView, roomIds: string[], operator: string, world: World): void {
	const rooms = [...new Set(roomIds)].map((roomId) => roomOf(roomId, world));
	const booked = view.rooms.filter(({ responseStatus }) => responseStatus !== 'declined').map(({ roomId }) => roomId);
	const wanted = rooms.filter(({ roomId }) => !booked.includes(roomId));
	if (booked.length + wanted.length > MAX_ROOMS) {
		// The message says attendees although it is about rooms.
		throw invalidParameter(`attendees batch size too large. Maximum allowed:${MAX_ROOMS}`);
	}
	if (wanted.some(({ approvalSwitch, approvalType }) => approvalSwitch && approvalType === CUSTOM_APPROVAL)) {
		throw invalidParameter('Meeting room with custom approval can only be booked in DingTalk');
	}
	requireSeriesAllowed(view, wanted, world);
	for (const room of wanted) requirePolicy(view, room);
	for (const { roomId } of wanted) requireFree(view, roomId, world);
	if (wanted.length === 0) return;
	const bookings = wanted.map(({ roomId, roomName, approvalSwitch }) => ({
		roomId,
		displayName: roomName,
		responseStatus: approvalSwitch ? ('tentative' as const) : ('accepted' as const),
	}));
	world.use(CalendarStore).bookRooms(view, bookings, operator);
}

export const DECISIONS = ['accepted', 'declined'] as const;

/** Sets the response of a room to a booking. */
export function decide(
	view: EventView,
	roomId: string,
	responseStatus: (typeof DECISIONS)[number],
	operator: string,
	world: World,
): void {
	const booking = view.rooms.find((room) => room.roomId === roomId);
	if (booking === undefined) throw invalidParameter('roomId invalid');
	// After a refusal, another event may have booked the room.
	if (responseStatus === 'accepted' && booking.responseStatus === 'declined') requireFree(view, roomId, world);
	world.use(CalendarStore).bookRooms(view, [{ ...booking, responseStatus }], operator);
}
