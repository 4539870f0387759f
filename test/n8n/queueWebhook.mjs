/**
 * The webhook trigger where several processes receive the pushes and others carry out the executions: none of them sees the
 * memory of another, and yet each change must be reported once, compared with the change before.
 */
import { createServer } from 'node:http';
import { controlOf } from '../../tools/simulator.mjs';
import { createSimulatedEvent, renameSimulatedEvent } from './simulatedEvents.mjs';
import { startedBy } from './startedBy.mjs';
import { until } from './until.mjs';

const CLIENT_ID = 'sim-internal';
const TOKEN = 'queueToken';
const AES_KEY = '1234567890123456789012345678901234567890123';
const WEBHOOK = 'changes-to-several-processes';
const CHANGES = 12;

/** Sends each request to the next of the processes, as a load balancer does. */
async function startBalancer(urls) {
	let turn = 0;
	const server = createServer(async (incoming, response) => {
		const chunks = [];
		for await (const chunk of incoming) chunks.push(chunk);
		const url = urls[turn++ % urls.length] + incoming.url;
		const headers = { 'content-type': incoming.headers['content-type'] ?? 'application/json' };
		const answer = await fetch(url, { method: incoming.method, headers, body: Buffer.concat(chunks) });
		response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
		response.end(await answer.text());
	});
	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
	const stop = async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	};
	return { value: `http://127.0.0.1:${server.address().port}`, stop };
}

const workflow = (api, callback) => ({
	name: 'Changes to several processes',
	nodes: [
		{
			id: 'trigger',
			name: 'Changed',
			type: 'n8n-nodes-dingtalk-calendar.dingTalkCalendarWebhookTrigger',
			typeVersion: 1,
			position: [0, 0],
			webhookId: WEBHOOK,
			parameters: { triggerOn: ['created', 'updated'], rememberValues: true },
			credentials: { dingTalkCalendarApi: api, dingTalkCalendarCallbackApi: callback },
		},
	],
	connections: {},
});

/** `up` starts a server that is stopped at the end; `api` is a credential for the simulator. */
export async function testWebhookProcessors(check, up, { n8n, rest, simulatorUrl, api }) {
	const control = controlOf(simulatorUrl);
	await control('reset', {});
	const processors = [await up(n8n.startWebhookProcessor()), await up(n8n.startWebhookProcessor())];
	const balancer = await up(startBalancer(processors.map(({ value }) => value)));
	const type = 'dingTalkCalendarCallbackApi';
	const data = { token: TOKEN, aesSecretKey: AES_KEY, ownerKey: 'clientId', clientId: CLIENT_ID, corpId: '' };
	const { id: keysId, name } = await rest.call('POST', '/rest/credentials', { name: type, type, data });
	const { id } = await rest.createWorkflow(workflow(api, { id: keysId, name }));
	await rest.activate(id);
	const url = `${balancer.value}/webhook/${WEBHOOK}/dingtalk-calendar`;
	const registration = { clientId: CLIENT_ID, url, token: TOKEN, aesKey: AES_KEY };
	await until('An answer of the webhook', async () => await control('callback', registration).catch(() => undefined));

	const { people } = await control('state');
	const [{ unionId }] = people;
	const titleOf = (number) => `Title ${number}`;
	const eventId = await createSimulatedEvent(simulatorUrl, unionId, titleOf(0));
	const reach = async (count) =>
		await until(`${count} changes`, async () => {
			const items = await startedBy(rest, id);
			return items.length >= count && items;
		});
	for (let number = 1; number <= CHANGES; number++) {
		await reach(number);
		await renameSimulatedEvent(simulatorUrl, unionId, eventId, titleOf(number));
	}
	const items = await reach(CHANGES + 1);
	const differences = items.map(({ change }) => change.differences?.summary).filter(Boolean);
	const isRight = ({ before, after }) =>
		Array.from({ length: CHANGES }, (_, i) => `${titleOf(i)} ${titleOf(i + 1)}`).includes(`${before} ${after}`);
	const right = new Set(differences.filter(isRight).map(({ after }) => after)).size;
	const found = right === CHANGES ? right : `${right}: ${JSON.stringify(items.map(({ change }) => change))}`;
	check(`changes reported by several processes with the title before, of ${CHANGES}`, right === CHANGES, found);
	check('changes that started the workflow twice', items.length === CHANGES + 1, items.length - CHANGES - 1);
}
