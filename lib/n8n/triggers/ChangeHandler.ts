/** Handles the changes that are pushed to one trigger: filters them, drops repeated ones and formats the rest for output. */
import type { INodeExecutionData } from 'n8n-workflow';
import type { Change } from '../../dingtalk/push/parseChange';
import { hashText } from '../../dingtalk/utils/hash';
import { ChangeFilter } from './changeFilter';
import { ChangeFormatter } from './ChangeFormatter';
import { ChangeStore } from './changeStore';
import { createItem, triggerId, type AnyTrigger } from './context';
import { readRememberValues } from './fields';

/** A change that is ready to be passed to n8n. */
export interface PreparedChange {
	item: INodeExecutionData;
	/** For n8n's own deduplication, which covers the whole instance. */
	deduplicationKey: string;
}

/** Passes a change to n8n; rejects if n8n did not store it. */
export type Deliver = (prepared: PreparedChange) => Promise<void>;

/** n8n's database column holds 255 characters, the trigger's ID included. */
const MAX_KEY_LENGTH = 150;

export class ChangeHandler {
	/** By change and by event. */
	private readonly inProgress = new Map<string, Promise<void>>();

	private constructor(
		private readonly triggerId: string,
		private readonly filter: ChangeFilter,
		private readonly formatter: ChangeFormatter,
		private readonly store: ChangeStore,
	) {}

	/** Reads the fields and looks up the people; rejects if a value is wrong or a person is not found. */
	static async open(context: AnyTrigger): Promise<ChangeHandler> {
		const item = await createItem(context);
		const store = ChangeStore.of(context, readRememberValues(item));
		const formatter = ChangeFormatter.of(item, store);
		return new ChangeHandler(triggerId(context), await ChangeFilter.of(item), formatter, store);
	}

	/** A sample change of one of the selected kinds. */
	createSampleItem(): INodeExecutionData {
		return { json: this.formatter.formatSample(this.filter.sampleKind) };
	}

	/**
	 * Delivers a change once, however often it is pushed, and resolves when n8n has stored it. The changes of one event
	 * keep their order.
	 */
	async handle(change: Change, deliver: Deliver): Promise<void> {
		if (!this.filter.matches(change)) return;
		const sameChange = this.inProgress.get(change.key);
		if (sameChange) return await sameChange;
		const eventKey = `event ${change.eventId}`;
		const handling = this.deliverInOrder(change, deliver, this.inProgress.get(eventKey));
		const keys = [change.key, eventKey];
		for (const key of keys) this.inProgress.set(key, handling);
		try {
			await handling;
		} finally {
			for (const key of keys) if (this.inProgress.get(key) === handling) this.inProgress.delete(key);
		}
	}

	private async deliverInOrder(change: Change, deliver: Deliver, previous?: Promise<void>): Promise<void> {
		// If the previous change of the event fails, this one is delivered nevertheless.
		await previous?.catch(() => undefined);
		const { key } = change;
		if (this.store.hasSeen(key)) return;
		const { json, saveState } = await this.formatter.format(change, this.filter.chooseReader(change));
		// n8n saves the static data when it gets the change, so the next change must not be compared with an older state.
		saveState();
		await deliver({ item: { json }, deduplicationKey: `${this.triggerId}:${shortenKey(key)}` });
		// Not earlier: a change that n8n did not store must be accepted when it is pushed again.
		this.store.markSeen(key);
	}
}

const shortenKey = (key: string): string => (key.length > MAX_KEY_LENGTH ? hashText(key) : key);
