/** A DingTalk in a process of its own, with what a workload needs, and another to warm up with: prints their addresses and what the sides are to do. */
import { startSimulator } from '../simulator';
import { Limits } from '../simulator/limits';
import { NOW, WARM_UP_ROWS, WARM_UPS, workloadOf, type Place, type Places, type Workload } from './workloads';

/** About what it takes to the nearest of DingTalk's data centres and back. */
const LATENCY_MS = 20;

const CALLS_PER_SECOND = { measured: 20, warmUp: 60 };

async function place(workload: Workload, callsPerSecond: number): Promise<Place> {
	const simulator = await startSimulator();
	simulator.world.clock.set(Date.parse(NOW));
	const task = workload.prepare(simulator);
	simulator.world.use(Limits).change({ latencyMs: LATENCY_MS, qps: callsPerSecond });
	return { id: workload.id, url: simulator.url, task, callsPerSecond };
}

async function main(id: string): Promise<void> {
	const workload = workloadOf(id);
	const measured = await place(workload, CALLS_PER_SECOND.measured);
	const similar = workloadOf(WARM_UPS[workload.kind]);
	const { task, ...rest } = await place(similar, CALLS_PER_SECOND.warmUp);
	const rows = task.rows.slice(0, WARM_UP_ROWS);
	const places: Places = {
		measured,
		warmUp: { ...rest, task: { ...task, rows }, calls: rows.length || similar.minimumMetered },
	};
	process.stdout.write(`${JSON.stringify(places)}\n`);
}

void main(process.argv[2]);
