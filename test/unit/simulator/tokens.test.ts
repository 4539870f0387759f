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

test('an internal app gets the same token again, and its time starts anew', async () => {
	const first = await accessToken();
	expect(first.body).toEqual({ accessToken: expect.stringMatching(/^[0-9a-f]{32}$/), expireIn: 7200 });
	await client.control('clock', { advanceMs: TWO_HOURS - 1000 });
	expect((await accessToken()).body.accessToken).toBe(first.body.accessToken);
	await client.control('clock', { advanceMs: TWO_HOURS - 1000 });
	expect((await accessToken()).body.accessToken).toBe(first.body.accessToken);
	await client.control('clock', { advanceMs: TWO_HOURS });
	expect((await accessToken()).body.accessToken).not.toBe(first.body.accessToken);
});

test('a wrong secret is refused with the documented code', async () => {
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

test('only an internal app gets an internal token', async () => {
	expect((await accessToken({ ...INTERNAL, appKey: 'sim-thirdparty' })).body.code).toBe('invalidClientIdOrSecret');
});

test('a form is no body to a token endpoint', async () => {
	const answer = await client.form('/v1.0/oauth2/accessToken', INTERNAL);
	expect([answer.status, answer.body.code, answer.body.message]).toEqual([
		400,
		'Missingbody',
		'body is mandatory for this action.',
	]);
	expect((await client.send('POST', '/v1.0/oauth2/accessToken')).body.code).toBe('Missingbody');
});

test('the unified endpoint answers in snake case, for internal apps and those of vendors', async () => {
	expect((await corpToken()).body).toEqual({ access_token: expect.any(String), expires_in: 7200 });
	expect((await corpToken({ client_id: 'sim-thirdparty' })).status).toBe(200);
});

test.each([
	['a wrong secret', { client_secret: 'wrong' }, undefined, 400, 'invalid.client'],
	['another grant type', { grant_type: 'password' }, undefined, 400, 'unsupported.grant.type'],
	['a strange organisation', {}, 'dingother', 500, 'unknownError'],
	['a personal app', { client_id: 'sim-personal' }, undefined, 401, 'unauthorized.client'],
])('the unified endpoint refuses %s', async (_what, fields, corp, status, code) => {
	const answer = await corpToken(fields, corp);
	expect([answer.status, answer.body.code]).toEqual([status, code]);
});

test('a switch says whether the unified endpoint repeats its token', async () => {
	expect((await corpToken()).body).toEqual((await corpToken()).body);
	await client.control('switches', { corpTokenRepeat: 'new' });
	expect((await corpToken()).body).not.toEqual((await corpToken()).body);
});

test('an app of a vendor gets a new token for its customer each time', async () => {
	const fields = { suiteKey: 'sim-thirdparty', suiteSecret: 'sim-secret', authCorpId: corpId, suiteTicket: 'any' };
	const ask = (change: object = {}) => client.post('/v1.0/oauth2/corpAccessToken', { ...fields, ...change });
	const first = await ask();
	expect(first.body.expireIn).toBe(7200);
	expect((await ask()).body.accessToken).not.toBe(first.body.accessToken);
	expect((await ask({ suiteKey: 'sim-internal' })).body.code).toBe('invalidSuiteKey');
	expect((await ask({ suiteTicket: '' })).body.code).toBe('invalidSuiteTicket');
	expect((await ask({ authCorpId: 'dingother' })).body.code).toBe('invalidAuthInfo');
});

test('a suite token opens nothing of the organisation', async () => {
	const fields = { suiteKey: 'sim-thirdparty', suiteSecret: 'sim-secret', suiteTicket: 'any' };
	const { body } = await client.post('/v1.0/oauth2/suiteAccessToken', fields);
	const search = { queryWord: '张伟', offset: 0, size: 10 };
	expect((await client.post('/v1.0/contact/users/search', search, String(body.accessToken))).status).toBe(403);
});

test('the old endpoint gives the token of the new one, and HTTP 200 for a wrong secret', async () => {
	const old = await client.get('/gettoken?appkey=sim-internal&appsecret=sim-secret');
	expect(old.body).toMatchObject({ errcode: 0, errmsg: 'ok', expires_in: 7200 });
	expect(old.body.access_token).toBe((await accessToken()).body.accessToken);
	const wrong = await client.get('/gettoken?appkey=sim-internal&appsecret=wrong');
	expect([wrong.status, wrong.body.errcode]).toEqual([200, 40096]);
});

describe('the token of a person', () => {
	const person = () => simulator.world.company.people[3];

	test('is given for a login code and names the person', async () => {
		const { body } = await client.post('/v1.0/oauth2/userAccessToken', {
			clientId: 'sim-personal',
			clientSecret: 'sim-secret',
			code: `sim-code-${person().userId}`,
			grantType: 'authorization_code',
		});
		expect(body).toEqual({ accessToken: expect.any(String), refreshToken: expect.any(String), expireIn: 7200, corpId });
		expect((await me(String(body.accessToken))).body).toMatchObject({ nick: person().name, unionId: person().unionId });
	});

	test('is given for a refresh token, which is good for 30 days', async () => {
		const first = await client.refresh(`sim-refresh-${person().userId}`);
		const again = await client.refresh(String(first.body.refreshToken));
		expect(again.body.accessToken).toBe(first.body.accessToken);
		expect(again.body.refreshToken).not.toBe(first.body.refreshToken);
		await client.control('clock', { advanceMs: 30 * 86_400_000 });
		expect((await client.refresh(String(again.body.refreshToken))).status).toBe(400);
	});

	test('has a refresh token that a switch can keep or use up', async () => {
		const seeded = `sim-refresh-${person().userId}`;
		await client.control('switches', { refreshTokenRotation: 'keep' });
		expect((await client.refresh(seeded)).body.refreshToken).toBe(seeded);
		await client.control('switches', { refreshTokenRotation: 'rotateAndForget' });
		expect((await client.refresh(seeded)).status).toBe(200);
		expect((await client.refresh(seeded)).status).toBe(400);
	});

	test('belongs to the app that asked for it', async () => {
		const { body } = await client.refresh(`sim-refresh-${person().userId}`, 'sim-internal');
		expect((await client.refresh(String(body.refreshToken), 'sim-personal')).status).toBe(400);
	});

	test('has an expiry of its own kind', async () => {
		const token = await client.userToken(person().userId);
		await client.control('clock', { advanceMs: TWO_HOURS });
		const answer = await me(token);
		expect([answer.status, answer.body.code]).toEqual([400, 'accesstoken.expired']);
	});
});
