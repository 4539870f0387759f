/** Tests when the rate limiter lets calls leave. */
import { rateLimiter } from '../../../lib/dingtalk/client/rate/rateLimiter';

let buckets = 0;
const newBucket = (): string => `bucket ${++buckets}`;

interface Calls {
	/** How long a call takes from its permit to the network: for its token, or because the process is busy. */
	delay?: (call: number) => number;
	callsPerSecond?: number;
	count: number;
	signal?: AbortSignal;
}

const RESPONSE_MS = 20;

/** Sends calls as fast as the bucket permits, gets a response to each, and returns when each left. */
async function departures(
	bucket: string,
	{ delay = () => 0, callsPerSecond = 20, count, signal }: Calls,
): Promise<number[]> {
	const began = Date.now();
	const out: number[] = [];
	const call = async (number: number): Promise<void> => {
		const permit = await rateLimiter.acquirePermit(bucket, callsPerSecond, signal);
		const ms = delay(number);
		if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
		permit.sent();
		out.push(Date.now() - began);
		await new Promise((resolve) => setTimeout(resolve, RESPONSE_MS));
		permit.answered();
	};
	const all = Promise.all(Array.from({ length: count }, async (_, number) => await call(number)));
	await jest.runAllTimersAsync();
	await all;
	return out.sort((a, b) => a - b);
}

async function refuseCall(bucket: string): Promise<void> {
	const [permit] = await Promise.all([rateLimiter.acquirePermit(bucket, 20), jest.runAllTimersAsync()]);
	permit.sent();
	permit.refused();
}

const mostWithin = (starts: number[], span: number): number =>
	Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + span).length));

beforeEach(() => jest.useFakeTimers({ now: Date.parse('2026-03-02T00:00:00Z') }));
afterEach(() => jest.useRealTimers());

