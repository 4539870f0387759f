/** The DingTalk Calendar Trigger node: starts workflows when DingTalk pushes a change over Stream. */
import {
	NodeConnectionTypes,
	type INodeType,
	type INodeTypeDescription,
	type ITriggerFunctions,
	type ITriggerResponse,
} from 'n8n-workflow';
import { detailsProperties, PUSHED_KINDS, triggerOnField, watchedPeopleField } from '../../lib/n8n/triggers/fields';
import { startStream } from './startStream';
import { showInOwnLanguage } from '../../lib/n8n/translateDescription';

export class DingTalkCalendarTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'DingTalk Calendar Trigger',
		name: 'dingTalkCalendarTrigger',
		icon: { light: 'file:../../icons/dingtalk.svg', dark: 'file:../../icons/dingtalk.dark.svg' },
		group: ['trigger'],
		version: [1],
		defaultVersion: 1,
		subtitle: '={{ $parameter["triggerOn"].join(", ") }}',
		// In search results that contain both nodes, n8n shows this text for the action node and this trigger together.
		description:
			'Manage events, attendees, free/busy times, meeting rooms and calendars in DingTalk, or start the workflow when an event changes',
		defaults: { name: 'DingTalk Calendar Trigger' },
		eventTriggerDescription: 'Waiting for a change: create or move an event in DingTalk, in a watched calendar',
		activationMessage: 'Changes to events in DingTalk now start this workflow.',
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'dingTalkCalendarApi', required: true }],
		properties: [
			{
				displayName:
					'Publish this workflow first (older editors call it Activate): DingTalk checks the connection when you save. Then open your app in the DingTalk developer console, choose <b>Event Subscription</b>, set the push mode to <b>Stream</b>, select <b>Calendar Event Change</b> (calendar_event_change) and publish the app. Each change counts toward your monthly push quota. Use an app that only n8n uses: DingTalk delivers each message to one connection, so another program with the same app would receive some of them instead.',
				name: 'streamNotice',
				type: 'notice',
				default: '',
			},
			triggerOnField(PUSHED_KINDS, ['cancelled', 'created', 'left', 'updated']),
			watchedPeopleField,
			...detailsProperties,
			{
				displayName:
					"<b>Execute step</b> outputs a sample at once. To test with a real change, choose 'Wait for a Change'.",
				name: 'sampleNotice',
				type: 'notice',
				default: '',
				displayOptions: { show: { whenTesting: ['sample'] } },
			},
			{
				displayName:
					'<b>Execute step</b> now waits for the next change. While it does, create or move an event in DingTalk, in the calendar of a watched person.',
				name: 'waitNotice',
				type: 'notice',
				default: '',
				displayOptions: { show: { whenTesting: ['wait'] } },
			},
			{
				displayName: 'When Testing',
				name: 'whenTesting',
				type: 'options',
				default: 'sample',
				description: 'What to output in a test run in the editor',
				options: [
					{ name: 'Use a Sample', value: 'sample', description: 'Output a sample event at once, marked as a sample' },
					{
						name: 'Wait for a Change',
						value: 'wait',
						description: 'Output the next real change. Change an event in DingTalk to trigger one.',
					},
				],
			},
		],
	};

	constructor() {
		showInOwnLanguage(this);
	}

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		return await startStream(this);
	}
}
