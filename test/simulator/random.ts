/** Seeded random numbers, so that failed tests can be reproduced. */
const SEED = 20_260_302;

export class Random {
	private state = SEED;

	seed(seed: number): void {
		this.state = seed >>> 0;
	}

	/** From 0 (inclusive) to 1 (exclusive). */
	next(): number {
		this.state = (this.state + 0x6d2b79f5) >>> 0;
		let mixed = this.state;
		mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	chance(probability: number): boolean {
		return this.next() < probability;
	}

	pick<T>(entries: readonly T[]): T {
		return entries[Math.floor(this.next() * entries.length)];
	}

	shuffled<T>(entries: readonly T[]): T[] {
		const order = entries.map((entry) => ({ entry, at: this.next() }));
		return order.sort((a, b) => a.at - b.at).map(({ entry }) => entry);
	}
}
