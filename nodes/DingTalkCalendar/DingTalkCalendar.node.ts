/** The DingTalk Calendar node: its description, and the routing to its operations. */
import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { listSearch } from './methods/listSearch';
import { getCategories } from './methods/loadOptions/categoryOptions';
import { findOperation, properties } from './resources';
import { toolNameNotices } from '../../lib/n8n/fields/toolName';
import { runOperation, createUnknownOperationError } from '../../lib/n8n/runOperation';
import { showInOwnLanguage } from '../../lib/n8n/translateDescription';

export class DingTalkCalendar implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'DingTalk Calendar',
		name: 'dingTalkCalendar',
		icon: { light: 'file:../../icons/dingtalk.svg', dark: 'file:../../icons/dingtalk.dark.svg' },
		group: ['transform'],
		version: [1],
		defaultVersion: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Manage events, attendees, free/busy times, meeting rooms and calendars in DingTalk',
		defaults: { name: 'DingTalk Calendar' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'dingTalkCalendarApi', required: true }],
		properties: [...toolNameNotices(), ...properties],
	};

	constructor() {
		showInOwnLanguage(this);
	}

	methods = { listSearch, loadOptions: { getCategories } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const resource = this.getNodeParameter('resource', 0);
		const operation = this.getNodeParameter('operation', 0);
		const selected = findOperation(resource, operation);
		if (!selected) throw createUnknownOperationError(this, resource, operation);
		return await runOperation(this, selected);
	}
}
