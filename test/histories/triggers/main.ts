/** The part of `npm run test:histories` for the triggers: `--suite triggers --trigger polling --runs 5000 --seed 7 --path 0:1`. */
import { TRIGGERS, runHistories, type TriggerName } from './run';

const DEFAULT_RUNS = 1000;

export interface PlayOptions {
	trigger?: string[];
	runs?: number;
	seed?: number;
	path?: string;
}

const isTrigger = (name: string): name is TriggerName => name in TRIGGERS;

export async function playTriggers({ trigger, runs = DEFAULT_RUNS, seed, path }: PlayOptions): Promise<void> {
	const names = (trigger ?? Object.keys(TRIGGERS)).filter(isTrigger);
	let [passed, failed] = [0, 0];
	for (const name of names) {
		const begun = Date.now();
		const outcome = await runHistories(name, { runs, seed, path });
		const seconds = Math.round((Date.now() - begun) / 1000);
		console.log(outcome.failure ?? `${name}: ${outcome.runs} passed with --seed ${outcome.seed}, ${seconds} s`);
		if (outcome.failure) process.exitCode = 1;
		passed += outcome.failure ? outcome.runs - 1 : outcome.runs;
		failed += outcome.failure ? 1 : 0;
	}
	console.log(`${passed} passed, ${failed} failed`);
}
