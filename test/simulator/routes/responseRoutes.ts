/** The call that responds to an invitation. */
import { requireEvent } from '../calendar/calendarAccess';
import { oneOf } from '../calendar/read';
import { EVENT, primaryCalendarRoute } from '../calendar/route';
import { CalendarStore } from '../calendar/calendarStore';
import { NO_BODY, type Call, type Route } from '../contract';
import { isFields } from '../fields';
import type { World } from '../world';

const RESPONSES = ['needsAction', 'accepted', 'declined', 'tentative'] as const;

/** The user in the path responds and must be invited. */
function respond(call: Call, unionId: string, world: World): unknown {
	const view = requireEvent(call, unionId, world);
	const response = oneOf(isFields(call.body) ? call.body.responseStatus : undefined, RESPONSES, 'responseStatus');
	world.use(CalendarStore).respond(view, unionId, response);
	return NO_BODY;
}

export const routes: Route[] = [
	primaryCalendarRoute(
		{ method: 'POST', path: `${EVENT}/respond`, scope: 'Calendar.Event.Write', idempotent: true },
		respond,
	),
];
