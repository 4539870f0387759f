/** What one trigger does with a pushed change: is it meant, did it come before, what is known of the event. */
import type { INodeExecutionData } from 'n8n-workflow';
import { hashText } from '../../dingtalk/utils/hash';
import type { Change } from '../../dingtalk/push/parseChange';
import { Filter } from './changeFilter';
import { Memory } from './changeStore';
import { openItem, ownerOf, type AnyTrigger } from './context';
import { Teller } from './ChangeFormatter';

/** Ready to be handed to n8n. */
export interface Prepared {
	item: INodeExecutionData;
	/** For n8n's own index, which is one for the whole instance. */
	deduplicationKey: string;
	/** To be called when n8n has it; before that a repeated push is taken again. */
	confirm(): void;
}

/** n8n's column has 255. */
const LONGEST_KEY = 150;

export class Watcher {
	/** The same change or event twice at a time: the second waits for the first. */
	private readonly underWay = new Map<string, Promise<void>>();

	private constructor(
		private readonly owner: string,
		private readonly filter: Filter,
		private readonly teller: Teller,
		private readonly memory: Memory,
	) {}

	/** Reads the fields and looks the people up; whoever is not found is refused here. */
	static async open(context: AnyTrigger): Promise<Watcher> {
		const item = await openItem(context);
		const memory = Memory.of(context);
		const teller = Teller.of(item, memory);
		return new Watcher(ownerOf(context), await Filter.of(item), teller, memory);
	}

	/** An invented change of a kind that the user chose. */
	sample(): INodeExecutionData {
		return { json: this.teller.sample(this.filter.anyKind) };
	}

	/** Whether the user asked for changes like this one. */
	wants(change: Change): boolean {
		return this.filter.wants(change);
	}

	/**
	 * Hands a change over once, however often it comes; settles when it is in safe hands, also those of an earlier push.
	 * Changes of one event keep their order.
	 */
	async take(change: Change, hand: (prepared: Prepared) => Promise<void>): Promise<void> {
		if (!this.wants(change)) return;
		const same = this.underWay.get(change.key);
		if (same) return await same;
		const lane = `event ${change.eventId}`;
		const before = this.underWay.get(lane);
		const taking = this.takeInTurn(change, hand, before);
		const entries = [change.key, lane];
		for (const entry of entries) this.underWay.set(entry, taking);
		try {
			await taking;
		} finally {
			for (const entry of entries) if (this.underWay.get(entry) === taking) this.underWay.delete(entry);
		}
	}

	private async takeInTurn(
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
		if (!this.wants(change) || this.memory.hasSeen(key)) return undefined;
		const { json, remember } = await this.teller.tell(change, this.filter.readerOf(change));
		return {
			item: { json },
			deduplicationKey: `${this.owner}:${shortened(key)}`,
			confirm: () => {
				this.memory.see(key);
				remember();
			},
		};
	}
}

const shortened = (key: string): string => (key.length > LONGEST_KEY ? hashText(key) : key);
