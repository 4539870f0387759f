/** The simulator's clock: real time plus an offset that tests can move, with timers that follow it. */
interface Alarm {
	/** The real time at which it fires unless the clock is moved. */
	dueAt: number;
	ring: () => void;
	timer?: NodeJS.Timeout;
}

export class Clock {
	private offsetMs = 0;
	private stopped = false;
	private readonly alarms = new Set<Alarm>();

	now(): number {
		return Date.now() + this.offsetMs;
	}

	set(at: number): void {
		this.advance(at - this.now());
	}

	/** Moving forward fires the timers that become due; moving back does not affect timers. */
	advance(ms: number): void {
		this.offsetMs += ms;
		if (ms <= 0) return;
		for (const alarm of this.alarms) {
			alarm.dueAt -= ms;
			this.arm(alarm);
		}
		const now = Date.now();
		const due = [...this.alarms].filter(({ dueAt }) => dueAt <= now).sort((a, b) => a.dueAt - b.dueAt);
		for (const alarm of due) this.ring(alarm);
	}

	/** Runs a callback after a delay by this clock; the returned function cancels it. */
	after(ms: number, ring: () => void): () => void {
		const alarm: Alarm = { dueAt: Date.now() + ms, ring };
		if (!this.stopped) {
			this.alarms.add(alarm);
			this.arm(alarm);
		}
		return () => this.forget(alarm);
	}

	/** Cancels all timers for good. */
	stop(): void {
		this.stopped = true;
		for (const alarm of this.alarms) this.forget(alarm);
	}

	private arm(alarm: Alarm): void {
		clearTimeout(alarm.timer);
		alarm.timer = setTimeout(() => this.ring(alarm), Math.max(0, alarm.dueAt - Date.now())).unref();
	}

	private ring(alarm: Alarm): void {
		if (!this.alarms.has(alarm)) return;
		this.forget(alarm);
		alarm.ring();
	}

	private forget(alarm: Alarm): void {
		clearTimeout(alarm.timer);
		this.alarms.delete(alarm);
	}
}
