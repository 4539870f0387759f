/** Formats a change for output: with the event's details if wanted, what is different, and the shape that 'Output' selects. */
import type { IDataObject } from 'n8n-workflow';
import { api, OWN_CALENDAR } from '../../dingtalk/endpoints';
import { DingTalkError } from '../../dingtalk/errors/DingTalkError';
import type { Change } from '../../dingtalk/push/parseChange';
import type { ApiEvent } from '../fields/eventOutput';
import type { Item } from '../ItemContext';
import { readChangeOutput, type ReportedChange } from './changeOutput';
import type { ChangeStore } from './changeStore';
import { toEventState } from './comparableEvent';
import { readFetchDetails } from './fields';
import { createSampleChange, createSamplePush } from './sampleChange';

export interface FormattedChange {
	json: IDataObject;
	/** To be called before n8n gets the change: the next change of the event is compared with this one. */
	saveState(): void;
}

export class ChangeFormatter {
	private constructor(
		private readonly item: Item,
		private readonly wantsDetails: boolean,
		private readonly toOutput: (change: ReportedChange) => IDataObject,
		private readonly store: ChangeStore,
	) {}

	/** Reads the fields at once, so that wrong values are rejected before anything else happens. */
	static of(item: Item, store: ChangeStore): ChangeFormatter {
		return new ChangeFormatter(item, readFetchDetails(item), readChangeOutput(item), store);
	}

	/** A sample change of this kind. */
	formatSample(kind: string): IDataObject {
		const change = createSampleChange(kind, { withEvent: this.wantsDetails, zone: this.item.zone });
		return this.toOutput({ ...change, operator: 'user', push: createSamplePush(change) });
	}

	/** The event is read from the calendar of `userId`. */
	async format(change: Change, userId: string | undefined): Promise<FormattedChange> {
		const { kind, eventId, unionIds, updatedAt: at, key, operator, raw: push } = change;
		const details = await this.fetchDetails(eventId, userId);
		const reported: ReportedChange = { kind, eventId, at, unionIds, key, operator, push, ...details };
		const state = reported.event && toEventState(reported.event, this.item.zone);
		if (state) reported.differences = this.store.compare(eventId, at, state);
		else if (this.wantsDetails) reported.lastKnown = this.store.lastKnown(eventId);
		return { json: this.toOutput(reported), saveState: () => state && this.store.recordState(eventId, at, state) };
	}

	/** Never rejects: a change is reported even if the event cannot be read. */
	private async fetchDetails(
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
