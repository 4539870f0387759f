/**
 * Three workers with one app, and no setting that says so: each finds its share of DingTalk's call rate, and when one is
 * killed, the others use its share. The sender repeats what the killed worker had in hand.
 */
import { controlOf } from '../../tools/simulator.mjs';
import { createNode, settings, webhookNode } from './queueNodes.mjs';
import { until } from './until.mjs';

const ITEMS = 80;
const KILL_AFTER = 300;
const CALLS_PER_SECOND = 20;
/** Part of the limit that the others have to reach, over this time. */
const ENOUGH = 0.9;
const WINDOW_MS = 2000;
const MAX_TAKEOVER_MS = 5000;
/** Processes that start together exceed the limit first. */
const SETTLING_MS = 5000;

/** A call of the webhook brings items, each with a number and an organizer. */
export const itemsWorkflow = (credential, path, title) => ({
	name: 'Create an event for each item of a call',
	nodes: [
		webhookNode(path),
		{
			id: 's1',
			name: 'Items',
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			position: [200, 0],
			parameters: { fieldToSplitOut: 'body.items', options: {} },
		},
		createNode(credential, { entry: '$json', title }),
	],
	connections: {
		Webhook: { main: [[{ node: 'Items', type: 'main', index: 0 }]] },
		Items: { main: [[{ node: 'Create the event', type: 'main', index: 0 }]] },
	},
	settings,
});

/** How long after a moment the others have used enough of the limit, over a window that begins then. */
function takeoverMs(accepted, from) {
	const enough = (CALLS_PER_SECOND * WINDOW_MS * ENOUGH) / 1000;
	const start = [from, ...accepted.filter((at) => at > from)].find(
		(begin) => accepted.filter((at) => at >= begin && at < begin + WINDOW_MS).length >= enough,
	);
	return start === undefined ? Infinity : start - from;
}

/** The workers are those that are up; `jobs` is as many executions as they can have in hand together. */
export async function testShares(check, { server, api, simulatorUrl, jobs, worker }) {
	const control = controlOf(simulatorUrl);
	await control('reset', {});
	const { id } = await server.rest.createWorkflow(itemsWorkflow(api, 'shares', 'Share'));
	await server.rest.activate(id);
	const { people } = await control('state');
	const send = async (items) => {
		const response = await fetch(`${server.url}/webhook/shares`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ items }),
		}).catch(() => undefined);
		await response?.text();
		return response?.ok === true;
	};
	let again = 0;
	const sendUntilDone = async (job) => {
		const items = Array.from({ length: ITEMS }, (_, i) => ({
			number: job * ITEMS + i,
			organizer: people[(job * ITEMS + i) % 50].unionId,
		}));
		while (!(await send(items))) again += 1;
	};
	await until('An answer of the webhook', async () => await send([{ number: 'first', organizer: people[0].unionId }]));
	const created = async () => {
		const { events } = await control('state');
		return events.map(({ summary }) => summary).filter((summary) => /^Share \d/.test(summary ?? ''));
	};
	const started = Date.now();
	const all = Promise.all(Array.from({ length: jobs }, (_, job) => sendUntilDone(job)));
	all.catch(() => undefined);
	await until(`${KILL_AFTER} events`, async () => (await created()).length >= KILL_AFTER, 120);
	await worker.kill();
	const killed = Date.now();
	const failedBefore = again;
	await all;

	const summaries = await created();
	const distinct = new Set(summaries).size;
	const { calls } = await control('calls');
	const creates = calls.filter(({ method, path }) => method === 'POST' && path.endsWith('/events'));
	const accepted = creates.filter(({ status }) => status === 200).map(({ at }) => Date.parse(at));
	const before = accepted.filter((at) => at >= started + SETTLING_MS && at < killed).length;
	const used = before / (((killed - started - SETTLING_MS) / 1000) * CALLS_PER_SECOND);
	const takeover = takeoverMs(accepted, killed);
	check('three workers: events lost', distinct === jobs * ITEMS, jobs * ITEMS - distinct);
	check('three workers: events doubled', summaries.length === distinct, summaries.length - distinct);
	check('three workers: calls sent again before one is killed', failedBefore === 0, failedBefore);
	check('three workers: calls sent again afterwards, at least one', again > failedBefore, again - failedBefore);
	check(
		'time until the other workers use the share of the killed one',
		takeover <= MAX_TAKEOVER_MS,
		`${(takeover / 1000).toFixed(1)} s`,
	);
	const refused = (100 * creates.filter(({ code }) => /Qp[sm]LimitFor/.test(String(code))).length) / creates.length;
	console.log(
		`three workers, no setting: ${(100 * used).toFixed(0)} % of the limit used from the sixth second until one was killed; ${refused.toFixed(1)} % of all calls refused for speed`,
	);
}
