/** A credential that stores its token in n8n, as n8n's documentation shows, to compare with. */
import type {
	IAuthenticateGeneric,
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

/** The way n8n's own documentation shows: the token is stored in the credential, and n8n renews it. */
export class StoredTokenApi implements ICredentialType {
	name = 'storedTokenApi';

	displayName = 'Stored Token API';

	properties: INodeProperties[] = [
		{ displayName: 'Token', name: 'accessToken', type: 'hidden', typeOptions: { expirable: true }, default: '' },
		{ displayName: 'Base URL', name: 'baseUrl', type: 'string', default: '' },
		{ displayName: 'Client ID', name: 'clientId', type: 'string', default: '' },
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { 'x-acs-dingtalk-access-token': '={{ $credentials.accessToken }}' } },
	};

	async preAuthentication(this: IHttpRequestHelper, credentials: ICredentialDataDecryptedObject): Promise<IDataObject> {
		const { accessToken } = (await this.helpers.httpRequest({
			method: 'POST',
			url: `${String(credentials.baseUrl)}/v1.0/oauth2/accessToken`,
			body: { appKey: credentials.clientId, appSecret: credentials.clientSecret },
			json: true,
		})) as { accessToken: string };
		return { accessToken };
	}
}
