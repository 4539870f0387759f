/** The floor in a process of its own: prints what it took. */
import { readFileSync } from 'node:fs';

import { floor, type Done } from './floor';
import { startMeter } from './meter.cjs';
import { warmUp, workloadOf, type Places } from './workloads';

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

	const took = startMeter();
	const from = performance.now();
	const done = await run();
	const measured: Measured = { ...done, wallMs: performance.now() - from, ...took() };
	process.stdout.write(`\n${JSON.stringify(measured)}\n`, () => process.exit(0));
}

void main();
