/** Applies faults to calls, tokens and responses. */
import { randomUUID } from 'node:crypto';

import { ApiError, type Route } from '../contract';
import { dropped, hanging, jsonResponse, type SimulatorResponse } from '../response';
import { TokenStore, type Token } from '../tokens';
import type { World } from '../world';
import type { FaultRule } from './faults';
import { throttleError } from './throttle';

/** Returns the response when the fault prevents the call from running; throws DingTalk's own errors. */
export function applyFaultBeforeCall(fault: FaultRule, route: Route | undefined): SimulatorResponse | undefined {
	switch (fault.do) {
		case 'throttleQps':
			throw throttleError('Qps', route?.style ?? 'new');
		case 'throttleQpm':
			throw throttleError('Qpm', route?.style ?? 'new');
		case 'status':
			return statusResponse(fault);
		case 'dropBeforeCommit':
			return dropped;
		case 'hangBeforeCommit':
			return hanging;
		case 'html':
			return htmlPage(fault.status ?? 502);
		case 'banned':
			return jsonResponse(fault.status ?? 403, {
				status: 1111,
				wait: 5,
				source: 'x5',
				punish: 'deny',
				uuid: randomUUID().replace(/-/g, ''),
			});
		default:
			return undefined;
	}
}

export function applyFaultToToken(fault: FaultRule, token: Token | undefined, world: World): void {
	if (token === undefined) return;
	if (fault.do === 'expireToken') world.use(TokenStore).expire(token);
	if (fault.do === 'revokeToken') world.use(TokenStore).revoke(token);
}

/** Changes the response of a call that has run. */
export function applyFaultToResponse(fault: FaultRule, delivery: SimulatorResponse): SimulatorResponse {
	switch (fault.do) {
		case 'dropAfterCommit':
			return dropped;
		case 'hangAfterCommit':
			return hanging;
		case 'truncate':
			return { ...delivery, text: delivery.text.slice(0, Math.floor(delivery.text.length / 2)) };
		case 'emptyBody':
			return { ...delivery, text: '' };
		case 'wrongContentType':
			return { ...delivery, contentType: 'text/html; charset=utf-8' };
		case 'slowBody':
			return { ...delivery, pauseMidwayMs: fault.delayMs };
		default:
			return delivery;
	}
}

function statusResponse({
	status = 500,
	code = 'unknownError',
	message = '未知错误',
	body,
}: FaultRule): SimulatorResponse {
	if (body === undefined) throw new ApiError(status, code, message);
	const delivery = jsonResponse(status, body);
	return typeof body === 'string' ? { ...delivery, text: body, contentType: 'text/plain; charset=utf-8' } : delivery;
}

const htmlPage = (status: number): SimulatorResponse => ({
	status,
	contentType: 'text/html',
	headers: {},
	text: [
		'<html>',
		`<head><title>${status} Bad Gateway</title></head>`,
		'<body>',
		`<center><h1>${status} Bad Gateway</h1></center>`,
		'<hr><center>tengine</center>',
		'</body>',
		'</html>',
	].join('\r\n'),
});
