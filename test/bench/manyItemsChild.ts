/** Runs 50,000 items on n8n's engine in a process of its own: prints for how long nothing else could run, and how soon Stop is heard. */
import '../engine/environment.js';

import { monitorEventLoopDelay } from 'node:perf_hooks';

import { Engine, itemsOf, TESTED_NODE, type NodeRun } from '../engine/harness';
import { MANY_ITEMS, PREVIEW, type Breaks } from './manyItems';

const BEFORE_STOP_MS = 500;
const MONITOR_EVERY_MS = 5;
/** What is compiled on first use is no part of it. */
const WARM_UP_ITEMS = 500;

async function main(): Promise<void> {
	const engine = await Engine.start();
	const credential = engine.addCredential({
		type: 'dingTalkCalendarApi',
		data: { region: 'international', clientId: 'app', clientSecret: 'secret' },
	});
	const items = Array.from({ length: MANY_ITEMS }, (_, i) => ({ title: `Item ${i}`, organizer: `person${i % 20}` }));
	const run: NodeRun = { parameters: PREVIEW, items, credential };

	await engine.runNode({ ...run, items: items.slice(0, WARM_UP_ITEMS) });
	const delays = monitorEventLoopDelay({ resolution: MONITOR_EVERY_MS });
	delays.enable();
	const result = await engine.runNode(run);
	delays.disable();
	if (itemsOf(result, TESTED_NODE).length !== MANY_ITEMS) throw new Error('Items are missing');

	const stop = new AbortController();
	const running = engine.runNode({ ...run, signal: stop.signal });
	await new Promise((resolve) => setTimeout(resolve, BEFORE_STOP_MS));
	const stopped = performance.now();
	stop.abort();
	await running;
	const breaks: Breaks = {
		longestBlockMs: Math.round(delays.max / 1e6),
		stopMs: Math.round(performance.now() - stopped),
	};
	await engine.stop();
	process.stdout.write(`${JSON.stringify(breaks)}\n`, () => process.exit(0));
}

void main();
