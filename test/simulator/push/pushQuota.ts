import { monthOf } from '../gate/quota';
import { Limits } from '../limits';
import type { World } from '../world';

/**
 * Pushes of the organization per calendar month, over Stream and HTTP together. A message counts once, however often it
 * has to be repeated: whether DingTalk counts repetitions it does not say.
 */
export class PushQuota {
	private readonly usedByMonth = new Map<string, number>();

	constructor(private readonly world: World) {}

	get used(): number {
		return this.usedByMonth.get(monthOf(this.world)) ?? 0;
	}

	/** False where the month's pushes are used up: then nothing comes until the next month. */
	take(): boolean {
		const { monthlyPushQuota } = this.world.use(Limits).values;
		if (monthlyPushQuota !== null && this.used >= monthlyPushQuota) return false;
		this.usedByMonth.set(monthOf(this.world), this.used + 1);
		return true;
	}
}
