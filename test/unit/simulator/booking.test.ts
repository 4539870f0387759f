/** Tests how the simulator books rooms. */
import { bookings } from '../../simulator/booking/listBookings';
import type { Room } from '../../simulator/company';
import type { Fields } from '../../simulator/fields';
import { seedRooms } from '../../simulator/seed/seedRooms';
import { at, daily, CalendarTestbed, eventPath, GUEST, HOST } from './calendarTestbed';

const MONTH = { startTime: '2026-03-02T00:00:00+08:00', endTime: '2026-04-01T00:00:00+08:00' };
const BY_FRIDAY = { recurrence: daily({ type: 'endDate', endDate: '2026-03-06T23:00:00+08:00' }) };

/** A testbed whose company has the seed's rooms. */
function withRooms(switches = {}): { testbed: CalendarTestbed; rooms: Room[] } {
	const testbed = new CalendarTestbed(switches);
	const rooms = seedRooms();
	testbed.world.company.rooms.push(...rooms);
	return { testbed, rooms };
}

const add = (testbed: CalendarTestbed, id: string, room: Room, user = HOST): unknown =>
	testbed.ask('POST', `${eventPath(id, user)}/meetingRooms`, { meetingRoomsToAdd: [{ roomId: room.roomId }] });

const remove = (testbed: CalendarTestbed, id: string, room: Room): unknown =>
	testbed.ask('POST', `${eventPath(id)}/meetingRooms/batchRemove`, { meetingRoomsToRemove: [{ roomId: room.roomId }] });

const respond = (testbed: CalendarTestbed, id: string, room: Room, responseStatus: string, user = HOST): unknown =>
	testbed.ask('POST', `${eventPath(id, user)}/meetingRooms/${room.roomId}/respond`, { responseStatus });

function takenDays(testbed: CalendarTestbed, room: Room): string[] {
	const path = `/v1.0/calendar/users/${HOST}/meetingRooms/schedules/query`;
	const { scheduleInformation } = testbed.ask('POST', path, { roomIds: [room.roomId], ...MONTH });
	const [{ scheduleItems }] = scheduleInformation as Array<{ scheduleItems: Array<{ start: { dateTime: string } }> }>;
	return scheduleItems.map(({ start }) => start.dateTime.slice(8, 10));
}

it('A room booking ends when its event or occurrence is deleted', () => {
	const {
		testbed,
		rooms: [room],
	} = withRooms();
	const { id } = testbed.create(BY_FRIDAY);
	add(testbed, id, room);
	const [, tuesday] = testbed.view(MONTH.startTime, MONTH.endTime);
	testbed.ask('DELETE', eventPath(tuesday.id));
	expect(takenDays(testbed, room)).toEqual(['02', '04', '05', '06']);
	testbed.ask('DELETE', eventPath(id));
	expect(takenDays(testbed, room)).toEqual([]);
});

it('One occurrence of a series can have another room', () => {
	const {
		testbed,
		rooms: [room, other],
	} = withRooms();
	const { id } = testbed.create(BY_FRIDAY);
	add(testbed, id, room);
	const [, tuesday] = testbed.view(MONTH.startTime, MONTH.endTime);
	remove(testbed, tuesday.id, room);
	add(testbed, tuesday.id, other);
	expect(takenDays(testbed, room)).toEqual(['02', '04', '05', '06']);
	expect(takenDays(testbed, other)).toEqual(['03']);
	expect(bookings(testbed.world)).toMatchObject([
		{ eventId: id, roomId: room.roomId, organizer: HOST },
		{ eventId: tuesday.id, roomId: other.roomId, start: at('2026-03-03T10:00:00+08:00') },
	]);
});

it('Booking a room for an endless series checks future conflicts', () => {
	const {
		testbed,
		rooms: [room],
	} = withRooms({ recurringRooms: 'anyRange' });
	const late = { start: at('2026-12-02T10:30:00+08:00'), end: at('2026-12-02T11:30:00+08:00') };
	add(testbed, testbed.create(late).id, room);
	const { id } = testbed.create({ recurrence: daily() });
	expect(() => add(testbed, id, room)).toThrow('room busy');
});

it('A declined room can be requested again', () => {
	const { testbed, rooms } = withRooms();
	const room = rooms.filter(({ approvalSwitch }) => approvalSwitch)[0];
	const { id } = testbed.create();
	add(testbed, id, room);
	respond(testbed, id, room, 'declined');
	expect(takenDays(testbed, room)).toEqual([]);
	add(testbed, id, room);
	expect(testbed.get(id).meetingRooms).toMatchObject([{ roomId: room.roomId, responseStatus: 'tentative' }]);
});

it('A room with a custom approval form cannot be booked through the API', () => {
	const {
		testbed,
		rooms: [room],
	} = withRooms();
	Object.assign(room, { approvalSwitch: true, approvalType: 2 });
	expect(() => add(testbed, testbed.create().id, room)).toThrow('custom approval');
});

it('Anyone or only the organizer can respond for a room, depending on the switch', () => {
	const {
		testbed,
		rooms: [room],
	} = withRooms();
	const { id } = testbed.create();
	add(testbed, id, room);
	respond(testbed, id, room, 'declined', GUEST);
	testbed.world.switches.roomRespondBy = 'organizer';
	expect(() => respond(testbed, id, room, 'accepted', GUEST)).toThrow('permission denied');
	expect(respond(testbed, id, room, 'accepted')).toEqual({ result: true });
});

it('An all-day event occupies a room from midnight to midnight', () => {
	const {
		testbed,
		rooms: [room],
	} = withRooms();
	const day: Fields = { isAllDay: true, start: { date: '2026-03-04' }, end: { date: '2026-03-05' } };
	add(testbed, testbed.create(day).id, room);
	expect(takenDays(testbed, room)).toEqual(['04']);
	const late = testbed.create({ start: at('2026-03-04T20:00:00+08:00'), end: at('2026-03-04T21:00:00+08:00') });
	expect(() => add(testbed, late.id, room)).toThrow('room busy');
});

it('Back-to-back bookings and repeated bookings of the same event do not conflict', () => {
	const {
		testbed,
		rooms: [room],
	} = withRooms();
	const { id } = testbed.create();
	add(testbed, id, room);
	add(testbed, id, room);
	const next = testbed.create({ start: at('2026-03-02T11:00:00+08:00'), end: at('2026-03-02T12:00:00+08:00') });
	expect(add(testbed, next.id, room)).toEqual({ result: true });
	expect(takenDays(testbed, room)).toEqual(['02', '02']);
});
