/** Lets a test skip the waits of the package: instead of time passing, the clock moves on. */
import { channel, type ChannelListener } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';

/** A message from one socket of this process to another needs fewer turns of the event loop than that. */
const QUIET_TURNS = 20;

interface Sleep {
	sleep(ms: number): Promise<void>;
}

interface Waiting {
	until: number;
	end: () => void;
}

/** Node reports here that a server of this process, such as the simulator, has received a request. */
const requests = channel('http.server.request.start');

/**
 * Takes the place of n8n's `sleep`, which all waits of the package go through, and of the clocks, which stand still between
 * waits, so that nothing depends on how fast the machine is. A wait ends when, with nothing else left to do in the process, the
 * clock is set to that time: for the package, the simulator and n8n alike.
 * What is done at the same time, and in which order, is the same as without it, so limits on calls still mean something.
 * Waits are rounded up, as timers are: `Date.now()` has no fractions.
 */
export class SkippedWaits {
	private skippedMs = 0;
	private waiting: Waiting[] = [];
	private unanswered = 0;
	private isWatching = false;
	private readonly restore: () => void;

	/** Not with `jest.spyOn`: a test that restores its mocks must not end this. */
	constructor() {
		const sleepModule = jest.requireActual<Sleep>('@n8n/utils/sleep');
		const { sleep } = sleepModule;
		const { now } = Date;
		const { now: monotonicNow } = performance;
		sleepModule.sleep = async (ms) => await this.wait(ms);
		const [date, moment] = [Date.now(), performance.now()];
		Date.now = () => date + this.skippedMs;
		performance.now = () => moment + this.skippedMs;
		requests.subscribe(this.count);
		this.restore = () => {
			sleepModule.sleep = sleep;
			Date.now = now;
			performance.now = monotonicNow;
			requests.unsubscribe(this.count);
		};
	}

	/** Ends all waits. */
	end(): void {
		this.restore();
		for (const { end } of this.waiting.splice(0)) end();
	}

	private readonly count: ChannelListener = (message) => {
		this.unanswered++;
		(message as { response: ServerResponse }).response.once('close', () => this.unanswered--);
	};

	private async wait(ms: number): Promise<void> {
		await new Promise<void>((end) => {
			this.waiting.push({ until: Date.now() + Math.ceil(ms), end });
			if (!this.isWatching) void this.watch();
		});
	}

	private async watch(): Promise<void> {
		this.isWatching = true;
		while (this.waiting.length > 0) {
			await this.quiet();
			const next = Math.min(...this.waiting.map(({ until }) => until));
			this.skippedMs += Math.max(0, next - Date.now());
			const due = this.waiting.filter(({ until }) => until <= Date.now()).sort((a, b) => a.until - b.until);
			this.waiting = this.waiting.filter((one) => !due.includes(one));
			for (const { end } of due) end();
		}
		this.isWatching = false;
	}

	/** Resolves when for some turns of the event loop no request has been on its way. */
	private async quiet(): Promise<void> {
		for (let turns = 0; turns < QUIET_TURNS; turns++) {
			await new Promise((resolve) => setImmediate(resolve));
			if (this.unanswered > 0) turns = 0;
		}
	}
}
