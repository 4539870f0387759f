/** The limits of calls per second and per minute. */
import { OldApiError, ApiError, type AppType, type Route } from '../contract';
import { Limits } from '../limits';
import type { World } from '../world';

type Window = 'Qps' | 'Qpm';

const SECOND = 1000;
const MINUTE = 60_000;

/**
 * Counts the calls of each app to each API in the last second and the last minute. The sliding window is the strictest
 * reading of "20 per second": a client that passes here also passes fixed windows.
 */
export class Throttle {
	private readonly callTimes = new Map<string, number[]>();

	constructor(private readonly world: World) {}

	/** Refused calls do not count, as at DingTalk. */
	count(clientId: string, route: Route): void {
		const now = this.world.clock.now();
		const key = `${clientId} ${route.method} ${route.path}`;
		// Moving the clock back leaves calls in the future, which must not count forever.
		const calls = (this.callTimes.get(key) ?? []).filter((at) => at > now - MINUTE && at <= now);
		this.callTimes.set(key, calls);
		const { qps, qpm } = this.world.use(Limits).values;
		if (qps !== null && calls.filter((at) => at > now - SECOND).length >= qps)
			throw this.refusal('Qps', clientId, route);
		if (qpm !== null && calls.length >= qpm) throw this.refusal('Qpm', clientId, route);
		calls.push(now);
	}

	private refusal(window: Window, clientId: string, route: Route): Error {
		const app = this.world.company.apps.find((candidate) => candidate.clientId === clientId);
		return throttleError(window, route.style, app?.appType);
	}
}

export function throttleError(window: Window, style: Route['style'], appType?: AppType): Error {
	const text = '您的企业应用调用钉钉开放平台当前接口的所有请求都被暂时禁用了';
	if (style === 'old') return new OldApiError(90018, text);
	// A third-party enterprise app is limited per customer.
	const dimension = appType === 'thirdPartyEnterprise' ? 'SuitekeyAndOrgAndApi' : 'AppkeyAndApi';
	return new ApiError(403, `Forbidden.AccessDenied.${window}LimitFor${dimension}`, text);
}
