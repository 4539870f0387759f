/** Uses the credential in n8n's own HTTP Request node. */
import type { IRun } from 'n8n-workflow';

import { startSimulator, type Simulator } from '../simulator';
import {
	Engine,
	errorOf,
	outputOf,
	storedTextOf,
	TESTED_NODE,
	RequestRecorder,
	type CredentialReference,
} from './harness';

const TOKEN = '/v1.0/oauth2/accessToken';
const THREE_HOURS = 3 * 3_600_000;

let simulator: Simulator;
let engine: Engine;
let recorder: RequestRecorder;
let credential: CredentialReference;

beforeEach(async () => {
	simulator = await startSimulator();
	engine = await Engine.start();
	recorder = new RequestRecorder(simulator);
	credential = engine.addCredential({
		type: 'dingTalkCalendarApi',
		data: {
			region: 'custom',
			baseUrl: simulator.url,
			appType: 'internal',
			clientId: 'sim-internal',
			clientSecret: '={{ "sim-" + "secret" }}',
		},
	});
});

afterEach(async () => {
	await simulator.close();
	await engine.stop();
});

/** The HTTP Request node with our credential, once per item. */
async function request(path: string, count = 1): Promise<IRun> {
	return await engine.runNode({
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			url: path.startsWith('/') ? simulator.url + path : path,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'dingTalkCalendarApi',
		},
		items: Array.from({ length: count }, () => ({})),
		credential,
	});
}

const eventsPath = (): string =>
	`/v1.0/calendar/users/${simulator.world.company.people[0].unionId}/calendars/primary/events`;
const loginsSoFar = async (): Promise<number> => (await recorder.calls()).filter(({ path }) => path === TOKEN).length;

it('HTTP Request uses one token for all items and stores nothing', async () => {
	expect((await request(eventsPath(), 3)).status).toBe('success');
	expect(await loginsSoFar()).toBe(1);
	expect(engine.credentials.writes).toBe(0);
});

it('HTTP Request replaces an expired token with one login for all items', async () => {
	await request(eventsPath());
	simulator.world.clock.advance(THREE_HOURS);
	await recorder.clear();

	const run = await request(eventsPath(), 5);
	expect(outputOf(run, TESTED_NODE)).toHaveLength(5);
	expect(await loginsSoFar()).toBe(1);
	expect((await recorder.calls()).filter(({ code }) => code === 'InvalidAuthentication').length).toBeGreaterThan(0);
	expect(engine.credentials.peek(credential)).toMatchObject({ clientSecret: '={{ "sim-" + "secret" }}' });
});

it('HTTP Request does not repeat a request that failed for another reason', async () => {
	const run = await request('/v1.0/calendar/nothing/here');
	expect(errorOf(run)).toMatchObject({ httpCode: '404' });
	expect((await recorder.calls()).filter(({ status }) => status === 404)).toHaveLength(1);
});

it('HTTP Request does not send the token to another host', async () => {
	const run = await request('http://127.0.0.1:9/elsewhere');
	expect(errorOf(run)?.message).toContain('its token is not sent to http://127.0.0.1:9');
});

it('HTTP Request leaves neither token nor secret in the stored data of a failed run', async () => {
	const run = await request('/v1.0/calendar/nothing/here');
	expect(storedTextOf(run)).not.toMatch(/sim-secret|x-acs-dingtalk-access-token/);
});
