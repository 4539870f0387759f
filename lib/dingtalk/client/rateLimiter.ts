/**
 * The rate limiter: hands out permits for calls, shared by everything in the process, because DingTalk counts calls per app and
 * API, not per workflow. docs/project/decisions/rate-limiter.md gives the reasons for its constants.
 */
import { abortable, abortableDelay } from '../utils/abort';
import { MINUTE, monotonicNow, SECOND } from '../utils/time';

/** Slightly slower than allowed. */
const HEADROOM = 1.01;
/** How long a limit per minute that was learned from a refusal applies. */
const MINUTE_LIMIT_LIFETIME_MS = 5 * MINUTE;
/** After this many attempts a call is let through. */
const MAX_ATTEMPTS = 50;
/** How far a bucket may be behind: an idle one may start at once what a second allows. */
const MAX_BURST_MS = SECOND * HEADROOM;
/** Calls that wait leave in this many groups a second. */
const GROUPS_PER_SECOND = 4;
/** Timers fire up to this much early. */
const TIMER_TOLERANCE_MS = 1;
/** The longest a group waits for room for its last call. */
const MAX_GROUP_DELAY_MS = 5;
/** From this wait on, the second is used up, and permits are spread again. */
const FULL_SECOND_MS = SECOND / 2;
/** Calls overtake each other on their way out by no more than this. */
const MAX_REORDERING_MS = 5 * SECOND;
const MAX_BUCKETS = 2000;
/** How much later than sent a call may count, after a slow response. */
const DELAY_ALLOWANCE_MS = { min: 20, max: 80, decay: 0.99 };
/** How fast a bucket forgets its fastest response. */
const FASTEST_RESPONSE_DECAY = 1.02;
/** Refusals within this time belong together. */
const REFUSAL_STREAK_MS = 2 * SECOND;

/** One permitted call: when it left, or 0 while it still waits for its token. */
interface Departure {
	at: number;
}

/** The calls of one app to one API. */
interface Bucket {
	/** When the next permit is available. */
	nextStartAt: number;
	/** Settles when all calls that wait now have a permit. */
	queue: Promise<void>;
	waiting: number;
	/** The calls of the last minute, oldest first. */
	departures: Departure[];
	/** The shortest time from sending to the response. */
	fastestResponseMs: number;
	/** How much later than sent a call may count at most. */
	delayAllowanceMs: number;
	/** Refusals in a row, and when the last one came. */
	refusals: { length: number; at: number };
	/** Calls a minute, learned from a refusal. */
	perMinute?: { limit: number; until: number };
}

const buckets = new Map<string, Bucket>();

const isIdle = ({ nextStartAt, departures, perMinute }: Bucket, now: number): boolean =>
	nextStartAt < now && (perMinute?.until ?? 0) < now && departures.every(({ at }) => at > 0 && at < now - MINUTE);

function bucketFor(name: string): Bucket {
	let bucket = buckets.get(name);
	if (!bucket) {
		const now = monotonicNow();
		if (buckets.size >= MAX_BUCKETS) for (const [other, idle] of buckets) if (isIdle(idle, now)) buckets.delete(other);
		bucket = {
			nextStartAt: 0,
			queue: Promise.resolve(),
			waiting: 0,
			departures: [],
			fastestResponseMs: Infinity,
			delayAllowanceMs: DELAY_ALLOWANCE_MS.min,
			refusals: { length: 0, at: 0 },
		};
		buckets.set(name, bucket);
	}
	return bucket;
}

const hasLeftBefore = ({ at }: Departure, time: number): boolean => at > 0 && at <= time;

/** The calls within a span of time; calls that still wait count as if they left now. */
function departuresWithin(departures: Departure[], now: number, span: number): Departure[] {
	let first = departures.length;
	while (first > 0 && !hasLeftBefore(departures[first - 1], now - span - MAX_REORDERING_MS)) first--;
	return departures.slice(first).filter((departure) => !hasLeftBefore(departure, now - span));
}

/** How long until one more call fits, so that no span contains more than its limit. */
function msUntilRoom(departures: Departure[], now: number, span: number, limit: number): number {
	const counted = departuresWithin(departures, now, span);
	if (counted.length < limit) return 0;
	const oldest = counted[counted.length - limit].at;
	return oldest === 0 ? span / 20 : oldest + span - now;
}

const spacingMs = (callsPerSecond: number): number => (SECOND / callsPerSecond) * HEADROOM;

/** How many waiting calls leave together. After a refusal, they leave one by one. */
const groupSize = ({ waiting, refusals }: Bucket, callsPerSecond: number, now: number): number =>
	refusals.at > now - REFUSAL_STREAK_MS
		? 1
		: Math.max(1, Math.min(waiting, Math.floor(callsPerSecond / GROUPS_PER_SECOND)));

function msUntilPermit(bucket: Bucket, callsPerSecond: number): number {
	const now = monotonicNow();
	const untilStart = (count: number): number => bucket.nextStartAt + (count - 1) * spacingMs(callsPerSecond) - now;
	const untilRoomFor = (count: number): number =>
		msUntilRoom(bucket.departures, now, SECOND * HEADROOM, callsPerSecond + 1 - count);
	const ownRoom = untilRoomFor(1);
	if (untilStart(1) <= TIMER_TOLERANCE_MS && ownRoom === 0) return 0;
	const group = groupSize(bucket, callsPerSecond, now);
	// A single late call holds back one of the group, not all of it.
	const room = Math.min(untilRoomFor(group), ownRoom + MAX_GROUP_DELAY_MS);
	// From here on permits are spread again; otherwise each second would start with a burst, as this one did.
	if (room > 0 && room > untilStart(group) + FULL_SECOND_MS) bucket.nextStartAt += room - untilStart(group);
	return Math.max(untilStart(group), room);
}

