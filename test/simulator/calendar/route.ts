/** Builders for the routes of the calendar API. */
import type { Call, Route } from '../contract';
import { openCalendar, type OpenCalendar } from '../sharing/openCalendar';
import { shownTo } from '../sharing/visibility';
import type { World } from '../world';
import { itemNotFound, pathUser, permissionDenied, requireCalendarId, requirePrimary } from './access';

export const USER = '/v1.0/calendar/users/{userId}';
export const CALENDAR = `${USER}/calendars/{calendarId}`;
export const EVENT = `${CALENDAR}/events/{eventId}`;

type Part = Pick<Route, 'method' | 'path' | 'scope' | 'idempotent' | 'apps'>;
type Answer = (call: Call, unionId: string, world: World) => unknown;

/** A call on behalf of the user in its path. */
export const asPerson = (part: Part, answer: Answer): Route => ({
	...part,
	style: 'new',
	token: 'any',
	metered: true,
	answer: (call, world) => answer(call, pathUser(call, world), world),
});

/** A call that accepts only the user's primary calendar. */
export const onPrimary = (part: Part, answer: Answer): Route =>
	asPerson(part, (call, unionId, world) => {
		requirePrimary(call);
		return answer(call, unionId, world);
	});

/** A call on the primary or a shared calendar; a shared one is read as its owner and then filtered by privilege. */
const onCalendar = (part: Part, may: (calendar: OpenCalendar) => boolean, answer: Answer): Route =>
	asPerson(part, (call, unionId, world) => {
		requireCalendarId(call);
		const calendar = openCalendar(call.params.calendarId, unionId, world);
		if (calendar === undefined) throw itemNotFound();
		if (!may(calendar)) throw permissionDenied();
		const answered = answer(call, calendar.owner, world);
		return calendar.privilege === 'owner' ? answered : shownTo(unionId, calendar.privilege, answered);
	});

const mayWrite = ({ privilege }: OpenCalendar): boolean => privilege === 'owner' || privilege === 'writer';

export const reading = (method: Route['method'], path: string, answer: Answer): Route =>
	onCalendar({ method, path, scope: 'Calendar.Event.Read' }, () => true, answer);

/** All writes support x-client-token, according to the documentation or to the official SDK. */
export const writing = (method: Route['method'], path: string, answer: Answer, apps?: Route['apps']): Route =>
	onCalendar({ method, path, scope: 'Calendar.Event.Write', idempotent: true, apps }, mayWrite, answer);
