/** Stands in for n8n's Loop Over Items node. */
import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';

import { describeNode } from './describe';

interface State {
	left?: INodeExecutionData[];
	done?: INodeExecutionData[];
}

const description = describeNode(
	'splitInBatches',
	[3],
	[
		{ displayName: 'Batch Size', name: 'batchSize', type: 'number', default: 1 },
		{ displayName: 'Options', name: 'options', type: 'json', default: {} },
	],
);

/** Loop Over Items: batches on the second output, one after the other; in the end what came back, on the first. */
export const splitInBatches: INodeType = {
	description: { ...description, outputs: ['main', 'main'], outputNames: ['done', 'loop'] },
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][] | null> {
		const state = this.getContext('node') as State;
		const input = this.getInputData();
		if (state.left === undefined) Object.assign(state, { left: [...input], done: [] });
		else state.done?.push(...input.map(({ json }) => ({ json, pairedItem: { item: 0 } })));
		const batch = state.left?.splice(0, this.getNodeParameter('batchSize', 0) as number) ?? [];
		if (batch.length > 0) return [[], batch.map(({ json }, item) => ({ json, pairedItem: { item } }))];
		return [state.done ?? [], []];
	},
};
