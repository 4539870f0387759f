/** Runs one operation over all items. The only place that loops, pairs, and decides what an error does. */
import { randomUUID } from 'node:crypto';
import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { DingTalkClient } from '../dingtalk/client/client';
import type { UsageReport } from '../dingtalk/client/types';
import { Directory } from '../dingtalk/people/directory';
import { createTransport } from '../dingtalk/client/transport';
import { describeProgress } from './formatText';
import { Item, type RunContext } from './ItemContext';
import { toFailure, Failure } from './toNodeError';
import { ResultWithFile, type Operation, type OperationResult, type Task } from './Operation';
import { runPool } from './keyedPool';
import { formatCount } from './pluralize';

/** The item that ended the run. */
class ItemFailed extends Error {
	constructor(
		readonly why: Error,
		readonly index: number,
	) {
		super(why.message);
	}
}

function readFiles(context: IExecuteFunctions, index: number): Record<string, () => Promise<string>> {
	const fields = Object.keys(context.getInputData()[index].binary ?? {});
	const text = async (field: string) => (await context.helpers.getBinaryDataBuffer(index, field)).toString('utf8');
	return Object.fromEntries(fields.map((field) => [field, async () => await text(field)]));
}

const containsExpression = (stored: unknown): boolean =>
	typeof stored === 'string'
		? stored.startsWith('=')
		: typeof stored === 'object' && stored !== null && Object.values(stored).some(containsExpression);

/** Where the user wrote no expression, all items say the same; n8n takes its time to read a field, so that is read once. */
function createParameterReader(context: IExecuteFunctions): RunContext['source']['parameter'] {
	const { parameters } = context.getNode();
	const constants = new Map<string, unknown>();
	/** A locator is asked for its value and for its mode, one after the other. */
	let last: { name: string; index: number; value: unknown } | undefined;
	return (name, index) => {
		if (constants.has(name)) return constants.get(name);
		if (last?.name === name && last.index === index) return last.value;
		const value = context.getNodeParameter(name, index, null);
		if (containsExpression(parameters[name])) last = { name, index, value };
		else constants.set(name, value);
		return value;
	};
}

async function createRunContext(context: IExecuteFunctions): Promise<RunContext> {
	const client = new DingTalkClient(await createTransport(context), context.getExecutionCancelSignal?.());
	const runIndex = String(context.getWorkflowDataProxy(0).$runIndex);
	const execution = context.getExecutionId() ?? randomUUID();
	return {
		source: {
			parameter: createParameterReader(context),
			input: (index) => context.getInputData()[index].json,
			files: (index) => readFiles(context, index),
		},
		client,
		directory: new Directory(client),
		zone: context.getTimezone(),
		runKey: [execution, context.getNode().id, runIndex].join('/'),
		notices: new Set(),
		nodeKey: [context.getWorkflow().id, context.getNode().id].join('/'),
		keys: new Map(),
	};
}

function readConcurrency(
	operation: Operation,
	items: Item[],
	asFailure: (error: Error, index: number) => Failure,
): number | Failure {
	try {
		return items.length > 0 ? (operation.itemsAtOnce?.(items[0]) ?? 1) : 1;
	} catch (error) {
		return asFailure(error as Error, 0);
	}
}

/** What an item's fields say, checked; or why they cannot work. */
function prepareItem(
	operation: Operation,
	item: Item,
	asFailure: (error: Error, index: number) => Failure,
): Task | Failure {
	try {
		return operation.prepare(item);
	} catch (error) {
		return asFailure(error as Error, item.index);
	}
}

