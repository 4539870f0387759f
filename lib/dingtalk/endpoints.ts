/**
 * The API endpoints as data: each row states once what a call needs and costs. Operations, the permissions notice, the
 * documentation and the tests read it from here.
 */

import type { AppType } from './account';
import { EVENT_FIELDS, type FieldType } from './client/fieldTypes';
import { t } from '../locale/t';

/** The calendar ID of a person's own calendar. */
export const OWN_CALENDAR = 'primary';

export type Scope =
	| 'Calendar.Acl.Read'
	| 'Calendar.Acl.Write'
	| 'Calendar.Calendar.Read'
	| 'Calendar.Calendar.Write'
	| 'Calendar.Event.Read'
	| 'Calendar.Event.Write'
	| 'Calendar.EventSchedule.Read'
	| 'VideoConference.Conference.Read'
	| 'Contact.User.Read'
	| 'qyapi_addresslist_search'
	| 'qyapi_base'
	| 'qyapi_get_department_list'
	| 'qyapi_get_department_member'
	| 'qyapi_get_member'
	| 'qyapi_get_member_by_mobile';

export interface ApiCall {
	/** What the call does, as error messages say it: 'DingTalk could not …'. */
	action: string;
	method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	path: string;
	/** Calls of the old API carry the token in the query and report errors with HTTP 200. */
	style: 'new' | 'old';
	scope: Scope;
	/** Whether it counts against the organization's monthly quota. Contacts calls do not. */
	metered: boolean;
	/** Whether a success must have a JSON body. Several writes respond with 200 and nothing else. */
	responseBody: 'json' | 'nothing';
	/** The field with the ID of what was created. A success must have it; nothing can be done with what was created otherwise. */
	returnsId?: string;
	/** The fields of a success by which DingTalk says that a write was done. A response without any of them does not say so. */
	confirmedBy?: readonly string[];
	/** The types of fields of the response whose names mean something else in other responses. */
	fieldTypes?: Readonly<Record<string, FieldType>>;
	/** The path parameter with the ID of the event that the response describes, in case its own ID is missing there. */
	describes?: 'eventId';
	/** Creates something, so that carrying it out twice makes two: where the response has its ID, and where to look for it. */
	creates?: { idField: string; lookFor: string };
	/** The most rows a page can have. */
	pageSize?: number;
	/** The most people or rooms one call can take. */
	maxBatch?: number;
	/** Whether the call only reads, so that a retry is always safe. */
	isRead: boolean;
	/** DingTalk discards what such a read has returned. */
	isReadOnce?: boolean;
	/** Whether DingTalk recognizes a repeated write by its idempotency key (`x-client-token`), so that a retry is safe. */
	isIdempotent?: boolean;
	/** The path of the same call for the signed-in user, if DingTalk has one. */
	mePath?: string;
	/** App types that DingTalk does not offer the call to. */
	notFor?: readonly AppType[];
	/** Rejected for users of third-party personal apps, which only DingTalk can tell from other users. */
	notForPersonalApps?: boolean;
}

const user = '/v1.0/calendar/users/{userId}';
const me = '/v1.0/calendar/me';
const calendar = `${user}/calendars/{calendarId}`;
const subscription = `${user}/subscribedCalendars`;
const event = `${calendar}/events/{eventId}`;

const read = <M extends Partial<ApiCall>>(action: string, path: string, more: M): ApiCall & M => ({
	action,
	method: 'GET',
	path,
	style: 'new',
	scope: 'Calendar.Event.Read',
	metered: true,
	responseBody: 'json',
	isRead: true,
	...more,
});

const write = <M extends Partial<ApiCall>>(
	action: string,
	method: ApiCall['method'],
	path: string,
	more: M,
): ApiCall & M => ({
	action,
	method,
	path,
	style: 'new',
	scope: 'Calendar.Event.Write',
	metered: true,
	responseBody: 'json',
	isRead: false,
	isIdempotent: true,
	...more,
});

/** A read that DingTalk takes as a POST. */
const query = <M extends Partial<ApiCall>>(action: string, path: string, more: M) => ({
	...read(action, path, more),
	method: 'POST' as const,
});

const ACL = { notFor: ['thirdParty'] } as const;
const ROOMS = { scope: 'VideoConference.Conference.Read', notForPersonalApps: true } as const;
const ROOMS_IN_CALENDAR = { notForPersonalApps: true } as const;
/** Documented as `{ result: true }`. */
const RESULT = { confirmedBy: ['result'] } as const;
/** DingTalk's SDK sends no `x-client-token` with these calls, so they are not retried when a response was lost. */
const NOT_IDEMPOTENT = { isIdempotent: false } as const;
const CHECK_IN = { ...NOT_IDEMPOTENT, confirmedBy: ['checkInTime'] } as const;