describe('The rate limiter', () => {
	it.each([1, 7, 20, 45, 60])('permits at most %d calls in any second, and hardly less', async (callsPerSecond) => {
		const count = callsPerSecond * 10 + 1;
		const starts = await departures(newBucket(), { callsPerSecond, count });
		expect(mostWithin(starts, 1000)).toBeLessThanOrEqual(callsPerSecond);
		// One percent is headroom for the network.
		expect(starts[count - 1]).toBeLessThanOrEqual(10_000 * 1.02);
	});

	it('never exceeds the limit when calls wait for a token and then leave all at once', async () => {
		const starts = await departures(newBucket(), { count: 200, delay: (call) => (call < 8 ? 400 - 50 * call : 0) });
		expect(mostWithin(starts, 1000)).toBeLessThanOrEqual(20);
		expect(starts[199]).toBeLessThanOrEqual(10_000 * 1.05);
	});

	it('never exceeds the limit when the process is busy from time to time', async () => {
		let state = 11;
		const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
		// Some calls are late by up to a tenth of a second, most are not late at all.
		const starts = await departures(newBucket(), { count: 400, delay: () => (random(5) === 0 ? random(100) : 0) });
		expect(mostWithin(starts, 1000)).toBeLessThanOrEqual(20);
	});

	it('stops waiting as soon as the workflow is stopped', async () => {
		const bucket = newBucket();
		rateLimiter.pauseBucket(bucket, 60_000);
		const controller = new AbortController();
		const began = Date.now();
		const waiting = rateLimiter.acquirePermit(bucket, 20, controller.signal).then(
			() => undefined,
			() => Date.now() - began,
		);
		setTimeout(() => controller.abort(new Error('stopped')), 500);
		await jest.runAllTimersAsync();
		expect(await waiting).toBe(500);
	});

	it('pauses calls that already wait for a permit, too', async () => {
		const bucket = newBucket();
		setTimeout(() => rateLimiter.pauseBucket(bucket, 5000), 10);
		const starts = await departures(bucket, { count: 7 });
		expect(starts[4]).toBe(0);
		expect(starts[5]).toBeGreaterThanOrEqual(5010);
	});

	it('counts refusals of calls that were in progress together as one', async () => {
		const bucket = newBucket();
		const [permits] = await Promise.all([
			Promise.all([1, 2, 3, 4].map(async () => await rateLimiter.acquirePermit(bucket, 20))),
			jest.runAllTimersAsync(),
		]);
		for (const permit of permits) permit.sent();
		await jest.advanceTimersByTimeAsync(20);
		for (const permit of permits) permit.answered();
		for (const permit of permits) permit.refused();
		// Each of them for itself would have lowered the rate to a third.
		const starts = await departures(bucket, { count: 3 });
		expect(starts[0]).toBeLessThanOrEqual(1000);
		expect(starts[2] - starts[0]).toBeLessThanOrEqual(700);
	});

	it.each([7, 20, 60])(
		'permits five calls at once after a pause, and one more with each response, at %d a second',
		async (callsPerSecond) => {
			const bucket = newBucket();
			for (let pause = 0; pause < 2; pause++) {
				const starts = await departures(bucket, { callsPerSecond, count: callsPerSecond });
				expect(starts[4]).toBe(0);
				expect(starts[5]).toBeGreaterThanOrEqual(RESPONSE_MS);
				expect(starts[callsPerSecond - 1]).toBeLessThanOrEqual(400);
				await jest.advanceTimersByTimeAsync(11_000);
			}
		},
	);

	it('permits no more than five calls at once while there is no response, but those that the time allows', async () => {
		const bucket = newBucket();
		const starts: number[] = [];
		const began = Date.now();
		const all = Promise.all(
			Array.from({ length: 20 }, async () => {
				(await rateLimiter.acquirePermit(bucket, 20)).sent();
				starts.push(Date.now() - began);
			}),
		);
		await jest.runAllTimersAsync();
		await all;
		expect(starts.filter((at) => at === 0)).toHaveLength(5);
		expect(starts.filter((at) => at <= 500).length).toBeLessThanOrEqual(15);
		expect(starts[19]).toBeLessThanOrEqual(1010);
	});

	it.each([1, 7, 20])(
		'permits %d calls within the first half second, and those that follow in a few groups a second',
		async (callsPerSecond) => {
			const starts = await departures(newBucket(), { callsPerSecond, count: callsPerSecond * 4 });
			expect(starts[callsPerSecond - 1]).toBeLessThanOrEqual(400);
			const later = starts.slice(callsPerSecond * 2);
			const quarter = Math.max(1, Math.floor(callsPerSecond / 4));
			expect(mostWithin(later, (1000 * quarter) / callsPerSecond)).toBeLessThanOrEqual(quarter);
			// Each group leaves at one time.
			expect(new Set(later).size).toBe(Math.ceil(later.length / quarter));
			expect(mostWithin(starts, 1000)).toBeLessThanOrEqual(callsPerSecond);
		},
	);

	it('gives a single call the next permit', async () => {
		const bucket = newBucket();
		const starts: number[] = [];
		for (let call = 0; call < 60; call++) starts.push(Date.now() + (await departures(bucket, { count: 1 }))[0]);
		const gaps = starts.slice(21).map((at, i) => at - starts[20 + i]);
		expect(Math.max(...gaps)).toBeLessThanOrEqual(51);
	});

	it('delays calls by a third of a second after a refusal, and by more while refusals continue', async () => {
		const bucket = newBucket();
		const began = Date.now();
		const delayAfterRefusal = async (): Promise<number> => {
			await refuseCall(bucket);
			return (await departures(bucket, { count: 1 }))[0];
		};
		const waits = [await delayAfterRefusal(), await delayAfterRefusal(), await delayAfterRefusal()];
		expect(waits[0]).toBeLessThanOrEqual(337);
		expect(waits[1]).toBeGreaterThan(waits[0]);
		expect(waits[2]).toBeGreaterThan(waits[1]);
		expect(Date.now() - began).toBeLessThan(6000);
	});

	it('keeps the share of an app although another credential with fewer calls a second uses it, too', async () => {
		const bucket = newBucket();
		await departures(bucket, { count: 8 });
		await refuseCall(bucket);
		await jest.advanceTimersByTimeAsync(1000);
		await departures(bucket, { count: 1, callsPerSecond: 5 });
		// Without the share, all of them would leave in the first second.
		const starts = await departures(bucket, { count: 20 });
		expect(starts.filter((at) => at < 1000).length).toBeLessThanOrEqual(10);
		expect(starts[19]).toBeLessThanOrEqual(2500);
	});

	it('learns the limit per minute from a refusal, and forgets it after five minutes', async () => {
		const bucket = newBucket();
		await departures(bucket, { count: 100 });
		await refuseCall(bucket);
		rateLimiter.learnMinuteLimit(bucket);
		const starts = await departures(bucket, { count: 300 });
		expect(mostWithin(starts, 60_000)).toBeLessThanOrEqual(100);
		await jest.advanceTimersByTimeAsync(5 * 60_000);
		const later = await departures(bucket, { count: 300 });
		expect(later[299]).toBeLessThan(20_000);
	});

	it('learns no limit per minute from a refusal if it has sent nothing itself', async () => {
		const bucket = newBucket();
		await refuseCall(bucket);
		rateLimiter.learnMinuteLimit(bucket);
		// A limit of the one call that was refused would let one leave each minute.
		expect((await departures(bucket, { count: 100 }))[99]).toBeLessThan(15_000);
	});
});
