/** Checks room bookings of events for conflicts. */
import { invalidParameter } from '../contract';
import type { World } from '../world';
import type { EventView, Recurrence, Span } from './model';
import { occurrences } from './recurrence';
import { CalendarStore, type EventUpdate } from './calendarStore';
import { sameSpan } from './time';

/** How far ahead the occurrences of an endless series are checked for conflicts. */
const HORIZON_MS = 366 * 86_400_000;

const overlap = (a: Span, b: Span): boolean => a.startMs < b.endMs && b.startMs < a.endMs;

/** The times of a booking that are not over yet. */
function timesOf(span: Span, recurrence: Recurrence | undefined, now: number): Span[] {
	if (!recurrence) return span.endMs > now ? [span] : [];
	const toMs = Math.max(span.startMs, now) + HORIZON_MS;
	const times: Span[] = [];
	for (const found of occurrences(span, recurrence, { fromMs: now - (span.endMs - span.startMs), toMs })) {
		times.push(found.span);
	}
	return times;
}

/** The first booking that conflicts with an event at this time, if any. */
export function roomConflict(
	roomId: string,
	view: EventView,
	{ span, recurrence }: { span: Span; recurrence?: Recurrence },
	world: World,
): EventView | undefined {
	const times = timesOf(span, recurrence, world.clock.now());
	if (times.length === 0) return undefined;
	const window = { fromMs: times[0].startMs, toMs: Math.max(...times.map((time) => time.endMs)) };
	return world
		.use(CalendarStore)
		.occurrencesIn(roomId, window)
		.find((other) => other.event !== view.event && times.some((time) => overlap(time, other.details.span)));
}

/** An event keeps its rooms when it moves; they must be free then and allow its recurrence. */
export function requireRoomsFor(view: EventView, update: EventUpdate, world: World): void {
	const isInstance = view.originMs !== undefined;
	const span = update.details.span ?? view.details.span;
	const rule = update.recurrence === undefined ? view.event.recurrence : (update.recurrence ?? undefined);
	const recurrence = isInstance ? undefined : rule;
	if (update.recurrence === undefined && sameSpan(span, view.details.span)) return;
	for (const { roomId, responseStatus } of view.rooms) {
		const room = world.company.rooms.find((candidate) => candidate.roomId === roomId);
		const forbidden = recurrence !== undefined && room?.enableCycleReservation === false;
		if (responseStatus === 'declined') continue;
		if (forbidden || roomConflict(roomId, view, { span, recurrence }, world)) {
			throw invalidParameter('Meeting room invalid');
		}
	}
}
