/** Plays many histories, and shortens the first that fails. */
import * as fc from 'fast-check';

import { history, type History } from './history';
import type { Broken, Lab } from './play';

export interface Checked {
	runs: number;
	seed: number;
	/** The shortest history that was found to fail, and where fast-check finds it again. */
	failure?: { history: History; path: string; broken: string[] };
}

/** Which histories: so many that follow from a seed, or those on the way to one that failed. */
export interface Share {
	seed: number;
	runs: number;
	path?: string;
}

export async function check(
	lab: Lab,
	{ seed, runs, path, shortens = true, onHistory }: Share & { shortens?: boolean; onHistory?: () => void },
): Promise<Checked> {
	const broken = new Map<string, Broken>();
	const property = fc.asyncProperty(history, async (played) => {
		onHistory?.();
		const found = await lab.play(played);
		if (found) broken.set(JSON.stringify(played), found);
		return found === undefined;
	});
	const details = await fc.check(property, { seed, numRuns: runs, path, endOnFailure: !shortens });
	if (!details.failed) return { runs: details.numRuns, seed };
	const [shortest] = details.counterexample ?? [];
	const found = broken.get(JSON.stringify(shortest));
	if (!shortest || !found) throw new Error('fast-check failed without a history');
	const { step, promises } = found;
	return {
		runs: details.numRuns,
		seed,
		failure: {
			// fast-check takes steps away from the beginning only.
			history: { ...shortest, steps: shortest.steps.slice(0, step) },
			path: details.counterexamplePath ?? '',
			broken: promises.map((one) => `step ${step}: ${one}`),
		},
	};
}
