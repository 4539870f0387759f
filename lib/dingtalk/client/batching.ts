/** A long list went in part by part, and a later part was refused: what is in stays in. */
export class PartiallyDoneError extends Error {
	constructor(
		readonly reason: Error,
		/** Union IDs, in the order they were given. */
		readonly done: string[],
		readonly notDone: string[],
		/** The event that was made before, where this was part of making one. */
		readonly eventId?: string,
	) {
		super(reason.message);
		this.name = 'HalfDone';
	}

	/** For somebody who has the list before them. */
	get progress(): string {
		const event = this.eventId ? `The event was created (ID ${this.eventId}). ` : '';
		const { length } = this.done;
		return `${event}The first ${length} of ${length + this.notDone.length} people are done, the remaining ${this.notDone.length} are not`;
	}
}

export const chunk = <T>(list: T[], size: number): T[][] =>
	Array.from({ length: Math.ceil(list.length / size) }, (_, number) => list.slice(number * size, (number + 1) * size));

/** Hands a list on in the parts that one call takes. Stops at the first part that is refused, and says what was done. */
export async function sendInBatches<T extends { id: string }>(
	rows: T[],
	size: number,
	send: (part: T[], number: number) => Promise<unknown>,
): Promise<void> {
	for (const [number, part] of chunk(rows, size).entries()) {
		const failure = await send(part, number).then(
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
