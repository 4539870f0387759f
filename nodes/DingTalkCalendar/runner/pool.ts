/** A few items at a time, answers in input order. */

export interface Pool<T> {
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
export async function runPool<T>({ count, width, work, keyOf, signal }: Pool<T>): Promise<T[]> {
	const results = new Array<T>(count);
	const lastOfKey = new Map<string, Promise<void>>();
	let next = 0;
	let failed: { index: number; error: unknown } | undefined;
	const isOver = (): boolean => failed !== undefined || signal?.aborted === true;

	const workInTurn = async (index: number, before?: Promise<void>): Promise<void> => {
		await before;
		// It may have become over while this item waited for its turn.
		if (isOver()) return;
		await work(index).then(
			(result) => {
				results[index] = result;
			},
			(error: unknown) => {
				if (failed === undefined || index < failed.index) failed = { index, error };
			},
		);
	};
	const worker = async (): Promise<void> => {
		while (next < count && !isOver()) {
			const index = next++;
			const key = keyOf(index);
			const mine = workInTurn(index, key === undefined ? undefined : lastOfKey.get(key));
			if (key !== undefined) lastOfKey.set(key, mine);
			await mine;
		}
	};
	await Promise.all(Array.from({ length: Math.min(width, count) }, worker));
	if (failed !== undefined) throw failed.error;
	signal?.throwIfAborted();
	return results;
}
