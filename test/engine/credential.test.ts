/** Tests the credential as n8n does when it is saved, with right and wrong entries. */
import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';

import { startSimulator, type Simulator } from '../simulator';
import { CORP_ID } from '../simulator/seed/seedApps';
import { TokenStore } from '../simulator/tokens';
import {
	Engine,
	errorOf,
	outputOf,
	storedTextOf,
	TESTED_NODE,
	RequestRecorder,
	type CredentialReference,
} from './harness';
import { startStranger } from './support/stranger';

const SECRETS = /sim-secret|wrong-secret|sim-refresh/;

let engine: Engine;
let simulator: Simulator;
let recorder: RequestRecorder;

beforeAll(async () => {
	engine = await Engine.start();
});
beforeEach(async () => {
	simulator = await startSimulator();
	recorder = new RequestRecorder(simulator);
});
afterEach(async () => await simulator.close());
afterAll(async () => await engine.stop());

const account = (data: ICredentialDataDecryptedObject = {}): CredentialReference =>
	engine.addCredential({
		type: 'dingTalkCalendarApi',
		data: {
			region: 'custom',
			baseUrl: simulator.url,
			appType: 'internal',
			clientId: 'sim-internal',
			clientSecret: 'sim-secret',
			...data,
		},
	});
const vendor = { appType: 'thirdParty', clientId: 'sim-thirdparty', corpId: CORP_ID };
const user = (): ICredentialDataDecryptedObject => ({
	appType: 'user',
	clientId: 'sim-personal',
	refreshToken: `sim-refresh-${simulator.world.company.people[0].userId}`,
});

const OK = { status: 'OK', message: 'Connection successful!' };

describe('A valid credential', () => {
	it.each([
		['an internal app', () => ({})],
		['a third-party app', () => vendor],
		['a user', user],
		['an app whose secret comes from an expression', () => ({ clientSecret: '={{ "sim-" + "secret" }}' })],
		['a base URL with a trailing slash', () => ({ baseUrl: `${simulator.url}/` })],
		['two base URLs', () => ({ oldBaseUrl: simulator.url })],
	])('passes its test for %s', async (_, data) => {
		expect(await engine.testCredential(account(data()))).toEqual(OK);
		expect((await recorder.summary()).token).toBe(1);
	});

	it('passes its test without any permission', async () => {
		const app = simulator.world.company.apps.find(({ clientId }) => clientId === 'sim-internal');
		app?.scopes.splice(0);
		expect(await engine.testCredential(account())).toEqual(OK);
	});

	it.each([
		['an internal app', () => ({})],
		['a third-party app', () => vendor],
		['a user', user],
	])('passes its test for %s if the old host cannot be reached', async (_, data) => {
		expect(await engine.testCredential(account({ ...data(), oldBaseUrl: 'http://127.0.0.1:1' }))).toEqual(OK);
	});

	it('makes only free calls in its test', async () => {
		await engine.testCredential(account());
		expect(await recorder.meteredCalls()).toEqual([]);
	});

	it('stores no token during its test', async () => {
		const credential = account();
		const before = engine.credentials.peek(credential);
		engine.credentials.resetCounts();
		await engine.testCredential(credential);
		expect(engine.credentials.peek(credential)).toEqual(before);
		expect(engine.credentials.writes).toBe(0);
	});

	it('stores a new refresh token during its test and keeps working', async () => {
		const credential = account(user());
		simulator.world.switches.refreshTokenRotation = 'rotateAndForget';
		expect(await engine.testCredential(credential)).toEqual(OK);
		expect(engine.credentials.peek(credential).refreshToken).not.toMatch(/^sim-refresh/);
		expect(await engine.testCredential(credential)).toEqual(OK);
	});
});

