/** One change of a series at a time: what the second one reads has to be what the first one left. */
import { accountKey, type Account } from '../account';

/** By account and calendar; of changes in progress only. */
const queues = new Map<string, Promise<unknown>>();

export async function withSeriesLock<T>(
	account: Account,
	{ userId, calendarId }: { userId: string; calendarId: string },
	change: () => Promise<T>,
): Promise<T> {
	const series = `${accountKey(account)} ${userId} ${calendarId}`;
	const before = queues.get(series) ?? Promise.resolve();
	const current = before.then(change, change);
	// Errors are handled by the caller.
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
