/** Formats a change for output: with the event's details if wanted, what is different, and the shape that 'Output' selects. */
import type { IDataObject } from 'n8n-workflow';
import { api, OWN_CALENDAR } from '../../dingtalk/endpoints';
import type { Client } from '../../dingtalk/client/types';
import { DingTalkError } from '../../dingtalk/errors/DingTalkError';
import type { Change } from '../../dingtalk/push/parseChange';
import type { ApiEvent } from '../fields/eventOutput';
import type { Item } from '../ItemContext';
import { readChangeOutput, type ReportedChange, type UnreadablePerson } from './changeOutput';
import type { ChangeStore } from './changeStore';
import { toEventState } from './comparableEvent';
import { formatBooking } from './formatBooking';
import { readFetchDetails, readRememberValues } from './fields';
import { createSampleChange, createSamplePush } from './sampleChange';
import { SharedReads } from './sharedReads';
import { joinSentences, t } from '../../locale/t';

export type EventDetails = Pick<ReportedChange, 'details' | 'event' | 'problem'>;

/** Connects to DingTalk with the credential as it is now. */
export type Connect = () => Promise<Client>;

export interface FormattedChange {
	json: IDataObject;
	/** To be called before n8n gets the change: the next change of the event is compared with this one. */
	saveState(): void;
}

export class ChangeFormatter {
	private readonly reads = new SharedReads<EventDetails>();

	private constructor(
		private readonly item: Item,
		private readonly wantsDetails: boolean,
		private readonly toOutput: (change: ReportedChange) => IDataObject,
		private readonly store: ChangeStore,
		private readonly connect: Connect,
	) {}

	/** Reads the fields at once, so that wrong values are rejected before anything else happens. */
	static of(item: Item, store: ChangeStore, connect: Connect = async () => item.client): ChangeFormatter {
		return new ChangeFormatter(item, readFetchDetails(item), readChangeOutput(item), store, connect);
	}

	/** A sample change of this kind. */
	formatSample(kind: string): IDataObject {
		const rememberValues = readRememberValues(this.item);
		const change = createSampleChange(kind, { withEvent: this.wantsDetails, rememberValues, zone: this.item.zone });
		return this.toOutput({ ...change, operator: 'user', push: createSamplePush(change) });
	}

	/** The event is read from the calendar of `userId`. */
	async format(change: Change, userId: string | undefined, unreadable?: UnreadablePerson[]): Promise<FormattedChange> {
		return this.describe(change, await this.readDetails(change, userId), unreadable);
	}

	/** Compares the event with its last known state, so changes of one event must be passed in their order. */
	describe(change: Change, details: EventDetails, unreadable?: UnreadablePerson[]): FormattedChange {
		const { kind, eventId, unionIds, updatedAt: at, key, operator, raw: push } = change;
		const reported: ReportedChange = { kind, eventId, at, unionIds, key, operator, push, ...details };
		if (change.booking) {
			reported.extraFields = { booking: formatBooking(change.booking) };
			return { json: this.toOutput(reported), saveState: () => undefined };
		}
		reported.unreadable = unreadable;
		const state = reported.event && toEventState(reported.event, this.item.zone);
		if (state) reported.differences = this.store.compare(eventId, at, state);
		else if (this.wantsDetails) reported.lastKnown = this.store.lastKnown(eventId);
		return { json: this.toOutput(reported), saveState: () => state && this.store.recordState(eventId, at, state) };
	}

	/** Never rejects: a change is reported even if the event cannot be read. */
	async readDetails({ eventId, booking }: Change, userId: string | undefined): Promise<EventDetails> {
		if (!this.wantsDetails || booking) return { details: 'notAsked' };
		if (userId === undefined)
			return { details: 'failed', problem: t`DingTalk does not say in whose calendar the event is.` };
		return await this.reads.read(`${userId} ${eventId}`, async () => await this.fetchEvent(eventId, userId));
	}

	private async fetchEvent(eventId: string, userId: string): Promise<EventDetails> {
		try {
			const client = await this.connect();
			const path = { userId, calendarId: OWN_CALENDAR, eventId };
			return { details: 'fetched', event: await client.request<ApiEvent>(api.getEvent, { path }) };
		} catch (error) {
			if (error instanceof DingTalkError && error.isThingMissing) return { details: 'gone' };
			return { details: 'failed', problem: formatError(error as Error) };
		}
	}
}

const formatError = (error: Error): string =>
	error instanceof DingTalkError
		? joinSentences(t`${error.message}.`, error.details.advice, error.rawResponse)
		: error.message;
