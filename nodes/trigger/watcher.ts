/** What one trigger does with a pushed change: is it meant, did it come before, what is known of the event. */
import { createHash } from 'node:crypto';
import type { INodeExecutionData } from 'n8n-workflow';
import { api } from '../dingtalk/api';
import { DingTalkError } from '../dingtalk/errors';
import type { Change } from '../dingtalk/push/change';
import type { ApiEvent } from '../DingTalkCalendar/fields/eventOutput';
import type { Item } from '../DingTalkCalendar/runner/item';
import { PUSHED_KINDS, readFetchDetails, readTriggerOn, readWatchedPeople } from './fields';
import { Memory } from './memory';
import { openItem, ownerOf, type AnyTrigger } from './open';
import { readChangeOutput, type Told } from './output';
import { sampleOf } from './sample';
import { stateOf } from './state';

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
		private readonly item: Item,
		private readonly kinds: Set<string>,
		private readonly people: Set<string>,
		private readonly wantsDetails: boolean,
		private readonly show: (told: Told) => INodeExecutionData['json'],
		private readonly memory: Memory,
	) {}

	/** Reads the fields and looks the people up; whoever is not found is refused here. */
	static async open(context: AnyTrigger): Promise<Watcher> {
		const item = await openItem(context);
		const kinds = readTriggerOn(item, PUSHED_KINDS);
		const people = readWatchedPeople(item);
		const wantsDetails = readFetchDetails(item);
		const show = readChangeOutput(item);
		return new Watcher(ownerOf(context), item, kinds, await people(), wantsDetails, show, Memory.of(context));
	}

	/** An invented change of a kind that the user chose. */
	sample(): INodeExecutionData {
		const [kind] = this.kinds;
		return { json: this.show(sampleOf(kind, this.wantsDetails)) };
	}

	/** Whether the user asked for changes like this one. */
	wants({ kind, unionIds }: Change): boolean {
		return this.kinds.has(kind) && (this.people.size === 0 || unionIds.some((id) => this.people.has(id)));
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

	private async takeInTurn(change: Change, hand: (prepared: Prepared) => Promise<void>, before?: Promise<void>): Promise<void> {
		// What became of the change before is not this one's business.
		await before?.catch(() => undefined);
		const prepared = await this.prepare(change);
		if (!prepared) return;
		await hand(prepared);
		prepared.confirm();
	}

	/** Undefined for a change that is not meant or came before. */
	async prepare(change: Change): Promise<Prepared | undefined> {
		if (!this.wants(change) || this.memory.hasSeen(change.key)) return undefined;
		const { kind, eventId, unionIds, updatedAt: at, key, operator, raw: push } = change;
		const told: Told = { kind, eventId, at, unionIds, key, operator, push, ...(await this.detailsOf(change)) };
		const state = told.event && stateOf(told.event, this.item.zone);
		if (state) told.differences = this.memory.compare(eventId, at, state);
		else if (this.wantsDetails) told.lastKnown = this.memory.lastKnown(eventId);
		return {
			item: { json: this.show(told) },
			deduplicationKey: `${this.owner}:${shortened(key)}`,
			confirm: () => {
				this.memory.see(key);
				if (state) this.memory.remember(eventId, at, state);
			},
		};
	}

	/** A change is never lost because the event cannot be read. */
	private async detailsOf({ eventId, unionIds }: Change): Promise<Pick<Told, 'details' | 'event' | 'problem'>> {
		if (!this.wantsDetails) return { details: 'notAsked' };
		const userId = unionIds.find((id) => this.people.has(id)) ?? unionIds.at(0);
		if (userId === undefined) return { details: 'failed', problem: 'DingTalk does not say in whose calendar the event is.' };
		try {
			const path = { userId, calendarId: 'primary', eventId };
			return { details: 'fetched', event: await this.item.client.request<ApiEvent>(api.getEvent, { path }) };
		} catch (error) {
			if (error instanceof DingTalkError && error.trouble === 'missing') return { details: 'gone' };
			return { details: 'failed', problem: wordsFor(error as Error) };
		}
	}
}

const shortened = (key: string): string =>
	key.length > LONGEST_KEY ? createHash('sha256').update(key).digest('base64url') : key;

const wordsFor = (error: Error): string =>
	error instanceof DingTalkError ? [`${error.message}.`, error.facts.advice, error.evidence].filter(Boolean).join(' ') : error.message;
