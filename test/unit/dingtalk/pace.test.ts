import { pauseBucket, learnMinuteLimit, acquirePermit } from '../../../lib/dingtalk/client/rateLimiter';

let lanes = 0;
const newLane = (): string => `lane ${++lanes}`;

interface Going {
	/** How long a call takes from its slot to the network: for its token, or because the process is busy. */
	delay?: (call: number) => number;
	callsPerSecond?: number;
	count: number;
	signal?: AbortSignal;
}

/** Sends so many calls as fast as the lane lets them, and tells when each went out. */
async function departures(
	lane: string,
	{ delay = () => 0, callsPerSecond = 20, count, signal }: Going,
): Promise<number[]> {
	const began = Date.now();
	const out: number[] = [];
	const call = async (number: number): Promise<void> => {
		const slot = await acquirePermit(lane, callsPerSecond, signal);
		const ms = delay(number);
		if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
		slot.sent();
		out.push(Date.now() - began);
	};
	const all = Promise.all(Array.from({ length: count }, async (_, number) => await call(number)));
	await jest.runAllTimersAsync();
	await all;
	return out.sort((a, b) => a - b);
}

async function turnedAway(lane: string): Promise<void> {
	const [slot] = await Promise.all([acquirePermit(lane, 20), jest.runAllTimersAsync()]);
	slot.refused();
}

const mostWithin = (starts: number[], span: number): number =>
	Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + span).length));

beforeEach(() => jest.useFakeTimers({ now: Date.parse('2026-03-02T00:00:00Z') }));
afterEach(() => jest.useRealTimers());

describe('the pace of a lane', () => {
	it.each([1, 7, 20, 45, 60])('is at most %d calls in any second, and hardly less', async (callsPerSecond) => {
		const count = callsPerSecond * 10 + 1;
		const starts = await departures(newLane(), { callsPerSecond, count });
		expect(mostWithin(starts, 1000)).toBeLessThanOrEqual(callsPerSecond);
		// A hundredth is left for the network.
		expect(starts[count - 1]).toBeLessThanOrEqual(10_000 * 1.02);
	});

	it('never goes past the limit when calls wait for a token and then leave all at once', async () => {
		const starts = await departures(newLane(), { count: 200, delay: (call) => (call < 8 ? 400 - 50 * call : 0) });
		expect(mostWithin(starts, 1000)).toBeLessThanOrEqual(20);
		expect(starts[199]).toBeLessThanOrEqual(10_000 * 1.05);
	});

	it('never goes past the limit when the process is busy now and then', async () => {
		let state = 11;
		const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
		// Some calls are late by up to a tenth of a second, most are not late at all.
		const starts = await departures(newLane(), { count: 400, delay: () => (random(5) === 0 ? random(100) : 0) });
		expect(mostWithin(starts, 1000)).toBeLessThanOrEqual(20);
	});

	it('stops waiting as soon as the workflow is stopped', async () => {
		const lane = newLane();
		pauseBucket(lane, 60_000);
		const stop = new AbortController();
		const began = Date.now();
		const waiting = acquirePermit(lane, 20, stop.signal).then(
			() => undefined,
			() => Date.now() - began,
		);
		setTimeout(() => stop.abort(new Error('stopped')), 500);
		await jest.runAllTimersAsync();
		expect(await waiting).toBe(500);
	});

	it('is halted for those too who already wait for their slot', async () => {
		const lane = newLane();
		setTimeout(() => pauseBucket(lane, 5000), 10);
		const starts = await departures(lane, { count: 22 });
		expect(starts[19]).toBe(0);
		expect(starts[20]).toBeGreaterThanOrEqual(5010);
		// As two slots allow.
		expect(starts[21]).toBeGreaterThanOrEqual(5050);
	});

	it('takes refusals of calls that were under way together for one', async () => {
		const lane = newLane();
		const [slots] = await Promise.all([
			Promise.all([1, 2, 3, 4].map(async () => await acquirePermit(lane, 20))),
			jest.runAllTimersAsync(),
		]);
		for (const slot of slots) slot.sent();
		await jest.advanceTimersByTimeAsync(20);
		for (const slot of slots) slot.answered();
		for (const slot of slots) slot.refused();
		expect((await departures(lane, { count: 1 }))[0]).toBeLessThanOrEqual(60);
	});

	it.each([1, 7, 20, 60])(
		'lets %d calls go at once after a rest, and those that follow in a few bunches a second',
		async (callsPerSecond) => {
			const starts = await departures(newLane(), { callsPerSecond, count: callsPerSecond * 3 });
			expect(starts[callsPerSecond - 1]).toBe(0);
			const later = starts.slice(callsPerSecond);
			const quarter = Math.max(1, Math.floor(callsPerSecond / 4));
			expect(mostWithin(later, (1000 * quarter) / callsPerSecond)).toBeLessThanOrEqual(quarter);
			// Each bunch leaves at one time.
			expect(new Set(later).size).toBe(Math.ceil(later.length / quarter));
			expect(mostWithin(starts, 1000)).toBeLessThanOrEqual(callsPerSecond);
		},
	);

	it('lets one that comes alone go with the next slot', async () => {
		const lane = newLane();
		const starts: number[] = [];
		for (let call = 0; call < 60; call++) starts.push(Date.now() + (await departures(lane, { count: 1 }))[0]);
		const gaps = starts.slice(21).map((at, i) => at - starts[20 + i]);
		expect(Math.max(...gaps)).toBeLessThanOrEqual(51);
	});

	it('is put off by one slot for a refusal, and by more when refusals go on', async () => {
		const lane = newLane();
		const began = Date.now();
		const putOffBy = async (): Promise<number> => {
			await turnedAway(lane);
			return (await departures(lane, { count: 1 }))[0];
		};
		const waits = [await putOffBy(), await putOffBy(), await putOffBy()];
		expect(waits[0]).toBeLessThanOrEqual(60);
		expect(waits[1]).toBeGreaterThan(waits[0]);
		expect(waits[2]).toBeGreaterThan(waits[1]);
		expect(Date.now() - began).toBeLessThan(1000);
	});

	it('keeps to as many calls a minute as got through before DingTalk refused, and forgets it after five minutes', async () => {
		const lane = newLane();
		await departures(lane, { count: 100 });
		await turnedAway(lane);
		learnMinuteLimit(lane);
		const starts = await departures(lane, { count: 300 });
		expect(mostWithin(starts, 60_000)).toBeLessThanOrEqual(100);
		await jest.advanceTimersByTimeAsync(5 * 60_000);
		const later = await departures(lane, { count: 300 });
		expect(later[299]).toBeLessThan(20_000);
	});

	it('learns nothing from a refusal when it has sent nothing itself', async () => {
		const lane = newLane();
		await turnedAway(lane);
		learnMinuteLimit(lane);
		expect((await departures(lane, { count: 100 }))[99]).toBeLessThan(6000);
	});
});
