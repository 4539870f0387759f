/** Access checks of the check-in calls. */
import { isGone } from '../calendar/calendarAccess';
import type { EventView } from '../calendar/model';
import { isBlank } from '../calendar/read';
import { CalendarStore } from '../calendar/calendarStore';
import { attendeeOf, overlapping } from '../calendar/views';
import { invalidParameter, ApiError, type Call } from '../contract';
import { Limits } from '../limits';
import type { World } from '../world';

/** How long before and after an event check-in is open. */
const MARGIN_MS = 3_600_000;

/** Returns the event in the path. These calls have no documented 404. */
export function findCheckInEvent({ params: { calendarId, eventId } }: Call, world: World): EventView {
	const store = world.use(CalendarStore);
	if (isBlank(calendarId)) throw invalidParameter('CalendarId cannot be blank');
	if (isBlank(eventId)) throw invalidParameter('eventId cannot be blank');
	if (store.subscribedCalendarIds.has(calendarId)) {
		throw invalidParameter('Subscribed calendar not support this method');
	}
	if (calendarId !== 'primary') throw invalidParameter('calendarId invalid');
	const view = store.byId(eventId);
	if (view === undefined || view.cancelled) throw invalidParameter('event not exist');
	return view;
}

export const isAttendee = (view: EventView, unionId: string): boolean =>
	attendeeOf(view, unionId) !== undefined && !isGone(view, unionId);

/** Returns the event in the path if the user can check in or out now. */
export function requireOpenEvent(call: Call, unionId: string, world: World): EventView {
	const view = findCheckInEvent(call, world);
	if (!isAttendee(view, unionId)) throw new ApiError(400, 'notInEvent', '用户不在日程内');
	const limit = world.use(Limits).values.checkInPeople;
	if (limit !== null && view.attendees.length > limit) {
		throw new ApiError(400, 'exceedMaxReceiverSize', '日程人数超过上限');
	}
	if (world.switches.signInWindow === 'aroundEvent' && !isOpen(view, world.clock.now())) {
		throw invalidParameter('the event is not open for check in or check out now');
	}
	return view;
}

/** Whether now is around the event or, for a whole series, around any of its occurrences. */
function isOpen(view: EventView, now: number): boolean {
	const window = { fromMs: now - MARGIN_MS, toMs: now + MARGIN_MS };
	if (view.originMs === undefined) return !overlapping(view.event, window).next().done;
	const { span } = view.details;
	return span.startMs < window.toMs && span.endMs > window.fromMs;
}
