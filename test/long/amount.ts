/** How much a test does: enough for a contributor's `npm test`, a lot more for `npm run test:long`. */

const isLongRun = process.env.TEST_LENGTH === 'long';

/** The amount for this run: a number of rounds, or a list of seeds or cases. */
export const amount = <T>({ short, long }: { short: T; long: T }): T => (isLongRun ? long : short);

/**
 * All of a list in a long run; otherwise every so many of them, beginning elsewhere for each `turn`, so that tests that take
 * turns cover the list together.
 */
export const sample = <T>(list: readonly T[], { every, turn = 0 }: { every: number; turn?: number }): T[] =>
	isLongRun ? [...list] : list.filter((_, index) => (index + turn) % every === 0);
