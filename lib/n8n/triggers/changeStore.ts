/**
 * Stores the changes that a trigger has seen and the last state of each event, across restarts. It uses n8n's static data,
 * which n8n saves as a whole with every execution, in clear text, and exports with the workflow. So it is kept small, and
 * holds fingerprints instead of values unless the user chooses 'Remember Values'.
 */
import type { IDataObject } from 'n8n-workflow';
import { hashText } from '../../dingtalk/utils/hash';
import { LruSet } from '../../dingtalk/utils/lru';
import { isManual, type AnyTrigger } from './context';

/** DingTalk repeats a push within minutes. */
const MAX_KEYS = 1000;
/** Enough characters to tell a thousand keys apart. */
const HASH_LENGTH = 12;
/** Enough characters to tell the values of one property of one event apart. */
const FINGERPRINT_LENGTH = 6;
const MAX_STATE_CHARACTERS = 32_000;
/** Longer values are stored as a fingerprint: it shows that they changed, but not what they were before. */
const MAX_VALUE_LENGTH = 200;
/** These say nothing about people or subjects, so they are always stored as they are. */
const PUBLIC_PROPERTIES = new Set(['start', 'end', 'status']);

/** An event in readable form: one text per property. */
export type EventState = Record<string, string | null>;

/** `before` is missing if the value was not stored: it was too long, or 'Remember Values' is off. */
export type Differences = Record<string, { before?: string | null; after: string | null }>;

const shortHash = (text: string): string => hashText(text, HASH_LENGTH);

/** Begins with a space, as no real value does. */
const FINGERPRINT_PREFIX = ' #';

const isFingerprint = (value: string | null): boolean => value?.startsWith(FINGERPRINT_PREFIX) === true;

const toFingerprint = (value: string): string =>
	isFingerprint(value) ? value : FINGERPRINT_PREFIX + hashText(value, FINGERPRINT_LENGTH);

/** Fingerprints of earlier versions are longer. */
const isSame = (stored: string | null, value: string | null): boolean =>
	stored === value ||
	(value !== null &&
		stored?.startsWith(FINGERPRINT_PREFIX) === true &&
		hashText(value).startsWith(stored.slice(FINGERPRINT_PREFIX.length)));

/** To save space, a property that is empty is stored only if values are, or if it counts that it is empty. */
function toStoredState(state: EventState, rememberValues: boolean, keepEmpty = rememberValues): EventState {
	const stored: EventState = {};
	for (const [name, value] of Object.entries(state)) {
		if (value === null) {
			if (keepEmpty) stored[name] = null;
		} else if (PUBLIC_PROPERTIES.has(name)) stored[name] = value;
		else stored[name] = rememberValues && value.length <= MAX_VALUE_LENGTH ? value : toFingerprint(value);
	}
	return stored;
}

/** Part of the static data of workflows, so its keys must stay as they are. */
interface StoredState {
	/** When the change that led to this state was made, in milliseconds. */
	at: number;
	state: EventState;
	/** What that change replaced, so that the same change is described in the same way when it is delivered again. */
	before?: EventState;
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

export interface StoreOptions {
	/** Whether to store values in clear text, not only whether they changed. */
	rememberValues: boolean;
	keys?: number;
	/** Characters of all states together. */
	characters?: number;
}

export class ChangeStore {
	private readonly keys: LruSet<string>;
	private readonly states = new Map<string, StoredState>();
	private readonly characters: number;
	private readonly rememberValues: boolean;

	/** States contain local times of this time zone; those of another zone are ignored. */
	constructor(
		private readonly data: IDataObject,
		private readonly zone: string,
		{ rememberValues, keys = MAX_KEYS, characters = MAX_STATE_CHARACTERS }: StoreOptions,
	) {
		this.rememberValues = rememberValues;
		this.characters = characters;
		this.keys = new LruSet(keys);
		for (const key of String(data.seen ?? '').split(' ')) if (key !== '') this.keys.add(key);
		this.takeLater(data);
	}

