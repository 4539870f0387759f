/** What one operation is made of. The runner knows nothing else about it. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { ApiCall } from '../dingtalk/endpoints';
import type { Item } from './ItemContext';

/** An item that has a file to it. */
export class ResultWithFile {
	constructor(
		readonly json: IDataObject,
		readonly file: { field: string; name: string; type: string; content: string },
	) {}
}

/** What comes out for one item. */
export type OperationResult = IDataObject | ResultWithFile;

/** Carries out what `prepare` has checked. */
export type Task = () => Promise<OperationResult | OperationResult[]>;

export interface Operation {
	/** Stored in workflows; never changes once released. */
	value: string;
	/** The dropdown's entry. */
	name: string;
	/** The same as a sentence; an AI agent chooses by it. */
	action: string;
	description: string;
	/** Which calls it may make. Documentation and the permissions table come from here. */
	calls: readonly ApiCall[];
	/** What the user sees, in this order. */
	properties: INodeProperties[];
	/** The field by which items that are about the same thing run one after the other; the event unless told. */
	serializeBy?: string;
	/** How many items to work on at once, as the first of them says. */
	itemsAtOnce?(first: Item): number;
	/**
	 * Reads and checks what the user typed for one item, without any call, so that bad input is refused before anything
	 * has happened to any item. What it returns does the work.
	 */
	prepare(item: Item): Task;
}

export interface Resource {
	value: string;
	name: string;
	description: string;
	operations: readonly Operation[];
	/** The operation that is chosen when somebody drops the node. */
	first: string;
}
