/** Parses responses: finds the error in DingTalk's two formats, and in what a proxy sends instead; reads the body tolerantly. */
import type { ApiCall } from '../endpoints';
import { DingTalkError, type ErrorDetails } from '../errors/DingTalkError';
import { readBody, withEventId } from '../events/readEvent';
import { explainRefusal, type Refusal } from '../errors/catalog';
import { asBoolean, asText, isObject } from '../utils/json';
import { withoutBackEndPrefix } from '../utils/text';
import { checkTypes } from './fieldTypes';
import type { CallInput } from './types';
import { t } from '../../locale/t';

export interface ApiResponse {
	status: number;
	body: unknown;
	/** From the headers; errors of DingTalk repeat it in their body. */
	requestId?: string;
}

function textBetween(text: string, before: string, after: string): string {
	const found = text.indexOf(before);
	const start = found + before.length;
	return found < 0 ? '' : text.slice(start, Math.max(start, text.indexOf(after, start)));
}

function readScopes(body: Record<string, unknown>): string[] {
	const detail = isObject(body.accessdenieddetail) ? body.accessdenieddetail : body.accessDeniedDetail;
	const scopes = isObject(detail) ? detail.requiredScopes : undefined;
	return Array.isArray(scopes) ? scopes.filter((scope): scope is string => typeof scope === 'string') : [];
}

/** Far longer than any message of the gateway, and short enough to be searched for its parts, whatever it is. */
const MAX_WRAPPED_LENGTH = 5000;

/** Errcode 88 wraps an error of the gateway. Its parts may stand in the message only. */
function readWrapped(body: Record<string, unknown>): Pick<Refusal, 'code' | 'text' | 'scopes'> {
	const message = asText(body.errmsg).slice(0, MAX_WRAPPED_LENGTH);
	const [, code = '88'] = /\bsubcode=(\d+)/.exec(message) ?? [];
	const textAt = message.search(/\bsubmsg=/);
	const text = textAt < 0 ? message : message.slice(textAt + 'submsg='.length).replace(/\]$/, '');
	const named = textBetween(message, 'requiredScopes=[', ']')
		.split(',')
		.map((scope) => scope.trim());
	return {
		code: asText(body.sub_code) || code,
		text: asText(body.sub_msg) || text,
		scopes: [...readScopes(body), ...named.filter(Boolean)],
	};
}

/** What a response in the new format says of its error; the errors of tokens and Stream tickets are explained where they are read. */
export function readErrorFields(response: ApiResponse): Pick<ErrorDetails, 'status' | 'code' | 'text' | 'requestId'> {
	const { code, message } = isObject(response.body) ? response.body : {};
	return {
		status: response.status,
		code: asText(code) || undefined,
		text: withoutBackEndPrefix(asText(message)) || undefined,
		requestId: readRequestId(response),
	};
}

/** The body of an error names the request; where it does not, a header does. */
function readRequestId({ body, requestId }: Partial<ApiResponse>): string | undefined {
	const fields = isObject(body) ? body : {};
	return asText(fields.requestid ?? fields.requestId ?? fields.request_id) || requestId;
}

/** Reads the error of a response in either format; undefined means that the call succeeded. */
function readRefusal(response: ApiResponse, call: ApiCall): Refusal | undefined {
	const refusal = readFields(response, call);
	return refusal && { ...refusal, text: withoutBackEndPrefix(refusal.text) };
}

/** A result of zero is no denial: it is a usual code of success. */
const isFalse = (value: unknown): boolean => asBoolean(value) === false && asText(value) !== '0';

/** Writes respond with `result: true`; in a response to a read, `result` is what was asked for. */
const isDenied = ({ result, success }: Record<string, unknown>, { isRead }: ApiCall): boolean =>
	asBoolean(success) === false ||
	(!isRead && (isFalse(result) || (isObject(result) && asBoolean(result.success) === false)));

/** No documented response has a code unless it is a refusal; gateways put one into each. */
const isCodeOfRefusal = (code: string): boolean => !/^(0|200|ok|success)?$/i.test(code);

function readFields(response: ApiResponse, call: ApiCall): Refusal | undefined {
	const body = isObject(response.body) ? response.body : {};
	const requestId = readRequestId(response);
	const errcode = asText(body.errcode);
	if (errcode !== '' && errcode !== '0') {
		return {
			status: response.status,
			...(errcode === '88'
				? readWrapped(body)
				: { code: errcode, text: asText(body.errmsg), scopes: readScopes(body) }),
			requestId,
		};
	}
	const code = asText(body.status) === '1111' ? '1111' : asText(body.code ?? body.Code);
	const text = asText(body.message ?? body.Message ?? (isObject(body.result) ? body.result.message : undefined));
	const denied = isDenied(body, call);
	if (response.status >= 200 && response.status < 300) {
		const isRefusal = code === '1111' || (errcode === '' && isCodeOfRefusal(code));
		if (!isRefusal && !denied) return undefined;
	}
	return { status: response.status, code, text, requestId, scopes: readScopes(body), ...(denied ? { denied } : {}) };
}