describe('An invalid credential', () => {
	async function messageFor(data: ICredentialDataDecryptedObject): Promise<string> {
		const { status, message } = await engine.testCredential(account(data));
		expect(status).toBe('Error');
		expect(message).not.toMatch(SECRETS);
		return message;
	}

	it.each([
		['an internal app', () => ({})],
		['a third-party app', () => vendor],
		['a user', user],
	])('reports a wrong secret for %s', async (_, data) => {
		expect(await messageFor({ ...data(), clientSecret: 'wrong-secret' })).toMatch(
			/^http:\/\/127\.0\.0\.1:\d+ does not accept the 'Client ID' or 'Client Secret'\. Copy them again/,
		);
	});

	it.each([
		['https://host?x=', "'API Base URL' in the credential must not contain '?'"],
		['https://host#x', "'API Base URL' in the credential must not contain '#'"],
		['https://host:99999', "'API Base URL' in the credential is not a valid URL"],
	])('is refused before any call for the address %s', async (baseUrl, problem) => {
		expect(await messageFor({ baseUrl })).toContain(problem);
		expect(await recorder.calls()).toEqual([]);
	});

	it('suggests that the app may belong to another region', async () => {
		simulator.world.company.apps.splice(0);
		expect(await messageFor({})).toMatch(/does not accept the 'Client ID' or 'Client Secret'.*check 'API Base URL'/);
	});

	it('reports that the connection was refused', async () => {
		expect(await messageFor({ baseUrl: 'http://127.0.0.1:1' })).toMatch(
			/^Could not reach 127\.0\.0\.1:1: the connection was refused\. Check the internet connection/,
		);
	});

	it.each([
		['a web page', 200, 'text/html', '<html><body>Welcome</body></html>'],
		['a 404 web page', 404, 'text/html', '<html><body>Not found</body></html>'],
		['a 403 web page', 403, 'text/html', '<html><body>Forbidden</body></html>'],
		['other JSON', 200, 'application/json', '{"hello":"world"}'],
		['an empty response', 200, 'text/plain', ''],
	])('reports that the server is not DingTalk when it responds with %s', async (_, status, contentType, text) => {
		const { url, close } = await startStranger((_request, response) => {
			response.writeHead(status, { 'content-type': contentType }).end(text);
		});
		const message = await messageFor({ baseUrl: url }).finally(close);
		expect(message).toBe(`${url} did not respond like DingTalk. Check 'Region' (or 'API Base URL') in the credential.`);
	});

	it('does not send its secret to the target of a redirect', async () => {
		const elsewhere = await startSimulator();
		const { url, close } = await startStranger(({ url: path }, response) => {
			response.writeHead(307, { location: `${elsewhere.url}${path}` }).end();
		});
		const message = await messageFor({ baseUrl: url }).finally(close);
		const led = await new RequestRecorder(elsewhere).calls();
		await elsewhere.close();
		expect(led).toEqual([]);
		expect(message).toMatch(/did not respond like DingTalk/);
	});

	it.each([
		['Client ID', { clientId: '' }],
		['Client Secret', { clientSecret: '  ' }],
		['Corp ID', { ...vendor, corpId: '' }],
		["Authorization Code' or 'Refresh Token", { appType: 'user', refreshToken: '' }],
	])('reports a missing %s', async (label, data) => {
		expect(await messageFor(data)).toBe(`The credential has no '${label}'`);
		expect(await recorder.calls()).toEqual([]);
	});

	it.each(['', 'api.example.com', 'http://api.example.com', 'ftp://127.0.0.1'])(
		'reports how a base URL must begin when it is "%s"',
		async (baseUrl) => {
			expect(await messageFor({ baseUrl })).toMatch(/^'API Base URL' in the credential must start with https:\/\//);
		},
	);

	it('suggests checking the Corp ID and the Client ID if DingTalk does not know them', async () => {
		expect(await messageFor({ ...vendor, corpId: 'ding0000000000000000' })).toBe(
			"DingTalk does not recognize this 'Corp ID' or 'Client ID', or is temporarily unavailable. Check 'Corp ID' and 'Client ID' in the credential. If both are correct, try again in a few minutes.",
		);
		expect((await recorder.summary()).token).toBe(1);
	});

	it('reports that the organization has not authorized the app', async () => {
		simulator.world.switches.unknownCorpId = 'unauthorizedClient';
		expect(await messageFor({ ...vendor, corpId: 'ding0000000000000000' })).toMatch(
			/^The organization in 'Corp ID' has not authorized this DingTalk app\. Check 'Corp ID'/,
		);
		expect((await recorder.summary()).token).toBe(1);
	});

	it('reports that the refresh token has expired', async () => {
		const data = user();
		simulator.world.use(TokenStore).forgetRefreshToken(String(data.refreshToken));
		expect(await messageFor(data)).toMatch(
			/no longer accepts the 'Refresh Token'\. A refresh token that is not used for 30 days expires\. Have the user sign in again/,
		);
	});

	it('reports an internal error of DingTalk', async () => {
		await fetch(`${simulator.url}/_simulator/faults`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ match: { path: '/v1.0/oauth2/accessToken' }, do: 'status', status: 503 }),
		});
		expect(await messageFor({})).toBe('DingTalk could not issue an access token. Try again in a few minutes.');
	});

	it('passes its test once it is corrected', async () => {
		const credential = account({ clientSecret: 'wrong-secret' });
		await engine.testCredential(credential);
		engine.credentials.patch(credential, { clientSecret: 'sim-secret' });
		expect(await engine.testCredential(credential)).toEqual(OK);
	});
});

