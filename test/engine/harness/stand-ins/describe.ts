/** Makes the node description that the engine needs of a stand-in. */
import { NodeConnectionTypes } from 'n8n-workflow';
import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';

/** A description with what the engine looks at; `versions` are those of the node stood in for. */
export function describeNode(
	name: string,
	versions: number[],
	properties: INodeProperties[] = [],
	overrides: Partial<INodeTypeDescription> = {},
): INodeTypeDescription {
	return {
		displayName: name,
		name,
		group: ['transform'],
		version: versions,
		description: '',
		defaults: { name },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties,
		...overrides,
	};
}
