/** A long list went in part by part, and a later part was refused: what is in stays in. */
export class HalfDone extends Error {
	constructor(
		readonly why: Error,
		/** Union IDs, in the order they were given. */
		readonly done: string[],
		readonly notDone: string[],
		/** The event that was made before, where this was part of making one. */
		readonly eventId?: string,
	) {
		super(why.message);
		this.name = 'HalfDone';
	}

	/** For somebody who has the list before them. */
	get extent(): string {
		const event = this.eventId ? `The event was created (ID ${this.eventId}). ` : '';
		const { length } = this.done;
		return `${event}The first ${length} of ${length + this.notDone.length} people are done, the remaining ${this.notDone.length} are not`;
	}
}

/** Hands a list on in the parts that one call takes. Stops at the first part that is refused, and says what was done. */
export async function inBatches<T extends { id: string }>(
	rows: T[],
	size: number,
	send: (part: T[], number: number) => Promise<unknown>,
): Promise<void> {
	for (let from = 0; from < rows.length; from += size) {
		const failure = await send(rows.slice(from, from + size), from / size).then(
			() => undefined,
			(error: Error) => error,
		);
		if (!failure) continue;
		const ids = rows.map(({ id }) => id);
		throw from === 0 ? failure : new HalfDone(failure, ids.slice(0, from), ids.slice(from));
	}
}
