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
import { activate, checkKeys } from './activate';
import { testCallbackKeys } from './credentialTest';
import { enrich } from './enrich';
import { webhookProperties } from './fields';
import { receivePush } from './receivePush';

export class DingTalkCalendarWebhookTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'DingTalk Calendar Webhook Trigger',
		name: 'dingTalkCalendarWebhookTrigger',
		icon: { light: 'file:../../icons/dingtalk.svg', dark: 'file:../../icons/dingtalk.dark.svg' },
		group: ['trigger'],
		version: [1],
		defaultVersion: 1,
		subtitle: '={{ $parameter["triggerOn"].join(", ") }}',
		description: 'Starts the workflow when DingTalk pushes a change of an event to the public URL of n8n (HTTP)',
		defaults: { name: 'DingTalk Calendar Webhook Trigger' },
		eventTriggerDescription: 'Waiting for DingTalk to push a change to the test URL',
		activationMessage:
			'Changes start this workflow as soon as its production URL is saved in the DingTalk developer console.',
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			// Without names of their own both are labelled "Credential".
			{
				name: 'dingTalkCalendarCallbackApi',
				displayName: 'Keys of the HTTP Push',
				required: true,
				testedBy: 'testCallbackKeys',
			},
			{ name: 'dingTalkCalendarApi', displayName: 'DingTalk App (to Read Events and Find People)' },
		],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				path: 'dingtalk-calendar',
				// DingTalk is answered as soon as n8n has stored the execution.
				responseMode: 'onReceived',
				// Empty, so that n8n sends what the node gives for an answer.
				responseData: '',
			},
		],
		properties: webhookProperties,
	};

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
			/** DingTalk cannot be asked which address it knows. */
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return false;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await checkKeys(this);
			},
			/** The address stays in the developer console until somebody takes it out; n8n answers it with 404. */
			async delete(this: IHookFunctions): Promise<boolean> {
				return true;
			},
		},
	};

	/** Runs beside the webhook: n8n calls it when the workflow is activated, and for its schedule. */
	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		return await activate(this);
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receivePush(this);
	}

	/** n8n runs this before the other two in every execution, also in a test run, where it would call `trigger` otherwise. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await enrich(this);
	}
}
