/** The simulator's own time: real time plus an offset that tests may move. */
export class Clock {
	private offsetMs = 0;

	now(): number {
		return Date.now() + this.offsetMs;
	}

	set(at: number): void {
		this.offsetMs = at - Date.now();
	}

	advance(ms: number): void {
		this.offsetMs += ms;
	}
}
