import * as oauth from '@alicloud/dingtalk/dist/oauth2_1_0/client';
import axios from 'axios';

import { invalidAuthentication, refusalOf } from './refusal';
import { HOUR, meeting } from './samples';
import { SECRET, useStage } from './stage';
import type { CalendarUser } from './user';

const stage = useStage();

const VALIDITY = 2 * HOUR;

const accessToken = async (
	appKey = 'sim-internal',
	appSecret = SECRET,
): Promise<oauth.GetAccessTokenResponseBody | undefined> =>
	(await stage.sdk.oauth.getAccessToken(new oauth.GetAccessTokenRequest({ appKey, appSecret }))).body;

const corpToken = async (
	fields: object = {},
	corpId = stage.corpId,
): Promise<oauth.GetTokenResponseBody | undefined> => {
	const given = { clientId: 'sim-internal', clientSecret: SECRET, grantType: 'client_credentials', ...fields };
	return (await stage.sdk.oauth.getToken(corpId, new oauth.GetTokenRequest(given))).body;
};

const corpAccessToken = async (fields: object = {}): Promise<oauth.GetCorpAccessTokenResponseBody | undefined> => {
	const given = {
		suiteKey: 'sim-thirdparty',
		suiteSecret: SECRET,
		authCorpId: stage.corpId,
		suiteTicket: 'any',
		...fields,
	};
	return (await stage.sdk.oauth.getCorpAccessToken(new oauth.GetCorpAccessTokenRequest(given))).body;
};

const suiteAccessToken = async (fields: object = {}): Promise<oauth.GetSuiteAccessTokenResponseBody | undefined> => {
	const given = { suiteKey: 'sim-thirdparty', suiteSecret: SECRET, suiteTicket: 'any', ...fields };
	return (await stage.sdk.oauth.getSuiteAccessToken(new oauth.GetSuiteAccessTokenRequest(given))).body;
};

const userToken = async (fields: object): Promise<oauth.GetUserTokenResponseBody | undefined> => {
	const given = { clientId: 'sim-internal', clientSecret: SECRET, ...fields };
	return (await stage.sdk.oauth.getUserToken(new oauth.GetUserTokenRequest(given))).body;
};

const byCode = (index = 0, fields: object = {}): Promise<oauth.GetUserTokenResponseBody | undefined> =>
	userToken({ code: `sim-code-${stage.person(index).userId}`, grantType: 'authorization_code', ...fields });

const byRefresh = (
	refreshToken: string | undefined,
	fields: object = {},
): Promise<oauth.GetUserTokenResponseBody | undefined> =>
	userToken({ refreshToken, grantType: 'refresh_token', ...fields });

/** Somebody's calendar with a token that is being looked into. */
const calendarWith = (token: string | undefined, index = 0): CalendarUser =>
	stage.calendarOf(stage.person(index).unionId, token ?? '');

describe('the token of an internal app (getAccessToken)', () => {
	it('is good for the calendar, and for 7200 seconds', async () => {
		const body = await accessToken();
		expect(body).toEqual({ accessToken: expect.any(String) as unknown, expireIn: 7200 });
		expect((await calendarWith(body?.accessToken).create(meeting())).id).toBeTruthy();
	});

	it('is the same when asked for again, and then lives on', async () => {
		const first = (await accessToken())?.accessToken;
		await stage.advance(VALIDITY - 1000);
		expect((await accessToken())?.accessToken).toBe(first);
		await stage.advance(VALIDITY - 1000);
		expect((await calendarWith(first).list()).events).toEqual([]);
	});

	it('is refused after two hours, and another one is given then', async () => {
		const first = (await accessToken())?.accessToken;
		await stage.advance(VALIDITY);
		expect(await refusalOf(calendarWith(first).list())).toEqual(invalidAuthentication);
		const second = (await accessToken())?.accessToken;
		expect(second).not.toBe(first);
		expect((await calendarWith(second).list()).events).toEqual([]);
	});

	it.each([
		['an unknown client ID', 'nobody', SECRET],
		['a wrong secret', 'sim-internal', 'wrong'],
		['an app of a vendor', 'sim-thirdparty', SECRET],
		['an app for persons', 'sim-personal', SECRET],
	])('is not given for %s', async (_name, key, secret) => {
		expect(await refusalOf(accessToken(key, secret))).toEqual({
			status: 400,
			code: 'invalidClientIdOrSecret',
			message: '无效的clientId或者clientSecret',
		});
	});
});

