/** Tests the simulator's tokens. */
import { startSimulator, type Simulator } from '../../simulator';
import { SimulatorClient } from './simulatorClient';

const TWO_HOURS = 7_200_000;
const INTERNAL = { appKey: 'sim-internal', appSecret: 'sim-secret' };

let simulator: Simulator;
let client: SimulatorClient;
let corpId: string;

beforeAll(async () => {
	simulator = await startSimulator();
	client = new SimulatorClient(simulator);
	corpId = simulator.world.company.corpId;
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const accessToken = (fields: unknown = INTERNAL) => client.post('/v1.0/oauth2/accessToken', fields);
const corpToken = (fields: object = {}, corp = corpId) =>
	client.post(`/v1.0/oauth2/${corp}/token`, {
		client_id: 'sim-internal',
		client_secret: 'sim-secret',
		grant_type: 'client_credentials',
		...fields,
	});
const me = (token: string) => client.get('/v1.0/contact/users/me', token);

test('An internal app gets the same token again, with a renewed lifetime', async () => {
	const first = await accessToken();
	expect(first.body).toEqual({ accessToken: expect.stringMatching(/^[0-9a-f]{32}$/), expireIn: 7200 });
	await client.control('clock', { advanceMs: TWO_HOURS - 1000 });
	expect((await accessToken()).body.accessToken).toBe(first.body.accessToken);
	await client.control('clock', { advanceMs: TWO_HOURS - 1000 });
	expect((await accessToken()).body.accessToken).toBe(first.body.accessToken);
	await client.control('clock', { advanceMs: TWO_HOURS });
	expect((await accessToken()).body.accessToken).not.toBe(first.body.accessToken);
});

test('A wrong secret is refused with the documented code', async () => {
	const answer = await accessToken({ ...INTERNAL, appSecret: 'wrong' });
	expect(answer.status).toBe(400);
	expect(answer.body).toEqual({
		code: 'invalidClientIdOrSecret',
		message: '无效的clientId或者clientSecret',
		requestid: expect.stringMatching(/^[0-9A-F-]{36}$/),
	});
	expect(answer.headers.get('x-acs-request-id')).toBe(answer.body.requestid);
	expect(answer.headers.get('server')).toBe('DingTalk/1.0.0');
	expect(answer.headers.get('content-type')).toBe('application/json;charset=utf-8');
});

test('Only an internal app gets an internal token', async () => {
	expect((await accessToken({ ...INTERNAL, appKey: 'sim-thirdparty' })).body.code).toBe('invalidClientIdOrSecret');
});

test('A token endpoint refuses a form body', async () => {
	const answer = await client.form('/v1.0/oauth2/accessToken', INTERNAL);
	expect([answer.status, answer.body.code, answer.body.message]).toEqual([
		400,
		'Missingbody',
		'body is mandatory for this action.',
	]);
	expect((await client.send('POST', '/v1.0/oauth2/accessToken')).body.code).toBe('Missingbody');
});

test('The unified token endpoint uses snake case, for internal and third-party enterprise apps', async () => {
	expect((await corpToken()).body).toEqual({ access_token: expect.any(String), expires_in: 7200 });
	expect((await corpToken({ client_id: 'sim-thirdparty' })).status).toBe(200);
});

test.each([
	['a wrong secret', { client_secret: 'wrong' }, undefined, 400, 'invalid.client'],
	['another grant type', { grant_type: 'password' }, undefined, 400, 'unsupported.grant.type'],
	['an unknown organization', {}, 'dingother', 500, 'unknownError'],
	['a personal app', { client_id: 'sim-personal' }, undefined, 401, 'unauthorized.client'],
])('The unified token endpoint refuses %s', async (_what, fields, corp, status, code) => {
	const answer = await corpToken(fields, corp);
	expect([answer.status, answer.body.code]).toEqual([status, code]);
});

test('The unified token endpoint repeats its token, depending on the switch', async () => {
	expect((await corpToken()).body).toEqual((await corpToken()).body);
	await client.control('switches', { corpTokenRepeat: 'new' });
	expect((await corpToken()).body).not.toEqual((await corpToken()).body);
});

test('A third-party enterprise app gets a new token for its customer each time', async () => {
	const fields = { suiteKey: 'sim-thirdparty', suiteSecret: 'sim-secret', authCorpId: corpId, suiteTicket: 'any' };
	const ask = (change: object = {}) => client.post('/v1.0/oauth2/corpAccessToken', { ...fields, ...change });
	const first = await ask();
	expect(first.body.expireIn).toBe(7200);
	expect((await ask()).body.accessToken).not.toBe(first.body.accessToken);
	expect((await ask({ suiteKey: 'sim-internal' })).body.code).toBe('invalidSuiteKey');
	expect((await ask({ suiteTicket: '' })).body.code).toBe('invalidSuiteTicket');
	expect((await ask({ authCorpId: 'dingother' })).body.code).toBe('invalidAuthInfo');
});

test('A suite token gives no access to an organization', async () => {
	const fields = { suiteKey: 'sim-thirdparty', suiteSecret: 'sim-secret', suiteTicket: 'any' };
	const { body } = await client.post('/v1.0/oauth2/suiteAccessToken', fields);
	const search = { queryWord: '张伟', offset: 0, size: 10 };
	expect((await client.post('/v1.0/contact/users/search', search, String(body.accessToken))).status).toBe(403);
});

test('The old token endpoint returns the token of the new one, and HTTP 200 for a wrong secret', async () => {
	const old = await client.get('/gettoken?appkey=sim-internal&appsecret=sim-secret');
	expect(old.body).toMatchObject({ errcode: 0, errmsg: 'ok', expires_in: 7200 });
	expect(old.body.access_token).toBe((await accessToken()).body.accessToken);
	const wrong = await client.get('/gettoken?appkey=sim-internal&appsecret=wrong');
	expect([wrong.status, wrong.body.errcode]).toEqual([200, 40096]);
});

describe('A user token', () => {
	const person = () => simulator.world.company.people[3];

	test('is issued for a login code and identifies the user', async () => {
		const { body } = await client.post('/v1.0/oauth2/userAccessToken', {
			clientId: 'sim-personal',
			clientSecret: 'sim-secret',
			code: `sim-code-${person().userId}`,
			grantType: 'authorization_code',
		});
		expect(body).toEqual({ accessToken: expect.any(String), refreshToken: expect.any(String), expireIn: 7200, corpId });
		expect((await me(String(body.accessToken))).body).toMatchObject({ nick: person().name, unionId: person().unionId });
	});

	test('is issued for a refresh token, which is valid for 30 days', async () => {
		const first = await client.refresh(`sim-refresh-${person().userId}`);
		const again = await client.refresh(String(first.body.refreshToken));
		expect(again.body.accessToken).toBe(first.body.accessToken);
		expect(again.body.refreshToken).not.toBe(first.body.refreshToken);
		await client.control('clock', { advanceMs: 30 * 86_400_000 });
		expect((await client.refresh(String(again.body.refreshToken))).status).toBe(400);
	});

	test('has a refresh token that is kept or used up, depending on the switch', async () => {
		const seeded = `sim-refresh-${person().userId}`;
		await client.control('switches', { refreshTokenRotation: 'keep' });
		expect((await client.refresh(seeded)).body.refreshToken).toBe(seeded);
		await client.control('switches', { refreshTokenRotation: 'rotateAndForget' });
		expect((await client.refresh(seeded)).status).toBe(200);
		expect((await client.refresh(seeded)).status).toBe(400);
	});

	test('belongs to the app that requested it', async () => {
		const { body } = await client.refresh(`sim-refresh-${person().userId}`, 'sim-internal');
		expect((await client.refresh(String(body.refreshToken), 'sim-personal')).status).toBe(400);
	});

	test('has its own error code when it expires', async () => {
		const token = await client.userToken(person().userId);
		await client.control('clock', { advanceMs: TWO_HOURS });
		const answer = await me(token);
		expect([answer.status, answer.body.code]).toEqual([400, 'accesstoken.expired']);
	});
});
