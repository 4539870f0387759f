/** What one trigger does with a pushed change: is it meant, did it come before, what is known of the event. */
import type { INodeExecutionData } from 'n8n-workflow';
import { hashText } from '../../dingtalk/utils/hash';
import type { Change } from '../../dingtalk/push/parseChange';
import { ChangeFilter } from './changeFilter';
import { ChangeStore } from './changeStore';
import { createItem, triggerId, type AnyTrigger } from './context';
import { ChangeFormatter } from './ChangeFormatter';

/** Ready to be handed to n8n. */
export interface Prepared {
	item: INodeExecutionData;
	/** For n8n's own index, which is one for the whole instance. */
	deduplicationKey: string;
	/** To be called when n8n has it; before that a repeated push is taken again. */
	confirm(): void;
}

/** n8n's column has 255. */
const MAX_KEY_LENGTH = 150;

export class ChangeHandler {
	/** The same change or event twice at a time: the second waits for the first. */
	private readonly inProgress = new Map<string, Promise<void>>();

	private constructor(
		private readonly owner: string,
		private readonly filter: ChangeFilter,
		private readonly formatter: ChangeFormatter,
		private readonly store: ChangeStore,
	) {}

	/** Reads the fields and looks the people up; whoever is not found is refused here. */
	static async open(context: AnyTrigger): Promise<ChangeHandler> {
		const item = await createItem(context);
		const memory = ChangeStore.of(context);
		const teller = ChangeFormatter.of(item, memory);
		return new ChangeHandler(triggerId(context), await ChangeFilter.of(item), teller, memory);
	}

	/** An invented change of a kind that the user chose. */
	sample(): INodeExecutionData {
		return { json: this.formatter.sample(this.filter.anyKind) };
	}

	/** Whether the user asked for changes like this one. */
	wants(change: Change): boolean {
		return this.filter.matches(change);
	}

	/**
	 * Hands a change over once, however often it comes; settles when it is in safe hands, also those of an earlier push.
	 * Changes of one event keep their order.
	 */
	async handle(change: Change, hand: (prepared: Prepared) => Promise<void>): Promise<void> {
		if (!this.wants(change)) return;
		const same = this.inProgress.get(change.key);
		if (same) return await same;
		const lane = `event ${change.eventId}`;
		const before = this.inProgress.get(lane);
		const taking = this.handleInOrder(change, hand, before);
		const entries = [change.key, lane];
		for (const entry of entries) this.inProgress.set(entry, taking);
		try {
			await taking;
		} finally {
			for (const entry of entries) if (this.inProgress.get(entry) === taking) this.inProgress.delete(entry);
		}
	}

	private async handleInOrder(
		change: Change,
		hand: (prepared: Prepared) => Promise<void>,
		before?: Promise<void>,
	): Promise<void> {
		// What became of the change before is not this one's business.
		await before?.catch(() => undefined);
		const prepared = await this.prepare(change);
		if (!prepared) return;
		await hand(prepared);
		prepared.confirm();
	}

	/** Undefined for a change that is not meant or came before. */
	async prepare(change: Change): Promise<Prepared | undefined> {
		const { key } = change;
		if (!this.wants(change) || this.store.hasSeen(key)) return undefined;
		const { json, remember } = await this.formatter.format(change, this.filter.chooseReader(change));
		return {
			item: { json },
			deduplicationKey: `${this.owner}:${shortenKey(key)}`,
			confirm: () => {
				this.store.markSeen(key);
				remember();
			},
		};
	}
}

const shortenKey = (key: string): string => (key.length > MAX_KEY_LENGTH ? hashText(key) : key);
