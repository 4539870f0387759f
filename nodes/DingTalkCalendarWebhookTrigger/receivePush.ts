/**
 * One push. n8n stores the execution first and answers DingTalk then, without waiting for the workflow or for anything
 * that has to be asked of DingTalk: that is done in the execution.
 */
import { sleep, type IDataObject, type IWebhookFunctions, type IWebhookResponseData } from 'n8n-workflow';
import { readCallbackKeys, type CallbackKeys } from '../../lib/dingtalk/push/callbackKeys';
import { encryptReply } from '../../lib/dingtalk/push/callbackEncryption';
import type { ChangeFilter } from '../../lib/n8n/triggers/changeFilter';
import { ChangeStore } from '../../lib/n8n/triggers/changeStore';
import { isManual, triggerId } from '../../lib/n8n/triggers/context';
import { inFlightPushesOf, type InFlightPushes } from './inFlightPushes';
import type { ReceivedChange } from './enrich';
import { CALLBACK_CREDENTIAL, readFilter, createTriggerItem } from './triggerContext';
import { parsePushRequest } from './parseRequest';
import { SECOND } from '../../lib/dingtalk/utils/time';

/** DingTalk waits for 1.5 to 2.5 seconds. */
const MAX_WAIT_MS = SECOND;

const PLAIN_TEXT: Record<number, string> = {
	400: 'Bad Request',
	403: 'Forbidden',
	413: 'Payload Too Large',
	415: 'Unsupported Media Type',
	503: 'Service Unavailable',
};

/** Whoever asks learns no more than the status. */
function reject(context: IWebhookFunctions, status: number, reason: string): IWebhookResponseData {
	context.logger.warn(`${reason} [${context.getNode().name}]`);
	context.getResponseObject().status(status).json({ message: PLAIN_TEXT[status] });
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

/** Undefined where the people could not be looked up in time; DingTalk comes again, and then they are known. */
async function readFilterInTime(context: IWebhookFunctions): Promise<ChangeFilter | undefined> {
	const filter = createTriggerItem(context).then(async (item) => await readFilter(context, item));
	try {
		return await Promise.race([filter, sleep(MAX_WAIT_MS).then(() => undefined)]);
	} catch (error) {
		context.logger.error(`The people to watch could not be looked up: ${(error as Error).message}`);
		return undefined;
	}
}

/**
 * n8n answers when it has stored the execution, and with an error when it could not: then DingTalk comes again. It also
 * writes its answer when nobody waits for it any longer, so the answer can be looked at whenever somebody asks.
 */
function trackPush(context: IWebhookFunctions, claims: InFlightPushes, names: string[]): void {
	const response = context.getResponseObject();
	const verdict = (): boolean | undefined =>
		response.headersSent || response.hasHeader('content-type') ? response.statusCode < 400 : undefined;
	const over = new Promise<void>((resolve) => response.once('finish', resolve).once('close', resolve));
	claims.begin(names, verdict, over);
}

/** Where the same change is just being stored, its end is waited for, but not too long. */
async function waitForEarlierPush(names: string[], claims: InFlightPushes): Promise<void> {
	if (claims.status(names) === 'underWay') await Promise.race([claims.over(names), sleep(MAX_WAIT_MS)]);
}

export async function receivePush(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const keys = await readKeys(context);
	if (!keys) return reject(context, 503, 'A push was refused: the callback credential cannot be used');
	const request = context.getRequestObject();
	const contentType = request.headers['content-type'];
	const reading = parsePushRequest(
		{ contentType, query: context.getQueryData() as IDataObject, body: context.getBodyData() },
		keys,
		Date.now(),
	);
	if ('refuse' in reading) return reject(context, reading.refuse, reading.reason);

	const webhookResponse = encryptReply(reading.say, reading.opened.owner, keys, Date.now());
	if (!('change' in reading)) {
		if (reading.reason) context.logger.warn(`A change was ignored: ${reading.reason}`);
		return { webhookResponse };
	}
	const { change, names } = reading;
	const filter = await readFilterInTime(context);
	if (!filter) return reject(context, 503, 'A push was put off: the people to watch are not known yet');
	if (!filter.matches(change)) return { webhookResponse };

	const received: ReceivedChange = { change, reader: filter.chooseReader(change) };
	const workflowData = [[{ json: received as unknown as IDataObject }]];
	if (isManual(context)) return { webhookResponse, workflowData };

	const memory = ChangeStore.of(context);
	const claims = inFlightPushesOf(triggerId(context));
	await waitForEarlierPush(names, claims);
	// From here on without waiting for anything: of two that come at once, one is the first.
	const standing = names.some((name) => memory.hasSeen(name)) ? 'taken' : claims.status(names);
	if (standing === 'taken') return { webhookResponse };
	if (standing === 'underWay')
		return reject(context, 503, 'A push was put off: an earlier one of the same change is not stored yet');
	// n8n stores this with its answer, so not before it has the execution.
	for (const name of [...claims.latest, ...names]) memory.markSeen(name);
	trackPush(context, claims, names);
	return { webhookResponse, workflowData };
}
