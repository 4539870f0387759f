/** Tests the kind and the message of each known error response. */
import { readAccount } from '../../../lib/dingtalk/account';
import { api, type ApiCall } from '../../../lib/dingtalk/endpoints';
import { readError, readErrorFields, readSuccess, type ApiResponse } from '../../../lib/dingtalk/client/parseResponse';
import {
	DingTalkError,
	networkError,
	withOldHostAdvice,
	type ErrorKind,
} from '../../../lib/dingtalk/errors/DingTalkError';
import { old, refused, REFUSALS } from './refusals';

function errorOf(answer: ApiResponse, call: ApiCall = api.updateEvent): DingTalkError {
	const error = readError(answer, call);
	if (!error) throw new Error('The response counts as a success');
	return error;
}

describe('An error response', () => {
	it.each(REFUSALS)('is an error of the kind %s with the message "%s": %j', (...row) => {
		const [kind, words, answer, call] = row;
		const { kind: found, message, details } = errorOf(answer, call);
		expect({ kind: found, message }).toEqual({ kind, message: expect.stringContaining(words) });
		expect(details.advice).toMatch(/\.$/);
	});

	it('is recognized by its code in upper or lower case, because documentation and responses differ', () => {
		expect(errorOf(refused(403, 'forbidden.accessdenied.accesstokenpermissiondenied')).kind).toBe('permission');
		expect(errorOf(refused(404, 'ItemNotFound')).kind).toBe('missing');
	});

	it('keeps the status, code, message and request ID that DingTalk support asks for', () => {
		expect(errorOf(refused(404, 'itemNotFound')).rawResponse).toBe(
			'DingTalk answered: HTTP 404, code itemNotFound, "说明", request ID R-1',
		);
		expect(errorOf(old('60121'), api.userByUserId).rawResponse).toBe(
			'DingTalk answered: HTTP 200, code 60121, "说明", request ID r1',
		);
		expect(errorOf({ status: 200, body: '' }).rawResponse).toBe('DingTalk answered: HTTP 200');
	});

	it.each<[string, ApiResponse, string]>([
		['a text', { status: 503, body: 'no healthy upstream' }, 'Received: HTTP 503, "no healthy upstream"'],
		[
			'a code of its own',
			{ status: 403, body: { code: 403, message: 'Blocked' } },
			'Received: HTTP 403, code 403, "Blocked"',
		],
		['an error', { status: 451, body: { error: 'Not here' } }, 'Received: HTTP 451, "Not here"'],
		['a web page', { status: 502, body: '<html></html>' }, 'Received: HTTP 502'],
		['nothing', { status: 407, body: '' }, 'Received: HTTP 407'],
	])('does not call it an answer of DingTalk if a program in between sends %s', (_, response, raw) =>
		expect(errorOf(response).rawResponse).toBe(raw),
	);

	it('has the request ID of the header where the body has none', () => {
		const requestId = 'H-1';
		for (const response of [
			{ status: 200, body: { result: false }, requestId },
			{ status: 400, body: { code: 'invalidParameter' }, requestId },
			{ status: 418, body: '', requestId },
		])
			expect(errorOf(response).details.requestId).toBe(requestId);
		expect(errorOf({ ...refused(400, 'invalidParameter'), requestId }).details.requestId).toBe('R-1');
	});

	it('does not show the placeholder that DingTalk sends instead of a message', () => {
		const { message, details } = errorOf(refused(400, 'invalidParameter', { message: 'forwardErrorMessage' }));
		expect(message + details.advice).not.toContain('forwardErrorMessage');
	});

	it.each(['accessdenieddetail', 'accessDeniedDetail'])(
		'names the missing permissions that DingTalk lists in %s',
		(key) => {
			const answer = refused(403, 'Forbidden.AccessDenied.AccessTokenPermissionDenied', {
				[key]: { requiredScopes: ['Calendar.Event.Write', 'A.B'] },
			});
			expect(errorOf(answer).details).toMatchObject({
				scopes: ['Calendar.Event.Write', 'A.B'],
				advice: expect.stringContaining('Select the permission Calendar.Event.Write, A.B for your app'),
			});
		},
	);

	it.each(Object.entries(api))('names the permission of %s if DingTalk lists none', (_, call) => {
		const answer =
			call.style === 'new' ? refused(403, 'Forbidden.AccessDenied.AccessTokenPermissionDenied') : old('60011');
		expect(errorOf(answer, call).details.advice).toContain(`Select the permission ${call.scope} for your app`);
	});
});

