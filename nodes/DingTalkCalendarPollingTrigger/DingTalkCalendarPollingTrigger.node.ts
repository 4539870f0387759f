/** The DingTalk Calendar Polling Trigger node: starts workflows with the changes, starts and ends that it finds by polling. */
import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';
import { costHints, pollingProperties, pollTimesField } from './fields';
import { poll } from './poll';
import { showInOwnLanguage } from '../../lib/n8n/translateDescription';

export class DingTalkCalendarPollingTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'DingTalk Calendar Polling Trigger',
		name: 'dingTalkCalendarPollingTrigger',
		icon: { light: 'file:../../icons/dingtalk.svg', dark: 'file:../../icons/dingtalk.dark.svg' },
		group: ['trigger'],
		version: [1],
		defaultVersion: 1,
		subtitle: '={{ $parameter["triggerOn"].join(", ") }}',
		description:
			'Starts the workflow when events in DingTalk change, start or end. Polls DingTalk, so no public URL is needed.',
		eventTriggerDescription: 'Waiting for a change: create or move an event in DingTalk, in a watched calendar',
		activationMessage: 'DingTalk is now polled at the poll times. Events that already exist do not start the workflow.',
		defaults: { name: 'DingTalk Calendar Polling Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'dingTalkCalendarApi', required: true }],
		hints: costHints,
		/**
		 * n8n adds its own 'Poll Times' to this list, with a default of every minute: 44,640 calls a month, while DingTalk's
		 * standard edition includes 5,000. A list that is created on each access is not affected.
		 */
		get properties(): INodeProperties[] {
			return [pollTimesField, ...pollingProperties];
		},
	};

	constructor() {
		showInOwnLanguage(this);
	}

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll(this);
	}
}
