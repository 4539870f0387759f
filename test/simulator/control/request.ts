/** Types of control plane calls and their errors. */
import type { WireRequest } from '../wire';
import type { World } from '../world';
import type { Router } from '../gate/router';

/** What a control call works on. Read `world` anew each time, because a reset replaces it. */
export interface Controlled {
	readonly world: World;
	readonly router: Router;
	reset(): void;
}

export interface ControlRoute {
	method: 'GET' | 'POST' | 'DELETE';
	path: string;
	does: string;
	/** Returns the response body or a promise of it. */
	answer(body: unknown, simulator: Controlled, request: WireRequest): unknown;
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
