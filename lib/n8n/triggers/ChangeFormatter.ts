/** What comes out for a change: the event if the user wants it, what is different in it, in the shape the user chose. */
import type { IDataObject } from 'n8n-workflow';
import { api, OWN_CALENDAR } from '../../dingtalk/endpoints';
import { DingTalkError } from '../../dingtalk/errors/DingTalkError';
import type { Change } from '../../dingtalk/push/parseChange';
import type { ApiEvent } from '../fields/eventOutput';
import type { Item } from '../ItemContext';
import { readFetchDetails } from './fields';
import type { ChangeStore } from './changeStore';
import { readChangeOutput, type ReportedChange } from './changeOutput';
import { createSample } from './sampleChange';
import { toComparableEvent } from './comparableEvent';

export interface FormattedChange {
	json: IDataObject;
	/** To be called when n8n has it: the next change of the event is compared with this one. */
	remember(): void;
}

export class ChangeFormatter {
	private constructor(
		private readonly item: Item,
		private readonly wantsDetails: boolean,
		private readonly toOutput: (told: ReportedChange) => IDataObject,
		private readonly memory: ChangeStore,
	) {}

	/** Reads the fields now, so that wrong ones are refused before anything happens. */
	static of(item: Item, memory: ChangeStore): ChangeFormatter {
		return new ChangeFormatter(item, readFetchDetails(item), readChangeOutput(item), memory);
	}

	/** An invented change of this kind. */
	sample(kind: string): IDataObject {
		return this.toOutput(createSample(kind, this.wantsDetails));
	}

	/** The event is read in the calendar of `userId`. */
	async format(change: Change, userId: string | undefined): Promise<FormattedChange> {
		const { kind, eventId, unionIds, updatedAt: at, key, operator, raw: push } = change;
		const told: ReportedChange = {
			kind,
			eventId,
			at,
			unionIds,
			key,
			operator,
			push,
			...(await this.readDetails(eventId, userId)),
		};
		const state = told.event && toComparableEvent(told.event, this.item.zone);
		if (state) told.differences = this.memory.compare(eventId, at, state);
		else if (this.wantsDetails) told.lastKnown = this.memory.lastKnown(eventId);
		return { json: this.toOutput(told), remember: () => state && this.memory.recordState(eventId, at, state) };
	}

	/** A change is never lost because the event cannot be read. */
	private async readDetails(
		eventId: string,
		userId: string | undefined,
	): Promise<Pick<ReportedChange, 'details' | 'event' | 'problem'>> {
		if (!this.wantsDetails) return { details: 'notAsked' };
		if (userId === undefined)
			return { details: 'failed', problem: 'DingTalk does not say in whose calendar the event is.' };
		try {
			const path = { userId, calendarId: OWN_CALENDAR, eventId };
			return { details: 'fetched', event: await this.item.client.request<ApiEvent>(api.getEvent, { path }) };
		} catch (error) {
			if (error instanceof DingTalkError && error.kind === 'missing') return { details: 'gone' };
			return { details: 'failed', problem: formatError(error as Error) };
		}
	}
}

const formatError = (error: Error): string =>
	error instanceof DingTalkError
		? [`${error.message}.`, error.details.advice, error.rawResponse].filter(Boolean).join(' ')
		: error.message;
