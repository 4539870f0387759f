/** Lists all room bookings for the control plane. */
import type { EventView } from '../calendar/model';
import { endSide, startSide } from '../calendar/time';
import { CalendarStore } from '../calendar/calendarStore';
import { instanceAt, wholeView } from '../calendar/views';
import type { World } from '../world';

const entries = (view: EventView): object[] =>
	view.rooms.map(({ roomId, displayName, responseStatus }) => ({
		roomId,
		displayName,
		responseStatus,
		eventId: view.id,
		organizer: view.event.organizer,
		start: startSide(view.details.span),
		end: endSide(view.details.span),
	}));

/** One booking per event or series, and one per occurrence with its own rooms. */
export function bookings(world: World): object[] {
	return [...world.use(CalendarStore).all()].flatMap((event) => {
		const ownRooms = [...event.exceptions.values()].filter(({ rooms }) => rooms !== undefined);
		const dates = ownRooms.map(({ originMs }) => instanceAt(event, originMs));
		return [wholeView(event), ...dates].flatMap((view) => (view && !view.cancelled ? entries(view) : []));
	});
}
