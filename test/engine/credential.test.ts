import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { startSimulator, type Simulator } from '../simulator';
import { CORP_ID } from '../simulator/seed/apps';
import { TokenStore } from '../simulator/tokens';
import { Engine, errorOf, outputOf, storedTextOf, TESTED_NODE, Wire, type CredentialReference } from './harness';
import { startStranger } from './support/stranger';

const SECRETS = /sim-secret|wrong-secret|sim-refresh/;

let engine: Engine;
let simulator: Simulator;
let wire: Wire;

beforeAll(async () => {
	engine = await Engine.start();
});
beforeEach(async () => {
	simulator = await startSimulator();
	wire = new Wire(simulator);
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

describe('a credential that is right', () => {
	it.each([
		['an internal app', () => ({})],
		['a third-party app', () => vendor],
		['a user', user],
		['an app whose secret comes from an expression', () => ({ clientSecret: '={{ "sim-" + "secret" }}' })],
		['an address with a slash at its end', () => ({ baseUrl: `${simulator.url}/` })],
		['two addresses', () => ({ oldBaseUrl: simulator.url })],
	])('passes its test for %s', async (_, data) => {
		expect(await engine.testCredential(account(data()))).toEqual(OK);
		expect((await wire.summary()).token).toBe(1);
	});

	it("passes without the permission that the test's own call would need", async () => {
		const app = simulator.world.company.apps.find(({ clientId }) => clientId === 'sim-internal');
		app?.scopes.splice(0);
		expect(await engine.testCredential(account())).toEqual(OK);
	});

	it('asks DingTalk only for things that are free', async () => {
		await engine.testCredential(account());
		expect(await wire.meteredCalls()).toEqual([]);
	});

	it('has nothing of a token in the store afterwards', async () => {
		const credential = account();
		const before = engine.credentials.peek(credential);
		engine.credentials.resetCounts();
		await engine.testCredential(credential);
		expect(engine.credentials.peek(credential)).toEqual(before);
		expect(engine.credentials.writes).toBe(0);
	});

	it('has its new refresh token stored by its test, and works with it', async () => {
		const credential = account(user());
		simulator.world.switches.refreshTokenRotation = 'rotateAndForget';
		expect(await engine.testCredential(credential)).toEqual(OK);
		expect(engine.credentials.peek(credential).refreshToken).not.toMatch(/^sim-refresh/);
		expect(await engine.testCredential(credential)).toEqual(OK);
	});
});

describe('a credential that is wrong', () => {
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
	])('says that the secret is wrong, for %s', async (_, data) => {
		expect(await messageFor({ ...data(), clientSecret: 'wrong-secret' })).toMatch(
			/^http:\/\/127\.0\.0\.1:\d+ does not accept the 'Client ID' or 'Client Secret'\. Copy them again/,
		);
	});

	it('says that the app may be one of another region', async () => {
		simulator.world.company.apps.splice(0);
		expect(await messageFor({})).toMatch(/does not accept the 'Client ID' or 'Client Secret'.*check 'API Base URL'/);
	});

	it('says that nothing listens at the address', async () => {
		expect(await messageFor({ baseUrl: 'http://127.0.0.1:1' })).toMatch(
			/^Could not reach 127\.0\.0\.1:1: the connection was refused\. Check the internet connection/,
		);
	});

	it.each([
		['a web page', 200, 'text/html', '<html><body>Welcome</body></html>'],
		['a web page that says not found', 404, 'text/html', '<html><body>Not found</body></html>'],
		['a web page that says forbidden', 403, 'text/html', '<html><body>Forbidden</body></html>'],
		['JSON of its own', 200, 'application/json', '{"hello":"world"}'],
		['nothing', 200, 'text/plain', ''],
	])('says that the address is not DingTalk where it answers with %s', async (_, status, contentType, text) => {
		const { url, close } = await startStranger((_request, response) => {
			response.writeHead(status, { 'content-type': contentType }).end(text);
		});
		const message = await messageFor({ baseUrl: url }).finally(close);
		expect(message).toBe(`${url} does not answer like DingTalk. Check 'Region' (or 'API Base URL') in the credential.`);
	});

	it('does not take its secret to where an address redirects', async () => {
		const elsewhere = await startSimulator();
		const { url, close } = await startStranger(({ url: path }, response) => {
			response.writeHead(307, { location: `${elsewhere.url}${path}` }).end();
		});
		const message = await messageFor({ baseUrl: url }).finally(close);
		const led = await new Wire(elsewhere).calls();
		await elsewhere.close();
		expect(led).toEqual([]);
		expect(message).toMatch(/does not answer like DingTalk/);
	});

	it.each([
		['Client ID', { clientId: '' }],
		['Client Secret', { clientSecret: '  ' }],
		['Corp ID', { ...vendor, corpId: '' }],
		['Refresh Token', { appType: 'user', refreshToken: '' }],
	])('says that it has no %s', async (label, data) => {
		expect(await messageFor(data)).toBe(`The credential has no '${label}'`);
		expect(await wire.calls()).toEqual([]);
	});

	it.each(['', 'api.example.com', 'http://api.example.com', 'ftp://127.0.0.1'])(
		'says how an address must begin where it is "%s"',
		async (baseUrl) => {
			expect(await messageFor({ baseUrl })).toMatch(/^'API Base URL' in the credential must start with https:\/\//);
		},
	);

	it('says that the organization has not installed the app', async () => {
		expect(await messageFor({ ...vendor, corpId: 'ding0000000000000000' })).toMatch(
			/^The organization in 'Corp ID' has not authorized this DingTalk app\. Check 'Corp ID'/,
		);
		expect((await wire.summary()).token).toBe(1);
	});

	it('says that the refresh token is too old', async () => {
		const data = user();
		simulator.world.use(TokenStore).forgetRefreshToken(String(data.refreshToken));
		expect(await messageFor(data)).toMatch(/no longer accepts the 'Refresh Token'\. Refresh tokens are valid for 30 days/);
	});

	it('says that DingTalk has a fault of its own', async () => {
		await fetch(`${simulator.url}/_simulator/faults`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ match: { path: '/v1.0/oauth2/accessToken' }, do: 'status', status: 503 }),
		});
		expect(await messageFor({})).toBe(
			'DingTalk could not issue an access token. Try again in a few minutes.',
		);
	});

	it('works as soon as it is corrected', async () => {
		const credential = account({ clientSecret: 'wrong-secret' });
		await engine.testCredential(credential);
		engine.credentials.patch(credential, { clientSecret: 'sim-secret' });
		expect(await engine.testCredential(credential)).toEqual(OK);
	});
});

describe('a node with a wrong credential', () => {
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

	it('asks for a token only a few times for a hundred items that carry on', async () => {
		const ran = await run(account({ clientSecret: 'wrong-secret' }), 100, 'continueRegularOutput');
		const items = outputOf(ran, TESTED_NODE);
		expect(items).toHaveLength(100);
		for (const { error } of items) expect(error).toMatch(/does not accept the 'Client ID' or 'Client Secret'/);
		expect((await wire.summary()).token).toBeLessThanOrEqual(3);
		expect(storedTextOf(ran)).not.toMatch(SECRETS);
	});

	it('tells what is missing before anything is sent', async () => {
		const ran = await run(account({ ...vendor, corpId: '' }), 3);
		expect(errorOf(ran)?.message).toMatch(/The credential has no 'Corp ID'/);
		expect(await wire.calls()).toEqual([]);
	});
});