describe('the token of the unified call (getToken)', () => {
	it.each(['sim-internal', 'sim-thirdparty'])('serves %s, without a suite ticket', async (clientId) => {
		const body = await corpToken({ clientId });
		expect(body).toEqual({ accessToken: expect.any(String) as unknown, expiresIn: 7200 });
		expect((await calendarWith(body?.accessToken).create(meeting())).id).toBeTruthy();
	});

	it.each<[string, object, object]>([
		['a wrong secret', { clientSecret: 'wrong' }, { status: 400, code: 'invalid.client' }],
		['an unknown client', { clientId: 'nobody' }, { status: 400, code: 'invalid.client' }],
		['another kind of grant', { grantType: 'password' }, { status: 400, code: 'unsupported.grant.type' }],
		['an app that has no organisation', { clientId: 'sim-personal' }, { status: 401, code: 'unauthorized.client' }],
	])('is not given for %s', async (_name, fields, expected) => {
		const { code } = { code: '', ...expected };
		expect(await refusalOf(corpToken(fields))).toEqual({ ...expected, message: code });
	});

	it('is not given for an organisation the app does not run in', async () => {
		const message = 'unauthorized.client';
		await stage.set({ unknownCorpId: 'unauthorizedClient' });
		expect(await refusalOf(corpToken({}, 'dingelsewhere'))).toEqual({ status: 401, code: message, message });
	});

	it('can fail on the side of the server', async () => {
		await stage.control('faults', {
			match: { path: '/v1.0/oauth2/*/token' },
			do: 'status',
			status: 500,
			code: 'server.error',
			message: 'server.error',
		});
		expect(await refusalOf(corpToken())).toEqual({ status: 500, code: 'server.error', message: 'server.error' });
	});
});

describe('the token of a vendor for a customer (getCorpAccessToken)', () => {
	it('is good for the calendar, and another one each time', async () => {
		const first = await corpAccessToken();
		const second = await corpAccessToken();
		expect(first).toEqual({ accessToken: expect.any(String) as unknown, expireIn: 7200 });
		expect(second?.accessToken).not.toBe(first?.accessToken);
		for (const body of [first, second]) expect((await calendarWith(body?.accessToken).list()).events).toEqual([]);
	});

	it.each([
		['a wrong key', { suiteKey: 'nobody' }, 'invalidSuiteKey'],
		['a wrong secret', { suiteSecret: 'wrong' }, 'invalidSuiteKey'],
		['an internal app', { suiteKey: 'sim-internal' }, 'invalidSuiteKey'],
		['no ticket', { suiteTicket: undefined }, 'invalidSuiteTicket'],
		['an empty ticket', { suiteTicket: '' }, 'invalidSuiteTicket'],
		['an organisation that did not buy the app', { authCorpId: 'dingelsewhere' }, 'invalidAuthInfo'],
	])('is not given for %s', async (_name, fields, code) => {
		expect(await refusalOf(corpAccessToken(fields))).toMatchObject({ status: 400, code });
	});
});

describe('the token of a vendor for itself (getSuiteAccessToken)', () => {
	it('is given, but the calendar does not take it', async () => {
		const body = await suiteAccessToken();
		expect(body).toEqual({ accessToken: expect.any(String) as unknown, expireIn: 7200 });
		expect(await refusalOf(calendarWith(body?.accessToken).list())).toMatchObject({
			status: 403,
			code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
		});
	});

	it.each([
		['no ticket', { suiteTicket: undefined }, 'invalidSuiteTicket'],
		['a wrong secret', { suiteSecret: 'wrong' }, 'invalidClientIdOrSecret'],
		['an unknown key', { suiteKey: 'nobody' }, 'invalidClientIdOrSecret'],
	])('is not given for %s', async (_name, fields, code) => {
		expect(await refusalOf(suiteAccessToken(fields))).toMatchObject({ status: 400, code });
	});
});

