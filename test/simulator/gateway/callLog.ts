/** The log of all calls and their counts. */
import type { Route } from '../contract';
import type { IncomingRequest } from '../incomingRequest';
import type { World } from '../world';
import { redacted, redactedRequestBody } from './redact';

export interface LoggedCall {
	/** By the simulator's clock. */
	at: string;
	method: string;
	path: string;
	/** The template of the route, or null for an unknown path. */
	route: string | null;
	query: unknown;
	headers: unknown;
	body: unknown;
	/** Null while the call is running and if there was no response. */
	status: number | null;
	/** DingTalk's error code, or null for a success. */
	code: string | number | null;
	/** Counted against the monthly quota; calls that the gateway refuses are not. */
	metered: boolean;
	/** Answered with the response of an earlier call with the same `x-client-token`. */
	replayed: boolean;
	/** The fault that was applied. */
	fault?: string;
	response?: unknown;
}

export interface CallSummary {
	calls: LoggedCall[];
	/** By method and template of the route. */
	counts: Record<string, number>;
	/** Calls counted against the monthly quota. */
	metered: number;
	/** Calls that were not refused and are free, without token calls. */
	free: number;
	/** Calls of the token endpoints. */
	token: number;
	/** Messages pushed to apps, which count against a separate monthly quota. */
	pushes: number;
}

const TOKEN_ENDPOINT = /^\/v1\.0\/oauth2\/|^\/gettoken$|^\/service\/get_corp_token$/;

export class CallLog {
	private calls: LoggedCall[] = [];
	private pushes = 0;

	constructor(private readonly world: World) {}

	open(request: IncomingRequest, route: Route | undefined): LoggedCall {
		const { method, path, query, headers, body } = request;
		const call: LoggedCall = {
			at: new Date(this.world.clock.now()).toISOString(),
			method,
			path,
			route: route?.path ?? null,
			query: redacted(query),
			headers: redacted(headers),
			body: 'value' in body ? redactedRequestBody(body.value) : null,
			status: null,
			code: null,
			metered: false,
			replayed: false,
		};
		this.calls.push(call);
		return call;
	}

	countPush(): void {
		this.pushes += 1;
	}

	clear(): void {
		this.calls = [];
		this.pushes = 0;
	}

	summary(): CallSummary {
		const counts: Record<string, number> = {};
		for (const { method, route, path } of this.calls) {
			const key = `${method} ${route ?? path}`;
			counts[key] = (counts[key] ?? 0) + 1;
		}
		const isToken = ({ path }: LoggedCall): boolean => TOKEN_ENDPOINT.test(path);
		const answered = ({ status, code }: LoggedCall): boolean => status === 200 && code === null;
		return {
			calls: this.calls,
			counts,
			metered: this.calls.filter(({ metered }) => metered).length,
			free: this.calls.filter((call) => answered(call) && !call.metered && !isToken(call)).length,
			token: this.calls.filter(isToken).length,
			pushes: this.pushes,
		};
	}
}
