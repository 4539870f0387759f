/** The calls for the attendees of an event. */
import { requireEvent, requireChangeableEvent, pathUser } from '../calendar/calendarAccess';
import type { EventView } from '../calendar/model';
import { nextTokenPart } from '../calendar/paging';
import { attendeeList } from '../calendar/present';
import { booleanField, isBlank, listField, queryNumber, textField } from '../calendar/read';
import { EVENT, writeRoute } from '../calendar/route';
import { CalendarStore } from '../calendar/calendarStore';
import { MAX_ATTENDEES_PER_CALL, readAttendees } from '../calendar/validate';
import { invalidParameter, NO_BODY, ApiError, type Call, type Route } from '../contract';
import { isFields } from '../fields';
import { openCalendar, type OpenCalendar } from '../sharing/openCalendar';
import type { World } from '../world';

const MAX_PAGE = 500;
const MAY_SEE_PEOPLE: Array<OpenCalendar['privilege']> = ['owner', 'writer', 'reader'];

/** Adding an existing attendee changes nothing, not even the response. */
function add(call: Call, unionId: string, world: World): unknown {
	const view = requireChangeableEvent(call, unionId, world, 'evenCancelled');
	const body = isFields(call.body) ? call.body : {};
	const attendees = readAttendees(body, 'attendeesToAdd', world);
	if (!attendees || attendees.length === 0) throw invalidParameter('attendeesToAdd must be provided');
	booleanField(body, 'pushNotification');
	booleanField(body, 'chatNotification');
	world.use(CalendarStore).addAttendees(view, attendees, unionId);
	return NO_BODY;
}

/** Users who are not invited are ignored, and the organizer stays. */
function remove(call: Call, unionId: string, world: World): unknown {
	const view = requireChangeableEvent(call, unionId, world);
	const entries = listField(isFields(call.body) ? call.body : {}, 'attendeesToRemove') ?? [];
	if (entries.length > MAX_ATTENDEES_PER_CALL) {
		throw invalidParameter(`attendees batch size too large. Maximum allowed:${MAX_ATTENDEES_PER_CALL}`);
	}
	const unionIds = entries.map((entry) => {
		const id = textField(entry, 'id', 'attendeesToRemove.id');
		if (!id) throw invalidParameter('attendeesToRemove.id must be provided');
		return id;
	});
	if (unionIds.includes(view.event.organizer) && world.switches.removeOrganizer === 'refused') {
		throw invalidParameter('can not remove organizer.');
	}
	world.use(CalendarStore).removeAttendees(view, unionIds, unionId);
	return NO_BODY;
}

/** Zero is in the documented range but would never end, so it means the default size. */
function readSize(call: Call): number {
	const size = queryNumber(call.query, 'maxResults') ?? 0;
	if (size > MAX_PAGE) throw specificError('maxResults', `maxResults size must within range [0,${MAX_PAGE}]`);
	return size || 100;
}

function readOffset(call: Call): number {
	const token = call.query.nextToken || '0';
	if (!/^\d{1,6}$/.test(token)) throw invalidParameter('nextToken invalid');
	return Number(token);
}

/** This call has no documented 404. */
function eventOf(call: Call, unionId: string, world: World): EventView {
	try {
		return requireEvent(call, unionId, world, 'evenCancelled');
	} catch (error) {
		throw error instanceof ApiError ? invalidParameter(error.message) : error;
	}
}

const specificError = (code: string, message: string): ApiError =>
	new ApiError(400, `invalidParameter.${code}`, message);

/** The only call with specific error codes, and the only one whose samples start with `nextToken=0`. */
function listAll(call: Call, world: World): object {
	const { calendarId, eventId } = call.params;
	const unionId = pathUser(call, world);
	if (isBlank(calendarId)) throw specificError('event.calendarId', 'CalendarId cannot be blank');
	if (isBlank(eventId)) throw specificError('event.eventId', 'eventId cannot be blank');
	if (world.use(CalendarStore).subscribedCalendarIds.has(calendarId)) {
		throw specificError('subscribed.invalid', 'Subscribed calendar not support this method');
	}
	const calendar = openCalendar(calendarId, unionId, world);
	if (calendar === undefined) throw invalidParameter('calendarId invalid');
	if (!MAY_SEE_PEOPLE.includes(calendar.privilege)) throw invalidParameter('permission denied');
	const size = readSize(call);
	const from = readOffset(call);
	const attendees = attendeeList(eventOf(call, calendar.owner, world), unionId, world);
	const to = from + size;
	return {
		...nextTokenPart(to < attendees.length ? String(to) : undefined, world),
		attendees: attendees.slice(from, to),
	};
}

export const routes: Route[] = [
	writeRoute('POST', `${EVENT}/attendees`, add),
	writeRoute('POST', `${EVENT}/attendees/batchRemove`, remove),
	{
		method: 'GET',
		path: `${EVENT}/attendees`,
		scope: 'Calendar.Event.Read',
		style: 'new',
		token: 'any',
		metered: true,
		handle: listAll,
	},
];
