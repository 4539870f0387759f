/** Handles the changes that are pushed to one trigger: filters them, drops repeated ones and formats the rest for output. */
import type { INodeExecutionData, ITriggerFunctions } from 'n8n-workflow';
import type { Change } from '../../dingtalk/push/parseChange';
import { hashText } from '../../dingtalk/utils/hash';
import { LruMap, LruSet } from '../../dingtalk/utils/lru';
import { ChangeFilter } from './changeFilter';
import { ChangeFormatter } from './ChangeFormatter';
import type { UnreadablePerson } from './changeOutput';
import { ChangeStore } from './changeStore';
import { createItem, isManual, isUserActivation, triggerId } from './context';
import { listUnreadable, warnOfMissingPeople } from './dailyWarnings';
import { readRememberValues } from './fields';

/** A change that is ready to be passed to n8n. */
export interface PreparedChange {
	item: INodeExecutionData;
	/** For n8n's own deduplication, which covers the whole instance. */
	deduplicationKey: string;
}

/** Passes a change to n8n at once, and resolves when n8n has stored it; rejects if it did not. */
export type Deliver = (prepared: PreparedChange) => Promise<void>;

/** `stored` settles when n8n has stored the change. */
interface Handover {
	stored: Promise<void>;
}

/** n8n's database column holds 255 characters, the trigger's ID included. */
const MAX_KEY_LENGTH = 150;

/** What this process knows of the changes of one trigger. */
interface HandledChanges {
	/** By change. */
	inProgress: Map<string, Promise<void>>;
	stored: LruSet<string>;
}

const MAX_TRIGGERS = 500;
/** DingTalk repeats a push within minutes. */
const MAX_STORED = 1000;

/** By trigger: a workflow that is saved gets a new handler, and the static data from before its last change was stored. */
const handledByTrigger = new LruMap<string, HandledChanges>(MAX_TRIGGERS);

const createHandled = (): HandledChanges => ({ inProgress: new Map(), stored: new LruSet(MAX_STORED) });

/** A test run and active workflows do not share state. */
function getHandled(context: ITriggerFunctions): HandledChanges {
	if (isManual(context)) return createHandled();
	const id = triggerId(context);
	const handled = handledByTrigger.get(id) ?? createHandled();
	handledByTrigger.set(id, handled);
	return handled;
}

export class ChangeHandler {
	/** By event, the last one. */
	private readonly handovers = new Map<string, Promise<Handover>>();

	private constructor(
		private readonly triggerId: string,
		private readonly filter: ChangeFilter,
		private readonly formatter: ChangeFormatter,
		private readonly store: ChangeStore,
		private readonly handled: HandledChanges,
		private readonly unreadable?: UnreadablePerson[],
	) {}

	/**
	 * Reads the fields and looks up the people; rejects if a value is wrong or a person is not found. When n8n starts again,
	 * the others are watched without a person who has left.
	 */
	static async open(context: ITriggerFunctions): Promise<ChangeHandler> {
		const item = await createItem(context);
		const store = ChangeStore.of(context, readRememberValues(item));
		const formatter = ChangeFormatter.of(item, store, async () => (await createItem(context)).client);
		const filter = await ChangeFilter.of(item, isUserActivation(context));
		warnOfMissingPeople(context, filter);
		const unreadable = listUnreadable(context, filter.failures);
		return new ChangeHandler(triggerId(context), filter, formatter, store, getHandled(context), unreadable);
	}

	/** A sample change of one of the selected kinds. */
	createSampleItem(): INodeExecutionData {
		return { json: this.formatter.formatSample(this.filter.sampleKind) };
	}

	/**
	 * Delivers a change once, however often it is pushed, and resolves when n8n has stored it. The changes of one event are
	 * handed over in their order, but none waits until n8n has stored the one before.
	 */
	async handle(change: Change, deliver: Deliver): Promise<void> {
		if (!this.filter.matches(change)) return;
		const { inProgress, stored } = this.handled;
		const sameChange = inProgress.get(change.key);
		if (sameChange) return await sameChange;
		if (stored.has(change.key) || this.store.hasSeen(change.key)) return;
		const handling = this.deliverInOrder(change, deliver).finally(() => inProgress.delete(change.key));
		inProgress.set(change.key, handling);
		await handling;
	}

	private async deliverInOrder(change: Change, deliver: Deliver): Promise<void> {
		const { key, eventId } = change;
		const previous = this.handovers.get(eventId);
		const handover = this.handOver(change, deliver, previous).finally(() => {
			if (this.handovers.get(eventId) === handover) this.handovers.delete(eventId);
		});
		this.handovers.set(eventId, handover);
		const { stored } = await handover;
		await stored;
		// Not earlier: a change that n8n did not store must be accepted when it is pushed again.
		this.store.markSeen(key);
		this.handled.stored.add(key);
	}

	/** Resolves as soon as n8n has been given the change. */
	private async handOver(change: Change, deliver: Deliver, previous?: Promise<Handover>): Promise<Handover> {
		const details = await this.formatter.readDetails(change, this.filter.chooseReader(change));
		// If the previous change of the event fails, this one is delivered nevertheless.
		await previous?.catch(() => undefined);
		const { json, saveState } = this.formatter.describe(change, details, this.unreadable);
		// n8n saves the static data when it gets the change, so the next change must not be compared with an older state.
		saveState();
		const stored = deliver({ item: { json }, deduplicationKey: `${this.triggerId}:${shortenKey(change.key)}` });
		return { stored };
	}
}

const shortenKey = (key: string): string => (key.length > MAX_KEY_LENGTH ? hashText(key) : key);
