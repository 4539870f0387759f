/**
 * The rate limiter: hands out permits for calls, shared by everything in the process, because DingTalk counts calls per app and
 * API, not per workflow. docs/project/decisions/rate-limiter.md says how processes share the limit.
 */
import { abortable, abortableDelay } from '../../utils/abort';
import { MINUTE, monotonicNow, SECOND } from '../../utils/time';
import { departuresBefore, departuresWithin, msUntilRoom, type Departure } from './departures';
import { SharedRate } from './sharedRate';

/** Slightly slower than allowed: calls that come closer together on the network do not exceed the limit. */
const HEADROOM = 1.01;
/** How long a limit per minute that was learned from a refusal applies. */
const MINUTE_LIMIT_LIFETIME_MS = 5 * MINUTE;
/** After this many attempts a call is let through. */
const MAX_ATTEMPTS = 50;
/**
 * So many calls leave at once after a pause, and one more with each response: several processes that start together notice each
 * other before each has sent what a second allows.
 */
const FIRST_CALLS = 5;
/** A pause, after which other processes may have begun. */
const PAUSE_MS = 10 * SECOND;
/** How often a call that waits looks for such a response. */
const RESPONSE_INTERVAL_MS = 20;
/** How far a bucket may be behind: what a second allows may start at once. */
const MAX_BURST_MS = SECOND * HEADROOM;
/** The same while others use the app: they may have used what this process has left. */
const MAX_SHARED_BURST_MS = 100;
/** Calls that wait leave in groups: one by one took nearly twice the processor time of HTTP Request, to wake up and open connections. */
const GROUPS_PER_SECOND = 4;
/** Timers fire up to this much early. */
const TIMER_TOLERANCE_MS = 1;
/** The longest a group waits for room for its last call. */
const MAX_GROUP_DELAY_MS = 5;
/** From this wait on, permits are spread again: with a burst each second, the second of two processes found no room. */
const FULL_SECOND_MS = SECOND / 2;
/** Beyond this, idle buckets are removed. */
const MAX_BUCKETS = 2000;
/**
 * How much later than sent a call may count, after a slow response. A refusal doubles it, and each call reduces it, so slowly that a
 * network that delays calls stays known: a process alone used 86 % of the limit instead of 93 % when five seconds were enough.
 */
const DELAY_ALLOWANCE_MS = { min: 30, max: 120, decay: 0.998 };
/** How fast a bucket forgets its fastest response, so that a slower network is noticed. */
const FASTEST_RESPONSE_DECAY = 1.02;

/** The calls of one app to one API. */
interface Bucket {
	/** When the next permit is available. */
	nextStartAt: number;
	/** Settles when all calls that wait now have a permit. */
	queue: Promise<void>;
	waiting: number;
	/** So many calls may leave at once. */
	burst: number;
	/** When a permit was last given out. */
	permittedAt: number;
	/** The calls of the last minute, oldest first. */
	departures: Departure[];
	/** The shortest time from sending to the response. */
	fastestResponseMs: number;
	/** How much later than sent a call may count at most. */
	delayAllowanceMs: number;
	/** Calls a second, learned from refusals. */
	share: SharedRate;
	/** Calls a minute, learned from a refusal. */
	perMinute?: { limit: number; until: number };
}

const isIdle = ({ nextStartAt, departures, perMinute }: Bucket, now: number): boolean =>
	nextStartAt < now && (perMinute?.until ?? 0) < now && departures.every(({ at }) => at > 0 && at < now - MINUTE);

/** What one call may use now. */
interface Allowance {
	/** Calls a second, as the credential says. */
	ceiling: number;
	/** The share of this process. */
	rate: number;
}

const spacingMs = ({ rate }: Allowance): number => (SECOND / rate) * HEADROOM;

const isShared = ({ ceiling, rate }: Allowance): boolean => rate < ceiling;

/** How many waiting calls leave together. While others use the app, they leave one by one. */
const groupSize = ({ waiting }: Bucket, allowance: Allowance): number =>
	isShared(allowance) ? 1 : Math.max(1, Math.min(waiting, Math.floor(allowance.rate / GROUPS_PER_SECOND)));

