/** One input item, as an operation sees it: what the user typed for it, and the way to DingTalk. */
import { createHash } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import type { OnEvent } from '../dingtalk/events/attendees';
import type { DingTalkClient } from '../dingtalk/client/client';
import type { Directory } from '../dingtalk/people/directory';
import { isObject } from '../dingtalk/utils/isObject';

export type Values = Record<string, unknown>;

/** Where the fields stand: in a run of the node, or in a trigger. */
export interface ParameterSource {
	/** As n8n stores it, expressions worked out; null where the field was not touched. */
	parameter(name: string, index: number): unknown;
	input(index: number): IDataObject;
	/** The files that came in with the item, as text, by the names of their fields. */
	files?(index: number): Record<string, () => Promise<string>>;
}

/** What all items of a run share. */
export interface RunContext {
	source: ParameterSource;
	client: DingTalkClient;
	directory: Directory;
	/** The workflow's time zone. */
	zone: string;
	/** The same when n8n tries the node again, different in every other run. */
	runKey: string;
	/** What whoever runs this should know, shown with the results. */
	notices?: Set<string>;
	/** The same in every run of this node. */
	nodeKey?: string;
	/** What the user calls items by, and which items have these names already. */
	keys?: Map<string, number>;
	/** What the user calls this item by. */
	key?: string;
}

const isPlainObject = (value: unknown): value is Values =>
	isObject(value) && Object.getPrototypeOf(value) === Object.prototype;

/** A locator is stored as an object, wherever it is; workflows written by hand or by an agent may hold the bare value. */
function unwrapLocators(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(unwrapLocators);
	if (!isPlainObject(value)) return value;
	if (value.__rl === true) return value.value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapLocators(inner)]));
}

/** As DingTalk wants the names of requests. */
const hashKey = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

export class Item {
	constructor(
		private readonly run: RunContext,
		readonly index: number,
	) {}

	get client(): DingTalkClient {
		return this.run.client;
	}

	get directory(): Directory {
		return this.run.directory;
	}

	get zone(): string {
		return this.run.zone;
	}

	/** What the user typed into a field; undefined where the field was not touched. */
	value(name: string): unknown {
		return unwrapLocators(this.stored(name));
	}

	/** How the user said that a locator's value must be read. */
	mode(name: string): string | undefined {
		const stored = this.stored(name);
		return isObject(stored) && typeof stored.mode === 'string' ? stored.mode : undefined;
	}

	/** A collection: only the fields that the user added are in it. An empty cell of a sheet is not a touch. */
	group(name: string): Values {
		const stored = this.stored(name);
		if (!isObject(stored)) return {};
		return Object.fromEntries(
			Object.entries(stored)
				.filter(([, value]) => value !== undefined && value !== null)
				.map(([key, value]) => [key, unwrapLocators(value)]),
		);
	}

	/** What came in, whatever the fields make of it: the same when n8n tries the node again. */
	get input(): IDataObject {
		return this.run.source.input(this.index);
	}

	/** The files that came in with the item, as text, by the names of their fields. */
	get files(): Record<string, () => Promise<string>> {
		return this.run.source.files?.(this.index) ?? {};
	}

	/** The same item with another way to DingTalk, or with a name of its own. */
	with(change: Partial<Pick<RunContext, 'client' | 'key'>>): Item {
		return new Item({ ...this.run, ...change }, this.index);
	}

	/** Takes a name for this item; the item that has it already, if there is one. */
	claim(key: string): number | undefined {
		const other = this.run.keys?.get(key);
		if (other === undefined) this.run.keys?.set(key, this.index);
		return other;
	}

	/**
	 * Names a request of this item, so that DingTalk does it once however often it is sent. `about` is what tells it from
	 * another request that would have to be done too.
	 */
	once(what: string, about: unknown): string {
		const { runKey, nodeKey, key } = this.run;
		// Where the user has named the item, its input may change from run to run.
		const parts =
			key === undefined
				? [runKey, this.index, what, JSON.stringify(about)]
				: [nodeKey, key, what, about === this.input ? '' : JSON.stringify(about)];
		return hashKey(parts.join('\n'));
	}

	/** Names a request by what it is about alone, so that two runs that ask for the same are one to DingTalk, for a day. */
	onceInAnyRun(what: string, about: unknown): string {
		return hashKey(`${what}\n${JSON.stringify(about)}`);
	}

	/** Tells whoever runs this something that is not wrong, but should be known; once, however many items say it. */
	notice(text: string): void {
		this.run.notices?.add(text);
	}

	/** The way to one event, for work that may take several requests. */
	onEvent(path: OnEvent['path']): OnEvent {
		return { client: this.client, path, once: (what, body) => this.once(what, body) };
	}

	private stored(name: string): unknown {
		return this.run.source.parameter(name, this.index) ?? undefined;
	}
}
