/** Knows how long workflows of an app may still be missing; a change that is acknowledged before then would be lost to them. */
import type { Clock } from '../../utils/clock';
import { SECOND } from '../../utils/time';

/**
 * DingTalk sends the changes it has kept as soon as a connection is open, which is before n8n has activated all its
 * workflows. To let none of them miss a change, none is acknowledged until no workflow has been added for this time;
 * DingTalk pushes the changes again.
 */
const STARTUP_WAIT_MS = 10 * SECOND;
/**
 * Saving a workflow removes and adds its subscriber; in between, the connection stays and changes wait for it. Includes the
 * time in which the removed one settles, and that of a slow database: a push that is repeated costs less than a lost change.
 */
export const RESUBSCRIBE_WAIT_MS = 10 * SECOND;

export class MissingWorkflows {
	private startingUntil = 0;
	/** By trigger: those that may be in the middle of being saved. */
	private readonly savedUntil = new Map<string, number>();

	constructor(private readonly clock: Clock) {}

	onStartup(): void {
		this.startingUntil = this.clock.now() + STARTUP_WAIT_MS;
	}

	onRemoved(triggerId: string): void {
		for (const [id, until] of this.savedUntil) if (until <= this.clock.now()) this.savedUntil.delete(id);
		this.savedUntil.set(triggerId, this.clock.now() + RESUBSCRIBE_WAIT_MS);
	}

	onJoined(triggerId: string): void {
		this.savedUntil.delete(triggerId);
	}

	get until(): number {
		return Math.max(this.startingUntil, ...this.savedUntil.values());
	}
}
