import type { WireRequest } from '../wire';
import type { World } from '../world';
import type { Router } from '../gate/router';

/** What a control call works on. The world is asked for anew each time, because a reset exchanges it. */
export interface Controlled {
	readonly world: World;
	readonly router: Router;
	reset(): void;
}

export interface ControlRoute {
	method: 'GET' | 'POST' | 'DELETE';
	path: string;
	does: string;
	/** The answer itself, or a promise of it. */
	answer(body: unknown, simulator: Controlled, request: WireRequest): unknown;
}

/** Somebody drove the simulator wrongly; the text says how to do it right. */
export class ControlError extends Error {
	constructor(
		message: string,
		readonly status = 400,
	) {
		super(message);
	}
}
