/** Finds the events of list calls: filters, windows and occurrences. */
import { DateTime } from 'luxon';

import { invalidParameter } from '../contract';
import type { World } from '../world';
import { isGone } from './calendarAccess';
import type { EventView, StoredEvent, Window } from './model';
import type { HistoryPoint } from './paging';
import { queryFlag } from './read';
import { CalendarStore } from './calendarStore';
import { parseTimestamp } from './time';
import { attendeeOf, startingInWindow, overlapping } from './views';

export interface Bounds {
	timeMin?: number;
	timeMax?: number;
}

export function readBounds(query: Record<string, string>, world: World): Bounds {
	const read = (name: 'timeMin' | 'timeMax'): number | undefined =>
		query[name] ? parseTimestamp(query[name], name, world.switches.timestampsNeedMilliseconds) : undefined;
	const bounds = { timeMin: read('timeMin'), timeMax: read('timeMax') };
	if (bounds.timeMin !== undefined && bounds.timeMax !== undefined && bounds.timeMax < bounds.timeMin) {
		throw invalidParameter('timeMax must not be before timeMin');
	}
	return bounds;
}

const yearAfter = (ms: number): number => DateTime.fromMillis(ms, { zone: 'utc' }).plus({ years: 1 }).toMillis();

/** A maximum window of views is not documented. */
export function readViewBounds(query: Record<string, string>, world: World): Bounds {
	const bounds = readBounds(query, world);
	const { timeMin, timeMax } = bounds;
	const isLong = timeMin !== undefined && timeMax !== undefined && timeMax > yearAfter(timeMin);
	if (isLong && world.switches.viewWindow === 'oneYear') {
		throw invalidParameter('timeMin and timeMax must not be more than one year apart');
	}
	return bounds;
}

export interface ListFilters extends Bounds {
	showDeleted: boolean;
	seriesMasterId?: string;
}

export function readListFilters(query: Record<string, string>, world: World): ListFilters {
	const bounds = readBounds(query, world);
	if (bounds.timeMin !== undefined && bounds.timeMax !== undefined && bounds.timeMax > yearAfter(bounds.timeMin)) {
		throw invalidParameter('timeMin and timeMax must not be more than one year apart');
	}
	return {
		...bounds,
		showDeleted: queryFlag(query, 'showDeleted') ?? false,
		seriesMasterId: query.seriesMasterId || undefined,
	};
}

export const matchesFilters = (event: StoredEvent, filters: ListFilters): boolean =>
	filters.seriesMasterId === undefined || (event.recurrence !== undefined && event.id === filters.seriesMasterId);

/** The stored list: single events at any time, but only the occurrences of a series that have begun. */
export function storedEvents(unionId: string, filters: ListFilters, now: HistoryPoint, world: World): EventView[] {
	const { timeMin = -Infinity, timeMax = Infinity } = filters;
	const withDeleted = filters.showDeleted && world.switches.deletedInList === 'included';
	const found: EventView[] = [];
	for (const event of world.use(CalendarStore).eventsOf(unionId)) {
		if (!matchesFilters(event, filters)) continue;
		const toMs = event.recurrence ? Math.min(timeMax, now.at + 1) : timeMax;
		for (const view of startingInWindow(event, { fromMs: timeMin, toMs })) {
			if (attendeeOf(view, unionId) && (withDeleted || !isGone(view, unionId))) found.push(view);
		}
	}
	return found;
}

/** Bounds an endless series: by default one year from now or from the requested start. */
export function viewWindow({ timeMin, timeMax }: Bounds, now: number): Window {
	return { fromMs: timeMin ?? -Infinity, toMs: timeMax ?? yearAfter(Math.max(timeMin ?? now, now)) };
}

/** The occurrences of one series in a window, past and future. */
export const seriesInstances = (event: StoredEvent, unionId: string, window: Window): EventView[] =>
	event.recurrence
		? [...overlapping(event, window)].filter((view) => attendeeOf(view, unionId) && !isGone(view, unionId))
		: [];

/** The stored occurrences of a series: those that have begun and those that were changed individually. */
export function generatedInstances(event: StoredEvent, unionId: string, now: number): EventView[] {
	const begun = seriesInstances(event, unionId, { fromMs: -Infinity, toMs: now + 1 });
	const changed = [...event.exceptions.keys()].flatMap((originMs) => futureException(event, originMs, unionId, now));
	return [...begun, ...changed].sort((a, b) => a.details.span.startMs - b.details.span.startMs);
}

function futureException(event: StoredEvent, originMs: number, unionId: string, now: number): EventView[] {
	const span = event.exceptions.get(originMs)?.changes.span;
	const startMs = span?.startMs ?? originMs;
	if (startMs <= now) return [];
	return seriesInstances(event, unionId, { fromMs: startMs, toMs: startMs + 1 }).filter(
		(view) => view.originMs === originMs,
	);
}
