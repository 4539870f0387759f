/** A clock that moves only when a test says so. */
import { onAbort } from '../../../lib/dingtalk/utils/abort';
import type { Clock } from '../../../lib/dingtalk/utils/clock';

interface Waiting {
	until: number;
	end: () => void;
}

/** More turns of the event loop than a chain of promises without waits needs. */
const TURNS = 5;

export class FakeClock implements Clock {
	private time = 1_000_000;
	private waiting: Waiting[] = [];

	now(): number {
		return this.time;
	}

	async delay(ms: number, signal: AbortSignal): Promise<void> {
		if (signal.aborted || ms <= 0) return;
		await new Promise<void>((resolve) => {
			const entry = { until: this.time + ms, end: resolve };
			this.waiting.push(entry);
			onAbort(signal, () => {
				this.waiting = this.waiting.filter((one) => one !== entry);
				resolve();
			});
		});
	}

	/** Moves on step by step, so that each wait ends at its own time. */
	async advance(ms: number): Promise<void> {
		const until = this.time + ms;
		await this.settle();
		for (;;) {
			const [first] = this.waiting.filter((one) => one.until <= until).sort((a, b) => a.until - b.until);
			if (!first) break;
			this.waiting = this.waiting.filter((one) => one !== first);
			this.time = Math.max(this.time, first.until);
			first.end();
			await this.settle();
		}
		this.time = until;
	}

	/** Lets everything happen that happens without time passing. */
	async settle(): Promise<void> {
		for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
	}
}
