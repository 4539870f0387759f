/** The polling trigger in a real n8n, asking the simulator. Each check returns what is wrong, or undefined. */
import { controlOf } from '../../tools/simulator.mjs';
import { createSimulatedEvent } from './simulatedEvents.mjs';
import { startedBy } from './startedBy.mjs';
import { until } from './until.mjs';

const TRIGGER = 'n8n-nodes-dingtalk-calendar.dingTalkCalendarPollingTrigger';

const workflowWith = (credentials, parameters) => ({
	name: 'Polled',
	nodes: [{ id: 'trigger', name: 'Changed', type: TRIGGER, typeVersion: 1, position: [0, 0], parameters, credentials }],
	connections: {},
});

/** `server` is a started n8n, `apiCredential` the data of one for the simulator. */
export async function testPollingTrigger(check, named, server, simulatorUrl, apiCredential) {
	const { rest } = server;
	const control = controlOf(simulatorUrl);
	await control('reset', {});
	const { id, name } = await rest.createCredential('Polled', apiCredential);
	const credentials = { dingTalkCalendarApi: { id, name } };
	const { people } = await control('state');
	const [{ unionId, mobile }] = people;
	const events = `/v1.0/calendar/users/${unionId}/calendars/primary/events`;

	const lists = async () =>
		(await control('calls')).calls.filter(({ method, path }) => method === 'GET' && path === events).length;
	const createEvent = async (summary) => await createSimulatedEvent(simulatorUrl, unionId, summary);

	await check(named("the polling trigger offers one 'Poll Times', every 15 minutes"), async () => {
		const { properties } = (await rest.nodeTypes()).find((type) => type.name === TRIGGER);
		const fields = properties.filter((field) => field.name === 'pollTimes');
		const [time] = fields[0]?.default?.item ?? [];
		return fields.length === 1 && time?.value === 15 ? undefined : JSON.stringify(fields.map((field) => field.default));
	});
	let workflow;
	await check(named('the polling trigger is activated with one call of its list, and starts nothing'), async () => {
		workflow = await rest.createWorkflow(
			workflowWith(credentials, { people: mobile, pollTimes: { item: [{ mode: 'everyMinute' }] } }),
		);
		await rest.activate(workflow.id);
		await until('The first poll', async () => (await lists()) > 0, 30);
		const items = await startedBy(rest, workflow.id);
		return items.length === 0 ? undefined : JSON.stringify(items);
	});
	await check(named('a new event starts the workflow once, also after polls that follow'), async () => {
		const eventId = await createEvent('Found by polling');
		await until('The event', async () => (await startedBy(rest, workflow.id)).length > 0, 90);
		const before = await lists();
		await until('Another poll', async () => (await lists()) > before, 90);
		const items = await startedBy(rest, workflow.id);
		await rest.deactivate(workflow.id);
		const right = items.length === 1 && items[0].id === eventId && items[0].change?.kind === 'created';
		return right ? undefined : JSON.stringify(items);
	});
	await check(named('a test run of the polling trigger shows a real event, and says that it is a sample'), async () => {
		const { data } = await rest.run(workflow.id, 'Changed');
		if (data?.resultData?.error) return JSON.stringify(data.resultData.error).slice(0, 500);
		const [{ json }] = data.resultData.runData.Changed[0].data.main[0];
		return json.summary === 'Found by polling' && json.change?.sample === true ? undefined : JSON.stringify(json);
	});
}
