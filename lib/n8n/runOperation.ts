/** Runs one operation over all items: the only place that loops, pairs items and handles errors. */
import { randomUUID } from 'node:crypto';
import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { DingTalkClient } from '../dingtalk/client/client';
import type { UsageReport } from '../dingtalk/client/types';
import { DingTalkError } from '../dingtalk/errors/DingTalkError';
import { PartialFailureError } from '../dingtalk/errors/PartialFailureError';
import { Directory } from '../dingtalk/people/directory';
import { showAsTyped } from '../dingtalk/people/parseIdentifier';
import { createTransport } from '../dingtalk/client/transport';
import { formatCount } from '../dingtalk/utils/text';
import { EventLoopBreaks } from './eventLoopBreaks';
import { FinishedItems } from './retries/finishedItems';
import { openChangesOf, withPreviousAttempt } from './retries/previousAttempts';
import { describeProgress, type ItemState } from './formatText';
import { Changes } from './retries/changes';
import { Item, type RunContext } from './ItemContext';
import { toCancellation, toFailure, Failure } from './toNodeError';
import { ResultWithFile, type Operation, type OperationResult, type Task } from './Operation';
import { runPool } from './keyedPool';
import { joinSubjects, namesOf } from './subjects';
import { RunWork } from './retries/workIdentity';
import { SECOND } from '../dingtalk/utils/time';
import { joinWords, t } from '../locale/t';
import { settle } from '../dingtalk/errors/settle';

/** Ends the run because of one item, or of what all items ask for together. */
class ItemFailed extends Error {
	constructor(
		readonly reason: Error,
		/** None where it belongs to all of them. */
		readonly index?: number,
	) {
		super(reason.message);
	}
}

function readFiles(context: IExecuteFunctions, index: number): Map<string, () => Promise<Buffer>> {
	const fields = Object.keys(context.getInputData()[index].binary ?? {});
	return new Map(
		fields.map((field) => [field, async () => await context.helpers.getBinaryDataBuffer(index, field)] as const),
	);
}

const containsExpression = (stored: unknown): boolean =>
	typeof stored === 'string'
		? stored.startsWith('=')
		: typeof stored === 'object' && stored !== null && Object.values(stored).some(containsExpression);

/** Reading a parameter is slow in n8n, so a field without an expression, which is the same for all items, is read once. */
function createParameterReader(context: IExecuteFunctions): RunContext['source']['parameter'] {
	const { parameters } = context.getNode();
	const constants = new Map<string, unknown>();
	/** A locator is read twice in a row: for its value and for its mode. */
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
	return {
		source: {
			parameter: createParameterReader(context),
			input: (index) => context.getInputData()[index].json,
			files: (index) => readFiles(context, index),
		},
		client,
		directory: new Directory(client, showAsTyped),
		zone: context.getTimezone(),
		tryKey: randomUUID(),
		nodeKey: [context.getWorkflow().id, context.getNode().id].join('/'),
		claimedKeys: new Map(),
		shared: new Map(),
	};
}

function readConcurrency(
	operation: Operation,
	items: Item[],
	asFailure: (error: Error, index: number) => Failure,
): number | Failure {
	try {
		return items.length > 0 ? (operation.readConcurrency?.(items[0]) ?? 1) : 1;
	} catch (error) {
		return asFailure(error as Error, 0);
	}
}

/** Validates the fields of an item. */
function prepareItem(
	operation: Operation,
	item: Item,
	asFailure: (error: Error, index: number) => Failure,
	runWork?: RunWork,
): Task | Failure {
	try {
		item.work = runWork?.take(item.input);
		return operation.prepare(item);
	} catch (error) {
		return asFailure(error as Error, item.index);
	}
}

/** What only the preparation needs is free again when it has ended: it is much, if there are many items. */
async function prepareItems(
	operation: Operation,
	items: Item[],
	prepare: (item: Item) => Promise<Task | Failure>,
): Promise<{ tasks: Array<Task | Failure | undefined>; subjects: Array<string | undefined> }> {
	const tasks: Array<Task | Failure | undefined> = [];
	const names: string[][] = [];
	for (const item of items) {
		const task = await prepare(item);
		tasks.push(task);
		// Invalid items have no usable subject.
		names.push(task instanceof Failure ? [] : namesOf(item, operation));
	}
	return { tasks, subjects: joinSubjects(names) };
}