function msToWait(bucket: Bucket, callsPerSecond: number): number {
	const now = monotonicNow();
	const { departures, perMinute } = bucket;
	const wait = msUntilPermit(bucket, callsPerSecond);
	if (!perMinute || perMinute.until < now) return wait;
	return Math.max(wait, msUntilRoom(departures, now, MINUTE * HEADROOM, perMinute.limit));
}

/** Lets one call through. A late permit does not delay those after it. */
function admit(bucket: Bucket, callsPerSecond: number): Departure {
	const now = monotonicNow();
	bucket.nextStartAt = Math.max(bucket.nextStartAt, now - MAX_BURST_MS) + spacingMs(callsPerSecond);
	const [oldest] = bucket.departures;
	if (oldest && oldest.at > 0 && oldest.at < now - MINUTE * HEADROOM)
		bucket.departures = departuresWithin(bucket.departures, now, MINUTE * HEADROOM);
	const departure: Departure = { at: 0 };
	bucket.departures.push(departure);
	return departure;
}

function delayBucket(bucket: Bucket, ms: number): void {
	bucket.nextStartAt = Math.max(bucket.nextStartAt, monotonicNow() + ms);
}

export interface Permit {
	waitedMs: number;
	/** The call has left. */
	sent(): void;
	/** There is a response, or there will be none. */
	answered(): void;
	/** DingTalk refused the call as one too many; it does not count such calls. */
	refused(): void;
}

/** A permit that a call gets on its way, when it has its token. Without one, it takes no place in line, and changes nothing there. */
export interface LatePermit extends Permit {
	readonly isHeld: boolean;
	acquire(): Promise<void>;
}

export function createLatePermit(name: string, callsPerSecond: number, signal?: AbortSignal): LatePermit {
	let permit: Permit | undefined;
	return {
		get isHeld() {
			return permit !== undefined;
		},
		get waitedMs() {
			return permit?.waitedMs ?? 0;
		},
		async acquire() {
			permit ??= await acquirePermit(name, callsPerSecond, signal);
		},
		sent: () => permit?.sent(),
		answered: () => permit?.answered(),
		refused: () => permit?.refused(),
	};
}

/**
 * Waits for a permit of the bucket, first come, first served. After a pause, what a second allows may start at once; from then
 * on permits are spread evenly, and those of a quarter of a second are used together. Calls that waited for something else on
 * their way, a token or a busy process, may leave in a burst, so the calls that actually left are counted too.
 */
export async function acquirePermit(name: string, callsPerSecond: number, signal?: AbortSignal): Promise<Permit> {
	signal?.throwIfAborted();
	const bucket = bucketFor(name);
	const requestedAt = monotonicNow();
	const before = bucket.queue;
	let leave = (): void => undefined;
	const left = new Promise<void>((resolve) => {
		leave = resolve;
	});
	bucket.queue = Promise.all([before, left]).then(() => undefined);
	bucket.waiting++;
	const admitInTurn = async (): Promise<Departure> => {
		await abortable(before, signal);
		for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
			const wait = msToWait(bucket, callsPerSecond);
			if (wait <= 0) break;
			await abortableDelay(wait, signal);
		}
		return admit(bucket, callsPerSecond);
	};
	const departure = await admitInTurn().finally(() => {
		bucket.waiting--;
		leave();
	});
	let sentAt = Infinity;
	return {
		waitedMs: monotonicNow() - requestedAt,
		sent() {
			if (departure.at === 0) sentAt = departure.at = monotonicNow();
		},
		answered() {
			const now = monotonicNow();
			if (departure.at === 0) sentAt = departure.at = now;
			const took = now - departure.at;
			bucket.fastestResponseMs = Math.min(took, bucket.fastestResponseMs * FASTEST_RESPONSE_DECAY);
			departure.at += Math.min(took - bucket.fastestResponseMs, bucket.delayAllowanceMs);
			bucket.delayAllowanceMs = Math.max(DELAY_ALLOWANCE_MS.min, bucket.delayAllowanceMs * DELAY_ALLOWANCE_MS.decay);
		},
		refused() {
			bucket.departures = bucket.departures.filter((other) => other !== departure);
			// Calls that were in progress at the last refusal were refused for the same reason.
			if (sentAt <= bucket.refusals.at) return;
			bucket.delayAllowanceMs = Math.min(DELAY_ALLOWANCE_MS.max, bucket.delayAllowanceMs * 2);
			const now = monotonicNow();
			const isStreak = bucket.refusals.at > now - REFUSAL_STREAK_MS;
			bucket.refusals = { length: isStreak ? bucket.refusals.length + 1 : 1, at: now };
			// Another program may use the app: the longer refusals last, the more room is left to it.
			delayBucket(bucket, Math.min(spacingMs(callsPerSecond) * 2 ** (bucket.refusals.length - 1), SECOND));
		},
	};
}

/** Gives out no permit of this bucket for a time. */
export function pauseBucket(name: string, ms: number): void {
	delayBucket(bucketFor(name), ms);
}

/**
 * DingTalk said that the calls of a minute are used up, but not how many those are. The calls of the last minute are taken as the
 * limit; a bucket without calls has learned nothing, because other programs have used them.
 */
export function learnMinuteLimit(name: string): void {
	const bucket = bucketFor(name);
	const now = monotonicNow();
	const limit = departuresWithin(bucket.departures, now, MINUTE).length;
	if (limit > 0) bucket.perMinute = { limit, until: now + MINUTE_LIMIT_LIFETIME_MS };
}
