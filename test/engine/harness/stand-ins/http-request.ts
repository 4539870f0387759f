/** Stands in for n8n's HTTP Request node. */
import { jsonParse, NodeApiError } from 'n8n-workflow';
import type {
	IDataObject,
	IExecuteFunctions,
	IHttpRequestMethods,
	IN8nHttpFullResponse,
	INodeExecutionData,
	INodeProperties,
	INodeType,
	IRequestOptions,
	JsonObject,
} from 'n8n-workflow';
import type { Readable } from 'node:stream';

import { describeNode } from './describe';

const keyValues = (name: string): INodeProperties => ({ displayName: name, name, type: 'json', default: {} });
const toggle = (name: string): INodeProperties => ({ displayName: name, name, type: 'boolean', default: false });
const text = (name: string, value = ''): INodeProperties => ({
	displayName: name,
	name,
	type: 'string',
	default: value,
});

/**
 * HTTP Request, version 4, with a predefined credential: the same helper, called with the same options, for all items
 * at once. Left out: other authentication, other bodies than JSON, pagination, batching.
 */
export const httpRequest: INodeType = {
	description: describeNode(
		'httpRequest',
		[4, 4.1, 4.2, 4.3, 4.4],
		[
			text('method', 'GET'),
			text('url'),
			text('authentication'),
			text('nodeCredentialType'),
			toggle('sendQuery'),
			keyValues('queryParameters'),
			toggle('sendHeaders'),
			keyValues('headerParameters'),
			toggle('sendBody'),
			text('contentType', 'json'),
			text('specifyBody', 'json'),
			text('jsonBody'),
			keyValues('options'),
		],
	),
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const credentialType = this.getNodeParameter('nodeCredentialType', 0) as string;
		const responses = await Promise.allSettled(
			this.getInputData().map(
				async (_, index) =>
					(await this.helpers.requestWithAuthentication.call(
						this,
						credentialType,
						requestOptions(this, index),
						undefined,
						index,
					)) as IN8nHttpFullResponse,
			),
		);
		const items: INodeExecutionData[] = [];
		for (const [index, response] of responses.entries()) {
			if (response.status === 'fulfilled') {
				items.push({ json: await body(this, response.value), pairedItem: { item: index } });
				continue;
			}
			const error = new NodeApiError(this.getNode(), response.reason as JsonObject, { itemIndex: index });
			error.context.itemIndex = index;
			if (!this.continueOnFail()) throw error;
			items.push({ json: { error: error.message }, error, pairedItem: { item: index } });
		}
		return [items];
	},
};

function requestOptions(context: IExecuteFunctions, index: number): IRequestOptions {
	const sent = (toggleName: string): boolean => context.getNodeParameter(toggleName, index) === true;
	const pairs = (name: string): IDataObject => {
		const parameters = context.getNodeParameter(`${name}.parameters`, index, []) as Array<{
			name: string;
			value: string;
		}>;
		return Object.fromEntries(parameters.map(({ name: key, value }) => [key, value]));
	};
	const options: IRequestOptions = {
		headers: sent('sendHeaders') ? pairs('headerParameters') : {},
		method: context.getNodeParameter('method', index) as IHttpRequestMethods,
		uri: context.getNodeParameter('url', index) as string,
		gzip: true,
		rejectUnauthorized: true,
		followRedirect: true,
		followAllRedirects: true,
		resolveWithFullResponse: true,
		timeout: 300_000,
		// The response format is found out afterwards, so the body comes as a stream and JSON is left to this node.
		encoding: null,
		json: false,
		useStream: true,
	};
	if (context.getNodeParameter('options.response.response.neverError', index, false) === true) options.simple = false;
	if (sent('sendQuery')) options.qs = pairs('queryParameters');
	if (sent('sendBody')) {
		const json = context.getNodeParameter('jsonBody', index) as string | IDataObject;
		options.body = typeof json === 'string' ? jsonParse<IDataObject>(json) : json;
	}
	return options;
}

async function body(context: IExecuteFunctions, response: IN8nHttpFullResponse): Promise<IDataObject> {
	const content = await context.helpers.binaryToString(response.body as Readable);
	return content === '' ? {} : jsonParse<IDataObject>(content);
}
