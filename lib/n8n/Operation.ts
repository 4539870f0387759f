/** The interface of an operation, which is all that the runner knows about it. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { ApiCall } from '../dingtalk/endpoints';
import type { Item } from './ItemContext';

/** A result item with a binary file. */
export class ResultWithFile {
	constructor(
		readonly json: IDataObject,
		readonly file: { field: string; name: string; type: string; content: string },
	) {}
}

/** A result item. */
export type OperationResult = IDataObject | ResultWithFile;

/** A result that belongs to all items of the run; n8n shows it with one of them. */
export interface FinalResult {
	index: number;
	result: OperationResult;
}

/** Executes what `prepare` has checked. */
export type Task = () => Promise<OperationResult | OperationResult[]>;

export interface Operation {
	/** Stored in workflows; never changes once released. */
	value: string;
	/** The label in the dropdown. */
	name: string;
	/** The label as a sentence, by which AI agents choose. */
	action: string;
	description: string;
	/** The calls that it may make; the documentation and the permissions table are generated from them. */
	calls: readonly ApiCall[];
	/** Whether it creates something that a key from the user can name across executions. */
	acceptsKey?: boolean;
	/** The fields, in the order of the panel. */
	properties: INodeProperties[];
	/** Items with the same values in these fields run one after the other; `eventId` by default. */
	serializeBy?: readonly string[];
	/** Other names of what an item is about: items that share one of them run one after the other, too. */
	alsoSerializeBy?(item: Item): string[];
	/** What an item is about, where these fields can name the same thing in several ways, such as a person; it may look it up. */
	findSubject?(item: Item): Promise<unknown>;
	/**
	 * What an item sets that another one about the same thing may set otherwise, such as the response of one person: all of the
	 * thing by default, and nothing where items only add or only take away. It may look it up.
	 */
	findOverwritten?(item: Item): Promise<string[]>;
	/** How many items to process at once; read from the first item. */
	readConcurrency?(first: Item): number;
	/**
	 * Reads and validates the fields of one item without making a call, so that invalid input is rejected before anything
	 * is done for any item. The returned task does the work.
	 */
	prepare(item: Item): Task;
	/** What all items together ask for. It runs once, after the last of them; not if one failed and the run ends with that. */
	finish?(items: Item[]): Promise<FinalResult[]>;
}

export interface Resource {
	value: string;
	name: string;
	description: string;
	operations: readonly Operation[];
	/** The operation that is selected when the resource is chosen. */
	defaultOperation: string;
}
