/** Parses responses: finds the error in DingTalk's two formats, and in what a proxy sends instead. */
import type { ApiCall } from '../endpoints';
import { DingTalkError } from '../errors/DingTalkError';
import { explainRefusal, type Refusal } from '../errors/catalog';
import { isObject } from '../utils/isObject';

export interface ApiResponse {
	status: number;
	body: unknown;
}

const asText = (value: unknown): string =>
	typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

function readScopes(body: Record<string, unknown>): string[] {
	const detail = isObject(body.accessdenieddetail) ? body.accessdenieddetail : body.accessDeniedDetail;
	const scopes = isObject(detail) ? detail.requiredScopes : undefined;
	return Array.isArray(scopes) ? scopes.filter((scope): scope is string => typeof scope === 'string') : [];
}

/** Reads the error of a response in either format; undefined means that the call succeeded. */
function readRefusal(response: ApiResponse): Refusal | undefined {
	const body = isObject(response.body) ? response.body : {};
	const requestId = asText(body.requestid ?? body.requestId ?? body.request_id) || undefined;
	const errcode = asText(body.errcode);
	if (errcode !== '' && errcode !== '0') {
		// 88 wraps an error of the gateway.
		const inner = errcode === '88' ? asText(body.sub_code) : '';
		return {
			status: response.status,
			code: inner || errcode,
			text: (inner && asText(body.sub_msg)) || asText(body.errmsg),
			requestId,
			scopes: readScopes(body),
		};
	}
	if (response.status >= 200 && response.status < 300 && asText(body.status) !== '1111') return undefined;
	return {
		status: response.status,
		code: asText(body.status) === '1111' ? '1111' : asText(body.code ?? body.Code),
		text: asText(body.message ?? body.Message),
		requestId,
		scopes: readScopes(body),
	};
}

const isHtml = (body: unknown): boolean => typeof body === 'string' && /^\s*</.test(body);

function htmlError({ status }: ApiResponse): DingTalkError {
	const banned = status === 200 || status === 403;
	return new DingTalkError({
		kind: banned ? 'banned' : 'server',
		message: banned
			? "Received a web page instead of a response; DingTalk may have blocked this server's IP address for a few minutes"
			: 'Received a web page instead of a response from DingTalk',
		advice: banned
			? 'Wait five minutes and run fewer items at once. A proxy between n8n and DingTalk can also be the cause.'
			: "Try again in a few minutes. If the error persists, check 'Region' in the credential and any proxy between n8n and DingTalk.",
		status,
	});
}

const incompleteResponseError = ({ status }: ApiResponse): DingTalkError =>
	new DingTalkError({
		kind: 'server',
		message: "DingTalk's response was incomplete or empty",
		advice: 'Try again in a few minutes.',
		status,
	});

/** The error of a response, or undefined if the call succeeded. */
export function readError(response: ApiResponse, call: ApiCall): DingTalkError | undefined {
	if (isHtml(response.body)) return htmlError(response);
	const refusal = readRefusal(response);
	if (refusal) return explainRefusal(refusal, call);
	if (call.responseBody === 'json' && !isObject(response.body)) return incompleteResponseError(response);
	return undefined;
}
