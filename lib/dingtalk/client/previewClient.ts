/** The preview client: reads from DingTalk, but records writes instead of sending them. */
import { DateTime } from 'luxon';
import { formatDate, formatDateTime, type DateLanguage } from '../../locale/dates';
import type { ApiCall } from '../endpoints';
import { DingTalkClient } from './client';
import { fillPath } from '../fillPath';
import type { CallInput, TransportRequest } from './types';
import { isDay } from '../events/readEvent';
import { listFirstOccurrences, type Occurrence, type RecurringEvent } from '../events/occurrences';
import { withTimestamps } from '../utils/timestamps';

interface PreviewedOccurrence extends Pick<Occurrence, 'start' | 'end'> {
	/** The start with its weekday, as people read it. */
	when: string;
}

export interface PreviewedRequest extends Pick<TransportRequest, 'method' | 'query' | 'body'> {
	path: string;
	metered: boolean;
	/** The first occurrences of a recurring event. */
	occurrences?: PreviewedOccurrence[];
}

const PREVIEWED_OCCURRENCES = 5;

/** Only for requests with both times and a rule: without times, the occurrences depend on the stored event. */
function previewOccurrences(body: unknown, language?: DateLanguage): PreviewedRequest['occurrences'] {
	const { start, end, recurrence } = (body ?? {}) as Partial<RecurringEvent>;
	if (!start || !end || !recurrence) return undefined;
	return listFirstOccurrences({ start, end, recurrence }, PREVIEWED_OCCURRENCES).map(({ start: from, end: to }) => {
		const moment = DateTime.fromISO(from, { setZone: true });
		return {
			start: from,
			end: to,
			when: isDay(start) ? formatDate(moment, language) : formatDateTime(moment, language),
		};
	});
}

/** Stands for an ID that DingTalk would assign. */
const placeholderId = (request: number): string => `ID_FROM_REQUEST_${request}`;
const PLACEHOLDER = /^ID_FROM_REQUEST_\d+$/;

/** Contains each kind of ID that later requests may need. */
function placeholderResponse(request: number): object {
	const id = placeholderId(request);
	return { id, calendarId: id, aclId: id };
}

const usesPlaceholder = ({ path = {} }: CallInput): boolean =>
	Object.values(path).some((value) => PLACEHOLDER.test(value));

/** The next requests depend on a response that only the real run gets. */
class PreviewEndedError extends Error {}

export class PreviewClient extends DingTalkClient {
	/** The requests that would be sent, in order. */
	readonly requests: PreviewedRequest[] = [];
	/** Calls that the real run would use of the monthly quota, reads included. */
	meteredCalls = 0;
	/** Calls that the preview itself used. */
	meteredReads = 0;
	/** Whether requests would follow that depend on the last one's response. */
	ended = false;

	constructor(
		{ transport, signal, runState }: DingTalkClient,
		/** Of the dates in words. */
		private readonly language?: DateLanguage,
	) {
		super(transport, signal, runState);
	}

	override get isPreview(): boolean {
		return true;
	}

	override knowsResult(): boolean {
		return false;
	}

	override async request<T = unknown>(call: ApiCall, input: CallInput = {}): Promise<T> {
		// Code that cleans up after an error calls again; there is nothing to clean up.
		if (this.ended) throw new PreviewEndedError();
		if (call.metered) this.meteredCalls++;
		if (call.isRead && !input.verifiesWrite && !usesPlaceholder(input)) {
			if (call.metered) this.meteredReads++;
			return await super.request<T>(call, input);
		}
		this.throwIfImpossible(call, input.path);
		const response = this.recordRequest(call, input);
		this.ended = call.isRead && !input.verifiesWrite;
		if (this.ended) throw new PreviewEndedError();
		return response as T;
	}

	private recordRequest(call: ApiCall, input: CallInput): object {
		const { method, query, body } = this.buildRequest(call, withTimestamps(input, this.runState.timestampFormat));
		const path = fillPath(call, input.path ?? {});
		const request: PreviewedRequest = { method, path, query, body, metered: call.metered };
		const occurrences = previewOccurrences(input.body, this.language);
		this.requests.push(occurrences ? { ...request, occurrences } : request);
		return placeholderResponse(this.requests.length);
	}
}
