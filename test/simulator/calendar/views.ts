/** Views of stored events: whole series and single occurrences. */
import { instanceId } from './ids';
import type { Attendee, EventView, Exception, Span, StoredEvent, Window } from './model';
import { occurrenceAt, occurrences } from './recurrence';

/** The event itself: a single event or a whole series. */
export const wholeView = (event: StoredEvent): EventView => ({
	id: event.id,
	event,
	details: event.details,
	attendees: event.attendees,
	rooms: event.rooms,
	cancelled: event.cancelled,
	updateTime: event.updateTime,
	seq: event.seq,
});

function attendeesOn(event: StoredEvent, exception: Exception): Attendee[] {
	const invited = new Map(event.attendees.map((attendee) => [attendee.unionId, attendee]));
	for (const unionId of exception.removed) invited.delete(unionId);
	for (const attendee of exception.added) invited.set(attendee.unionId, attendee);
	return [...invited.values()].map((attendee) => ({
		...attendee,
		response: exception.responses.get(attendee.unionId) ?? attendee.response,
	}));
}

function instanceView(event: StoredEvent, originMs: number, span: Span): EventView {
	const exception = event.exceptions.get(originMs);
	return {
		id: instanceId(event.id, originMs),
		event,
		originMs,
		exception,
		details: { ...event.details, span, ...exception?.changes },
		attendees: exception ? attendeesOn(event, exception) : event.attendees,
		rooms: exception?.rooms ?? event.rooms,
		cancelled: event.cancelled || exception?.cancelled === true,
		updateTime: Math.max(event.updateTime, exception?.updateTime ?? 0),
		seq: Math.max(event.seq, exception?.seq ?? 0),
	};
}

/** One occurrence of a series, or undefined if the rule has no such occurrence. */
export function instanceAt(event: StoredEvent, originMs: number): EventView | undefined {
	if (!event.recurrence) return undefined;
	const found = occurrenceAt(event.details.span, event.recurrence, originMs);
	return found && instanceView(event, originMs, found.span);
}

/** The occurrences that start in the window, moved ones at their new time; includes cancelled ones. */
export function* instances(event: StoredEvent, window: Window): Generator<EventView> {
	if (!event.recurrence) return;
	const { span } = event.details;
	for (const found of occurrences(span, event.recurrence, window)) {
		const view = instanceView(event, found.originMs, found.span);
		if (!view.exception?.changes.span) yield view;
	}
	for (const exception of event.exceptions.values()) {
		const moved = exception.changes.span;
		if (moved && moved.startMs >= window.fromMs && moved.startMs < window.toMs) {
			yield instanceView(event, exception.originMs, moved);
		}
	}
}

/** A single event or the occurrences of a series that start in the window. */
export function* startingInWindow(event: StoredEvent, window: Window): Generator<EventView> {
	if (event.recurrence) {
		yield* instances(event, window);
	} else if (event.details.span.startMs >= window.fromMs && event.details.span.startMs < window.toMs) {
		yield wholeView(event);
	}
}

/** The same for all that overlap the window: they end at or after its start and start before its end. */
export function* overlapping(event: StoredEvent, window: Window): Generator<EventView> {
	const spans = [event.details.span];
	for (const exception of event.exceptions.values()) {
		if (exception.changes.span) spans.push(exception.changes.span);
	}
	const longest = Math.max(...spans.map((span) => span.endMs - span.startMs));
	// All-day occurrences around a clock change can be an hour longer than the first one.
	const slack = event.details.span.allDay ? 7_200_000 : 0;
	for (const view of startingInWindow(event, { fromMs: window.fromMs - longest - slack, toMs: window.toMs })) {
		if (view.details.span.endMs >= window.fromMs) yield view;
	}
}

export const attendeeOf = (view: EventView, unionId: string): Attendee | undefined =>
	view.attendees.find((attendee) => attendee.unionId === unionId);

export const isHidden = (view: EventView, unionId: string): boolean =>
	view.event.hiddenFrom.has(unionId) || view.exception?.hiddenFrom.has(unionId) === true;

/** Whether it is on this user's calendar, cancelled or not. */
export const isOnCalendarOf = (view: EventView, unionId: string): boolean =>
	attendeeOf(view, unionId) !== undefined && !isHidden(view, unionId);

/** The current state of a view; an occurrence that the rule no longer has is returned unchanged. */
export const refreshed = (view: EventView): EventView =>
	view.originMs === undefined ? wholeView(view.event) : (instanceAt(view.event, view.originMs) ?? view);
