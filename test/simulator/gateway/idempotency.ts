/** Repeated calls with the same `x-client-token` run only once. */
import { ApiError } from '../contract';
import type { World } from '../world';

const LIFETIME_MS = 24 * 3_600_000;

type StoredCall = { state: 'running' } | { state: 'finished'; at: number; text: string };

export interface CallResult {
	/** The response body; empty for an empty 200. */
	text: string;
	replayed: boolean;
}

/** Stores the responses of calls with an `x-client-token`, so that repetitions have no further effect. */
export class Idempotency {
	private readonly calls = new Map<string, StoredCall>();

	constructor(private readonly world: World) {}

	/** `isGone` tells whether the object of an earlier response has been deleted since. */
	async runOnce(key: string, run: () => Promise<string>, isGone: (text: string) => boolean): Promise<CallResult> {
		const memory = this.findCall(key, isGone);
		if (memory?.state === 'running') throw new ApiError(400, 'idempotencyProcessing', 'Idempotency processing');
		if (memory?.state === 'finished') return this.replay(memory.text);
		this.calls.set(key, { state: 'running' });
		try {
			const text = await run();
			this.calls.set(key, { state: 'finished', at: this.world.clock.now(), text });
			return { text, replayed: false };
		} catch (error) {
			// A refused call has changed nothing, so the same token can be used again.
			this.calls.delete(key);
			throw error;
		}
	}

	private findCall(key: string, isGone: (text: string) => boolean): StoredCall | undefined {
		const memory = this.calls.get(key);
		const forgotten =
			memory?.state === 'finished' &&
			(memory.at + LIFETIME_MS <= this.world.clock.now() || (this.runsAgainAfterDelete && isGone(memory.text)));
		return forgotten ? undefined : memory;
	}

	private get runsAgainAfterDelete(): boolean {
		return this.world.switches.duplicateAfterDelete === 'runsAgain';
	}

	private replay(text: string): CallResult {
		if (this.world.switches.finishedDuplicate === 'conflict') {
			throw new ApiError(
				409,
				'invalidRequest.duplicateClientToken',
				'Duplicate ClientToken detected, the request has already been processed.',
			);
		}
		return { text, replayed: true };
	}
}
