/** The calls that left lately, and when there is room for one more. */
import { SECOND } from '../../utils/time';

/** Calls overtake each other on their way out by no more than this. */
const MAX_REORDERING_MS = 5 * SECOND;

/** One permitted call: when it left, or 0 while it still waits for its token. */
export interface Departure {
	at: number;
}

const hasLeftBefore = ({ at }: Departure, time: number): boolean => at > 0 && at <= time;

/** The calls within a span of time, oldest first; calls that still wait count as if they left now. */
export function departuresWithin(departures: Departure[], now: number, span: number): Departure[] {
	let first = departures.length;
	while (first > 0 && !hasLeftBefore(departures[first - 1], now - span - MAX_REORDERING_MS)) first--;
	return departures.slice(first).filter((departure) => !hasLeftBefore(departure, now - span));
}

/** The calls that left within a span of time before another did. */
export const departuresBefore = (departures: Departure[], time: number, span: number): Departure[] =>
	departures.filter(({ at }) => at > time - span && at <= time);

/** How long until one more call fits, so that no span contains more than its limit. */
export function msUntilRoom(departures: Departure[], now: number, span: number, limit: number): number {
	const counted = departuresWithin(departures, now, span);
	if (counted.length < limit) return 0;
	const oldest = counted[counted.length - limit].at;
	return oldest === 0 ? span / 20 : oldest + span - now;
}
