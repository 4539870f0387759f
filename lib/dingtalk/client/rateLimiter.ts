/** Start slots, shared by everything in the process: DingTalk counts calls per app and API, not per workflow. */
import { sleep } from 'n8n-workflow';
import { abortable } from '../utils/abort';
import { SECOND, MINUTE } from '../utils/time';

/** A hair slower than allowed, so that two starts that drift together on the network do not make one too many. */
const HEADROOM = 1.01;
/** How long what a lane has learned about calls a minute is believed. */
const MINUTE_LIMIT_LIFETIME_MS = 5 * MINUTE;
/** A lane whose calls do not get on their way at all lets others try in the end. */
const MAX_ATTEMPTS = 50;
/** The most that a lane may be behind its slots. One that was idle may thus send at once what a second allows. */
const MAX_BURST_MS = SECOND * HEADROOM;
/** Who has to wait for a slot leaves with others, so many times a second: each waking of the process costs. */
const GROUPS_PER_SECOND = 4;
/** Timers ring up to this much early. */
const TIMER_TOLERANCE_MS = 1;
/** Longer than this a bunch does not wait until there is room for the last of it. */
const MAX_GROUP_DELAY_MS = 5;
/** When there is no room for longer than this after a slot, it is not for late starts, but because the second is used up. */
const FULL_SECOND_MS = SECOND / 2;
/** By no more than this does a call overtake another on its way out. */
const MAX_REORDERING_MS = 5 * SECOND;
const MAX_BUCKETS = 2000;

/**
 * A call whose answer took longer than others may have been late on its way there, and those after it would catch up
 * with it. So it counts as later; not by more than this, for it may as well have been late on its way back. A refusal
 * doubles it, and every call makes it a little less again.
 */
const DELAY_ALLOWANCE_MS = { least: 20, most: 80, fades: 0.99 };
/** How fast a lane forgets that it was ever quicker. */
const FASTEST_RESPONSE_DECAY = 1.02;
/** One refusal may be an accident of the network; those that follow it within this time are not. */
const REFUSAL_STREAK_MS = 2 * SECOND;

/** One admitted call: when it went out, or 0 while it still waits for its token. */
interface Departure {
	at: number;
}

interface Bucket {
	/** When the next slot begins: nobody starts before then. */
	nextStartAt: number;
	/** Settles when everybody who waits now has been let in. */
	queue: Promise<void>;
	/** How many those are. */
	waiting: number;
	/** What was let in lately, oldest first. */
	departures: Departure[];
	/** The shortest time from a start to its answer. */
	fastestResponseMs: number;
	/** How late a call may count at most. */
	delayAllowanceMs: number;
	/** Refusals in a row, and when the last one came. */
	refusals: { length: number; at: number };
	/** Calls a minute, learned from a refusal. */
	perMinute?: { limit: number; until: number };
}

const buckets = new Map<string, Bucket>();

const isIdle = ({ nextStartAt: next, departures: starts, perMinute }: Bucket, now: number): boolean =>
	next < now && (perMinute?.until ?? 0) < now && starts.every(({ at }) => at > 0 && at < now - MINUTE);

function bucketFor(name: string): Bucket {
	let lane = buckets.get(name);
	if (!lane) {
		const now = Date.now();
		if (buckets.size >= MAX_BUCKETS) for (const [other, idle] of buckets) if (isIdle(idle, now)) buckets.delete(other);
		lane = {
			nextStartAt: 0,
			queue: Promise.resolve(),
			waiting: 0,
			departures: [],
			fastestResponseMs: Infinity,
			delayAllowanceMs: DELAY_ALLOWANCE_MS.least,
			refusals: { length: 0, at: 0 },
		};
		buckets.set(name, lane);
	}
	return lane;
}

export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
	signal?.throwIfAborted();
	await abortable(sleep(ms), signal);
}

const hasLeftBefore = ({ at }: Departure, then: number): boolean => at > 0 && at <= then;

/** Those that still wait count as if they went out now. */
function departuresWithin(starts: Departure[], now: number, span: number): Departure[] {
	let first = starts.length;
	while (first > 0 && !hasLeftBefore(starts[first - 1], now - span - MAX_REORDERING_MS)) first--;
	return starts.slice(first).filter((start) => !hasLeftBefore(start, now - span));
}

/** How long until one more call fits, so that no span ever sees more than its limit. */
function msUntilRoom(starts: Departure[], now: number, span: number, limit: number): number {
	const counted = departuresWithin(starts, now, span);
	if (counted.length < limit) return 0;
	const oldest = counted[counted.length - limit].at;
	return oldest === 0 ? span / 20 : oldest + span - now;
}

const spacingMs = (callsPerSecond: number): number => (SECOND / callsPerSecond) * HEADROOM;

/** How many of those who wait leave together: the first of them waits until the last has a slot. One by one after a refusal. */
const groupSize = ({ waiting, refusals: streak }: Bucket, callsPerSecond: number, now: number): number =>
	streak.at > now - REFUSAL_STREAK_MS
		? 1
		: Math.max(1, Math.min(waiting, Math.floor(callsPerSecond / GROUPS_PER_SECOND)));

