/** Waiting that ends when a signal says so: somebody stopped the execution, or it takes too long. */

/**
 * What is to be done when a signal comes, all of it behind one listener: Node.js takes more than ten for a leak, and many
 * calls wait for the same signal.
 */
const callbacks = new WeakMap<AbortSignal, Set<() => void>>();

function callbacksFor(signal: AbortSignal): Set<() => void> {
	const known = callbacks.get(signal);
	if (known) return known;
	const all = new Set<() => void>();
	callbacks.set(signal, all);
	signal.addEventListener('abort', () => {
		for (const act of [...all]) act();
	});
	return all;
}

/** Returns how to forget it. */
export function onAbort(signal: AbortSignal | undefined, act: () => void): () => void {
	if (!signal) return () => undefined;
	const all = callbacksFor(signal);
	all.add(act);
	return () => void all.delete(act);
}

/** Waits for something, and stops waiting as soon as the signal says so. */
export async function abortable<T>(done: Promise<T>, signal?: AbortSignal): Promise<T> {
	if (!signal) return await done;
	let forget = (): void => undefined;
	const stopped = new Promise<never>((_, reject) => {
		forget = onAbort(signal, () => reject(signal.reason as Error));
	});
	return await Promise.race([done, stopped]).finally(forget);
}
