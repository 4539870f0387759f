/**
 * Changes that DingTalk could not deliver while n8n was away. They wait in a list that forgets what it has given out as
 * soon as it is asked again, so each part is in n8n before the next one is asked for.
 */
import { createHash } from 'node:crypto';
import type { CronExpression, IDataObject, IRun, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { DingTalkError, type ErrorKind } from '../../lib/dingtalk/errors/DingTalkError';
import { hashText } from '../../lib/dingtalk/utils/hash';
import { isObject } from '../../lib/dingtalk/utils/isObject';
import { CALENDAR_EVENT_CHANGE, parseChange, type Change } from '../../lib/dingtalk/push/parseChange';
import { readFailedPushes, type FailedPushPage } from '../../lib/dingtalk/push/failedPushes';
import type { Item } from '../../lib/n8n/ItemContext';
import type { ChangeFilter } from '../../lib/n8n/triggers/changeFilter';
import { ChangeStore } from '../../lib/n8n/triggers/changeStore';
import { triggerId } from '../../lib/n8n/triggers/context';
import { inFlightPushesOf, type InFlightPushes } from './inFlightPushes';
import type { ReceivedChange } from './enrich';
import type { Schedule } from './fields';
import { changeNames } from './parseRequest';
import { HOUR } from '../../lib/dingtalk/utils/time';

/** Where nothing is known of an earlier check. */
const INITIAL_LOOK_BACK_MS = 24 * HOUR;
/** A change is listed by the time it happened, some minutes after that. */
const OVERLAP_MS = HOUR;

/** Passing troubles: the next check may go well, and until then pushes must go on coming in. */
const PASSING: readonly ErrorKind[] = ['throttle', 'server', 'network', 'inProgress', 'quota', 'dayLimit', 'banned'];

interface MissedChange {
	change: Change;
	names: string[];
}

/** Not every trigger of the world on the full hour. */
function toCron(schedule: Schedule, owner: string): CronExpression | undefined {
	const [second, minute, hour] = createHash('sha256').update(owner).digest();
	const start = `${second % 60} ${minute % 60}` as const;
	const times: Record<Schedule, CronExpression | undefined> = {
		activation: undefined,
		hourly: `${start} * * * *`,
		every6Hours: `${start} */6 * * *`,
		daily: `${start} ${hour % 24} * * *`,
	};
	return times[schedule];
}

function readMissedChanges({ pushes }: FailedPushPage, filter: ChangeFilter): MissedChange[] {
	return pushes.flatMap(({ type, data }) => {
		if (type !== CALENDAR_EVENT_CHANGE || !isObject(data)) return [];
		const { change } = parseChange(data);
		return change && filter.matches(change) ? [{ change, names: changeNames(data, change) }] : [];
	});
}

class MissedChangeRecovery {
	private readonly owner: string;
	private readonly inFlight: InFlightPushes;
	private readonly memory: ChangeStore;
	/** What was read and is not in n8n yet. */
	private emitted?: FailedPushPage;
	private isRunning = false;
	private closed = false;

	constructor(
		private readonly context: ITriggerFunctions,
		private readonly item: Item,
		private readonly filter: ChangeFilter,
	) {
		this.owner = triggerId(context);
		this.inFlight = inFlightPushesOf(this.owner);
		this.memory = ChangeStore.of(context);
	}

	close(): void {
		this.closed = true;
	}

	/** Reads the first part, so that whatever is wrong shows now; the rest goes on by itself. */
	async start(): Promise<void> {
		if (this.isRunning) return;
		this.isRunning = true;
		const to = Date.now();
		const readFrom = this.from;
		this.emitted ??= await readFailedPushes(this.item.client, readFrom, to).catch(async (error: Error) => {
			this.isRunning = false;
			return await Promise.reject(error);
		});
		void this.continueWith(readFrom, to);
	}

	async tick(): Promise<void> {
		await this.start().catch((error: Error) => this.logFailure(error));
	}

	logFailure(error: Error): void {
		const advice = error instanceof DingTalkError ? ` ${error.details.advice}` : '';
		this.context.logger.error(`Missed changes could not be read from DingTalk: ${error.message}.${advice}`);
	}

	private async continueWith(start: number, to: number): Promise<void> {
		let from = start;
		try {
			// What has been read is handed over in any case: DingTalk forgets it.
			while (this.emitted) {
				const batch = this.emitted;
				const fresh = await this.emitAll(batch);
				this.emitted = undefined;
				if (!batch.hasMore) this.data.recoveredTo = to;
				// A list that does not forget would give the same part again.
				if (fresh === 0) from = Math.max(from, ...batch.pushes.map(({ at }) => at)) + 1;
				if (batch.hasMore && !this.closed) this.emitted = await readFailedPushes(this.item.client, from, to);
			}
		} catch (error) {
			this.logFailure(error as Error);
		} finally {
			this.isRunning = false;
		}
	}

	/** Settles when n8n has run the workflow with all of them, and says how many were new. */
	private async emitAll(batch: FailedPushPage): Promise<number> {
		const fresh = readMissedChanges(batch, this.filter).filter(
			({ names }) => !names.some((name) => this.memory.hasSeen(name)) && this.inFlight.status(names) === 'new',
		);
		// What pushes have written since this trigger started would be overwritten by what is stored now.
		for (const name of this.inFlight.latest) this.memory.markSeen(name);
		const outcomes = await Promise.allSettled(fresh.map(async (missed) => await this.emit(missed)));
		const failed = outcomes.find((outcome) => outcome.status === 'rejected');
		if (failed) throw failed.reason;
		return fresh.length;
	}

	private async emit({ change, names }: MissedChange): Promise<void> {
		const received: ReceivedChange = { change, reader: this.filter.chooseReader(change) };
		const done = this.context.helpers.createDeferredPromise<IRun>();
		const key = hashText(names[names.length - 1]);
		this.context.emit([[{ json: received as unknown as IDataObject }]], undefined, done, `${this.owner}:${key}`);
		await done.promise;
		this.inFlight.accept(names);
		for (const name of names) this.memory.markSeen(name);
	}

	private get data(): IDataObject {
		return this.context.getWorkflowStaticData('node');
	}

	private get from(): number {
		const { recoveredTo } = this.data;
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
	if (cron !== undefined) context.helpers.registerCron({ expression: cron }, () => void recovery.tick());
	await recovery.start().catch((error: Error) => {
		if (!(error instanceof DingTalkError) || !PASSING.includes(error.kind)) throw error;
		recovery.logFailure(error);
	});
	return { closeFunction: async () => recovery.close() };
}
