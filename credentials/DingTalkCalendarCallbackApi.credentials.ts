/** The callback credential: the keys that sign and encrypt HTTP pushes. They give no access to DingTalk's API. */
import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { showInOwnLanguage } from '../lib/n8n/translateDescription';

export class DingTalkCalendarCallbackApi implements ICredentialType {
	name = 'dingTalkCalendarCallbackApi';

	displayName = 'DingTalk Calendar Callback API';

	icon = { light: 'file:../icons/dingtalk.svg', dark: 'file:../icons/dingtalk.dark.svg' } as const;

	documentationUrl = 'https://home.invalid/blob/main/docs/triggers.md';

	properties: INodeProperties[] = [
		{
			displayName:
				'In the DingTalk developer console, open your app, choose <b>Event Subscription</b> and select <b>HTTP push</b>. The page shows the two keys and asks for the webhook URL that the trigger shows.',
			name: 'whereNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'AES Key',
			name: 'aesSecretKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'The 43 letters and digits shown as "aes_key" under Event Subscription',
		},
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'The 3 to 32 letters and digits shown as "token" under Event Subscription. Not an access token.',
		},
		{
			displayName: 'Push Recipient',
			name: 'ownerKey',
			type: 'options',
			options: [
				{
					name: 'Client ID',
					value: 'clientId',
					description: 'Pushes that DingTalk addresses to the app. Choose this if you are not sure.',
				},
				{
					name: 'Client ID or Corp ID',
					value: 'either',
					description: 'Accepts both. Choose this if you do not know which one your pushes are addressed to.',
				},
				{
					name: 'Corp ID',
					value: 'corpId',
					description:
						'Pushes that DingTalk addresses to the organization, as it does for callback URLs registered years ago',
				},
			],
			default: 'clientId',
			description: 'The recipient named inside each push. Pushes addressed to anyone else are rejected.',
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. dingabcdefgh12345678',
			description: "On the app's page under Credentials. Formerly called AppKey or SuiteKey.",
			displayOptions: { show: { ownerKey: ['clientId', 'either'] } },
		},
		{
			displayName: 'Corp ID',
			name: 'corpId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. ding0123456789abcdef',
			description: 'The organization the app works in, shown on the home page of its developer console',
			displayOptions: { show: { ownerKey: ['corpId', 'either'] } },
		},
	];

	constructor() {
		showInOwnLanguage(this);
	}
}
