/**
 * Stores the changes that a trigger has seen and the last state of each event, across restarts. It uses n8n's static data,
 * which n8n saves as a whole with every execution, so it is kept small.
 */
import type { IDataObject } from 'n8n-workflow';
import { hashText } from '../../dingtalk/utils/hash';
import { LruSet } from '../../dingtalk/utils/lru';
import { isManual, type AnyTrigger } from './context';

/** DingTalk repeats a push within minutes. */
const MAX_KEYS = 1000;
/** Enough characters to tell a thousand keys apart. */
const HASH_LENGTH = 12;
const MAX_STATE_CHARACTERS = 32_000;
/** Longer values are stored as a hash: it shows that they changed, but not what they were before. */
const MAX_VALUE_LENGTH = 200;

/** An event in readable form: one text per property. */
export type EventState = Record<string, string | null>;

/** `before` is missing if the value was too long to be stored. */
export type Differences = Record<string, { before?: string | null; after: string | null }>;

const shortHash = (text: string): string => hashText(text, HASH_LENGTH);

/** Begins with a space, as no real value does. */
const HASH_PREFIX = ' #';

const shortenValue = (value: string | null): string | null =>
	value !== null && value.length > MAX_VALUE_LENGTH ? HASH_PREFIX + shortHash(value) : value;

/** Part of the static data of workflows, so its keys must stay as they are. */
interface StoredState {
	/** When the change that led to this state was made, in milliseconds. */
	at: number;
	state: EventState;
}

const isStoredState = (value: unknown): value is [string, StoredState] =>
	Array.isArray(value) && typeof value[0] === 'string' && typeof (value[1] as StoredState | null)?.state === 'object';

function parseStates(text: unknown): Array<[string, StoredState]> {
	try {
		const list: unknown = JSON.parse(String(text ?? '[]'));
		return Array.isArray(list) ? list.filter(isStoredState) : [];
	} catch {
		return [];
	}
}

interface StoreLimits {
	keys: number;
	/** Characters of all states together. */
	characters: number;
}

export class ChangeStore {
	private readonly keys: LruSet<string>;
	private readonly states: Map<string, StoredState>;

	/** States contain local times of this time zone; those of another zone are ignored. */
	constructor(
		private readonly data: IDataObject,
		private readonly zone: string,
		private readonly limits: StoreLimits = { keys: MAX_KEYS, characters: MAX_STATE_CHARACTERS },
	) {
		this.keys = new LruSet(this.limits.keys);
		for (const key of String(data.seen ?? '').split(' ')) if (key !== '') this.keys.add(key);
		this.states = new Map(data.zone === zone ? parseStates(data.states) : []);
	}

	/** A test run starts empty and stores nothing. */
	static of(context: AnyTrigger, zone = context.getTimezone()): ChangeStore {
		return new ChangeStore(isManual(context) ? {} : context.getWorkflowStaticData('node'), zone);
	}

	hasSeen(key: string): boolean {
		return this.keys.has(shortHash(key));
	}

	/** To be called only when n8n has the change: a change that was seen is never delivered again. */
	markSeen(key: string): void {
		this.keys.add(shortHash(key));
		this.data.seen = [...this.keys].join(' ');
	}

	/** The last known state without values that were too long to be stored; undefined if there is none. */
	lastKnown(eventId: string): EventState | undefined {
		const stored = this.states.get(shortHash(eventId));
		return (
			stored && Object.fromEntries(Object.entries(stored.state).filter(([, value]) => !value?.startsWith(HASH_PREFIX)))
		);
	}

	/** What differs from the last known state; undefined if there is none, or only a later one. */
	compare(eventId: string, at: number, state: EventState): Differences | undefined {
		const stored = this.states.get(shortHash(eventId));
		if (!stored || stored.at > at) return undefined;
		const differences: Differences = {};
		for (const [name, after] of Object.entries(state)) {
			const before = stored.state[name] ?? null;
			if (before === shortenValue(after)) continue;
			differences[name] = before?.startsWith(HASH_PREFIX) ? { after } : { before, after };
		}
		return differences;
	}

	recordState(eventId: string, at: number, state: EventState): void {
		const id = shortHash(eventId);
		if ((this.states.get(id)?.at ?? 0) > at) return;
		const shortened = Object.fromEntries(Object.entries(state).map(([name, value]) => [name, shortenValue(value)]));
		this.states.delete(id);
		this.states.set(id, { at, state: shortened });
		this.saveStates();
	}

	/** The states that were recorded longest ago are dropped first. */
	private saveStates(): void {
		let text = JSON.stringify([...this.states]);
		for (const oldest of this.states.keys()) {
			if (text.length <= this.limits.characters) break;
			this.states.delete(oldest);
			text = JSON.stringify([...this.states]);
		}
		this.data.zone = this.zone;
		this.data.states = text;
	}
}
