/** Tests that a run of thousands of items lets the rest of n8n have its turn, Stop included. Nothing here depends on real time. */
import type { IExecuteFunctions, INode } from 'n8n-workflow';

import type { Operation } from '../../../lib/n8n/Operation';
import { runOperation } from '../../../lib/n8n/runOperation';
import { amount } from '../../long/amount';

const sleepModule = jest.requireActual<{ sleep(ms: number): Promise<void> }>('@n8n/utils/sleep');
const { sleep } = sleepModule;

/** Milliseconds on the clock of the test. */
let now = 0;
/** How many items had been touched, and how much time had passed, between two breaks. */
let stretches: Array<{ items: number; ms: number }>;
let touched: number;
let lastBreak: { touched: number; at: number };

const endStretch = (): void => {
	stretches.push({ items: touched - lastBreak.touched, ms: now - lastBreak.at });
	lastBreak = { touched, at: now };
};

beforeEach(() => {
	now = 0;
	touched = 0;
	stretches = [];
	lastBreak = { touched: 0, at: 0 };
	jest.spyOn(performance, 'now').mockImplementation(() => now);
	sleepModule.sleep = async () => {
		endStretch();
		await new Promise((resolve) => setImmediate(resolve));
	};
});
afterEach(() => {
	sleepModule.sleep = sleep;
	jest.restoreAllMocks();
});

const MANY = amount({ short: 4_000, long: 20_000 });
const SOME = amount({ short: 2_000, long: 5_000 });

interface Run {
	count: number;
	/** Reading the parameters of an item takes so long. */
	msPerItem: number;
	prepare?: Operation['prepare'];
	subject?: (index: number) => unknown;
	continueOnFail?: boolean;
	concurrency?: number;
	signal?: AbortSignal;
}

const node = { id: 'n', name: 'DingTalk Calendar', type: 't', typeVersion: 1, position: [0, 0] } as const;

async function runItems({
	count,
	msPerItem,
	prepare,
	subject,
	continueOnFail = false,
	concurrency = 1,
	signal,
}: Run): Promise<unknown> {
	const context = {
		getNode: (): INode => ({ ...node, position: [0, 0], parameters: { eventId: '={{ $json.id }}' } }),
		continueOnFail: () => continueOnFail,
		getExecutionCancelSignal: () => signal,
		getCredentials: async () => await Promise.resolve({ clientId: 'app', clientSecret: 'secret' }),
		getInputData: () => items,
		getNodeParameter: (name: string, index: number) => (name === 'eventId' ? subject?.(index) : null),
		getTimezone: () => 'UTC',
		getWorkflow: () => ({ id: 'w' }),
		getExecutionId: () => 'e',
		getMode: () => 'manual',
		addExecutionHints: () => undefined,
	};
	const items = Array.from({ length: count }, () => ({ json: {} }));
	const operation: Operation = {
		value: 'test',
		name: 'Test',
		action: 'Test',
		description: '',
		calls: [],
		properties: [],
		readConcurrency: () => concurrency,
		prepare(item) {
			touched++;
			now += msPerItem;
			return prepare?.(item) ?? (async () => await Promise.resolve({}));
		},
	};
	return await runOperation(context as unknown as IExecuteFunctions, operation);
}

/** Measures how long the event loop is kept from its next turn; what was called in the same turn has no break in between. */
function watchTurns(): { end: () => number } {
	let last = now;
	let worst = 0;
	let next: NodeJS.Immediate;
	const turn = (): void => {
		worst = Math.max(worst, now - last);
		last = now;
		next = setImmediate(turn);
	};
	turn();
	return {
		end: () => {
			clearImmediate(next);
			return Math.max(worst, now - last);
		},
	};
}

const longest = (): number => Math.max(...stretches.map(({ ms }) => ms));

describe('A run of thousands of items', () => {
	it.each([0.05, 5])('takes a break at least every 100 ms while it prepares them (%d ms each)', async (msPerItem) => {
		await runItems({ count: MANY, msPerItem });
		endStretch();
		expect(longest()).toBeLessThanOrEqual(100);
		expect(touched).toBe(MANY);
	});

	it('takes a break every few hundred items even where the clock shows no time', async () => {
		await runItems({ count: SOME, msPerItem: 0 });
		endStretch();
		expect(Math.max(...stretches.map(({ items }) => items))).toBeLessThanOrEqual(250);
	});

	it.each([
		['about one thing', () => 'one'],
		['about different things', (index: number) => index],
		['about nothing', () => undefined],
	])('takes breaks while it executes them (%s)', async (_, subject) => {
		await runItems({
			count: SOME,
			msPerItem: 0,
			subject,
			prepare: () => async () => {
				touched++;
				now += 0.5;
				return await Promise.resolve({});
			},
		});
		endStretch();
		expect(longest()).toBeLessThanOrEqual(100);
		expect(touched).toBe(2 * SOME);
	});

	it.each([10, 50])('takes a break of all items at once where it executes %d at a time', async (concurrency) => {
		const turns = watchTurns();
		await runItems({
			count: SOME,
			msPerItem: 0,
			concurrency,
			prepare: () => async () => {
				now += 1;
				return await Promise.resolve({});
			},
		});
		expect(turns.end()).toBeLessThanOrEqual(100);
	});

	it('takes breaks while it reports that all are invalid', async () => {
		const prepare = (): never => {
			throw new Error('invalid');
		};
		await runItems({ count: SOME, msPerItem: 0.1, prepare, continueOnFail: true });
		// Of the items that only fail, no time is counted.
		expect(stretches.length).toBeGreaterThan(2 * (SOME / 500));
	});

	it.each([true, false])('is canceled at the first break after Stop (Continue On Fail: %p)', async (continueOnFail) => {
		const stop = new AbortController();
		const prepare = (): undefined => {
			if (touched === 1000) stop.abort();
			return undefined;
		};
		await expect(
			runItems({ count: SOME, msPerItem: 1, signal: stop.signal, continueOnFail, prepare: prepare as never }),
		).rejects.toMatchObject({ message: 'The execution was canceled' });
		expect(touched).toBeLessThan(1200);
	});
});

it('A run of a few items takes no break', async () => {
	await runItems({ count: 20, msPerItem: 0.1 });
	expect(stretches).toEqual([]);
});
