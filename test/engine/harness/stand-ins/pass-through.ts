/** Stands in for n8n's nodes that do nothing. */
import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';

import { describeNode } from './describe';

export const noOp: INodeType = {
	description: describeNode('noOp', [1]),
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [this.getInputData()];
	},
};

/** Never runs; exported workflows contain it. */
export const stickyNote: INodeType = {
	description: describeNode(
		'stickyNote',
		[1],
		['content', 'height', 'width', 'color'].map((name) => ({ displayName: name, name, type: 'string', default: '' })),
		{ inputs: [], outputs: [] },
	),
};
