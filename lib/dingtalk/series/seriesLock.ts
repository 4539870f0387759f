/** One change of a series at a time: what the second one reads has to be what the first one left. */
const queues = new Map<string, Promise<unknown>>();

export async function withSeriesLock<T>(series: string, change: () => Promise<T>): Promise<T> {
	const before = queues.get(series) ?? Promise.resolve();
	const current = before.then(change, change);
	// An error is the business of the one who waits for it.
	const settled = current.then(
		() => undefined,
		() => undefined,
	);
	queues.set(series, settled);
	void settled.then(() => {
		if (queues.get(series) === settled) queues.delete(series);
	});
	return await current;
}
