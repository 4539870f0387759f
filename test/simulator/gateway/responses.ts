/** Builds success and error responses in the style of the new and the old API. */
import { randomUUID } from 'node:crypto';

import { NO_BODY, OldApiError, ApiError, type Route } from '../contract';
import { JSON_TYPE, jsonResponse, XML_TYPE, type SimulatorResponse } from '../response';
import { fieldsOf } from '../fields';
import type { World } from '../world';

/** An error response with the code for the call log. */
export interface ErrorResponse {
	delivery: SimulatorResponse;
	code: string | number;
}

/** The body of a successful response; empty for an empty 200. A string is XML, which one call returns by default. */
export function successBody(body: unknown, route: Route, world: World): string {
	if (body === NO_BODY) return '';
	if (route.style === 'new') return typeof body === 'string' ? body : JSON.stringify(body);
	return JSON.stringify({ errcode: errcode(0, world), errmsg: 'ok', ...fieldsOf(body), request_id: oldRequestId() });
}

export const successResponse = (text: string): SimulatorResponse => ({
	status: 200,
	contentType: text.startsWith('<') ? XML_TYPE : JSON_TYPE,
	headers: { 'x-acs-request-id': newRequestId() },
	text,
});

export function errorResponse(error: unknown, world: World): ErrorResponse {
	if (error instanceof ApiError) return { code: error.code, delivery: newStyleError(error, world) };
	if (error instanceof OldApiError) return { code: error.errcode, delivery: oldStyleError(error, world) };
	// A bug in the simulator must be visible, although DingTalk would return only this.
	console.error(error);
	return errorResponse(new ApiError(500, 'unknownError', '未知错误'), world);
}

/** Messages of the back end that the calendar returns with a prefix: about rooms and about deleted events. */
const BACK_END_MESSAGES: Array<[RegExp, number]> = [
	[/^room busy$|^\[\{"roomName"/, 321_001],
	[/^(roomId invalid|Event does not exist\.|Cannot patch event that is not in 'confirmed' status\.)$/, 300_000],
];

function withPrefix(message: string, world: World): string {
	const [, number] = BACK_END_MESSAGES.find(([pattern]) => pattern.test(message)) ?? [];
	const prefixed = number !== undefined && world.switches.messagePrefix === 'developerMessage';
	return prefixed ? `code: ${number}, developerMessage: ${message}` : message;
}

function newStyleError({ status, code, message, extra }: ApiError, world: World): SimulatorResponse {
	const requestid = newRequestId();
	const hasRetryAfter = code.includes('.QpsLimitFor') && world.switches.throttleHeaders === 'retryAfter';
	return jsonResponse(
		status,
		{ code, requestid, message: withPrefix(message, world), ...extra },
		{ 'x-acs-request-id': requestid, ...(hasRetryAfter ? { 'retry-after': '1' } : {}) },
	);
}

/** Errcodes that the gateway wraps into errcode 88. */
const WRAPPED_ERRCODES = [90_002, 90_018, 90_020, 60_020];

/** The old API always returns HTTP 200 with the error in the body. */
function oldStyleError({ errcode: number, message, extra }: OldApiError, world: World): SimulatorResponse {
	if (WRAPPED_ERRCODES.includes(number) && world.switches.oldThrottle === 'wrapped') {
		const text = `ding talk error[subcode=${number},submsg=${message}]`;
		return oldStyleError(new OldApiError(88, text, { sub_code: String(number), sub_msg: message }), world);
	}
	return jsonResponse(200, { errcode: errcode(number, world), errmsg: message, ...extra, request_id: oldRequestId() });
}

const errcode = (value: number, world: World): number | string =>
	world.switches.oldErrcodeType === 'string' ? String(value) : value;

const newRequestId = (): string => randomUUID().toUpperCase();

const oldRequestId = (): string => randomUUID().replace(/-/g, '').slice(0, 12);
