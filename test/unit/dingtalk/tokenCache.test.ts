/** Tests when the token cache asks for a new token. */
import type { TokenRequest } from '../../../lib/dingtalk/client/tokenCache';
import type { TokenResponse } from '../../../lib/dingtalk/errors/tokenErrors';
import { MINUTE, SECOND } from '../../../lib/dingtalk/utils/time';

type TokenModule = typeof import('../../../lib/dingtalk/client/tokenCache');
type Credentials = Record<string, unknown>;

/** DingTalk's tokens are valid for two hours; the cache renews them five minutes earlier. */
const LIFETIME = 120 * MINUTE;
const RENEWAL_AFTER = 115 * MINUTE;

let tokens: TokenModule;
let now: number;
let requests: TokenRequest[];
/** The response of the token endpoint; the number counts its calls from 1. */
let answer: (call: number) => TokenResponse | Promise<TokenResponse>;

const granted = (accessToken: string, more: object = {}): TokenResponse => ({
	status: 200,
	body: { accessToken, expireIn: 7200, ...more },
});
const down = async (): Promise<never> =>
	await Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
const pass = (ms: number): void => {
	now += ms;
};

/** Simulates a new process: the module holds the cache, so it is loaded anew. */
function startProcess(): void {
	jest.resetModules();
	tokens = jest.requireActual<TokenModule>('../../../lib/dingtalk/client/tokenCache');
}

beforeEach(() => {
	startProcess();
	now = 0;
	jest.spyOn(performance, 'now').mockImplementation(() => now);
	requests = [];
	answer = (call) => granted(`token-${call}`);
});
afterEach(() => jest.restoreAllMocks());

const internal = (more: Credentials = {}): Credentials => ({
	region: 'international',
	appType: 'internal',
	clientId: 'app',
	clientSecret: 'secret',
	...more,
});
const ofUser = (refreshToken: string, more: Credentials = {}): Credentials =>
	internal({ appType: 'user', refreshToken, ...more });

const provide = async (credentials: Credentials) =>
	await tokens.provideToken(credentials, async (request) => {
		requests.push(request);
		return await answer(requests.length);
	});

const EVENTS = 'https://api.dingtalk.io/v1.0/calendar/events';

/** The token that is added to a request with these credentials. */
function attachedToken(credentials: Credentials): unknown {
	const { headers } = tokens.attachToken(credentials, { url: EVENTS, headers: {} });
	return headers['x-acs-dingtalk-access-token' as keyof typeof headers];
}

/** One request as a node makes it, with its own copy of the credential. */
async function use(credentials: Credentials): Promise<unknown> {
	const copy = { ...credentials };
	await provide(copy);
	return attachedToken(copy);
}

const failureOf = async (work: Promise<unknown>): Promise<Error & { kind?: string; details?: { advice: string } }> =>
	await work.then(
		() => {
			throw new Error('The work did not fail');
		},
		(error: Error) => error,
	);

