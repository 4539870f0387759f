import { randomUUID } from 'node:crypto';

import { NO_BODY, OldRefusal, Refusal, type Route } from '../contract';
import { JSON_TYPE, jsonDelivery, XML_TYPE, type Delivery } from '../delivery';
import { fieldsOf } from '../fields';
import type { World } from '../world';

/** A refusal with the name under which the log keeps it. */
export interface Refused {
	delivery: Delivery;
	code: string | number;
}

/** The body of a success, as text; empty for an empty 200. What is text already is XML, which one call gives by default. */
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
	if (error instanceof Refusal) return { code: error.code, delivery: newStyle(error) };
	if (error instanceof OldRefusal) return { code: error.errcode, delivery: oldStyle(error, world) };
	// A mistake in the simulator must be seen, although DingTalk would say no more than this.
	console.error(error);
	return refused(new Refusal(500, 'unknownError', '未知错误'), world);
}

function newStyle({ status, code, message, extra }: Refusal): Delivery {
	const requestid = newRequestId();
	return jsonDelivery(status, { code, requestid, message, ...extra }, { 'x-acs-request-id': requestid });
}

/** The old API always says 200, and what happened in the body. */
function oldStyle({ errcode: number, message, extra }: OldRefusal, world: World): Delivery {
	return jsonDelivery(200, { errcode: errcode(number, world), errmsg: message, ...extra, request_id: oldRequestId() });
}

const errcode = (value: number, world: World): number | string =>
	world.switches.oldErrcodeType === 'string' ? String(value) : value;

const newRequestId = (): string => randomUUID().toUpperCase();

const oldRequestId = (): string => randomUUID().replace(/-/g, '').slice(0, 12);
