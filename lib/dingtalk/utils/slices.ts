/** Runs long computations in slices, between which other work of the process has its turn. */
import { sleep } from 'n8n-workflow';

/** Yields the number of steps that it has made since it last yielded; a step takes some ten nanoseconds. */
export type Computation<T> = Generator<number, T, void>;

/** A few milliseconds of work. */
export const STEPS_PER_SLICE = 250_000;

/** Rejects when the signal is aborted. `pause` lets other work have its turn. */
export async function runInSlices<T>(
	computation: Computation<T>,
	signal?: AbortSignal,
	pause: () => Promise<void> = async () => await sleep(0),
): Promise<T> {
	let steps = 0;
	for (;;) {
		const next = computation.next();
		if (next.done) return next.value;
		steps += next.value;
		if (steps < STEPS_PER_SLICE) continue;
		steps = 0;
		await pause();
		signal?.throwIfAborted();
	}
}

/** Runs a computation that is known to be short. */
export function runAtOnce<T>(computation: Computation<T>): T {
	for (;;) {
		const next = computation.next();
		if (next.done) return next.value;
	}
}
