/** Lets a test choose the order in which DingTalk carries out the calls of several processes. */
import { Faults } from '../../simulator/gateway/faults';
import { Idempotency } from '../../simulator/gateway/idempotency';
import type { Desk } from './setup';

/** A process that has made no call within so many turns of the event loop waits for something else than an answer. */
const PATIENCE_TURNS = 300;

const nextTurn = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

/**
 * Runs work that makes one call at a time each. When each has called about calendars or rooms, one of these calls is chosen
 * and carried out.
 */
export async function interleave<T>(
	desk: Desk,
	work: Array<Promise<T>>,
	choose: (calls: readonly string[]) => number,
): Promise<T[]> {
	const { world } = desk.simulator;
	const faults = world.use(Faults);
	const idempotency = world.use(Idempotency);
	const held: Array<{ call: string; carryOut: () => void }> = [];
	let latest = '';
	let wasHeld = false;
	const hold = async (): Promise<void> => {
		const call = latest;
		await new Promise<void>((carryOut) => held.push({ call, carryOut }));
	};
	faults.findFault = (method, path) => {
		if (!/^\/v1\.0\/(calendar|rooms)\//.test(path)) return undefined;
		latest = `${method} ${path}`;
		return { match: {}, do: 'delay', delayMs: 0 };
	};
	faults.waitForDelay = async () => await (wasHeld ? undefined : hold());
	// Before DingTalk looks at the request key: it refuses a request that arrives while the same one is carried out.
	const { runOnce } = idempotency;
	idempotency.runOnce = async (...call) => {
		await hold();
		wasHeld = true;
		const result = runOnce.apply(idempotency, call);
		wasHeld = false;
		return await result;
	};
	let unfinished = work.length;
	for (const part of work)
		part.then(
			() => unfinished--,
			() => unfinished--,
		);
	while (unfinished > 0) {
		for (let turns = 0; held.length < unfinished && turns < PATIENCE_TURNS; turns++) await nextTurn();
		if (unfinished > 0 && held.length > 0) held.splice(choose(held.map(({ call }) => call)), 1)[0].carryOut();
	}
	idempotency.runOnce = runOnce;
	return await Promise.all(work);
}
