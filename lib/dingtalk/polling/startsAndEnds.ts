/**
 * Finds the events that start or end. Pure. DingTalk sends no notice of either, so upcoming occurrences are read from time
 * to time and reported when they are due; only what was reported and when to read again is stored.
 */
import { DateTime } from 'luxon';
import { hashText } from '../utils/hash';
import { DAY, HOUR } from '../utils/time';
import type { ListedEvent } from './snapshots';

type StartEndKind = 'starting' | 'ended';

export interface StartEndRules {
	starting: boolean;
	ended: boolean;
	/** How long before the start. */
	leadMs: number;
	/** The time zone in which the days of all-day events begin; undefined leaves such events out. */
	allDayZone: string | undefined;
}

export interface StartOrEnd {
	kind: StartEndKind;
	event: ListedEvent;
	/** The start or end of the event, in milliseconds. */
	at: number;
	key: string;
}

/** Kept from one reading of the calendar to the next. Stored in workflows, so its keys must stay as they are. */
export interface StartEndState {
	/** Everything due up to this time has been reported. */
	until: number;
	/** When to read the calendar again: at the next start or end that is known, or when the reading is too old. */
	next: number;
	/** Hashes of what was reported and could still be found again, each with the time when it may be dropped. */
	told: Array<[string, number]>;
}

/** How late a start that was not known in time, or an end that was moved forward, is still reported. */
const MAX_DELAY_MS = HOUR;
/** How long one reading of the calendar stays valid if nothing changes. */
const LOOKAHEAD_MS = HOUR;
const MAX_REPORTED = 200;

const shortHash = (key: string): string => hashText(key, 9);

function toInstant(time: ListedEvent['start'], zone: string | undefined): number | undefined {
	if (time?.dateTime) return DateTime.fromISO(time.dateTime).toMillis();
	// An all-day event ends on the day after its last one, so it is over when that day begins.
	return time?.date && zone !== undefined ? DateTime.fromISO(time.date, { zone }).toMillis() : undefined;
}

/** The range of time to read: from the last reading to the next one, with all that can be due in between. */
export function getQueryWindow(
	{ until }: Pick<StartEndState, 'until'>,
	now: number,
	{ leadMs, allDayZone }: StartEndRules,
): { from: number; to: number } {
	// DingTalk does not document in which zone a day begins; one more day on either side covers them all.
	const margin = allDayZone === undefined ? 0 : DAY;
	return { from: until - MAX_DELAY_MS - margin, to: now + LOOKAHEAD_MS + leadMs + margin };
}

interface ScheduledStartOrEnd extends StartOrEnd {
	/** When to report it. */
	dueAt: number;
	/** When it is too late to report it. */
	expiresAt: number;
}

function listStartsAndEnds(event: ListedEvent, rules: StartEndRules): ScheduledStartOrEnd[] {
	if (!event.id || event.status === 'cancelled') return [];
	const start = toInstant(event.start, rules.allDayZone);
	const end = toInstant(event.end, rules.allDayZone);
	const scheduled: ScheduledStartOrEnd[] = [];
	if (rules.starting && start !== undefined) {
		const key = `starting:${event.id}:${start}`;
		scheduled.push({ kind: 'starting', event, at: start, key, dueAt: start - rules.leadMs, expiresAt: start });
	}
	if (rules.ended && end !== undefined) {
		const key = `ended:${event.id}:${end}`;
		scheduled.push({ kind: 'ended', event, at: end, key, dueAt: end, expiresAt: end + MAX_DELAY_MS });
	}
	return scheduled;
}

/** The state when polling starts: what is already due counts as reported. */
export function createStartEndState(events: readonly ListedEvent[], now: number, rules: StartEndRules): StartEndState {
	return findDue({ until: 0, next: 0, told: [] }, events, now, rules).state;
}

/** Returns what has become due since the last reading, and when to read again. */
export function findDue(
	before: StartEndState,
	events: readonly ListedEvent[],
	now: number,
	rules: StartEndRules,
): { startsAndEnds: StartOrEnd[]; state: StartEndState } {
	const reported = new Map(before.told);
	const all = events.flatMap((event) => listStartsAndEnds(event, rules));
	const due = all.filter(
		({ key, dueAt, expiresAt }) => dueAt <= now && expiresAt > before.until && !reported.has(shortHash(key)),
	);
	for (const { key, expiresAt } of due) reported.set(shortHash(key), expiresAt);
	const next = all.reduce(
		(soonest, { dueAt }) => (dueAt > now ? Math.min(soonest, dueAt) : soonest),
		now + LOOKAHEAD_MS,
	);
	return {
		startsAndEnds: due.sort((a, b) => a.dueAt - b.dueAt).map(({ kind, event, at, key }) => ({ kind, event, at, key })),
		state: {
			until: now,
			next,
			told: [...reported].filter(([, expiresAt]) => expiresAt > now).slice(-MAX_REPORTED),
		},
	};
}
