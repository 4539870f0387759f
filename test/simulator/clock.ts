/** The simulator's clock: real time plus an offset that tests can move, with timers that follow it. */
interface Timer {
	/** The real time at which it fires unless the clock is moved. */
	dueAt: number;
	callback: () => void;
	timer?: NodeJS.Timeout;
}

export class Clock {
	private offsetMs = 0;
	/** The real time at which the clock was stopped; then only `set` and `advance` move it. */
	private frozenAt?: number;
	private stopped = false;
	private readonly timers = new Set<Timer>();

	now(): number {
		return this.realNow() + this.offsetMs;
	}

	/** Stops the clock, for tests of limits that a busy machine would not reach in time. */
	freeze(): void {
		this.frozenAt = this.realNow();
		for (const alarm of this.timers) clearTimeout(alarm.timer);
	}

	private realNow(): number {
		return this.frozenAt ?? Date.now();
	}

	set(at: number): void {
		this.advance(at - this.now());
	}

	/** Moving forward fires the timers that become due; moving back does not affect timers. */
	advance(ms: number): void {
		this.offsetMs += ms;
		if (ms <= 0) return;
		for (const alarm of this.timers) {
			alarm.dueAt -= ms;
			this.start(alarm);
		}
		const now = this.realNow();
		const due = [...this.timers].filter(({ dueAt }) => dueAt <= now).sort((a, b) => a.dueAt - b.dueAt);
		for (const alarm of due) this.ring(alarm);
	}

	/** Runs a callback after a delay by this clock; the returned function cancels it. */
	after(ms: number, fire: () => void): () => void {
		const alarm: Timer = { dueAt: this.realNow() + ms, callback: fire };
		if (!this.stopped) {
			this.timers.add(alarm);
			this.start(alarm);
		}
		return () => this.cancel(alarm);
	}

	/** Cancels all timers for good. */
	stop(): void {
		this.stopped = true;
		for (const alarm of this.timers) this.cancel(alarm);
	}

	private start(alarm: Timer): void {
		clearTimeout(alarm.timer);
		if (this.frozenAt !== undefined) return;
		alarm.timer = setTimeout(() => this.ring(alarm), Math.max(0, alarm.dueAt - Date.now())).unref();
	}

	private ring(alarm: Timer): void {
		if (!this.timers.has(alarm)) return;
		this.cancel(alarm);
		alarm.callback();
	}

	private cancel(alarm: Timer): void {
		clearTimeout(alarm.timer);
		this.timers.delete(alarm);
	}
}
