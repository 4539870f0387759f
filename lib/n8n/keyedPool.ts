/** A few items at a time, answers in input order. */

export interface PoolOptions<T> {
	count: number;
	width: number;
	work(index: number): Promise<T>;
	/** Items with the same key run one after the other, in input order. */
	keyOf(index: number): string | undefined;
	signal?: AbortSignal;
}

/**
 * After the first failure nothing new starts; what is under way finishes, and the failure of the earliest item is the
 * one that is reported, as if they had run one by one.
 */
export async function runPool<T>({ count, width, work, keyOf, signal }: PoolOptions<T>): Promise<T[]> {
	const results = new Array<T>(count);
	/** Who waits for an item of the same key; a key is here while an item of it is being worked on. */
	const queues = new Map<string, number[]>();
	let next = 0;
	let failed: { index: number; error: unknown } | undefined;
	const isOver = (): boolean => failed !== undefined || signal?.aborted === true;

	const workOn = async (index: number): Promise<void> => {
		await work(index).then(
			(result) => {
				results[index] = result;
			},
			(error: unknown) => {
				if (failed === undefined || index < failed.index) failed = { index, error };
			},
		);
	};
	/** One item, and then those that were put back because of it. */
	const workInTurn = async (first: number, key: string): Promise<void> => {
		const queue = [first];
		queues.set(key, queue);
		for (const index of queue) {
			if (isOver()) return;
			await workOn(index);
		}
		queues.delete(key);
	};
	const worker = async (): Promise<void> => {
		while (next < count && !isOver()) {
			const index = next++;
			const key = keyOf(index);
			const queue = key === undefined ? undefined : queues.get(key);
			if (key === undefined) await workOn(index);
			// Nobody stands idle behind another: whoever has the key does this one too.
			else if (queue) queue.push(index);
			else await workInTurn(index, key);
		}
	};
	await Promise.all(Array.from({ length: Math.min(width, count) }, worker));
	if (failed !== undefined) throw failed.error;
	signal?.throwIfAborted();
	return results;
}
