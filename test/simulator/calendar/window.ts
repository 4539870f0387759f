/** The time window of free/busy and room schedule queries. */
import { invalidParameter } from '../contract';
import type { Fields } from '../fields';
import type { World } from '../world';
import type { Span, Window } from './model';
import { textField } from './read';
import { inZone, parseTimestamp, HOME_ZONE } from './time';

/** Reads `startTime` and `endTime` of a query. */
export function readWindow(body: Fields, world: World): Window {
	const read = (name: 'startTime' | 'endTime'): number =>
		parseTimestamp(textField(body, name) ?? '', name, world.switches.timestampsNeedMilliseconds);
	const window = { fromMs: read('startTime'), toMs: read('endTime') };
	if (window.toMs < window.fromMs) throw invalidParameter('endTime must not be before startTime');
	return window;
}

/** Excludes events that end exactly when the window starts, which event lists include. */
export const isWithin = (span: Span, { fromMs, toMs }: Window): boolean => span.startMs < toMs && span.endMs > fromMs;

export const atHome = (ms: number): { dateTime: string; timeZone: string } => ({
	dateTime: inZone(ms, HOME_ZONE),
	timeZone: HOME_ZONE,
});
