/**
 * What the attempts of a node change, and in which order. A later item that changes the same thing and succeeded before is
 * repeated, to keep the order.
 */
import { LruMap } from '../../dingtalk/utils/lru';
import type { Item } from '../ItemContext';
import type { Operation } from '../Operation';
import type { FinishedItems } from './finishedItems';

/** All of a thing. */
const WHOLE = '*';

const MAX_SUBJECTS = 10_000;

/** By part of a thing: which items changed it, by their place in the input, and when. */
type PartChanges = Map<string, Map<number, number>>;

/** By account, by run of the node, for which n8n may start several attempts, and by thing. It is forgotten as the finished items are, with the process. */
const changesBySubject = new LruMap<string, PartChanges>(MAX_SUBJECTS);

export class Changes {
	/** Otherwise nothing can be undone, and nothing has to be looked up. */
	private readonly isNeeded: boolean;

	constructor(
		private readonly operation: Pick<Operation, 'findOverwritten'>,
		private readonly finished: FinishedItems | undefined,
		private readonly runName: string | undefined,
		items: Item[],
	) {
		this.isNeeded = items.some(({ work }) => work && finished?.has(work.name));
	}

	async add(item: Item, subject: string | undefined): Promise<void> {
		if (!this.isNeeded || !this.finished || subject === undefined) return;
		const at = this.finished.nextNumber();
		const name = this.nameOf(subject);
		const changes: PartChanges = changesBySubject.get(name) ?? new Map<string, Map<number, number>>();
		changesBySubject.set(name, changes);
		for (const part of await this.partsOf(item)) {
			const known = changes.get(part) ?? new Map<number, number>();
			changes.set(part, known.set(item.index, at));
		}
	}

	/** Whether the item was done in an earlier attempt, and an item before it has undone that since. */
	async haveUndone(item: Item, subject: string | undefined): Promise<boolean> {
		const changes = subject === undefined ? undefined : changesBySubject.get(this.nameOf(subject));
		const finishedAt = item.work && this.finished?.numberOf(item.work.name);
		if (!changes || finishedAt === undefined) return false;
		const isUndone = (part: string): boolean =>
			[...(changes.get(part) ?? [])].some(([index, at]) => index < item.index && at > finishedAt);
		return (await this.partsOf(item)).some((part) => isUndone(part) || isUndone(WHOLE));
	}

	private nameOf(subject: string): string {
		return [this.finished?.account, this.runName, subject].join(' ');
	}

	/** Where it cannot be looked up, it may be anything. */
	private async partsOf(item: Item): Promise<string[]> {
		return (await this.operation.findOverwritten?.(item).catch(() => [WHOLE])) ?? [WHOLE];
	}
}
