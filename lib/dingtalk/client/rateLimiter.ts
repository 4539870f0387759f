/** Start slots, shared by everything in the process: DingTalk counts calls per app and API, not per workflow. */
import { sleep } from 'n8n-workflow';
import { unlessStopped } from '../utils/abort';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** A hair slower than allowed, so that two starts that drift together on the network do not make one too many. */
const HEADROOM = 1.01;
/** How long what a lane has learned about calls a minute is believed. */
const LEARNED_FOR_MS = 5 * MINUTE;
/** A lane whose calls do not get on their way at all lets others try in the end. */
const MAX_LOOKS = 50;
/** The most that a lane may be behind its slots. One that was idle may thus send at once what a second allows. */
const CATCH_UP_MS = SECOND * HEADROOM;
/** Who has to wait for a slot leaves with others, so many times a second: each waking of the process costs. */
const BUNCHES = 4;
/** Timers ring up to this much early. */
const EARLY_MS = 1;
/** Longer than this a bunch does not wait until there is room for the last of it. */
const LATECOMERS_MS = 5;
/** When there is no room for longer than this after a slot, it is not for late starts, but because the second is used up. */
const USED_UP_MS = SECOND / 2;
/** By no more than this does a call overtake another on its way out. */
const OUT_OF_ORDER_MS = 5 * SECOND;
const MAX_LANES = 2000;

/**
 * A call whose answer took longer than others may have been late on its way there, and those after it would catch up
 * with it. So it counts as later; not by more than this, for it may as well have been late on its way back. A refusal
 * doubles it, and every call makes it a little less again.
 */
const LATE_MS = { least: 20, most: 80, fades: 0.99 };
/** How fast a lane forgets that it was ever quicker. */
const CREEP = 1.02;
/** One refusal may be an accident of the network; those that follow it within this time are not. */
const STREAK_MS = 2 * SECOND;

/** One admitted call: when it went out, or 0 while it still waits for its token. */
interface Start {
	at: number;
}

interface Lane {
	/** When the next slot begins: nobody starts before then. */
	next: number;
	/** Settles when everybody who waits now has been let in. */
	line: Promise<void>;
	/** How many those are. */
	waiting: number;
	/** What was let in lately, oldest first. */
	starts: Start[];
	/** The shortest time from a start to its answer. */
	quickest: number;
	/** How late a call may count at most. */
	lateMs: number;
	/** Refusals in a row, and when the last one came. */
	streak: { length: number; at: number };
	/** Calls a minute, learned from a refusal. */
	perMinute?: { limit: number; until: number };
}

const lanes = new Map<string, Lane>();

const isIdle = ({ next, starts, perMinute }: Lane, now: number): boolean =>
	next < now && (perMinute?.until ?? 0) < now && starts.every(({ at }) => at > 0 && at < now - MINUTE);

function laneOf(name: string): Lane {
	let lane = lanes.get(name);
	if (!lane) {
		const now = Date.now();
		if (lanes.size >= MAX_LANES) for (const [other, idle] of lanes) if (isIdle(idle, now)) lanes.delete(other);
		lane = {
			next: 0,
			line: Promise.resolve(),
			waiting: 0,
			starts: [],
			quickest: Infinity,
			lateMs: LATE_MS.least,
			streak: { length: 0, at: 0 },
		};
		lanes.set(name, lane);
	}
	return lane;
}

export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
	signal?.throwIfAborted();
	await unlessStopped(sleep(ms), signal);
}

const isBefore = ({ at }: Start, then: number): boolean => at > 0 && at <= then;

/** Those that still wait count as if they went out now. */
function within(starts: Start[], now: number, span: number): Start[] {
	let first = starts.length;
	while (first > 0 && !isBefore(starts[first - 1], now - span - OUT_OF_ORDER_MS)) first--;
	return starts.slice(first).filter((start) => !isBefore(start, now - span));
}

/** How long until one more call fits, so that no span ever sees more than its limit. */
function untilRoom(starts: Start[], now: number, span: number, limit: number): number {
	const counted = within(starts, now, span);
	if (counted.length < limit) return 0;
	const oldest = counted[counted.length - limit].at;
	return oldest === 0 ? span / 20 : oldest + span - now;
}

const spacingOf = (callsPerSecond: number): number => (SECOND / callsPerSecond) * HEADROOM;

/** How many of those who wait leave together: the first of them waits until the last has a slot. One by one after a refusal. */
const bunchOf = ({ waiting, streak }: Lane, callsPerSecond: number, now: number): number =>
	streak.at > now - STREAK_MS ? 1 : Math.max(1, Math.min(waiting, Math.floor(callsPerSecond / BUNCHES)));

