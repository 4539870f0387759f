/** Tests on the n8n engine that each round of Loop Over Items is done once, whatever repeats it: Retry On Fail, or n8n's Retry button. */
import type { IDataObject, INode, INodeParameters, IRun } from 'n8n-workflow';

import { DINGTALK_CALENDAR, type Engine, errorOf, TESTED_NODE, type CredentialReference } from './harness';
import { callsOf, clientToken, remembered } from './support/events';
import { useDesk } from './support/setup';
import { stateOf } from './support/state';

const desk = useDesk({ waits: 'skipped' });

const RETRY = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };

const creating = (): INodeParameters => ({
	...{ resource: 'event', operation: 'create', user: desk().people[0].unionId, summary: '={{ $json.title }}' },
	...{ start: '2026-03-03T10:00:00', end: '2026-03-03T11:00:00' },
});

const sharing = (): INodeParameters => ({
	...{ resource: 'subscriptionCalendar', operation: 'create', user: desk().people[0].unionId },
	...{ name: '={{ $json.title }}', scopePeople: desk().people[1].unionId },
});

const rows = (...names: string[]): IDataObject[] => names.map((title) => ({ title }));

const node = (name: string, type: string, more: Partial<INode> = {}): INode => ({
	...{ id: name, name, type, typeVersion: 1, position: [0, 0], parameters: {} },
	...more,
});

const to = (name: string) => [{ node: name, type: 'main' as const, index: 0 }];

interface Loop {
	parameters: INodeParameters;
	items: IDataObject[];
	settings?: Partial<INode>;
	retryOf?: IRun;
	engine?: Engine;
	credential?: CredentialReference;
}

/** One row in each round. */
const runLoop = async ({ parameters, items, settings, retryOf, engine, credential }: Loop): Promise<IRun> =>
	await (engine ?? desk().engine).runWorkflow(
		{
			nodes: [
				node('Start', 'n8n-nodes-base.manualTrigger'),
				node('Loop', 'n8n-nodes-base.splitInBatches', { typeVersion: 3 }),
				node(TESTED_NODE, DINGTALK_CALENDAR, { parameters, ...settings }),
			],
			connections: {
				Start: { main: [to('Loop')] },
				Loop: { main: [[], to(TESTED_NODE)] },
				[TESTED_NODE]: { main: [to('Loop')] },
			},
			settings: { timezone: 'Asia/Shanghai' },
		},
		{
			credentials: [credential ?? desk().credential],
			pinData: { Start: items.map((json) => ({ json })) },
			retryOf,
		},
	);

/** What happens to the given request of these, counted from 1. */
const strike = async (path: string, nth: number, action: IDataObject, times = 1): Promise<void> => {
	for (let number = nth; number < nth + times; number++)
		await desk().control('faults', { match: { method: 'POST', path, nth: number }, ...action });
};

const LOST = { do: 'dropAfterCommit' };
const REFUSED = { do: 'status', status: 400, code: 'invalidParameter' };

const titles = async (): Promise<string[]> => (await remembered(desk())).map(({ summary }) => summary);
const posts = async (end: string) =>
	(await callsOf(desk())).filter(({ method, path }) => method === 'POST' && path.endsWith(end));

/** The rounds of the loop, each with what it put out. */
const roundsOf = (run: IRun): unknown[] =>
	(run.data.resultData.runData[TESTED_NODE] ?? []).map(({ data }) => data?.main[0]?.[0]?.json.summary);

describe('Retry On Fail in Loop Over Items', () => {
	it('creates one event for each row, equal rows included, although responses are lost', async () => {
		// Three attempts of the first try, in the second round.
		await strike('*/events', 2, LOST, 3);
		const run = await runLoop({ parameters: creating(), items: rows('A', 'A', 'B', 'A'), settings: RETRY });
		expect(errorOf(run)).toBeUndefined();
		expect(roundsOf(run)).toEqual(['A', 'A', 'B', 'A']);
		expect(await titles()).toEqual(['A', 'A', 'B', 'A']);
		expect(new Set((await posts('/events')).map(clientToken)).size).toBe(4);
	});

	it('sends no calendar again whose response was lost, and ends there', async () => {
		await strike('*/subscribedCalendars', 2, LOST);
		const run = await runLoop({ parameters: sharing(), items: rows('A', 'B', 'C'), settings: RETRY });
		expect(errorOf(run)?.message).toContain('its outcome is unknown');
		const { subscribedCalendars } = await stateOf(desk());
		expect(subscribedCalendars.map(({ name }) => name)).toEqual(['A', 'B']);
	});
});

describe("n8n's Retry button on Loop Over Items", () => {
	it.each([
		['a refused row', REFUSED, 1],
		['a row whose responses were lost', LOST, 3],
	])('goes on with %s, and repeats no row before it', async (_, action, times) => {
		await strike('*/events', 2, action, times);
		const loop = { parameters: creating(), items: rows('A', 'A', 'B') };
		const failed = await runLoop(loop);
		expect(errorOf(failed)).toBeDefined();
		const run = await runLoop({ ...loop, retryOf: failed });
		expect(errorOf(run)).toBeUndefined();
		expect(roundsOf(run)).toEqual(['A', 'A', 'B']);
		expect(await titles()).toEqual(['A', 'A', 'B']);
		expect(await posts('/events')).toHaveLength(3 + times);
	});

	it('continues in another process with the token of the lost request', async () => {
		await strike('*/events', 2, LOST, 3);
		const loop = { parameters: creating(), items: rows('A', 'A', 'B') };
		const failed = await runLoop(loop);
		const { engine, credential } = await desk().anotherProcess();
		const run = await runLoop({ ...loop, retryOf: failed, engine, credential });
		await engine.stop();
		expect(errorOf(run)).toBeUndefined();
		expect(await titles()).toEqual(['A', 'A', 'B']);
	});

	it('makes no second calendar of the rows that are done, and does not send the unknown one again', async () => {
		await strike('*/subscribedCalendars', 2, LOST);
		const loop = { parameters: sharing(), items: rows('A', 'B', 'C') };
		const failed = await runLoop(loop);
		const run = await runLoop({ ...loop, retryOf: failed });
		expect(errorOf(run)?.message).toContain('its outcome is unknown');
		expect(await posts('/subscribedCalendars')).toHaveLength(2);
	});
});
