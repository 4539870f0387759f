/** The monthly quota of pushes. */
import { monthOf } from '../gateway/quota';
import { Limits } from '../limits';
import type { World } from '../world';

/**
 * Pushes of the organization per calendar month over Stream and HTTP. A message counts once, even if it is repeated:
 * DingTalk does not document whether repetitions count.
 */
export class PushQuota {
	private readonly usedByMonth = new Map<string, number>();

	constructor(private readonly world: World) {}

	get used(): number {
		return this.usedByMonth.get(monthOf(this.world)) ?? 0;
	}

	/** Returns false if the quota is used up: then there are no pushes until the next month. */
	take(): boolean {
		const { monthlyPushQuota } = this.world.use(Limits).values;
		if (monthlyPushQuota !== null && this.used >= monthlyPushQuota) return false;
		this.usedByMonth.set(monthOf(this.world), this.used + 1);
		return true;
	}
}
