/** Plays random histories of the triggers, and shows that faults put in on purpose are found. */
import { runHistories, TRIGGERS, type TriggerName } from './run';
import { MUTATIONS } from './mutations';
import { amount } from '../../long/amount';

const NAMES = Object.keys(TRIGGERS) as TriggerName[];
/** Always the same ones, so that `npm test` fails only for a reason; `npm run test:histories` makes up others. */
const SEED = 20_260_302;
const RUNS = 200;

describe('Random histories', () => {
	it.each(NAMES)('break no promise of the trigger: %s', async (name) => {
		const { failure } = await runHistories(name, { runs: amount({ short: RUNS, long: 10 * RUNS }), seed: SEED });
		expect(failure ?? 'none').toBe('none');
	});

	it.each(MUTATIONS)('find a fault put in on purpose: $fault', async ({ name, mutation }) => {
		const { failure } = await runHistories(name, { runs: RUNS, seed: SEED, mutation, shrinks: false });
		expect(failure).toContain('broken after');
	});
});
