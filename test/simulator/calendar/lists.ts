/** The list calls of the calendar, with pages and sync tokens. */
import { invalidParameter, type Call } from '../contract';
import type { World } from '../world';
import { invitedEvent, itemNotFound } from './access';
import {
	generatedInstances,
	readBounds,
	readListFilters,
	readViewBounds,
	seriesInstances,
	storedEvents,
	viewWindow,
} from './listing';
import type { EventView } from './model';
import { cutPage, nextTokenPart, openSyncToken, pageSize, seal, startPage, type PageToken } from './paging';
import { present, type Shape } from './present';
import { CalendarStore } from './store';
import { changedEvents } from './sync';

const MAX = 100;

interface PagedCall {
	call: Call;
	unionId: string;
	world: World;
	name: string;
	shape: Shape;
}

/** Builds a page without its sync token. `gather` receives the filters of the first page. */
function paged({ call, unionId, world, name, shape }: PagedCall, gather: (token: PageToken) => EventView[]) {
	const size = pageSize(call.query, 'maxResults', MAX, world);
	const maxAttendees = pageSize(call.query, 'maxAttendees', MAX, world);
	const token = startPage(name, call.query, unionId, world);
	const { views, next } = cutPage(gather(token), token, size, world);
	const events = views.map((view) => present(view, { unionId, maxAttendees, shape }, world));
	const nextToken = next && seal(next, unionId, world);
	return { answer: { ...nextTokenPart(nextToken, world), events }, token, isLast: next === undefined };
}

/** The last page has a sync token, unless timeMax excludes events that a later delta would need. */
function stored(call: Call, unionId: string, world: World): object {
	const { answer, token, isLast } = paged(
		{ call, unionId, world, name: 'list', shape: 'list' },
		({ filters, until }) => {
			const wanted = readListFilters(filters, world);
			return filters.syncToken
				? changedEvents(unionId, wanted, openSyncToken(filters.syncToken, unionId, world), until, world)
				: storedEvents(unionId, wanted, until, world);
		},
	);
	if (!isLast || token.filters.timeMax) return answer;
	return { ...answer, syncToken: seal({ kind: 'sync', mark: token.until }, unionId, world) };
}

function view(call: Call, unionId: string, world: World, shape: 'view' | 'viewByMe'): object {
	const gather = ({ filters, until }: PageToken): EventView[] =>
		world.use(CalendarStore).occurrencesOf(unionId, viewWindow(readViewBounds(filters, world), until.at));
	return paged({ call, unionId, world, name: 'view', shape }, gather).answer;
}

/** Accepts the ID of a series or of an occurrence; returns no events for a single event. */
function instances(call: Call, unionId: string, { event }: EventView, world: World): object {
	const gather = ({ filters, until }: PageToken): EventView[] =>
		seriesInstances(event, unionId, viewWindow(readBounds(filters, world), until.at));
	return paged({ call, unionId, world, name: `instances ${event.id}`, shape: 'instances' }, gather).answer;
}

function generated(call: Call, unionId: string, world: World): object {
	const { seriesMasterId, startRecurrenceId } = call.query;
	if (!seriesMasterId) throw invalidParameter('seriesMasterId must be provided');
	const size = pageSize(call.query, 'maxResults', MAX, world);
	const maxAttendees = pageSize(call.query, 'maxAttendees', MAX, world);
	const { event } = invitedEvent({ ...call, params: { ...call.params, eventId: seriesMasterId } }, unionId, world);
	if (event.id !== seriesMasterId) throw itemNotFound();
	const all = generatedInstances(event, unionId, world.clock.now());
	const first = startRecurrenceId ? all.findIndex(({ id }) => id === startRecurrenceId) : 0;
	if (first < 0) throw invalidParameter('startRecurrenceId is not an instance of the series');
	const views = all.slice(first, first + size);
	return { events: views.map((found) => present(found, { unionId, maxAttendees, shape: 'generated' }, world)) };
}

export const eventLists = { stored, view, instances, generated };
