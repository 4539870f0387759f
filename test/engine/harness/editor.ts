/** What the editor asks n8n for while a node is open: lists and options. */
import { LoadOptionsContext } from 'n8n-core';
import { Workflow } from 'n8n-workflow';
import type {
	ICredentialsHelper,
	INode,
	INodeListSearchResult,
	INodeParameters,
	INodePropertyOptions,
	INodeType,
} from 'n8n-workflow';

import { additionalData } from './additional-data';
import type { CredentialReference } from './credential-store';
import type { NodeTypes } from './node-types';
import { importWorkflow } from './workflow-json';

/** A node as it stands open in the editor. */
export interface OpenNode {
	type: string;
	typeVersion?: number;
	parameters: INodeParameters;
	credentials: readonly CredentialReference[];
}

/** What the editor asks the server for while a node is open. */
export class Editor {
	constructor(
		private readonly types: NodeTypes,
		private readonly helper: ICredentialsHelper,
	) {}

	async loadOptions(node: OpenNode, method: string): Promise<INodePropertyOptions[]> {
		const { type, context } = this.open(node);
		return await required(type.methods?.loadOptions, method).call(context);
	}

	async listSearch(
		node: OpenNode,
		method: string,
		filter?: string,
		paginationToken?: string,
	): Promise<INodeListSearchResult> {
		const { type, context } = this.open(node);
		return await required(type.methods?.listSearch, method).call(context, filter, paginationToken);
	}

	private open({ type, typeVersion = 1, parameters, credentials }: OpenNode): {
		type: INodeType;
		context: LoadOptionsContext;
	} {
		const node: INode = { id: '1', name: 'Node', type, typeVersion, position: [0, 0], parameters };
		const record = importWorkflow({ nodes: [node], connections: {} }, credentials, this.types);
		const workflow = new Workflow({ ...record, nodeTypes: this.types });
		const opened = record.nodes[0];
		const data = additionalData(this.helper, record, 'internal', '');
		data.currentNodeParameters = opened.parameters;
		return {
			type: this.types.getByNameAndVersion(type, typeVersion),
			context: new LoadOptionsContext(workflow, opened, data, ''),
		};
	}
}

function required<Method>(methods: Record<string, Method> | undefined, name: string): Method {
	const method = methods?.[name];
	if (!method) throw new Error(`The node has no method "${name}"; it has ${Object.keys(methods ?? {}).join(', ')}`);
	return method;
}
