/**
 * DingTalk's calls as data. Each row states once what a call needs and costs; operations, the permissions notice, the
 * documentation table and the tests read it from here.
 */

export type Scope =
	| 'Calendar.Event.Read'
	| 'Calendar.Event.Write'
	| 'Contact.User.Read'
	| 'qyapi_base'
	| 'qyapi_get_member'
	| 'qyapi_get_member_by_mobile';

export interface ApiCall {
	/** How messages call it: what DingTalk was asked to do. */
	does: string;
	method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	path: string;
	/** `old` calls carry the token in the query and report errors with HTTP 200. */
	style: 'new' | 'old';
	scope: Scope;
	/** Counts against the organisation's monthly quota. Contacts are free of it. */
	metered: boolean;
	/** Whether the answer is JSON that must be there. Several writes answer 200 with nothing. */
	answers: 'json' | 'nothing';
	/** Most rows a page may have. */
	pageSize?: number;
	/** Most people, rooms … one call may name. */
	batch?: number;
	/** Whether repeating it with the same `x-client-token` is the same request, so that a lost answer can be asked for again. */
	repeatable?: boolean;
}

const calendar = '/v1.0/calendar/users/{userId}/calendars/{calendarId}';
const event = `${calendar}/events/{eventId}`;

const read = <M extends Partial<ApiCall>>(does: string, path: string, more: M): ApiCall & M => ({
	does,
	method: 'GET',
	path,
	style: 'new',
	scope: 'Calendar.Event.Read',
	metered: true,
	answers: 'json',
	...more,
});

const write = <M extends Partial<ApiCall>>(
	does: string,
	method: ApiCall['method'],
	path: string,
	more: M,
): ApiCall & M => ({
	does,
	method,
	path,
	style: 'new',
	scope: 'Calendar.Event.Write',
	metered: true,
	answers: 'json',
	repeatable: true,
	...more,
});

const contacts = (does: string, path: string, scope: Scope): ApiCall => ({
	does,
	method: 'POST',
	path,
	style: 'old',
	scope,
	metered: false,
	answers: 'json',
});

export const api = {
	createEvent: write('create the event', 'POST', `${calendar}/events`, { batch: 500 }),
	updateEvent: write('change the event', 'PUT', event, {}),
	deleteEvent: write('delete the event', 'DELETE', event, { answers: 'nothing' }),
	getEvent: read('read the event', event, {}),
	listEvents: read('list the events', `${calendar}/events`, { pageSize: 100 }),
	listEventsView: read('list the events', `${calendar}/eventsview`, { pageSize: 100 }),
	listInstances: read('list the occurrences', `${event}/instances`, { pageSize: 100 }),
	cancelEvent: write('cancel the event', 'POST', `${event}/cancel`, {}),
	transferEvent: write('transfer the event', 'POST', `${event}/transfer`, {}),

	addAttendees: write('add the attendees', 'POST', `${event}/attendees`, { batch: 500, answers: 'nothing' }),
	removeAttendees: write('remove the attendees', 'POST', `${event}/attendees/batchRemove`, {
		batch: 500,
		answers: 'nothing',
	}),
	listAttendees: read('list the attendees', `${event}/attendees`, { pageSize: 500 }),
	respond: write('answer the invitation', 'POST', `${event}/respond`, { answers: 'nothing' }),

	userByUserId: contacts('look up the user ID', '/topapi/v2/user/get', 'qyapi_get_member'),
	userIdByMobile: contacts('look up the mobile number', '/topapi/v2/user/getbymobile', 'qyapi_get_member_by_mobile'),
	myself: read('look up the signed-in user', '/v1.0/contact/users/me', {
		scope: 'Contact.User.Read',
		metered: false,
	}),
} as const satisfies Record<string, ApiCall>;

/** Limits of the calendar that hold across calls. */
export const LIMITS = {
	titleCharacters: 2048,
	descriptionCharacters: 5000,
	attendeesPerEvent: 5000,
	interval: { from: 1, to: 365 },
	occurrences: { from: 1, to: 99 },
	/** Attendees that come embedded in an event when one event is read. */
	attendeesInEvent: 500,
	/** The same in lists. */
	attendeesInList: 100,
	eventsPerOrganizerAndDay: 100,
	/** The stored list refuses a wider window. */
	storedListDays: 366,
	/** Calls a second for one app and one API. */
	callsPerSecond: 20,
} as const;

/** Fills a path; every value is one encoded segment, because ids may hold `/`, `+`, `=`, `?` or `#`. */
export function fillPath(call: ApiCall, values: Record<string, string>): string {
	return call.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name]));
}
