/** Time that passes only when a history says so: waits end in order, and everything that follows from one ends before the next. */

interface Timer {
	at: number;
	run: () => void;
}

/** A Monday morning in China. */
const START = Date.parse('2026-03-02T01:00:00Z');

/** Lets everything that can happen without time passing happen: the work of the package runs in microtasks only. */
const settle = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

export class Time {
	now = START;
	private timers: Timer[] = [];

	/** Returns a function that removes the timer. */
	at(ms: number, run: () => void): () => void {
		const timer = { at: this.now + Math.max(0, ms), run };
		this.timers.push(timer);
		return () => {
			this.timers = this.timers.filter((other) => other !== timer);
		};
	}

	async pass(ms: number): Promise<void> {
		const end = this.now + ms;
		await settle();
		for (;;) {
			const next = this.takeNext(end);
			if (!next) break;
			next.run();
			await settle();
		}
		this.now = end;
	}

	/** Lets time pass until the work is done; a history must not take longer than this. */
	async finish<T>(work: Promise<T>, atMostMs = 3_600_000): Promise<T> {
		let isDone = false;
		const done = (): void => {
			isDone = true;
		};
		work.then(done, done);
		const end = this.now + atMostMs;
		await settle();
		while (!isDone) {
			const next = this.takeNext(end);
			if (!next) throw new Error('Work is waiting for something that never happens');
			next.run();
			await settle();
		}
		return await work;
	}

	private takeNext(end: number): Timer | undefined {
		let first: Timer | undefined;
		for (const timer of this.timers) if (timer.at <= end && (!first || timer.at < first.at)) first = timer;
		if (!first) return undefined;
		const taken = first;
		this.timers = this.timers.filter((timer) => timer !== taken);
		this.now = Math.max(this.now, taken.at);
		return taken;
	}
}
