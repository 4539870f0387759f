/** The clock for long waits: that of the system, or one that a test moves forward. */
import { onAbort } from './abort';
import { monotonicNow } from './time';

export interface Clock {
	/** Milliseconds; never goes back, whatever happens to the time of day. */
	now(): number;
	/** Waits for a time, and returns early when the signal is aborted. */
	delay(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
	now: monotonicNow,
	/** Unlike n8n's `sleep` this leaves no timer behind, so a closed connection is gone at once. */
	async delay(ms, signal) {
		if (signal.aborted || ms <= 0) return;
		const timeout = AbortSignal.timeout(Math.ceil(ms));
		await new Promise<void>((resolve) => {
			const remove = [onAbort(timeout, () => end()), onAbort(signal, () => end())];
			const end = (): void => {
				for (const each of remove) each();
				resolve();
			};
		});
	},
};
