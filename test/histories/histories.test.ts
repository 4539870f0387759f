/** The first histories of five seeds, always the same ones; `npm run test:histories` plays others. */
import { check } from './check';
import { Lab } from './play';

const RUNS = 60;
const FIRST_SEED = 20_260_302;
const SEEDS = Array.from({ length: 5 }, (_, index) => FIRST_SEED + index);

it.each(SEEDS)(`The node keeps its promises in ${RUNS} random histories (seed %i)`, async (seed) => {
	const lab = await Lab.open();
	const { failure } = await check(lab, { seed, runs: RUNS }).finally(async () => await lab.close());
	// To find it again: npm run test:histories -- --seed … --path …
	expect(failure).toBeUndefined();
});
