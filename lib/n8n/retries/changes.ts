/** What an attempt of a node changes. A later item that changes the same thing and succeeded before is repeated, to keep the order. */
import type { Item } from '../ItemContext';
import type { Operation } from '../Operation';
import type { Work } from './workIdentity';

/** All of a thing. */
const WHOLE = ['*'];

export class Changes {
	private readonly bySubject = new Map<string, Set<string>>();
	/** Otherwise nothing can be undone, and nothing has to be looked up. */
	private readonly isNeeded: boolean;

	constructor(
		private readonly operation: Pick<Operation, 'findOverwritten'>,
		private readonly isFinished: (work: Work) => boolean,
		items: Item[],
	) {
		this.isNeeded = items.some(({ work }) => work && isFinished(work));
	}

	async add(item: Item, subject: string | undefined): Promise<void> {
		if (!this.isNeeded || subject === undefined) return;
		const known = this.bySubject.get(subject) ?? new Set<string>();
		this.bySubject.set(subject, known);
		for (const part of await this.partsOf(item)) known.add(part);
	}

	/** Whether the item was done in an earlier try, and an item before it has undone that in this one. */
	async haveUndone(item: Item, subject: string | undefined): Promise<boolean> {
		const changed = subject === undefined ? undefined : this.bySubject.get(subject);
		if (!changed || !item.work || !this.isFinished(item.work)) return false;
		return (await this.partsOf(item)).some((part) => changed.has(part) || changed.has(WHOLE[0]));
	}

	/** Where it cannot be looked up, it may be anything. */
	private async partsOf(item: Item): Promise<string[]> {
		return (await this.operation.findOverwritten?.(item).catch(() => WHOLE)) ?? WHOLE;
	}
}
