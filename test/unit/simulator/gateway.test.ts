/** Tests what the simulator's gateway refuses before a call is carried out. */
import { startSimulator, type Simulator } from '../../simulator';
import { SimulatorClient } from './simulatorClient';

const SEARCH = '/v1.0/contact/users/search';
const EVERYONE = { queryWord: 'a', offset: 0, size: 1 };

let simulator: Simulator;
let client: SimulatorClient;

beforeAll(async () => {
	simulator = await startSimulator();
	client = new SimulatorClient(simulator);
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const search = (token?: string) => client.post(SEARCH, EVERYONE, token);
const rooms = (token: string) =>
	client.get(`/v1.0/rooms/groupLists?unionId=${simulator.world.company.people[0].unionId}`, token);

describe('The path of a request', () => {
	test('must be known', async () => {
		const answer = await client.get('/v1.0/calendar/nothing', await client.token());
		expect([answer.status, answer.body.code]).toEqual([404, 'error.notFound']);
		expect(answer.body).toHaveProperty('requestid');
	});

	test('must be called with its method', async () => {
		expect((await client.send('DELETE', SEARCH)).status).toBe(405);
	});

	test('may contain an encoded slash inside a segment', async () => {
		const answer = await client.get('/v1.0/contact/users/a%2Fb', await client.userToken('manager4220'));
		expect([answer.status, answer.body.code]).toEqual([404, 'invalidParameter.user.notFound']);
	});

	test('may contain an invalid percent-encoding', async () => {
		expect((await client.get('/v1.0/contact/users/%E0%A4%A', await client.userToken('manager4220'))).status).toBe(404);
	});
});

describe('The body of a request', () => {
	test('must be JSON', async () => {
		const response = await fetch(simulator.url + SEARCH, {
			method: 'POST',
			headers: { 'content-type': 'application/json', 'x-acs-dingtalk-access-token': await client.token() },
			body: '{"queryWord":',
		});
		expect(response.status).toBe(400);
	});

	test('must not exceed the size limit', async () => {
		const huge = { ...EVERYONE, queryWord: 'a'.repeat(3_000_000) };
		expect((await client.post(SEARCH, huge, await client.token())).status).toBe(413);
	});
});

describe('The access token of a request', () => {
	test('must be present; the error names its header', async () => {
		const answer = await search(undefined);
		expect([answer.status, answer.body.code]).toEqual([400, 'AuthenticationFailed.MissingParameter']);
	});

	test.each(['undefined', 'nonsense'])('is refused when it is "%s"', async (token) => {
		const answer = await search(token);
		expect(answer.status).toBe(400);
		expect(answer.body).toMatchObject({ code: 'InvalidAuthentication', message: '不合法的access_token' });
	});

	test('expires after two hours, with status 400 or 401, depending on the switch', async () => {
		const token = await client.token();
		await client.control('clock', { advanceMs: 7_200_000 });
		expect((await search(token)).status).toBe(400);
		await client.control('switches', { invalidTokenStatus: '401' });
		const answer = await search(token);
		expect([answer.status, answer.body.code]).toEqual([401, 'InvalidAuthentication']);
	});

	test('of an app is refused where a user token is required', async () => {
		const answer = await client.get('/v1.0/contact/users/me', await client.token());
		expect([answer.status, answer.body.code]).toEqual([403, 'Forbidden.AccessDenied.AccessTokenPermissionDenied']);
	});

	test.each([
		['40014', 40014, undefined],
		['42001', 42001, undefined],
		['88', 88, '40014'],
	])('is refused by the old API with HTTP 200 and errcode %s', async (position, errcode, subCode) => {
		await client.control('switches', { oldInvalidToken: position });
		const answer = await client.old('/topapi/v2/user/get', { userid: 'manager4220' }, 'nonsense');
		expect([answer.status, answer.body.errcode, answer.body.sub_code]).toEqual([200, errcode, subCode]);
		expect(answer.body).toHaveProperty('request_id');
	});

	test('can be refused with a string errcode, depending on the switch', async () => {
		await client.control('switches', { oldErrcodeType: 'string' });
		const answer = await client.old('/topapi/v2/user/get', { userid: 'manager4220' }, 'nonsense');
		expect(answer.body.errcode).toBe('88');
	});
});

describe('A permission', () => {
	test('that is missing is named in the error', async () => {
		await client.control('apps', { clientId: 'sim-internal', scopes: ['qyapi_base'] });
		const answer = await search(await client.token());
		expect(answer.status).toBe(403);
		expect(answer.body).toMatchObject({
			code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
			accessdenieddetail: { requiredScopes: ['qyapi_addresslist_search'] },
		});
	});

	test('that is missing is reported in the error format of the old API', async () => {
		await client.control('apps', { clientId: 'sim-internal', scopes: [] });
		const answer = await client.old('/topapi/v2/user/get', { userid: 'manager4220' }, await client.token());
		expect(answer.status).toBe(200);
		expect(answer.body).toMatchObject({ errcode: 88, sub_code: '60011' });
	});

	test('does not give access to an app of the wrong type', async () => {
		const scopes = ['qyapi_get_member_by_mobile'];
		await client.control('apps', { clientId: 'sim-thirdparty', scopes });
		const { mobile } = simulator.world.company.people[0];
		const answer = await client.old('/topapi/v2/user/getbymobile', { mobile }, await client.token('sim-thirdparty'));
		expect(answer.body).toMatchObject({ errcode: 88, sub_code: '60011' });
	});
});

describe('The rate limits', () => {
	afterEach(() => jest.restoreAllMocks());

	/** However slow the machine is: a burst must not take more than the second it is about. */
	const stopClock = (): void => {
		jest.spyOn(simulator.world.clock, 'now').mockReturnValue(Date.now());
	};
	const burst = (token: string, size: number) => Promise.all(Array.from({ length: size }, () => search(token)));
	const refusals = async (token: string, size: number) =>
		(await burst(token, size)).filter(({ status }) => status !== 200);

	test('allow 20 calls per second, app and API, and refuse the next one with 403', async () => {
		stopClock();
		const token = await client.token();
		const refused = await refusals(token, 23);
		expect(refused).toHaveLength(3);
		expect(refused[0].status).toBe(403);
		expect(refused[0].body.code).toBe('Forbidden.AccessDenied.QpsLimitForAppkeyAndApi');
		jest.restoreAllMocks();
		await client.control('clock', { advanceMs: 1000 });
		expect((await search(token)).status).toBe(200);
	});

	test('are counted per app and per API', async () => {
		stopClock();
		const token = await client.token();
		await burst(token, 20);
		expect((await search(await client.token('sim-readonly'))).status).toBe(200);
		expect((await rooms(token)).status).toBe(200);
	});

	test('are counted per customer for a third-party enterprise app', async () => {
		await client.control('limits', { qps: 0 });
		const answer = await search(await client.token('sim-thirdparty'));
		expect(answer.body.code).toBe('Forbidden.AccessDenied.QpsLimitForSuitekeyAndOrgAndApi');
	});

	test('can apply per minute', async () => {
		await client.control('limits', { qps: null, qpm: 2 });
		const token = await client.token();
		expect(await refusals(token, 2)).toEqual([]);
		expect((await search(token)).body.code).toBe('Forbidden.AccessDenied.QpmLimitForAppkeyAndApi');
		await client.control('clock', { advanceMs: 60_000 });
		expect((await search(token)).status).toBe(200);
	});

	test('have their own errcode in the old API', async () => {
		await client.control('limits', { qps: 0 });
		await client.control('switches', { oldThrottle: 'plain' });
		const answer = await client.old('/topapi/v2/user/get', { userid: 'manager4220' }, await client.token());
		expect([answer.status, answer.body.errcode]).toEqual([200, 90018]);
	});

	test('include a monthly quota for metered calls of all apps, but not for free ones', async () => {
		await client.control('clock', { now: '2026-03-31T15:59:00Z' });
		await client.control('limits', { monthlyQuota: 1 });
		const token = await client.token();
		expect((await rooms(token)).status).toBe(200);
		const answer = await rooms(await client.token('sim-readonly'));
		expect([answer.status, answer.body.code]).toEqual([403, 'Forbidden.AccessDenied.ApiCountLimitForOrg']);
		expect((await search(token)).status).toBe(200);
		// Midnight in China begins the next month.
		await client.control('clock', { advanceMs: 60_000 });
		expect((await rooms(token)).status).toBe(200);
	});

	test('can be restored', async () => {
		await client.control('limits', { qps: 1, monthlyQuota: 0 });
		const { body } = await client.send('DELETE', '/_simulator/limits');
		expect(body).toMatchObject({ qps: 20, qpm: null, monthlyQuota: null, eventsPerDay: 100, monthlyUsed: 0 });
	});
});

describe('The call log', () => {
	test('records request, response and metering of each call', async () => {
		const token = await client.token();
		await rooms(token);
		await search(token);
		await search('nonsense');
		const { calls, counts, ...sums } = await client.calls();
		expect(sums).toEqual({ metered: 1, free: 1, token: 1, pushes: 0 });
		expect(counts).toEqual({
			'POST /v1.0/oauth2/{corpId}/token': 1,
			'GET /v1.0/rooms/groupLists': 1,
			[`POST ${SEARCH}`]: 2,
		});
		expect(calls[3]).toMatchObject({ method: 'POST', path: SEARCH, body: EVERYONE, status: 400, metered: false });
		expect(calls[3]).toMatchObject({ code: 'InvalidAuthentication', replayed: false });
	});

	test('does not count throttled calls as metered', async () => {
		await client.control('limits', { qps: 0 });
		await rooms(await client.token());
		expect((await client.calls()).metered).toBe(0);
	});

	test('contains neither tokens nor secrets', async () => {
		const token = await client.token();
		const user = await client.refresh('sim-refresh-manager4220');
		await client.old('/topapi/v2/user/get', { userid: 'manager4220' }, token);
		await client.get('/v1.0/contact/users/me', String(user.body.accessToken));
		await client.form('/v1.0/oauth2/accessToken', { appKey: 'sim-internal', appSecret: 'sim-secret' });
		await client.get('/gettoken?appkey=sim-internal&appsecret=sim-secret');
		const log = JSON.stringify(await client.calls());
		const given = [token, user.body.accessToken, user.body.refreshToken];
		for (const secret of [...given, 'sim-secret', 'sim-refresh']) expect(log).not.toContain(secret);
	});

	test('can be emptied', async () => {
		await search();
		await client.send('DELETE', '/_simulator/calls');
		expect(await client.calls()).toEqual({ calls: [], counts: {}, metered: 0, free: 0, token: 0, pushes: 0 });
	});
});