/** How executions ended that were stopped: with Retry On Fail, n8n runs the node again even then, and keeps the last error. */
const cancellations = new WeakMap<AbortSignal, NodeOperationError>();

export async function runOperation(context: IExecuteFunctions, operation: Operation): Promise<INodeExecutionData[][]> {
	const node = context.getNode();
	const asFailure = (error: Error, index: number) => toFailure(node, error, index);
	const signal = context.getExecutionCancelSignal?.();
	if (signal?.aborted) throw cancellations.get(signal) ?? toCancellation(node, signal.reason as Error, '', '');

	const run = await createRunContext(context).catch((error: Error) => asFailure(error, 0));
	if (run instanceof Failure) throw run.error;
	const items = context.getInputData().map((_, index) => new Item(run, index));
	try {
		return await runItems(context, operation, run, items);
	} finally {
		// Not done, or not even begun: a retry continues it.
		for (const { work } of items) work?.end({ succeeded: false });
	}
}

async function runItems(
	context: IExecuteFunctions,
	operation: Operation,
	run: RunContext,
	items: Item[],
): Promise<INodeExecutionData[][]> {
	const node = context.getNode();
	const continueOnFail = context.continueOnFail();
	const signal = context.getExecutionCancelSignal?.();
	const asFailure = (error: Error, index: number) => toFailure(node, error, index);
	const concurrency = readConcurrency(operation, items, asFailure);
	if (concurrency instanceof Failure) throw concurrency.error;
	// All items are validated before anything is sent for any of them.
	const writes = operation.calls.some(({ isRead }) => !isRead);
	const runWork = writes ? new RunWork(context) : undefined;
	const breaks = new EventLoopBreaks();
	const { tasks, subjects } = await prepareItems(operation, items, async (item) => {
		const task = prepareItem(operation, item, asFailure, runWork);
		if (task instanceof Failure && !continueOnFail) throw task.error;
		if (breaks.isDue) await breaks.take();
		if (signal?.aborted) throw toCancellation(node, signal.reason as Error, '', '');
		return task;
	});
	const metered = operation.calls.find((call) => call.metered);
	/** Once the monthly quota is used up, not even people are looked up. */
	const throwIfUsedUp = (): void => {
		if (metered) run.client.runState.exhaustedLimits.throwIfExhausted(metered);
	};
	const finished = writes ? new FinishedItems(node, run.client.account) : undefined;
	const changes = new Changes(operation, finished, runWork?.runName, items);
	const runTask = async (task: Task, item: Item): Promise<OperationResult | OperationResult[]> => {
		const { index, work, hints } = item;
		const subject = subjects[index];
		if (work && (await changes.haveUndone(item, subject))) work.renew();
		const earlier = work && finished?.get(work.name);
		hints.push(...(earlier?.hints ?? []));
		if (earlier) return earlier.results;
		throwIfUsedUp();
		const result = await task();
		if (work) finished?.add(work.name, [result].flat(), hints);
		await changes.add(item, subject);
		return result;
	};
	const explain = async (error: Error, item: Item): Promise<Error> => {
		const { index, work } = item;
		const whole = withPreviousAttempt(error, work?.open);
		const open = openChangesOf(whole);
		const isSent = !(error instanceof DingTalkError && error.details.notSent);
		if (isSent && openChangesOf(error)) await changes.add(item, subjects[index]);
		if (open) work?.leaveOpen(open);
		return whole instanceof PartialFailureError ? whole.named((id) => run.directory.knownNameOf(id)) : whole;
	};
	const { findSubject } = operation;
	const isSubjectUnsure = findSubject !== undefined && new Set(subjects).size > 1;
	/** Written in another way, it is looked up; where that fails, the item itself says why. */
	const findKey = async (index: number): Promise<string | undefined> => {
		if (!findSubject || typeof tasks[index] !== 'function') return subjects[index];
		throwIfUsedUp();
		return JSON.stringify(await findSubject(items[index]));
	};
	const keyOf = async (index: number): Promise<string | undefined> => {
		subjects[index] = await findKey(index).catch(() => subjects[index]);
		return subjects[index];
	};
	const done = items.map(() => false);
	const stateOf = async (item: Item, index: number): Promise<ItemState> => {
		const { work } = item;
		if (done[index]) return 'done';
		if (work && finished?.has(work.name)) return (await changes.haveUndone(item, subjects[index])) ? 'open' : 'done';
		return work?.open ? 'open' : 'notDone';
	};
	const finishRun = async (): Promise<INodeExecutionData[][]> => {
		if (!operation.finish) return [];
		const outcome = await settle(operation.finish(items));
		if (!(outcome instanceof Error)) {
			return await Promise.all(outcome.map(async ({ index, result }) => await toOutputItems(context, result, index)));
		}
		if (!continueOnFail || signal?.aborted) throw new ItemFailed(outcome);
		return [await toOutputItems(context, toFailure(node, outcome).json, 0)];
	};
	const results = await runPool<INodeExecutionData[]>({
		count: items.length,
		concurrency,
		signal,
		keyOf: isSubjectUnsure ? keyOf : (index) => subjects[index],
		async process(index) {
			if (breaks.isDue) await breaks.take();
			const task = tasks[index];
			// Frees memory: of many items, only the results are kept.
			tasks[index] = undefined;
			const item = items[index];
			const outcome =
				typeof task === 'function'
					? await runTask(task, item).catch(async (error: Error) => await explain(error, item))
					: task;
			if (outcome instanceof Error && (!continueOnFail || signal?.aborted)) throw new ItemFailed(outcome, index);
			const failure = outcome instanceof Error ? asFailure(outcome, index) : outcome;
			// Not as `error` of the output item, of which n8n keeps only the message. By the keys of `json` n8n finds the error output too.
			if (failure instanceof Failure) {
				item.work?.end({ succeeded: false, errorText: failure.json.error });
				return await toOutputItems(context, failure.json, index);
			}
			done[index] = true;
			item.work?.end({ succeeded: true });
			return await toOutputItems(context, failure ?? [], index);
		},
	})
		.then(async (outputs) => [...outputs, ...(await finishRun())])
		.catch(async (error: Error) =>
			error instanceof ItemFailed || signal?.aborted ? error : await Promise.reject(error),
		);
	if (results instanceof Error) {
		const progress = writes ? describeProgress(await Promise.all(items.map(stateOf))) : '';
		// n8n shows the hints of a node only if it succeeds, so the error mentions the usage.
		const usage = run.client.usage.metered > 0 ? describeUsage(run.client.usage) : '';
		const [reason, index] = results instanceof ItemFailed ? [results.reason, results.index] : [results];
		if (!signal?.aborted) throw toFailure(node, reason, index, progress, usage).error;
		const cancellation = toCancellation(node, reason, progress, usage);
		cancellations.set(signal, cancellation);
		throw cancellation;
	}
	for (const message of new Set(items.flatMap(({ hints }) => hints)))
		context.addExecutionHints({ message, location: 'outputPane' });
	const usage = describeUsage(run.client.usage);
	if (usage) context.addExecutionHints({ message: usage, location: 'outputPane' });
	return [results.flat()];
}