describe('An error wrapped by the old gateway', () => {
	it.each<[unknown, string, ErrorKind]>([
		[88, '40014', 'token'],
		['88', '60011', 'permission'],
		[88, '90018', 'throttle'],
	])('%j with the inner code %s is unwrapped', (errcode, code, kind) => {
		const error = errorOf(old(errcode, { sub_code: code, sub_msg: '里面' }), api.userByUserId);
		expect(error.kind).toBe(kind);
		expect(error.details).toMatchObject({ code, text: '里面' });
	});

	it('is read at once, however long and strange its message is', () => {
		const errmsg = 'requiredScopes=[submsg=subcode='.repeat(100_000);
		expect(errorOf(old(88, { errmsg }), api.userByUserId).kind).toBe('input');
	});

	it('without an inner code is an error of its own', () => {
		expect(errorOf(old(88), api.userByUserId).details).toMatchObject({ kind: 'input', code: '88', text: '说明' });
	});
});

describe('A successful response', () => {
	it.each<[string, ApiResponse, ApiCall]>([
		['with its JSON body', { status: 200, body: { id: 'e' } }, api.updateEvent],
		['of the old API with a numeric errcode', { status: 200, body: { errcode: 0, result: {} } }, api.userByUserId],
		['of the old API with an errcode as text', { status: 200, body: { errcode: '0', result: {} } }, api.userByUserId],
		['without a body if none is expected', { status: 200, body: '' }, api.deleteEvent],
		['with a request ID if no body is expected', { status: 200, body: { requestId: 'R-1' } }, api.deleteEvent],
		['with an event that has a status', { status: 200, body: { status: 'confirmed' } }, api.getEvent],
	])('is not an error: %s', (_, answer, call) => {
		expect(readError(answer, call)).toBeUndefined();
	});
});

describe('A response that says nothing of a success', () => {
	it.each<[string, ApiResponse, ApiCall]>([
		['a part of a body where none is expected', { status: 200, body: '{"requ ' }, api.deleteEvent],
		['a list where no body is expected', { status: 200, body: [{ id: 'e' }] }, api.respond],
		['false where no body is expected', { status: 200, body: false }, api.addAttendees],
		['no body where a result is documented', { status: 200, body: '' }, api.unsubscribe],
	])('leaves the outcome of a write unknown: %s', (_, answer, call) => {
		expect(errorOf(answer, call).isOutcomeUnknown).toBe(true);
	});

	const unclear: Array<[ApiCall, unknown]> = [
		[api.cancelEvent, {}],
		[api.cancelEvent, { result: null, requestId: 'R-1' }],
		[api.cancelEvent, { result: {} }],
		[api.checkIn, { checkOutTime: 1 }],
		[api.checkInOld, {}],
		[api.checkOut, { checkOutTime: null }],
		[api.updateEvent, { requestId: 'R-1' }],
		[api.updateEvent, { id: null, summary: '' }],
	];
	const done: Array<[ApiCall, unknown]> = [
		[api.cancelEvent, { result: 'true' }],
		[api.cancelEvent, { result: { success: true } }],
		[api.cancelEvent, { success: true }],
		[api.transferEvent, { errcode: 0, errmsg: 'ok' }],
		[api.bookRooms, { code: 'OK' }],
		[api.checkIn, { checkInTime: 1 }],
		[api.checkOut, { checkOutTime: '1' }],
		[api.updateEvent, { summary: 'A' }],
		[api.deleteEvent, {}],
		[api.subscribe, {}],
	];

	it.each([
		...unclear.map(([call, body]) => ({ call, body, action: call.action, isUnclear: true })),
		...done.map(([call, body]) => ({ call, body, action: call.action, isUnclear: false })),
	])('is an error where something is documented that it lacks: $action, $body', ({ call, body, isUnclear }) => {
		const outcome = readSuccess({ status: 200, body, requestId: 'R-1' }, call);
		expect(outcome instanceof DingTalkError && outcome.isOutcomeUnknown).toBe(isUnclear);
		if (isUnclear) expect(outcome).toMatchObject({ details: { kind: 'unclear', requestId: 'R-1' } });
	});

	it.each([{ success: 0 }, { success: 'False' }, { result: 'False' }, { result: { success: '0' } }])(
		'is a denial of a write if it says no in other words: %j',
		(body) => {
			for (const call of [api.cancelEvent, api.deleteEvent])
				expect(errorOf({ status: 200, body }, call).message).toContain('its response does not say why');
		},
	);
});

it('The error of a token or a ticket shows no code of the back end', () => {
	const body = { code: 'x', message: 'code: 300000, developerMessage: not known' };
	expect(readErrorFields({ status: 400, body })).toMatchObject({ code: 'x', text: 'not known' });
});

