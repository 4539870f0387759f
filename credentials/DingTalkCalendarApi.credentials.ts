/** The DingTalk credential: the app's region, type and keys, and the access token that each request gets. */
import { UserError } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { REGION_HOSTS } from '../lib/dingtalk/account';
import { LIMITS } from '../lib/dingtalk/limits';
import { DingTalkError } from '../lib/dingtalk/errors/DingTalkError';
import { attachToken, provideToken, waitToSend } from '../lib/dingtalk/client/tokenCache';
import { SECOND } from '../lib/dingtalk/utils/time';
import { showInOwnLanguage } from '../lib/n8n/translateDescription';

const TOKEN_TIMEOUT_MS = 20 * SECOND;

/**
 * Any free call will do: the token request that n8n makes first decides the test. The response to this call is ignored. It goes
 * to the new API, because most operations work where the old one cannot be reached.
 */
const testUrl = (): string => {
	const { international, china } = REGION_HOSTS;
	const hosts = `({ international: '${international.api}', china: '${china.api}' })`;
	const host = `${hosts}[$credentials.region] || $credentials.baseUrl.replace(/(?<!\\/)\\/+$/, '')`;
	return `={{ (${host}) + '/v1.0/contact/users/me' }}`;
};

/** The credential dialog and the HTTP Request node show only one line. */
const toSingleLine = (error: Error): string =>
	error instanceof DingTalkError ? `${error.message}. ${error.details.advice}` : error.message;

export class DingTalkCalendarApi implements ICredentialType {
	name = 'dingTalkCalendarApi';

	displayName = 'DingTalk Calendar API';

	icon = { light: 'file:../icons/dingtalk.svg', dark: 'file:../icons/dingtalk.dark.svg' } as const;

	documentationUrl = 'https://home.invalid#connect-your-dingtalk';

	properties: INodeProperties[] = [
		{
			// Stays empty so that n8n calls preAuthentication before each request; the token is cached in the process.
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'hidden',
			typeOptions: { expirable: true, password: true },
			default: '',
		},
		{
			displayName:
				'In the DingTalk developer console, open your app, choose Permissions and tick <b>Calendar.Event.Read</b> and <b>Calendar.Event.Write</b>. To choose people from lists and name them by mobile number, user ID or name, also tick <b>qyapi_get_member</b>, <b>qyapi_get_member_by_mobile</b>, <b>qyapi_addresslist_search</b>, <b>qyapi_get_department_list</b> and <b>qyapi_get_department_member</b>. Then publish the app.',
			name: 'permissionsNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Region',
			name: 'region',
			type: 'options',
			options: [
				{
					name: 'International',
					value: 'international',
					description: 'Your organization signed up outside mainland China (dingtalk.io)',
				},
				{
					name: 'China',
					value: 'china',
					description: 'Your organization signed up in mainland China (dingtalk.com)',
				},
				{
					name: 'Custom',
					value: 'custom',
					description: 'A private DingTalk, a proxy, or the simulator of this package',
				},
			],
			default: 'international',
		},
		{
			displayName: 'API Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. http://127.0.0.1:4010',
			description: 'Must start with https://, or with http:// if it is on this machine',
			displayOptions: { show: { region: ['custom'] } },
		},
		{
			displayName: 'Old API Base URL',
			name: 'oldBaseUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://oapi.dingtalk.io',
			description: 'Used to look up people. Leave empty if it is the same as the API Base URL.',
			displayOptions: { show: { region: ['custom'] } },
		},
		{
			displayName: 'App Type',
			name: 'appType',
			type: 'options',
			options: [
				{
					name: 'Internal App',
					value: 'internal',
					description: 'An app that your own organization created. Choose this if you are not sure.',
				},
				{
					name: 'On Behalf of a User',
					value: 'user',
					description: 'Acts as one user who signed in and granted access',
				},
				{
					name: 'Third-Party Enterprise App',
					value: 'thirdParty',
					description: "A vendor's app that your organization installed",
				},
			],
			default: 'internal',
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. dingabcdefgh12345678',
			description: "On the app's page under Credentials. Formerly called AppKey or SuiteKey.",
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'Next to the Client ID. Formerly called AppSecret or SuiteSecret.',
		},
		{
			displayName: 'Corp ID',
			name: 'corpId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. ding0123456789abcdef',
			description: 'The organization the app works in, shown on the home page of its developer console',
			displayOptions: { show: { appType: ['thirdParty'] } },
		},
		{
			displayName:
				'To sign a user in, import the workflow <a href="https://home.invalid/blob/main/docs/sign-in.md" target="_blank">Sign in a user</a>, publish it and open its page. The page leads to DingTalk and back, and then shows the code to enter here.',
			name: 'signInNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { appType: ['user'] } },
		},
		{
			displayName: 'Authorization Code',
			name: 'authorizationCode',
			type: 'string',
			default: '',
			noDataExpression: true,
			description:
				'The code that DingTalk returns when the user signs in, or the whole address that the browser then shows. Save within five minutes: the code is exchanged for a refresh token, which is stored below, and this field is emptied.',
			displayOptions: { show: { appType: ['user'] } },
		},
		{
			displayName: 'Refresh Token',
			name: 'refreshToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Filled in by the authorization code, so leave it empty when a user signs in. It is valid for 30 days and renewed automatically each time it is used, so a workflow that runs at least once a month keeps it valid.',
			displayOptions: { show: { appType: ['user'] } },
		},
		{
			displayName: 'Calls per Second',
			name: 'callsPerSecond',
			type: 'number',
			default: LIMITS.callsPerSecond.default,
			typeOptions: { minValue: 1, maxValue: LIMITS.callsPerSecond.max, numberPrecision: 0 },
			description:
				'Maximum number of calls per second to each API. DingTalk allows 20 in the standard edition and up to 60 in larger ones. Enter what DingTalk allows your app: several n8n workers share it by themselves.',
		},
	];

	constructor() {
		showInOwnLanguage(this);
	}

	/**
	 * n8n calls this before each request because `accessToken` is stored empty. A result without an `accessToken` key is
	 * not written to the database; only a replaced token or a new refresh token is worth a write.
	 */
	async preAuthentication(this: IHttpRequestHelper, credentials: ICredentialDataDecryptedObject): Promise<IDataObject> {
		const result = await provideToken(credentials, async ({ url, body }) => {
			const response = (await this.helpers.httpRequest({
				method: 'POST',
				url,
				body,
				json: true,
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				// The client secret must not follow a redirect.
				maxRedirects: 0,
				timeout: TOKEN_TIMEOUT_MS,
			})) as { statusCode: number; body: unknown };
			return { status: response.statusCode, body: response.body };
		}).catch((error: Error) => error);
		if (result instanceof Error) throw new UserError(toSingleLine(result));
		if (result.newRefreshToken) {
			return { accessToken: '', authorizationCode: '', refreshToken: result.newRefreshToken };
		}
		return result.replaced ? { accessToken: '' } : {};
	}

	authenticate = async (
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		await waitToSend(credentials);
		return attachToken(credentials, requestOptions);
	};

	test: ICredentialTestRequest = {
		request: { method: 'GET', url: testUrl(), ignoreHttpStatusErrors: true },
	};
}
