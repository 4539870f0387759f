/** Gives nodes their credentials as an n8n server does, renewal of tokens included. */
import { Credentials, getAdditionalKeys } from 'n8n-core';
import {
	getCredentialOwnRequestAllowedDomains,
	ICredentialsHelper,
	isExpression,
	NodeHelpers,
	UserError,
	Workflow,
} from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentials,
	ICredentialsExpressionResolveValues,
	IDataObject,
	IExecuteData,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	INodeProperties,
	IRequestOptionsSimplified,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import type { CredentialStore } from './credential-store';
import type { NodeTypes } from './node-types';

/**
 * What a refreshed token is saved with. `merged` (n8n 2.34 and later): only what preAuthentication returned goes into
 * the stored record. `resolved` (before): the whole decrypted object does, so expressions are overwritten by values.
 */
export type Persistence = 'merged' | 'resolved';

const expressionOwner: INode = { id: '', name: '', typeVersion: 1, type: 'mock', position: [0, 0], parameters: {} };

/**
 * The one part of a running n8n which n8n-core does not ship. It restates n8n's own CredentialsHelper (2.41) for
 * everything but OAuth, external secrets and shared "dynamic" credentials.
 */
export class EngineCredentialsHelper extends ICredentialsHelper {
	constructor(
		private readonly types: NodeTypes,
		private readonly store: CredentialStore,
		private readonly persistence: Persistence,
	) {
		super();
	}

	override getParentTypes(name: string): string[] {
		const parents = this.types.credential(name).extends ?? [];
		return parents.flatMap((parent) => [parent, ...this.getParentTypes(parent)]);
	}

	override isCredentialUsableByNode(credentialType: string, nodeType: string): boolean {
		if (!this.types.credential(credentialType).restrictToSupportedNodes) return true;
		return this.types.nodesSupporting(credentialType).includes(nodeType);
	}