function msUntilPermit(lane: Bucket, callsPerSecond: number): number {
	const now = Date.now();
	const untilSlots = (count: number): number => lane.nextStartAt + (count - 1) * spacingMs(callsPerSecond) - now;
	const untilRoomFor = (count: number): number =>
		msUntilRoom(lane.departures, now, SECOND * HEADROOM, callsPerSecond + 1 - count);
	const ownRoom = untilRoomFor(1);
	if (untilSlots(1) <= TIMER_TOLERANCE_MS && ownRoom === 0) return 0;
	const bunch = groupSize(lane, callsPerSecond, now);
	// One that was late lately keeps back one of the bunch, not all.
	const room = Math.min(untilRoomFor(bunch), ownRoom + MAX_GROUP_DELAY_MS);
	// From here on slots are spread again; otherwise every second would begin with a burst, as this one did.
	if (room > 0 && room > untilSlots(bunch) + FULL_SECOND_MS) lane.nextStartAt += room - untilSlots(bunch);
	return Math.max(untilSlots(bunch), room);
}

function msToWait(lane: Bucket, callsPerSecond: number): number {
	const now = Date.now();
	const { departures: starts, perMinute } = lane;
	const wait = msUntilPermit(lane, callsPerSecond);
	if (!perMinute || perMinute.until < now) return wait;
	return Math.max(wait, msUntilRoom(starts, now, MINUTE * HEADROOM, perMinute.limit));
}

/** Lets one more in. A slot that came late does not put off those after it. */
function admit(lane: Bucket, callsPerSecond: number): Departure {
	const now = Date.now();
	lane.nextStartAt = Math.max(lane.nextStartAt, now - MAX_BURST_MS) + spacingMs(callsPerSecond);
	const [oldest] = lane.departures;
	if (oldest && oldest.at > 0 && oldest.at < now - MINUTE * HEADROOM)
		lane.departures = departuresWithin(lane.departures, now, MINUTE * HEADROOM);
	const start: Departure = { at: 0 };
	lane.departures.push(start);
	return start;
}

function delayBucket(lane: Bucket, ms: number): void {
	lane.nextStartAt = Math.max(lane.nextStartAt, Date.now() + ms);
}

export interface Permit {
	waitedMs: number;
	/** Says that the call is on its way. */
	sent(): void;
	/** Says that the answer is there, or that there will be none. */
	answered(): void;
	/** Says that DingTalk turned the call away as one too many; it does not count such calls. */
	refused(): void;
}

/**
 * Waits for the lane's next start slot, first come, first served. After a rest, what a second allows may start at once;
 * from then on slots are spread evenly, and those of a quarter of a second are used together. But calls that waited for
 * something else on their way, a token or a busy process, may go out in a burst, so what really went out is looked at too.
 */
export async function acquirePermit(name: string, callsPerSecond: number, signal?: AbortSignal): Promise<Permit> {
	signal?.throwIfAborted();
	const lane = bucketFor(name);
	const asked = Date.now();
	const before = lane.queue;
	let leave = (): void => undefined;
	const left = new Promise<void>((resolve) => {
		leave = resolve;
	});
	lane.queue = Promise.all([before, left]).then(() => undefined);
	lane.waiting++;
	const enterInTurn = async (): Promise<Departure> => {
		await abortable(before, signal);
		for (let look = 0; look < MAX_ATTEMPTS; look++) {
			const wait = msToWait(lane, callsPerSecond);
			if (wait <= 0) break;
			await pause(wait, signal);
		}
		return admit(lane, callsPerSecond);
	};
	const start = await enterInTurn().finally(() => {
		lane.waiting--;
		leave();
	});
	let sentAt = Infinity;
	return {
		waitedMs: Date.now() - asked,
		sent() {
			if (start.at === 0) sentAt = start.at = Date.now();
		},
		answered() {
			const now = Date.now();
			if (start.at === 0) sentAt = start.at = now;
			const took = now - start.at;
			lane.fastestResponseMs = Math.min(took, lane.fastestResponseMs * FASTEST_RESPONSE_DECAY);
			start.at += Math.min(took - lane.fastestResponseMs, lane.delayAllowanceMs);
			lane.delayAllowanceMs = Math.max(DELAY_ALLOWANCE_MS.least, lane.delayAllowanceMs * DELAY_ALLOWANCE_MS.fades);
		},
		refused() {
			lane.departures = lane.departures.filter((other) => other !== start);
			// What was under way already when the last refusal came met with the same accident.
			if (sentAt <= lane.refusals.at) return;
			lane.delayAllowanceMs = Math.min(DELAY_ALLOWANCE_MS.most, lane.delayAllowanceMs * 2);
			const now = Date.now();
			lane.refusals = { length: lane.refusals.at > now - REFUSAL_STREAK_MS ? lane.refusals.length + 1 : 1, at: now };
			// Another program may use the app: the longer that goes on, the more is left to it.
			delayBucket(lane, Math.min(spacingMs(callsPerSecond) * 2 ** (lane.refusals.length - 1), SECOND));
		},
	};
}

/** Nobody starts in this lane before then. */
export function pauseBucket(name: string, ms: number): void {
	delayBucket(bucketFor(name), ms);
}

/**
 * DingTalk said that a minute's calls are used up, but not how many those are. What got through in the last minute is
 * taken for it; a lane that sent nothing itself has learned nothing, for then others have used them.
 */
export function learnMinuteLimit(name: string): void {
	const lane = bucketFor(name);
	const now = Date.now();
	const limit = departuresWithin(lane.departures, now, MINUTE).length;
	if (limit > 0) lane.perMinute = { limit, until: now + MINUTE_LIMIT_LIFETIME_MS };
}
