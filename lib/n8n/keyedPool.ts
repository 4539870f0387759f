/** Processes a few items at a time, items with the same key one after the other, and keeps results in input order. */

export interface PoolOptions<T> {
	count: number;
	concurrency: number;
	process(index: number): Promise<T>;
	/** Items with the same key run one after the other, in input order. It may have to be looked up. */
	keyOf(index: number): string | undefined | Promise<string | undefined>;
	signal?: AbortSignal;
}

/**
 * After the first failure no further item starts; items in progress finish, and the failure of the earliest item is
 * reported, as if the items had run one by one.
 */
export async function runPool<T>({ count, concurrency, process, keyOf, signal }: PoolOptions<T>): Promise<T[]> {
	const results = new Array<T>(count);
	/** The items of each key that a worker has; a key is present while one of them is being processed. */
	const queues = new Map<string, number[]>();
	let next = 0;
	let processed = 0;
	let firstFailure: { index: number; error: unknown } | undefined;
	const isStopped = (): boolean => firstFailure !== undefined || signal?.aborted === true;

	const processOne = async (index: number): Promise<void> => {
		await process(index).then(
			(result) => {
				results[index] = result;
				processed++;
			},
			(error: unknown) => {
				if (firstFailure === undefined || index < firstFailure.index) firstFailure = { index, error };
			},
		);
	};
	/** Items take their places in input order, even if the key of a later one is known sooner. */
	let lastPlace: Promise<unknown> = Promise.resolve();
	/** Leaves the item to the worker that has its key; if there is none, the returned queue is for this worker. */
	const takePlace = async (index: number, before: Promise<unknown>): Promise<{ key?: string; queue: number[] }> => {
		const key = await keyOf(index);
		await before;
		if (key === undefined) return { queue: [index] };
		const others = queues.get(key);
		if (others) {
			others.push(index);
			return { queue: [] };
		}
		const queue = [index];
		queues.set(key, queue);
		return { key, queue };
	};
	const worker = async (): Promise<void> => {
		while (next < count && !isStopped()) {
			const place = takePlace(next++, lastPlace);
			lastPlace = place;
			const { key, queue } = await place;
			// Items with the same key are added meanwhile.
			for (const index of queue) {
				if (isStopped()) return;
				await processOne(index);
			}
			if (key !== undefined) queues.delete(key);
		}
	};
	await Promise.all(Array.from({ length: Math.min(concurrency, count) }, worker));
	if (firstFailure !== undefined) throw firstFailure.error;
	if (processed < count) signal?.throwIfAborted();
	return results;
}
