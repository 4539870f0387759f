import type { EventView, Window } from '../calendar/model';
import { CalendarStore } from '../calendar/store';
import { atHome, isWithin } from '../calendar/window';
import type { World } from '../world';

const bookingOf = (view: EventView, roomId: string): string | undefined =>
	view.rooms.find((room) => room.roomId === roomId)?.responseStatus;

/** What a room is taken by; a booking that waits for an approval is tentative. */
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
			// This call shows whole days as times too.
			start: atHome(view.details.span.startMs),
			end: atHome(view.details.span.endMs),
		})),
});