describe('A node whose credential has an old host that cannot be reached', () => {
	const run = async (parameters: INodeParameters) =>
		await engine.runNode({
			parameters,
			credential: account({ oldBaseUrl: 'http://127.0.0.1:1' }),
		});
	const get = (mode: string, value: string): INodeParameters => ({
		resource: 'event',
		operation: 'getAll',
		user: { __rl: true, mode, value },
		timeMin: '2026-03-03',
		timeMax: '2026-03-04',
	});

	it('names the host, what does not work without it, and what does', async () => {
		const [, anna] = simulator.world.company.people;
		const error = errorOf(await run(get('auto', anna.mobile)));
		expect(error?.message).toMatch(/^Could not reach 127\.0\.0\.1:1: the connection was refused/);
		expect(error?.description).toMatch(
			/DingTalk looks up people by name, mobile number, e-mail address or user ID, and departments, only at 127\.0\.0\.1:1\. Everything else works without it: use union IDs\./,
		);
	});

	it('works with union IDs', async () => {
		const [, anna] = simulator.world.company.people;
		expect(errorOf(await run(get('unionId', anna.unionId)))).toBeUndefined();
	});

	it('says the same where a proxy answers instead of the old host', async () => {
		const { url, close } = await startStranger((_request, response) => {
			response.writeHead(404, { 'content-type': 'text/plain' }).end('nothing here');
		});
		const credential = account({ oldBaseUrl: url });
		const [, anna] = simulator.world.company.people;
		const error = errorOf(await engine.runNode({ parameters: get('auto', anna.mobile), credential }));
		await close();
		expect(error?.message).toBe('Nothing answers at this address; the response is not from DingTalk [Item 0]');
		expect(error?.description).toContain(`only at ${new URL(url).host}. Everything else works without it`);
	});
});

describe('A node with an invalid credential', () => {
	const run = async (credential: CredentialReference, count: number, onError?: 'continueRegularOutput') =>
		await engine.runNode({
			parameters: {
				resource: 'event',
				operation: 'get',
				user: { __rl: true, mode: 'unionId', value: simulator.world.company.people[0].unionId },
				calendarId: 'primary',
				eventId: 'any',
			},
			items: Array.from({ length: count }, () => ({})),
			credential,
			onError,
		});

	it('requests a token only a few times for 100 items with Continue On Fail', async () => {
		const ran = await run(account({ clientSecret: 'wrong-secret' }), 100, 'continueRegularOutput');
		const items = outputOf(ran, TESTED_NODE);
		expect(items).toHaveLength(100);
		for (const { error } of items) expect(error).toMatch(/does not accept the 'Client ID' or 'Client Secret'/);
		expect((await recorder.summary()).token).toBeLessThanOrEqual(3);
		expect(storedTextOf(ran)).not.toMatch(SECRETS);
	});

	it('reports a missing field before any call', async () => {
		const ran = await run(account({ ...vendor, corpId: '' }), 3);
		expect(errorOf(ran)?.message).toMatch(/The credential has no 'Corp ID'/);
		expect(await recorder.calls()).toEqual([]);
	});
});
