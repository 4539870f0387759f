/** Simulates processes that share the limit of one app, each with a rate limiter of its own, on a clock that skips waits. */
import { RateLimiter } from '../../../lib/dingtalk/client/rate/rateLimiter';
import { backoffMs } from '../../../lib/dingtalk/client/retryPolicy';
import { api } from '../../../lib/dingtalk/endpoints';
import { DingTalkError } from '../../../lib/dingtalk/errors/DingTalkError';

const SECOND = 1000;

/** How DingTalk might count a second; it does not say. */
export type Counting = 'sliding' | 'fixed' | 'bucket';

export interface Scenario {
	processes: number;
	seconds: number;
	/** Calls a second that DingTalk accepts from the app. */
	limit?: number;
	counting?: Counting;
	/** 'Calls per Second' in the credential. */
	ceiling?: number;
	/** When a process begins, in seconds. */
	startsAt?: (process: number) => number;
	/** When a process ends, in seconds. */
	endsAt?: (process: number) => number;
	/** Calls a second of another program, which does not slow down. */
	otherProgram?: (second: number) => number;
	/** How many items a process works on at a time. */
	concurrency?: number;
	/** What the network adds to each way, at random. */
	meanDelayMs?: number;
	seed?: number;
}

/** One call that reached DingTalk. */
export interface Call {
	at: number;
	process: number;
	accepted: boolean;
}

export interface Outcome {
	calls: Call[];
	/** Calls that were refused so often that the client gave up. */
	failed: number;
}

const refusal = new DingTalkError({ kind: 'throttle', message: 'Refused', advice: '' });

/** Numbers from 0 to 1 that look random and are the same each time. */
function randomNumbers(seed: number): () => number {
	let state = seed;
	return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

class VirtualClock {
	time = SECOND;
	private readonly waits: Array<{ at: number; end: () => void }> = [];

	async delay(ms: number): Promise<void> {
		const at = this.time + Math.max(0, ms);
		await new Promise<void>((end) => {
			let index = this.waits.length;
			while (index > 0 && this.waits[index - 1].at <= at) index--;
			this.waits.splice(index, 0, { at, end });
		});
	}

	async runUntil(end: number): Promise<void> {
		for (;;) {
			// Everything that follows from the last step has happened then.
			await new Promise(setImmediate);
			const next = this.waits.pop();
			if (!next || next.at > end) return;
			this.time = next.at;
			next.end();
		}
	}
}

class Gateway {
	private accepted: number[] = [];
	private tokens: number;
	private filledAt = 0;

	constructor(
		private readonly limit: number,
		private readonly counting: Counting,
	) {
		this.tokens = limit;
	}

	accepts(now: number): boolean {
		if (this.counting === 'bucket') {
			this.tokens = Math.min(this.limit, this.tokens + ((now - this.filledAt) / SECOND) * this.limit);
			this.filledAt = now;
			if (this.tokens < 1) return false;
			this.tokens--;
			return true;
		}
		const from = this.counting === 'sliding' ? now - SECOND : Math.floor(now / SECOND) * SECOND - 1;
		this.accepted = this.accepted.filter((at) => at > from);
		if (this.accepted.length >= this.limit) return false;
		this.accepted.push(now);
		return true;
	}
}

/** Lets processes call as fast as their rate limiters allow. */
export async function simulate(scenario: Scenario): Promise<Outcome> {
	const {
		processes,
		seconds,
		limit = 20,
		counting = 'sliding',
		concurrency = 10,
		seed = 1,
		meanDelayMs = 0,
	} = scenario;
	const { ceiling = limit, startsAt = () => 0, endsAt = () => Infinity, otherProgram } = scenario;
	const clock = new VirtualClock();
	const random = randomNumbers(seed);
	const gateway = new Gateway(limit, counting);
	const calls: Call[] = [];
	let failed = 0;
	const began = clock.time;
	const arrive = (process: number): boolean => {
		const accepted = gateway.accepts(clock.time);
		calls.push({ at: clock.time - began, process, accepted });
		return accepted;
	};
	const work = async (process: number, limiter: RateLimiter, latency: number): Promise<void> => {
		await clock.delay(startsAt(process) * SECOND);
		const delay = (): number => (meanDelayMs === 0 ? 0 : -Math.log(random()) * meanDelayMs);
		const oneWay = (): number => (latency / 2) * (0.9 + random() * 0.4) + delay();
		for (;;) {
			for (let attempt = 1; ; attempt++) {
				const permit = await limiter.acquirePermit('app', ceiling);
				if (clock.time - began >= endsAt(process) * SECOND) return;
				permit.sent();
				await clock.delay(oneWay());
				const accepted = arrive(process);
				await clock.delay(oneWay());
				permit.answered();
				if (accepted) break;
				permit.refused();
				const backoff = backoffMs(refusal, api.createEvent, {}, attempt);
				if (backoff === undefined) {
					failed++;
					break;
				}
				await clock.delay(backoff);
			}
		}
	};
	const runOther = async (rate: (second: number) => number): Promise<void> => {
		for (;;) {
			const now = rate((clock.time - began) / SECOND);
			if (now > 0) arrive(-1);
			await clock.delay(now > 0 ? (SECOND / now) * (0.5 + random()) : SECOND / 10);
		}
	};
	const { random: original } = Math;
	Math.random = random;
	try {
		for (let process = 0; process < processes; process++) {
			const limiter = new RateLimiter({ now: () => clock.time, delay: async (ms) => await clock.delay(ms) });
			const latency = 20 + ((process * 61) % 230);
			for (let worker = 0; worker < concurrency; worker++) void work(process, limiter, latency);
		}
		if (otherProgram) void runOther(otherProgram);
		await clock.runUntil(began + seconds * SECOND);
	} finally {
		Math.random = original;
	}
	return { calls, failed };
}

/** What happened within a span of time. */
export function figures(
	{ calls }: Outcome,
	from: number,
	to: number,
): { perSecond: number; refused: number; perProcess: Map<number, number> } {
	const within = calls.filter(({ at }) => at >= from * SECOND && at < to * SECOND);
	const own = within.filter(({ process }) => process >= 0);
	const accepted = own.filter((call) => call.accepted);
	const perProcess = new Map<number, number>();
	for (const { process } of accepted) perProcess.set(process, (perProcess.get(process) ?? 0) + 1);
	return {
		perSecond: within.filter((call) => call.accepted).length / (to - from),
		refused: own.length === 0 ? 0 : 1 - accepted.length / own.length,
		perProcess,
	};
}

/** Jain's index: 1 if all have the same, 1 ÷ n if one has all. */
export function fairness(shares: number[]): number {
	const sum = shares.reduce((total, share) => total + share, 0);
	const squares = shares.reduce((total, share) => total + share * share, 0);
	return squares === 0 ? 1 : (sum * sum) / (shares.length * squares);
}

/** How long it takes until the calls of one second reach a number. */
export function secondsUntil(outcome: Outcome, from: number, perSecond: number): number {
	for (let seconds = 0; ; seconds += 0.1)
		if (seconds > 60 || figures(outcome, from + seconds, from + seconds + 1).perSecond >= perSecond) return seconds;
}
