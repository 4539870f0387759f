/**
 * Recovers changes that DingTalk could not deliver, for example while n8n was down. DingTalk keeps them in a list and drops
 * what it has returned as soon as the list is read again, so each page is stored in n8n before the next one is read.
 */
import { createHash } from 'node:crypto';
import type { CronExpression, IDataObject, IRun, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { endlessGuard } from '../../lib/dingtalk/client/pagination';
import { DingTalkError, type ErrorKind } from '../../lib/dingtalk/errors/DingTalkError';
import { readCallbackKeys } from '../../lib/dingtalk/push/callbackKeys';
import { readFailedPushes, type FailedPushPage } from '../../lib/dingtalk/push/failedPushes';
import { isReportable, parseChange, type Change } from '../../lib/dingtalk/push/parseChange';
import { hashText } from '../../lib/dingtalk/utils/hash';
import { isObject } from '../../lib/dingtalk/utils/json';
import { HOUR } from '../../lib/dingtalk/utils/time';
import type { Item } from '../../lib/n8n/ItemContext';
import type { ChangeFilter } from '../../lib/n8n/triggers/changeFilter';
import { ChangeStore } from '../../lib/n8n/triggers/changeStore';
import { triggerId } from '../../lib/n8n/triggers/context';
import { listUnreadable } from '../../lib/n8n/triggers/dailyWarnings';
import type { ReceivedChange } from './enrich';
import type { Schedule } from './fields';
import { getInFlightPushes, type InFlightPushes } from './inFlightPushes';
import { identifyChange, type IdentifiedChange } from './parseRequest';
import { CALLBACK_CREDENTIAL, createWebhookItem, isOfWorkflow } from './webhookContext';
import { joinSentences, t } from '../../lib/locale/t';

/** If there was no recovery before. */
const INITIAL_LOOK_BACK_MS = 24 * HOUR;
/** The list is sorted by the time of the change, but a change is listed only some minutes after that. */
const OVERLAP_MS = HOUR;

/** The next attempt may succeed, and until then the trigger must stay active to receive pushes. */
const TEMPORARY_ERRORS: readonly ErrorKind[] = [
	'throttle',
	'server',
	'network',
	'inProgress',
	'quota',
	'dayLimit',
	'banned',
];

/** The minute depends on the trigger, so that not all triggers in the world call DingTalk on the hour. */
function toCron(schedule: Schedule, id: string): CronExpression | undefined {
	const [second, minute, hour] = createHash('sha256').update(id).digest();
	const start = `${second % 60} ${minute % 60}` as const;
	const expressions: Record<Schedule, CronExpression | undefined> = {
		activation: undefined,
		hourly: `${start} * * * *`,
		every6Hours: `${start} */6 * * *`,
		daily: `${start} ${hour % 24} * * *`,
	};
	return expressions[schedule];
}

function readMissedChanges({ pushes }: FailedPushPage, isWanted: (change: Change) => boolean): IdentifiedChange[] {
	return pushes.flatMap(({ type, data, corpId }) => {
		if (!isReportable(type) || !isObject(data)) return [];
		const { change } = parseChange(data, { corpId, eventType: type });
		return change && isWanted(change) ? [identifyChange(data, change)] : [];
	});
}

class MissedChangeRecovery {
	private readonly id: string;
	private readonly inFlight: InFlightPushes;
	private readonly store: ChangeStore;
	/** A page that was read but is not stored in n8n yet. */
	private pendingPage?: FailedPushPage;
	private isRunning = false;
	private isClosed = false;

	constructor(
		private readonly context: ITriggerFunctions,
		/** Connects with the credential as it was when the list was last read. */
		private item: Item,
		private readonly filter: ChangeFilter,
	) {
		this.id = triggerId(context);
		this.inFlight = getInFlightPushes(this.id);
		this.store = ChangeStore.of(context);
	}

	close(): void {
		this.isClosed = true;
	}

	/** Reads the first page and rejects if that fails; the remaining work continues in the background. */
	async start(): Promise<void> {
		if (this.isRunning) return;
		this.isRunning = true;
		const to = Date.now();
		const from = this.startTime;
		this.pendingPage ??= await this.readFirstPage(from, to).catch(async (error: Error) => {
			this.isRunning = false;
			return await Promise.reject(error);
		});
		void this.deliverPages(from, to);
	}

	private async readFirstPage(from: number, to: number): Promise<FailedPushPage> {
		this.item = await createWebhookItem(this.context);
		return await readFailedPushes(this.item.client, from, to);
	}

	async runOnSchedule(): Promise<void> {
		await this.start().catch((error: Error) => this.logFailure(error));
	}

	logFailure(error: Error): void {
		const problem = t`Missed changes could not be read from DingTalk: ${error.message}.`;
		this.context.logger.error(joinSentences(problem, error instanceof DingTalkError && error.details.advice));
	}

	private async deliverPages(startTime: number, to: number): Promise<void> {
		let from = startTime;
		const countPage = endlessGuard();
		try {
			// A page that was read is delivered in any case: DingTalk drops it.
			while (this.pendingPage) {
				const page = this.pendingPage;
				const delivered = await this.deliverPage(page);
				this.pendingPage = undefined;
				if (!page.hasMore) this.staticData.recoveredTo = to;
				// If DingTalk does not drop what it has returned, it would return the same page again.
				const last = Math.max(...page.pushes.map(({ at }) => at));
				const isStuck = delivered === 0 && last < from;
				if (delivered === 0) from = Math.max(from, last) + 1;
				if (page.hasMore && !isStuck && !this.isClosed) {
					countPage();
					this.pendingPage = await readFailedPushes(this.item.client, from, to);
				}
			}
		} catch (error) {
			this.logFailure(error as Error);
		} finally {
			this.isRunning = false;
		}
	}

	/** Resolves with the number of new changes once n8n has run the workflow with all of them. */
	private async deliverPage(page: FailedPushPage): Promise<number> {
		const keys = readCallbackKeys(await this.context.getCredentials(CALLBACK_CREDENTIAL));
		const isWanted = (change: Change): boolean =>
			this.filter.matches(change) && isOfWorkflow(this.context, this.item, keys, change);
		const missed = readMissedChanges(page, isWanted).filter(
			(one) => !one.keys.some((key) => this.store.hasSeen(key)) && this.inFlight.getStatus(one.keys) === 'new',
		);
		// What is saved now would otherwise overwrite the keys of pushes received since this trigger was activated.
		for (const key of this.inFlight.recentKeys) this.store.markSeen(key);
		const outcomes = await Promise.allSettled(missed.map(async (change) => await this.emit(change)));
		const failed = outcomes.find((outcome) => outcome.status === 'rejected');
		if (failed) throw failed.reason;
		return missed.length;
	}

	private async emit({ change, keys }: IdentifiedChange): Promise<void> {
		const received: ReceivedChange = {
			change,
			reader: this.filter.chooseReader(change),
			unreadable: listUnreadable(this.context, this.filter.failures),
		};
		const done = this.context.helpers.createDeferredPromise<IRun>();
		const deduplicationKey = `${this.id}:${hashText(keys[keys.length - 1])}`;
		this.context.emit([[{ json: received as unknown as IDataObject }]], undefined, done, deduplicationKey);
		await done.promise;
		this.inFlight.markStored(keys);
		for (const key of keys) this.store.markSeen(key);
	}

	private get staticData(): IDataObject {
		return this.context.getWorkflowStaticData('node');
	}

	private get startTime(): number {
		const { recoveredTo } = this.staticData;
		return typeof recoveredTo === 'number' ? recoveredTo - OVERLAP_MS : Date.now() - INITIAL_LOOK_BACK_MS;
	}
}

export async function recoverMissedChanges(
	context: ITriggerFunctions,
	item: Item,
	filter: ChangeFilter,
	schedule: Schedule,
): Promise<ITriggerResponse> {
	const recovery = new MissedChangeRecovery(context, item, filter);
	const cron = toCron(schedule, triggerId(context));
	if (cron !== undefined) context.helpers.registerCron({ expression: cron }, () => void recovery.runOnSchedule());
	await recovery.start().catch((error: Error) => {
		if (!(error instanceof DingTalkError) || !TEMPORARY_ERRORS.includes(error.kind)) throw error;
		recovery.logFailure(error);
	});
	return { closeFunction: async () => recovery.close() };
}
