/** The monthly quota of metered calls. */
import { OldApiError, ApiError, type Route } from '../contract';
import { Limits } from '../limits';
import type { World } from '../world';

/** Months begin at midnight in China. */
const CHINA_OFFSET_MS = 8 * 3_600_000;

/** The month for quotas. */
export const monthOf = ({ clock }: World): string => new Date(clock.now() + CHINA_OFFSET_MS).toISOString().slice(0, 7);

/** The metered calls of the organization, shared by all its apps, per calendar month. */
export class Quota {
	private readonly usedByMonth = new Map<string, number>();

	constructor(private readonly world: World) {}

	get used(): number {
		return this.usedByMonth.get(monthOf(this.world)) ?? 0;
	}

	take(route: Route): void {
		if (!route.metered) return;
		const { monthlyQuota } = this.world.use(Limits).values;
		if (monthlyQuota !== null && this.used >= monthlyQuota) throw quotaUsedUp(route);
		this.usedByMonth.set(monthOf(this.world), this.used + 1);
	}
}

function quotaUsedUp(route: Route): Error {
	const text = '当前企业本月的接口调用量已超过上限';
	return route.style === 'new'
		? new ApiError(403, 'Forbidden.AccessDenied.ApiCountLimitForOrg', text)
		: new OldApiError(90020, text);
}
