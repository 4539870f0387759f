/** Handles a DingTalk call: log, faults, token, permission, limits, idempotency and the route. */
import { CalendarStore } from '../calendar/calendarStore';
import { OldApiError, ApiError, type Call, type Caller, type Route } from '../contract';
import type { SimulatorResponse } from '../response';
import { fieldsOf, textOf } from '../fields';
import type { IncomingRequest } from '../incomingRequest';
import type { World } from '../world';
import { errorResponse, successResponse, successBody } from './responses';
import { CallLog, type LoggedCall } from './callLog';
import { Faults, type FaultRule } from './faults';
import { applyFaultToResponse, applyFaultBeforeCall, applyFaultToToken } from './applyFaults';
import { Idempotency } from './idempotency';
import { checkAppType, checkPermission } from './permission';
import { Quota } from './quota';
import { redacted } from './redact';
import { bodyForRoute } from './requestBody';
import type { Lookup, Match, Router } from './router';
import { Throttle } from './throttle';
import { checkToken, presentedToken } from './tokenCheck';

/** Handles one call with the checks in the order of DingTalk's gateway. */
export async function handleCall(request: IncomingRequest, world: World, router: Router): Promise<SimulatorResponse> {
	const lookup = router.lookup(request.method, request.path);
	const route = 'found' in lookup ? lookup.found.route : undefined;
	const entry = world.use(CallLog).open(request, route);
	const fault = world.use(Faults).findFault(request.method, request.path, route?.path, router);
	if (fault !== undefined) entry.fault = fault.do;
	try {
		const early = fault === undefined ? undefined : applyFaultBeforeCall(fault, route);
		const answer = early ?? (await runCall(request, lookup, world, entry, fault));
		return logged(entry, fault === undefined ? answer : applyFaultToResponse(fault, answer));
	} catch (error) {
		const { code, delivery } = errorResponse(error, world);
		entry.code = code;
		return logged(entry, delivery);
	}
}

async function runCall(
	request: IncomingRequest,
	lookup: Lookup,
	world: World,
	entry: LoggedCall,
	fault: FaultRule | undefined,
): Promise<SimulatorResponse> {
	const { route, params } = requireRoute(lookup, request);
	const caller = authorize(request, route, world, fault);
	const call: Call = { ...request, params, body: bodyForRoute(request.body, route), caller };
	world.use(Quota).take(route);
	entry.metered = route.metered;
	const run = async (): Promise<string> => {
		// A slow call is slow while it runs, so that its repetition finds it running.
		if (fault?.do === 'delay') await world.use(Faults).waitForDelay(fault);
		return successBody(route.handle(call, world), route, world);
	};
	const key = idempotencyKey(request, route, caller);
	if (key === undefined) return successResponse(await run());
	const { text, replayed } = await world
		.use(Idempotency)
		.runOnce(key, run, (earlier) => isDeletedEvent(earlier, world));
	entry.replayed = replayed;
	return successResponse(text);
}

/** Whether an earlier response is an event that has been deleted since. */
function isDeletedEvent(text: string, world: World): boolean {
	const id = textOf(fieldsOf(parseJson(text)), 'id');
	return id !== undefined && world.use(CalendarStore).byId(id)?.cancelled === true;
}

function requireRoute(lookup: Lookup, { method, path }: IncomingRequest): Match {
	if ('found' in lookup) return lookup.found;
	if (lookup.allowed.length === 0) {
		// Unknown calls of the old API and paths without a version have their own errors.
		if (path.startsWith('/topapi/')) throw new OldApiError(22, '不存在的方法名');
		if (!path.startsWith('/v1.0/')) throw new OldApiError(404, '请求的URI地址不存在');
		throw new ApiError(404, 'error.notFound', `接口路径错误 ${path}`);
	}
	throw new ApiError(405, 'error.methodNotAllowed', `请求方法错误 ${method}`);
}

function authorize(
	request: IncomingRequest,
	route: Route,
	world: World,
	fault: FaultRule | undefined,
): Caller | undefined {
	if (route.token === 'none') return undefined;
	const token = presentedToken(request, route, world);
	if (fault !== undefined) applyFaultToToken(fault, token, world);
	// Only a known token identifies the app, so other calls do not count towards a limit.
	if (token !== undefined) world.use(Throttle).count(token.clientId, route);
	const caller = checkToken(token, route, world);
	checkPermission(caller, route, world);
	checkAppType(caller, route);
	return caller;
}

function idempotencyKey({ headers, method, path }: IncomingRequest, route: Route, caller?: Caller): string | undefined {
	const token = headers['x-client-token'];
	if (route.idempotent !== true || token === undefined || token === '') return undefined;
	return [caller?.clientId, token, method, path].join(' ');
}

function logged(entry: LoggedCall, delivery: SimulatorResponse): SimulatorResponse {
	if (delivery.dropped === true || delivery.hanging === true) return delivery;
	const response = parseJson(delivery.text);
	entry.status = delivery.status;
	entry.response = redacted(response);
	if (delivery.status !== 200) entry.code ??= textOf(fieldsOf(response), 'code') ?? null;
	return delivery;
}

function parseJson(text: string): unknown {
	if (text === '') return undefined;
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}
