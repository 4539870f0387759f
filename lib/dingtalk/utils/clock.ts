/** The clock of everything that waits for long: the system's, or one that a test moves forward. */
import { delayUntilAborted } from './abort';
import { monotonicNow } from './time';

export interface Clock {
	/** Milliseconds; never goes back, whatever happens to the time of day. */
	now(): number;
	/** Waits for a time, and returns early when the signal is aborted. */
	delay(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
	now: monotonicNow,
	delay: async (ms, signal) => await delayUntilAborted(signal, ms),
};
