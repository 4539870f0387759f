/** A workflow that is told over Stream: from its activation to its end, or for one test run. */
import type { IRun, ITriggerFunctions, ITriggerResponse, WorkflowActivateMode } from 'n8n-workflow';
import { readAccount } from '../../lib/dingtalk/account';
import { DingTalkError } from '../../lib/dingtalk/errors/DingTalkError';
import { hasWebSocket } from '../../lib/dingtalk/push/webSocketConnection';
import { join, type Unsubscribe, type Subscriber } from '../../lib/dingtalk/push/sharedConnections';
import { requestTicket } from '../../lib/dingtalk/push/ticket';
import { delayUntilAborted } from '../../lib/dingtalk/utils/abort';
import { CREDENTIAL } from '../../lib/dingtalk/client/transport';
import { readChoice } from '../../lib/n8n/fields/primitives';
import { toActivationError, isManual } from '../../lib/n8n/triggers/context';
import { ChangeHandler, type Prepared } from '../../lib/n8n/triggers/ChangeHandler';

/**
 * n8n stores an execution within milliseconds, but says nothing before it is over. What it has not refused by then is
 * stored. DingTalk wants its answer a second later.
 */
const STORE_TIMEOUT_MS = 1500;

const NEEDS_WEBSOCKET = new DingTalkError({
	kind: 'input',
	message: 'This trigger needs Node.js 22 or newer, and this n8n runs on an older one, which has no WebSocket',
	advice:
		"Use the 'DingTalk Calendar Webhook Trigger' if DingTalk can reach this n8n, or the 'DingTalk Calendar Polling Trigger', which works everywhere; or have n8n updated.",
});

/** When n8n activates everything there is. */
const STARTUP_MODES: readonly WorkflowActivateMode[] = ['init', 'leadershipChange'];

/** Fetched anew for each ticket: the credential may have been changed. */
async function createSubscriber(
	context: ITriggerFunctions,
	take: Subscriber['onChange'],
	leave: () => void,
): Promise<Subscriber> {
	const credential = async () => readAccount(await context.getCredentials(CREDENTIAL));
	return {
		account: await credential(),
		isStartup: STARTUP_MODES.includes(context.getActivationMode()),
		requestTicket: async () => await requestTicket(await credential(), context.helpers),
		onChange: take,
		onFailure(error) {
			leave();
			context.emitError(toActivationError(context, error));
		},
		log: (message) =>
			context.logger.info(`${context.getNode().name}: ${message}`, { workflowId: context.getWorkflow().id }),
	};
}

/** Rejects where n8n did not take it: then DingTalk pushes it again. */
async function emitChange(context: ITriggerFunctions, { item, deduplicationKey }: Prepared): Promise<void> {
	const done = context.helpers.createDeferredPromise<IRun>();
	const settled = new AbortController();
	let refusal: Error | undefined;
	void done.promise
		.catch((error: Error) => {
			refusal = error;
		})
		.finally(() => settled.abort());
	context.emit([[item]], undefined, done, deduplicationKey);
	await delayUntilAborted(settled.signal, STORE_TIMEOUT_MS);
	if (refusal) throw refusal;
}

async function runActive(context: ITriggerFunctions): Promise<ITriggerResponse> {
	const watcher = await ChangeHandler.open(context);
	let isOver = false;
	const over = (): void => {
		isOver = true;
	};
	const hand = async (prepared: Prepared): Promise<void> => {
		if (isOver) throw new Error('the workflow is no longer active');
		await emitChange(context, prepared);
	};
	const leave = await join(await createSubscriber(context, async (change) => await watcher.handle(change, hand), over));
	return {
		closeFunction: async () => {
			await leave();
			over();
		},
	};
}

/** The first change that comes, beside the active workflows; what comes after it is theirs alone. */
async function runTest(context: ITriggerFunctions): Promise<ITriggerResponse> {
	const watcher = await ChangeHandler.open(context);
	const ends = readChoice(context.getNodeParameter('whenTesting', 'wait'), 'When Testing', ['wait', 'sample'] as const);
	let joining: Promise<Unsubscribe> | undefined;
	const close = async (): Promise<void> => await (await joining?.catch(() => undefined))?.();
	let isOver = false;
	const hand = async ({ item }: Prepared): Promise<void> => {
		if (isOver) throw new Error('the test run is over');
		isOver = true;
		context.emit([[item]]);
	};
	return {
		closeFunction: async () => {
			isOver = true;
			await close();
		},
		// Not before: n8n takes what is emitted only from here on.
		manualTriggerFunction: async () => {
			if (ends === 'sample') return context.emit([[watcher.sample()]]);
			const subscriber = await createSubscriber(
				context,
				async (change) => {
					await watcher.handle(change, hand);
					// Leaving waits for the answers that are due, this one among them.
					if (isOver) void close();
				},
				() => undefined,
			);
			joining = join(subscriber);
			await joining;
		},
	};
}

export async function startStream(context: ITriggerFunctions): Promise<ITriggerResponse> {
	try {
		if (!hasWebSocket()) throw NEEDS_WEBSOCKET;
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
