/** The first histories of `npm run test:histories`, always the same ones. */
import { check } from './check';
import { Lab } from './play';

const RUNS = 300;
const SEED = 20_260_302;

it(`The node keeps its promises in ${RUNS} random histories`, async () => {
	const lab = await Lab.open();
	const { failure } = await check(lab, { seed: SEED, runs: RUNS }).finally(async () => await lab.close());
	// To find it again: npm run test:histories -- --seed … --path …
	expect(failure).toBeUndefined();
});
