/** The webhook trigger in a real n8n, with pushes of the simulator. Each check returns what is wrong, or undefined. */
import { controlOf } from '../../tools/simulator.mjs';
import { until } from './until.mjs';

const TOKEN = 'smokeToken';
const AES_KEY = '1234567890123456789012345678901234567890123';
const TRIGGER = 'n8n-nodes-dingtalk-calendar.dingTalkCalendarWebhookTrigger';
const CLIENT_ID = 'sim-internal';

/** The workflow goes on for some seconds after the trigger: longer than DingTalk would wait for an answer. */
const workflowWith = (credentials, options) => ({
	name: 'Changes over HTTP',
	nodes: [
		{
			id: 'trigger',
			name: 'Changed',
			type: TRIGGER,
			typeVersion: 1,
			position: [0, 0],
			webhookId: '6f0c2d52-5b1e-4b55-8f0e-0c5d1f3a9b10',
			parameters: { triggerOn: ['created', 'updated'], options },
			credentials,
		},
		{
			id: 'wait',
			name: 'Wait',
			type: 'n8n-nodes-base.wait',
			typeVersion: 1.1,
			position: [200, 0],
			parameters: { amount: 4, unit: 'seconds' },
		},
	],
	connections: { Changed: { main: [[{ node: 'Wait', type: 'main', index: 0 }]] } },
});

/** What the trigger put out in each execution of the workflow, as far as it has come. */
async function startedBy(rest, id) {
	const runs = [];
	for (const { id: executionId } of await rest.executions(id)) {
		const { data } = await rest.execution(executionId);
		const items = data?.resultData?.runData?.Changed?.flatMap(({ data: output }) => output?.main?.flat() ?? []);
		if (data?.resultData?.error) throw new Error(JSON.stringify(data.resultData.error).slice(0, 500));
		if (items?.length) runs.push(items.map(({ json }) => json));
	}
	return runs;
}

/** `server` is a started n8n, `apiCredential` the data of one for the simulator. */
export async function testWebhookTrigger(check, named, server, simulatorUrl, apiCredential) {
	const { rest, url } = server;
	const control = controlOf(simulatorUrl);
	const create = (type, data) => rest.call('POST', '/rest/credentials', { name: type, type, data });
	const reference = ({ id, name }) => ({ id, name });
	const register = (address) =>
		control('callback', { clientId: CLIENT_ID, url: address, token: TOKEN, aesKey: AES_KEY });
	/** n8n 2.41 opens the address some moments after it has said that the workflow is active. */
	const registered = (address) => until(`An answer at ${address}`, () => register(address).catch(() => undefined));

	await control('reset', {});
	const keys = { token: TOKEN, aesSecretKey: AES_KEY, ownerKey: 'clientId', clientId: CLIENT_ID, corpId: '' };
	const callback = await create('dingTalkCalendarCallbackApi', keys);
	const api = await create('dingTalkCalendarApi', apiCredential);
	const credentials = { dingTalkCalendarCallbackApi: reference(callback), dingTalkCalendarApi: reference(api) };
	const path = '6f0c2d52-5b1e-4b55-8f0e-0c5d1f3a9b10/dingtalk-calendar';
	let workflow;

	await check(named('the webhook trigger is activated and its address passes the check of the console'), async () => {
		workflow = await rest.createWorkflow(workflowWith(credentials, { recoverMissed: 'activation' }));
		await rest.activate(workflow.id);
		await registered(`${url}/webhook/${path}`);
	});
	const { people } = await control('state');
	const push = async (body = {}) => {
		const { pushes } = await control('push', {
			clientId: CLIENT_ID,
			via: 'http',
			unionIds: [people[0].unionId],
			...body,
		});
		return pushes.map(({ pushId }) => pushId);
	};
	const outcomes = async (ids) => {
		const { pushes } = await control('push');
		return pushes
			.filter(({ pushId }) => ids.includes(pushId))
			.flatMap(({ attempts }) => attempts.map(({ outcome }) => outcome));
	};
	/** How the pushes were answered, as soon as there are that many answers. */
	const settled = (ids, answers = ids.length) =>
		until('The answer', async () => {
			const seen = await outcomes(ids);
			return seen.length >= answers && !seen.includes('pending') && seen;
		});

	await check(
		named('a push is answered as DingTalk wants while the workflow runs, and the workflow has the event'),
		async () => {
			const seen = await settled(await push({ changeType: 'updated' }));
			if (seen.join() !== 'accepted') return `answered with ${seen.join(', ')}`;
			const [{ status }] = await rest.executions(workflow.id);
			if (!['new', 'running', 'waiting'].includes(status)) return `the execution was ${status} when the answer came`;
			const [[first]] = await until('The execution', async () => {
				const runs = await startedBy(rest, workflow.id);
				return runs.length > 0 && runs;
			});
			return first.change?.kind === 'updated' ? undefined : JSON.stringify(first);
		},
	);
	await check(named('a push that comes twice starts the workflow once'), async () => {
		const before = (await startedBy(rest, workflow.id)).length;
		const seen = await settled(await push({ changeType: 'created', copies: 3 }), 3);
		if (seen.some((outcome) => outcome !== 'accepted')) return `answered with ${seen.join(', ')}`;
		await until('The execution', async () => (await startedBy(rest, workflow.id)).length > before);
		const runs = (await startedBy(rest, workflow.id)).length;
		return runs === before + 1 ? undefined : `${runs - before} runs`;
	});
	await check(named('broken pushes start nothing'), async () => {
		const before = (await rest.executions(workflow.id)).length;
		for (const spoil of ['wrongSignature', 'wrongKey', 'wrongOwner', 'stale', 'notJson', 'emptyBody', 'truncated']) {
			const seen = await settled(await push({ spoil }));
			if (!/^HTTP 4\d\d$/.test(seen.join())) return `${spoil} is answered with ${seen.join(', ')}`;
		}
		const more = (await rest.executions(workflow.id)).length - before;
		return more === 0 ? undefined : `${more} executions`;
	});
	await check(named('what DingTalk gave up on while the workflow was off comes when it is activated'), async () => {
		await rest.deactivate(workflow.id);
		const before = (await startedBy(rest, workflow.id)).length;
		const ids = await push({ changeType: 'updated', count: 3 });
		for (const [tries, advanceMs] of [10_000, 30_000, 300_000].entries()) {
			await settled(ids, 3 * (tries + 1));
			await control('clock', { advanceMs });
		}
		await rest.activate(workflow.id);
		await until('The missed changes', async () => (await startedBy(rest, workflow.id)).length >= before + 3);
		const runs = (await startedBy(rest, workflow.id)).length - before;
		return runs === 3 ? undefined : `${runs} runs`;
	});
	await check(named('a test run gets the event that is pushed to the test URL'), async () => {
		await control('clock', { now: new Date().toISOString() });
		await rest.deactivate(workflow.id);
		const { waitingForWebhook } = await rest.call('POST', `/rest/workflows/${workflow.id}/run`, {
			workflowData: await rest.workflow(workflow.id),
			triggerToStartFrom: { name: 'Changed' },
			destinationNode: { nodeName: 'Changed', mode: 'inclusive' },
		});
		if (!waitingForWebhook) return 'n8n does not wait for the webhook';
		const before = (await startedBy(rest, workflow.id)).length;
		// The address is checked first, which n8n takes for the event it waits for only if it starts an execution.
		await registered(`${url}/webhook-test/${path}`);
		await settled(await push({ changeType: 'updated' }));
		await until('The test run', async () => (await startedBy(rest, workflow.id)).length > before);
	});
}
