/** Builders for the routes of the calendar API. */
import type { Call, Route } from '../contract';
import { openCalendar, type OpenCalendar } from '../sharing/openCalendar';
import { filterForReader } from '../sharing/visibility';
import type { World } from '../world';
import { itemNotFound, pathUser, permissionDenied, requireCalendarId, requirePrimary } from './calendarAccess';

export const USER = '/v1.0/calendar/users/{userId}';
export const CALENDAR = `${USER}/calendars/{calendarId}`;
export const EVENT = `${CALENDAR}/events/{eventId}`;

type Part = Pick<Route, 'method' | 'path' | 'scope' | 'idempotent' | 'apps'>;
type Answer = (call: Call, unionId: string, world: World) => unknown;

/** A call on behalf of the user in its path. */
export const userRoute = (part: Part, answer: Answer): Route => ({
	...part,
	style: 'new',
	token: 'any',
	metered: true,
	handle: (call, world) => answer(call, pathUser(call, world), world),
});

/** A call that accepts only the user's primary calendar. */
export const primaryCalendarRoute = (part: Part, answer: Answer): Route =>
	userRoute(part, (call, unionId, world) => {
		requirePrimary(call);
		return answer(call, unionId, world);
	});

/** A call on the primary or a shared calendar; a shared one is read as its owner and then filtered by privilege. */
const calendarRoute = (part: Part, may: (calendar: OpenCalendar) => boolean, answer: Answer): Route =>
	userRoute(part, (call, unionId, world) => {
		requireCalendarId(call);
		const calendar = openCalendar(call.params.calendarId, unionId, world);
		if (calendar === undefined) throw itemNotFound();
		if (!may(calendar)) throw permissionDenied();
		const answered = answer(call, calendar.owner, world);
		return calendar.privilege === 'owner' ? answered : filterForReader(unionId, calendar.privilege, answered);
	});

const mayWrite = ({ privilege }: OpenCalendar): boolean => privilege === 'owner' || privilege === 'writer';

export const readRoute = (method: Route['method'], path: string, answer: Answer): Route =>
	calendarRoute({ method, path, scope: 'Calendar.Event.Read' }, () => true, answer);

/** All writes support x-client-token, according to the documentation or to the official SDK. */
export const writeRoute = (method: Route['method'], path: string, answer: Answer, apps?: Route['apps']): Route =>
	calendarRoute({ method, path, scope: 'Calendar.Event.Write', idempotent: true, apps }, mayWrite, answer);
