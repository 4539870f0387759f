/** Makes up histories of a trigger, runs them, and describes the shortest one that breaks a promise. */
import * as fc from 'fast-check';

import { pollingHistories, runPollingHistory } from './polling';
import { PackageCode, type Mutation } from './process';
import { runStreamHistory, streamHistories } from './stream';
import { runWebhookHistory, webhookHistories } from './webhook';

interface Suite<History> {
	histories: fc.Arbitrary<History>;
	run(code: PackageCode, history: History): Promise<void>;
}

const suite = <History>(value: Suite<History>): Suite<unknown> => value as Suite<unknown>;

export const TRIGGERS = {
	polling: suite({ histories: pollingHistories, run: runPollingHistory }),
	webhook: suite({ histories: webhookHistories, run: runWebhookHistory }),
	stream: suite({ histories: streamHistories, run: runStreamHistory }),
};

export type TriggerName = keyof typeof TRIGGERS;

export interface RunOptions {
	runs: number;
	/** A random one by default. */
	seed?: number;
	/** Of a failed history, to run only that one. */
	path?: string;
	mutation?: Mutation;
	/** Whether to look for the shortest history that fails. */
	shrinks?: boolean;
}

export interface Outcome {
	runs: number;
	seed: number;
	/** The shortest history that breaks a promise, and how to repeat it. */
	failure?: string;
}

export async function runHistories(
	name: TriggerName,
	{ runs, seed, path, mutation, shrinks = true }: RunOptions,
): Promise<Outcome> {
	const { histories, run } = TRIGGERS[name];
	const code = new PackageCode(mutation);
	const property = fc.asyncProperty(histories, async (history) => await run(code, history));
	const result = await fc.check(property, { numRuns: runs, seed, path, endOnFailure: !shrinks });
	const outcome = { runs: result.numRuns, seed: result.seed };
	if (!result.failed) return outcome;
	const [history] = result.counterexample ?? [];
	const again = `--suite triggers --trigger ${name} --seed ${result.seed} --path ${result.counterexamplePath}`;
	const failure = [
		`${name}: broken after ${result.numRuns} histories, shortened ${result.numShrinks} times`,
		`Repeat with: npm run test:histories -- ${again}`,
		String(result.errorInstance instanceof Error ? (result.errorInstance.stack ?? '') : result.errorInstance),
		JSON.stringify(history, undefined, '\t'),
	].join('\n');
	return { ...outcome, failure };
}
