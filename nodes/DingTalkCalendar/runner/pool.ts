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
	const lastOfKey = new Map<string, Promise<unknown>>();
	let next = 0;
	let failed: { index: number; error: unknown } | undefined;

	const startInTurn = (index: number): Promise<T> => {
		const key = keyOf(index);
		const before = key === undefined ? undefined : lastOfKey.get(key);
		const mine = before ? before.then(async () => await work(index)) : work(index);
		if (key !== undefined) lastOfKey.set(key, mine.then(noted, noted));
		return mine;
	};
	const worker = async (): Promise<void> => {
		while (next < count && failed === undefined && !signal?.aborted) {
			const index = next++;
			await startInTurn(index).then(
				(result) => {
					results[index] = result;
				},
				(error: unknown) => {
					if (failed === undefined || index < failed.index) failed = { index, error };
				},
			);
		}
	};
	await Promise.all(Array.from({ length: Math.min(width, count) }, worker));
	if (failed !== undefined) throw failed.error;
	signal?.throwIfAborted();
	return results;
}

const noted = (): void => undefined;
