/** Abort signals: callbacks, promises and delays that end when the workflow is stopped or a call takes too long. */
import { sleep } from 'n8n-workflow';

/**
 * The callbacks of a signal, behind a single listener: Node.js reports more than ten listeners as a leak, and many calls wait
 * for the same signal.
 */
const callbacks = new WeakMap<AbortSignal, Set<() => void>>();

function callbacksFor(signal: AbortSignal): Set<() => void> {
	const known = callbacks.get(signal);
	if (known) return known;
	const all = new Set<() => void>();
	callbacks.set(signal, all);
	signal.addEventListener('abort', () => {
		for (const callback of [...all]) callback();
	});
	return all;
}

/** Calls back when the signal is aborted. Returns a function that removes the callback. */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
	if (!signal) return () => undefined;
	const all = callbacksFor(signal);
	all.add(callback);
	return () => void all.delete(callback);
}

/** Waits for a promise, and rejects as soon as the signal is aborted. */
export async function abortable<T>(done: Promise<T>, signal?: AbortSignal): Promise<T> {
	if (!signal) return await done;
	let remove = (): void => undefined;
	const aborted = new Promise<never>((_, reject) => {
		remove = onAbort(signal, () => reject(signal.reason as Error));
	});
	return await Promise.race([done, aborted]).finally(remove);
}

/** Waits for a time, and rejects as soon as the signal is aborted. */
export async function abortableDelay(ms: number, signal?: AbortSignal): Promise<void> {
	signal?.throwIfAborted();
	await abortable(sleep(ms), signal);
}
