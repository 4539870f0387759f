/** Types of control plane calls and their errors. */
import type { IncomingRequest } from '../incomingRequest';
import type { World } from '../world';
import type { Router } from '../gateway/router';

/** What a control call works on. Read `world` anew each time, because a reset replaces it. */
export interface ControlContext {
	readonly world: World;
	readonly router: Router;
	reset(): void;
}

export interface ControlRoute {
	method: 'GET' | 'POST' | 'DELETE';
	path: string;
	description: string;
	/** Returns the response body or a promise of it. */
	handle(body: unknown, simulator: ControlContext, request: IncomingRequest): unknown;
}

/** An invalid control call; the message says how to correct it. */
export class ControlError extends Error {
	constructor(
		message: string,
		readonly status = 400,
	) {
		super(message);
	}
}
