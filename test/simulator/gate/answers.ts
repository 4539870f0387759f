/** Builds success and error responses in the style of the new and the old API. */
import { randomUUID } from 'node:crypto';

import { NO_BODY, OldRefusal, Refusal, type Route } from '../contract';
import { JSON_TYPE, jsonDelivery, XML_TYPE, type Delivery } from '../delivery';
import { fieldsOf } from '../fields';
import type { World } from '../world';

/** An error response with the code for the call log. */
export interface Refused {
	delivery: Delivery;
	code: string | number;
}

/** The body of a successful response; empty for an empty 200. A string is XML, which one call returns by default. */
export function successText(body: unknown, route: Route, world: World): string {
	if (body === NO_BODY) return '';
	if (route.style === 'new') return typeof body === 'string' ? body : JSON.stringify(body);
	return JSON.stringify({ errcode: errcode(0, world), errmsg: 'ok', ...fieldsOf(body), request_id: oldRequestId() });
}

export const success = (text: string): Delivery => ({
	status: 200,
	contentType: text.startsWith('<') ? XML_TYPE : JSON_TYPE,
	headers: { 'x-acs-request-id': newRequestId() },
	text,
});

export function refused(error: unknown, world: World): Refused {
	if (error instanceof Refusal) return { code: error.code, delivery: newStyle(error, world) };
	if (error instanceof OldRefusal) return { code: error.errcode, delivery: oldStyle(error, world) };
	// A bug in the simulator must be visible, although DingTalk would return only this.
	console.error(error);
	return refused(new Refusal(500, 'unknownError', '未知错误'), world);
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

function newStyle({ status, code, message, extra }: Refusal, world: World): Delivery {
	const requestid = newRequestId();
	const comeBack = code.includes('.QpsLimitFor') && world.switches.throttleHeaders === 'retryAfter';
	return jsonDelivery(
		status,
		{ code, requestid, message: withPrefix(message, world), ...extra },
		{ 'x-acs-request-id': requestid, ...(comeBack ? { 'retry-after': '1' } : {}) },
	);
}

/** Errcodes that the gateway wraps into errcode 88. */
const WRAPPED = [90_002, 90_018, 90_020, 60_020];

/** The old API always returns HTTP 200 with the error in the body. */
function oldStyle({ errcode: number, message, extra }: OldRefusal, world: World): Delivery {
	if (WRAPPED.includes(number) && world.switches.oldThrottle === 'wrapped') {
		const text = `ding talk error[subcode=${number},submsg=${message}]`;
		return oldStyle(new OldRefusal(88, text, { sub_code: String(number), sub_msg: message }), world);
	}
	return jsonDelivery(200, { errcode: errcode(number, world), errmsg: message, ...extra, request_id: oldRequestId() });
}

const errcode = (value: number, world: World): number | string =>
	world.switches.oldErrcodeType === 'string' ? String(value) : value;

const newRequestId = (): string => randomUUID().toUpperCase();

const oldRequestId = (): string => randomUUID().replace(/-/g, '').slice(0, 12);
