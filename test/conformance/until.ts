/** Waits for something to become true, however slow the machine is. */
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 5;
/** Less than a test may take, so that it is this that ends it. */
const PATIENCE_MS = 240_000;

/** Waits for something to become true, however slow the machine is; what never does is named. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
	const end = Date.now() + PATIENCE_MS;
	while (!(await isSo())) {
		if (Date.now() > end) throw new Error(`Waited in vain until ${what}.`);
		await sleep(POLL_MS);
	}
}
