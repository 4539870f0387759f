/** Stands in for n8n's Edit Fields node. */
import { jsonParse, NodeOperationError, validateFieldType } from 'n8n-workflow';
import type { FieldType, IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';

import { describeNode } from './describe';

interface Assignment {
	name: string;
	value: unknown;
	type?: FieldType;
}

/** Edit Fields, version 3: assignments or raw JSON, with or without the incoming fields. */
export const set: INodeType = {
	description: describeNode(
		'set',
		[3, 3.1, 3.2, 3.3, 3.4],
		[
			{ displayName: 'Mode', name: 'mode', type: 'string', default: 'manual' },
			{ displayName: 'JSON', name: 'jsonOutput', type: 'json', default: '{}' },
			{ displayName: 'Fields to Set', name: 'assignments', type: 'assignmentCollection', default: {} },
			{ displayName: 'Include Other Input Fields', name: 'includeOtherFields', type: 'boolean', default: false },
			{ displayName: 'Options', name: 'options', type: 'json', default: {} },
		],
	),
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData().map((item, index): INodeExecutionData => {
			const other = this.getNodeParameter('includeOtherFields', index) === true ? item.json : {};
			const fields =
				this.getNodeParameter('mode', index) === 'raw' ? rawFields(this, index) : assignedFields(this, index);
			return { json: { ...other, ...fields }, pairedItem: { item: index } };
		});
		return [items];
	},
};

function rawFields(context: IExecuteFunctions, index: number): IDataObject {
	const json = context.getNodeParameter('jsonOutput', index) as string | IDataObject;
	return typeof json === 'string' ? jsonParse<IDataObject>(json) : json;
}

function assignedFields(context: IExecuteFunctions, index: number): IDataObject {
	const assignments = context.getNodeParameter('assignments.assignments', index, []) as Assignment[];
	const fields: IDataObject = {};
	for (const { name, value, type = 'string' } of assignments) {
		const checked = validateFieldType(name, value, type, { parseStrings: true });
		if (!checked.valid) throw new NodeOperationError(context.getNode(), checked.errorMessage, { itemIndex: index });
		fields[name] = checked.newValue as IDataObject[string];
	}
	return fields;
}
