/**
 * What the parts of the simulator agree on. The server owns the wire (tokens, permissions, limits, faults, the log);
 * a route owns one DingTalk call; a store owns one kind of state. Nothing else crosses between them.
 */
import type { World } from './world';

export type AppType = 'internal' | 'thirdPartyEnterprise' | 'thirdPartyPersonal';

/** How a call carries its token, and how it reports errors. */
export type Style =
	/** `/v1.0/…`: token in a header, HTTP status tells success. */
	| 'new'
	/** `/topapi/…` and friends: token in the query, always HTTP 200, `errcode` tells success. */
	| 'old';

export interface Caller {
	clientId: string;
	appType: AppType;
	/** Present for a user token: the only person it may act as. */
	unionId?: string;
}

export interface Call {
	method: string;
	/** Decoded path parameters, by the names used in the route's path. */
	params: Record<string, string>;
	query: Record<string, string>;
	headers: Record<string, string>;
	/** Parsed JSON (or form fields for old-style calls); undefined where there was no body. */
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
	/** The permission that must be ticked for the app; undefined where none is needed. */
	scope?: string;
	/** App types that may call it; all of them where absent. */
	apps?: readonly AppType[];
	/** Counted against the monthly quota. */
	metered: boolean;
	/** Whether the call honours `x-client-token`. */
	idempotent?: boolean;
	/** Returns the JSON body, or NO_BODY for an empty 200. Throws a Refusal for every documented error. */
	answer(call: Call, world: World): unknown;
}

/** A 200 without a body, as DingTalk gives for several writes. */
export const NO_BODY = Symbol('empty 200');

/** An error answer of the new-style API. */
export class Refusal extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
		/** Further keys of the body, for example `accessdenieddetail`. */
		readonly extra: Record<string, unknown> = {},
	) {
		super(message);
	}
}

/** An error answer of the old-style API: HTTP 200 and an errcode. */
export class OldRefusal extends Error {
	constructor(
		readonly errcode: number,
		message: string,
		/** `sub_code` and `sub_msg`, where errcode 88 wraps another error. */
		readonly extra: Record<string, unknown> = {},
	) {
		super(message);
	}
}

/** `400 invalidParameter`, the commonest calendar refusal. */
export const invalidParameter = (message: string): Refusal => new Refusal(400, 'invalidParameter', message);
