/** Control plane call that decides on pending room bookings. */
import { decide, DECISIONS } from '../booking/bookRoom';
import { CalendarStore } from '../calendar/calendarStore';
import { ApiError } from '../contract';
import { fieldsOf, textOf } from '../fields';
import type { World } from '../world';
import { ControlError, type ControlRoute } from './controlRequest';

/** Approves or declines a booking, as the approver of the room does in DingTalk. */
function decideBooking(body: unknown, world: World): unknown {
	const fields = fieldsOf(body);
	const view = world.use(CalendarStore).byId(textOf(fields, 'eventId') ?? '');
	if (view === undefined) throw new ControlError('"eventId" must be the ID of an event.');
	const responseStatus = DECISIONS.find((decision) => decision === fields.responseStatus);
	if (responseStatus === undefined) throw new ControlError(`"responseStatus" must be ${DECISIONS.join(' or ')}.`);
	const roomId = textOf(fields, 'roomId') ?? '';
	try {
		decide(view, roomId, responseStatus, view.event.organizer, world);
	} catch (error) {
		if (error instanceof ApiError) throw new ControlError(`${error.code}: ${error.message}`);
		throw error;
	}
	return { eventId: view.id, roomId, responseStatus };
}

export const roomRoutes: ControlRoute[] = [
	{
		method: 'POST',
		path: '/_simulator/rooms',
		description:
			'{eventId, roomId, responseStatus: accepted or declined} decides on a booking that is waiting for approval',
		handle: (body, { world }) => decideBooking(body, world),
	},
];
