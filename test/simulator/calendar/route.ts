import type { Call, Route } from '../contract';
import type { World } from '../world';
import { pathUser, requirePrimary } from './access';

export const CALENDAR = '/v1.0/calendar/users/{userId}/calendars/{calendarId}';
export const EVENT = `${CALENDAR}/events/{eventId}`;

type Answer = (call: Call, unionId: string, world: World) => unknown;

/** What all calls on somebody's own calendar have in common. */
const onCalendar = (part: Pick<Route, 'method' | 'path' | 'scope' | 'idempotent'>, answer: Answer): Route => ({
	...part,
	style: 'new',
	token: 'any',
	metered: true,
	answer(call, world) {
		const unionId = pathUser(call, world);
		requirePrimary(call);
		return answer(call, unionId, world);
	},
});

export const reading = (method: Route['method'], path: string, answer: Answer): Route =>
	onCalendar({ method, path, scope: 'Calendar.Event.Read' }, answer);

/** Every write honours an x-client-token: the documented ones by the documents, the others by the official SDK. */
export const writing = (method: Route['method'], path: string, answer: Answer): Route =>
	onCalendar({ method, path, scope: 'Calendar.Event.Write', idempotent: true }, answer);