const isHtml = (body: unknown): boolean => typeof body === 'string' && /^\s*</.test(body);

/** One web page says nothing about other calls: a proxy sends it for one of them, a ban for all. */
function htmlError(response: ApiResponse): DingTalkError {
	const maybeBanned = response.status === 200 || response.status === 403;
	return foreignError(response, {
		kind: 'server',
		message: maybeBanned
			? t`Received a web page instead of a response; a proxy may have sent it, or DingTalk may have blocked this server's IP address for a few minutes`
			: t`Received a web page instead of a response from DingTalk`,
		advice: maybeBanned
			? t`Check any proxy between n8n and DingTalk. If there is none, wait five minutes and run fewer items at once.`
			: t`Try again in a few minutes. If the error persists, check 'Region' in the credential and any proxy between n8n and DingTalk.`,
	});
}

const isRedirect = ({ status }: ApiResponse): boolean => status >= 300 && status < 400;

/** DingTalk's codes are words, or numbers of its own; a gateway repeats the status. */
function isCoded({ status, body }: ApiResponse): boolean {
	const code = isObject(body) ? (body.code ?? body.Code ?? body.errcode) : undefined;
	return code !== undefined && asText(code) !== String(status);
}

/** What another program says, by which its owner finds the reason. A web page is too long for that. */
function readForeignText({ body }: ApiResponse): string | undefined {
	if (isObject(body)) return asText(body.message ?? body.Message ?? body.error) || undefined;
	return typeof body === 'string' && !isHtml(body) ? body.trim() || undefined : undefined;
}

/** The error for a response of another program than DingTalk. */
const foreignError = (response: ApiResponse, error: Pick<ErrorDetails, 'kind' | 'message' | 'advice'>): DingTalkError =>
	new DingTalkError({
		...readErrorFields(response),
		...error,
		text: readForeignText(response),
		isForeign: isRedirect(response) || !isCoded(response),
	});

/** Statuses that DingTalk does not send, so something between n8n and DingTalk does. */
function statusError(response: ApiResponse): DingTalkError | undefined {
	const { status, body } = response;
	if (status === 413 || status === 414 || status === 431) {
		return foreignError(response, {
			kind: 'input',
			message: t`The request is too large for DingTalk or for a proxy in front of it`,
			advice: t`Send less at once: shorten the description, or split the list of people.`,
		});
	}
	if (status === 408) {
		return foreignError(response, {
			kind: 'server',
			message: t`The request timed out before DingTalk had received all of it`,
			advice: t`Try again in a few minutes. If the error persists, check the connection of your n8n server and its proxy.`,
		});
	}
	if (status === 407) {
		return foreignError(response, {
			kind: 'input',
			message: t`The proxy between n8n and DingTalk asks for a login`,
			advice: t`Add the user name and password to the proxy settings of your n8n server.`,
		});
	}
	const redirected = isRedirect(response);
	if (!redirected && isCoded(response)) return undefined;
	if (status >= 500 && isFromGateway(response)) return gatewayError(response);
	if (!redirected && status !== 404) return isHtml(body) ? undefined : foreignRefusal(response);
	return foreignError(response, {
		kind: 'input',
		message: redirected
			? t`The call was redirected to another address; DingTalk does not do that`
			: t`Nothing answers at this address; the response is not from DingTalk`,
		advice: t`Check 'Region' and the base URLs in the credential, and any proxy between n8n and DingTalk.`,
	});
}

/** DingTalk's own errors have a code. These statuses are from a program that could not reach the next one. */
function isFromGateway({ status, body }: ApiResponse): boolean {
	if (status >= 502 && status <= 504) return true;
	if (isHtml(body)) return false;
	return typeof body === 'string' ? body.trim() !== '' : isObject(body) && Object.keys(body).length > 0;
}

const gatewayError = (response: ApiResponse): DingTalkError =>
	foreignError(response, {
		kind: 'server',
		message: t`A gateway between n8n and DingTalk answered in place of DingTalk`,
		advice: t`Try again in a few minutes. If the error persists, check the proxy of your n8n server, and 'Region' in the credential.`,
	});