/** Apps that act on behalf of a user have no access to the organization's directory. */
const contacts = (action: string, path: string, scope: Scope) => ({
	...read(action, path, { method: 'POST', style: 'old', scope, metered: false }),
	fieldTypes: { result: 'object', list: 'objects' } as Record<string, FieldType>,
	notFor: ['user'] as const,
});

const search = (action: string, path: string, list: FieldType) => ({
	...query(action, path, { scope: 'qyapi_addresslist_search', metered: false, pageSize: 20 }),
	fieldTypes: { list },
	notFor: ['user'] as const,
});

export const api = {
	createEvent: write(t`create the event`, 'POST', `${calendar}/events`, {
		returnsId: 'id',
		creates: { idField: 'id', lookFor: t`Look for the event in the organizer's calendar.` },
		maxBatch: 500,
		mePath: `${me}/calendars/{calendarId}/events`,
	}),
	updateEvent: write(t`change the event`, 'PUT', event, {
		describes: 'eventId',
		confirmedBy: [...EVENT_FIELDS],
	}),
	deleteEvent: write(t`delete the event`, 'DELETE', event, { responseBody: 'nothing' }),
	getEvent: read(t`read the event`, event, { describes: 'eventId' }),
	listEvents: read(t`list the events`, `${calendar}/events`, { pageSize: 100 }),
	listEventsView: read(t`list the events`, `${calendar}/eventsview`, {
		pageSize: 100,
		mePath: `${me}/calendars/{calendarId}/eventsview`,
	}),
	listInstances: read(t`list the occurrences`, `${event}/instances`, { pageSize: 100 }),
	listGeneratedInstances: read(t`list the occurrences`, `${calendar}/instances`, { pageSize: 100 }),
	cancelEvent: write(t`cancel the event`, 'POST', `${event}/cancel`, RESULT),
	transferEvent: write(t`transfer the event`, 'POST', `${event}/transfer`, RESULT),

	addAttendees: write(t`add the attendees`, 'POST', `${event}/attendees`, { maxBatch: 500, responseBody: 'nothing' }),
	removeAttendees: write(t`remove the attendees`, 'POST', `${event}/attendees/batchRemove`, {
		maxBatch: 500,
		responseBody: 'nothing',
	}),
	listAttendees: read(t`list the attendees`, `${event}/attendees`, { pageSize: 500 }),
	respond: write(t`respond to the invitation`, 'POST', `${event}/respond`, { responseBody: 'nothing' }),

	convertOldEventIds: query(t`convert the legacy event ID`, `${user}/legacyEventIds/convert`, {}),
	listCategories: read(t`list the categories`, '/v1.0/calendar/categories', {}),

	getSchedule: query(t`read free/busy times`, `${user}/querySchedule`, {
		scope: 'Calendar.EventSchedule.Read',
		maxBatch: 20,
		mePath: `${me}/schedules/query`,
	}),

	listCalendars: read(t`list the calendars`, `${user}/calendars`, {}),
	/** DingTalk documents neither the call nor its permission; the account can do everything with the person's calendar. */
	createCaldavAccount: write(t`create the CalDAV account`, 'POST', `${user}/caldavAccounts`, {
		...NOT_IDEMPOTENT,
		returnsId: 'username',
		creates: {
			idField: 'username',
			lookFor: t`Look for the device in the person's CalDAV settings in DingTalk.`,
		},
	}),
	subscribe: write(t`subscribe to the calendar`, 'POST', `${calendar}/subscribe`, {
		...NOT_IDEMPOTENT,
		scope: 'Calendar.Calendar.Write',
		responseBody: 'nothing',
	}),
	unsubscribe: write(t`unsubscribe from the calendar`, 'POST', `${calendar}/unsubscribe`, {
		...NOT_IDEMPOTENT,
		...RESULT,
		scope: 'Calendar.Calendar.Write',
	}),
	createSubscriptionCalendar: write(t`create the subscription calendar`, 'POST', subscription, {
		...NOT_IDEMPOTENT,
		returnsId: 'calendarId',
		creates: {
			idField: 'calendarId',
			lookFor: t`Look for it among the creator's calendars, for example with the Calendar operation 'Get Many'.`,
		},
		scope: 'Calendar.Calendar.Write',
	}),
	getSubscriptionCalendar: read(t`read the subscription calendar`, `${subscription}/{calendarId}`, {
		scope: 'Calendar.Calendar.Read',
	}),
	updateSubscriptionCalendar: write(t`change the subscription calendar`, 'PUT', `${subscription}/{calendarId}`, {
		...NOT_IDEMPOTENT,
		...RESULT,
		scope: 'Calendar.Calendar.Write',
	}),
	deleteSubscriptionCalendar: write(t`delete the subscription calendar`, 'DELETE', `${subscription}/{calendarId}`, {
		...NOT_IDEMPOTENT,
		...RESULT,
		scope: 'Calendar.Calendar.Write',
	}),

	createAcl: write(t`share the calendar`, 'POST', `${calendar}/acls`, {
		...ACL,
		...NOT_IDEMPOTENT,
		returnsId: 'aclId',
		creates: {
			idField: 'aclId',
			lookFor: t`Look for the person with the Access Control operation 'Get Many'.`,
		},
		scope: 'Calendar.Acl.Write',
	}),
	deleteAcl: write(t`stop sharing the calendar`, 'DELETE', `${calendar}/acls/{aclId}`, {
		...ACL,
		...NOT_IDEMPOTENT,
		scope: 'Calendar.Acl.Write',
		responseBody: 'nothing',
	}),
	listAcls: read(t`list who the calendar is shared with`, `${calendar}/acls`, { ...ACL, scope: 'Calendar.Acl.Read' }),

	checkIn: write(t`check the person in`, 'POST', `${event}/signin`, CHECK_IN),
	/** The call from before check-out existed, which DingTalk keeps running. */
	checkInOld: write(t`check the person in`, 'POST', `${event}/checkIn`, CHECK_IN),
	checkOut: write(t`check the person out`, 'POST', `${event}/signOut`, {
		...NOT_IDEMPOTENT,
		confirmedBy: ['checkOutTime'],
	}),
	listCheckIns: read(t`list who has checked in`, `${event}/signin`, { pageSize: 500 }),
	listCheckOuts: read(t`list who has checked out`, `${event}/signOut`, { pageSize: 500 }),
	getCheckInLink: read(t`get the check-in link`, `${event}/signInLinks`, { scope: 'Calendar.Event.Write' }),
	getCheckOutLink: read(t`get the check-out link`, `${event}/signOutLinks`, { scope: 'Calendar.Event.Write' }),

	getRoomSchedule: query(t`read the rooms' free/busy times`, `${user}/meetingRooms/schedules/query`, {
		...ROOMS_IN_CALENDAR,
		maxBatch: 5,
	}),
	bookRooms: write(t`book the room`, 'POST', `${event}/meetingRooms`, {
		...ROOMS_IN_CALENDAR,
		...RESULT,
		maxBatch: 5,
	}),
	releaseRooms: write(t`release the room`, 'POST', `${event}/meetingRooms/batchRemove`, {
		...ROOMS_IN_CALENDAR,
		...RESULT,
	}),
	respondForRoom: write(t`respond for the room`, 'POST', `${event}/meetingRooms/{roomId}/respond`, {
		...ROOMS_IN_CALENDAR,
		...RESULT,
	}),
	listRooms: read(t`list the meeting rooms`, '/v1.0/rooms/meetingRoomLists', {
		...ROOMS,
		pageSize: 100,
		fieldTypes: { result: 'objects' },
	}),
	getRoom: read(t`read the meeting room`, '/v1.0/rooms/meetingRooms/{roomId}', {
		...ROOMS,
		fieldTypes: { result: 'object' },
	}),

	userByUserId: contacts(t`look up the user ID`, '/topapi/v2/user/get', 'qyapi_get_member'),
	userIdByMobile: {
		...contacts(t`look up the mobile number`, '/topapi/v2/user/getbymobile', 'qyapi_get_member_by_mobile'),
		notFor: ['thirdParty', 'user'] as const,
	},
	userIdByUnionId: contacts(t`look up the union ID`, '/topapi/user/getbyunionid', 'qyapi_get_member'),
	searchPeople: search(t`search for people by name`, '/v1.0/contact/users/search', 'texts'),
	searchDepartments: search(t`search for departments by name`, '/v1.0/contact/departments/search', 'numbers'),
	departmentMembers: {
		...contacts(t`list the people of the department`, '/topapi/v2/user/list', 'qyapi_get_department_member'),
		pageSize: 100,
	},
	subDepartments: {
		...contacts(t`list the departments`, '/topapi/v2/department/listsub', 'qyapi_get_department_list'),
		fieldTypes: { result: 'objects' },
	},
	department: contacts(t`read the department`, '/topapi/v2/department/get', 'qyapi_get_department_list'),
	/** Each call discards what the previous one returned. DingTalk documents no permission for it and does not list it as free. */
	listFailedPushes: read(t`read undelivered changes`, '/v1.0/event/callbacks/failedResults', {
		scope: 'qyapi_base',
		isReadOnce: true,
		notFor: ['thirdParty', 'user'],
	}),
	myself: read(t`look up the signed-in user`, '/v1.0/contact/users/me', {
		scope: 'Contact.User.Read',
		metered: false,
		notFor: ['internal', 'thirdParty'],
	}),
} as const satisfies Record<string, ApiCall>;

/** Stands for the signed-in user in a path. */
export const ME = 'me';

/** The path with its placeholders; the signed-in user has separate paths. */
export const templateOf = (call: ApiCall, values: Record<string, string> = {}): string =>
	values.userId === ME && call.mePath ? call.mePath : call.path;
