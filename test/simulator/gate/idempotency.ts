/** Repeated calls with the same `x-client-token` run only once. */
import { Refusal } from '../contract';
import type { World } from '../world';

const REMEMBERED_MS = 24 * 3_600_000;

type Memory = { state: 'running' } | { state: 'finished'; at: number; text: string };

export interface Outcome {
	/** The response body; empty for an empty 200. */
	text: string;
	replayed: boolean;
}

/** Stores the responses of calls with an `x-client-token`, so that repetitions have no further effect. */
export class Idempotency {
	private readonly memories = new Map<string, Memory>();

	constructor(private readonly world: World) {}

	/** `isGone` tells whether the object of an earlier response has been deleted since. */
	async once(key: string, run: () => Promise<string>, isGone: (text: string) => boolean): Promise<Outcome> {
		const memory = this.recall(key, isGone);
		if (memory?.state === 'running') throw new Refusal(400, 'idempotencyProcessing', 'Idempotency processing');
		if (memory?.state === 'finished') return this.replay(memory.text);
		this.memories.set(key, { state: 'running' });
		try {
			const text = await run();
			this.memories.set(key, { state: 'finished', at: this.world.clock.now(), text });
			return { text, replayed: false };
		} catch (error) {
			// A refused call has changed nothing, so the same token can be used again.
			this.memories.delete(key);
			throw error;
		}
	}

	private recall(key: string, isGone: (text: string) => boolean): Memory | undefined {
		const memory = this.memories.get(key);
		const forgotten =
			memory?.state === 'finished' &&
			(memory.at + REMEMBERED_MS <= this.world.clock.now() || (this.forgetsDeleted && isGone(memory.text)));
		return forgotten ? undefined : memory;
	}

	private get forgetsDeleted(): boolean {
		return this.world.switches.duplicateAfterDelete === 'runsAgain';
	}

	private replay(text: string): Outcome {
		if (this.world.switches.finishedDuplicate === 'conflict') {
			throw new Refusal(
				409,
				'invalidRequest.duplicateClientToken',
				'Duplicate ClientToken detected, the request has already been processed.',
			);
		}
		return { text, replayed: true };
	}
}
