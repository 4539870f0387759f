import {
	NodeConnectionTypes,
	type INodeType,
	type INodeTypeDescription,
	type ITriggerFunctions,
	type ITriggerResponse,
} from 'n8n-workflow';
import { detailsProperties, PUSHED_KINDS, triggerOnField, watchedPeopleField } from '../../lib/n8n/triggers/fields';
import { startStream } from './startStream';

export class DingTalkCalendarTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'DingTalk Calendar Trigger',
		name: 'dingTalkCalendarTrigger',
		icon: { light: 'file:../../icons/dingtalk.svg', dark: 'file:../../icons/dingtalk.dark.svg' },
		group: ['trigger'],
		version: [1],
		defaultVersion: 1,
		subtitle: '={{ $parameter["triggerOn"].join(", ") }}',
		// n8n shows this one for the trigger and the node together, where both are searched for.
		description:
			'Create, read and change events, find free time and book rooms; or start the workflow as soon as an event changes',
		defaults: { name: 'DingTalk Calendar Trigger' },
		eventTriggerDescription: 'Waiting for a change of an event in DingTalk',
		activationMessage: 'DingTalk now tells this workflow about changes.',
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'dingTalkCalendarApi', required: true }],
		properties: [
			{
				displayName:
					"In the DingTalk developer console open your app, choose <b>Event Subscription</b>, set the push mode to <b>Stream</b> (activate this workflow first: DingTalk checks the connection when you save), tick the calendar's event change and publish the app. Each change counts against your monthly push quota. Give n8n an app of its own: DingTalk hands each message to one connection only, so another program with the same app would take some away.",
				name: 'streamNotice',
				type: 'notice',
				default: '',
			},
			triggerOnField(PUSHED_KINDS, ['cancelled', 'created', 'left', 'updated']),
			watchedPeopleField,
			...detailsProperties,
			{
				displayName: 'When Testing',
				name: 'whenTesting',
				type: 'options',
				default: 'wait',
				description: 'What a test run in the editor gives',
				options: [
					{ name: 'Use a Sample', value: 'sample', description: 'An invented event at once, marked as a sample' },
					{
						name: 'Wait for a Change',
						value: 'wait',
						description: 'The next real one; change an event in DingTalk to see it',
					},
				],
			},
		],
	};

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		return await startStream(this);
	}
}
