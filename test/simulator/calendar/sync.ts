/** Finds the changes since a sync token. */
import type { World } from '../world';
import { instanceId } from './ids';
import { matchesFilters, type ListFilters } from './listQueries';
import type { EventView, RetiredRule, StoredEvent } from './model';
import type { HistoryPoint } from './paging';
import { occurrences } from './recurrence';
import { CalendarStore } from './calendarStore';
import { instanceAt, isOnCalendarOf, startingInWindow, wholeView } from './views';

/** Number of the change that removed the event from this user's calendar, or -1. */
function leftAt({ event, exception }: EventView, unionId: string): number {
	return Math.max(
		event.hiddenFrom.get(unionId) ?? -1,
		event.left.get(unionId) ?? -1,
		exception?.hiddenFrom.get(unionId) ?? -1,
		exception?.removed.has(unionId) ? exception.seq : -1,
	);
}

function hasChanged(view: EventView, unionId: string, since: HistoryPoint): boolean {
	if (!isOnCalendarOf(view, unionId)) return leftAt(view, unionId) > since.seq;
	if (view.seq > since.seq) return true;
	// Occurrences of a series enter the list when they begin, without any change.
	return view.originMs !== undefined && !view.cancelled && view.details.span.startMs > since.at;
}

/** Occurrences of an earlier rule, which the client may have stored and must remove. */
function* retiredViews(event: StoredEvent, retired: RetiredRule, since: HistoryPoint): Generator<EventView> {
	const whole = wholeView(event);
	const tombstone = { ...whole, cancelled: true, seq: retired.seq };
	if (!retired.recurrence) {
		if (event.recurrence) yield { ...tombstone, details: { ...whole.details, span: retired.span } };
		return;
	}
	const window = { fromMs: -Infinity, toMs: Math.min(retired.at, since.at) + 1 };
	for (const { originMs, span } of occurrences(retired.span, retired.recurrence, window)) {
		if (instanceAt(event, originMs)) continue;
		yield { ...tombstone, id: instanceId(event.id, originMs), originMs, details: { ...whole.details, span } };
	}
}

function* changesOf(
	event: StoredEvent,
	unionId: string,
	since: HistoryPoint,
	until: HistoryPoint,
): Generator<EventView> {
	const touched = event.touchedSeq > since.seq;
	const toMs = event.recurrence ? until.at + 1 : Infinity;
	if (touched || event.recurrence) {
		for (const view of startingInWindow(event, { fromMs: touched ? -Infinity : since.at + 1, toMs })) {
			if (hasChanged(view, unionId, since)) yield view;
		}
	}
	if (!touched) return;
	for (const { originMs, seq, changes } of event.exceptions.values()) {
		// An occurrence that had begun and was then postponed would otherwise be missing from the delta.
		const putOff = changes.span !== undefined && changes.span.startMs > until.at && originMs <= since.at;
		const view = putOff && seq > since.seq ? instanceAt(event, originMs) : undefined;
		if (view && hasChanged(view, unionId, since)) yield view;
	}
	const known = isOnCalendarOf(wholeView(event), unionId) || leftAt(wholeView(event), unionId) > since.seq;
	for (const retired of event.retired) {
		if (known && retired.seq > since.seq && event.createTime <= since.at) yield* retiredViews(event, retired, since);
	}
}

/**
 * The changes on a user's calendar between two points in time. The filters and bounds of the first list do not apply,
 * because events that moved out of them have changed, too. Bounds of this request apply to events that still exist.
 */
export function changedEvents(
	unionId: string,
	filters: ListFilters,
	since: HistoryPoint,
	until: HistoryPoint,
	world: World,
): EventView[] {
	const { timeMin = -Infinity, timeMax = Infinity } = filters;
	const withDeleted = filters.showDeleted || world.switches.deletedInDelta === 'included';
	const found = new Map<string, EventView>();
	for (const event of world.use(CalendarStore).eventsOf(unionId)) {
		if (!matchesFilters(event, filters)) continue;
		for (const view of changesOf(event, unionId, since, until)) {
			const gone = view.cancelled || !isOnCalendarOf(view, unionId);
			const { startMs } = view.details.span;
			if (gone ? withDeleted : startMs >= timeMin && startMs < timeMax) found.set(view.id, view);
		}
	}
	return [...found.values()];
}
