/** One input item as an operation sees it: its parameter values and the client for its requests. */
import type { IDataObject } from 'n8n-workflow';
import type { EventContext } from '../dingtalk/events/attendees';
import type { WriteKey } from '../dingtalk/client/types';
import type { DingTalkClient } from '../dingtalk/client/client';
import type { Directory } from '../dingtalk/people/directory';
import { hashToken } from '../dingtalk/utils/hash';
import { isObject } from '../dingtalk/utils/json';
import type { Work } from './retries/workIdentity';

export type Values = Record<string, unknown>;

/** Where parameter values come from: an execution of the node, or a trigger. */
export interface ParameterSource {
	/** The stored value with expressions resolved; null if the field was not set. */
	parameter(name: string, index: number): unknown;
	input(index: number): IDataObject;
	/** The binary files of the item, by field name. */
	files?(index: number): Map<string, () => Promise<Buffer>>;
}

/** Shared by all items of a run. */
export interface RunContext {
	source: ParameterSource;
	client: DingTalkClient;
	directory: Directory;
	/** The workflow's time zone. */
	zone: string;
	/** Names this try of the run: another one when n8n retries the node. */
	tryKey: string;
	/** Stays the same in every run of this node. */
	nodeKey?: string;
	/** The idempotency keys that the user gave, each with the item that has it. */
	claimedKeys?: Map<string, number>;
	/** The idempotency key that the user gave for this item. */
	userKey?: string;
	/** What the items of an operation share, by its class. */
	shared?: Map<unknown, object>;
}

const isPlainObject = (value: unknown): value is Values =>
	isObject(value) && Object.getPrototypeOf(value) === Object.prototype;

const LOCATOR_KEYS = ['mode', 'value', 'cachedResultName', 'cachedResultUrl'];

/** The editor marks a locator only when it is filled in; one that was just added to a collection has mode and value alone. */
const isLocator = (value: Values): boolean =>
	value.__rl === true ||
	('mode' in value && 'value' in value && Object.keys(value).every((key) => LOCATOR_KEYS.includes(key)));

/** A locator is stored as an object, at any depth; workflows written by hand or by an agent may hold the plain value. */
function unwrapLocators(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(unwrapLocators);
	if (!isPlainObject(value)) return value;
	if (isLocator(value)) return value.value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapLocators(inner)]));
}

export class Item {
	constructor(
		private readonly run: RunContext,
		readonly index: number,
		readonly hints: string[] = [],
		/** What differs from the run; the rest is not copied for each of many items. */
		private readonly own: Pick<RunContext, 'client' | 'userKey'> = run,
		/** Only items that write have it. */
		public work?: Work,
	) {}

	get client(): DingTalkClient {
		return this.own.client;
	}

	get directory(): Directory {
		return this.run.directory;
	}

	get zone(): string {
		return this.run.zone;
	}

	/** The value of a field; undefined if it was not set. */
	value(name: string): unknown {
		return unwrapLocators(this.stored(name));
	}

	/** The mode that was chosen in a resource locator. */
	locatorMode(name: string): string | undefined {
		const stored = this.stored(name);
		return isObject(stored) && typeof stored.mode === 'string' ? stored.mode : undefined;
	}

	/** The entry of the list that was chosen in a resource locator, as the list showed it. */
	locatorLabel(name: string): string | undefined {
		const stored = this.stored(name);
		const label = isObject(stored) && stored.mode === 'list' ? stored.cachedResultName : undefined;
		return typeof label === 'string' && label !== '' ? label : undefined;
	}

	/** The fields of a collection that the user added. An empty cell of a sheet counts as not added. */
	collection(name: string): Values {
		const stored = this.stored(name);
		if (!isObject(stored)) return {};
		return Object.fromEntries(
			Object.entries(stored)
				.filter(([, value]) => value !== undefined && value !== null)
				.map(([key, value]) => [key, unwrapLocators(value)]),
		);
	}

	/** The input data itself, which stays the same when n8n retries the node. */
	get input(): IDataObject {
		return this.run.source.input(this.index);
	}

	/** The binary files of the item, by field name. */
	get files(): Map<string, () => Promise<Buffer>> {
		return this.run.source.files?.(this.index) ?? new Map<string, () => Promise<Buffer>>();
	}

	/** The same item with another client, or with the user's idempotency key. */
	with(change: Partial<Pick<RunContext, 'client' | 'userKey'>>): Item {
		const { client = this.client, userKey = this.own.userKey } = change;
		if (client === this.client && userKey === this.own.userKey) return this;
		return new Item(this.run, this.index, this.hints, { client, userKey }, this.work);
	}

	/** The one object of this class that all items of the run share. */
	shared<T extends object>(type: new () => T): T {
		const existing = this.run.shared?.get(type);
		if (existing instanceof type) return existing;
		const created = new type();
		this.run.shared?.set(type, created);
		return created;
	}

	/** Claims an idempotency key for this item; returns the item that already has it, if any. */
	claimKey(key: string): number | undefined {
		const other = this.run.claimedKeys?.get(key);
		if (other === undefined) this.run.claimedKeys?.set(key, this.index);
		return other;
	}

	/**
	 * The idempotency key of a request of this item that sets something: the same in each try of n8n. `about` tells it from
	 * another request of the same kind. The user's key is not part of it.
	 */
	idempotencyKey(what: string, about: unknown): string {
		return hashToken([this.work?.name ?? `${this.run.tryKey}/${this.index}`, what, JSON.stringify(about)].join('\n'));
	}

	/**
	 * The key of a request that creates something: with a key from the user, the same in all executions of a day. What is
	 * sent has no part in it: an expression such as $now gives another body when n8n retries the node.
	 */
	creationKey(what: string, about?: unknown): WriteKey {
		const { nodeKey } = this.run;
		const { userKey } = this.own;
		if (userKey === undefined) return { idempotencyKey: this.idempotencyKey(what, about) };
		const parts = [nodeKey, userKey, what, about === undefined ? '' : JSON.stringify(about)];
		return { idempotencyKey: hashToken(parts.join('\n')), lastsOneDay: true };
	}

	/** Whether another execution may have made the same creation: one with the same key from the user, or the one that is retried. */
	get sharesCreations(): boolean {
		return this.own.userKey !== undefined || this.work?.isRepeated === true;
	}

	/** A key from the subject alone: for a day, DingTalk treats the same request of two runs as one. */
	crossRunKey(what: string, about: unknown): WriteKey {
		return { idempotencyKey: hashToken(`${what}\n${JSON.stringify(about)}`), lastsOneDay: true };
	}

	/** Shows a hint with the results, once for all items with the same text. */
	addHint(text: string): void {
		this.hints.push(text);
	}

	/** One event, for work that may take several requests. */
	eventContext(path: EventContext['path']): EventContext {
		return {
			client: this.client,
			path,
			idempotencyKey: (what, body) => this.idempotencyKey(what, body),
			keyAfterRead: (what, body) => this.keyAfterRead(what, body),
		};
	}

	/**
	 * The key of a request that follows from what was just read: another one in each try. What a retry then finds to be done
	 * has to be done, even if an earlier try has done it: it was undone since.
	 */
	keyAfterRead(what: string, about: unknown): string {
		return hashToken([this.run.tryKey, this.index, what, JSON.stringify(about)].join('\n'));
	}

	private stored(name: string): unknown {
		return this.run.source.parameter(name, this.index) ?? undefined;
	}
}
