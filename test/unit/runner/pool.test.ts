import { runPool, type PoolOptions } from '../../../lib/n8n/keyedPool';

const pause = async (ms: number): Promise<void> => await new Promise((resolve) => setTimeout(resolve, ms));

/** Runs a pool and writes down which index started when. */
function observed<T>(pool: Partial<PoolOptions<T>> & Pick<PoolOptions<T>, 'count' | 'work'>): {
	started: number[];
	result: Promise<T[]>;
} {
	const started: number[] = [];
	const result = runPool<T>({
		width: 5,
		keyOf: () => undefined,
		...pool,
		async work(index) {
			started.push(index);
			return await pool.work(index);
		},
	});
	return { started, result };
}

describe('a pool', () => {
	it('answers in input order, whatever finishes first', async () => {
		const { result } = observed({
			count: 7,
			async work(index) {
				await pause((7 - index) * 3);
				return `answer ${index}`;
			},
		});
		expect(await result).toEqual([0, 1, 2, 3, 4, 5, 6].map((index) => `answer ${index}`));
	});

	it('has nothing to do for no items', async () => {
		await expect(observed({ count: 0, work: async () => await Promise.resolve() }).result).resolves.toEqual([]);
	});

	it('never works on more than its width at once, and does use its width', async () => {
		let now = 0;
		let most = 0;
		const { result } = observed({
			count: 20,
			width: 3,
			async work() {
				most = Math.max(most, ++now);
				await pause(2);
				now--;
			},
		});
		await result;
		expect(most).toBe(3);
	});

	it('works on items of one key one after the other, in input order, while others overtake them', async () => {
		const order: string[] = [];
		const { result } = observed({
			count: 5,
			keyOf: (index) => (index % 2 === 0 ? 'same' : undefined),
			async work(index) {
				order.push(`begin ${index}`);
				await pause(index === 0 ? 20 : 1);
				order.push(`end ${index}`);
			},
		});
		await result;
		expect(order.filter((entry) => /[024]$/.test(entry))).toEqual([
			'begin 0',
			'end 0',
			'begin 2',
			'end 2',
			'begin 4',
			'end 4',
		]);
		expect(order.indexOf('end 3')).toBeLessThan(order.indexOf('end 0'));
	});

	it('reports the failure of the earliest item, although a later one failed first', async () => {
		const { result } = observed({
			count: 3,
			async work(index) {
				await pause(index === 0 ? 15 : 1);
				if (index !== 1) throw new Error(`item ${index}`);
			},
		});
		await expect(result).rejects.toThrow('item 0');
	});

	it('starts nothing new after a failure', async () => {
		const { started, result } = observed({
			count: 10,
			width: 2,
			async work(index) {
				await pause(1);
				if (index === 2) throw new Error('item 2');
			},
		});
		await expect(result).rejects.toThrow('item 2');
		expect(started.length).toBeLessThanOrEqual(4);
	});

	it('does not start an item either that was waiting for the failed one of its key', async () => {
		const { started, result } = observed({
			count: 5,
			keyOf: () => 'same',
			async work() {
				await pause(1);
				throw new Error('refused');
			},
		});
		await expect(result).rejects.toThrow('refused');
		expect(started).toEqual([0]);
	});

	it('finishes what is under way before it reports', async () => {
		const finished: number[] = [];
		const { result } = observed({
			count: 2,
			async work(index) {
				if (index === 0) throw new Error('item 0');
				await pause(10);
				finished.push(index);
			},
		});
		await expect(result).rejects.toThrow('item 0');
		expect(finished).toEqual([1]);
	});

	it('stops when it is told to, and says so', async () => {
		const stop = new AbortController();
		const { started, result } = observed({
			count: 10,
			width: 1,
			signal: stop.signal,
			async work(index) {
				if (index === 1) stop.abort(new Error('stopped'));
				return await Promise.resolve(index);
			},
		});
		await expect(result).rejects.toThrow('stopped');
		expect(started).toEqual([0, 1]);
	});

	it('does not start an item that waited for its key when it is told to stop', async () => {
		const stop = new AbortController();
		const { started, result } = observed({
			count: 3,
			keyOf: () => 'same',
			signal: stop.signal,
			async work(index) {
				await pause(1);
				stop.abort(new Error('stopped'));
				return index;
			},
		});
		await expect(result).rejects.toThrow('stopped');
		expect(started).toEqual([0]);
	});
});
