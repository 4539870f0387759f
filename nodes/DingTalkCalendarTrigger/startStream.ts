/** Starts the Stream trigger: for as long as the workflow is active, or for one test run. */
import type { IRun, ITriggerFunctions, ITriggerResponse, WorkflowActivateMode } from 'n8n-workflow';
import { readAccount } from '../../lib/dingtalk/account';
import { CREDENTIAL } from '../../lib/dingtalk/client/transport';
import { DingTalkError } from '../../lib/dingtalk/errors/DingTalkError';
import type { Subscriber } from '../../lib/dingtalk/push/stream/workflowSubscription';
import { STREAM_ENVIRONMENT, subscribe, type Unsubscribe } from '../../lib/dingtalk/push/stream/sharedConnections';
import { isPermanent } from '../../lib/dingtalk/push/stream/streamErrors';
import { requestTicket } from '../../lib/dingtalk/push/stream/ticket';
import { hasWebSocket } from '../../lib/dingtalk/push/stream/webSocketConnection';
import { readChoice } from '../../lib/n8n/fields/primitives';
import { ChangeHandler, type PreparedChange } from '../../lib/n8n/triggers/ChangeHandler';
import { isManual, toActivationError, triggerId } from '../../lib/n8n/triggers/context';
import { t } from '../../lib/locale/t';

/**
 * n8n stores an execution within milliseconds, but reports nothing until the execution has finished. If it has not failed
 * within this time, it is stored. DingTalk's time limit for the acknowledgement is a second longer.
 */
const STORE_TIMEOUT_MS = 1500;

const WEBSOCKET_MISSING = new DingTalkError({
	kind: 'input',
	message: t`This trigger needs Node.js 22 or newer: the version that runs this n8n has no WebSocket client`,
	advice: t`Use the 'DingTalk Calendar Webhook Trigger' if this n8n can be reached from the internet, or the 'DingTalk Calendar Polling Trigger', which works everywhere; or ask your n8n administrator to update Node.js.`,
});

/** The modes in which n8n activates all its workflows. */
const STARTUP_MODES: readonly WorkflowActivateMode[] = ['init', 'leadershipChange'];

const isStartingUp = (context: ITriggerFunctions): boolean => STARTUP_MODES.includes(context.getActivationMode());

const createSubscriber = (
	context: ITriggerFunctions,
	{ prepare, onChange }: Pick<Subscriber, 'prepare' | 'onChange'>,
): Subscriber => ({
	triggerId: isManual(context) ? undefined : triggerId(context),
	isStartingUp: isStartingUp(context),
	prepare,
	readAccount: async () => readAccount(await context.getCredentials(CREDENTIAL)),
	requestTicket: async (account) => await requestTicket(account, context.helpers),
	onChange,
	// A failed execution: it is in n8n's list and starts the error workflow. The trigger stays active and heals by itself,
	// whereas n8n would pause longer and longer, up to a day, before it activates a trigger again.
	onFailure: (error) => context.saveFailedExecution(toActivationError(context, error)),
	log: (message) =>
		context.logger.info(t`${context.getNode().name}: ${message}`, { workflowId: context.getWorkflow().id }),
});

/** Rejects if n8n could not store the execution; then DingTalk pushes the change again. */
async function emitChange(context: ITriggerFunctions, { item, deduplicationKey }: PreparedChange): Promise<void> {
	const done = context.helpers.createDeferredPromise<IRun>();
	const settled = new AbortController();
	let failure: Error | undefined;
	void done.promise
		.catch((error: Error) => {
			failure = error;
		})
		.finally(() => settled.abort());
	context.emit([[item]], undefined, done, deduplicationKey);
	await STREAM_ENVIRONMENT.clock.delay(STORE_TIMEOUT_MS, settled.signal);
	if (failure) throw failure;
}

/** The handler, opened once. If that fails, it is tried again with each change that is pushed. */
function createHandlerSource(context: ITriggerFunctions): () => Promise<ChangeHandler> {
	let opening: Promise<ChangeHandler> | undefined;
	return async () => {
		opening ??= ChangeHandler.open(context);
		const current = opening;
		return await current.catch(async (error: Error) => {
			if (opening === current) opening = undefined;
			return await Promise.reject(error);
		});
	};
}

async function runActive(context: ITriggerFunctions): Promise<ITriggerResponse> {
	const getHandler = createHandlerSource(context);
	/**
	 * Looks up the people who are watched. If DingTalk cannot be reached while n8n starts, the workflow, which was active
	 * before, becomes active nevertheless.
	 */
	const prepare = async (): Promise<void> => {
		await getHandler().catch(async (error: Error) => {
			const canHeal = error instanceof DingTalkError && !isPermanent(error) && isStartingUp(context);
			if (!canHeal) await Promise.reject(error);
		});
	};
	let isOver = false;
	const deliver = async (prepared: PreparedChange): Promise<void> => {
		if (isOver) throw new Error(t`the workflow is no longer active`);
		await emitChange(context, prepared);
	};
	const onChange: Subscriber['onChange'] = async (change) => await (await getHandler()).handle(change, deliver);
	const unsubscribe = await subscribe(createSubscriber(context, { prepare, onChange }));
	return {
		closeFunction: async () => {
			await unsubscribe();
			isOver = true;
		},
	};
}

/** Emits the first change that is pushed. Active workflows receive it too. */
async function runTest(context: ITriggerFunctions): Promise<ITriggerResponse> {
	const handler = await ChangeHandler.open(context);
	const whenTesting = readChoice(context.getNodeParameter('whenTesting', 'sample'), 'When Testing', [
		'wait',
		'sample',
	] as const);
	let subscribing: Promise<Unsubscribe> | undefined;
	const unsubscribe = async (): Promise<void> => await (await subscribing?.catch(() => undefined))?.();
	let isOver = false;
	const deliver = async ({ item }: PreparedChange): Promise<void> => {
		if (isOver) throw new Error(t`the test run is over`);
		isOver = true;
		context.emit([[item]]);
	};
	const onChange: Subscriber['onChange'] = async (change) => {
		await handler.handle(change, deliver);
		// Not awaited: unsubscribing waits until this change is received.
		if (isOver) void unsubscribe();
	};
	return {
		closeFunction: async () => {
			isOver = true;
			await unsubscribe();
		},
		// n8n accepts what is emitted only once it has called this function.
		manualTriggerFunction: async () => {
			if (whenTesting === 'sample') return context.emit([[handler.createSampleItem()]]);
			subscribing = subscribe(createSubscriber(context, { prepare: async () => undefined, onChange }));
			await subscribing;
		},
	};
}

export async function startStream(context: ITriggerFunctions): Promise<ITriggerResponse> {
	try {
		if (!hasWebSocket()) throw WEBSOCKET_MISSING;
		if (!isManual(context)) return await runActive(context);
		const { manualTriggerFunction, ...response } = await runTest(context);
		return {
			...response,
			manualTriggerFunction: async () =>
				await manualTriggerFunction?.().catch(
					async (error: Error) => await Promise.reject(toActivationError(context, error)),
				),
		};
	} catch (error) {
		throw toActivationError(context, error);
	}
}
