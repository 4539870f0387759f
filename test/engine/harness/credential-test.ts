/** Tests a credential as n8n does when it is saved in the editor. */
import { CredentialTestContext, ExecuteContext, RoutingNode } from 'n8n-core';
import { createEmptyRunExecutionData, Workflow } from 'n8n-workflow';
import type {
	ICredentialsDecrypted,
	ICredentialTestFunction,
	ICredentialTestRequestData,
	INode,
	INodeCredentialTestResult,
	INodeExecutionData,
	INodeType,
	INodeTypes,
	JsonObject,
} from 'n8n-workflow';

import { additionalData } from './additional-data';
import type { CredentialReference, CredentialStore } from './credential-store';
import type { EngineCredentialsHelper } from './credentials-helper';
import type { NodeTypes } from './node-types';
import { noOp } from './stand-ins/pass-through';

const NO_OP = 'n8n-nodes-base.noOp';

/** What saving a credential in the editor does: the credential's own `test`, or the function of a node that tests it. */
export async function testCredential(
	types: NodeTypes,
	helper: EngineCredentialsHelper,
	store: CredentialStore,
	reference: CredentialReference,
): Promise<INodeCredentialTestResult> {
	const { id, name, type } = reference;
	const base = additionalData(helper, { ...emptyWorkflow(), nodes: [] }, 'internal', '');
	const decrypted: ICredentialsDecrypted = {
		id,
		name,
		type,
		data: helper.resolve(base, store.read(reference, type).data, type, 'internal'),
	};
	const declared = types.credential(type).test;
	if (declared) return await runRequest(helper, decrypted, { testRequest: declared });
	const tested = testFunction(types, type);
	if (!tested) return { status: 'Error', message: 'No testing function found for this credential.' };
	return await tested.call(new CredentialTestContext(base), decrypted);
}

function testFunction(types: NodeTypes, credentialType: string): ICredentialTestFunction | undefined {
	for (const name of types.nodesSupporting(credentialType)) {
		const { description, methods } = types.getByNameAndVersion(name);
		const testedBy = description.credentials?.find((asked) => asked.name === credentialType)?.testedBy;
		if (typeof testedBy === 'string') return methods?.credentialTest?.[testedBy];
	}
	return undefined;
}

async function runRequest(
	helper: EngineCredentialsHelper,
	decrypted: ICredentialsDecrypted,
	{ testRequest }: ICredentialTestRequestData,
): Promise<INodeCredentialTestResult> {
	const { request, rules = [] } = testRequest;
	// preAuthentication knows a test by this very node: a No Operation with an empty parameter `temp`.
	const type: INodeType = {
		description: {
			...noOp.description,
			name: NO_OP,
			credentials: [{ name: decrypted.type, required: true }],
			properties: [{ displayName: 'Temp', name: 'temp', type: 'string', routing: { request }, default: '' }],
		},
	};
	const nodeTypes: INodeTypes = {
		getByName: () => type,
		getByNameAndVersion: () => type,
		getKnownTypes: () => ({}),
	};
	const node: INode = {
		id: 'temp',
		name: 'Temp-Node',
		type: NO_OP,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: { [decrypted.type]: { id: decrypted.id, name: decrypted.name } },
	};
	const record = { ...emptyWorkflow(), nodes: [node] };
	const context = new ExecuteContext(
		new Workflow({ ...record, nodeTypes }),
		node,
		additionalData(helper, record, 'internal', ''),
		'internal',
		createEmptyRunExecutionData(),
		0,
		[],
		{ main: [[{ json: {} }]] },
		{ node, data: {}, source: null },
		[],
	);
	let output: INodeExecutionData[][] | undefined;
	try {
		output = (await new RoutingNode(context, type, decrypted).runNode()) ?? undefined;
	} catch (error) {
		return { status: 'Error', message: failureMessage(error as FailedRequest, rules) };
	}
	const body = output?.[0]?.[0]?.json;
	for (const rule of rules) {
		if (rule.type === 'responseSuccessBody' && at(body, rule.properties.key) === rule.properties.value) {
			return { status: 'Error', message: rule.properties.message };
		}
	}
	return { status: 'OK', message: 'Connection successful!' };
}

interface FailedRequest extends Error {
	cause?: { code?: string; response?: { status: number; statusText?: string } };
}

type Rules = NonNullable<ICredentialTestRequestData['testRequest']['rules']>;

function failureMessage(error: FailedRequest, rules: Rules): string {
	const response = error.cause?.response;
	if (!response) return error.cause?.code ?? error.message;
	for (const rule of rules) {
		if (rule.type === 'responseCode' && rule.properties.value === response.status) return rule.properties.message;
	}
	return response.statusText || `Received HTTP status code: ${response.status}`;
}

const at = (body: JsonObject | object | undefined, path: string): unknown =>
	path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], body);

function emptyWorkflow() {
	const now = new Date();
	return {
		id: '',
		name: '',
		active: false,
		isArchived: false,
		activeVersionId: null,
		connections: {},
		createdAt: now,
		updatedAt: now,
	};
}
