/** A DingTalk in a process of its own, with what a workload needs, and another to warm up with: prints their addresses and what the sides are told. */
import { startSimulator } from '../simulator';
import { Limits } from '../simulator/limits';
import { NOW, WARM_UP_ROWS, WARM_UPS, workloadOf, type Place, type Workload } from './workloads';

/** About what it takes to the nearest of DingTalk's data centres and back. */
const LATENCY_MS = 20;

async function place(workload: Workload): Promise<Place> {
	const simulator = await startSimulator();
	simulator.world.clock.set(Date.parse(NOW));
	const task = workload.prepare(simulator);
	simulator.world.use(Limits).change({ latencyMs: LATENCY_MS });
	return { id: workload.id, url: simulator.url, task };
}

async function main(id: string): Promise<void> {
	const workload = workloadOf(id);
	const measured = await place(workload);
	const { task, ...rest } = await place(workloadOf(WARM_UPS[workload.kind]));
	const warmUp: Place = { ...rest, task: { ...task, rows: task.rows.slice(0, WARM_UP_ROWS) } };
	process.stdout.write(`${JSON.stringify({ measured, warmUp })}\n`);
}

void main(process.argv[2]);
