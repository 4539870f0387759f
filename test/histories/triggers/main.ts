/** Runs random histories of the triggers: `--trigger polling|stream|webhook`, `--runs 5000`, `--seed 1`, `--path 0:1:2`. */
import { parseArgs } from 'node:util';

import { TRIGGERS, runHistories, type TriggerName } from './run';

const { values } = parseArgs({
	options: {
		trigger: { type: 'string', multiple: true },
		runs: { type: 'string', default: '5000' },
		seed: { type: 'string' },
		path: { type: 'string' },
	},
});

async function main(): Promise<void> {
	const names = (values.trigger ?? Object.keys(TRIGGERS)) as TriggerName[];
	for (const name of names) {
		const seed = values.seed === undefined ? undefined : Number(values.seed);
		const started = Date.now();
		const failure = await runHistories(name, { runs: Number(values.runs), seed, path: values.path });
		const seconds = ((Date.now() - started) / 1000).toFixed(1);
		console.log(failure ?? `${name}: ${values.runs} histories, 0 broken, in ${seconds} s`);
		if (failure) process.exitCode = 1;
	}
}

void main();
