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
}

/** Describes the first broken history, shortened, with what repeats it; undefined if there is none. */
export async function runHistories(
	name: TriggerName,
	{ runs, seed, path, mutation }: RunOptions,
): Promise<string | undefined> {
	const { histories, run } = TRIGGERS[name];
	const code = new PackageCode(mutation);
	const property = fc.asyncProperty(histories, async (history) => await run(code, history));
	const result = await fc.check(property, { numRuns: runs, seed, path });
	if (!result.failed) return undefined;
	const [history] = result.counterexample ?? [];
	return [
		`${name}: broken after ${result.numRuns} histories, shortened ${result.numShrinks} times`,
		`Repeat with: npm run test:histories -- --suite triggers --trigger ${name} --seed ${result.seed} --path ${result.counterexamplePath}`,
		String(result.errorInstance instanceof Error ? (result.errorInstance.stack ?? '') : result.errorInstance),
		JSON.stringify(history, undefined, '\t'),
	].join('\n');
}
