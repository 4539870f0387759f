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

/** A call on behalf of the person in its path. */
export const asPerson = (part: Part, answer: Answer): Route => ({
	...part,
	style: 'new',
	token: 'any',
	metered: true,
	answer: (call, world) => answer(call, pathUser(call, world), world),
});

/** A call that nobody can make on a calendar of somebody else. */
export const onPrimary = (part: Part, answer: Answer): Route =>
	asPerson(part, (call, unionId, world) => {
		requirePrimary(call);
		return answer(call, unionId, world);
	});

/** A call on the own calendar, or on one that was shared: there it is answered as to the owner, and then cut down. */
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

/** Every write honours an x-client-token: the documented ones by the documents, the others by the official SDK. */
export const writing = (method: Route['method'], path: string, answer: Answer, apps?: Route['apps']): Route =>
	onCalendar({ method, path, scope: 'Calendar.Event.Write', idempotent: true, apps }, mayWrite, answer);