export async function runOperation(context: IExecuteFunctions, operation: Operation): Promise<INodeExecutionData[][]> {
	const node = context.getNode();
	const carryOn = context.continueOnFail();
	const asFailure = (error: Error, index: number) => toFailure(node, error, index);

	const run = await createRunContext(context).catch((error: Error) => asFailure(error, 0));
	if (run instanceof Failure) throw run.error;
	const items = context.getInputData().map((_, index) => new Item(run, index));
	const width = readConcurrency(operation, items, asFailure);
	if (width instanceof Failure) throw width.error;
	// All items are checked before anything is sent for any of them.
	const steps: Array<Task | Failure | undefined> = items.map((item) => prepareItem(operation, item, asFailure));
	const firstBad = steps.find((step) => step instanceof Failure);
	if (firstBad && !carryOn) throw firstBad.error;

	const metered = operation.calls.find((call) => call.metered);
	const begin = async (step: Task): Promise<OperationResult | OperationResult[]> => {
		// With the month used up, not even people are looked up any more.
		if (metered) run.client.runState.exhaustedLimits.throwIfExhausted(metered);
		return await step();
	};
	const done = items.map(() => false);
	const results = await runPool<INodeExecutionData[]>({
		count: items.length,
		width,
		signal: context.getExecutionCancelSignal?.(),
		keyOf: (index) => {
			// What could not be read the first time cannot be read now.
			if (steps[index] instanceof Failure) return undefined;
			const about = items[index].value(operation.serializeBy ?? 'eventId');
			return typeof about === 'string' ? about : undefined;
		},
		async work(index) {
			const step = steps[index];
			// Of many items, only the results are kept.
			steps[index] = undefined;
			const outcome = typeof step === 'function' ? await begin(step).catch((error: Error) => error) : step;
			if (outcome instanceof Error) {
				if (!carryOn) throw new ItemFailed(outcome, index);
				return await toOutputItems(context, asFailure(outcome, index).json, index);
			}
			// Not as the item's `error`: n8n would then keep the message alone. By its keys it finds the error output too.
			if (outcome instanceof Failure) return await toOutputItems(context, outcome.json, index);
			done[index] = true;
			return await toOutputItems(context, outcome ?? [], index);
		},
	}).catch(async (error: Error) => (error instanceof ItemFailed ? error : await Promise.reject(error)));
	if (results instanceof ItemFailed) {
		const writes = operation.calls.some(({ isRead: reads }) => !reads);
		// n8n keeps hints of a node only where it succeeds.
		const bill = run.client.usage.metered > 0 ? describeUsage(run.client.usage) : '';
		throw toFailure(node, results.why, results.index, writes ? describeProgress(done) : '', bill).error;
	}
	for (const message of run.notices ?? []) context.addExecutionHints({ message, location: 'outputPane' });
	const bill = describeUsage(run.client.usage);
	if (bill) context.addExecutionHints({ message: bill, location: 'outputPane' });
	return [results.flat()];
}

/** A small company has few metered calls a month, so each run says what it took of them. */
function describeUsage({ metered, free, retries, waitedMs }: UsageReport): string {
	const parts = [
		metered > 0 && `${formatCount(metered, 'call')} of your monthly DingTalk quota`,
		free > 0 && formatCount(free, 'free look-up'),
		retries > 0 && formatCount(retries, 'repetition'),
		waitedMs >= 1000 && `${Math.round(waitedMs / 1000)} s of waiting for DingTalk's limits, over all items`,
	].filter((part) => part !== false);
	return parts.length > 0 ? `This run took ${parts.join(', ')}.` : '';
}

async function toOutputItems(
	context: IExecuteFunctions,
	outcome: OperationResult | OperationResult[],
	index: number,
): Promise<INodeExecutionData[]> {
	const pairedItem = { item: index };
	return await Promise.all(
		(Array.isArray(outcome) ? outcome : [outcome]).map(async (one): Promise<INodeExecutionData> => {
			if (!(one instanceof ResultWithFile)) return { json: one, pairedItem };
			const { field, name, type, content } = one.file;
			const data = await context.helpers.prepareBinaryData(Buffer.from(content, 'utf8'), name, type);
			return { json: one.json, binary: { [field]: data }, pairedItem };
		}),
	);
}

/** n8n or an imported workflow may ask for something this version does not have. */
export function createUnknownOperationError(
	context: IExecuteFunctions,
	resource: unknown,
	operation: unknown,
): NodeOperationError {
	return new NodeOperationError(
		context.getNode(),
		`This node has no operation '${String(operation)}' for '${String(resource)}'`,
		{
			description:
				"Choose 'Resource' and 'Operation' again; the workflow may come from a newer version of this package.",
		},
	);
}
