/** Drives the calls that return tokens with DingTalk's official client against the simulator. */
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

describe('The token of an internal app (getAccessToken)', () => {
	it('is accepted by the calendar and valid for 7,200 seconds', async () => {
		const body = await accessToken();
		expect(body).toEqual({ accessToken: expect.any(String) as unknown, expireIn: 7200 });
		expect((await calendarWith(body?.accessToken).create(meeting())).id).toBeTruthy();
	});

	it('is the same on a second request, which extends its lifetime', async () => {
		const first = (await accessToken())?.accessToken;
		await stage.advance(VALIDITY - 1000);
		expect((await accessToken())?.accessToken).toBe(first);
		await stage.advance(VALIDITY - 1000);
		expect((await calendarWith(first).list()).events).toEqual([]);
	});

	it('expires after two hours and is then replaced by a new one', async () => {
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
		['a third-party enterprise app', 'sim-thirdparty', SECRET],
		['a personal app', 'sim-personal', SECRET],
	])('is refused for %s', async (_name, key, secret) => {
		expect(await refusalOf(accessToken(key, secret))).toEqual({
			status: 400,
			code: 'invalidClientIdOrSecret',
			message: '无效的clientId或者clientSecret',
		});
	});
});

describe('The token of the unified call (getToken)', () => {
	it.each(['sim-internal', 'sim-thirdparty'])('is issued to %s without a suite ticket', async (clientId) => {
		const body = await corpToken({ clientId });
		expect(body).toEqual({ accessToken: expect.any(String) as unknown, expiresIn: 7200 });
		expect((await calendarWith(body?.accessToken).create(meeting())).id).toBeTruthy();
	});

	it.each<[string, object, object]>([
		['a wrong secret', { clientSecret: 'wrong' }, { status: 400, code: 'invalid.client' }],
		['an unknown client', { clientId: 'nobody' }, { status: 400, code: 'invalid.client' }],
		['another grant type', { grantType: 'password' }, { status: 400, code: 'unsupported.grant.type' }],
		['an app without an organization', { clientId: 'sim-personal' }, { status: 401, code: 'unauthorized.client' }],
	])('is refused for %s', async (_name, fields, expected) => {
		const { code } = { code: '', ...expected };
		expect(await refusalOf(corpToken(fields))).toEqual({ ...expected, message: code });
	});

	it('is refused for an organization that has not installed the app', async () => {
		const message = 'unauthorized.client';
		await stage.set({ unknownCorpId: 'unauthorizedClient' });
		expect(await refusalOf(corpToken({}, 'dingelsewhere'))).toEqual({ status: 401, code: message, message });
	});

	it('can fail with a server error', async () => {
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

describe('The token of a third-party enterprise app for a customer (getCorpAccessToken)', () => {
	it('is accepted by the calendar and different on each request', async () => {
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
		['an organization that has not installed the app', { authCorpId: 'dingelsewhere' }, 'invalidAuthInfo'],
	])('is refused for %s', async (_name, fields, code) => {
		expect(await refusalOf(corpAccessToken(fields))).toMatchObject({ status: 400, code });
	});
});

describe('The suite token of a third-party enterprise app (getSuiteAccessToken)', () => {
	it('is issued but refused by the calendar', async () => {
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
	])('is refused for %s', async (_name, fields, code) => {
		expect(await refusalOf(suiteAccessToken(fields))).toMatchObject({ status: 400, code });
	});
});

describe('A user token (getUserToken)', () => {
	it.each(['sim-internal', 'sim-thirdparty', 'sim-personal'])('is issued to %s for a login code', async (clientId) => {
		const body = await byCode(0, { clientId });
		expect(body).toEqual({
			accessToken: expect.any(String) as unknown,
			refreshToken: expect.any(String) as unknown,
			expireIn: 7200,
			corpId: stage.corpId,
		});
		expect((await calendarWith(body?.accessToken).createByMe(meeting())).id).toBeTruthy();
	});

	it('has no organization when the login did not request one', async () => {
		const body = await byCode(0, { code: `sim-code-${stage.person(0).userId}-openid` });
		expect(body?.accessToken).toBeTruthy();
		expect(body?.corpId).toBeUndefined();
		const refreshed = await byRefresh(body?.refreshToken);
		expect(refreshed?.accessToken).toBe(body?.accessToken);
		expect(refreshed?.corpId).toBeUndefined();
	});

	it('is the same on a second request while it is valid, which extends its lifetime', async () => {
		const first = await byCode();
		await stage.advance(VALIDITY - 1000);
		expect((await byRefresh(first?.refreshToken))?.accessToken).toBe(first?.accessToken);
		await stage.advance(VALIDITY - 1000);
		expect((await calendarWith(first?.accessToken).viewByMe()).events).toEqual([]);
	});

	it('expires with its own error code and can be refreshed', async () => {
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

	it('cannot be refreshed after 30 days', async () => {
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
		['a login code without user', { code: 'sim-code-nobody', grantType: 'authorization_code' }],
		['an unknown refresh token', { refreshToken: 'nonsense', grantType: 'refresh_token' }],
		['another grant type', { code: 'x', grantType: 'password' }],
	])('is refused for %s', async (_name, fields) => {
		expect(await refusalOf(userToken(fields))).toMatchObject({ status: 400 });
	});

	it('is refused for a wrong secret', async () => {
		expect(await refusalOf(byCode(0, { clientSecret: 'wrong' }))).toEqual({
			status: 400,
			code: 'invalidClientIdOrSecret',
			message: '无效的clientId或者clientSecret',
		});
	});
});

describe('The token of the old API (gettoken)', () => {
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

	it('is the same as that of the new API and is accepted by both', async () => {
		const { data } = await getToken();
		expect(data).toMatchObject({ errcode: 0, errmsg: 'ok', expires_in: 7200 });
		expect(data.access_token).toBe((await accessToken())?.accessToken);
		expect((await getToken()).data.access_token).toBe(data.access_token);
		expect((await calendarWith(data.access_token).list()).events).toEqual([]);
	});

	it('is refused for wrong credentials with HTTP status 200', async () => {
		const { status, data } = await getToken('sim-internal', 'wrong');
		expect(status).toBe(200);
		expect(data.errcode).toBe(40096);
		expect(data.access_token).toBeUndefined();
	});
});

describe('A token request', () => {
	it.each(['accessToken', 'corpAccessToken', 'suiteAccessToken', 'userAccessToken', 'ding/token'])(
		'to %s must have a JSON body',
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

describe('A call with an invalid token', () => {
	it('is refused when the token is unknown', async () => {
		expect(await refusalOf(calendarWith('undefined').list())).toEqual(invalidAuthentication);
	});

	it('is refused with the name of the header when the token is missing', async () => {
		expect(await refusalOf(calendarWith('').list())).toEqual({
			status: 400,
			code: 'AuthenticationFailed.MissingParameter',
			message: '缺少参数：x-acs-dingtalk-access-token',
		});
	});
});