/** The monthly quota can be small, so each run reports what it used. */
function describeUsage({ metered, free, retries, waitedMs }: UsageReport): string {
	const parts = [
		metered > 0 && t`${formatCount(metered, 'call')} of your monthly DingTalk quota`,
		free > 0 && formatCount(free, 'free lookup'),
		retries > 0 && formatCount(retries, 'retry', 'retries'),
		waitedMs >= SECOND && t`${Math.round(waitedMs / SECOND)} s of waiting for DingTalk's limits (all items together)`,
	].filter((part) => part !== false);
	return parts.length > 0 ? t`This run used ${joinWords(parts)}.` : '';
}

async function toOutputItems(
	context: IExecuteFunctions,
	result: OperationResult | OperationResult[],
	index: number,
): Promise<INodeExecutionData[]> {
	const pairedItem = { item: index };
	return await Promise.all(
		(Array.isArray(result) ? result : [result]).map(async (one): Promise<INodeExecutionData> => {
			if (!(one instanceof ResultWithFile)) return { json: one, pairedItem };
			const { field, name, type, content } = one.file;
			const data = await context.helpers.prepareBinaryData(Buffer.from(content, 'utf8'), name, type);
			return { json: one.json, binary: { [field]: data }, pairedItem };
		}),
	);
}

/** An imported workflow may use an operation that this version does not have. */
export function createUnknownOperationError(
	context: IExecuteFunctions,
	resource: unknown,
	operation: unknown,
): NodeOperationError {
	return new NodeOperationError(
		context.getNode(),
		t`This node has no operation '${String(operation)}' for '${String(resource)}'`,
		{
			description: t`Select 'Resource' and 'Operation' again. The workflow may come from a newer version of this package.`,
		},
	);
}
