/** Whether an answer is good. DingTalk refuses in two styles, and proxies in a third. */
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

/** Finds the refusal in an answer of either style; undefined means that the call succeeded. */
function readRefusal(answer: ApiResponse): Refusal | undefined {
	const body = isObject(answer.body) ? answer.body : {};
	const requestId = asText(body.requestid ?? body.requestId ?? body.request_id) || undefined;
	const errcode = asText(body.errcode);
	if (errcode !== '' && errcode !== '0') {
		// 88 is the gateway's envelope; the reason is inside.
		const inner = errcode === '88' ? asText(body.sub_code) : '';
		return {
			status: answer.status,
			code: inner || errcode,
			text: (inner && asText(body.sub_msg)) || asText(body.errmsg),
			requestId,
			scopes: readScopes(body),
		};
	}
	if (answer.status >= 200 && answer.status < 300 && asText(body.status) !== '1111') return undefined;
	return {
		status: answer.status,
		code: asText(body.status) === '1111' ? '1111' : asText(body.code ?? body.Code),
		text: asText(body.message ?? body.Message),
		requestId,
		scopes: readScopes(body),
	};
}

const isHtml = (body: unknown): boolean => typeof body === 'string' && /^\s*</.test(body);

function htmlError(answer: ApiResponse): DingTalkError {
	const banned = answer.status === 200 || answer.status === 403;
	return new DingTalkError({
		kind: banned ? 'banned' : 'server',
		message: banned
			? 'A web page came back instead of an answer; DingTalk may have blocked this network address for a few minutes'
			: 'A web page came back instead of an answer from DingTalk',
		advice: banned
			? 'Wait five minutes and run fewer items at once. A proxy between n8n and DingTalk can also be the reason.'
			: "Try again in a few minutes. If it lasts, check 'Region' in the credential and any proxy between n8n and DingTalk.",
		status: answer.status,
	});
}

const incompleteResponseError = (answer: ApiResponse): DingTalkError =>
	new DingTalkError({
		kind: 'server',
		message: 'The answer from DingTalk was cut off or empty',
		advice: 'Try again in a few minutes.',
		status: answer.status,
	});

/** What is wrong with an answer, or undefined when it is good. */
export function readError(answer: ApiResponse, call: ApiCall): DingTalkError | undefined {
	if (isHtml(answer.body)) return htmlError(answer);
	const refused = readRefusal(answer);
	if (refused) return explainRefusal(refused, call);
	if (call.responseBody === 'json' && !isObject(answer.body)) return incompleteResponseError(answer);
	return undefined;
}
