/** Stands in for n8n's Filter node. */
import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';

import { describeNode } from './describe';

/** Filter, version 2: the engine itself decides the conditions. */
export const filter: INodeType = {
	description: describeNode(
		'filter',
		[2, 2.1, 2.2],
		[
			{ displayName: 'Conditions', name: 'conditions', type: 'filter', default: {} },
			{ displayName: 'Options', name: 'options', type: 'json', default: {} },
		],
	),
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const kept = this.getInputData()
			.map((item, index): INodeExecutionData => ({ ...item, pairedItem: { item: index } }))
			.filter((_, index) => this.getNodeParameter('conditions', index, false, { extractValue: true }));
		return [kept];
	},
};