function untilFree(lane: Lane, callsPerSecond: number): number {
	const now = Date.now();
	const untilSlots = (count: number): number => lane.next + (count - 1) * spacingOf(callsPerSecond) - now;
	const untilRoomFor = (count: number): number =>
		untilRoom(lane.starts, now, SECOND * HEADROOM, callsPerSecond + 1 - count);
	const ownRoom = untilRoomFor(1);
	if (untilSlots(1) <= EARLY_MS && ownRoom === 0) return 0;
	const bunch = bunchOf(lane, callsPerSecond, now);
	// One that was late lately keeps back one of the bunch, not all.
	const room = Math.min(untilRoomFor(bunch), ownRoom + LATECOMERS_MS);
	// From here on slots are spread again; otherwise every second would begin with a burst, as this one did.
	if (room > 0 && room > untilSlots(bunch) + USED_UP_MS) lane.next += room - untilSlots(bunch);
	return Math.max(untilSlots(bunch), room);
}

function waitFor(lane: Lane, callsPerSecond: number): number {
	const now = Date.now();
	const { starts, perMinute } = lane;
	const wait = untilFree(lane, callsPerSecond);
	if (!perMinute || perMinute.until < now) return wait;
	return Math.max(wait, untilRoom(starts, now, MINUTE * HEADROOM, perMinute.limit));
}

/** Lets one more in. A slot that came late does not put off those after it. */
function enter(lane: Lane, callsPerSecond: number): Start {
	const now = Date.now();
	lane.next = Math.max(lane.next, now - CATCH_UP_MS) + spacingOf(callsPerSecond);
	const [oldest] = lane.starts;
	if (oldest && oldest.at > 0 && oldest.at < now - MINUTE * HEADROOM)
		lane.starts = within(lane.starts, now, MINUTE * HEADROOM);
	const start: Start = { at: 0 };
	lane.starts.push(start);
	return start;
}

function hold(lane: Lane, ms: number): void {
	lane.next = Math.max(lane.next, Date.now() + ms);
}

export interface Slot {
	waitedMs: number;
	/** Says that the call is on its way. */
	started(): void;
	/** Says that the answer is there, or that there will be none. */
	ended(): void;
	/** Says that DingTalk turned the call away as one too many; it does not count such calls. */
	refused(): void;
}

/**
 * Waits for the lane's next start slot, first come, first served. After a rest, what a second allows may start at once;
 * from then on slots are spread evenly, and those of a quarter of a second are used together. But calls that waited for
 * something else on their way, a token or a busy process, may go out in a burst, so what really went out is looked at too.
 */
export async function takeSlot(name: string, callsPerSecond: number, signal?: AbortSignal): Promise<Slot> {
	signal?.throwIfAborted();
	const lane = laneOf(name);
	const asked = Date.now();
	const before = lane.line;
	let leave = (): void => undefined;
	const left = new Promise<void>((resolve) => {
		leave = resolve;
	});
	lane.line = Promise.all([before, left]).then(() => undefined);
	lane.waiting++;
	const enterInTurn = async (): Promise<Start> => {
		await unlessStopped(before, signal);
		for (let look = 0; look < MAX_LOOKS; look++) {
			const wait = waitFor(lane, callsPerSecond);
			if (wait <= 0) break;
			await pause(wait, signal);
		}
		return enter(lane, callsPerSecond);
	};
	const start = await enterInTurn().finally(() => {
		lane.waiting--;
		leave();
	});
	let sentAt = Infinity;
	return {
		waitedMs: Date.now() - asked,
		started() {
			if (start.at === 0) sentAt = start.at = Date.now();
		},
		ended() {
			const now = Date.now();
			if (start.at === 0) sentAt = start.at = now;
			const took = now - start.at;
			lane.quickest = Math.min(took, lane.quickest * CREEP);
			start.at += Math.min(took - lane.quickest, lane.lateMs);
			lane.lateMs = Math.max(LATE_MS.least, lane.lateMs * LATE_MS.fades);
		},
		refused() {
			lane.starts = lane.starts.filter((other) => other !== start);
			// What was under way already when the last refusal came met with the same accident.
			if (sentAt <= lane.streak.at) return;
			lane.lateMs = Math.min(LATE_MS.most, lane.lateMs * 2);
			const now = Date.now();
			lane.streak = { length: lane.streak.at > now - STREAK_MS ? lane.streak.length + 1 : 1, at: now };
			// Another program may use the app: the longer that goes on, the more is left to it.
			hold(lane, Math.min(spacingOf(callsPerSecond) * 2 ** (lane.streak.length - 1), SECOND));
		},
	};
}

/** Nobody starts in this lane before then. */
export function holdLane(name: string, ms: number): void {
	hold(laneOf(name), ms);
}

/**
 * DingTalk said that a minute's calls are used up, but not how many those are. What got through in the last minute is
 * taken for it; a lane that sent nothing itself has learned nothing, for then others have used them.
 */
export function learnCallsPerMinute(name: string): void {
	const lane = laneOf(name);
	const now = Date.now();
	const limit = within(lane.starts, now, MINUTE).length;
	if (limit > 0) lane.perMinute = { limit, until: now + LEARNED_FOR_MS };
}
