/** Tests what is accepted as a ticket for a Stream connection, and how anything else is reported. */
import type { IHttpRequestOptions } from 'n8n-workflow';

import { readAccount } from '../../../lib/dingtalk/account';
import { DingTalkError } from '../../../lib/dingtalk/errors/DingTalkError';
import { isPermanent } from '../../../lib/dingtalk/push/stream/streamErrors';
import { requestTicket } from '../../../lib/dingtalk/push/stream/ticket';

const ACCOUNTS: Record<string, Record<string, string>> = {
	china: { region: 'china' },
	international: { region: 'international' },
	custom: { region: 'custom', baseUrl: 'https://proxy.example/dingtalk' },
	local: { region: 'custom', baseUrl: 'http://127.0.0.1:4010' },
};

const request = async (account: string, statusCode: number, body: unknown): Promise<string> =>
	await requestTicket(readAccount({ ...ACCOUNTS[account], clientId: 'id', clientSecret: 'secret' }), {
		httpRequest: async () => ({ statusCode, body }),
	});

const failureOf = async (ticket: Promise<string>): Promise<DingTalkError> =>
	await ticket.then(
		(url) => {
			throw new Error(`It was accepted: ${url}`);
		},
		(error: DingTalkError) => error,
	);

describe('The endpoint in a ticket', () => {
	it.each([
		['china', 'wss://wss-open-connection.dingtalk.com:443/connect'],
		['china', 'wss://wss-open-connection-union.dingtalk.com/connect'],
		['international', 'wss://wss-open-connection.dingtalk.io/connect'],
		['custom', 'wss://proxy.example/connect'],
		['custom', 'wss://wss-open-connection.dingtalk.com/connect'],
		['local', 'ws://127.0.0.1:4010/connect'],
	])('of %s is used: %s', async (account, endpoint) => {
		const url = new URL(await request(account, 200, { endpoint, ticket: 't/1' }));
		expect(url.hostname).toBe(new URL(endpoint).hostname);
		expect(url.searchParams.get('ticket')).toBe('t/1');
	});

	it.each([
		['china', 'wss://attacker.example/connect'],
		['china', 'wss://dingtalk.com.attacker.example/connect'],
		['china', 'wss://attackerdingtalk.com/connect'],
		['china', 'wss://wss-open-connection.dingtalk.com@attacker.example/connect'],
		['china', 'ws://wss-open-connection.dingtalk.com/connect'],
		['china', 'https://wss-open-connection.dingtalk.com/connect'],
		['custom', 'wss://attacker.example/connect'],
		['custom', 'ws://proxy.example/connect'],
		['local', 'ws://127.0.0.2:4010/connect'],
		['local', 'ws://wss-open-connection.dingtalk.com/connect'],
	])('of %s is refused: %s', async (account, endpoint) => {
		const error = await failureOf(request(account, 200, { endpoint, ticket: 'secret-ticket' }));
		expect(error.message).toContain('does not belong to DingTalk');
		expect(JSON.stringify([error.message, error.details])).not.toContain('secret');
	});
});

describe('The request for a ticket', () => {
	it('follows no redirect, because another server would receive the Client Secret', async () => {
		const sent: IHttpRequestOptions[] = [];
		const answer = { statusCode: 302, body: '' };
		const httpRequest = async (options: IHttpRequestOptions): Promise<unknown> => {
			sent.push(options);
			return await Promise.resolve(answer);
		};
		const account = readAccount({ region: 'china', clientId: 'id', clientSecret: 'client-secret-1' });
		const error = await failureOf(requestTicket(account, { httpRequest }));
		expect(error.message).toContain('did not respond like DingTalk');
		expect(sent).toMatchObject([{ maxRedirects: 0, body: { clientSecret: 'client-secret-1' } }]);
	});
});

describe('An address that carries a secret', () => {
	const account = readAccount({ region: 'china', clientId: 'id', clientSecret: 'Client-Secret-1' });

	it.each([
		'wss://client-secret-1.attacker.example/',
		'wss://a.example.TICKET-12345.b.example/',
		'wss://Client-Secret-1/',
		'wss://client-secret-1.dingtalk.com/connect',
		'wss://ticket-12345.dingtalk.io/connect',
	])('is refused without quoting it: %s', async (endpoint) => {
		const body = { endpoint, ticket: 'ticket-12345' };
		const error = await failureOf(requestTicket(account, { httpRequest: async () => ({ statusCode: 200, body }) }));
		expect(error.message).toContain('does not belong to DingTalk');
		expect(JSON.stringify([error.message, error.details, error.rawResponse])).not.toMatch(/secret-1|ticket-12345/i);
	});

	it('is named where it carries none', async () => {
		const body = { endpoint: 'wss://attacker.example/connect', ticket: 'ticket-12345' };
		const error = await failureOf(requestTicket(account, { httpRequest: async () => ({ statusCode: 200, body }) }));
		expect(error.message).toContain(': attacker.example');
	});
});

describe('A ticket that is not issued', () => {
	it.each([400, 401, 403, 429, 500])('quotes no Client Secret that a gateway returned with %i', async (status) => {
		const account = readAccount({ region: 'china', clientId: 'id', clientSecret: 'client-secret-1' });
		const body = { code: 'client-secret-1', message: 'sent: client-secret-1', requestid: 'client-secret-1' };
		const error = await failureOf(requestTicket(account, { httpRequest: async () => ({ statusCode: status, body }) }));
		expect(JSON.stringify([error.message, error.details, error.rawResponse])).not.toContain('client-secret-1');
	});

	it.each<[number, unknown]>([
		[200, '<html>Please log in</html>'],
		[200, {}],
		[302, ''],
		[403, '<html>Blocked by the proxy</html>'],
		[404, { code: 'NotFound' }],
		[500, {}],
		[503, 'Service Unavailable'],
		[200, { endpoint: 'wss://attacker.example', ticket: 't' }],
		[200, { endpoint: 'no address', ticket: 't' }],
		[429, { code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', message: 'slow down' }],
	])('can come by itself later: status %i, %j', async (status, body) => {
		expect(isPermanent(await failureOf(request('china', status, body)))).toBe(false);
	});

	it.each<[number, unknown, string]>([
		[401, { code: 'authFailed', message: '鉴权失败' }, 'credentials'],
		[403, { code: 'Forbidden', message: 'no' }, 'permission'],
	])('comes only after a change: status %i, %j', async (status, body, kind) => {
		const error = await failureOf(request('china', status, body));
		expect([error.kind, isPermanent(error)]).toEqual([kind, true]);
	});
});
