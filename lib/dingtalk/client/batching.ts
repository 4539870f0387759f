/** Batching: sends a long list in as many calls as DingTalk's limit per call requires. */

/** A later batch failed; the batches before it remain done. */
export class PartiallyDoneError extends Error {
	constructor(
		readonly reason: Error,
		/** Union IDs, in the order given. */
		readonly done: string[],
		readonly notDone: string[],
		/** The event that was created first, if the list belongs to a new event. */
		readonly eventId?: string,
	) {
		super(reason.message);
		this.name = 'PartiallyDoneError';
	}

	/** How far it got, for a user who can see the list. */
	get progress(): string {
		const event = this.eventId ? `The event was created (ID ${this.eventId}). ` : '';
		const [done, remaining] = [this.done.length, this.notDone.length];
		const first = done === 1 ? 'The first' : `The first ${done}`;
		return `${event}${first} of ${done + remaining} people ${done === 1 ? 'is' : 'are'} done, the remaining ${remaining} ${remaining === 1 ? 'is' : 'are'} not`;
	}
}

/** Splits a list into parts of at most `size`. */
export const chunk = <T>(list: T[], size: number): T[][] =>
	Array.from({ length: Math.ceil(list.length / size) }, (_, number) => list.slice(number * size, (number + 1) * size));

/** Sends a list in batches. Stops at the first batch that fails, and reports what is done and what is not. */
export async function sendInBatches<T extends { id: string }>(
	rows: T[],
	size: number,
	send: (batch: T[], number: number) => Promise<unknown>,
): Promise<void> {
	for (const [number, batch] of chunk(rows, size).entries()) {
		const failure = await send(batch, number).then(
			() => undefined,
			(error: Error) => error,
		);
		if (!failure) continue;
		const ids = rows.map(({ id }) => id);
		throw number === 0
			? failure
			: new PartiallyDoneError(failure, ids.slice(0, number * size), ids.slice(number * size));
	}
}
