/** Time that passes only when nothing else is left to do, for the package, n8n and the simulator alike. */
import { createRequire } from 'node:module';

interface Wait {
	until: number;
	end: () => void;
	/** Counted by the invariant that nothing is left waiting; the shared time-out of all requests is not. */
	isSleep: boolean;
}

interface SleepModule {
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A Monday. */
const START = Date.parse('2026-03-02T00:00:00Z');

/** What `setTimeout` returns. */
class Timer {
	constructor(readonly wait: Wait) {}

	unref(): this {
		return this;
	}

	ref(): this {
		return this;
	}

	hasRef(): boolean {
		return false;
	}
}

export class VirtualTime {
	/** Never set back; in whole milliseconds, because `Date.now()` has no fractions. */
	private monotonic = 1_000_000;
	/** Between the wall clock and the monotonic clock; somebody may set the wall clock. */
	private wallOffset = START - this.monotonic;
	private waits: Wait[] = [];
	private readonly restore: () => void;

	constructor() {
		const sleepModule = createRequire(__filename)('@n8n/utils/sleep') as SleepModule;
		const { sleep } = sleepModule;
		const { now } = Date;
		const performanceNow = performance.now.bind(performance);
		const { timeout } = AbortSignal;
		const { setTimeout, clearTimeout } = globalThis;
		sleepModule.sleep = async (ms, signal) => await this.wait(ms, { signal });
		Date.now = () => this.now();
		performance.now = () => this.monotonic;
		AbortSignal.timeout = (ms) => {
			const controller = new AbortController();
			const end = (): void => controller.abort(new DOMException('The operation timed out', 'TimeoutError'));
			this.waits.push({ until: this.monotonic + Math.ceil(ms), end, isSleep: false });
			return controller.signal;
		};
		globalThis.setTimeout = ((callback: () => void, ms = 0) =>
			this.startTimer(callback, ms)) as unknown as typeof setTimeout;
		globalThis.clearTimeout = ((timer: unknown) => {
			if (timer instanceof Timer) this.waits = this.waits.filter((wait) => wait !== timer.wait);
			else clearTimeout(timer as NodeJS.Timeout);
		}) as typeof clearTimeout;
		this.restore = () => {
			Object.assign(globalThis, { setTimeout, clearTimeout });
			sleepModule.sleep = sleep;
			Date.now = now;
			performance.now = performanceNow;
			AbortSignal.timeout = timeout;
		};
	}

	end(): void {
		this.restore();
		this.forgetWaits();
	}

	now(): number {
		return this.monotonic + this.wallOffset;
	}

	/** Sets the wall clock; nothing that waits notices. */
	setWallClock(byMs: number): void {
		this.wallOffset += byMs;
	}

	/** Time passes, in which nothing happens but what was waiting for it. */
	pass(ms: number): void {
		this.monotonic += Math.ceil(ms);
		const due = this.waits.filter(({ until }) => until <= this.monotonic).sort((a, b) => a.until - b.until);
		this.waits = this.waits.filter((wait) => !due.includes(wait));
		for (const { end } of due) end();
	}

	/** Moves on to the end of the next wait; says whether there was one. */
	passToNextWait(): boolean {
		if (this.waits.length === 0) return false;
		const next = Math.min(...this.waits.map(({ until }) => until));
		this.pass(Math.max(0, next - this.monotonic));
		return true;
	}

	/** How many sleeps have not ended. */
	get sleeping(): number {
		return this.waits.filter(({ isSleep }) => isSleep).length;
	}

	forgetWaits(): void {
		this.waits = [];
	}

	private startTimer(callback: () => void, ms: number): Timer {
		const wait: Wait = { until: this.monotonic + Math.ceil(ms), end: callback, isSleep: false };
		this.waits.push(wait);
		return new Timer(wait);
	}

	/** A wait of the stage itself, such as a slow answer, is not one of the package. */
	async wait(ms: number, { signal, isSleep = true }: { signal?: AbortSignal; isSleep?: boolean } = {}): Promise<void> {
		await new Promise<void>((resolve, reject) => {
			const wait: Wait = { until: this.monotonic + Math.ceil(ms), end: resolve, isSleep };
			this.waits.push(wait);
			signal?.addEventListener('abort', () => {
				this.waits = this.waits.filter((other) => other !== wait);
				reject(signal.reason as Error);
			});
		});
	}
}