describe('A cached token', () => {
	it('is requested once for a thousand callers at the same time', async () => {
		const all = await Promise.all(Array.from({ length: 1000 }, async () => await use(internal())));
		expect(new Set(all)).toEqual(new Set(['token-1']));
		expect(requests).toHaveLength(1);
	});

	it('is requested once for a thousand callers one after the other', async () => {
		for (let i = 0; i < 1000; i++) await use(internal());
		expect(requests).toHaveLength(1);
	});

	it('is renewed five minutes before it expires', async () => {
		await use(internal());
		pass(RENEWAL_AFTER - 1);
		expect(await use(internal())).toBe('token-1');
		pass(1);
		expect(await use(internal())).toBe('token-2');
		expect(requests).toHaveLength(2);
	});

	it('with a short lifetime is kept for nine tenths of it', async () => {
		answer = (call) => granted(`token-${call}`, { expireIn: 10 });
		await use(internal());
		pass(9 * SECOND - 1);
		expect(await use(internal())).toBe('token-1');
		pass(1);
		expect(await use(internal())).toBe('token-2');
	});

	it.each([
		['nothing', undefined],
		['nonsense', 'soon'],
		['zero', 0],
	])('with %s as its lifetime is not requested for each call', async (_, expireIn) => {
		answer = (call) => granted(`token-${call}`, { expireIn });
		await use(internal());
		expect(await use(internal())).toBe('token-1');
	});

	it.each([
		['is unreachable', down],
		['has an internal error', () => ({ status: 503, body: { code: 'ServiceUnavailable' } })],
		['responds with a web page', () => ({ status: 200, body: '<html></html>' })],
		['is too busy', () => ({ status: 403, body: { code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi' } })],
	])('is still used if the token endpoint %s during early renewal', async (_, failure) => {
		await use(internal());
		pass(RENEWAL_AFTER);
		answer = failure;
		for (let i = 0; i < 50; i++) expect(await use(internal())).toBe('token-1');
		expect(requests).toHaveLength(2);
		pass(10 * SECOND);
		await use(internal());
		expect(requests).toHaveLength(3);
	});

	it('is not used after it expires', async () => {
		await use(internal());
		answer = down;
		pass(LIFETIME - SECOND);
		expect(await use(internal())).toBe('token-1');
		pass(SECOND);
		expect(await failureOf(use(internal()))).toMatchObject({ kind: 'network' });
	});

	it('is renewed once for many requests whose token was rejected', async () => {
		const copies = Array.from({ length: 20 }, () => internal());
		for (const copy of copies) await provide(copy);
		const again = async (copy: Credentials) => {
			tokens.rejectToken(copy);
			return await use(internal());
		};
		expect(new Set(await Promise.all(copies.map(again)))).toEqual(new Set(['token-2']));
		expect(requests).toHaveLength(2);
	});

	it('is not replaced by a late rejection of the previous token', async () => {
		const late = internal();
		const early = internal();
		await provide(late);
		await provide(early);
		tokens.rejectToken(early);
		expect(await use(internal())).toBe('token-2');
		tokens.rejectToken(late);
		expect(await use(internal())).toBe('token-2');
		expect(requests).toHaveLength(2);
	});

	it('is not used after DingTalk rejected it, even if no other token is available', async () => {
		const copy = internal();
		await provide(copy);
		tokens.rejectToken(copy);
		answer = down;
		expect(await failureOf(use(internal()))).toMatchObject({ kind: 'network' });
	});

	it('is not requested all the time if DingTalk rejects it and returns it again', async () => {
		answer = () => granted('the same');
		for (let i = 0; i < 50; i++) {
			const copy = internal();
			await provide(copy);
			tokens.rejectToken(copy);
		}
		expect(requests).toHaveLength(2);
		pass(10 * SECOND);
		const copy = internal();
		await provide(copy);
		tokens.rejectToken(copy);
		await use(internal());
		expect(requests).toHaveLength(3);
	});
});

describe('A request that failed for a reason n8n does not report', () => {
	/** n8n asks again with the same object. */
	const again = provide;

	it('gets a new token for its retry', async () => {
		const copy = internal();
		await provide(copy);
		expect(await again(copy)).toMatchObject({ replaced: true });
		expect(attachedToken(copy)).toBe('token-2');
	});

	it('is not retried if DingTalk returns the same token', async () => {
		answer = () => granted('the same');
		const copy = internal();
		await provide(copy);
		expect(await again(copy)).toMatchObject({ replaced: false });
	});

	it.each([
		['the same token', () => granted('the same')],
		['a new token each time', (call: number) => granted(`token-${call}`)],
	])('does not cause a flood of token requests if the endpoint returns %s', async (_, given) => {
		answer = given;
		for (let i = 0; i < 100; i++) {
			const copy = internal();
			await provide(copy);
			await again(copy);
		}
		expect(requests).toHaveLength(2);
	});

	it('does not keep a node from renewing a token that DingTalk rejected', async () => {
		answer = () => granted('the same');
		const suspecting = internal();
		await provide(suspecting);
		await again(suspecting);
		answer = () => granted('another');
		const knowing = internal();
		await provide(knowing);
		tokens.rejectToken(knowing);
		expect(await use(internal())).toBe('another');
	});

	it('does not invalidate the cached token while the token endpoint is down', async () => {
		const copy = internal();
		await provide(copy);
		answer = down;
		expect(await again(copy)).toMatchObject({ replaced: false });
		expect(await use(internal())).toBe('token-1');
	});
});

describe('A rejected credential', () => {
	const refused = { status: 400, body: { code: 'invalidClientIdOrSecret', message: 'wrong', requestid: 'R' } };

	it('is remembered for a moment, so that a thousand items do not send a thousand requests', async () => {
		answer = () => refused;
		for (let i = 0; i < 1000; i++) await failureOf(use(internal()));
		expect(requests).toHaveLength(1);
		pass(10 * SECOND);
		answer = () => granted('token');
		expect(await use(internal())).toBe('token');
	});

	it('does not affect a corrected credential', async () => {
		answer = () => refused;
		await failureOf(use(internal()));
		answer = () => granted('token');
		expect(await use(internal({ clientSecret: 'corrected' }))).toBe('token');
	});

	it('does not matter while the cached token is valid', async () => {
		await use(internal());
		pass(RENEWAL_AFTER);
		answer = () => refused;
		expect(await use(internal())).toBe('token-1');
	});

	it('is reported for the credentials object that caused it, and for no other', async () => {
		answer = () => refused;
		const copy = internal();
		const error = await failureOf(provide(copy));
		expect(tokens.tokenFailure(copy)).toBe(error);
		expect(tokens.tokenFailure(internal())).toBeUndefined();
	});

	it.each([
		[
			'a wrong secret',
			internal(),
			refused,
			/DingTalk International does not accept the 'Client ID' or 'Client Secret'.*'Region'/,
		],
		[
			'a wrong secret at a custom URL',
			internal({ region: 'custom', baseUrl: 'http://127.0.0.1:1' }),
			refused,
			/127\.0\.0\.1:1 does not accept the 'Client ID' or 'Client Secret'.*'API Base URL'/,
		],
		[
			'an organization that has not installed the app',
			internal({ appType: 'thirdParty', corpId: 'corp' }),
			{ status: 401, body: { code: 'unauthorized.client' } },
			/'Corp ID' has not authorized/,
		],
		[
			'an old refresh token',
			ofUser('old'),
			{ status: 400, body: { code: 'invalidParameter.refreshToken.notFound' } },
			/no longer accepts the 'Refresh Token'.*30 days/,
		],
		[
			'a web page as response',
			internal(),
			{ status: 200, body: '<html></html>' },
			/did not respond like DingTalk.*'Region'/,
		],
		['an unknown URL', internal(), { status: 404, body: {} }, /did not respond like DingTalk/],
		['a redirect', internal(), { status: 302, body: '' }, /did not respond like DingTalk/],
		['JSON of another service', internal(), { status: 200, body: { hello: 'world' } }, /did not respond like DingTalk/],
		[
			'an internal error of DingTalk',
			internal(),
			{ status: 500, body: { code: 'system.error' } },
			/could not issue an access token.*few minutes/,
		],
		[
			'too many token calls',
			internal(),
			{ status: 403, body: { code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi' } },
			/too many at once/,
		],
		[
			'an IP address that is not allowed',
			internal(),
			{ status: 403, body: { code: 'Forbidden.AccessDenied.IpNotInWhiteList' } },
			/IP address.*IP allowlist/,
		],
		['a ban', internal(), { status: 403, body: { status: 1111, wait: 5 } }, /blocked this server's IP address/],
	])('explains what to do about %s', async (_, credentials, given, words) => {
		answer = () => given;
		const error = await failureOf(use(credentials));
		expect(`${error.message}. ${error.details?.advice}`).toMatch(words);
		expect(JSON.stringify(error)).not.toContain('secret"');
	});
});

describe('Two credentials', () => {
	const base = { region: 'custom', baseUrl: 'https://one.example' };
	it.each([
		['another secret', internal(base), internal({ ...base, clientSecret: 'other' })],
		['another app', internal(base), internal({ ...base, clientId: 'other' })],
		['another region', internal({ region: 'international' }), internal({ region: 'china' })],
		['another base URL', internal(base), internal({ ...base, baseUrl: 'https://two.example' })],
		[
			'another port',
			internal({ ...base, baseUrl: 'http://127.0.0.1:1' }),
			internal({ ...base, baseUrl: 'http://127.0.0.1:2' }),
		],
		['another app type', internal({ ...base, corpId: 'c' }), internal({ ...base, appType: 'thirdParty', corpId: 'c' })],
		[
			'another organization',
			internal({ ...base, appType: 'thirdParty', corpId: 'c' }),
			internal({ ...base, appType: 'thirdParty', corpId: 'd' }),
		],
		['another user', ofUser('a', base), ofUser('b', base)],
	])('with %s never share a token', async (_, one, two) => {
		await provide(one);
		await provide(two);
		await provide({ ...one });
		await provide({ ...two });
		expect(requests).toHaveLength(2);
	});

	it('that differ only in unused fields share a token', async () => {
		await provide(internal({ corpId: 'left over from another app type', refreshToken: 'so is this' }));
		await provide(internal({ clientId: ' app ' }));
		expect(requests).toHaveLength(1);
	});

	it('send the token request that each app type needs', async () => {
		await provide(internal());
		await provide(internal({ appType: 'thirdParty', corpId: 'a/b' }));
		await provide(ofUser('refresh'));
		expect(requests).toEqual([
			{ url: 'https://api.dingtalk.io/v1.0/oauth2/accessToken', body: { appKey: 'app', appSecret: 'secret' } },
			{
				url: 'https://api.dingtalk.io/v1.0/oauth2/a%2Fb/token',
				body: { client_id: 'app', client_secret: 'secret', grant_type: 'client_credentials' },
			},
			{
				url: 'https://api.dingtalk.io/v1.0/oauth2/userAccessToken',
				body: { clientId: 'app', clientSecret: 'secret', refreshToken: 'refresh', grantType: 'refresh_token' },
			},
		]);
	});

	it('keep their token while they are used, however many others are added to the cache', async () => {
		const mine = internal();
		await use(mine);
		for (let i = 0; i < 1200; i++) {
			await use(internal({ clientId: `other ${i}` }));
			expect(await use(mine)).toBe('token-1');
		}
	});
});

describe('A rotating refresh token', () => {
	beforeEach(() => {
		answer = (call) => granted(`token-${call}`, { refreshToken: `refresh-${call}` });
	});

	/** n8n stores the new refresh token and then sends the request. */
	const store = (credentials: Credentials, newRefreshToken: string | undefined): void => {
		credentials.refreshToken = newRefreshToken;
		attachedToken(credentials);
	};

	it('is given to one caller to store, and to no other once it is stored', async () => {
		const copies = Array.from({ length: 20 }, () => ofUser('refresh-0'));
		const provided = await Promise.all(copies.map(provide));
		expect(provided.map(({ newRefreshToken }) => newRefreshToken).filter(Boolean)).toEqual(['refresh-1']);
		store(copies[0], 'refresh-1');
		pass(MINUTE);
		expect((await provide(ofUser('refresh-0'))).newRefreshToken).toBeUndefined();
		expect((await provide(ofUser('refresh-1'))).newRefreshToken).toBeUndefined();
	});

	it('is given to another caller when storing it failed', async () => {
		await provide(ofUser('refresh-0'));
		expect((await provide(ofUser('refresh-0'))).newRefreshToken).toBeUndefined();
		pass(10 * SECOND);
		expect((await provide(ofUser('refresh-0'))).newRefreshToken).toBe('refresh-1');
	});

	it('leads to the same access token as the previous one', async () => {
		expect(await use(ofUser('refresh-0'))).toBe('token-1');
		expect(await use(ofUser('refresh-1'))).toBe('token-1');
		expect(await use(ofUser('refresh-0'))).toBe('token-1');
		expect(requests).toHaveLength(1);
	});

	it('is used for the next renewal, whichever refresh token the caller has', async () => {
		await use(ofUser('refresh-0'));
		pass(LIFETIME);
		await use(ofUser('refresh-0'));
		pass(LIFETIME);
		await use(ofUser('refresh-1'));
		expect(requests.map(({ body }) => body.refreshToken)).toEqual(['refresh-0', 'refresh-1', 'refresh-2']);
	});

	it('works in another process as stored', async () => {
		const { newRefreshToken } = await provide(ofUser('refresh-0'));
		startProcess();
		expect(await use(ofUser(String(newRefreshToken)))).toBe('token-2');
		expect(requests[1].body.refreshToken).toBe('refresh-1');
	});

	it.each([
		['the refresh token before it', ofUser('R0-old-refresh-token')],
		['a code', ofUser('', { authorizationCode: 'https://x.example/?authCode=CODE-abcdefgh-1' })],
	])('is not in the error of a renewal that quotes it, where the credential has %s', async (_, credentials) => {
		answer = () => granted('token-1', { refreshToken: 'R1-new-refresh-token' });
		await use(credentials);
		pass(LIFETIME);
		answer = () => ({
			status: 400,
			body: { code: 'x', message: `bad request: ${JSON.stringify(requests.at(-1)?.body)}` },
		});
		const error = await failureOf(use(credentials));
		expect(requests.at(-1)?.body).toMatchObject({ refreshToken: 'R1-new-refresh-token' });
		expect(JSON.stringify([error.message, error.details])).toContain('bad request');
		expect(JSON.stringify([error.message, error.details])).not.toContain('R1-new-refresh-token');
	});

	it('is not stored again if it stays the same', async () => {
		answer = (call) => granted(`token-${call}`, { refreshToken: 'refresh-0' });
		expect((await provide(ofUser('refresh-0'))).newRefreshToken).toBeUndefined();
	});
});

describe('An authenticated request', () => {
	const custom = { region: 'custom', baseUrl: 'https://proxy.example/ding', oldBaseUrl: 'https://old.example/ding' };

	it.each([
		['the new API', internal(), EVENTS, 'header'],
		['the old API', internal(), 'https://oapi.dingtalk.io/topapi/v2/user/get', 'query'],
		['the old API where it needs no prefix', internal(), 'https://oapi.dingtalk.io/auth/scopes', 'query'],
		['the new API of China', internal({ region: 'china' }), 'https://api.dingtalk.com/v2.0/oauth2/x', 'header'],
		['a proxy with a path', internal(custom), 'https://proxy.example/ding/v1.0/calendar/events', 'header'],
		['the old API behind a proxy', internal(custom), 'https://old.example/ding/topapi/v2/user/get', 'query'],
	])('to %s carries the token in the right place', async (_, credentials, url, place) => {
		await provide(credentials);
		const sent = tokens.attachToken<object>(credentials, { url, headers: { a: '1' }, qs: { b: '2' } });
		expect(sent).toMatchObject(
			place === 'header'
				? { headers: { a: '1', 'x-acs-dingtalk-access-token': 'token-1' }, qs: { b: '2' } }
				: { headers: { a: '1' }, qs: { b: '2', access_token: 'token-1' } },
		);
		expect(JSON.stringify(sent).match(/token-1/g)).toHaveLength(1);
	});

	it.each([
		['another host', 'https://evil.example/v1.0/x'],
		['the other region', 'https://api.dingtalk.com/v1.0/x'],
		['a host with the same beginning', 'https://api.dingtalk.io.evil.example/v1.0/x'],
		['another host with the name as user', 'https://api.dingtalk.io@evil.example/v1.0/x'],
		['another port', 'https://api.dingtalk.io:8443/v1.0/x'],
		['its own host without encryption', 'http://api.dingtalk.io/v1.0/x'],
	])('to %s does not get the token', async (_, url) => {
		const credentials = internal();
		await provide(credentials);
		expect(() => tokens.attachToken(credentials, { url })).toThrow(/its token is not sent to/);
	});

	it('in the format of the older request helper gets the token, too', async () => {
		const credentials = internal();
		await provide(credentials);
		expect(
			tokens.attachToken<object>(credentials, { uri: '/v1.0/x', baseURL: 'https://api.dingtalk.io' }),
		).toMatchObject({
			headers: { 'x-acs-dingtalk-access-token': 'token-1' },
		});
	});

	it('is a copy; the original is not changed', async () => {
		const credentials = internal();
		await provide(credentials);
		const request = { url: EVENTS, headers: { a: '1' }, qs: {} };
		tokens.attachToken(credentials, request);
		expect(request).toEqual({ url: EVENTS, headers: { a: '1' }, qs: {} });
	});

	it('does not follow redirects with its token', async () => {
		const credentials = internal();
		await provide(credentials);
		expect(tokens.attachToken(credentials, { url: EVENTS })).toMatchObject({ maxRedirects: 0 });
	});
});