	/** A test run starts empty and stores nothing. */
	static of(context: AnyTrigger, rememberValues = false): ChangeStore {
		const data = isManual(context) ? {} : context.getWorkflowStaticData('node');
		return new ChangeStore(data, context.getTimezone(), { rememberValues });
	}

	/** Takes over what another process has stored of later changes, so that saving does not undo it. */
	merge(data: IDataObject): void {
		if (this.takeLater(data)) this.saveStates();
	}

	private takeLater({ zone, states }: IDataObject): boolean {
		if (zone !== this.zone) return false;
		let isChanged = false;
		for (const [id, { at, state, before }] of parseStates(states)) {
			if ((this.states.get(id)?.at ?? -1) >= at) continue;
			this.states.delete(id);
			this.states.set(id, {
				at,
				state: toStoredState(state, this.rememberValues),
				...(before && { before: toStoredState(before, this.rememberValues, true) }),
			});
			isChanged = true;
		}
		return isChanged;
	}

	hasSeen(key: string): boolean {
		return this.keys.has(shortHash(key));
	}

	/** To be called only when n8n has the change: a change that was seen is never delivered again. */
	markSeen(key: string): void {
		this.keys.add(shortHash(key));
		this.data.seen = [...this.keys].join(' ');
	}

	/** The last known state without values that were not stored; undefined if there is none. */
	lastKnown(eventId: string): EventState | undefined {
		const stored = this.states.get(shortHash(eventId));
		return stored && Object.fromEntries(Object.entries(stored.state).filter(([, value]) => !isFingerprint(value)));
	}

	/** What differs from the last known state; undefined if there is none, or only a later one. */
	compare(eventId: string, at: number, state: EventState): Differences | undefined {
		const previous = this.getPrevious(eventId, at, state);
		if (!previous) return undefined;
		const differences: Differences = {};
		for (const [name, after] of Object.entries(state)) {
			const before = previous[name] ?? null;
			if (isSame(before, after)) continue;
			differences[name] = isFingerprint(before) ? { after } : { before, after };
		}
		return differences;
	}

	/** To be called before n8n gets the change: n8n saves the static data at that moment. */
	recordState(eventId: string, at: number, state: EventState): void {
		this.recordStates([[eventId, at, state]]);
	}

	/** If there is no room for all, the last ones are kept. */
	recordStates(states: ReadonlyArray<[eventId: string, at: number, state: EventState]>): void {
		for (const one of states) this.record(...one);
		if (states.length > 0) this.saveStates();
	}

	private record(eventId: string, at: number, state: EventState): void {
		const id = shortHash(eventId);
		const stored = this.states.get(id);
		if (stored && stored.at > at) return;
		const previous = this.getPrevious(eventId, at, state);
		const now = toStoredState(state, this.rememberValues);
		const names = new Set([...Object.keys(now), ...Object.keys(previous ?? {})]);
		const changed = [...names].filter((name) => (previous?.[name] ?? null) !== (now[name] ?? null));
		const before = previous && Object.fromEntries(changed.map((name) => [name, previous[name] ?? null]));
		this.states.delete(id);
		this.states.set(id, { at, state: now, ...(before && { before }) });
	}

	/** The state before this change, also if the change was recorded before and is now delivered again. */
	private getPrevious(eventId: string, at: number, state: EventState): EventState | undefined {
		const stored = this.states.get(shortHash(eventId));
		if (!stored || stored.at > at) return undefined;
		const isRepeated =
			stored.at === at && Object.entries(state).every(([name, value]) => isSame(stored.state[name] ?? null, value));
		if (!isRepeated) return stored.state;
		return stored.before && { ...stored.state, ...stored.before };
	}

	/** The states that were recorded longest ago are dropped first. */
	private saveStates(): void {
		let text = JSON.stringify([...this.states]);
		for (const oldest of this.states.keys()) {
			if (text.length <= this.characters) break;
			this.states.delete(oldest);
			text = JSON.stringify([...this.states]);
		}
		this.data.zone = this.zone;
		this.data.states = text;
	}
}
