/** Tests which account and hosts a credential stands for. */
import { AccountError, readAccount, regionName } from '../../../lib/dingtalk/account';

const APP = { clientId: 'ding1', clientSecret: 'secret' };
const custom = (baseUrl: unknown, oldBaseUrl?: unknown) =>
	readAccount({ ...APP, region: 'custom', baseUrl, oldBaseUrl });

describe('The account of a credential', () => {
	it.each([
		[undefined, 20],
		['', 20],
		[60, 60],
		['35', 35],
		[1, 1],
	])('reads the calls per second %p as %p', (callsPerSecond, expected) => {
		expect(readAccount({ ...APP, callsPerSecond }).callsPerSecond).toBe(expected);
	});

	it.each([0, -5, 61, 'many'])('rejects %p calls per second', (callsPerSecond) => {
		expect(() => readAccount({ ...APP, callsPerSecond })).toThrow(
			"'Calls per Second' in the credential must be a number from 1 to 60",
		);
	});

	it('requires only the client ID and secret', () => {
		expect(readAccount(APP)).toEqual({
			region: 'international',
			appType: 'internal',
			callsPerSecond: 20,
			hosts: { api: 'https://api.dingtalk.io', oldApi: 'https://oapi.dingtalk.io' },
			clientId: 'ding1',
			clientSecret: 'secret',
			corpId: '',
			authorizationCode: '',
			refreshToken: '',
		});
	});

	it('uses the hosts of China for the region China', () => {
		expect(readAccount({ ...APP, region: 'china' }).hosts).toEqual({
			api: 'https://api.dingtalk.com',
			oldApi: 'https://oapi.dingtalk.com',
		});
	});

	it('ignores spaces and line breaks around pasted values', () => {
		expect(readAccount({ clientId: ' ding1\n', clientSecret: '\tsecret ' })).toMatchObject(APP);
	});

	it.each([
		['https://dingtalk.example.com/', 'https://dingtalk.example.com'],
		['https://proxy.example.com/dingtalk//', 'https://proxy.example.com/dingtalk'],
		['http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
		['http://localhost:4010/', 'http://localhost:4010'],
		['http://[::1]:4010', 'http://[::1]:4010'],
	])('accepts the base URL %s', (typed, api) => {
		expect(custom(typed).hosts).toEqual({ api, oldApi: api });
	});

	it('accepts a separate base URL for the old API', () => {
		expect(custom('https://a.example.com', 'https://b.example.com/').hosts.oldApi).toBe('https://b.example.com');
	});

	it.each([
		'',
		undefined,
		'dingtalk.example.com',
		'http://dingtalk.example.com',
		'http://localhost.example.com',
		'http://127.0.0.1@example.com',
		'https://',
		'ftp://a',
	])('rejects the base URL %j, where a token could be intercepted', (typed) => {
		expect(() => custom(typed)).toThrow(AccountError);
		expect(() => custom(typed)).toThrow("'API Base URL' in the credential must start with https://");
	});

	it.each([
		['https://host?x=', "must not contain '?'"],
		['https://host/path?', "must not contain '?'"],
		['https://host/#part', "must not contain '#'"],
		['https://me:secret@host', 'must not contain a user name or password'],
		['https://me@host', 'must not contain a user name or password'],
		['https://host:99999', 'is not a valid URL'],
		['https://host:port', 'is not a valid URL'],
		['https://host name', 'is not a valid URL'],
		['http://127.0.0.1:70000', 'is not a valid URL'],
		['https://:443', 'is not a valid URL'],
	])('rejects the base URL %j, to which no path can be added', (typed, problem) => {
		expect(() => custom(typed)).toThrow(AccountError);
		expect(() => custom(typed)).toThrow(`'API Base URL' in the credential ${problem}`);
		expect(() => custom('https://a.example.com', typed)).toThrow(`'Old API Base URL' in the credential ${problem}`);
	});

	it.each(['..', '.', '%2e%2E', 'ding\ud800'])(
		'rejects the corp ID %j, which would change the address of the token',
		(corpId) => {
			const credential = { ...APP, appType: 'thirdParty', corpId };
			expect(() => readAccount(credential)).toThrow(AccountError);
			expect(() => readAccount(credential)).toThrow("'Corp ID' in the credential is not a corp ID");
		},
	);

	it('does not repeat a password from the base URL', () => {
		expect(() => custom('https://me:hunter2@host')).toThrow(
			expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
		);
	});

	it('names the field with the invalid base URL', () => {
		expect(() => custom('https://a.example.com', 'http://b.example.com')).toThrow("'Old API Base URL'");
	});

	it.each([
		[{}, "The credential has no 'Client ID' and no 'Client Secret'"],
		[{ clientId: 'ding1' }, "The credential has no 'Client Secret'"],
		[{ ...APP, appType: 'thirdParty' }, "The credential has no 'Corp ID'"],
		[{ ...APP, appType: 'user' }, "The credential has no 'Authorization Code' or 'Refresh Token'"],
	])('names the missing fields of %j', (credential, message) => {
		expect(() => readAccount(credential)).toThrow(new AccountError(message));
	});

	it('ignores fields of other app types', () => {
		expect(readAccount({ ...APP, corpId: 'corp', refreshToken: 'refresh' })).toMatchObject({
			corpId: '',
			refreshToken: '',
		});
	});

	it.each([
		[{ ...APP }, 'DingTalk International'],
		[{ ...APP, region: 'china' }, 'DingTalk China'],
		[{ ...APP, region: 'custom', baseUrl: 'http://localhost:1' }, 'http://localhost:1'],
	])('has a region name that users know in messages: %j', (credential, name) => {
		expect(regionName(readAccount(credential))).toBe(name);
	});
});
