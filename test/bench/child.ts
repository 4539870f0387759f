/** One side of one workload, in a process of its own: prints what it took. The first argument is the side, the rest comes by standard input. */
import '../engine/environment.js';

import { readFileSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';

import type { Assignment, Done, Side } from './sides/side';
import { WARM_UP_CALLS, workloadOf, type Place, type Places } from './workloads';

const HEAP_EVERY_MS = 20;
/** Past midnight in China, and less than a day later: as soon as one can go on. */
const NEXT_DAY_MS = 17 * 3_600_000;

const SIDES: Record<string, () => Promise<Side>> = {
	ours: async () => (await import('./sides/ours.js')).ours,
	httpRequest: async () => (await import('./sides/httpRequest.js')).httpRequest,
	bare: async () => (await import('./sides/bare.js')).bare,
	floor: async () => (await import('./sides/floor.js')).floor,
};

export interface Measured extends Done {
	wallMs: number;
	cpuMs: number;
	peakHeapMB: number;
}

const assignmentOf = ({ id, url, task, callsPerSecond }: Place): Assignment => ({ workload: workloadOf(id), url, task, callsPerSecond });

async function main(name: string): Promise<void> {
	const { measured: place, warmUp } = JSON.parse(readFileSync(0, 'utf8')) as Places;
	const side = await SIDES[name]();
	const ready = await side(assignmentOf(warmUp));
	const assignment = assignmentOf(place);
	const { workload, url } = assignment;
	for (let calls = 0; calls < WARM_UP_CALLS[workload.kind]; calls += warmUp.calls) await ready();
	const run = await side(assignment);

	let peak = 0;
	const look = (): void => {
		peak = Math.max(peak, getHeapStatistics().used_heap_size);
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