function msUntilPermit(bucket: Bucket, allowance: Allowance, now: number): number {
	const untilStart = (count: number): number => bucket.nextStartAt + (count - 1) * spacingMs(allowance) - now;
	const untilRoomFor = (count: number): number =>
		msUntilRoom(bucket.departures, now, SECOND * HEADROOM, allowance.ceiling + 1 - count);
	const ownRoom = untilRoomFor(1);
	if (untilStart(1) <= TIMER_TOLERANCE_MS && ownRoom === 0) return 0;
	const group = groupSize(bucket, allowance);
	// A single late call holds back one of the group, not all of it.
	const room = Math.min(untilRoomFor(group), ownRoom + MAX_GROUP_DELAY_MS);
	// Otherwise each second would start with a burst, as this one did, and other processes would find no room.
	if (room > 0 && room > untilStart(group) + FULL_SECOND_MS) bucket.nextStartAt += room - untilStart(group);
	return Math.max(untilStart(group), room);
}

function msToWait(bucket: Bucket, allowance: Allowance, now: number): number {
	const { departures, perMinute } = bucket;
	const wait = msUntilPermit(bucket, allowance, now);
	if (!perMinute || perMinute.until < now) return wait;
	return Math.max(wait, msUntilRoom(departures, now, MINUTE * HEADROOM, perMinute.limit));
}

/** Lets one call through. A late permit does not delay those after it. */
function admit(bucket: Bucket, allowance: Allowance, now: number): Departure {
	const spacing = spacingMs(allowance);
	const behind = isShared(allowance) ? MAX_SHARED_BURST_MS : Math.min((bucket.burst - 1) * spacing, MAX_BURST_MS);
	bucket.nextStartAt = Math.max(bucket.nextStartAt, now - behind) + spacing;
	bucket.permittedAt = now;
	const [oldest] = bucket.departures;
	if (oldest && oldest.at > 0 && oldest.at < now - MINUTE * HEADROOM)
		bucket.departures = departuresWithin(bucket.departures, now, MINUTE * HEADROOM);
	const departure: Departure = { at: 0 };
	bucket.departures.push(departure);
	return departure;
}

