/**
 * Finds the events that start or end. Pure. DingTalk sends no notice of either, so upcoming occurrences are read from time
 * to time and reported when they are due. What was due before the last reading has been reported; no list is needed for
 * that. Only for events that became known or moved too late to be due in time is it stored what was reported.
 */
import { DateTime } from 'luxon';
import { DAY, HOUR, MINUTE } from '../utils/time';
import { changedAt, createdAt, findLatestChange } from './eventTimes';
import type { ListedEvent } from './fingerprint';
import { ReportedKeys } from './reportedKeys';
import { isAllDay, isDay } from '../events/readEvent';

type StartEndKind = 'starting' | 'ended';

export interface StartEndRules {
	starting: boolean;
	ended: boolean;
	/** How long before the start. */
	leadMs: number;
	/** How long after it is due or known a start is still reported once the event has begun, because polls are rare. */
	startGraceMs: number;
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
	/** 'Minutes Before Start' at that time, in milliseconds. */
	lead?: number;
	/** The latest change of the events that were read, by DingTalk's clock; an earlier version did not store it. */
	mark?: number;
	/** What was reported and may still change, in base64. */
	reported?: string;
	/** What was reported and there was no room for expires from the first to the second of these times. */
	reportedMore?: [number, number];
	/** Written by an earlier version: hashes of what was reported, each with the time when it may be dropped. */
	told?: Array<[string, number]>;
}

/** How late an end that was moved forward is still reported. */
const MAX_DELAY_MS = HOUR;
/** An end that is longer past, because n8n was not running, is not reported any more. */
const MAX_AGE_MS = DAY;
/** How long one reading of the calendar stays valid if nothing changes. */
const LOOKAHEAD_MS = HOUR;
/** How far n8n's clock may be ahead of DingTalk's. */
const CLOCK_TOLERANCE_MS = 2 * MINUTE;

function toInstant(time: ListedEvent['start'], zone: string | undefined): number | undefined {
	if (time?.dateTime) return DateTime.fromISO(time.dateTime).toMillis();
	// An all-day event ends on the day after its last one, so it is over when that day begins.
	return isDay(time) && zone !== undefined ? DateTime.fromISO(time.date, { zone }).toMillis() : undefined;
}

/** The range of time to read: from the last reading to the next one, with all that can be due in between. */
export function getQueryWindow(
	{ until }: Pick<StartEndState, 'until'>,
	now: number,
	{ leadMs, allDayZone }: StartEndRules,
): { from: number; to: number } {
	// DingTalk does not document in which zone a day begins; one more day on either side covers them all.
	const margin = allDayZone === undefined ? 0 : DAY;
	const from = Math.max(Math.min(until, now) - MAX_DELAY_MS, now - MAX_AGE_MS);
	return { from: from - margin, to: now + LOOKAHEAD_MS + leadMs + margin };
}

interface ScheduledStartOrEnd extends StartOrEnd {
	/** When to report it. */
	dueAt: number;
	/** The same, as the last reading saw it. */
	wasDueAt: number;
	/** When it is too late to report a change of it. */
	expiresAt: number;
}

function listStartsAndEnds(event: ListedEvent, rules: StartEndRules, leadBefore: number): ScheduledStartOrEnd[] {
	if (!event.id || event.status === 'cancelled') return [];
	// Midnight is not the hour of an event whose time of day is missing.
	const zone = isAllDay(event) ? rules.allDayZone : undefined;
	const [start, end] = [toInstant(event.start, zone), toInstant(event.end, zone)];
	const scheduled: ScheduledStartOrEnd[] = [];
	if (rules.starting && start !== undefined) {
		const due = { dueAt: start - rules.leadMs, wasDueAt: start - leadBefore, expiresAt: start };
		scheduled.push({ kind: 'starting', event, at: start, key: `starting:${event.id}:${start}`, ...due });
	}
	if (rules.ended && end !== undefined) {
		const due = { dueAt: end, wasDueAt: end, expiresAt: end + MAX_DELAY_MS };
		scheduled.push({ kind: 'ended', event, at: end, key: `ended:${event.id}:${end}`, ...due });
	}
	return scheduled;
}

/** The state when polling starts: what is already due counts as reported. */
export function createStartEndState(events: readonly ListedEvent[], now: number, rules: StartEndRules): StartEndState {
	return findDue({ until: 0, next: 0 }, events, now, rules).state;
}

/** A reading stays valid until something is due, but not once the clock was set back. */
export const isReadingValid = ({ until, next }: StartEndState, now: number): boolean => now >= until && now < next;

function isTooOld({ kind, at, dueAt, event }: ScheduledStartOrEnd, now: number, rules: StartEndRules): boolean {
	if (kind === 'ended') return at <= now - MAX_AGE_MS;
	const changed = changedAt(event);
	const knownAt = changed <= at ? Math.max(dueAt, changed) : dueAt;
	return at < now && knownAt < now - rules.startGraceMs;
}

/** What the last reading has shown changed no later than its mark, whatever n8n's clock says. */
function isChangedSince({ event }: ScheduledStartOrEnd, { until, mark = Infinity }: StartEndState): boolean {
	const changed = changedAt(event);
	return changed === 0 || changed > Math.min(until - CLOCK_TOLERANCE_MS, mark);
}

/** Events that came or moved since the last reading are due now, although their time to be reported was before it. */
function isLate(one: ScheduledStartOrEnd, before: StartEndState, now: number, reported: ReportedKeys): boolean {
	if (!isChangedSince(one, before) || one.expiresAt <= Math.min(before.until, now)) return false;
	const isNew = createdAt(one.event) > (before.mark ?? before.until);
	return isNew || !reported.mayHave(one.key, one.expiresAt);
}

/** Returns what has become due since the last reading, and when to read again. */
export function findDue(
	before: StartEndState,
	events: readonly ListedEvent[],
	now: number,
	rules: StartEndRules,
): { startsAndEnds: StartOrEnd[]; state: StartEndState } {
	const reported = new ReportedKeys(before);
	const all = events.flatMap((event) => listStartsAndEnds(event, rules, before.lead ?? rules.leadMs));
	const due = all.filter(
		(one) =>
			one.dueAt <= now &&
			!isTooOld(one, now, rules) &&
			!reported.has(one.key) &&
			(one.wasDueAt > before.until || isLate(one, before, now, reported)),
	);
	for (const { key, expiresAt } of due) reported.add(key, expiresAt);
	const next = all.reduce(
		(soonest, { dueAt }) => (dueAt > now ? Math.min(soonest, dueAt) : soonest),
		now + LOOKAHEAD_MS,
	);
	return {
		startsAndEnds: due.sort((a, b) => a.dueAt - b.dueAt).map(({ kind, event, at, key }) => ({ kind, event, at, key })),
		state: {
			until: now,
			next,
			lead: rules.leadMs,
			mark: findLatestChange(events, before.mark),
			...reported.store(now),
		},
	};
}
