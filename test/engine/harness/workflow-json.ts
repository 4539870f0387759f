/** Turns workflow JSON, as exported from the editor, into a workflow that the engine can run. */
import { deepCopy } from 'n8n-workflow';
import type { IConnections, IDataObject, INode, IPinData, IWorkflowBase, IWorkflowSettings } from 'n8n-workflow';

import type { CredentialReference } from './credential-store';
import type { NodeTypes } from './node-types';

/** An exported workflow: what one copies out of the editor. */
export interface WorkflowJson {
	id?: string;
	name?: string;
	nodes: INode[];
	connections: IConnections;
	pinData?: IPinData;
	settings?: IWorkflowSettings;
	staticData?: IDataObject;
}

/** The record a server would have stored for it, its credentials replaced by ones that exist here. */
export function importWorkflow(
	json: WorkflowJson,
	credentials: readonly CredentialReference[],
	types: NodeTypes,
): IWorkflowBase {
	const { nodes, connections, pinData, staticData, settings } = deepCopy(json);
	for (const node of nodes) connectCredentials(node, credentials, types);
	const now = new Date();
	return {
		id: json.id ?? 'workflow-1',
		name: json.name ?? 'Workflow',
		nodes,
		connections,
		pinData,
		staticData,
		settings: { executionOrder: 'v1', ...settings },
		active: false,
		isArchived: false,
		activeVersionId: null,
		createdAt: now,
		updatedAt: now,
	};
}

function connectCredentials(node: INode, credentials: readonly CredentialReference[], types: NodeTypes): void {
	const asked = types.getByNameAndVersion(node.type, node.typeVersion).description.credentials ?? [];
	for (const { id, name, type } of credentials) {
		const wanted = asked.some((one) => one.name === type) || node.parameters.nodeCredentialType === type;
		if (wanted) node.credentials = { ...node.credentials, [type]: { id, name } };
	}
}
