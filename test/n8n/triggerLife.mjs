/**
 * The three triggers side by side in a real n8n, over what happens in the life of a workflow: the secret of the app is
 * changed, a watched person leaves, n8n restarts. Each must report each event once.
 */
import { controlOf } from '../../tools/simulator.mjs';
import { createSimulatedEvent } from './simulatedEvents.mjs';
import { startedBy } from './startedBy.mjs';
import { until } from './until.mjs';

const CLIENT_ID = 'sim-internal';
const TOKEN = 'lifeToken';
const AES_KEY = '1234567890123456789012345678901234567890123';
const WEBHOOK = 'triggers-over-time';
/** No schedule of n8n polls more often than every minute; six together do. */
const EVERY_TEN_SECONDS = [5, 15, 25, 35, 45, 55].map((second) => ({
	mode: 'custom',
	cronExpression: `${second} * * * * *`,
}));

const workflowWith = (trigger, parameters, credentials) => ({
	name: trigger,
	nodes: [
		{
			id: trigger,
			name: 'Changed',
			type: `n8n-nodes-dingtalk-calendar.${trigger}`,
			typeVersion: 1,
			position: [0, 0],
			webhookId: WEBHOOK,
			parameters: { triggerOn: ['created'], ...parameters },
			credentials,
		},
	],
	connections: {},
});

/** `n8n` is not started yet. */
export async function testTriggerLife(check, named, n8n, simulatorUrl, apiCredential) {
	const control = controlOf(simulatorUrl);
	await control('reset', {});
	// So that one event reaches all three triggers.
	await control('switches', { pushChannels: 'both' });
	const { people } = await control('state');
	const [stays, leaves] = people;
	let server = await n8n.start();
	const callback = async () =>
		await control('callback', {
			clientId: CLIENT_ID,
			url: `${server.url}/webhook/${WEBHOOK}/dingtalk-calendar`,
			token: TOKEN,
			aesKey: AES_KEY,
		});
	let secret = 'sim-secret';
	const events = [];
	const create = async (summary) =>
		events.push(await createSimulatedEvent(simulatorUrl, stays.unionId, summary, secret));
	/** Events that were there before are not reported. */
	const isPolled = async ({ unionId }) =>
		(await control('calls')).calls.some(({ path }) => path.includes(`/users/${unionId}/calendars/primary/events`));
	const workflows = [];
	/** What is wrong with what the triggers have reported, once each has reported the last event. */
	const faults = async () => {
		const wrong = [];
		for (const { id, name } of workflows) {
			await until(`${name}: the event`, async () =>
				(await startedBy(server.rest, id)).some((item) => item.id === events.at(-1)),
			);
			const items = await startedBy(server.rest, id);
			const ids = items.map((item) => item.id).sort();
			if (ids.join() !== [...events].sort().join()) wrong.push(`${name}: ${JSON.stringify(items)}`);
		}
		return wrong.join('\n');
	};
	try {
		const createCredential = async (type, data) => {
			const { id, name } = await server.rest.call('POST', '/rest/credentials', { name: type, type, data });
			return { id, name };
		};
		const api = await createCredential('dingTalkCalendarApi', apiCredential);
		const keys = { token: TOKEN, aesSecretKey: AES_KEY, ownerKey: 'clientId', clientId: CLIENT_ID, corpId: '' };
		const push = await createCredential('dingTalkCalendarCallbackApi', keys);

		await check(named('the three triggers report an event once'), async () => {
			const watched = { people: `${stays.mobile}, ${leaves.mobile}` };
			for (const workflow of [
				workflowWith('dingTalkCalendarTrigger', watched, { dingTalkCalendarApi: api }),
				workflowWith('dingTalkCalendarWebhookTrigger', watched, {
					dingTalkCalendarApi: api,
					dingTalkCalendarCallbackApi: push,
				}),
				workflowWith(
					'dingTalkCalendarPollingTrigger',
					{ ...watched, pollTimes: { item: EVERY_TEN_SECONDS } },
					{ dingTalkCalendarApi: api },
				),
			]) {
				const { id, name } = await server.rest.createWorkflow(workflow);
				await server.rest.activate(id);
				workflows.push({ id, name });
			}
			await until('An answer of the webhook', async () => await callback().catch(() => undefined));
			await until('The first poll', async () => await isPolled(leaves));
			await until('The Stream connection', async () => (await control('connections')).connections.length > 0);
			await create('At first');
			return await faults();
		});
		await check(named('the three triggers go on after the secret of the app was changed'), async () => {
			secret = 'changed-secret';
			await control('apps', { clientId: CLIENT_ID, clientSecret: secret });
			const { id, name } = api;
			const data = { ...apiCredential, clientSecret: secret };
			await server.rest.updateCredential(id, { name, type: 'dingTalkCalendarApi', data });
			// What was bought with the old secret ends.
			await control('connections', { do: 'drop' });
			await control('faults', [{ match: { method: 'GET', path: '/v1.0/calendar', nth: 1 }, do: 'expireToken' }]);
			await create('With another secret');
			return await faults();
		});
		await check(named('the three triggers go on after a watched person has left'), async () => {
			await control('people', { userId: leaves.userId, left: true });
			await create('Without the one who left');
			const wrong = await faults();
			const { id } = workflows.find(({ name }) => name === 'dingTalkCalendarPollingTrigger');
			const item = (await startedBy(server.rest, id)).find((one) => one.id === events.at(-1));
			const isNamed = JSON.stringify(item?.change?.unreadable ?? '').includes(leaves.mobile);
			return wrong || (isNamed ? undefined : `who left is not named: ${JSON.stringify(item)}`);
		});
		await check(named('the three triggers report after a restart what happened meanwhile, once'), async () => {
			await server.stop();
			await create('While n8n was down');
			server = await n8n.start();
			// n8n has another port now; DingTalk would have kept the URL.
			await until('An answer of the webhook', async () => await callback().catch(() => undefined));
			return await faults();
		});
	} finally {
		await server.stop();
	}
}
