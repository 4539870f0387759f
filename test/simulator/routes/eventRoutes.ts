/** The calls for single events: create, change, delete, get, cancel, transfer. */
import { randomUUID } from 'crypto';

import {
	instanceNotExist,
	findEvent,
	isGone,
	itemNotFound,
	requireEvent,
	requireChangeableEvent,
	tokenUser,
	pathUser,
	requirePrimary,
} from '../calendar/calendarAccess';
import { CATEGORIES } from '../calendar/categories';
import { eventLists } from '../calendar/lists';
import type { EventView } from '../calendar/model';
import { pageSize } from '../calendar/paging';
import { presentEvent, type Shape } from '../calendar/present';
import { booleanField, queryFlag, textField } from '../calendar/read';
import { requireRoomsFor } from '../calendar/eventRooms';
import { CALENDAR, EVENT, readRoute, writeRoute } from '../calendar/route';
import { CalendarStore } from '../calendar/calendarStore';
import { readNewEvent, readUpdate } from '../calendar/validate';
import { invalidParameter, NO_BODY, ApiError, writeResult, type Call, type Route } from '../contract';
import { isFields } from '../fields';
import type { World } from '../world';

const ATTENDEES_IN_WRITES = 500;

const written = (view: EventView, unionId: string, shape: Shape, world: World): object =>
	presentEvent(view, { unionId, maxAttendees: ATTENDEES_IN_WRITES, shape }, world);

function create(call: Call, unionId: string, world: World, endOptional: boolean): object {
	if (world.company.byUnionId(unionId)?.outsideScope) throw new ApiError(400, 'permissionDeny', 'permissionDeny');
	const event = readNewEvent(call.body, unionId, world, { endOptional });
	return written(world.use(CalendarStore).create(event), unionId, 'create', world);
}

function patch(call: Call, unionId: string, world: World): object {
	const view = requireChangeableEvent(call, unionId, world, 'notConfirmed');
	const current = {
		span: view.details.span,
		recurrence: view.event.recurrence,
		isInstance: view.originMs !== undefined,
	};
	const update = readUpdate(call.body, call.params.eventId, current, world);
	requireRoomsFor(view, update, world);
	return written(world.use(CalendarStore).update(view, update, unionId), unionId, 'patch', world);
}

/** The organizer cancels the event for all; other users only remove it from their calendar. */
function remove(call: Call, unionId: string, world: World): unknown {
	queryFlag(call.query, 'pushNotification');
	const store = world.use(CalendarStore);
	const view = findEvent(call, unionId, world);
	if (!isGone(view, unionId)) {
		if (view.event.organizer === unionId) store.cancel(view, unionId);
		else store.hide(view, unionId);
	} else if (world.switches.deleteTwice === 'itemNotFound') {
		throw itemNotFound();
	}
	return world.switches.deleteBody === 'empty' ? NO_BODY : { requestId: randomUUID().toUpperCase() };
}

function get(call: Call, unionId: string, world: World): object {
	const maxAttendees = pageSize(call.query, 'maxAttendees', 500, world);
	const view = findEvent(call, unionId, world);
	if (isGone(view, unionId) && world.switches.getDeleted !== 'cancelledEvent') {
		throw world.switches.getDeleted === 'instanceNotExist' ? instanceNotExist() : itemNotFound();
	}
	return presentEvent(view, { unionId, maxAttendees, shape: 'get' }, world);
}

/** The values of `scope` are not documented, so only the ID selects what is cancelled. */
function cancel(call: Call, unionId: string, world: World): unknown {
	world.use(CalendarStore).cancel(requireChangeableEvent(call, unionId, world), unionId);
	return writeResult(world);
}

function transfer(call: Call, unionId: string, world: World): unknown {
	const view = requireChangeableEvent(call, unionId, world);
	const body = isFields(call.body) ? call.body : {};
	const newOrganizer = textField(body, 'newOrganizerId');
	if (!newOrganizer) throw invalidParameter('newOrganizerId must be provided');
	if (!world.company.byUnionId(newOrganizer))
		throw invalidParameter(`newOrganizerId is not a unionId: ${newOrganizer}`);
	if (view.originMs !== undefined) throw invalidParameter('only a whole series can be transferred');
	booleanField(body, 'needNotifyViaO2O');
	world.use(CalendarStore).transfer(view.event, newOrganizer, booleanField(body, 'isExitCalendar') ?? false);
	return writeResult(world);
}

/** Legacy IDs of events that do not concern the user are omitted, as are unknown ones. */
function convertLegacyIds(call: Call, unionId: string, world: World): object {
	const ids: unknown = isFields(call.body) ? call.body.legacyEventIds : undefined;
	if (!Array.isArray(ids) || ids.length === 0) throw invalidParameter('legacyEventIds must be provided');
	const store = world.use(CalendarStore);
	const known = ids.flatMap((id: unknown) => {
		if (typeof id !== 'string') throw invalidParameter('legacyEventIds must hold strings');
		const event = store.fromLegacyId(id);
		return event && store.find(unionId, event.id) ? [[id, event.id]] : [];
	});
	return { legacyEventIdMap: Object.fromEntries(known) };
}

const MY_CALENDAR = '/v1.0/calendar/me/calendars/{calendarId}';
const me = { style: 'new', token: 'user', metered: true } as const;

export const routes: Route[] = [
	writeRoute('POST', `${CALENDAR}/events`, (call, unionId, world) => create(call, unionId, world, false)),
	writeRoute('PUT', EVENT, patch),
	writeRoute('DELETE', EVENT, remove),
	readRoute('GET', EVENT, get),
	readRoute('GET', `${CALENDAR}/events`, eventLists.stored),
	readRoute('GET', `${CALENDAR}/eventsview`, (call, unionId, world) => eventLists.view(call, unionId, world, 'view')),
	readRoute('GET', `${EVENT}/instances`, (call, unionId, world) =>
		eventLists.instances(call, unionId, requireEvent(call, unionId, world), world),
	),
	readRoute('GET', `${CALENDAR}/instances`, eventLists.generated),
	writeRoute('POST', `${EVENT}/cancel`, cancel),
	writeRoute('POST', `${EVENT}/transfer`, transfer),
	{
		...me,
		method: 'POST',
		path: `${MY_CALENDAR}/events`,
		scope: 'Calendar.Event.Write',
		idempotent: true,
		handle(call, world) {
			requirePrimary(call);
			return create(call, tokenUser(call), world, true);
		},
	},
	{
		...me,
		method: 'GET',
		path: `${MY_CALENDAR}/eventsview`,
		scope: 'Calendar.Event.Read',
		handle(call, world) {
			requirePrimary(call);
			return eventLists.view(call, tokenUser(call), world, 'viewByMe');
		},
	},
	{
		method: 'POST',
		path: '/v1.0/calendar/users/{userId}/legacyEventIds/convert',
		scope: 'Calendar.Event.Read',
		style: 'new',
		token: 'any',
		metered: true,
		handle: (call, world) => convertLegacyIds(call, pathUser(call, world), world),
	},
	{
		method: 'GET',
		path: '/v1.0/calendar/categories',
		scope: 'Calendar.Event.Read',
		style: 'new',
		token: 'any',
		metered: true,
		handle: () => ({ categories: CATEGORIES }),
	},
];
