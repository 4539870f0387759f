/** Stands in for n8n's Webhook and Respond to Webhook nodes. */
import type { IExecuteFunctions, INodeExecutionData, INodeProperties, INodeType } from 'n8n-workflow';

import { describeNode } from './describe';

const text = (name: string): INodeProperties => ({ displayName: name, name, type: 'string', default: '' });
const options: INodeProperties = { displayName: 'options', name: 'options', type: 'json', default: {} };

/** Webhook, version 2: never listens; a test pins the request. */
export const webhook: INodeType = {
	description: describeNode(
		'webhook',
		[1, 1.1, 2, 2.1],
		[text('httpMethod'), text('path'), text('responseMode'), options],
		{ group: ['trigger'], inputs: [] },
	),
};

/** Respond to Webhook, version 1, with a text: returns the text as an item too, where there is no one to respond to. */
export const respondToWebhook: INodeType = {
	description: describeNode('respondToWebhook', [1, 1.1], [text('respondWith'), text('responseBody'), options]),
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const page = this.getNodeParameter('responseBody', 0) as string;
		return [this.getInputData().map((_, item) => ({ json: { page }, pairedItem: { item } }))];
	},
};
