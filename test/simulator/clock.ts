interface Alarm {
	/** In real time: when it rings if nobody moves the clock. */
	dueAt: number;
	ring: () => void;
	timer?: NodeJS.Timeout;
}

/** The simulator's own time: real time plus an offset that tests may move. */
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

	/** Moved forward, it rings at once what falls due; moved back, it leaves what was going to ring where it was. */
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

	/** Does something later by this clock; the answer calls it off. */
	after(ms: number, ring: () => void): () => void {
		const alarm: Alarm = { dueAt: Date.now() + ms, ring };
		if (!this.stopped) {
			this.alarms.add(alarm);
			this.arm(alarm);
		}
		return () => this.forget(alarm);
	}

	/** Rings nothing any more. */
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