/** DingTalk has these statuses too: without a text, such a refusal may be its own. */
const MAY_BE_OWN: readonly number[] = [400, 401, 409];

/** DingTalk refuses calls in JSON with a code, so a refusal without one is another program's. */
function foreignRefusal(response: ApiResponse): DingTalkError | undefined {
	const { status, body } = response;
	const isBan = isObject(body) && asText(body.status) === '1111';
	if (status < 400 || status === 429 || status >= 500 || isBan) return undefined;
	const isText = typeof body === 'string' && body.trim() !== '';
	if (!isText && MAY_BE_OWN.includes(status)) return undefined;
	return foreignError(response, {
		kind: 'input',
		message: t`Something between n8n and DingTalk refused the call`,
		advice: t`Check the proxy and the firewall of your n8n server, and 'Region' and the base URLs in the credential. DingTalk itself answers with a code.`,
	});
}

export const incompleteResponseError = (response: Partial<ApiResponse> = {}): DingTalkError =>
	new DingTalkError({
		kind: 'server',
		message: t`DingTalk's response was incomplete or empty`,
		advice: t`Try again in a few minutes.`,
		status: response.status,
		requestId: readRequestId(response),
	});

/** Asking again would bring the same, so it is not retried. */
const unreadableError = (response: ApiResponse, field: string): DingTalkError =>
	new DingTalkError({
		kind: 'unclear',
		message: t`DingTalk's response could not be read: the field '${field}' has another type than DingTalk documents`,
		advice: t`Check any proxy between n8n and DingTalk. If there is none, DingTalk may have changed this field: report it, with the request ID.`,
		status: response.status,
		requestId: readRequestId(response),
	});

/** Of calls that respond with nothing else, some add a request ID. */
const isNothing = (body: unknown): boolean =>
	isObject(body) ||
	[undefined, null, true].some((one) => body === one) ||
	(typeof body === 'string' && body.trim() === '') ||
	(Array.isArray(body) && body.length === 0);

const isFilled = (value: unknown): boolean =>
	value !== undefined && value !== null && value !== '' && !(isObject(value) && Object.keys(value).length === 0);

/** Whether a response says that the write was done, in its own words or with a code of success. */
function isConfirmed(body: Record<string, unknown>, confirmedBy: readonly string[]): boolean {
	const { success, code, errcode } = body;
	const isSuccess = [code, errcode].some((one) => asText(one) !== '' && !isCodeOfRefusal(asText(one)));
	return asBoolean(success) === true || isSuccess || confirmedBy.some((name) => isFilled(body[name]));
}

/** What DingTalk has done is not known, and asking again would bring the same. */
const unconfirmedError = (response: ApiResponse, call: ApiCall): DingTalkError =>
	new DingTalkError({
		kind: 'unclear',
		message: t`DingTalk answered without saying whether it could ${call.action}`,
		advice: t`What DingTalk documents for this response was not in it. Check any proxy between n8n and DingTalk.`,
		status: response.status,
		requestId: readRequestId(response),
		mayBeDone: true,
	});

/** The error of a response, or undefined if the call succeeded. */
export function readError(response: ApiResponse, call: ApiCall): DingTalkError | undefined {
	const foreign = statusError(response);
	if (foreign) return foreign;
	if (isHtml(response.body)) return htmlError(response);
	const refusal = readRefusal(response, call);
	if (refusal) return explainRefusal(refusal, call);
	const { body } = response;
	if (call.responseBody === 'json' ? !isObject(body) : !isNothing(body)) return incompleteResponseError(response);
	return undefined;
}

/**
 * The body of a successful response, without nulls, with the times of events read and with the ID of the event; or the error of
 * a response that cannot be read. What a write has done is done, and what is read once is gone: there, unreadable fields are
 * left out.
 */
export function readSuccess(
	response: ApiResponse,
	call: ApiCall,
	{ path = {}, needsAllFields }: Pick<CallInput, 'path' | 'needsAllFields'> = {},
): { body: unknown } | DingTalkError {
	const { body, wrong } = checkTypes(response.body, call.fieldTypes, {
		isEvent: call.describes !== undefined,
		needsAllFields,
	});
	if (call.isRead && !call.isReadOnce && wrong.length > 0) return unreadableError(response, wrong[0]);
	if (call.returnsId && !(isObject(body) && body[call.returnsId])) return incompleteResponseError(response);
	const isUnclear = call.confirmedBy && isObject(response.body) && !isConfirmed(response.body, call.confirmedBy);
	if (isUnclear) return unconfirmedError(response, call);
	const read = readBody(body);
	return { body: call.describes && isObject(read) ? withEventId(read, path[call.describes]) : read };
}
