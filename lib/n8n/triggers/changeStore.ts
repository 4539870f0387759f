/**
 * What a trigger remembers beyond a restart, in n8n's static data, which n8n stores as a whole each time something is
 * emitted: so it is kept small.
 */
import type { IDataObject } from 'n8n-workflow';
import { hashText } from '../../dingtalk/utils/hash';
import { LruSet } from '../../dingtalk/utils/lru';
import { isManual, type AnyTrigger } from './context';

/** DingTalk repeats a push within minutes. */
const MAX_KEYS = 1000;
/** Enough letters that two of a thousand keys are never the same. */
const HASH_LENGTH = 12;
const MAX_STATE_CHARACTERS = 32_000;
/** A longer text is kept as a fingerprint: that it changed is known then, not from what. */
const MAX_VALUE_LENGTH = 200;

/** How an event was, as people read it: one text for each of its parts. */
export type EventState = Record<string, string | null>;

/** `before` is missing where it was too long to be kept. */
export type Differences = Record<string, { before?: string | null; after: string | null }>;

const shortHash = (text: string): string => hashText(text, HASH_LENGTH);

/** A space does not begin anything that people write as a title. */
const HASH_PREFIX = ' #';

const shortenValue = (value: string | null): string | null =>
	value !== null && value.length > MAX_VALUE_LENGTH ? HASH_PREFIX + shortHash(value) : value;

interface StoredState {
	/** Milliseconds of the change that led to it. */
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
	/** That all states together may take. */
	characters: number;
}

export class ChangeStore {
	private readonly keys: LruSet<string>;
	private readonly states: Map<string, StoredState>;

	/** `zone` is what local times in the states mean; in another zone they are worth nothing. */
	constructor(
		private readonly data: IDataObject,
		private readonly zone: string,
		private readonly limits: StoreLimits = { keys: MAX_KEYS, characters: MAX_STATE_CHARACTERS },
	) {
		this.keys = new LruSet(this.limits.keys);
		for (const key of String(data.seen ?? '').split(' ')) if (key !== '') this.keys.add(key);
		this.states = new Map(data.zone === zone ? parseStates(data.states) : []);
	}

	/** A test run reads and leaves nothing. */
	static of(context: AnyTrigger, zone = context.getTimezone()): ChangeStore {
		return new ChangeStore(isManual(context) ? {} : context.getWorkflowStaticData('node'), zone);
	}

	hasSeen(key: string): boolean {
		return this.keys.has(shortHash(key));
	}

	/** To be called when n8n has the change, and not before: what is seen is never given to n8n again. */
	markSeen(key: string): void {
		this.keys.add(shortHash(key));
		this.data.seen = [...this.keys].join(' ');
	}

	/** The last state known, without what was too long to be kept; undefined where none is. */
	lastKnown(eventId: string): EventState | undefined {
		const entry = this.states.get(shortHash(eventId));
		return (
			entry && Object.fromEntries(Object.entries(entry.state).filter(([, value]) => !value?.startsWith(HASH_PREFIX)))
		);
	}

	/** What is different from the last known state; undefined where none is known, or only a later one. */
	compare(eventId: string, at: number, state: EventState): Differences | undefined {
		const before = this.states.get(shortHash(eventId));
		if (!before || before.at > at) return undefined;
		const differences: Differences = {};
		for (const [name, after] of Object.entries(state)) {
			const was = before.state[name] ?? null;
			if (was === shortenValue(after)) continue;
			differences[name] = was?.startsWith(HASH_PREFIX) ? { after } : { before: was, after };
		}
		return differences;
	}

	recordState(eventId: string, at: number, state: EventState): void {
		const id = shortHash(eventId);
		if ((this.states.get(id)?.at ?? 0) > at) return;
		const short = Object.fromEntries(Object.entries(state).map(([name, value]) => [name, shortenValue(value)]));
		this.states.delete(id);
		this.states.set(id, { at, state: short });
		this.save();
	}

	/** What was changed longest ago makes room. */
	private save(): void {
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
