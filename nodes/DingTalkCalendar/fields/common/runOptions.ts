/** The Run Options of every operation: concurrency, idempotency key, request IDs and preview. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { PreviewClient } from '../../../../lib/dingtalk/client/previewClient';
import { getError } from '../../../../lib/dingtalk/errors/settle';
import { calendarField } from '../locators/locatorFields';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { ResultWithFile, type Operation, type OperationResult, type Task } from '../../../../lib/n8n/Operation';
import { readBoolean, readChoice, readText, readWholeNumber } from '../../../../lib/n8n/fields/primitives';
import { DATE_LANGUAGES, OWN_LANGUAGE } from '../../../../lib/locale/dates';
import { t } from '../../../../lib/locale/t';

/** The name of the collection, the same for every operation. */
export const RUN_OPTIONS = 'runOptions';

const CONCURRENCY = { from: 1, to: 50 };

const concurrencyField: INodeProperties = {
	displayName: 'Concurrency',
	name: 'concurrency',
	type: 'number',
	// Measured, see docs/project/decisions/concurrency.md.
	default: 10,
	typeOptions: { minValue: CONCURRENCY.from, maxValue: CONCURRENCY.to, numberPrecision: 0 },
	description:
		'How many items to process at once. Items for the same event always run one after the other, and results keep their order. The rate limit of the credential still applies.',
};

const idempotencyKeyField: INodeProperties = {
	displayName: 'Idempotency Key',
	name: 'idempotencyKey',
	type: 'string',
	default: '',
	placeholder: 'e.g. order-1042',
	description:
		"A value that names what this item creates, such as a row ID: another execution with the same key does not create it again that day. Must be unique per item. Without a key, only n8n's own retries are recognized. Updates are always sent, with or without a key.",
};

const requestIdsField: INodeProperties = {
	displayName: 'Include Request IDs',
	name: 'requestIds',
	type: 'boolean',
	default: false,
	description: "Whether to add the request IDs of the item's calls to the output. DingTalk support asks for them.",
};

const previewField: INodeProperties = {
	displayName: 'Preview',
	name: 'preview',
	type: 'boolean',
	default: false,
	description:
		'Whether to return the requests that would be sent, and the calls they would use of the monthly quota, without changing anything. People are still looked up, and existing data is read where necessary.',
};

const dateLanguageField: INodeProperties = {
	displayName: 'Date Language',
	name: 'dateLanguage',
	type: 'options',
	default: OWN_LANGUAGE,
	description: "The language of the dates in the list of 'Event' and in previews",
	options: [
		{ name: 'Chinese', value: 'zh' },
		{ name: 'English', value: 'en' },
	],
};

const showsDates = ({ calls, properties }: Operation): boolean =>
	calls.some(({ isRead }) => !isRead) || properties.some(({ name }) => name === 'eventId');

function runOptionsField(operation: Operation): INodeProperties {
	const { calls, acceptsKey } = operation;
	const options = [
		concurrencyField,
		...(showsDates(operation) ? [dateLanguageField] : []),
		...(acceptsKey ? [idempotencyKeyField] : []),
		requestIdsField,
		...(calls.some(({ isRead }) => !isRead) ? [previewField] : []),
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
			t`is empty`,
			t`Enter a value that is unique per item, such as a row ID, or remove the option.`,
		);
	const other = item.claimKey(key);
	if (other !== undefined) {
		throw new InputError(
			displayName,
			t`is also '${key}' for item ${other}`,
			t`DingTalk would treat both as the same and carry out only one. Use an expression that is unique per item.`,
		);
	}
	return key;
}

/** What a preview returns of the requests that it would send. */
export const previewOutput = ({ requests, meteredCalls, meteredReads }: PreviewClient): IDataObject => ({
	preview: true,
	meteredCalls,
	meteredReads,
	requests: requests.map((request) => ({ ...request })) as IDataObject[],
});

function withPreview(client: PreviewClient, task: Task): Task {
	return async () => {
		const failure = await getError(task());
		if (failure && !client.ended) throw failure;
		return {
			...previewOutput(client),
			...(client.ended ? { note: t`Further requests depend on DingTalk's response to the last one` } : {}),
		};
	};
}

function withRequestIds(requestIds: string[], task: Task): Task {
	const add = (result: OperationResult): OperationResult =>
		result instanceof ResultWithFile
			? new ResultWithFile({ ...result.json, requestIds }, result.file)
			: { ...result, requestIds };
	return async () => {
		const result = await task();
		return Array.isArray(result) ? result.map(add) : add(result);
	};
}

function prepareWithRunOptions(operation: Operation, item: Item): Task {
	const { dateLanguage, idempotencyKey, preview, requestIds } = item.collection(RUN_OPTIONS);
	// Workflows of earlier versions may have a key where it names nothing.
	const userKey = operation.acceptsKey ? readIdempotencyKey(item, idempotencyKey) : undefined;
	if (readBoolean(preview ?? false, previewField.displayName)) {
		const language = readChoice(dateLanguage ?? OWN_LANGUAGE, dateLanguageField.displayName, DATE_LANGUAGES);
		const client = new PreviewClient(item.client, language);
		return withPreview(client, operation.prepare(item.with({ client, userKey })));
	}
	if (!readBoolean(requestIds ?? false, requestIdsField.displayName)) return operation.prepare(item.with({ userKey }));
	const collectedIds: string[] = [];
	return withRequestIds(
		collectedIds,
		operation.prepare(item.with({ client: item.client.withRequestIds(collectedIds), userKey })),
	);
}

/** Most people use no calendar but their own, which is filled in, so this field comes after those of the operation. */
function ownCalendarLast(properties: INodeProperties[]): INodeProperties[] {
	const last = properties.filter((property) => property === calendarField);
	return [...properties.filter((property) => !last.includes(property)), ...last];
}

/** Adds the run options to an operation. */
export const withRunOptions = (operation: Operation): Operation => ({
	...operation,
	properties: [...ownCalendarLast(operation.properties), runOptionsField(operation)],
	prepare: (item) => prepareWithRunOptions(operation, item),
	readConcurrency: (item) =>
		readWholeNumber(
			item.collection(RUN_OPTIONS).concurrency ?? concurrencyField.default,
			concurrencyField.displayName,
			CONCURRENCY,
		),
});
