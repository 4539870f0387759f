/**
 * Creates 1,000 events with 1, 2, 3 and 5 n8n workers on Redis and PostgreSQL (W10), and prints how much of DingTalk's call
 * rate they used together. No setting says how many they are.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { N8n } from '../../tools/n8n/n8n.mjs';
import { packInto } from '../../tools/pack.mjs';
import { startPostgres } from '../../tools/services/postgres.mjs';
import { startRedis } from '../../tools/services/redis.mjs';
import { controlOf, simulatorCredential, startSimulator } from '../../tools/simulator.mjs';
import { queueMode } from '../n8n/queueNodes.mjs';
import { itemsWorkflow } from '../n8n/queueShare.mjs';
import { until } from '../n8n/until.mjs';

const [version, ...counts] = process.argv.slice(2);
const JOBS = 25;
const ITEMS = 40;
const WORKER_CONCURRENCY = 5;
const LATENCY_MS = 20;
const CALLS_PER_SECOND = 20;
/** Processes that start together exceed the limit first. */
const SETTLING_MS = 5000;

const temporary = mkdtempSync(join(tmpdir(), 'workers-'));
const running = [];
const up = async (starting) => {
	const server = await starting;
	running.push(server);
	return server;
};

const rate = (times) => ((times.length - 1) * 1000) / (times.at(-1) - times[0]) / CALLS_PER_SECOND;

async function measure(url, simulator, organizers, title) {
	const control = controlOf(simulator);
	const send = async (items) => {
		const headers = { 'content-type': 'application/json' };
		return await fetch(url, { method: 'POST', headers, body: JSON.stringify({ items }) });
	};
	let next = 0;
	let failed = 0;
	const sender = async () => {
		while (next < JOBS) {
			const job = next++;
			const items = Array.from({ length: ITEMS }, (_, i) => {
				const number = job * ITEMS + i;
				return { number, organizer: organizers[number % organizers.length].unionId };
			});
			const response = await send(items);
			await response.text();
			if (!response.ok) failed += ITEMS;
		}
	};
	const before = (await control('calls')).calls.length;
	await Promise.all(Array.from({ length: JOBS }, sender));
	const { calls } = await control('calls');
	const creates = calls.slice(before).filter(({ method, path }) => method === 'POST' && path.endsWith('/events'));
	const times = creates.filter(({ status }) => status === 200).map(({ at }) => Date.parse(at));
	const { events } = await control('state');
	const created = events
		.map(({ summary }) => summary)
		.filter((name) => name.startsWith(`${title} `) && /\d$/.test(name));
	const distinct = new Set(created).size;
	return {
		used: rate(times),
		usedOnceSettled: rate(times.filter((at) => at >= times[0] + SETTLING_MS)),
		refused: creates.filter(({ code }) => /Qp[sm]LimitFor/.test(String(code))).length / creates.length,
		failed,
		lost: JOBS * ITEMS - distinct,
		doubled: created.length - distinct,
	};
}

async function main() {
	const simulator = (await up(startSimulator())).value;
	const redis = await up(startRedis());
	const postgres = await up(startPostgres());
	const n8n = new N8n(version, join(temporary, 'user'), packInto(temporary), await queueMode(redis, postgres));
	const server = await up(n8n.start());
	const { id, name } = await server.rest.createCredential('DingTalk simulator', simulatorCredential(simulator));
	const control = controlOf(simulator);
	await control('limits', { latencyMs: LATENCY_MS });
	const { people } = await control('state');
	let workers = 0;
	for (const count of counts.map(Number)) {
		while (workers < count) {
			await up(n8n.startWorker(WORKER_CONCURRENCY));
			workers += 1;
		}
		const path = `workers-${count}`;
		const title = `Of ${count}`;
		const workflow = await server.rest.createWorkflow(itemsWorkflow({ id, name }, path, title));
		await server.rest.activate(workflow.id);
		const url = `${server.url}/webhook/${path}`;
		const organizers = people.slice(0, 50);
		const first = { number: 'first', organizer: organizers[0].unionId };
		await until('an answer of the webhook', async () => {
			const headers = { 'content-type': 'application/json' };
			const body = JSON.stringify({ items: [first] });
			return (await fetch(url, { method: 'POST', headers, body })).ok;
		});
		const figures = await measure(url, simulator, organizers, title);
		process.stderr.write(`W10 ${count} workers … ${(100 * figures.used).toFixed(0)} % of the limit\n`);
		console.log(JSON.stringify({ workers: count, ...figures }));
	}
}

await main().finally(async () => {
	for (const { stop } of running.reverse()) await stop();
	rmSync(temporary, { recursive: true, force: true });
});
process.exit();
