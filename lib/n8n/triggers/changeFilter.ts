/** Which changes a workflow is for. */
import type { Change } from '../../dingtalk/push/parseChange';
import type { Item } from '../ItemContext';
import { PUSHED_KINDS, readTriggerOn, readWatchedPeople } from './fields';

export class ChangeFilter {
	private constructor(
		private readonly kinds: Set<string>,
		/** Empty: everybody. */
		private readonly people: Set<string>,
	) {}

	/** Reads the fields at once and looks the people up; whoever is not found is refused here. */
	static async of(item: Item): Promise<ChangeFilter> {
		const kinds = readTriggerOn(item, PUSHED_KINDS);
		const people = readWatchedPeople(item);
		return new ChangeFilter(kinds, await people());
	}

	/** A kind that the user chose. */
	get anyKind(): string {
		return [...this.kinds][0];
	}

	matches({ kind, unionIds }: Change): boolean {
		return this.kinds.has(kind) && (this.people.size === 0 || unionIds.some((id) => this.people.has(id)));
	}

	/** In whose calendar the event is read: of somebody who is watched, if the change concerns one. */
	chooseReader({ unionIds }: Change): string | undefined {
		return unionIds.find((id) => this.people.has(id)) ?? unionIds.at(0);
	}
}
