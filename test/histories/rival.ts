/** Another person who books the rooms that the meetings of a history may have. */
import { book } from '../simulator/booking/bookRoom';
import { CalendarStore } from '../simulator/calendar/calendarStore';
import { addEvent } from '../simulator/fixtures';
import type { World } from '../simulator/world';

/** The facts of a history are not about it. */
export const RIVAL = 'Rival';

/** Takes each of the rooms that is free at that time. */
export function takeRooms(world: World, rooms: string[], times: { start: string; end: string }): void {
	const { unionId } = world.company.people[5];
	const at = (time: string) => ({ dateTime: `${time}:00+08:00`, timeZone: 'Asia/Shanghai' });
	for (const roomId of rooms) {
		const id = addEvent(world, unionId, { summary: RIVAL, start: at(times.start), end: at(times.end) });
		const view = world.use(CalendarStore).byId(id);
		try {
			if (view) book(view, [roomId], unionId, world);
		} catch {
			// It is taken.
		}
	}
}
