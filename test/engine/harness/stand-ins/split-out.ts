/** Stands in for n8n's Split Out node. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';

import { describeNode } from './describe';

/** Split Out for one field: an item for each entry of its list, alone or with the other fields. */
export const splitOut: INodeType = {
	description: describeNode(
		'splitOut',
		[1],
		[
			{ displayName: 'Fields To Split Out', name: 'fieldToSplitOut', type: 'string', default: '' },
			{ displayName: 'Include', name: 'include', type: 'string', default: 'noOtherFields' },
			{ displayName: 'Options', name: 'options', type: 'json', default: {} },
		],
	),
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData().flatMap(({ json }, index) => {
			const field = this.getNodeParameter('fieldToSplitOut', index) as string;
			const keepOthers = this.getNodeParameter('include', index) === 'allOtherFields';
			const { [field]: entries, ...others } = json;
			return (entries as IDataObject[]).map((entry): INodeExecutionData => ({
				json: keepOthers ? { ...others, [field]: entry } : entry,
				pairedItem: { item: index },
			}));
		});
		return [items];
	},
};
