import { bookings } from '../../simulator/booking/list';
import type { Room } from '../../simulator/company';
import type { Fields } from '../../simulator/fields';
import { seedRooms } from '../../simulator/seed/rooms';
import { at, daily, Desk, eventPath, GUEST, HOST } from './calendarDesk';

const MONTH = { startTime: '2026-03-02T00:00:00+08:00', endTime: '2026-04-01T00:00:00+08:00' };
const BY_FRIDAY = { recurrence: daily({ type: 'endDate', endDate: '2026-03-06T23:00:00+08:00' }) };

/** A desk whose company has the seed's rooms. */
function withRooms(switches = {}): { desk: Desk; rooms: Room[] } {
	const desk = new Desk(switches);
	const rooms = seedRooms();
	desk.world.company.rooms.push(...rooms);
	return { desk, rooms };
}

const add = (desk: Desk, id: string, room: Room, user = HOST): unknown =>
	desk.ask('POST', `${eventPath(id, user)}/meetingRooms`, { meetingRoomsToAdd: [{ roomId: room.roomId }] });

const remove = (desk: Desk, id: string, room: Room): unknown =>
	desk.ask('POST', `${eventPath(id)}/meetingRooms/batchRemove`, { meetingRoomsToRemove: [{ roomId: room.roomId }] });

const respond = (desk: Desk, id: string, room: Room, responseStatus: string, user = HOST): unknown =>
	desk.ask('POST', `${eventPath(id, user)}/meetingRooms/${room.roomId}/respond`, { responseStatus });

function takenDays(desk: Desk, room: Room): string[] {
	const path = `/v1.0/calendar/users/${HOST}/meetingRooms/schedules/query`;
	const { scheduleInformation } = desk.ask('POST', path, { roomIds: [room.roomId], ...MONTH });
	const [{ scheduleItems }] = scheduleInformation as Array<{ scheduleItems: Array<{ start: { dateTime: string } }> }>;
	return scheduleItems.map(({ start }) => start.dateTime.slice(8, 10));
}

it('A room booking ends when its event or occurrence is deleted', () => {
	const {
		desk,
		rooms: [room],
	} = withRooms();
	const { id } = desk.create(BY_FRIDAY);
	add(desk, id, room);
	const [, tuesday] = desk.view(MONTH.startTime, MONTH.endTime);
	desk.ask('DELETE', eventPath(tuesday.id));
	expect(takenDays(desk, room)).toEqual(['02', '04', '05', '06']);
	desk.ask('DELETE', eventPath(id));
	expect(takenDays(desk, room)).toEqual([]);
});

it('One occurrence of a series can have another room', () => {
	const {
		desk,
		rooms: [room, other],
	} = withRooms();
	const { id } = desk.create(BY_FRIDAY);
	add(desk, id, room);
	const [, tuesday] = desk.view(MONTH.startTime, MONTH.endTime);
	remove(desk, tuesday.id, room);
	add(desk, tuesday.id, other);
	expect(takenDays(desk, room)).toEqual(['02', '04', '05', '06']);
	expect(takenDays(desk, other)).toEqual(['03']);
	expect(bookings(desk.world)).toMatchObject([
		{ eventId: id, roomId: room.roomId, organizer: HOST },
		{ eventId: tuesday.id, roomId: other.roomId, start: at('2026-03-03T10:00:00+08:00') },
	]);
});

it('Booking a room for an endless series checks future conflicts', () => {
	const {
		desk,
		rooms: [room],
	} = withRooms({ recurringRooms: 'anyRange' });
	const late = { start: at('2026-12-02T10:30:00+08:00'), end: at('2026-12-02T11:30:00+08:00') };
	add(desk, desk.create(late).id, room);
	const { id } = desk.create({ recurrence: daily() });
	expect(() => add(desk, id, room)).toThrow('room busy');
});

it('A declined room can be requested again', () => {
	const { desk, rooms } = withRooms();
	const room = rooms.filter(({ approvalSwitch }) => approvalSwitch)[0];
	const { id } = desk.create();
	add(desk, id, room);
	respond(desk, id, room, 'declined');
	expect(takenDays(desk, room)).toEqual([]);
	add(desk, id, room);
	expect(desk.get(id).meetingRooms).toMatchObject([{ roomId: room.roomId, responseStatus: 'tentative' }]);
});

it('A room with a custom approval form cannot be booked through the API', () => {
	const {
		desk,
		rooms: [room],
	} = withRooms();
	Object.assign(room, { approvalSwitch: true, approvalType: 2 });
	expect(() => add(desk, desk.create().id, room)).toThrow('custom approval');
});

it('Anyone or only the organizer can respond for a room, depending on the switch', () => {
	const {
		desk,
		rooms: [room],
	} = withRooms();
	const { id } = desk.create();
	add(desk, id, room);
	respond(desk, id, room, 'declined', GUEST);
	desk.world.switches.roomRespondBy = 'organizer';
	expect(() => respond(desk, id, room, 'accepted', GUEST)).toThrow('permission denied');
	expect(respond(desk, id, room, 'accepted')).toEqual({ result: true });
});

it('An all-day event occupies a room from midnight to midnight', () => {
	const {
		desk,
		rooms: [room],
	} = withRooms();
	const day: Fields = { isAllDay: true, start: { date: '2026-03-04' }, end: { date: '2026-03-05' } };
	add(desk, desk.create(day).id, room);
	expect(takenDays(desk, room)).toEqual(['04']);
	const late = desk.create({ start: at('2026-03-04T20:00:00+08:00'), end: at('2026-03-04T21:00:00+08:00') });
	expect(() => add(desk, late.id, room)).toThrow('room busy');
});

it('Back-to-back bookings and repeated bookings of the same event do not conflict', () => {
	const {
		desk,
		rooms: [room],
	} = withRooms();
	const { id } = desk.create();
	add(desk, id, room);
	add(desk, id, room);
	const next = desk.create({ start: at('2026-03-02T11:00:00+08:00'), end: at('2026-03-02T12:00:00+08:00') });
	expect(add(desk, next.id, room)).toEqual({ result: true });
	expect(takenDays(desk, room)).toEqual(['02', '02']);
});
