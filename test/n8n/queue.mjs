/**
 * Runs n8n in queue mode with one main process and two workers on Redis and PostgreSQL (`npm run test:queue`). A thousand
 * webhook calls create a thousand events while a worker is killed and started again. n8n fails what a dead worker was
 * running and does not repeat it, so the sender does: a call without a good answer is sent again. The Idempotency Key makes
 * that safe. Then three workers share the call rate, and changes are pushed to two webhook processors.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { versions } from '../../tools/n8n/ensure.mjs';
import { N8n } from '../../tools/n8n/n8n.mjs';
import { packInto } from '../../tools/pack.mjs';
import { startPostgres } from '../../tools/services/postgres.mjs';
import { startRedis } from '../../tools/services/redis.mjs';
import { controlOf, simulatorCredential, startSimulator } from '../../tools/simulator.mjs';
import { createNode, queueMode, settings, webhookNode } from './queueNodes.mjs';
import { testShares } from './queueShare.mjs';
import { testWebhookProcessors } from './queueWebhook.mjs';

const CALLS = 1000;
const KILL_AFTER = 300;
const AT_ONCE = 20;
const WORKER_CONCURRENCY = 5;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Each call of the webhook creates one event, named after the call. */
const workflow = (credential) => ({
	name: 'Create an event for each call',
	nodes: [webhookNode('queue-mode-calls'), createNode(credential, { entry: '$json.body', title: 'Call' })],
	connections: { Webhook: { main: [[{ node: 'Create the event', type: 'main', index: 0 }]] } },
	settings,
});

let passed = 0;
let failed = 0;
function check(what, holds, figure) {
	if (holds) passed += 1;
	else failed += 1;
	console.log(`${holds ? 'ok    ' : 'FAILED'} ${what}: ${figure}`);
}

const temporary = mkdtempSync(join(tmpdir(), 'queue-'));
const running = [];
const up = async (starting) => {
	const server = await starting;
	running.push(server);
	return server;
};

async function main() {
	const simulator = (await up(startSimulator())).value;
	const control = controlOf(simulator);
	const redis = await up(startRedis());
	const postgres = await up(startPostgres());
	const n8n = new N8n(versions[0], join(temporary, 'user'), packInto(temporary), await queueMode(redis, postgres));
	const server = await up(n8n.start());
	const worker = await up(n8n.startWorker(WORKER_CONCURRENCY));
	await up(n8n.startWorker(WORKER_CONCURRENCY));
	console.log(`n8n ${versions[0]}: one main and two workers are up`);

	const data = simulatorCredential(simulator);
	const { id, name } = await server.rest.createCredential('DingTalk simulator', data);
	const { id: workflowId } = await server.rest.createWorkflow(workflow({ id, name }));
	await server.rest.activate(workflowId);

	const { people } = await control('state');
	const started = Date.now();
	let next = 0;
	let again = 0;
	const send = async (number) => {
		const body = JSON.stringify({ number, organizer: people[number % 50].unionId });
		const headers = { 'content-type': 'application/json' };
		const answer = await fetch(`${server.url}/webhook/queue-mode-calls`, { method: 'POST', headers, body }).catch(
			() => undefined,
		);
		return answer?.ok === true;
	};
	const sendUntilDone = async (number) => {
		while (!(await send(number))) {
			again += 1;
			await pause(500);
		}
	};
	const sender = async () => {
		while (next < CALLS) await sendUntilDone(next++);
	};
	// An activated workflow takes a moment to get its address.
	await sendUntilDone(next++);
	again = 0;
	const all = Promise.all(Array.from({ length: AT_ONCE }, sender));
	all.catch(() => undefined);

	const created = async () => {
		const { events } = await control('state');
		return events.map(({ summary }) => summary).filter((summary) => summary?.startsWith('Call '));
	};
	while ((await created()).length < KILL_AFTER) await pause(500);
	await worker.kill();
	console.log(`worker killed after ${(await created()).length} events`);
	await up(n8n.startWorker(WORKER_CONCURRENCY));
	console.log('another worker is up in its place');
	await all;

	const seconds = (Date.now() - started) / 1000;

	const summaries = await created();
	const distinct = new Set(summaries).size;
	const { calls } = await control('calls');
	const creates = calls.filter(({ method, path }) => method === 'POST' && path.endsWith('/events'));
	const tokens = calls.filter(({ path }) => path.includes('/oauth2/')).length;
	const byStatus = {};
	for (const { status } of creates) byStatus[status] = (byStatus[status] ?? 0) + 1;
	const statuses = {};
	for (const status of ['success', 'error', 'crashed'])
		statuses[status] = await server.rest.countExecutions(workflowId, [status]);
	check('events lost', distinct === CALLS, CALLS - distinct);
	check('events doubled', summaries.length === distinct, summaries.length - distinct);
	check('tokens fetched, at most one for each process that ever ran', tokens <= 4, tokens);
	// What the killed worker had in hand: executions under way, and as many that were over but whose response had not left.
	check('calls sent again, at most what the killed worker had in hand', again <= 2 * WORKER_CONCURRENCY, again);
	console.log(
		`executions: ${JSON.stringify(statuses)}; calls to create an event, by HTTP status: ${JSON.stringify(byStatus)}`,
	);
	console.log(
		`${CALLS} executions took ${seconds.toFixed(0)} s (${(CALLS / seconds).toFixed(1)} a second; DingTalk allows 20 calls a second)`,
	);
	const third = await up(n8n.startWorker(WORKER_CONCURRENCY));
	const jobs = 3 * WORKER_CONCURRENCY;
	await testShares(check, { server, api: { id, name }, simulatorUrl: simulator, jobs, worker: third });
	await testWebhookProcessors(check, up, { n8n, rest: server.rest, simulatorUrl: simulator, api: { id, name } });
}

try {
	await main();
} catch (error) {
	console.error(error);
	failed += 1;
} finally {
	for (const { stop } of running.reverse()) await stop();
	rmSync(temporary, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
