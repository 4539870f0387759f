/** Two runs against two simulators do the same when only what is drawn at random, or read off a clock, differs. */
import type { State } from '../engine/support/state';

/** Every run begins at the simulator's NOW and takes seconds; whatever a case dates is days away from it. */
const DURING_A_RUN = { from: Date.parse('2026-03-02T00:00:00Z'), to: Date.parse('2026-03-02T01:00:00Z') };
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
/** Ids that are computed from random ones, and page tokens. */
const OPAQUE = /^(?=.*\d)[A-Za-z0-9_+/=-]{20,}$/;
const DRAWN = /[0-9a-f]{8}-[0-9a-f]{4}(-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?|[0-9a-f]{32}/gi;
/** Drawn numbers and passwords, and a count of writes that also counts those that change nothing. */
const DRAWN_FIELDS = ['password', 'roomCode', 'version'];

export interface Seen {
	events: State['events'];
	acls: State['acls'];
	subscribedCalendars: State['subscribedCalendars'];
	checkIns: State['checkIns'];
	roomBookings: State['roomBookings'];
}

/** The ids that were drawn, in the order in which things came into being. */
const drawn = ({ events, acls, subscribedCalendars }: Seen): Map<string, string> =>
	new Map([
		...events.flatMap(({ id, legacyId }, i): Array<[string, string]> => [
			[id, `event ${i}`],
			[String(legacyId), `old id of event ${i}`],
		]),
		...acls.map(({ aclId }, i): [string, string] => [aclId, `share ${i}`]),
		...subscribedCalendars.map(({ calendarId }, i): [string, string] => [calendarId, `calendar ${i}`]),
	]);

const isNow = (at: number): boolean => at >= DURING_A_RUN.from && at <= DURING_A_RUN.to;

/** A value with names in place of what is random, and without times of the run itself. */
export function likeness(value: unknown, state: Seen, known: ReadonlySet<string>): unknown {
	const names = drawn(state);
	const withoutDrawn = (text: string): string =>
		[...names].reduce((rest, [id, name]) => rest.replaceAll(id, name), text).replace(DRAWN, 'drawn');
	const look = (part: unknown): unknown => {
		if (Array.isArray(part)) return part.map(look);
		if (typeof part === 'object' && part !== null) {
			return Object.fromEntries(
				Object.entries(part).map(([key, inner]) => [
					names.get(key) ?? key,
					DRAWN_FIELDS.includes(key) ? 'drawn' : look(inner),
				]),
			);
		}
		if (typeof part === 'number') return isNow(part) ? 'now' : part;
		if (typeof part !== 'string' || known.has(part)) return part;
		const name = names.get(part);
		if (name !== undefined) return name;
		if (TIME.test(part)) return isNow(Date.parse(part)) ? 'now' : part;
		return OPAQUE.test(part) ? 'drawn' : withoutDrawn(part);
	};
	return look(value);
}

const isTree = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Where two values first differ, as JSON, which is what is sent; undefined where they are the same. */
export function difference(wanted: unknown, got: unknown, place = ''): string | undefined {
	if (JSON.stringify(wanted) === JSON.stringify(got)) return undefined;
	if (!isTree(wanted) || !isTree(got)) return `${place}: ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`;
	for (const key of new Set([...Object.keys(wanted), ...Object.keys(got)])) {
		const found = difference(wanted[key], got[key], `${place}/${key}`);
		if (found !== undefined) return found;
	}
	return `${place}: another order`;
}

export const same = (one: unknown, other: unknown): boolean => difference(one, other) === undefined;