	override async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		incoming: IHttpRequestOptions | IRequestOptionsSimplified,
		workflow?: Workflow,
		node?: INode,
	): Promise<IHttpRequestOptions> {
		const requestOptions = incoming as IHttpRequestOptions;
		const type = this.types.credential(typeName);
		if (!type.authenticate) return requestOptions;
		if (typeof type.authenticate === 'function') return await type.authenticate(credentials, requestOptions);
		if (!workflow || !node) throw new Error('Workflow and node are required for declarative credential authentication');

		const resolve = (value: string): string => {
			if (!isExpression(value)) return value;
			const keys = { $credentials: credentials };
			const resolved = workflow.expression.getSimpleParameterValue(node, value, 'internal', keys, undefined, '');
			return resolved ? String(resolved) : '';
		};
		requestOptions.headers ??= {};
		const target = requestOptions as unknown as Record<string, IDataObject>;
		for (const [part, values] of Object.entries(type.authenticate.properties)) {
			for (const [key, value] of Object.entries(values as Record<string, string>)) {
				target[part] ??= {};
				target[part][resolve(key)] = resolve(value);
			}
		}
		return requestOptions;
	}

	override async preAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		node: INode,
		credentialsExpired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const type = this.types.credential(typeName);
		const expirable = type.properties.find(
			(property) => property.type === 'hidden' && property.typeOptions?.expirable === true,
		)?.name;
		if (expirable === undefined || typeof type.preAuthentication !== 'function') return undefined;

		const isTest = node.parameters.temp === '' && node.type === 'n8n-nodes-base.noOp';
		if (credentials[expirable] !== '' && !credentialsExpired && !isTest) return undefined;

		const output = (await type.preAuthentication.call(
			restrictToCredentialDomains(helpers, credentials),
			credentials,
		)) as ICredentialDataDecryptedObject;
		if (output[expirable] === undefined || !node.credentials) return undefined;

		const reference = node.credentials[type.name];
		if (this.persistence === 'merged') {
			const stored = this.store.read(reference, type.name).data;
			// A field the user filled with an expression stays one, whatever the output says of it.
			const kept = Object.entries(output).filter(([key]) => key === expirable || !isExpression(stored[key]));
			await this.updateCredentials(reference, type.name, { ...stored, ...Object.fromEntries(kept) });
			return Object.assign(credentials, output);
		}
		Object.assign(credentials, output);
		await this.updateCredentials(reference, type.name, credentials);
		return credentials;
	}

	override async runPreAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const type = this.types.credential(typeName);
		if (typeof type.preAuthentication !== 'function') return undefined;
		const output = await type.preAuthentication.call(restrictToCredentialDomains(helpers, credentials), credentials);
		return (output as ICredentialDataDecryptedObject | undefined) ?? undefined;
	}

	override async getCredentials(reference: INodeCredentialsDetails, type: string): Promise<ICredentials> {
		const { id, name, data } = this.store.read(reference, type);
		const credentials = new Credentials({ id, name }, type);
		await credentials.setData(data);
		return credentials;
	}

	override async getDecrypted(
		additionalData: IWorkflowExecuteAdditionalData,
		reference: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		raw?: boolean,
		resolveWith?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		const { data } = this.store.read(reference, type);
		return raw ? data : this.resolve(additionalData, data, type, mode, executeData, resolveWith);
	}

	/** Defaults filled in, keys unknown to the credential's description dropped, expressions evaluated. */
	resolve(
		additionalData: IWorkflowExecuteAdditionalData,
		stored: ICredentialDataDecryptedObject,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		resolveWith?: ICredentialsExpressionResolveValues,
	): ICredentialDataDecryptedObject {
		const properties = this.getCredentialsProperties(type);
		const known = NodeHelpers.getNodeParameters(
			properties,
			stored as IDataObject as Parameters<typeof NodeHelpers.getNodeParameters>[1],
			true,
			false,
			null,
			null,
		) as ICredentialDataDecryptedObject;
		for (const key of ['allowedDomains', 'allowedHttpRequestDomains']) {
			if (known[key] === undefined && stored[key] !== undefined) known[key] = stored[key];
		}
		const values = known as Parameters<typeof NodeHelpers.getNodeParameters>[1] & object;
		const keys = getAdditionalKeys(additionalData, mode, null, { isCredential: true });
		if (!resolveWith) {
			const workflow = new Workflow({ nodes: [], connections: {}, active: false, nodeTypes: this.types });
			return workflow.expression.getComplexParameterValue(
				expressionOwner,
				values,
				mode,
				keys,
				undefined,
				undefined,
				values,
			) as ICredentialDataDecryptedObject;
		}
		return resolveWith.workflow.expression.getParameterValue(
			values,
			resolveWith.runExecutionData,
			resolveWith.runIndex,
			resolveWith.itemIndex,
			resolveWith.node.name,
			resolveWith.connectionInputData,
			mode,
			keys,
			executeData,
			false,
			values,
		) as ICredentialDataDecryptedObject;
	}

	override async updateCredentials(
		reference: INodeCredentialsDetails,
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		this.store.write(reference, type, data);
	}

	override async updateCredentialsOauthTokenData(): Promise<void> {
		throw new Error('OAuth credentials are outside what this engine covers');
	}

	override getCredentialsProperties(type: string): INodeProperties[] {
		const combined: INodeProperties[] = [];
		const { extends: parents = [], properties } = this.types.credential(type);
		for (const parent of parents) NodeHelpers.mergeNodeProperties(combined, this.getCredentialsProperties(parent));
		NodeHelpers.mergeNodeProperties(combined, properties);
		return combined;
	}
}

/** A credential's own requests obey the domains it is restricted to. */
function restrictToCredentialDomains(
	{ helpers }: IHttpRequestHelper,
	credentials: ICredentialDataDecryptedObject,
): IHttpRequestHelper {
	return {
		helpers: {
			httpRequest: async (options: IHttpRequestOptions): Promise<unknown> => {
				const allowedDomains = getCredentialOwnRequestAllowedDomains(credentials);
				if (allowedDomains === undefined) return await helpers.httpRequest(options);
				if (options.allowedDomains !== undefined) {
					throw new UserError('This credential restricts requests to specific domains.');
				}
				return await helpers.httpRequest({ ...options, allowedDomains });
			},
		},
	};
}
