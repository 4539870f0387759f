import { AccountError, readAccount, regionName } from '../../../lib/dingtalk/account';

const APP = { clientId: 'ding1', clientSecret: 'secret' };
const custom = (baseUrl: unknown, oldBaseUrl?: unknown) =>
	readAccount({ ...APP, region: 'custom', baseUrl, oldBaseUrl });

describe('the account in a credential', () => {
	it.each([
		[undefined, 20],
		['', 20],
		[60, 60],
		['35', 35],
		[1, 1],
	])('has the calls per second %p as %p', (callsPerSecond, expected) => {
		expect(readAccount({ ...APP, callsPerSecond }).callsPerSecond).toBe(expected);
	});

	it.each([0, -5, 61, 'many'])('is refused with %p calls per second', (callsPerSecond) => {
		expect(() => readAccount({ ...APP, callsPerSecond })).toThrow(
			"'Calls per Second' in the credential must be a number from 1 to 60",
		);
	});

	it('needs only the client ID and secret', () => {
		expect(readAccount(APP)).toEqual({
			region: 'international',
			appType: 'internal',
			callsPerSecond: 20,
			hosts: { api: 'https://api.dingtalk.io', oldApi: 'https://oapi.dingtalk.io' },
			clientId: 'ding1',
			clientSecret: 'secret',
			corpId: '',
			refreshToken: '',
		});
	});

	it('of China is on the hosts of China', () => {
		expect(readAccount({ ...APP, region: 'china' }).hosts).toEqual({
			api: 'https://api.dingtalk.com',
			oldApi: 'https://oapi.dingtalk.com',
		});
	});

	it('is read without the spaces and line ends that copying brings', () => {
		expect(readAccount({ clientId: ' ding1\n', clientSecret: '\tsecret ' })).toMatchObject(APP);
	});

	it.each([
		['https://dingtalk.example.com/', 'https://dingtalk.example.com'],
		['https://proxy.example.com/dingtalk//', 'https://proxy.example.com/dingtalk'],
		['http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
		['http://localhost:4010/', 'http://localhost:4010'],
		['http://[::1]:4010', 'http://[::1]:4010'],
	])('may be at the address %s', (typed, api) => {
		expect(custom(typed).hosts).toEqual({ api, oldApi: api });
	});

	it('may have another address for the old API', () => {
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
	])('is refused at the address %j, where a token could be read on the way', (typed) => {
		expect(() => custom(typed)).toThrow(AccountError);
		expect(() => custom(typed)).toThrow("'API Base URL' in the credential must start with https://");
	});

	it('names the field whose address is wrong', () => {
		expect(() => custom('https://a.example.com', 'http://b.example.com')).toThrow("'Old API Base URL'");
	});

	it.each([
		[{}, "The credential has no 'Client ID' and no 'Client Secret'"],
		[{ clientId: 'ding1' }, "The credential has no 'Client Secret'"],
		[{ ...APP, appType: 'thirdParty' }, "The credential has no 'Corp ID'"],
		[{ ...APP, appType: 'user' }, "The credential has no 'Refresh Token'"],
	])('is refused when something is missing: %j', (credential, message) => {
		expect(() => readAccount(credential)).toThrow(new AccountError(message));
	});

	it('takes no notice of what belongs to another kind of app', () => {
		expect(readAccount({ ...APP, corpId: 'corp', refreshToken: 'refresh' })).toMatchObject({
			corpId: '',
			refreshToken: '',
		});
	});

	it.each([
		[{ ...APP }, 'DingTalk International'],
		[{ ...APP, region: 'china' }, 'DingTalk China'],
		[{ ...APP, region: 'custom', baseUrl: 'http://localhost:1' }, 'http://localhost:1'],
	])('is called in messages what people know: %j', (credential, name) => {
		expect(regionName(readAccount(credential))).toBe(name);
	});
});
