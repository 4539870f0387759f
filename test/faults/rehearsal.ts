/** A run without any fault: what the others are compared with. */
import type { Engine } from '../engine/harness';
import { api } from '../../lib/dingtalk/endpoints';
import type { Case } from './cases';
import type { Call } from './line';
import { Stage } from './stage';

export interface Rehearsed {
	calls: Array<Call & { hasBody: boolean }>;
	/** What DingTalk had before the first call, and after each. */
	states: unknown[];
	output: unknown;
	nameless: string;
}

export async function rehearse(engine: Engine, given: Case): Promise<Rehearsed> {
	const stage = await Stage.set(engine, given);
	try {
		const calls: Rehearsed['calls'] = [];
		const states: unknown[] = [await stage.state()];
		const ended = await stage.run(
			1,
			async (call) => {
				calls.push({ ...call, hasBody: true });
				return undefined;
			},
			async (call, { hasBody }) => {
				calls[call.number - 1].hasBody = hasBody;
				states.push(await stage.state());
			},
		);
		if (ended.error) throw new Error(`${given.operation} ${given.way} fails without any fault: ${ended.error.message}`);
		const { output, nameless } = await stage.outputAndState(ended.output);
		return { calls, states, output, nameless };
	} finally {
		await stage.close();
	}
}

const pattern = (path: string): RegExp => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);
const known = Object.values(api).map(({ method, path, isRead: reads }) => ({
	method,
	path,
	reads,
	fits: pattern(path),
}));

const kindOf = (call: Call) => known.find(({ method, fits }) => method === call.method && fits.test(call.path));

export const isWrite = (call: Call): boolean => kindOf(call)?.reads === false;

/** The path with its placeholders. */
export const templateOf = (call: Call): string => kindOf(call)?.path ?? call.path;
