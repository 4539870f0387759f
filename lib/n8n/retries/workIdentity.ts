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
	/** How often it had to be repeated although it had succeeded. */
	renewals?: number;
}

/** What one item is about to do. */
export interface Work {
	/** The same in each try, unless it is renewed. */
	readonly name: string;
	/** What earlier tries have left open. */
	readonly open: OpenChanges | undefined;
	/** Whether an earlier execution, which n8n's Retry button repeats, may have done it. */
	readonly isRepeated: boolean;
	/** Gives it a new identity, so that it is repeated although it has succeeded. */
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
	/** Each with a hash of the text of its error on the output, if it was output. */
	failed: Map<Occurrence, string | undefined>;
}

/** n8n keeps this object with the execution: for the next run of the node, and for its Retry button, which starts a new execution. */
interface NodeState extends IDataObject {
	firstExecution?: string;
	/** Of items that failed and were output: a hash of the text of the error, by content, run and number. */
	failed?: Record<string, string>;
	/** Which of them came back as which items, by content, run and number. */
	continued?: Record<string, string>;
}

/** n8n stores what is kept of the items with each execution. */
const MAX_STORED = 2000;

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
	private readonly state: NodeState;
	private readonly isRepeated: boolean;
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
		const executionId = context.getExecutionId();
		this.isRepeated = state.firstExecution !== undefined && state.firstExecution !== executionId;
		state.firstExecution ??= executionId ?? randomUUID();
		this.name = [context.getInstanceId(), state.firstExecution, node.id].join('/');
		this.state = state;
		this.equalItems = nodesByState.get(state) ?? (this.isTool ? new Map<string, EqualItems>() : restoreItems(state));
		nodesByState.set(state, this.equalItems);
	}

	/** Names the work of the next item; call it for all items, in their order. */
	take(input: IDataObject): Work {
		const content = hashText(JSON.stringify(this.isTool ? this.toolArguments(input) : withoutError(input)));
		const equal = equalItemsOf(this.equalItems, content);
		const occurrence = this.isTool ? takeForTool(equal) : this.takeForItem(equal, content, input.error);
		const { name: run, isRepeated } = this;
		const { runIndex, number } = occurrence;
		const stored = storedName(content, runIndex, number);
		let hasEnded = false;
		equal.failed.delete(occurrence);
		delete this.state.failed?.[stored];
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
			isRepeated,
			leaveOpen: (part) => {
				occurrence.open = part;
			},
			end: ({ succeeded, errorText }) => {
				if (!hasEnded && !succeeded) this.fail(equal, occurrence, stored, errorText);
				hasEnded = true;
				if (succeeded) delete occurrence.open;
			},
		};
	}

	private fail(equal: EqualItems, occurrence: Occurrence, stored: string, errorText: unknown): void {
		const hash = hashError(errorText);
		equal.failed.set(occurrence, hash);
		if (hash !== undefined && !this.isTool) keep((this.state.failed ??= {}), stored, hash);
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
		if (taken[position]) return taken[position];
		const failed = failedWith(equal, hashError(errorText));
		if (failed) {
			const { runIndex, number } = failed;
			keep((this.state.continued ??= {}), storedName(content, this.runIndex, position), `${runIndex}/${number}`);
		}
		return (taken[position] = failed ?? { runIndex: this.runIndex, number: position });
	}
}

const hashError = (text: unknown): string | undefined => (typeof text === 'string' ? hashText(text, 12) : undefined);

const failedWith = ({ failed }: EqualItems, hash: string | undefined): Occurrence | undefined =>
	hash === undefined ? undefined : [...failed].find(([, other]) => other === hash)?.[0];

function equalItemsOf(all: Map<string, EqualItems>, content: string): EqualItems {
	const known = all.get(content) ?? { taken: new Map<number, Occurrence[]>(), failed: new Map() };
	all.set(content, known);
	return known;
}

const storedName = (content: string, runIndex: number, number: number): string => `${content}/${runIndex}/${number}`;

function keep(stored: Record<string, string>, name: string, value: string): void {
	if (name in stored || Object.keys(stored).length < MAX_STORED) stored[name] = value;
}

/** What a stored execution, which is retried, knows of items that failed and came back. */
function restoreItems({ failed = {}, continued = {} }: NodeState): Map<string, EqualItems> {
	const all = new Map<string, EqualItems>();
	const occurrences = new Map<string, Occurrence>();
	const occurrenceOf = (content: string, runIndex: number, number: number): Occurrence => {
		const name = storedName(content, runIndex, number);
		const known = occurrences.get(name) ?? { runIndex, number };
		occurrences.set(name, known);
		return known;
	};
	for (const [name, hash] of Object.entries(failed)) {
		const [content, runIndex, number] = name.split('/');
		equalItemsOf(all, content).failed.set(occurrenceOf(content, Number(runIndex), Number(number)), hash);
	}
	for (const [name, first] of Object.entries(continued)) {
		const [content, runIndex, number] = name.split('/');
		const [firstRun, firstNumber] = first.split('/').map(Number);
		const { taken } = equalItemsOf(all, content);
		const items = taken.get(Number(runIndex)) ?? [];
		items[Number(number)] = occurrenceOf(content, firstRun, firstNumber);
		taken.set(Number(runIndex), items);
	}
	return all;
}

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
