/**
 * When events start and end. Pure. DingTalk tells nobody, so the dates ahead are read now and then and their moments
 * waited for; what is remembered is only what was told and when to look again.
 */
import { DateTime } from 'luxon';
import { hashText } from '../utils/hash';
import type { ListedEvent } from './snapshots';
import { HOUR, DAY } from '../utils/time';

export type StartOrEnd = 'starting' | 'ended';

export interface StartEndRules {
	starting: boolean;
	ended: boolean;
	/** How long before the start. */
	leadMs: number;
	/** Where the days of all-day events begin; undefined leaves such events out. */
	allDayZone: string | undefined;
}

export interface DueEvent {
	kind: StartOrEnd;
	event: ListedEvent;
	/** The start or the end itself, in milliseconds. */
	at: number;
	key: string;
}

/** What is remembered between two looks at the dates ahead. */
export interface StartEndState {
	/** Everything up to here was told. */
	until: number;
	/** Nothing happens before this that the last look could have known of; then it is time for another one. */
	next: number;
	/** Told already, but still within reach: a fingerprint and when it may be forgotten. */
	told: Array<[string, number]>;
}

/** A start that nobody knew of in time, and an end that was brought forward, are told within this. */
const MAX_DELAY_MS = HOUR;
/** How far ahead one look is good, if nothing changes. */
export const LOOK_AHEAD_MS = HOUR;
const MAX_REPORTED = 200;

const shortHash = (key: string): string => hashText(key, 9);

function toTime(side: ListedEvent['start'], zone: string | undefined): number | undefined {
	if (side?.dateTime) return DateTime.fromISO(side.dateTime).toMillis();
	// The end of an all-day event is the day after it, so it is over when that day begins.
	return side?.date && zone !== undefined ? DateTime.fromISO(side.date, { zone }).toMillis() : undefined;
}

/** What to ask for: whatever could have a moment since the last look, or has one before the next. */
export function dateRange(
	watch: Pick<StartEndState, 'until'>,
	now: number,
	{ leadMs, allDayZone }: StartEndRules,
): { from: number; to: number } {
	// DingTalk does not say in whose zone a day begins; a day more on either side holds them all.
	const slack = allDayZone === undefined ? 0 : DAY;
	return { from: watch.until - MAX_DELAY_MS - slack, to: now + LOOK_AHEAD_MS + leadMs + slack };
}

interface Candidate extends DueEvent {
	/** When to tell it. */
	dueAt: number;
	/** From when on it is too late to tell it. */
	expiresAt: number;
}

function findCandidates(event: ListedEvent, rules: StartEndRules): Candidate[] {
	if (!event.id || event.status === 'cancelled') return [];
	const start = toTime(event.start, rules.allDayZone);
	const end = toTime(event.end, rules.allDayZone);
	const found: Candidate[] = [];
	if (rules.starting && start !== undefined) {
		const key = `starting:${event.id}:${start}`;
		found.push({ kind: 'starting', event, at: start, key, dueAt: start - rules.leadMs, expiresAt: start });
	}
	if (rules.ended && end !== undefined) {
		found.push({
			kind: 'ended',
			event,
			at: end,
			key: `ended:${event.id}:${end}`,
			dueAt: end,
			expiresAt: end + MAX_DELAY_MS,
		});
	}
	return found;
}

/** The watching begins: what is due by now is not told, because nobody was asked to. */
export function startWatching(events: readonly ListedEvent[], now: number, rules: StartEndRules): StartEndState {
	return findDue({ until: 0, next: 0, told: [] }, events, now, rules).watch;
}

/** What is due since the last look, and when to look again. */
export function findDue(
	watch: StartEndState,
	events: readonly ListedEvent[],
	now: number,
	rules: StartEndRules,
): { moments: DueEvent[]; watch: StartEndState } {
	const told = new Map(watch.told);
	const all = events.flatMap((event) => findCandidates(event, rules));
	const due = all.filter((one) => one.dueAt <= now && one.expiresAt > watch.until && !told.has(shortHash(one.key)));
	for (const { key, expiresAt: lateAt } of due) told.set(shortHash(key), lateAt);
	const next = all.reduce(
		(soonest, one) => (one.dueAt > now ? Math.min(soonest, one.dueAt) : soonest),
		now + LOOK_AHEAD_MS,
	);
	return {
		moments: due.sort((a, b) => a.dueAt - b.dueAt).map(({ kind, event, at, key }) => ({ kind, event, at, key })),
		watch: { until: now, next, told: [...told].filter(([, lateAt]) => lateAt > now).slice(-MAX_REPORTED) },
	};
}
