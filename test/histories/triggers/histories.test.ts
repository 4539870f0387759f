/** Plays random histories of the triggers, and shows that faults put in on purpose are found. */
import { runHistories, TRIGGERS, type TriggerName } from './run';
import { MUTATIONS } from './mutations';
import { amount } from '../../long/amount';

const NAMES = Object.keys(TRIGGERS) as TriggerName[];
/** Always the same ones, so that `npm test` fails only for a reason; `npm run test:histories` makes up others. */
const SEED = 20_260_302;
const RUNS = 200;
/** Other histories than those above, for the rarest of the faults is found in few of them. */
const FAULT_SEED = SEED + 1;
/** Of each trigger; 200 in all in a short run. */
const RUNS_OF_EACH = amount({ short: 67, long: RUNS });
/** All in a long run. */
const FAULTS = amount({ short: MUTATIONS.slice(0, 1), long: MUTATIONS });

describe('Random histories', () => {
	it.each(NAMES)('break no promise of the trigger: %s', async (name) => {
		const { failure } = await runHistories(name, { runs: RUNS_OF_EACH, seed: SEED + NAMES.indexOf(name) });
		expect(failure ?? 'none').toBe('none');
	});

	it.each(FAULTS)('find a fault put in on purpose: $fault', async ({ name, mutation }) => {
		const { failure } = await runHistories(name, { runs: RUNS, seed: FAULT_SEED, mutation, shrinks: false });
		expect(failure).toContain('broken after');
	});
});
