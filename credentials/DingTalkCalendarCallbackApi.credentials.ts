import type { ICredentialType, INodeProperties } from 'n8n-workflow';

/** What DingTalk and n8n share for HTTP pushes. Not the app's Client Secret: whoever has these two can only push. */
export class DingTalkCalendarCallbackApi implements ICredentialType {
	name = 'dingTalkCalendarCallbackApi';

	displayName = 'DingTalk Calendar Callback API';

	icon = { light: 'file:../icons/dingtalk.svg', dark: 'file:../icons/dingtalk.dark.svg' } as const;

	documentationUrl =
		'https://github.com/n8n-nodes-dingtalk-calendar/n8n-nodes-dingtalk-calendar/blob/main/docs/triggers.md';

	properties: INodeProperties[] = [
		{
			displayName:
				'In the DingTalk developer console, open your app, choose <b>Event Subscription</b> (事件订阅) and the way <b>HTTP push</b>. It shows the two keys and asks for the address that the trigger shows.',
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
			description: 'The 43 letters and digits shown as "aes_key" (加密 aes_key) under Event Subscription',
		},
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'The 3 to 32 letters and digits shown as "token" (签名 token) under Event Subscription. Not an access token.',
		},
		{
			displayName: 'Meant For',
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
					description: 'Both, if you do not know how DingTalk addresses yours',
				},
				{
					name: 'Corp ID',
					value: 'corpId',
					description:
						'Pushes that DingTalk addresses to the organization, as with addresses that were registered years ago',
				},
			],
			default: 'clientId',
			description: 'Each push says inside for whom it is. Pushes for anybody else are refused.',
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
}
