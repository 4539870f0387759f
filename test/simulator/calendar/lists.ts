/** The list calls of the calendar, with pages and sync tokens. */
import { invalidParameter, type Call } from '../contract';
import type { World } from '../world';
import { findEvent, itemNotFound } from './calendarAccess';
import {
	generatedInstances,
	readBounds,
	readListFilters,
	readViewBounds,
	seriesInstances,
	storedEvents,
	viewWindow,
} from './listQueries';
import type { EventView } from './model';
import { cutPage, nextTokenPart, decodeSyncToken, pageSize, encodeToken, startPage, type PageToken } from './paging';
import { presentEvent, type Shape } from './present';
import { CalendarStore } from './calendarStore';
import { changedEvents } from './sync';

const MAX_PAGE_SIZE = 100;

interface PagedCall {
	call: Call;
	unionId: string;
	world: World;
	name: string;
	shape: Shape;
}

/** Builds a page without its sync token. `gather` receives the filters of the first page. */
function buildPage({ call, unionId, world, name, shape }: PagedCall, gather: (token: PageToken) => EventView[]) {
	const size = pageSize(call.query, 'maxResults', MAX_PAGE_SIZE, world);
	const maxAttendees = pageSize(call.query, 'maxAttendees', MAX_PAGE_SIZE, world);
	const token = startPage(name, call.query, unionId, world);
	const { views, next } = cutPage(gather(token), token, size, world);
	const events = views.map((view) => presentEvent(view, { unionId, maxAttendees, shape }, world));
	const nextToken = next && encodeToken(next, unionId, world);
	return { answer: { ...nextTokenPart(nextToken, world), events }, token, isLast: next === undefined };
}

/** The last page has a sync token, unless timeMax excludes events that a later delta would need. */
function listEvents(call: Call, unionId: string, world: World): object {
	const { answer, token, isLast } = buildPage(
		{ call, unionId, world, name: 'list', shape: 'list' },
		({ filters, until }) => {
			const wanted = readListFilters(filters, world);
			return filters.syncToken
				? changedEvents(unionId, wanted, decodeSyncToken(filters.syncToken, unionId, world), until, world)
				: storedEvents(unionId, wanted, until, world);
		},
	);
	if (!isLast || token.filters.timeMax) return answer;
	return { ...answer, syncToken: encodeToken({ kind: 'sync', mark: token.until }, unionId, world) };
}

function listView(call: Call, unionId: string, world: World, shape: 'view' | 'viewByMe'): object {
	const gather = ({ filters, until }: PageToken): EventView[] =>
		world.use(CalendarStore).occurrencesOf(unionId, viewWindow(readViewBounds(filters, world), until.at));
	return buildPage({ call, unionId, world, name: 'view', shape }, gather).answer;
}

/** Accepts the ID of a series or of an occurrence; returns no events for a single event. */
function listInstances(call: Call, unionId: string, { event }: EventView, world: World): object {
	const gather = ({ filters, until }: PageToken): EventView[] =>
		seriesInstances(event, unionId, viewWindow(readBounds(filters, world), until.at));
	return buildPage({ call, unionId, world, name: `instances ${event.id}`, shape: 'instances' }, gather).answer;
}

function listGeneratedInstances(call: Call, unionId: string, world: World): object {
	const { seriesMasterId, startRecurrenceId } = call.query;
	if (!seriesMasterId) throw invalidParameter('seriesMasterId must be provided');
	const size = pageSize(call.query, 'maxResults', MAX_PAGE_SIZE, world);
	const maxAttendees = pageSize(call.query, 'maxAttendees', MAX_PAGE_SIZE, world);
	const { event } = findEvent({ ...call, params: { ...call.params, eventId: seriesMasterId } }, unionId, world);
	if (event.id !== seriesMasterId) throw itemNotFound();
	const all = generatedInstances(event, unionId, world.clock.now());
	const first = startRecurrenceId ? all.findIndex(({ id }) => id === startRecurrenceId) : 0;
	if (first < 0) throw invalidParameter('startRecurrenceId is not an instance of the series');
	const views = all.slice(first, first + size);
	return { events: views.map((found) => presentEvent(found, { unionId, maxAttendees, shape: 'generated' }, world)) };
}

export const eventLists = {
	stored: listEvents,
	view: listView,
	instances: listInstances,
	generated: listGeneratedInstances,
};
