/** What comes out for a change: the event if the user wants it, what is different in it, in the shape the user chose. */
import type { IDataObject } from 'n8n-workflow';
import { api, OWN_CALENDAR } from '../../dingtalk/endpoints';
import { DingTalkError } from '../../dingtalk/errors/DingTalkError';
import type { Change } from '../../dingtalk/push/parseChange';
import type { ApiEvent } from '../fields/eventOutput';
import type { Item } from '../ItemContext';
import { readFetchDetails } from './fields';
import type { Memory } from './changeStore';
import { readChangeOutput, type Told } from './changeOutput';
import { sampleOf } from './sampleChange';
import { stateOf } from './comparableEvent';

export interface Telling {
	json: IDataObject;
	/** To be called when n8n has it: the next change of the event is compared with this one. */
	remember(): void;
}

export class Teller {
	private constructor(
		private readonly item: Item,
		private readonly wantsDetails: boolean,
		private readonly show: (told: Told) => IDataObject,
		private readonly memory: Memory,
	) {}

	/** Reads the fields now, so that wrong ones are refused before anything happens. */
	static of(item: Item, memory: Memory): Teller {
		return new Teller(item, readFetchDetails(item), readChangeOutput(item), memory);
	}

	/** An invented change of this kind. */
	sample(kind: string): IDataObject {
		return this.show(sampleOf(kind, this.wantsDetails));
	}

	/** The event is read in the calendar of `userId`. */
	async tell(change: Change, userId: string | undefined): Promise<Telling> {
		const { kind, eventId, unionIds, updatedAt: at, key, operator, raw: push } = change;
		const told: Told = { kind, eventId, at, unionIds, key, operator, push, ...(await this.detailsOf(eventId, userId)) };
		const state = told.event && stateOf(told.event, this.item.zone);
		if (state) told.differences = this.memory.compare(eventId, at, state);
		else if (this.wantsDetails) told.lastKnown = this.memory.lastKnown(eventId);
		return { json: this.show(told), remember: () => state && this.memory.remember(eventId, at, state) };
	}

	/** A change is never lost because the event cannot be read. */
	private async detailsOf(
		eventId: string,
		userId: string | undefined,
	): Promise<Pick<Told, 'details' | 'event' | 'problem'>> {
		if (!this.wantsDetails) return { details: 'notAsked' };
		if (userId === undefined)
			return { details: 'failed', problem: 'DingTalk does not say in whose calendar the event is.' };
		try {
			const path = { userId, calendarId: OWN_CALENDAR, eventId };
			return { details: 'fetched', event: await this.item.client.request<ApiEvent>(api.getEvent, { path }) };
		} catch (error) {
			if (error instanceof DingTalkError && error.kind === 'missing') return { details: 'gone' };
			return { details: 'failed', problem: wordsFor(error as Error) };
		}
	}
}

const wordsFor = (error: Error): string =>
	error instanceof DingTalkError
		? [`${error.message}.`, error.details.advice, error.rawResponse].filter(Boolean).join(' ')
		: error.message;
