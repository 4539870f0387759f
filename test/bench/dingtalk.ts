/** A DingTalk in a process of its own, with what a workload needs: prints its address and what the sides are told. */
import { startSimulator } from '../simulator';
import { Limits } from '../simulator/limits';
import { NOW, WORKLOADS } from './workloads';

/** About what it takes to the nearest of DingTalk's data centres and back. */
const LATENCY_MS = 20;

async function main(id: string): Promise<void> {
	const workload = WORKLOADS.find((one) => one.id === id);
	if (!workload) throw new Error(`There is no workload ${id}`);
	const simulator = await startSimulator();
	simulator.world.clock.set(Date.parse(NOW));
	const task = workload.prepare(simulator);
	simulator.world.use(Limits).change({ latencyMs: LATENCY_MS });
	process.stdout.write(`${JSON.stringify({ url: simulator.url, task })}\n`);
}

void main(process.argv[2]);