describe('A network error', () => {
	it.each<[string, Record<string, string>, string]>([
		['the international region', {}, 'oapi.dingtalk.io'],
		['China', { region: 'china' }, 'oapi.dingtalk.com'],
		[
			'a gateway',
			{ region: 'custom', baseUrl: 'https://new.example', oldBaseUrl: 'https://old.example:8443/x' },
			'old.example:8443',
		],
	])('says once what does not work without the host of the old API: %s', (_, fields, host) => {
		const account = readAccount({ clientId: 'app', clientSecret: 'secret', ...fields });
		const error = withOldHostAdvice(networkError(host, 'ENOTFOUND'), api.userByUserId, account) as DingTalkError;
		expect(error.message).toContain(`Could not reach ${host}`);
		expect(error.details.advice.match(/look(s|ed)? up/g)).toHaveLength(1);
		expect(error.details.advice).toContain(`only at ${host}. Everything else works without it: use union IDs.`);
		const other = withOldHostAdvice(networkError(host, 'ENOTFOUND'), api.getEvent, account) as DingTalkError;
		expect(other.details.advice).not.toContain('only at');
	});

	it.each([
		['ECONNREFUSED', 'the connection was refused'],
		['ENOTFOUND', 'the host name does not exist'],
		['EAI_AGAIN', 'the host name could not be resolved'],
		['ECONNRESET', 'the connection was reset'],
		['ECONNABORTED', 'the request timed out'],
		['ETIMEDOUT', 'the request timed out'],
		['CERT_HAS_EXPIRED', 'its certificate has expired'],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is self-signed'],
		['SELF_SIGNED_CERT_IN_CHAIN', 'n8n does not trust who issued its certificate'],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'n8n does not trust who issued its certificate'],
		['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'n8n does not trust who issued its certificate'],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another host'],
		['', 'the connection was lost'],
		['ESOMETHING', 'the connection was lost'],
	])('with the code %j names the host and the reason', (code, reason) => {
		const error = networkError('api.dingtalk.io', code);
		expect(error.kind).toBe('network');
		expect(error.message).toBe(`Could not reach api.dingtalk.io: ${reason}`);
		expect(error.rawResponse).toBe(code === '' ? '' : `Network code: ${code}`);
		const isCertificate = /CERT|LEAF/.test(code);
		expect(error.details.advice.includes('NODE_EXTRA_CA_CERTS')).toBe(isCertificate);
		// Nothing was sent over a connection that n8n did not trust.
		if (isCertificate) expect(error.isOutcomeUnknown).toBe(false);
	});

	it('says of a missing permission that the app has to be published', () => {
		const [, , answer] =
			REFUSALS.find(([, , { body }]) => JSON.stringify(body).includes('AccessTokenPermissionDenied')) ?? [];
		expect(answer && readError(answer, api.getEvent)?.details.advice).toContain('and publish the app');
	});
});

/** n8n replaces any message that contains one of these, in upper or lower case. */
const REPLACED_BY_N8N = [
	'ECONNREFUSED',
	'ECONNRESET',
	'ENOTFOUND',
	'ETIMEDOUT',
	'ERRADDRINUSE',
	'EADDRNOTAVAIL',
	'ECONNABORTED',
	'EHOSTUNREACH',
	'EAI_AGAIN',
	'ENOENT',
	'EISDIR',
	'ENOTDIR',
	'EACCES',
	'EEXIST',
	'EPERM',
	'GETADDRINFO',
];

describe('An error message', () => {
	const calls = Object.values(api);
	const errors = [
		...REFUSALS.flatMap(([, , answer]) => calls.flatMap((call) => readError(answer, call) ?? [])),
		...[
			'ECONNREFUSED',
			'ENOTFOUND',
			'EAI_AGAIN',
			'ECONNRESET',
			'ECONNABORTED',
			'ETIMEDOUT',
			'CERT_HAS_EXPIRED',
			'',
		].map((code) => networkError('api.dingtalk.io', code)),
	];

	it('never contains a text for which n8n would replace it', () => {
		const replaced = errors.filter(({ message }) =>
			REPLACED_BY_N8N.some((text) => message.toUpperCase().includes(text)),
		);
		expect(replaced.map(({ message }) => message)).toEqual([]);
	});

	it('is one sentence without a period, because n8n adds the item; the advice is full sentences', () => {
		for (const { message, details } of errors) {
			expect(message).toMatch(/^[A-Z]\S* .*[^.\s]$/);
			expect(details.advice).toMatch(/^[A-Z].*\.$/);
		}
	});

	it('contains no error codes, statuses or API field names', () => {
		for (const { message } of errors) expect(message).not.toMatch(/\b[45]\d\d\b|errcode|unionId|clientToken|Forbidden/);
	});
});
