import type { EventView } from '../calendar/model';
import { roomConflict } from '../calendar/rooms';
import { CalendarStore } from '../calendar/store';
import type { Room } from '../company';
import { invalidParameter, Refusal } from '../contract';
import type { World } from '../world';

const MAX_ROOMS = 5;
const CUSTOM_APPROVAL = 2;

export const roomBusy = (): Refusal => new Refusal(400, 'meetingRoomNotAvailable', 'room busy');

export function roomOf(roomId: string, { company }: World): Room {
	const room = company.rooms.find((candidate) => candidate.roomId === roomId);
	if (room === undefined) throw invalidParameter('roomId invalid');
	return room;
}

/** A series needs rooms that take series, and an end: a room is not given away for ever. */
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

/** A refusal by policy has the code of a room that is taken; only its text tells them apart. */
function requirePolicy(view: EventView, { roomName, minimumMinutes = 0 }: Room): void {
	const { startMs, endMs } = view.details.span;
	if (endMs - startMs >= minimumMinutes * 60_000) return;
	const text = `The reservation period shall not be less than ${minimumMinutes} minutes.`;
	throw new Refusal(400, 'meetingRoomNotAvailable', JSON.stringify([{ roomName, text }]));
}

/** All of them, or none. */
export function book(view: EventView, roomIds: string[], operator: string, world: World): void {
	const rooms = [...new Set(roomIds)].map((roomId) => roomOf(roomId, world));
	const booked = view.rooms.filter(({ responseStatus }) => responseStatus !== 'declined').map(({ roomId }) => roomId);
	const wanted = rooms.filter(({ roomId }) => !booked.includes(roomId));
	if (booked.length + wanted.length > MAX_ROOMS) {
		// It speaks of attendees, but means rooms.
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

/** The answer of a room to the event that asks for it. */
export function decide(
	view: EventView,
	roomId: string,
	responseStatus: (typeof DECISIONS)[number],
	operator: string,
	world: World,
): void {
	const booking = view.rooms.find((room) => room.roomId === roomId);
	if (booking === undefined) throw invalidParameter('roomId invalid');
	// Between a refusal and a change of mind somebody else may have taken the room.
	if (responseStatus === 'accepted' && booking.responseStatus === 'declined') requireFree(view, roomId, world);
	world.use(CalendarStore).bookRooms(view, [{ ...booking, responseStatus }], operator);
}
