/** Simulates processes that share the limit of an app, without knowing of each other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { amount } from '../../long/amount';
import { fairness, figures, secondsUntil, simulate, type Counting, type Outcome } from './processes';

const LIMIT = 20;
/** From here on, the processes know their shares. */
const SETTLED = 10;
/** The short runs are those of the page. */
const PAGE_SEEDS = [1, 2, 3, 4];
const SEEDS = amount({ short: PAGE_SEEDS, long: [1, 2, 3, 4, 5, 6, 7, 8, 9] });
const DEATH = 130;
const END = 150;

const page = readFileSync(join(__dirname, '../../../docs/project/decisions/rate-limiter.md'), 'utf8').replace(
	/ +/g,
	' ',
);

const shares = (outcome: Outcome, processes: number, from: number, to: number): number[] => {
	const { perProcess } = figures(outcome, from, to);
	return Array.from({ length: processes }, (_, process) => perProcess.get(process) ?? 0);
};

const mean = (numbers: number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

/** The first process dies; each order of events is another run. */
async function run(processes: number, seed: number) {
	const outcome = await simulate({ processes, seconds: END, endsAt: (one) => (one === 0 ? DEATH : Infinity), seed });
	return {
		...figures(outcome, SETTLED, DEATH),
		fairness: fairness(shares(outcome, processes, SETTLED, DEATH)),
		takeover: processes === 1 ? 0 : secondsUntil(outcome, DEATH, 0.9 * LIMIT),
		failed: outcome.failed,
	};
}

describe('Processes that use one app', () => {
	it.each<[number, number]>([
		[1, 0],
		[2, 0.04],
		[3, 0.05],
		[5, 0.07],
		[10, 0.12],
		[20, 0.2],
		[50, 0.4],
	])(
		'share the limit fairly if there are %d, and soon use what one of them leaves',
		async (processes, refusedAtMost) => {
			const runs: Array<Awaited<ReturnType<typeof run>>> = [];
			for (const seed of SEEDS) runs.push(await run(processes, seed));
			const perSecond = mean(runs.map((one) => one.perSecond));
			const equality = mean(runs.map((one) => one.fairness));
			const refused = mean(runs.map((one) => one.refused));
			const takeover = mean(runs.map((one) => one.takeover));
			const cells = [
				processes,
				`${((perSecond / LIMIT) * 100).toFixed(1)} %`,
				equality.toFixed(2),
				`${(refused * 100).toFixed(1)} %`,
				processes === 1 ? '–' : `${takeover.toFixed(1)} s`,
			];
			if (SEEDS === PAGE_SEEDS) expect(page).toContain(`| ${cells.join(' | ')} |`);
			expect(perSecond).toBeGreaterThanOrEqual(0.9 * LIMIT);
			expect(perSecond).toBeLessThanOrEqual(LIMIT);
			expect(equality).toBeGreaterThanOrEqual(0.9);
			expect(refused).toBeLessThanOrEqual(refusedAtMost);
			expect(takeover).toBeLessThanOrEqual(5);
			expect(runs.map(({ failed }) => failed)).toEqual(runs.map(() => 0));
		},
	);

	it.each<[Counting, string]>([
		['fixed', 'calendar seconds'],
		['bucket', 'a bucket that fills up again'],
	])('share it, too, if DingTalk counts by %s', async (counting) => {
		for (const processes of [2, 3, 5]) {
			const outcome = await simulate({ processes, seconds: DEATH, counting });
			expect(figures(outcome, SETTLED, DEATH).perSecond).toBeGreaterThanOrEqual(0.9 * LIMIT);
			expect(fairness(shares(outcome, processes, SETTLED, DEATH))).toBeGreaterThanOrEqual(0.8);
			expect(outcome.failed).toBe(0);
		}
	});

	it.each<[number, number]>([
		[2, 0.08],
		[3, 0.08],
		[5, 0.1],
	])('are rarely refused although %d start together, with many calls each', async (processes, refusedAtMost) => {
		const runs: number[] = [];
		for (const seed of SEEDS)
			runs.push(figures(await simulate({ processes, seconds: 50, concurrency: 50, seed }), 0, 50).refused);
		expect(mean(runs)).toBeLessThanOrEqual(refusedAtMost);
	});

	it('leave room to one that starts later', async () => {
		const parts: number[] = [];
		for (const seed of SEEDS) {
			const outcome = await simulate({ processes: 3, seconds: 90, startsAt: (one) => (one === 2 ? 30 : 0), seed });
			const [first, second, last] = shares(outcome, 3, 60, 90);
			parts.push(last / (first + second + last));
		}
		expect(mean(parts)).toBeGreaterThan(0.2);
		expect(mean(parts)).toBeLessThan(0.4);
	});

	it('leave room to another program, and use what it leaves', async () => {
		const outcome = await simulate({ processes: 2, seconds: 80, otherProgram: (second) => (second < 60 ? 10 : 0) });
		const before = figures(outcome, SETTLED, 60);
		expect(before.perSecond).toBeGreaterThanOrEqual(0.85 * LIMIT);
		expect(before.refused).toBeLessThanOrEqual(0.12);
		expect(secondsUntil(outcome, 60, 0.9 * LIMIT)).toBeLessThanOrEqual(6);
	});

	it('stay below the number in the credential', async () => {
		const outcome = await simulate({ processes: 2, seconds: 30, ceiling: 8 });
		const { perSecond, refused } = figures(outcome, SETTLED, 30);
		expect(refused).toBe(0);
		expect(perSecond).toBeGreaterThan(15.5);
		expect(perSecond).toBeLessThanOrEqual(16);
	});

	it('share another limit than that in the credential', async () => {
		const outcome = await simulate({ processes: 2, seconds: 70, limit: 40, ceiling: 60 });
		const { perSecond } = figures(outcome, SETTLED, 70);
		expect(perSecond).toBeGreaterThanOrEqual(0.9 * 40);
		expect(fairness(shares(outcome, 2, SETTLED, 70))).toBeGreaterThanOrEqual(0.8);
	});
});

describe('One process that is alone', () => {
	it('is never refused, and loses no more than the second in which its first calls leave together', async () => {
		const { calls } = await simulate({ processes: 1, seconds: 20 });
		expect(calls.every(({ accepted }) => accepted)).toBe(true);
		expect(calls[199].at).toBeLessThanOrEqual(10_200);
	});

	it('uses nine tenths of the limit on a network that delays some calls by a tenth of a second', async () => {
		for (const seed of SEEDS) {
			const { perSecond, refused } = figures(
				await simulate({ processes: 1, seconds: 60, meanDelayMs: 20, seed }),
				0,
				60,
			);
			expect(perSecond).toBeGreaterThanOrEqual(0.9 * LIMIT);
			expect(refused).toBeLessThanOrEqual(0.01);
		}
	});

	it('soon uses all of the limit again after a refusal by accident', async () => {
		const outcome = await simulate({
			processes: 1,
			seconds: 40,
			otherProgram: (second) => (second > 10 && second < 11 ? 40 : 0),
		});
		const { calls } = outcome;
		expect(calls.some(({ process, accepted }) => process === 0 && !accepted)).toBe(true);
		expect(figures(outcome, 18, 40).perSecond).toBeGreaterThanOrEqual(0.95 * LIMIT);
	});
});
