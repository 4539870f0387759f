/**
 * Changes that DingTalk could not deliver while n8n was away. They wait in a list that forgets what it has given out as
 * soon as it is asked again, so each part is in n8n before the next one is asked for.
 */
import { createHash } from 'node:crypto';
import type { CronExpression, IDataObject, IRun, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { DingTalkError, type ErrorKind } from '../../lib/dingtalk/errors/DingTalkError';
import { hashText } from '../../lib/dingtalk/utils/hash';
import { isObject } from '../../lib/dingtalk/utils/isObject';
import { CALENDAR_EVENT_CHANGE, readChange, type Change } from '../../lib/dingtalk/push/parseChange';
import { readFailedPushes, type FailedBatch } from '../../lib/dingtalk/push/failedPushes';
import type { Item } from '../../lib/n8n/ItemContext';
import type { Filter } from '../../lib/n8n/triggers/changeFilter';
import { Memory } from '../../lib/n8n/triggers/changeStore';
import { ownerOf } from '../../lib/n8n/triggers/context';
import { claimsOf, type Claims } from './inFlightPushes';
import type { Received } from './enrich';
import type { Schedule } from './fields';
import { namesOf } from './parseRequest';
import { HOUR } from '../../lib/dingtalk/utils/time';

/** Where nothing is known of an earlier check. */
const FIRST_LOOK_BACK_MS = 24 * HOUR;
/** A change is listed by the time it happened, some minutes after that. */
const OVERLAP_MS = HOUR;

/** Passing troubles: the next check may go well, and until then pushes must go on coming in. */
const PASSING: readonly ErrorKind[] = ['throttle', 'server', 'network', 'inProgress', 'quota', 'dayLimit', 'banned'];

interface Missed {
	change: Change;
	names: string[];
}

/** Not every trigger of the world on the full hour. */
function cronOf(schedule: Schedule, owner: string): CronExpression | undefined {
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

function missedIn({ pushes }: FailedBatch, filter: Filter): Missed[] {
	return pushes.flatMap(({ type, data }) => {
		if (type !== CALENDAR_EVENT_CHANGE || !isObject(data)) return [];
		const { change } = readChange(data);
		return change && filter.wants(change) ? [{ change, names: namesOf(data, change) }] : [];
	});
}

class Recovery {
	private readonly owner: string;
	private readonly claims: Claims;
	private readonly memory: Memory;
	/** What was read and is not in n8n yet. */
	private inHand?: FailedBatch;
	private busy = false;
	private closed = false;

	constructor(
		private readonly context: ITriggerFunctions,
		private readonly item: Item,
		private readonly filter: Filter,
	) {
		this.owner = ownerOf(context);
		this.claims = claimsOf(this.owner);
		this.memory = Memory.of(context);
	}

	close(): void {
		this.closed = true;
	}

	/** Reads the first part, so that whatever is wrong shows now; the rest goes on by itself. */
	async start(): Promise<void> {
		if (this.busy) return;
		this.busy = true;
		const to = Date.now();
		const from = this.from;
		this.inHand ??= await readFailedPushes(this.item.client, from, to).catch(async (error: Error) => {
			this.busy = false;
			return await Promise.reject(error);
		});
		void this.goOn(from, to);
	}

	async tick(): Promise<void> {
		await this.start().catch((error: Error) => this.report(error));
	}

	report(error: Error): void {
		const advice = error instanceof DingTalkError ? ` ${error.details.advice}` : '';
		this.context.logger.error(`Missed changes could not be read from DingTalk: ${error.message}.${advice}`);
	}

	private async goOn(start: number, to: number): Promise<void> {
		let from = start;
		try {
			// What has been read is handed over in any case: DingTalk forgets it.
			while (this.inHand) {
				const batch = this.inHand;
				const fresh = await this.hand(batch);
				this.inHand = undefined;
				if (!batch.hasMore) this.data.recoveredTo = to;
				// A list that does not forget would give the same part again.
				if (fresh === 0) from = Math.max(from, ...batch.pushes.map(({ at }) => at)) + 1;
				if (batch.hasMore && !this.closed) this.inHand = await readFailedPushes(this.item.client, from, to);
			}
		} catch (error) {
			this.report(error as Error);
		} finally {
			this.busy = false;
		}
	}

	/** Settles when n8n has run the workflow with all of them, and says how many were new. */
	private async hand(batch: FailedBatch): Promise<number> {
		const fresh = missedIn(batch, this.filter).filter(
			({ names }) => !names.some((name) => this.memory.hasSeen(name)) && this.claims.standing(names) === 'new',
		);
		// What pushes have written since this trigger started would be overwritten by what is stored now.
		for (const name of this.claims.latest) this.memory.see(name);
		const outcomes = await Promise.allSettled(fresh.map(async (missed) => await this.emit(missed)));
		const failed = outcomes.find((outcome) => outcome.status === 'rejected');
		if (failed) throw failed.reason;
		return fresh.length;
	}

	private async emit({ change, names }: Missed): Promise<void> {
		const received: Received = { change, reader: this.filter.readerOf(change) };
		const done = this.context.helpers.createDeferredPromise<IRun>();
		const key = hashText(names[names.length - 1]);
		this.context.emit([[{ json: received as unknown as IDataObject }]], undefined, done, `${this.owner}:${key}`);
		await done.promise;
		this.claims.take(names);
		for (const name of names) this.memory.see(name);
	}

	private get data(): IDataObject {
		return this.context.getWorkflowStaticData('node');
	}

	private get from(): number {
		const { recoveredTo } = this.data;
		return typeof recoveredTo === 'number' ? recoveredTo - OVERLAP_MS : Date.now() - FIRST_LOOK_BACK_MS;
	}
}

export async function recover(
	context: ITriggerFunctions,
	item: Item,
	filter: Filter,
	schedule: Schedule,
): Promise<ITriggerResponse> {
	const recovery = new Recovery(context, item, filter);
	const cron = cronOf(schedule, ownerOf(context));
	if (cron !== undefined) context.helpers.registerCron({ expression: cron }, () => void recovery.tick());
	await recovery.start().catch((error: Error) => {
		if (!(error instanceof DingTalkError) || !PASSING.includes(error.kind)) throw error;
		recovery.report(error);
	});
	return { closeFunction: async () => recovery.close() };
}
