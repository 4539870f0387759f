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
			'Starts the workflow when events in DingTalk change, start or end. Asks DingTalk now and then, so nobody has to reach n8n.',
		eventTriggerDescription: 'Waiting for changes in DingTalk Calendar',
		activationMessage:
			'From now on DingTalk is asked at the poll times. What is in the calendars already starts nothing.',
		defaults: { name: 'DingTalk Calendar Polling Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'dingTalkCalendarApi', required: true }],
		hints: costHints,
		/**
		 * n8n puts its own 'Poll Times', which poll every minute, in front of the list that it finds here: 44,640 calls a
		 * month, when DingTalk's standard edition has 5,000. A list made anew for each reader stays as it is.
		 */
		get properties(): INodeProperties[] {
			return [pollTimesField, ...pollingProperties];
		},
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll(this);
	}
}
