/**
 * What a trigger remembers beyond a restart, in n8n's static data, which n8n stores as a whole each time something is
 * emitted: so it is kept small.
 */
import type { IDataObject } from 'n8n-workflow';
import { hashText } from '../../dingtalk/utils/hash';
import { LruSet } from '../../dingtalk/utils/lru';
import { isManual, type AnyTrigger } from './context';

/** DingTalk repeats a push within minutes. */
const MOST_KEYS = 1000;
/** Enough letters that two of a thousand keys are never the same. */
const KEY_LETTERS = 12;
const ROOM_FOR_STATES = 32_000;
/** A longer text is kept as a fingerprint: that it changed is known then, not from what. */
const LONGEST_VALUE = 200;

/** How an event was, as people read it: one text for each of its parts. */
export type State = Record<string, string | null>;

/** `before` is missing where it was too long to be kept. */
export type Differences = Record<string, { before?: string | null; after: string | null }>;

const digest = (text: string): string => hashText(text, KEY_LETTERS);

/** A space does not begin anything that people write as a title. */
const FINGERPRINT = ' #';

const kept = (value: string | null): string | null =>
	value !== null && value.length > LONGEST_VALUE ? FINGERPRINT + digest(value) : value;

interface Entry {
	/** Milliseconds of the change that led to it. */
	at: number;
	state: State;
}

const isEntry = (value: unknown): value is [string, Entry] =>
	Array.isArray(value) && typeof value[0] === 'string' && typeof (value[1] as Entry | null)?.state === 'object';

function parsed(text: unknown): Array<[string, Entry]> {
	try {
		const list: unknown = JSON.parse(String(text ?? '[]'));
		return Array.isArray(list) ? list.filter(isEntry) : [];
	} catch {
		return [];
	}
}

interface Most {
	keys: number;
	/** That all states together may take. */
	characters: number;
}

export class Memory {
	private readonly keys: LruSet<string>;
	private readonly states: Map<string, Entry>;

	/** `zone` is what local times in the states mean; in another zone they are worth nothing. */
	constructor(
		private readonly data: IDataObject,
		private readonly zone: string,
		private readonly most: Most = { keys: MOST_KEYS, characters: ROOM_FOR_STATES },
	) {
		this.keys = new LruSet(this.most.keys);
		for (const key of String(data.seen ?? '').split(' ')) if (key !== '') this.keys.add(key);
		this.states = new Map(data.zone === zone ? parsed(data.states) : []);
	}

	/** A test run reads and leaves nothing. */
	static of(context: AnyTrigger, zone = context.getTimezone()): Memory {
		return new Memory(isManual(context) ? {} : context.getWorkflowStaticData('node'), zone);
	}

	hasSeen(key: string): boolean {
		return this.keys.has(digest(key));
	}

	/** To be called when n8n has the change, and not before: what is seen is never given to n8n again. */
	see(key: string): void {
		this.keys.add(digest(key));
		this.data.seen = [...this.keys].join(' ');
	}

	/** The last state known, without what was too long to be kept; undefined where none is. */
	lastKnown(eventId: string): State | undefined {
		const entry = this.states.get(digest(eventId));
		return (
			entry && Object.fromEntries(Object.entries(entry.state).filter(([, value]) => !value?.startsWith(FINGERPRINT)))
		);
	}

	/** What is different from the last known state; undefined where none is known, or only a later one. */
	compare(eventId: string, at: number, state: State): Differences | undefined {
		const before = this.states.get(digest(eventId));
		if (!before || before.at > at) return undefined;
		const differences: Differences = {};
		for (const [name, after] of Object.entries(state)) {
			const was = before.state[name] ?? null;
			if (was === kept(after)) continue;
			differences[name] = was?.startsWith(FINGERPRINT) ? { after } : { before: was, after };
		}
		return differences;
	}

	remember(eventId: string, at: number, state: State): void {
		const id = digest(eventId);
		if ((this.states.get(id)?.at ?? 0) > at) return;
		const short = Object.fromEntries(Object.entries(state).map(([name, value]) => [name, kept(value)]));
		this.states.delete(id);
		this.states.set(id, { at, state: short });
		this.save();
	}

	/** What was changed longest ago makes room. */
	private save(): void {
		let text = JSON.stringify([...this.states]);
		for (const oldest of this.states.keys()) {
			if (text.length <= this.most.characters) break;
			this.states.delete(oldest);
			text = JSON.stringify([...this.states]);
		}
		this.data.zone = this.zone;
		this.data.states = text;
	}
}
