/** The bookings of a room in a window, as the schedule query returns them. */
import type { EventView, Window } from '../calendar/model';
import { CalendarStore } from '../calendar/calendarStore';
import { atHome, isWithin } from '../calendar/window';
import type { World } from '../world';

const bookingOf = (view: EventView, roomId: string): string | undefined =>
	view.rooms.find((room) => room.roomId === roomId)?.responseStatus;

/** Bookings that are waiting for approval are tentative. */
export const roomSchedule = (roomId: string, window: Window, world: World): object => ({
	roomId,
	scheduleItems: world
		.use(CalendarStore)
		.occurrencesIn(roomId, window)
		.filter((view) => isWithin(view.details.span, window))
		.map((view) => ({
			status: bookingOf(view, roomId) === 'tentative' ? 'TENTATIVE' : 'BUSY',
			eventId: view.id,
			organizer: { id: view.event.organizer },
			// This call returns all-day events as times, too.
			start: atHome(view.details.span.startMs),
			end: atHome(view.details.span.endMs),
		})),
});
