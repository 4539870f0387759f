/**
 * The share of a limit that one process takes while others use the same app. A refusal tells it: DingTalk has accepted all that it
 * accepts in a second, and this process knows how many of those were its own. That many it keeps, less a part for the others, and it
 * grows again while nothing is refused. docs/project/decisions/rate-limiter.md shows what comes of it with up to 50 processes.
 */
import { MINUTE, SECOND } from '../../utils/time';

/**
 * The part of its calls that a process leaves to others with a refusal, if it has half of what the credential says. Those that have
 * more leave a larger part, which makes shares equal in time.
 */
const DECREASE = 0.13;
/** The part of its rate that a process adds each second, and the rate that the smallest grow like. */
const INCREASE = 0.03;
const MIN_GROWING_RATE = 4;
/** Without a refusal, growth doubles after this time at one call a second, and sooner at more, because those hear of others sooner. */
const QUIET_MS = 7 * SECOND;
/** The rate at most doubles in a second. */
const MAX_INCREASE = 1;
/** Time in which a process sends nothing says nothing about the limit: no more than this counts, or two of its calls. */
const MAX_UNUSED_MS = 3 * SECOND;
/** A minute without a refusal is the end of it: while others are there, this does not happen by chance. */
const REFUSAL_LIFETIME_MS = MINUTE;
/** A process of which nothing was accepted keeps this part of its rate, up to this many calls a second. */
const KEPT_PART = 0.4;
const MAX_KEPT = 3;
/** Even where another program takes all, a call is tried every five seconds. */
const MIN_CALLS_PER_SECOND = 0.2;
/** Of a process that had all calls of a second but these, the refused call just came too early. */
const ALONE_MARGIN = 2;

const partToLeave = (accepted: number, ceiling: number): number => DECREASE * Math.sqrt((2 * accepted) / ceiling);

/** Whole numbers that have this mean. */
const roundAtRandom = (amount: number): number => Math.floor(amount + Math.random());

/** One call that DingTalk refused. */
export interface Refusal {
	sentAt: number;
	/** Calls of this process that DingTalk accepted in the second before. */
	accepted: number;
}

export class SharedRate {
	/** Without a refusal, the ceiling applies. */
	private rate = Infinity;
	private grownAt = 0;
	private refusedAt = -Infinity;
	/** What the latest refusals leave in any case. */
	private kept = MIN_CALLS_PER_SECOND;

	/**
	 * Calls a second now, up to what the credential says. They are whole numbers: a process that sends seven and a half has eight
	 * within some seconds, and several of those exceed the limit together. The share is of the app: a credential that says less than
	 * another one of the same app does not end it.
	 */
	at(now: number, ceiling: number): number {
		if (this.rate < ceiling) this.grow(now);
		if (this.rate >= ceiling) return ceiling;
		return this.rate < 1 ? this.rate : Math.floor(this.rate);
	}

	/** Returns whether it is the first of several calls that were in progress together: those were refused for the same reason. */
	refused(now: number, ceiling: number, { sentAt, accepted }: Refusal): boolean {
		this.at(now, ceiling);
		const rate = Math.min(this.rate, ceiling);
		const isFirst = sentAt > this.refusedAt;
		// The first refusal of all may be an accident of the network, and nearly all calls of a second are hardly those of several processes.
		const mayShare = this.wasRefused(now) && accepted < ceiling - ALONE_MARGIN;
		const left = isFirst && mayShare ? roundAtRandom(partToLeave(accepted, ceiling) * accepted) : 0;
		if (isFirst) {
			this.kept = Math.max(Math.min(rate * KEPT_PART, MAX_KEPT), MIN_CALLS_PER_SECOND);
			this.refusedAt = now;
		}
		this.rate = Math.max(Math.min(rate, accepted) - left, this.kept);
		this.grownAt = now;
		return isFirst;
	}

	private wasRefused(now: number): boolean {
		return now - this.refusedAt < REFUSAL_LIFETIME_MS;
	}

	private grow(now: number): void {
		const { rate } = this;
		const quiet = ((now - this.refusedAt) / QUIET_MS) * Math.sqrt(Math.max(rate, 1));
		const increase = INCREASE * Math.max(rate, MIN_GROWING_RATE) * (1 + quiet * quiet * quiet);
		const seconds = Math.min(now - this.grownAt, Math.max(MAX_UNUSED_MS, (2 * SECOND) / rate)) / SECOND;
		const perSecond = Math.min(increase, MAX_INCREASE * Math.max(rate, 1));
		this.rate = this.wasRefused(now) ? rate + perSecond * seconds : Infinity;
		this.grownAt = now;
	}
}
