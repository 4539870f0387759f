/**
 * Keeps track of a trigger's pushes that n8n has just stored or is storing. n8n passes each push the static data as last
 * saved, so simultaneous pushes do not see each other there; within the process they do.
 */
import { hashText } from '../../lib/dingtalk/utils/hash';
import { LruMap, LruSet } from '../../lib/dingtalk/utils/lru';

/** `inProgress`: n8n has not finished storing an earlier push of the same change. `stored`: it has. */
export type PushStatus = 'new' | 'inProgress' | 'stored';

/** Whether n8n stored the push; undefined until that is known. */
type ReadOutcome = () => boolean | undefined;

/** More than arrive within the five minutes in which a recorded push can be replayed. */
const MAX_STORED = 20_000;
const MAX_IN_FLIGHT = 1000;
const MAX_TRIGGERS = 500;
/** Enough for pushes that are stored side by side to get into the static data with the next one. */
const MAX_RECENT = 50;

const shortHash = (key: string): string => hashText(key, 16);

interface InFlightPush {
	keys: string[];
	readOutcome: ReadOutcome;
	/** Resolves when the outcome is known, or when the sender has given up waiting for it. */
	finished: Promise<void>;
}

const sharesKey = (push: InFlightPush, keys: string[]): boolean => push.keys.some((key) => keys.includes(key));

export class InFlightPushes {
	private readonly inFlight = new Set<InFlightPush>();
	private readonly stored = new LruSet<string>(MAX_STORED);
	private recent: string[] = [];

	/** A push has several keys; one of them is enough to recognize it. */
	getStatus(keys: string[]): PushStatus {
		this.collectOutcomes();
		if (keys.some((key) => this.stored.has(shortHash(key)))) return 'stored';
		const isFull = this.inFlight.size >= MAX_IN_FLIGHT;
		return isFull || [...this.inFlight].some((push) => sharesKey(push, keys)) ? 'inProgress' : 'new';
	}

	add(keys: string[], readOutcome: ReadOutcome, finished: Promise<void>): void {
		this.inFlight.add({ keys, readOutcome, finished });
	}

	/** Resolves when more is known about earlier pushes of the same change. */
	async waitFor(keys: string[]): Promise<void> {
		const earlier = [...this.inFlight].filter((push) => sharesKey(push, keys));
		await Promise.all(earlier.map(async ({ finished }) => await finished));
	}

	markStored(keys: string[]): void {
		for (const key of keys) this.stored.add(shortHash(key));
		this.recent = [...this.recent, ...keys].slice(-MAX_RECENT);
	}

	/** The keys stored most recently, oldest first. */
	get recentKeys(): readonly string[] {
		this.collectOutcomes();
		return this.recent;
	}

	private collectOutcomes(): void {
		for (const push of this.inFlight) {
			const isStored = push.readOutcome();
			if (isStored === undefined) continue;
			this.inFlight.delete(push);
			if (isStored) this.markStored(push.keys);
		}
	}
}

const byTrigger = new LruMap<string, InFlightPushes>(MAX_TRIGGERS);

export function getInFlightPushes(triggerId: string): InFlightPushes {
	const pushes = byTrigger.get(triggerId) ?? new InFlightPushes();
	byTrigger.set(triggerId, pushes);
	return pushes;
}
