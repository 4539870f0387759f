/** What every operation can be told about its run, in one place: how many items at once, what makes them one, a look first. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { PreviewClient } from '../../../../lib/dingtalk/client/previewClient';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { ResultWithFile, type Operation, type OperationResult, type Task } from '../../../../lib/n8n/Operation';
import { readBoolean, readText, readWholeNumber } from '../../../../lib/n8n/fields/primitives';

/** The collection's name, the same with every operation. */
export const RUN_OPTIONS = 'runOptions';

const CONCURRENCY = { from: 1, to: 50 };

const concurrencyField: INodeProperties = {
	displayName: 'Concurrency',
	name: 'concurrency',
	type: 'number',
	// Measured, see docs/decisions/concurrency.md.
	default: 10,
	typeOptions: { minValue: CONCURRENCY.from, maxValue: CONCURRENCY.to, numberPrecision: 0 },
	description:
		'How many items to work on at once. Items of the same event always run one after the other, and results keep their order. Never more calls a second than the credential allows.',
};

const idempotencyKeyField: INodeProperties = {
	displayName: 'Idempotency Key',
	name: 'idempotencyKey',
	type: 'string',
	default: '',
	placeholder: 'e.g. order-1042',
	description:
		"What makes this item the same when the workflow runs again, such as the row's ID: DingTalk then does it once a day at most, however often it is asked. Must differ from item to item. Without it, only n8n's own retries of a run are recognized.",
};

const requestIdsField: INodeProperties = {
	displayName: 'Include Request IDs',
	name: 'requestIds',
	type: 'boolean',
	default: true,
	description:
		"Whether to add DingTalk's IDs of the calls made for an item to its output, as DingTalk's support asks for them",
};

const previewField: INodeProperties = {
	displayName: 'Preview',
	name: 'preview',
	type: 'boolean',
	default: true,
	description:
		'Whether to show the requests that would be sent, and how many calls of your monthly quota they take, without changing anything. People are looked up; what must be known beforehand is read.',
};

function runOptionsField({ calls }: Operation): INodeProperties {
	const options = [
		concurrencyField,
		...(calls.some(({ isIdempotent: repeatable }) => repeatable) ? [idempotencyKeyField] : []),
		requestIdsField,
		...(calls.some(({ isRead: reads }) => !reads) ? [previewField] : []),
	];
	return {
		displayName: 'Run Options',
		name: RUN_OPTIONS,
		type: 'collection',
		placeholder: 'Add Run Option',
		default: {},
		options,
	};
}

function readIdempotencyKey(item: Item, typed: unknown): string | undefined {
	if (typed === undefined) return undefined;
	const { displayName } = idempotencyKeyField;
	const key = readText(typed, displayName).trim();
	if (key === '')
		throw new InputError(
			displayName,
			'is empty',
			"Give a text that is another one for each item, such as the row's ID, or remove the option.",
		);
	const other = item.claimKey(key);
	if (other !== undefined) {
		throw new InputError(
			displayName,
			`is '${key}' for item ${other} as well`,
			'DingTalk would take both for the same and do only one of them. Use an expression that is different for each item.',
		);
	}
	return key;
}

function withPreview(client: PreviewClient, task: Task): Task {
	return async () => {
		const failure = await task().then(
			() => undefined,
			(error: Error) => error,
		);
		if (failure && !client.ended) throw failure;
		const { requests, meteredCalls, meteredReads } = client;
		return {
			preview: true,
			meteredCalls,
			meteredReads,
			requests: requests.map((request) => ({ ...request })) as IDataObject[],
			...(client.ended ? { note: "What would follow depends on DingTalk's answer to the last request" } : {}),
		};
	};
}

function withRequestIds(requestIds: string[], task: Task): Task {
	const add = (outcome: OperationResult): OperationResult =>
		outcome instanceof ResultWithFile
			? new ResultWithFile({ ...outcome.json, requestIds }, outcome.file)
			: { ...outcome, requestIds };
	return async () => {
		const outcome = await task();
		return Array.isArray(outcome) ? outcome.map(add) : add(outcome);
	};
}

function prepareWithRunOptions(operation: Operation, item: Item): Task {
	const { idempotencyKey, preview, requestIds } = item.collection(RUN_OPTIONS);
	const key = readIdempotencyKey(item, idempotencyKey);
	if (readBoolean(preview ?? false, previewField.displayName)) {
		const client = new PreviewClient(item.client);
		return withPreview(client, operation.prepare(item.with({ client, key })));
	}
	if (!readBoolean(requestIds ?? false, requestIdsField.displayName)) return operation.prepare(item.with({ key }));
	const noted: string[] = [];
	return withRequestIds(noted, operation.prepare(item.with({ client: item.client.withRequestIds(noted), key })));
}

/** The same operation with what can be said about its run. */
export const withRunOptions = (operation: Operation): Operation => ({
	...operation,
	properties: [...operation.properties, runOptionsField(operation)],
	prepare: (item) => prepareWithRunOptions(operation, item),
	readConcurrency: (item) =>
		readWholeNumber(
			item.collection(RUN_OPTIONS).concurrency ?? concurrencyField.default,
			concurrencyField.displayName,
			CONCURRENCY,
		),
});
