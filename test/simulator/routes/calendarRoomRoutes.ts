/** The calls for the rooms of an event and their schedules. */
import { book, decide, DECISIONS, roomOf } from '../booking/bookRoom';
import { roomSchedule } from '../booking/roomSchedule';
import { itemNotFound, requireChangeableEvent, permissionDenied } from '../calendar/calendarAccess';
import { isBlank, listField, oneOf, textField } from '../calendar/read';
import { userRoute, EVENT, primaryCalendarRoute, USER, writeRoute } from '../calendar/route';
import { CalendarStore } from '../calendar/calendarStore';
import { readWindow } from '../calendar/window';
import { invalidParameter, writeResult, type AppType, type Call, type Route } from '../contract';
import { fieldsOf, isTextList, type Fields } from '../fields';
import { Limits } from '../limits';
import type { World } from '../world';

const MAX_DAYS = 90;
const DAY_MS = 86_400_000;

function schedules(call: Call, _unionId: string, world: World): object {
	const body = fieldsOf(call.body);
	const { roomIds } = body;
	if (!isTextList(roomIds) || roomIds.length === 0) throw invalidParameter('query ids cannot be empty');
	const limit = world.use(Limits).values.roomsPerSchedule;
	if (limit !== null && roomIds.length > limit) {
		throw invalidParameter('Cannot get schedule information for more than limit.');
	}
	const window = readWindow(body, world);
	if (window.toMs - window.fromMs > MAX_DAYS * DAY_MS) {
		throw invalidParameter(`Cannot query schedule for more than ${MAX_DAYS} days.`);
	}
	const rooms = roomIds.map((roomId) => roomOf(roomId, world));
	return { scheduleInformation: rooms.map(({ roomId }) => roomSchedule(roomId, window, world)) };
}

function roomIdsIn(body: Fields, name: string, missing: string): string[] {
	const entries = listField(body, name) ?? [];
	if (entries.length === 0 || entries.some(({ roomId }) => isBlank(roomId))) throw invalidParameter(missing);
	return entries.map((entry) => textField(entry, 'roomId', `${name}.roomId`) ?? '');
}

function add(call: Call, unionId: string, world: World): unknown {
	const view = requireChangeableEvent(call, unionId, world, 'notConfirmed');
	const roomIds = roomIdsIn(fieldsOf(call.body), 'meetingRoomsToAdd', 'roomId must be provided.');
	book(view, roomIds, unionId, world);
	return writeResult(world);
}

/** Removing a room that is not booked changes nothing. */
function remove(call: Call, unionId: string, world: World): unknown {
	const view = requireChangeableEvent(call, unionId, world, 'evenCancelled');
	const missing = 'Meeting rooms to remove must be provided.';
	const roomIds = roomIdsIn(fieldsOf(call.body), 'meetingRoomsToRemove', missing);
	if (view.rooms.some(({ roomId }) => roomIds.includes(roomId))) {
		world.use(CalendarStore).releaseRooms(view, roomIds, unionId);
	}
	return writeResult(world);
}

/** The approver of a room need not be invited, so any event is found. */
function respond(call: Call, unionId: string, world: World): unknown {
	const view = world.use(CalendarStore).byId(call.params.eventId);
	if (view === undefined || view.cancelled) throw itemNotFound();
	if (world.switches.roomRespondBy === 'organizer' && view.event.organizer !== unionId) throw permissionDenied();
	const responseStatus = oneOf(fieldsOf(call.body).responseStatus, DECISIONS, 'responseStatus');
	decide(view, call.params.roomId, responseStatus, unionId, world);
	return writeResult(world);
}

/** An app that acts for a single user has no access to the organization's rooms. */
const apps: AppType[] = ['internal', 'thirdPartyEnterprise'];
const ROOMS = `${EVENT}/meetingRooms`;

export const routes: Route[] = [
	userRoute(
		{ method: 'POST', path: `${USER}/meetingRooms/schedules/query`, scope: 'Calendar.Event.Read', apps },
		schedules,
	),
	writeRoute('POST', ROOMS, add, apps),
	writeRoute('POST', `${ROOMS}/batchRemove`, remove, apps),
	primaryCalendarRoute(
		{ method: 'POST', path: `${ROOMS}/{roomId}/respond`, scope: 'Calendar.Event.Write', idempotent: true, apps },
		respond,
	),
];
