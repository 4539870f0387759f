/** Shows that the histories can fail: each fault that is put into the package is found within those that `npm test` plays. */
import { amount } from '../long/amount';
import { check } from './check';
import { infect, MUTANTS } from './mutants';
import { Lab } from './play';

const RUNS = 300;
const SEED = 20_260_302;

let cure = (): void => undefined;
/** Whatever has failed: the next file of this worker must not load a package with a fault. */
afterEach(() => cure());

it.each(amount({ short: MUTANTS.slice(0, 1), long: MUTANTS }))('finds $name', async (mutant) => {
	cure = infect(mutant);
	const lab = await Lab.open();
	const { failure } = await check(lab, { seed: SEED, runs: RUNS, shortens: false }).finally(async () => {
		await lab.close();
	});
	expect(failure?.broken.join()).toMatch(/step \d+/);
});
