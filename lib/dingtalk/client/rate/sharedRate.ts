/**
 * The share of a limit that one process takes while others use the same app: each refusal lowers it, and it grows back while there
 * is none. docs/project/decisions/rate-limiter.md shows what comes of it in a simulation of up to 50 processes.
 */
import { MINUTE, SECOND } from '../../utils/time';

/** The part of its rate that a process gives up with a refusal, at one call a second. */
const DECREASE = 0.09;
/** What it gives up with the first refusal, which may be an accident of the network. */
const FIRST_DECREASE = 0.05;
/** The same where many calls are refused, as when fifty processes start together: this part of the calls refused lately. */
const OVERLOAD_DECREASE = 0.19;
/** How much each response counts among the latest. */
const RESPONSE_WEIGHT = 1 / 8;
/** The part of its rate that a process adds each second: slow, because each process that grows too far is refused. */
const INCREASE = 0.0165;
/** After so many calls without a refusal, or seconds if those are more, growth has doubled. */
const QUIET_CALLS = 20;
/** The rate at most doubles in a second. */
const MAX_INCREASE = 1;
/** Time in which a process sends nothing says nothing about the limit: no more than this counts, or two of its calls. */
const MAX_UNUSED_MS = 3 * SECOND;
/** A minute without a refusal is the end of it: while others are there, this does not happen by chance. */
const REFUSAL_LIFETIME_MS = MINUTE;
/** Even where another program takes all, a call is tried every five seconds. */
const MIN_CALLS_PER_SECOND = 0.2;

export class SharedRate {
	/** Without a refusal, the ceiling applies. */
	private rate = Infinity;
	private grownAt = 0;
	private refusedAt = -Infinity;
	/** Of the latest responses. */
	private refusedPart = 0;

	/** Calls a second now, up to what the credential says. */
	at(now: number, ceiling: number): number {
		const { rate, refusedAt } = this;
		if (rate < ceiling) {
			const quiet = ((now - refusedAt) / SECOND) * (Math.max(rate, 1) / QUIET_CALLS);
			// Close to the ceiling, there is little left to find, and others may wait for it.
			const room = Math.min(1, 2 * (1 - rate / ceiling));
			const part = Math.min(INCREASE * (1 + quiet * quiet * quiet * room), MAX_INCREASE);
			const seconds = Math.min(now - this.grownAt, Math.max(MAX_UNUSED_MS, (2 * SECOND) / rate)) / SECOND;
			this.rate = this.wasRefused(now) ? rate * (1 + part * seconds) : Infinity;
			this.grownAt = now;
		}
		if (this.rate >= ceiling) this.rate = Infinity;
		return Math.min(this.rate, ceiling);
	}

	wasRefused(now: number): boolean {
		return now - this.refusedAt < REFUSAL_LIFETIME_MS;
	}

	/** There is a response; `refused` follows if it is a refusal. */
	answered(): void {
		this.refusedPart *= 1 - RESPONSE_WEIGHT;
	}

	/** Returns whether it changes the rate: calls in progress at the last refusal were refused for the same reason. */
	refused(now: number, sentAt: number, ceiling: number): boolean {
		this.refusedPart += RESPONSE_WEIGHT;
		if (sentAt <= this.refusedAt) return false;
		const rate = this.at(now, ceiling);
		// Those that have more give up a larger part, which makes shares equal in time. The first refusal may be an accident of the network.
		const usual = !this.wasRefused(now) ? FIRST_DECREASE : DECREASE * Math.sqrt(Math.sqrt(rate));
		const part = Math.max(usual, OVERLOAD_DECREASE * this.refusedPart);
		this.rate = Math.max(rate * (1 - part), MIN_CALLS_PER_SECOND);
		this.grownAt = this.refusedAt = now;
		return true;
	}
}