/** With a response, one more call may leave at once, unless the bucket is paused. */
function widenBurst(bucket: Bucket, allowance: Allowance, now: number): void {
	if (bucket.burst >= allowance.ceiling) return;
	bucket.burst++;
	const spacing = spacingMs(allowance);
	if (bucket.nextStartAt <= now + spacing) bucket.nextStartAt -= spacing;
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

/** Measures time and lets it pass. */
export interface Clock {
	now(): number;
	delay(ms: number, signal?: AbortSignal): Promise<void>;
}

export class RateLimiter {
	private readonly buckets = new Map<string, Bucket>();

	constructor(private readonly clock: Clock) {}

	/**
	 * Waits for a permit of the bucket, first come, first served. After a pause, what a second allows may start at once; from then
	 * on permits are spread evenly, and those of a quarter of a second are used together. Calls that waited for something else on
	 * their way, a token or a busy process, may leave in a burst, so the calls that actually left are counted too.
	 */
	async acquirePermit(name: string, callsPerSecond: number, signal?: AbortSignal): Promise<Permit> {
		signal?.throwIfAborted();
		const { clock } = this;
		const bucket = this.bucketFor(name);
		const requestedAt = clock.now();
		const before = bucket.queue;
		let leave = (): void => undefined;
		const left = new Promise<void>((resolve) => {
			leave = resolve;
		});
		bucket.queue = Promise.all([before, left]).then(() => undefined);
		bucket.waiting++;
		const departure = await this.admitInTurn(bucket, before, callsPerSecond, signal).finally(() => {
			bucket.waiting--;
			leave();
		});
		const waitedMs = clock.now() - requestedAt;
		return this.permitOf(bucket, departure, callsPerSecond, waitedMs);
	}

	createLatePermit(name: string, callsPerSecond: number, signal?: AbortSignal): LatePermit {
		const acquire = async (): Promise<Permit> => await this.acquirePermit(name, callsPerSecond, signal);
		let permit: Permit | undefined;
		return {
			get isHeld() {
				return permit !== undefined;
			},
			get waitedMs() {
				return permit?.waitedMs ?? 0;
			},
			async acquire() {
				permit ??= await acquire();
			},
			sent: () => permit?.sent(),
			answered: () => permit?.answered(),
			refused: () => permit?.refused(),
		};
	}

	/** Gives out no permit of this bucket for a time. */
	pauseBucket(name: string, ms: number): void {
		this.delayBucket(this.bucketFor(name), ms);
	}

	/**
	 * DingTalk said that the calls of a minute are used up, but not how many those are. The calls of the last minute are taken as
	 * the limit; a bucket without calls has learned nothing, because other programs have used them.
	 */
	learnMinuteLimit(name: string): void {
		const bucket = this.bucketFor(name);
		const now = this.clock.now();
		const limit = departuresWithin(bucket.departures, now, MINUTE).length;
		if (limit > 0) bucket.perMinute = { limit, until: now + MINUTE_LIMIT_LIFETIME_MS };
	}

	private bucketFor(name: string): Bucket {
		const { buckets } = this;
		let bucket = buckets.get(name);
		if (!bucket) {
			const now = this.clock.now();
			if (buckets.size >= MAX_BUCKETS)
				for (const [other, idle] of buckets) if (isIdle(idle, now)) buckets.delete(other);
			bucket = {
				nextStartAt: 0,
				queue: Promise.resolve(),
				waiting: 0,
				burst: FIRST_CALLS,
				permittedAt: now,
				departures: [],
				fastestResponseMs: Infinity,
				delayAllowanceMs: DELAY_ALLOWANCE_MS.min,
				share: new SharedRate(),
			};
			buckets.set(name, bucket);
		}
		return bucket;
	}

	private async admitInTurn(
		bucket: Bucket,
		before: Promise<void>,
		ceiling: number,
		signal?: AbortSignal,
	): Promise<Departure> {
		await abortable(before, signal);
		for (let attempt = 1; ; attempt++) {
			const now = this.clock.now();
			const allowance = { ceiling, rate: bucket.share.at(now, ceiling) };
			if (now - bucket.permittedAt > PAUSE_MS) bucket.burst = FIRST_CALLS;
			const wait = msToWait(bucket, allowance, now);
			if (wait <= 0 || attempt > MAX_ATTEMPTS) return admit(bucket, allowance, now);
			const mayEndEarly = bucket.burst < ceiling && !isShared(allowance) && wait <= FULL_SECOND_MS;
			await this.clock.delay(mayEndEarly ? Math.min(wait, RESPONSE_INTERVAL_MS) : wait, signal);
		}
	}

	private permitOf(bucket: Bucket, departure: Departure, ceiling: number, waitedMs: number): Permit {
		const { clock } = this;
		let sentAt = Infinity;
		return {
			waitedMs,
			sent() {
				if (departure.at === 0) sentAt = departure.at = clock.now();
			},
			answered() {
				const now = clock.now();
				if (departure.at === 0) sentAt = departure.at = now;
				const took = now - departure.at;
				bucket.fastestResponseMs = Math.min(took, bucket.fastestResponseMs * FASTEST_RESPONSE_DECAY);
				departure.at += Math.min(took - bucket.fastestResponseMs, bucket.delayAllowanceMs);
				bucket.delayAllowanceMs = Math.max(DELAY_ALLOWANCE_MS.min, bucket.delayAllowanceMs * DELAY_ALLOWANCE_MS.decay);
				widenBurst(bucket, { ceiling, rate: ceiling }, now);
			},
			refused: () => {
				bucket.departures = bucket.departures.filter((other) => other !== departure);
				const now = clock.now();
				const accepted = departuresBefore(bucket.departures, sentAt, SECOND);
				if (bucket.share.refused(now, ceiling, { sentAt, accepted: accepted.length }))
					bucket.delayAllowanceMs = Math.min(DELAY_ALLOWANCE_MS.max, bucket.delayAllowanceMs * 2);
				const spacing = spacingMs({ ceiling, rate: bucket.share.at(now, ceiling) });
				// Until then, DingTalk still counts all that it has accepted of this process.
				const untilRoom = Math.min(...accepted.map(({ at }) => at)) + SECOND * HEADROOM - now;
				this.delayBucket(bucket, accepted.length === 0 ? spacing : Math.max(spacing, untilRoom));
			},
		};
	}

	private delayBucket(bucket: Bucket, ms: number): void {
		bucket.nextStartAt = Math.max(bucket.nextStartAt, this.clock.now() + ms);
	}
}

/** The one of this process. */
export const rateLimiter = new RateLimiter({ now: monotonicNow, delay: abortableDelay });
