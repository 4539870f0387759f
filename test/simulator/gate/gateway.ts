/** Handles a DingTalk call: log, faults, token, permission, limits, idempotency and the route. */
import { CalendarStore } from '../calendar/store';
import { OldRefusal, Refusal, type Call, type Caller, type Route } from '../contract';
import type { Delivery } from '../delivery';
import { fieldsOf, textOf } from '../fields';
import type { WireRequest } from '../wire';
import type { World } from '../world';
import { refused, success, successText } from './answers';
import { CallLog, type LoggedCall } from './callLog';
import { Faults, type FaultRule } from './faults';
import { harmAfter, harmBefore, harmToken } from './harm';
import { Idempotency } from './idempotency';
import { checkAppType, checkPermission } from './permission';
import { Quota } from './quota';
import { redacted } from './redact';
import { readableBody } from './requestBody';
import type { Lookup, Match, Router } from './router';
import { Throttle } from './throttle';
import { checkToken, presentedToken } from './tokenCheck';

/** Handles one call with the checks in the order of DingTalk's gateway. */
export async function passGate(request: WireRequest, world: World, router: Router): Promise<Delivery> {
	const lookup = router.lookup(request.method, request.path);
	const route = 'found' in lookup ? lookup.found.route : undefined;
	const entry = world.use(CallLog).open(request, route);
	const fault = world.use(Faults).strike(request.method, request.path, route?.path, router);
	if (fault !== undefined) entry.fault = fault.do;
	try {
		const instead = fault === undefined ? undefined : harmBefore(fault, route);
		const answer = instead ?? (await answerCall(request, lookup, world, entry, fault));
		return closed(entry, fault === undefined ? answer : harmAfter(fault, answer));
	} catch (error) {
		const { code, delivery } = refused(error, world);
		entry.code = code;
		return closed(entry, delivery);
	}
}

async function answerCall(
	request: WireRequest,
	lookup: Lookup,
	world: World,
	entry: LoggedCall,
	fault: FaultRule | undefined,
): Promise<Delivery> {
	const { route, params } = existing(lookup, request);
	const caller = admit(request, route, world, fault);
	const call: Call = { ...request, params, body: readableBody(request.body, route), caller };
	world.use(Quota).take(route);
	entry.metered = route.metered;
	const run = async (): Promise<string> => {
		// A slow call is slow while it runs, so that its repetition finds it running.
		if (fault?.do === 'delay') await world.use(Faults).sitOut(fault);
		return successText(route.answer(call, world), route, world);
	};
	const key = idempotencyKey(request, route, caller);
	if (key === undefined) return success(await run());
	const { text, replayed } = await world.use(Idempotency).once(key, run, (earlier) => madeDeletedEvent(earlier, world));
	entry.replayed = replayed;
	return success(text);
}

/** Whether an earlier response is an event that has been deleted since. */
function madeDeletedEvent(text: string, world: World): boolean {
	const id = textOf(fieldsOf(readable(text)), 'id');
	return id !== undefined && world.use(CalendarStore).byId(id)?.cancelled === true;
}

function existing(lookup: Lookup, { method, path }: WireRequest): Match {
	if ('found' in lookup) return lookup.found;
	if (lookup.allowed.length === 0) {
		// Unknown calls of the old API and paths without a version have their own errors.
		if (path.startsWith('/topapi/')) throw new OldRefusal(22, '不存在的方法名');
		if (!path.startsWith('/v1.0/')) throw new OldRefusal(404, '请求的URI地址不存在');
		throw new Refusal(404, 'error.notFound', `接口路径错误 ${path}`);
	}
	throw new Refusal(405, 'error.methodNotAllowed', `请求方法错误 ${method}`);
}

function admit(request: WireRequest, route: Route, world: World, fault: FaultRule | undefined): Caller | undefined {
	if (route.token === 'none') return undefined;
	const token = presentedToken(request, route, world);
	if (fault !== undefined) harmToken(fault, token, world);
	// Only a known token identifies the app, so other calls do not count towards a limit.
	if (token !== undefined) world.use(Throttle).admit(token.clientId, route);
	const caller = checkToken(token, route, world);
	checkPermission(caller, route, world);
	checkAppType(caller, route);
	return caller;
}

function idempotencyKey({ headers, method, path }: WireRequest, route: Route, caller?: Caller): string | undefined {
	const token = headers['x-client-token'];
	if (route.idempotent !== true || token === undefined || token === '') return undefined;
	return [caller?.clientId, token, method, path].join(' ');
}

function closed(entry: LoggedCall, delivery: Delivery): Delivery {
	if (delivery.dropped === true || delivery.hanging === true) return delivery;
	const response = readable(delivery.text);
	entry.status = delivery.status;
	entry.response = redacted(response);
	if (delivery.status !== 200) entry.code ??= textOf(fieldsOf(response), 'code') ?? null;
	return delivery;
}

function readable(text: string): unknown {
	if (text === '') return undefined;
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}
