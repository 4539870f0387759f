/** Processes a few items at a time, items with the same key one after the other, and keeps results in input order. */

export interface PoolOptions<T> {
	count: number;
	concurrency: number;
	process(index: number): Promise<T>;
	/** Items with the same key run one after the other, in input order. */
	keyOf(index: number): string | undefined;
	signal?: AbortSignal;
}

/**
 * After the first failure no further item starts; items in progress finish, and the failure of the earliest item is
 * reported, as if the items had run one by one.
 */
export async function runPool<T>({ count, concurrency, process, keyOf, signal }: PoolOptions<T>): Promise<T[]> {
	const results = new Array<T>(count);
	/** The items that wait for each key; a key is present while one of its items is being processed. */
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
	/** Processes an item, and then the items with the same key that were queued meanwhile. */
	const processKey = async (first: number, key: string): Promise<void> => {
		const queue = [first];
		queues.set(key, queue);
		for (const index of queue) {
			if (isStopped()) return;
			await processOne(index);
		}
		queues.delete(key);
	};
	const worker = async (): Promise<void> => {
		while (next < count && !isStopped()) {
			const index = next++;
			const key = keyOf(index);
			const queue = key === undefined ? undefined : queues.get(key);
			if (key === undefined) await processOne(index);
			// Instead of waiting for the key, leave the item to the worker that has it.
			else if (queue) queue.push(index);
			else await processKey(index, key);
		}
	};
	await Promise.all(Array.from({ length: Math.min(concurrency, count) }, worker));
	if (firstFailure !== undefined) throw firstFailure.error;
	if (processed < count) signal?.throwIfAborted();
	return results;
}
