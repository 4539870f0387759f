/** Decides which changes start a workflow, by the kinds and people that the user selected. */
import type { Change } from '../../dingtalk/push/parseChange';
import type { Item } from '../ItemContext';
import { PUSHED_KINDS, readTriggerOn, readWatchedPeople } from './fields';
import { lookUpPeople, type PersonFailure } from '../fields/watchedPeople';
import { chooseSampleKind } from './sampleChange';

export class ChangeFilter {
	private constructor(
		private readonly kinds: Set<string>,
		/** Empty for all people. */
		private readonly people: Set<string>,
		/** The people who were not found, so that their changes are missing. */
		readonly failures: readonly PersonFailure[],
	) {}

	/** Reads the fields and looks up the people. With `requireAll`, rejects if one is not found; otherwise if none is. */
	static async of(item: Item, requireAll: boolean): Promise<ChangeFilter> {
		const kinds = readTriggerOn(item, PUSHED_KINDS);
		const { unionIds, failures } = await lookUpPeople(readWatchedPeople(item), requireAll);
		return new ChangeFilter(kinds, unionIds, failures);
	}

	/** The kind of a sample, out of the selected ones. */
	get sampleKind(): string {
		return chooseSampleKind(this.kinds);
	}

	/** News of room bookings names no people that could be compared, so it is for all. */
	matches({ kind, unionIds, booking }: Change): boolean {
		const isWatched = this.people.size === 0 || booking !== undefined || unionIds.some((id) => this.people.has(id));
		return this.kinds.has(kind) && isWatched;
	}

	/** The person in whose calendar the event is read: a watched one, if the change concerns any. */
	chooseReader({ unionIds }: Change): string | undefined {
		return unionIds.find((id) => this.people.has(id)) ?? unionIds.at(0);
	}
}
