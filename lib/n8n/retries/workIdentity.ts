/** Derives the identity behind each item's idempotency keys: the same in every retry, different for any other write. */
import { randomUUID } from 'node:crypto';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { isObject } from '../../dingtalk/utils/json';
import type { OpenChanges } from './previousAttempts';
import { hashText } from '../../dingtalk/utils/hash';

/** One of the equal items of an execution: the first, the second, … of the run of the node that had it first. */
interface Occurrence {
	runIndex: number;
	number: number;
	/** What the tries so far have left open. */
	open?: OpenChanges;
	/** How often it was to be done anew although it had succeeded. */
	renewals?: number;
}

/** What one item is about to do. */
export interface Work {
	/** The same in each try, unless it is renewed. */
	readonly name: string;
	/** What earlier tries have left open. */
	readonly open: OpenChanges | undefined;
	/** Gives it another name: it is done anew although it has succeeded. */
	renew(): void;
	/** Records what this try leaves open. */
	leaveOpen(part: OpenChanges): void;
	/**
	 * Call when it has ended; only the first call counts. Work that did not succeed is continued by the next equal call of a
	 * tool, and by the item that comes from the error output with this text.
	 */
	end(outcome: { succeeded: boolean; errorText?: unknown }): void;
}

/** What an execution has had of items with the same content. */
interface EqualItems {
	/** For each run of the node, in the order of its items. */
	taken: Map<number, Occurrence[]>;
	/** Each with the text of its error on the output, if it was output. */
	failed: Map<Occurrence, unknown>;
}

/** n8n keeps this object with the execution: for the next run of the node, and for its Retry button, which starts a new execution. */
interface NodeState extends IDataObject {
	firstExecution?: string;
}

const nodesByState = new WeakMap<object, Map<string, EqualItems>>();

/** The editor's type of a node that an agent uses as a tool. */
const isTool = (type: string): boolean => type.endsWith('Tool');

/** On the error output, an item has these fields of the error besides its own, or in their place; sent to the node again, it is the same item. */
const ERROR_FIELDS = ['error', 'message', 'details'];

const withoutError = (input: IDataObject): IDataObject =>
	Object.fromEntries(Object.entries(input).filter(([field]) => !ERROR_FIELDS.includes(field)));

/** The work of one run of the node. */
export class RunWork {
	private readonly name: string;
	private readonly equalItems: Map<string, EqualItems>;
	private readonly isTool: boolean;
	private readonly runIndex: number;
	/** How many items of the same content this run has had so far. */
	private readonly counts = new Map<string, number>();
	/** What an agent's tool is called for besides its arguments. */
	private readonly agentInput: unknown;

	constructor(context: IExecuteFunctions) {
		const node = context.getNode();
		const proxy = context.getWorkflowDataProxy(0);
		this.isTool = isTool(node.type);
		// n8n counts each try of a tool as another run.
		this.runIndex = this.isTool ? 0 : Number(proxy.$runIndex);
		this.agentInput = this.isTool ? readAgentInput(proxy) : undefined;
		const state = context.getContext('node') as NodeState;
		state.firstExecution ??= context.getExecutionId() ?? randomUUID();
		this.name = [context.getInstanceId(), state.firstExecution, node.id].join('/');
		this.equalItems = nodesByState.get(state) ?? new Map<string, EqualItems>();
		nodesByState.set(state, this.equalItems);
	}

	/** Names the work of the next item; call it for all items, in their order. */
	take(input: IDataObject): Work {
		const content = hashText(JSON.stringify(this.isTool ? this.toolArguments(input) : withoutError(input)));
		const equal = this.equalItems.get(content) ?? {
			taken: new Map<number, Occurrence[]>(),
			failed: new Map<Occurrence, unknown>(),
		};
		this.equalItems.set(content, equal);
		const occurrence = this.isTool ? takeForTool(equal) : this.takeForItem(equal, content, input.error);
		const { name: run } = this;
		const { runIndex, number } = occurrence;
		let hasEnded = false;
		equal.failed.delete(occurrence);
		return {
			get name() {
				return [run, runIndex, content, number, ...(occurrence.renewals ? [occurrence.renewals] : [])].join('/');
			},
			renew: () => {
				occurrence.renewals = (occurrence.renewals ?? 0) + 1;
			},
			get open() {
				return occurrence.open;
			},
			leaveOpen: (part) => {
				occurrence.open = part;
			},
			end: ({ succeeded, errorText }) => {
				if (!hasEnded && !succeeded) equal.failed.set(occurrence, errorText);
				hasEnded = true;
				if (succeeded) delete occurrence.open;
			},
		};
	}

	/** The agent gives each call another ID. */
	private toolArguments(input: IDataObject): unknown {
		return [{ ...input, toolCallId: undefined }, this.agentInput];
	}

	/**
	 * A retry of the node has the same items in the same order. In another run, an item continues the equal one that failed
	 * with the error that it has; an equal item without it is another row, such as that of a loop.
	 */
	private takeForItem(equal: EqualItems, content: string, errorText: unknown): Occurrence {
		const position = this.counts.get(content) ?? 0;
		this.counts.set(content, position + 1);
		const taken = equal.taken.get(this.runIndex) ?? [];
		equal.taken.set(this.runIndex, taken);
		taken[position] ??= failedWith(equal, errorText) ?? { runIndex: this.runIndex, number: position };
		return taken[position];
	}
}

const failedWith = ({ failed }: EqualItems, errorText: unknown): Occurrence | undefined =>
	typeof errorText === 'string' ? [...failed].find(([, text]) => text === errorText)?.[0] : undefined;

/** A call of a tool continues an equal one that failed, and is new otherwise. */
function takeForTool(equal: EqualItems): Occurrence {
	const [failed] = equal.failed.keys();
	if (failed) return failed;
	const taken = equal.taken.get(0) ?? [];
	equal.taken.set(0, taken);
	const next = { runIndex: 0, number: taken.length };
	taken.push(next);
	return next;
}

/** The item that the agent works on; its expressions are the other part of what a tool does. */
function readAgentInput(proxy: { $json?: unknown }): unknown {
	try {
		return isObject(proxy.$json) ? proxy.$json : undefined;
	} catch {
		return undefined;
	}
}
