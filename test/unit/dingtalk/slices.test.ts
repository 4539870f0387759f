/** Tests that long computations let other work have its turn. */
import { runAtOnce, runInSlices, STEPS_PER_SLICE, type Computation } from '../../../lib/dingtalk/utils/slices';

function* count(parts: number[]): Computation<string> {
	for (const steps of parts) yield steps;
	return 'done';
}

describe('A computation in slices', () => {
	const pausesOf = async (parts: number[], signal?: AbortSignal): Promise<number> => {
		let pauses = 0;
		expect(await runInSlices(count(parts), signal, async () => await Promise.resolve(void pauses++))).toBe('done');
		return pauses;
	};

	it('pauses whenever it has made a slice of steps, and not before', async () => {
		expect(await pausesOf([])).toBe(0);
		expect(await pausesOf([STEPS_PER_SLICE - 1])).toBe(0);
		expect(await pausesOf([STEPS_PER_SLICE])).toBe(1);
		expect(await pausesOf(Array.from({ length: 10 }, () => STEPS_PER_SLICE / 2))).toBe(5);
	});

	it('lets timers of others fire between its slices', async () => {
		const order: string[] = [];
		setTimeout(() => order.push('other'), 0);
		function* work(): Computation<void> {
			for (let slice = 0; slice < 5; slice++) {
				order.push(`slice ${slice}`);
				yield STEPS_PER_SLICE;
			}
		}
		await runInSlices(work());
		expect(order.indexOf('other')).toBeGreaterThan(0);
		expect(order.indexOf('other')).toBeLessThan(5);
	});

	it('ends when the execution is stopped', async () => {
		const stop = new AbortController();
		const running = runInSlices(count([STEPS_PER_SLICE, STEPS_PER_SLICE]), stop.signal, async () => {
			await Promise.resolve();
			stop.abort(new Error('stopped'));
		});
		await expect(running).rejects.toThrow('stopped');
	});

	it('can run at once', () => expect(runAtOnce(count([STEPS_PER_SLICE, 1]))).toBe('done'));
});
