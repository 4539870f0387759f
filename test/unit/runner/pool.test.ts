/** Tests the pool that processes a few items at a time. */
import { runPool, type PoolOptions } from '../../../lib/n8n/keyedPool';

const pause = async (ms: number): Promise<void> => await new Promise((resolve) => setTimeout(resolve, ms));

/** Runs a pool and records in which order the items started. */
function observed<T>(pool: Partial<PoolOptions<T>> & Pick<PoolOptions<T>, 'count' | 'process'>): {
	started: number[];
	result: Promise<T[]>;
} {
	const started: number[] = [];
	const result = runPool<T>({
		concurrency: 5,
		keyOf: () => undefined,
		...pool,
		async process(index) {
			started.push(index);
			return await pool.process(index);
		},
	});
	return { started, result };
}

describe('The pool of items', () => {
	it('returns results in input order, whichever finishes first', async () => {
		const { result } = observed({
			count: 7,
			async process(index) {
				await pause((7 - index) * 3);
				return `answer ${index}`;
			},
		});
		expect(await result).toEqual([0, 1, 2, 3, 4, 5, 6].map((index) => `answer ${index}`));
	});

	it('returns nothing for no items', async () => {
		await expect(observed({ count: 0, process: async () => await Promise.resolve() }).result).resolves.toEqual([]);
	});

	it('processes as many items at once as its concurrency allows, and no more', async () => {
		let now = 0;
		let most = 0;
		const { result } = observed({
			count: 20,
			concurrency: 3,
			async process() {
				most = Math.max(most, ++now);
				await pause(2);
				now--;
			},
		});
		await result;
		expect(most).toBe(3);
	});

	it('keeps the input order of a key that is known later for the first of its items', async () => {
		let find = (): void => undefined;
		const found = new Promise<string>((resolve) => {
			find = () => resolve('room');
		});
		const { started, result } = observed({
			count: 3,
			keyOf: async (index) => (index === 0 ? await found : await Promise.resolve('room')),
			process: async () => await Promise.resolve(),
		});
		await pause(1);
		expect(started).toEqual([]);
		find();
		await result;
		expect(started).toEqual([0, 1, 2]);
	});

	it('processes items with the same key one after the other, in input order, while others overtake them', async () => {
		const order: string[] = [];
		let overtake = (): void => undefined;
		const overtaken = new Promise<void>((resolve) => {
			overtake = resolve;
		});
		const { result } = observed({
			count: 5,
			keyOf: (index) => (index % 2 === 0 ? 'same' : undefined),
			async process(index) {
				order.push(`begin ${index}`);
				await (index === 0 ? overtaken : pause(1));
				order.push(`end ${index}`);
				if (index === 3) overtake();
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

	it('reports the failure of the earliest item even if a later one failed first', async () => {
		const { result } = observed({
			count: 3,
			async process(index) {
				await pause(index === 0 ? 15 : 1);
				if (index !== 1) throw new Error(`item ${index}`);
			},
		});
		await expect(result).rejects.toThrow('item 0');
	});

	it('starts no further item after a failure', async () => {
		const { started, result } = observed({
			count: 10,
			concurrency: 2,
			async process(index) {
				await pause(1);
				if (index === 2) throw new Error('item 2');
			},
		});
		await expect(result).rejects.toThrow('item 2');
		expect(started.length).toBeLessThanOrEqual(4);
	});

	it('does not start an item that was waiting for a failed one with the same key', async () => {
		const { started, result } = observed({
			count: 5,
			keyOf: () => 'same',
			async process() {
				await pause(1);
				throw new Error('refused');
			},
		});
		await expect(result).rejects.toThrow('refused');
		expect(started).toEqual([0]);
	});

	it('finishes the items in progress before it reports a failure', async () => {
		const finished: number[] = [];
		const { result } = observed({
			count: 2,
			async process(index) {
				if (index === 0) throw new Error('item 0');
				await pause(10);
				finished.push(index);
			},
		});
		await expect(result).rejects.toThrow('item 0');
		expect(finished).toEqual([1]);
	});

	it('stops on an abort signal and throws its reason', async () => {
		const stop = new AbortController();
		const { started, result } = observed({
			count: 10,
			concurrency: 1,
			signal: stop.signal,
			async process(index) {
				if (index === 1) stop.abort(new Error('stopped'));
				return await Promise.resolve(index);
			},
		});
		await expect(result).rejects.toThrow('stopped');
		expect(started).toEqual([0, 1]);
	});

	it('returns the results if the abort signal comes while the last item is processed', async () => {
		const stop = new AbortController();
		const { result } = observed({
			count: 2,
			concurrency: 1,
			signal: stop.signal,
			async process(index) {
				if (index === 1) stop.abort(new Error('stopped'));
				return await Promise.resolve(index);
			},
		});
		await expect(result).resolves.toEqual([0, 1]);
	});

	it('does not start an item that was waiting for its key after an abort signal', async () => {
		const stop = new AbortController();
		const { started, result } = observed({
			count: 3,
			keyOf: () => 'same',
			signal: stop.signal,
			async process(index) {
				await pause(1);
				stop.abort(new Error('stopped'));
				return index;
			},
		});
		await expect(result).rejects.toThrow('stopped');
		expect(started).toEqual([0]);
	});
});