describe('the token of a person (getUserToken)', () => {
	it.each(['sim-internal', 'sim-thirdparty', 'sim-personal'])('is given to %s for a login code', async (clientId) => {
		const body = await byCode(0, { clientId });
		expect(body).toEqual({
			accessToken: expect.any(String) as unknown,
			refreshToken: expect.any(String) as unknown,
			expireIn: 7200,
			corpId: stage.corpId,
		});
		expect((await calendarWith(body?.accessToken).createByMe(meeting())).id).toBeTruthy();
	});

	it('comes without an organisation where the login did not ask for one', async () => {
		const body = await byCode(0, { code: `sim-code-${stage.person(0).userId}-openid` });
		expect(body?.accessToken).toBeTruthy();
		expect(body?.corpId).toBeUndefined();
		const refreshed = await byRefresh(body?.refreshToken);
		expect(refreshed?.accessToken).toBe(body?.accessToken);
		expect(refreshed?.corpId).toBeUndefined();
	});

	it('is the same when asked for again while it is valid, and then lives on', async () => {
		const first = await byCode();
		await stage.advance(VALIDITY - 1000);
		expect((await byRefresh(first?.refreshToken))?.accessToken).toBe(first?.accessToken);
		await stage.advance(VALIDITY - 1000);
		expect((await calendarWith(first?.accessToken).viewByMe()).events).toEqual([]);
	});

	it('has a refusal of its own when it is out of date, and a refresh token that mends it', async () => {
		const first = await byCode();
		await stage.advance(VALIDITY);
		expect(await refusalOf(calendarWith(first?.accessToken).viewByMe())).toEqual({
			status: 400,
			code: 'accesstoken.expired',
			message: '用户accessToken过期',
		});
		const second = await byRefresh(first?.refreshToken);
		expect(second?.accessToken).not.toBe(first?.accessToken);
		expect(second?.refreshToken).not.toBe(first?.refreshToken);
		expect((await calendarWith(second?.accessToken).viewByMe()).events).toEqual([]);
	});

	it('cannot be refreshed after thirty days', async () => {
		const first = await byCode();
		await stage.advance(30 * 24 * HOUR);
		expect(await refusalOf(byRefresh(first?.refreshToken))).toMatchObject({ status: 400 });
	});

	it('cannot be refreshed by another app', async () => {
		const first = await byCode();
		expect(await refusalOf(byRefresh(first?.refreshToken, { clientId: 'sim-personal' }))).toMatchObject({
			status: 400,
		});
	});

	it.each<[string, object]>([
		['an unknown code', { code: 'nonsense', grantType: 'authorization_code' }],
		['the code of nobody', { code: 'sim-code-nobody', grantType: 'authorization_code' }],
		['an unknown refresh token', { refreshToken: 'nonsense', grantType: 'refresh_token' }],
		['another kind of grant', { code: 'x', grantType: 'password' }],
	])('is not given for %s', async (_name, fields) => {
		expect(await refusalOf(userToken(fields))).toMatchObject({ status: 400 });
	});

	it('is not given for a wrong secret', async () => {
		expect(await refusalOf(byCode(0, { clientSecret: 'wrong' }))).toEqual({
			status: 400,
			code: 'invalidClientIdOrSecret',
			message: '无效的clientId或者clientSecret',
		});
	});
});

describe('the token of the old style (gettoken)', () => {
	interface OldAnswer {
		errcode: number;
		errmsg: string;
		access_token?: string;
		expires_in?: number;
	}

	/** The official client has no such call. */
	const getToken = async (
		appkey = 'sim-internal',
		appsecret = SECRET,
	): Promise<{ status: number; data: OldAnswer }> => {
		const { status, data } = await axios.get<OldAnswer>(`${stage.url}/gettoken`, { params: { appkey, appsecret } });
		return { status, data };
	};

	it('is the one the current style gives, and serves both styles', async () => {
		const { data } = await getToken();
		expect(data).toMatchObject({ errcode: 0, errmsg: 'ok', expires_in: 7200 });
		expect(data.access_token).toBe((await accessToken())?.accessToken);
		expect((await getToken()).data.access_token).toBe(data.access_token);
		expect((await calendarWith(data.access_token).list()).events).toEqual([]);
	});

	it('is not given for a wrong pair, which still is an answer with status 200', async () => {
		const { status, data } = await getToken('sim-internal', 'wrong');
		expect(status).toBe(200);
		expect(data.errcode).toBe(40096);
		expect(data.access_token).toBeUndefined();
	});
});

describe('a request for a token', () => {
	it.each(['accessToken', 'corpAccessToken', 'suiteAccessToken', 'userAccessToken', 'ding/token'])(
		'to %s must be JSON',
		async (name) => {
			const form = new URLSearchParams({ appKey: 'sim-internal', appSecret: SECRET });
			const { status, data } = await axios.post<object>(`${stage.url}/v1.0/oauth2/${name}`, form, {
				validateStatus: null,
			});
			expect(status).toBe(400);
			expect(data).toMatchObject({ code: 'Missingbody', message: 'body is mandatory for this action.' });
		},
	);
});

describe('a call with a token that is none', () => {
	it('is refused when the token is unknown', async () => {
		expect(await refusalOf(calendarWith('undefined').list())).toEqual(invalidAuthentication);
	});

	it('is refused by the name of the header when the token is missing', async () => {
		expect(await refusalOf(calendarWith('').list())).toEqual({
			status: 400,
			code: 'AuthenticationFailed.MissingParameter',
			message: '缺少参数：x-acs-dingtalk-access-token',
		});
	});
});
