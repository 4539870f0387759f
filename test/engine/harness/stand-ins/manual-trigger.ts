/** Stands in for n8n's Manual Trigger. */
import type { INodeType, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';

import { describeNode } from './describe';

export const manualTrigger: INodeType = {
	description: describeNode('manualTrigger', [1], [], { group: ['trigger'], inputs: [] }),
	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		return {
			manualTriggerFunction: async () => this.emit([this.helpers.returnJsonArray([{}])]),
		};
	},
};
