/** The moments at which a meeting may start, and fast counts of how many spans contain each. */
import type { UtcOffsets } from './utcOffsets';
import type { Span } from './intervals';

/** Starts at equal distances, between two changes of the UTC offset. */
interface Run {
	/** The index of the first start. */
	base: number;
	first: number;
	count: number;
}

/** The starts within these spans that are multiples of `step` milliseconds by local time, in order. */
export class StartGrid {
	private readonly runs: Run[] = [];
	readonly count: number;

	constructor(
		spans: readonly Span[],
		offsets: UtcOffsets,
		private readonly step: number,
	) {
		let base = 0;
		for (const [from, to] of spans) {
			for (const { from: begin, to: end, offset } of offsets) {
				const first = Math.ceil((Math.max(from, begin) + offset) / step) * step - offset;
				const count = Math.floor((Math.min(to, end - 1) - first) / step) + 1;
				if (count <= 0) continue;
				this.runs.push({ base, first, count });
				base += count;
			}
		}
		this.count = base;
	}

	startAt(index: number): number {
		let [run] = this.runs;
		for (const next of this.runs) if (next.base <= index) run = next;
		return run.first + (index - run.base) * this.step;
	}

	/** The number of starts before a moment. */
	countBefore(moment: number): number {
		for (const { base, first, count } of this.runs) {
			if (moment <= first) return base;
			const passed = Math.ceil((moment - first) / this.step);
			if (passed < count) return base + passed;
		}
		return this.count;
	}

	/** Adds a weight to all starts in each of the spans, ends included. `differences` becomes counts by `accumulate`. */
	add(differences: Int32Array, spans: readonly Span[], weight = 1): void {
		for (const [from, to] of spans) {
			differences[this.countBefore(from)] += weight;
			differences[this.countBefore(to + 1)] -= weight;
		}
	}

	createDifferences(): Int32Array {
		return new Int32Array(this.count + 1);
	}
}

/** Turns differences into the value at each start. */
export function accumulate(differences: Int32Array): Int32Array {
	for (let index = 1; index < differences.length; index++) differences[index] += differences[index - 1];
	return differences;
}
