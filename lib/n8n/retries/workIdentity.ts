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

/** What an execution has had of a node's items. It stays in memory as long as the execution, so an item takes little of it. */
class KnownItems {
	/** By content, run of the node, and place among the equal items of the run. */
	private readonly taken = new Map<string, Occurrence>();
	/** By content, each with a hash of the text of its error on the output, if it was output. */
	private readonly failed = new Map<string, Map<Occurrence, string | undefined>>();
	/** How many calls of a tool there were with the same content. */
	private readonly toolCalls = new Map<string, number>();

	takenAs(stored: string): Occurrence | undefined {
		return this.taken.get(stored);
	}

	take(stored: string, occurrence: Occurrence): Occurrence {
		this.taken.set(stored, occurrence);
		return occurrence;
	}

	/** A call of a tool continues an equal one that failed, and is new otherwise. */
	takeForTool(content: string): Occurrence {
		const [failed] = this.failed.get(content)?.keys() ?? [];
		if (failed) return failed;
		const number = this.toolCalls.get(content) ?? 0;
		this.toolCalls.set(content, number + 1);
		return { runIndex: 0, number };
	}

	failedWith(content: string, hash: string | undefined): Occurrence | undefined {
		if (hash === undefined) return undefined;
		return [...(this.failed.get(content) ?? [])].find(([, other]) => other === hash)?.[0];
	}

	fail(content: string, occurrence: Occurrence, hash: string | undefined): void {
		const failed = this.failed.get(content) ?? new Map<Occurrence, string | undefined>();
		this.failed.set(content, failed.set(occurrence, hash));
	}

	begin(content: string, occurrence: Occurrence): void {
		const failed = this.failed.get(content);
		if (failed?.delete(occurrence) && failed.size === 0) this.failed.delete(content);
	}
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

const nodesByState = new WeakMap<object, KnownItems>();

/** The editor's type of a node that an agent uses as a tool. */
const isTool = (type: string): boolean => type.endsWith('Tool');

/** On the error output, an item has these fields of the error besides its own, or in their place; sent to the node again, it is the same item. */
const ERROR_FIELDS = ['error', 'message', 'details'];

const withoutError = (input: IDataObject): IDataObject =>
	Object.fromEntries(Object.entries(input).filter(([field]) => !ERROR_FIELDS.includes(field)));

/** The work of one run of the node. */
export class RunWork {
	private readonly name: string;
	private readonly known: KnownItems;
	private readonly isTool: boolean;
	private readonly runIndex: number;
	/** How many items of the same content this run has had so far. */
	private readonly counts = new Map<string, number>();
	private readonly state: NodeState;
	readonly isRepeated: boolean;
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
		this.known = nodesByState.get(state) ?? (this.isTool ? new KnownItems() : restoreItems(state));
		nodesByState.set(state, this.known);
	}

	/** Names the work of the next item; call it for all items, in their order. */
	take(input: IDataObject): Work {
		const content = hashText(JSON.stringify(this.isTool ? this.toolArguments(input) : withoutError(input)));
		const occurrence = this.isTool ? this.known.takeForTool(content) : this.takeForItem(content, input.error);
		this.known.begin(content, occurrence);
		if (this.state.failed) delete this.state.failed[storedName(content, occurrence)];
		return new ItemWork(this, content, occurrence);
	}

	nameOf(content: string, { runIndex, number, renewals }: Occurrence): string {
		return [this.name, runIndex, content, number, ...(renewals ? [renewals] : [])].join('/');
	}

	fail(content: string, occurrence: Occurrence, errorText: unknown): void {
		const hash = hashError(errorText);
		this.known.fail(content, occurrence, hash);
		if (hash !== undefined && !this.isTool) keep((this.state.failed ??= {}), storedName(content, occurrence), hash);
	}

	/** Names the run for all its attempts. */
	get runName(): string {
		return `${this.name}/${this.runIndex}`;
	}

	/** The agent gives each call another ID. */
	private toolArguments(input: IDataObject): unknown {
		return [{ ...input, toolCallId: undefined }, this.agentInput];
	}

	/**
	 * A retry of the node has the same items in the same order. In another run, an item continues the equal one that failed
	 * with the error that it has; an equal item without it is another row, such as that of a loop.
	 */
	private takeForItem(content: string, errorText: unknown): Occurrence {
		const position = this.counts.get(content) ?? 0;
		this.counts.set(content, position + 1);
		const place = { runIndex: this.runIndex, number: position };
		const stored = storedName(content, place);
		const taken = this.known.takenAs(stored);
		if (taken) return taken;
		const failed = this.known.failedWith(content, hashError(errorText));
		if (failed) keep((this.state.continued ??= {}), stored, `${failed.runIndex}/${failed.number}`);
		return this.known.take(stored, failed ?? place);
	}
}

/** A class, as an object with functions of its own takes several times as much memory for each item. */
class ItemWork implements Work {
	private hasEnded = false;

	constructor(
		private readonly run: RunWork,
		private readonly content: string,
		private readonly occurrence: Occurrence,
	) {}

	get name(): string {
		return this.run.nameOf(this.content, this.occurrence);
	}

	get open(): OpenChanges | undefined {
		return this.occurrence.open;
	}

	get isRepeated(): boolean {
		return this.run.isRepeated;
	}

	renew(): void {
		this.occurrence.renewals = (this.occurrence.renewals ?? 0) + 1;
	}

	leaveOpen(part: OpenChanges): void {
		this.occurrence.open = part;
	}

	end({ succeeded, errorText }: { succeeded: boolean; errorText?: unknown }): void {
		if (!this.hasEnded && !succeeded) this.run.fail(this.content, this.occurrence, errorText);
		this.hasEnded = true;
		if (succeeded) delete this.occurrence.open;
	}
}

const hashError = (text: unknown): string | undefined => (typeof text === 'string' ? hashText(text, 12) : undefined);

const storedName = (content: string, { runIndex, number }: Pick<Occurrence, 'runIndex' | 'number'>): string =>
	[content, runIndex, number].join('/');

function keep(stored: Record<string, string>, name: string, value: string): void {
	if (name in stored || Object.keys(stored).length < MAX_STORED) stored[name] = value;
}

/** What a stored execution, which is retried, knows of items that failed and came back. */
function restoreItems({ failed = {}, continued = {} }: NodeState): KnownItems {
	const known = new KnownItems();
	const occurrences = new Map<string, Occurrence>();
	const occurrenceOf = (content: string, runIndex: number, number: number): Occurrence => {
		const occurrence = { runIndex, number };
		const name = storedName(content, occurrence);
		const existing = occurrences.get(name) ?? occurrence;
		occurrences.set(name, existing);
		return existing;
	};
	for (const [name, hash] of Object.entries(failed)) {
		const [content, runIndex, number] = name.split('/');
		known.fail(content, occurrenceOf(content, Number(runIndex), Number(number)), hash);
	}
	for (const [name, first] of Object.entries(continued)) {
		const [content] = name.split('/');
		const [firstRun, firstNumber] = first.split('/').map(Number);
		known.take(name, occurrenceOf(content, firstRun, firstNumber));
	}
	return known;
}

/** The item that the agent works on; its expressions are the other part of what a tool does. */
function readAgentInput(proxy: { $json?: unknown }): unknown {
	try {
		return isObject(proxy.$json) ? proxy.$json : undefined;
	} catch {
		return undefined;
	}
}
