/** The node types of the harness: those of a package and stand-ins for n8n's own. */
import { PackageDirectoryLoader } from 'n8n-core';
import { NodeHelpers } from 'n8n-workflow';
import type { ICredentialType, IDataObject, INodeType, INodeTypes, IVersionedNodeType } from 'n8n-workflow';

import { standIns } from './stand-ins';

/** Every node and credential type the engine knows. */
export class NodeTypes implements INodeTypes {
	private readonly nodes = new Map<string, INodeType | IVersionedNodeType>(Object.entries(standIns));
	private readonly credentials = new Map<string, ICredentialType>();

	/** Loads an npm package by its `n8n` attribute, exactly as n8n loads an installed community package. */
	async load(directory: string): Promise<void> {
		const loader = new PackageDirectoryLoader(directory);
		await loader.loadAll();
		for (const [name, { type }] of Object.entries(loader.nodeTypes)) {
			this.nodes.set(`${loader.packageName}.${name}`, type);
		}
		for (const [name, { type }] of Object.entries(loader.credentialTypes)) this.credentials.set(name, type);
	}

	/** Registers a node that belongs to one test. */
	add(name: string, type: INodeType): void {
		this.nodes.set(name, type);
	}

	credential(name: string): ICredentialType {
		const type = this.credentials.get(name);
		if (!type)
			throw new Error(`Unknown credential type "${name}"; known are ${[...this.credentials.keys()].join(', ')}`);
		return type;
	}

	/** Full names of the nodes whose description asks for a credential type. */
	nodesSupporting(credentialType: string): string[] {
		return [...this.nodes.keys()].filter((name) =>
			this.getByNameAndVersion(name).description.credentials?.some((asked) => asked.name === credentialType),
		);
	}

	getByName(name: string): INodeType | IVersionedNodeType {
		const type = this.nodes.get(name);
		if (!type) throw new Error(`Unrecognized node type "${name}"; known are ${[...this.nodes.keys()].join(', ')}`);
		return type;
	}

	getByNameAndVersion(name: string, version?: number): INodeType {
		return NodeHelpers.getVersionedNodeType(this.getByName(name), version);
	}

	getKnownTypes(): IDataObject {
		return {};
	}
}
