/**
 * Receives one push. n8n stores the execution and then responds to DingTalk, without waiting for the workflow or for any
 * call to DingTalk; those are made in the execution.
 */
import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { encryptReply } from '../../lib/dingtalk/push/callbackEncryption';
import { readCallbackKeys, type CallbackKeys } from '../../lib/dingtalk/push/callbackKeys';
import { systemClock } from '../../lib/dingtalk/utils/clock';
import { SECOND } from '../../lib/dingtalk/utils/time';
import type { Item } from '../../lib/n8n/ItemContext';
import type { ChangeFilter } from '../../lib/n8n/triggers/changeFilter';
import { ChangeStore } from '../../lib/n8n/triggers/changeStore';
import { isManual, triggerId } from '../../lib/n8n/triggers/context';
import { listUnreadable } from '../../lib/n8n/triggers/dailyWarnings';
import { isExecutingProcess, type ReceivedChange } from './enrich';
import { getInFlightPushes, type InFlightPushes } from './inFlightPushes';
import { parseRequest } from './parseRequest';
import {
	CALLBACK_CREDENTIAL,
	createWebhookItem,
	getChangeFilter,
	isOfWorkflow,
	withoutSecrets,
} from './webhookContext';
import { t } from '../../lib/locale/t';

/** DingTalk waits for a reply for 1.5 to 2.5 seconds. */
const MAX_WAIT_MS = SECOND;

const STATUS_TEXTS: Record<number, string> = {
	400: 'Bad Request',
	403: 'Forbidden',
	413: 'Payload Too Large',
	415: 'Unsupported Media Type',
	503: 'Service Unavailable',
};

/** The sender learns only the status; the reason is logged. */
function reject(context: IWebhookFunctions, status: number, reason: string): IWebhookResponseData {
	context.logger.warn(`${reason} [${context.getNode().name}]`);
	context.getResponseObject().status(status).json({ message: STATUS_TEXTS[status] });
	return { noWebhookResponse: true };
}

async function readKeys(context: IWebhookFunctions): Promise<CallbackKeys | undefined> {
	try {
		return readCallbackKeys(await context.getCredentials(CALLBACK_CREDENTIAL));
	} catch (error) {
		context.logger.error((error as Error).message);
		return undefined;
	}
}

/** Waits for a promise, but not for longer than DingTalk waits; then it returns undefined. */
async function waitBriefly<T>(promise: Promise<T>): Promise<T | undefined> {
	const settled = new AbortController();
	const timeout = systemClock.delay(MAX_WAIT_MS, settled.signal).then(() => undefined);
	return await Promise.race([promise, timeout]).finally(() => settled.abort());
}

/** Returns undefined if the people could not be looked up in time. They are known when DingTalk pushes again. */
async function getFilterInTime(context: IWebhookFunctions, item: Item): Promise<ChangeFilter | undefined> {
	try {
		return await waitBriefly(getChangeFilter(context, item));
	} catch (error) {
		context.logger.error(t`The people in 'People to Watch' could not be looked up: ${(error as Error).message}`);
		return undefined;
	}
}

/** Returns undefined if the credential for the API cannot be used. */
async function createItemInTime(context: IWebhookFunctions): Promise<Item | undefined> {
	try {
		return await waitBriefly(createWebhookItem(context));
	} catch (error) {
		context.logger.error((error as Error).message);
		return undefined;
	}
}

/**
 * n8n responds once it has stored the execution, or with an error if it could not, which makes DingTalk push again. It
 * writes its response even if the sender has given up, so the outcome can be read from the response at any time.
 */
function trackPush(context: IWebhookFunctions, inFlight: InFlightPushes, keys: string[]): void {
	const response = context.getResponseObject();
	const readOutcome = (): boolean | undefined =>
		response.headersSent || response.hasHeader('content-type') ? response.statusCode < 400 : undefined;
	const finished = new Promise<void>((resolve) => response.once('finish', resolve).once('close', resolve));
	inFlight.add(keys, readOutcome, finished);
}

export async function receivePush(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const callbackKeys = await readKeys(context);
	if (!callbackKeys) return reject(context, 503, t`A push was rejected: the callback credential cannot be used`);
	const contentType = context.getRequestObject().headers['content-type'];
	const query = context.getQueryData() as IDataObject;
	const request = parseRequest({ contentType, query, body: context.getBodyData() }, callbackKeys, Date.now());
	if ('rejectWith' in request) return reject(context, request.rejectWith, request.reason);

	const webhookResponse = encryptReply(request.replyText, request.push.owner, callbackKeys, Date.now());
	if (!('change' in request)) {
		if (request.reason) context.logger.warn(t`A change was ignored: ${request.reason}`);
		return { webhookResponse };
	}
	const item = await createItemInTime(context);
	if (!item)
		return reject(context, 503, t`A push was postponed: the credential 'DingTalk Calendar API' cannot be used`);
	const { keys } = request;
	const change = withoutSecrets(context, item, request.change);
	if (!isOfWorkflow(context, item, callbackKeys, change)) return { webhookResponse };
	const filter = await getFilterInTime(context, item);
	if (!filter) return reject(context, 503, t`A push was postponed: the people in 'People to Watch' are not known yet`);
	if (!filter.matches(change)) return { webhookResponse };

	const received: ReceivedChange = {
		change,
		reader: filter.chooseReader(change),
		unreadable: listUnreadable(context, filter.failures),
	};
	const toOutput = (output: ReceivedChange) => [[{ json: output as unknown as IDataObject }]];
	if (isManual(context)) return { webhookResponse, workflowData: toOutput(received) };

	const store = ChangeStore.of(context);
	const inFlight = getInFlightPushes(triggerId(context));
	if (inFlight.getStatus(keys) === 'inProgress') await waitBriefly(inFlight.waitFor(keys));
	// No `await` from here on, so that one of two simultaneous pushes is always the first.
	const status = keys.some((key) => store.hasSeen(key)) ? 'stored' : inFlight.getStatus(keys);
	if (status === 'stored') return { webhookResponse };
	if (status === 'inProgress')
		return reject(context, 503, t`A push was postponed: an earlier one of the same change is still being stored`);
	// n8n saves the static data together with its response, so not before it has stored the execution.
	for (const key of [...inFlight.recentKeys, ...keys]) store.markSeen(key);
	trackPush(context, inFlight, keys);
	const stored = isExecutingProcess() ? undefined : { ...context.getWorkflowStaticData('node') };
	return { webhookResponse, workflowData: toOutput({ ...received, stored }) };
}
