/**
 * The types shared by all parts of the simulator. The server handles HTTP (tokens, permissions, limits, faults, the
 * log), a route implements one DingTalk call, a store holds one kind of state.
 */
import type { World } from './world';

export type AppType = 'internal' | 'thirdPartyEnterprise' | 'thirdPartyPersonal';

/** How a call carries its token, and how it reports errors. */
export type Style =
	/** `/v1.0/…`: token in a header, success by HTTP status. */
	| 'new'
	/** `/topapi/…` and others: token in the query, always HTTP 200, success by `errcode`. */
	| 'old';

export interface Caller {
	clientId: string;
	appType: AppType;
	/** Set for a user token: the only user that it can act for. */
	unionId?: string;
}

export interface Call {
	method: string;
	/** Decoded path parameters, by the names used in the route's path. */
	params: Record<string, string>;
	query: Record<string, string>;
	headers: Record<string, string>;
	/** Parsed JSON (or form fields for old-style calls); undefined without a body. */
	body: unknown;
	/** Undefined only on routes with `token: 'none'`. */
	caller?: Caller;
}

export interface Route {
	method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	/** For example `/v1.0/calendar/users/{userId}/calendars/{calendarId}/events/{eventId}`. */
	path: string;
	style: Style;
	token: 'app' | 'user' | 'any' | 'none';
	/** The permission that the app needs; undefined if none. */
	scope?: string;
	/** App types that are allowed to call it; all if absent. */
	apps?: readonly AppType[];
	/** Whether it counts against the monthly quota. */
	metered: boolean;
	/** Whether the call supports `x-client-token`. */
	idempotent?: boolean;
	/** Returns the JSON body, or NO_BODY for an empty 200. Throws an ApiError for each documented error. */
	handle(call: Call, world: World): unknown;
}

/** A 200 response without a body, which several writes return. */
export const NO_BODY = Symbol('empty 200');

/** The response to a write for which DingTalk documents `result: true`. */
export function writeResult({ switches }: World): unknown {
	if (switches.writeResult === 'result') return { result: true };
	return switches.writeResult === 'empty' ? NO_BODY : {};
}

/** An error response of the new-style API. */
export class ApiError extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
		/** Further keys of the body, such as `accessdenieddetail`. */
		readonly extra: Record<string, unknown> = {},
	) {
		super(message);
	}
}

/** An error response of the old-style API: HTTP 200 with an errcode. */
export class OldApiError extends Error {
	constructor(
		readonly errcode: number,
		message: string,
		/** `sub_code` and `sub_msg` when errcode 88 wraps another error. */
		readonly extra: Record<string, unknown> = {},
	) {
		super(message);
	}
}

/** `400 invalidParameter`, the most common error of the calendar API. */
export const invalidParameter = (message: string): ApiError => new ApiError(400, 'invalidParameter', message);
