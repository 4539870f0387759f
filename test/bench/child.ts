/** The floor in a process of its own: prints what it took. */
import { readFileSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';

import { floor, type Done } from './floor';
import { warmUp, workloadOf, type Places } from './workloads';

const HEAP_EVERY_MS = 20;

export interface Measured extends Done {
	wallMs: number;
	cpuMs: number;
	peakHeapMB: number;
}

async function main(): Promise<void> {
	const places = JSON.parse(readFileSync(0, 'utf8')) as Places;
	const { measured: place } = places;
	const workload = workloadOf(place.id);
	await warmUp(workload.kind, places.warmUp, floor(workloadOf(places.warmUp.id), places.warmUp));
	const run = floor(workload, place);

	let peak = 0;
	const look = (): void => {
		peak = Math.max(peak, getHeapStatistics().used_heap_size);
	};
	const watch = setInterval(look, HEAP_EVERY_MS);
	const cpu = process.cpuUsage();
	const from = performance.now();
	const done = await run();
	const wallMs = performance.now() - from;
	const { user, system } = process.cpuUsage(cpu);
	look();
	clearInterval(watch);
	const measured: Measured = { ...done, wallMs, cpuMs: (user + system) / 1000, peakHeapMB: peak / 1024 / 1024 };
	process.stdout.write(`\n${JSON.stringify(measured)}\n`, () => process.exit(0));
}

void main();
