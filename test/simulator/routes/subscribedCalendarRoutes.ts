/** The calls for subscription calendars. */
import { permissionDenied } from '../calendar/calendarAccess';
import { isBlank } from '../calendar/read';
import { userRoute, USER } from '../calendar/route';
import { invalidParameter, writeResult, type Call, type Route } from '../contract';
import { fieldsOf } from '../fields';
import { readChanges, readDraft } from '../subscriptions/draft';
import { SubscribedCalendars, type SubscribedCalendar } from '../subscriptions/subscriptionStore';
import type { World } from '../world';

/** Each call has its own message for a blank ID. */
function calendarOf({ params }: Call, blank: string, world: World): SubscribedCalendar {
	if (isBlank(params.calendarId)) throw invalidParameter(blank);
	const calendar = world.use(SubscribedCalendars).find(params.calendarId);
	if (calendar === undefined) throw invalidParameter('calendar not exist');
	return calendar;
}

function requireEditor({ author, managers }: SubscribedCalendar, unionId: string): void {
	if (author !== unionId && !managers.includes(unionId)) throw permissionDenied();
}

function create(call: Call, unionId: string, world: World): object {
	if (world.company.byUnionId(unionId)?.outsideScope) throw permissionDenied();
	const draft = readDraft(fieldsOf(call.body), unionId, world);
	return { calendarId: world.use(SubscribedCalendars).create(unionId, draft).calendarId };
}

function get(call: Call, unionId: string, world: World): object {
	const calendar = calendarOf(call, 'calendar id cannot be null', world);
	requireEditor(calendar, unionId);
	const { calendarId, name, description, author, managers, subscribeScope } = calendar;
	return { calendarId, name, description, author, managers, subscribeScope };
}

function update(call: Call, unionId: string, world: World): unknown {
	const calendar = calendarOf(call, 'calendar id cannot be blank', world);
	requireEditor(calendar, unionId);
	world.use(SubscribedCalendars).update(calendar, readChanges(fieldsOf(call.body), unionId, world));
	return writeResult(world);
}

function remove(call: Call, unionId: string, world: World): unknown {
	const calendar = calendarOf(call, 'calendarId cannot be blank', world);
	if (calendar.author !== unionId) throw permissionDenied();
	world.use(SubscribedCalendars).delete(calendar);
	return writeResult(world);
}

const CALENDARS = `${USER}/subscribedCalendars`;
const CALENDAR = `${CALENDARS}/{calendarId}`;
const write = { scope: 'Calendar.Calendar.Write' } as const;

export const routes: Route[] = [
	userRoute({ ...write, method: 'POST', path: CALENDARS }, create),
	userRoute({ method: 'GET', path: CALENDAR, scope: 'Calendar.Calendar.Read' }, get),
	userRoute({ ...write, method: 'PUT', path: CALENDAR }, update),
	userRoute({ ...write, method: 'DELETE', path: CALENDAR }, remove),
];
