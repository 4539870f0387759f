/** The credentials that an n8n server would keep in its database. */
import { deepCopy } from 'n8n-workflow';
import type { ICredentialDataDecryptedObject, INodeCredentialsDetails } from 'n8n-workflow';

/** What a workflow's JSON says of a credential, and its type. */
export interface CredentialReference {
	id: string;
	name: string;
	type: string;
}

interface Row extends CredentialReference {
	data: ICredentialDataDecryptedObject;
}

/**
 * The credentials table. Whatever goes in or out is copied, as by the encryption of the real one: a caller that
 * changes what it was given never changes what is stored.
 */
export class CredentialStore {
	/** Times a record was fetched by the engine. */
	reads = 0;
	/** Times a record was overwritten by the engine. */
	writes = 0;
	private readonly rows = new Map<string, Row>();

	add(type: string, data: ICredentialDataDecryptedObject, name = `${type} account`): CredentialReference {
		const id = String(this.rows.size + 1);
		this.rows.set(id, { id, name, type, data: deepCopy(data) });
		return { id, name, type };
	}

	read(reference: INodeCredentialsDetails, type: string): Row {
		this.reads++;
		const row = this.find(reference, type);
		return { ...row, data: deepCopy(row.data) };
	}

	write(reference: INodeCredentialsDetails, type: string, data: ICredentialDataDecryptedObject): void {
		this.writes++;
		this.find(reference, type).data = deepCopy(data);
	}

	/** What is stored now, unresolved; not counted as a read. */
	peek(reference: CredentialReference): ICredentialDataDecryptedObject {
		return deepCopy(this.find(reference, reference.type).data);
	}

	/** Changes fields behind the engine's back, as a person or another worker would; not counted as a write. */
	patch(reference: CredentialReference, fields: ICredentialDataDecryptedObject): void {
		Object.assign(this.find(reference, reference.type).data, deepCopy(fields));
	}

	resetCounts(): void {
		this.reads = 0;
		this.writes = 0;
	}

	private find({ id, name }: INodeCredentialsDetails, type: string): Row {
		if (!id) throw new Error(`Found credential with no ID: ${name}`);
		const row = this.rows.get(id);
		if (row?.type !== type) throw new Error(`Credential with ID "${id}" does not exist for type "${type}".`);
		return row;
	}
}
