/** How the items of a run come to the node, besides all at once: in a loop, and back from its error output. */
import type { IDataObject, INode, INodeExecutionData, INodeType, IRun } from 'n8n-workflow';

import { DINGTALK_CALENDAR, errorOf, START_NODE, TESTED_NODE, type Engine, type NodeRun } from '../engine/harness';
import { describeNode } from '../engine/harness/stand-ins/describe';
import type { Run } from './history';
import { ofError, ofJson, type Outcome } from './outcomes';

const AGAIN = 'histories.again';
/** How often the items of the error output come back. */
const RETURNS = 2;

/** Lets the items that failed through to the node again, but not for ever. */
const again: INodeType = {
	description: describeNode('again', [1]),
	async execute() {
		const state = this.getContext('node') as { returns?: number };
		state.returns = (state.returns ?? 0) + 1;
		const items = this.getInputData().map(({ json }, item): INodeExecutionData => ({ json, pairedItem: { item } }));
		return [state.returns <= RETURNS ? items : []];
	},
};

export const addFlowNodes = (engine: Engine): void => engine.addNodeType(AGAIN, again);

/** Where the node reads a field of its item. */
export function fieldOf({ flow, isApart }: Run, name: string): string {
	if (!isApart) return `={{ $json.${name} }}`;
	return flow === 'oneByOne'
		? `={{ $('${START_NODE}').all()[$runIndex].json.${name} }}`
		: `={{ $('${START_NODE}').item.json.${name} }}`;
}

export const isPlain = ({ flow, isApart }: Run): boolean => flow === 'once' && !isApart;

const node = (name: string, type: string, more: Partial<INode> = {}): INode => ({
	...{ id: name, name, type, typeVersion: 1, position: [0, 0], parameters: {} },
	...more,
});

const to = (name: string) => [{ node: name, type: 'main' as const, index: 0 }];

/** Runs the node in the flow of this run. */
export async function runFlow(engine: Engine, { flow, isApart }: Run, settings: NodeRun): Promise<IRun> {
	const { parameters, items = [], credential, timezone, mode, executionId, signal } = settings;
	const { onError, retryOnFail, maxTries, waitBetweenTries } = settings;
	const isLoop = flow === 'oneByOne';
	const empty = (isLoop ? items.slice(0, 1) : items).map((_, item) => ({ json: {}, pairedItem: { item } }));
	// A row may have fields that are called as those of an error.
	const rows = flow === 'errorLoop' ? items.map((json, index) => ({ ...json, message: `row ${index}` })) : items;
	const first = isApart ? 'Empty' : TESTED_NODE;
	return await engine.runWorkflow(
		{
			nodes: [
				node(START_NODE, 'n8n-nodes-base.manualTrigger'),
				node('Loop', 'n8n-nodes-base.splitInBatches', { typeVersion: 3 }),
				node('Empty', 'n8n-nodes-base.noOp'),
				node('Again', AGAIN),
				node(TESTED_NODE, DINGTALK_CALENDAR, {
					...{ id: '2', parameters, retryOnFail, maxTries, waitBetweenTries },
					onError: flow === 'errorLoop' ? 'continueErrorOutput' : onError,
				}),
			],
			connections: {
				[START_NODE]: { main: [to(isLoop ? 'Loop' : first)] },
				Loop: { main: [[], to(first)] },
				Empty: { main: [to(TESTED_NODE)] },
				Again: { main: [to(TESTED_NODE)] },
				...(isLoop ? { [TESTED_NODE]: { main: [to('Loop')] } } : {}),
				...(flow === 'errorLoop' ? { [TESTED_NODE]: { main: [[], to('Again')] } } : {}),
			},
			settings: timezone === undefined ? {} : { timezone },
		},
		{
			...{ credentials: credential ? [credential] : [], mode, executionId, signal },
			pinData: { [START_NODE]: rows.map((json: IDataObject) => ({ json })), ...(isApart ? { Empty: empty } : {}) },
		},
	);
}

const itemOf = ({ pairedItem }: INodeExecutionData): number => (pairedItem as { item: number }).item;

/** What the rounds say of each item, of which the last one about it counts, and the items in the order of these rounds. */
export function outcomesOfFlow(run: IRun, count: number, { flow }: Run): { outcomes: Outcome[]; order: number[] } {
	const lastRounds = Array.from({ length: count }, () => 0);
	const outcomes = Array.from({ length: count }, (): Outcome => ({ is: 'notDone', text: 'was never begun' }));
	const rounds = run.data.resultData.runData[TESTED_NODE] ?? [];
	let items = flow === 'oneByOne' ? [0] : outcomes.map((_, index) => index);
	const end = errorOf(run);
	const fail = ({ message, description }: { message: string; description?: string | null }): void => {
		for (const [index, outcome] of ofError(`${message} ${description ?? ''}`, items.length).entries())
			if (items[index] < count) outcomes[items[index]] = outcome;
	};
	for (const [round, { error, data }] of rounds.entries()) {
		for (const index of items) lastRounds[index] = round;
		const [done, failed] = (data?.main ?? []).map((output) => output ?? []);
		const isLast = round === rounds.length - 1;
		// What a round put out that was stopped is not of the node.
		if (error ?? (isLast && end)) fail(error ?? end ?? { message: '' });
		else for (const one of [...done, ...(failed ?? [])]) outcomes[items[itemOf(one)]] = ofJson(one.json);
		items = flow === 'oneByOne' ? [items[0] + 1] : (failed ?? []).map((one) => items[itemOf(one)]);
	}
	// It may have been stopped in a round of which n8n keeps nothing.
	if (run.status === 'canceled') for (const index of items) if (index < count) outcomes[index] = { is: 'silent' };
	const order = outcomes.map((_, index) => index).sort((one, other) => lastRounds[one] - lastRounds[other]);
	return { outcomes, order };
}
