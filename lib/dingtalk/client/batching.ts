/** Batching: sends a long list in as many calls as DingTalk's limit per call requires. */
import type { NamedPerson } from '../errors/PartialFailureError';
import { runSteps } from '../errors/runSteps';

/** Splits a list into parts of at most `size`. */
export const chunk = <T>(list: T[], size: number): T[][] =>
	Array.from({ length: Math.ceil(list.length / size) }, (_, number) => list.slice(number * size, (number + 1) * size));

/** Sends a list of people in batches, and stops at the first batch that fails. `what` says what it does to them, for the error. */
export async function sendInBatches<T extends NamedPerson>(
	what: string,
	rows: T[],
	size: number,
	send: (batch: T[], number: number) => Promise<unknown>,
): Promise<void> {
	await runSteps(
		chunk(rows, size).map((batch, number) => ({
			what,
			people: batch.map(({ id, name }) => ({ id, name })),
			run: async () => await send(batch, number),
		})),
	);
}
