/** The polling trigger in a real n8n, asking the simulator. Each check returns what is wrong, or undefined. */

const TRIGGER = 'n8n-nodes-dingtalk-calendar.dingTalkCalendarPollingTrigger';

const asked = async (url, method = 'GET', body = undefined, headers = {}) => {
	const response = await fetch(url, { method, headers: { 'content-type': 'application/json', ...headers }, body: body && JSON.stringify(body) });
	if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
	return await response.json();
};

async function until(what, seconds, look) {
	for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
		const found = await look();
		if (found) return found;
		await new Promise((resolve) => setTimeout(resolve, 500));
	}
	throw new Error(`${what} did not come`);
}

const workflowWith = (credentials, parameters) => ({
	name: 'Polled',
	nodes: [{ id: 'trigger', name: 'Changed', type: TRIGGER, typeVersion: 1, position: [0, 0], parameters, credentials }],
	connections: {},
});

/** What the trigger put out, over all executions of the workflow. */
async function told(rest, id) {
	const items = [];
	for (const { id: executionId } of await rest.executions(id)) {
		const { data } = await rest.execution(executionId);
		if (data?.resultData?.error) throw new Error(JSON.stringify(data.resultData.error).slice(0, 500));
		items.push(...(data?.resultData?.runData?.Changed?.flatMap(({ data: output }) => output?.main?.flat() ?? []) ?? []));
	}
	return items.map(({ json }) => json);
}

/** `server` is a started n8n, `apiCredential` the data of one for the simulator. */
export async function testPollingTrigger(check, named, server, simulatorUrl, apiCredential) {
	const { rest } = server;
	const control = (path, method, body) => asked(`${simulatorUrl}/_simulator/${path}`, method, body);
	await control('reset', 'POST');
	const { id, name } = await rest.createCredential('Polled', apiCredential);
	const credentials = { dingTalkCalendarApi: { id, name } };
	const { people } = await control('state');
	const [{ unionId, mobile }] = people;
	const events = `/v1.0/calendar/users/${unionId}/calendars/primary/events`;

	const lists = async () => (await control('calls')).calls.filter(({ method, path }) => method === 'GET' && path === events).length;
	const createEvent = async (summary) => {
		const { accessToken } = await asked(`${simulatorUrl}/v1.0/oauth2/accessToken`, 'POST', { appKey: 'sim-internal', appSecret: 'sim-secret' });
		const at = (hours) => ({ dateTime: new Date(Date.now() + hours * 3_600_000).toISOString(), timeZone: 'Asia/Shanghai' });
		const body = { summary, start: at(24), end: at(25) };
		return (await asked(simulatorUrl + events, 'POST', body, { 'x-acs-dingtalk-access-token': accessToken })).id;
	};

	await check(named("the polling trigger offers one 'Poll Times', every 15 minutes"), async () => {
		const { properties } = (await rest.nodeTypes()).find((type) => type.name === TRIGGER);
		const fields = properties.filter((field) => field.name === 'pollTimes');
		const [time] = fields[0]?.default?.item ?? [];
		return fields.length === 1 && time?.value === 15 ? undefined : JSON.stringify(fields.map((field) => field.default));
	});
	let workflow;
	await check(named('the polling trigger is activated with one call of its list, and starts nothing'), async () => {
		workflow = await rest.createWorkflow(workflowWith(credentials, { people: mobile, pollTimes: { item: [{ mode: 'everyMinute' }] } }));
		await rest.activate(workflow.id);
		await until('The first poll', 30, async () => (await lists()) > 0);
		const items = await told(rest, workflow.id);
		return items.length === 0 ? undefined : JSON.stringify(items);
	});
	await check(named('a new event starts the workflow once, also after polls that follow'), async () => {
		const eventId = await createEvent('Told by polling');
		await until('The event', 90, async () => (await told(rest, workflow.id)).length > 0);
		const before = await lists();
		await until('Another poll', 90, async () => (await lists()) > before);
		const items = await told(rest, workflow.id);
		await rest.deactivate(workflow.id);
		const right = items.length === 1 && items[0].id === eventId && items[0].change?.kind === 'created';
		return right ? undefined : JSON.stringify(items);
	});
	await check(named('a test run of the polling trigger shows a real event, and says that it is a sample'), async () => {
		const body = { workflowData: await rest.workflow(workflow.id), triggerToStartFrom: { name: 'Changed' } };
		const { executionId } = await rest.call('POST', `/rest/workflows/${workflow.id}/run`, body);
		const { data } = await rest.ended(executionId);
		if (data?.resultData?.error) return JSON.stringify(data.resultData.error).slice(0, 500);
		const [{ json }] = data.resultData.runData.Changed[0].data.main[0];
		return json.summary === 'Told by polling' && json.change?.sample === true ? undefined : JSON.stringify(json);
	});
}
