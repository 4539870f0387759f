/** A node that calls the simulator by each way in which a token can be renewed, to compare them. */
import {
	NodeConnectionTypes,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type IExecuteFunctions,
	type IHttpRequestOptions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { createTransport } from '../../../lib/dingtalk/client/transport';

const STORED = 'storedTokenApi';

type Send = (url: string) => Promise<void>;
type Way = (context: IExecuteFunctions) => Promise<Send>;

const asked = (url: string): IHttpRequestOptions => ({ method: 'GET', url, json: true });

/** n8n renews the stored token by itself, on 401 only. */
const stored: Way = async (context) => async (url) => {
	await context.helpers.httpRequestWithAuthentication.call(context, STORED, asked(url));
};

/** The node sees the refusal and hands in the credential with its token emptied, so that n8n fetches another. */
const emptied: Way = async (context) => {
	const credentials = await context.getCredentials(STORED);
	const { id, name } = context.getNode().credentials?.[STORED] ?? { id: null, name: '' };
	return async (url) => {
		const refused = await context.helpers.httpRequestWithAuthentication.call(context, STORED, asked(url)).then(
			() => false,
			(error: { httpCode?: string }) =>
				error.httpCode === '400' || error.httpCode === '401' ? true : Promise.reject(error),
		);
		if (!refused) return;
		const data: ICredentialDataDecryptedObject = { ...credentials, accessToken: '' };
		await context.helpers.httpRequestWithAuthentication.call(context, STORED, asked(url), {
			credentialsDecrypted: { id: id ?? '', name, type: STORED, data },
		});
	};
};

/** The one of this package, without its client's rate limiter. */
const cached: Way = async (context) => {
	const transport = await createTransport(context);
	return async (url) => {
		for (let tries = 1; ; tries++) {
			const { status, rejectToken } = await transport.send({ method: 'GET', url, headers: {} });
			if (status === 200) return;
			if (tries === 2) throw new Error(`Refused with ${status}`);
			rejectToken();
		}
	};
};

const WAYS: Record<string, Way> = { stored, emptied, cached };

/** Sends one request an item, all at once. */
export class Mechanism implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Mechanism',
		name: 'mechanism',
		group: ['transform'],
		version: 1,
		description: 'Asks for a calendar with one of three ways to keep a token',
		defaults: { name: 'Mechanism' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: STORED }, { name: 'dingTalkCalendarApi' }],
		properties: [
			{ displayName: 'Way', name: 'way', type: 'string', default: '' },
			{ displayName: 'URL', name: 'url', type: 'string', default: '' },
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const url = this.getNodeParameter('url', 0) as string;
		const send = await WAYS[this.getNodeParameter('way', 0) as string](this);
		const outcome = async (): Promise<IDataObject> =>
			await send(url).then(
				() => ({ failed: false }),
				() => ({ failed: true }),
			);
		return [(await Promise.all(this.getInputData().map(outcome))).map((json) => ({ json }))];
	}
}
