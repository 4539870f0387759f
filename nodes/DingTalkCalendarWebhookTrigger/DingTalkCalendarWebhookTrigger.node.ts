/** The DingTalk Calendar Webhook Trigger node: starts workflows when DingTalk pushes a change over HTTP. */
import {
	NodeConnectionTypes,
	type ICredentialsDecrypted,
	type ICredentialTestFunctions,
	type IExecuteFunctions,
	type IHookFunctions,
	type INodeCredentialTestResult,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type ITriggerFunctions,
	type ITriggerResponse,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { activate, checkCallbackKeys } from './activate';
import { testCallbackKeys } from './credentialTest';
import { enrich } from './enrich';
import { webhookProperties } from './fields';
import { receivePush } from './receivePush';
import { showInOwnLanguage } from '../../lib/n8n/translateDescription';

export class DingTalkCalendarWebhookTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'DingTalk Calendar Webhook Trigger',
		name: 'dingTalkCalendarWebhookTrigger',
		icon: { light: 'file:../../icons/dingtalk.svg', dark: 'file:../../icons/dingtalk.dark.svg' },
		group: ['trigger'],
		version: [1],
		defaultVersion: 1,
		subtitle: '={{ $parameter["triggerOn"].join(", ") }}',
		description: 'Starts the workflow when DingTalk sends a change of an event to the public URL of n8n (HTTP push)',
		defaults: { name: 'DingTalk Calendar Webhook Trigger' },
		eventTriggerDescription:
			'Waiting: save the test URL in the DingTalk developer console (Event Subscription, HTTP push), then change an event in DingTalk',
		activationMessage:
			'Changes start this workflow once its production URL is saved in the DingTalk developer console.',
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			// Without display names, n8n labels both "Credential".
			{
				name: 'dingTalkCalendarCallbackApi',
				displayName: 'Keys for HTTP Push',
				required: true,
				testedBy: 'testCallbackKeys',
			},
			{ name: 'dingTalkCalendarApi', displayName: 'DingTalk App (to Read Events and Look Up People)' },
		],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				path: 'dingtalk-calendar',
				// n8n responds as soon as it has stored the execution.
				responseMode: 'onReceived',
				// Empty, so that n8n sends the response that the node returns.
				responseData: '',
			},
		],
		properties: webhookProperties,
	};

	constructor() {
		showInOwnLanguage(this);
	}

	methods = {
		credentialTest: {
			async testCallbackKeys(
				this: ICredentialTestFunctions,
				credential: ICredentialsDecrypted,
			): Promise<INodeCredentialTestResult> {
				return testCallbackKeys(credential);
			},
		},
	};

	webhookMethods = {
		default: {
			/** DingTalk has no call that returns the saved URL. */
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return false;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await checkCallbackKeys(this);
			},
			/** The URL stays in the developer console until it is removed there; n8n answers it with 404. */
			async delete(this: IHookFunctions): Promise<boolean> {
				return true;
			},
		},
	};

	/** Besides the webhook, n8n calls this when the workflow is activated; it also runs the schedule. */
	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		return await activate(this);
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receivePush(this);
	}

	/** n8n calls this in each execution. Without it, n8n would call `trigger` in a test run. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await enrich(this);
	}
}
