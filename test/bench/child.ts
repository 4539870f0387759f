/** One side of one workload, in a process of its own: prints what it took. The first argument is the side, the rest comes by standard input. */
import '../engine/environment.js';

import { readFileSync } from 'node:fs';

import type { Assignment, Done, Side } from './sides/side';
import { WORKLOADS, type Task } from './workloads';

const HEAP_EVERY_MS = 20;
/** Past midnight in China, and less than a day later: as soon as one can go on. */
const NEXT_DAY_MS = 17 * 3_600_000;

const SIDES: Record<string, () => Promise<Side>> = {
	ours: async () => (await import('./sides/ours.js')).ours,
	httpRequest: async () => (await import('./sides/httpRequest.js')).httpRequest,
	floor: async () => (await import('./sides/floor.js')).floor,
};

export interface Measured extends Done {
	wallMs: number;
	cpuMs: number;
	peakHeapMB: number;
}

async function main(name: string): Promise<void> {
	const { id, url, task } = JSON.parse(readFileSync(0, 'utf8')) as { id: string; url: string; task: Task };
	const workload = WORKLOADS.find((one) => one.id === id);
	if (!workload) throw new Error(`There is no workload ${id}`);
	const assignment: Assignment = { url, workload, task };
	const side = await SIDES[name]();
	const run = await side(assignment);

	let peak = 0;
	const look = (): void => {
		peak = Math.max(peak, process.memoryUsage().heapUsed);
	};
	const watch = setInterval(look, HEAP_EVERY_MS);
	const cpu = process.cpuUsage();
	const from = performance.now();
	let done = await run();
	if (workload.resume) {
		await fetch(`${url}/_simulator/clock`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ advanceMs: NEXT_DAY_MS }),
		});
		done = await run();
	}
	const wallMs = Math.round(performance.now() - from);
	const { user, system } = process.cpuUsage(cpu);
	look();
	clearInterval(watch);
	const measured: Measured = { ...done, wallMs, cpuMs: Math.round((user + system) / 1000), peakHeapMB: Math.round(peak / 1024 / 1024) };
	process.stdout.write(`\n${JSON.stringify(measured)}\n`, () => process.exit(0));
}

void main(process.argv[2]);
