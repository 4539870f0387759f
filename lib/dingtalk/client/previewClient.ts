/** A way to DingTalk that reads what is there, and only writes down what it would change. */
import type { ApiCall } from '../endpoints';
import { DingTalkClient } from './client';
import type { CallInput, TransportRequest } from './types';
import { firstOccurrences, type Occurrence, type Repeated } from '../events/occurrences';
import { needsMilliseconds, withMilliseconds } from '../utils/timestamps';

export interface PreviewedRequest extends Pick<TransportRequest, 'method' | 'query' | 'body'> {
	path: string;
	metered: boolean;
	/** When an event that repeats would take place first. */
	occurrences?: Array<Pick<Occurrence, 'start' | 'end'>>;
}

const PREVIEWED_OCCURRENCES = 5;

/** Only where the request says both when and how: a change of the rule alone leaves the start to the event. */
function previewOccurrences(body: unknown): PreviewedRequest['occurrences'] {
	const { start, end, recurrence } = (body ?? {}) as Partial<Repeated>;
	if (!start || !end || !recurrence) return undefined;
	return firstOccurrences({ start, end, recurrence }, PREVIEWED_OCCURRENCES).map((one) => ({
		start: one.start,
		end: one.end,
	}));
}

/** Stands for an ID that DingTalk would give. */
const placeholderId = (request: number): string => `ID_FROM_REQUEST_${request}`;
const PLACEHOLDER = /^ID_FROM_REQUEST_\d+$/;

/** Every kind of ID that later requests may need. */
function placeholderResponse(request: number): object {
	const id = placeholderId(request);
	return { id, calendarId: id, aclId: id };
}

const usesPlaceholder = ({ path = {} }: CallInput): boolean =>
	Object.values(path).some((value) => PLACEHOLDER.test(value));

/** What comes next depends on an answer that only the real run gets. */
class PreviewEndedError extends Error {}

export class PreviewClient extends DingTalkClient {
	/** What would be sent, in this order. */
	readonly requests: PreviewedRequest[] = [];
	/** Calls of the monthly quota that the real run would take, reading included. */
	meteredCalls = 0;
	/** Those that the preview itself took. */
	meteredReads = 0;
	/** What would follow the last request depends on its answer. */
	ended = false;

	constructor({ transport: wire, signal, runState: shared }: DingTalkClient) {
		super(wire, signal, shared);
	}

	override get isPreview(): boolean {
		return true;
	}

	override async request<T = unknown>(call: ApiCall, input: CallInput = {}): Promise<T> {
		// Whoever meets the end may want to clean up; there is nothing to clean.
		if (this.ended) throw new PreviewEndedError();
		if (call.metered) this.meteredCalls++;
		if (call.isRead && !input.verifiesWrite && !usesPlaceholder(input)) {
			if (call.metered) this.meteredReads++;
			return await super.request<T>(call, input);
		}
		this.throwIfImpossible(call, input.path);
		const answer = this.recordRequest(call, input);
		this.ended = call.isRead && !input.verifiesWrite;
		if (this.ended) throw new PreviewEndedError();
		return answer as T;
	}

	private recordRequest(call: ApiCall, input: CallInput): object {
		const { hosts } = this.account;
		const { method, url, query, body } = this.buildRequest(
			call,
			needsMilliseconds(hosts.api) ? withMilliseconds(input) : input,
		);
		const host = call.style === 'new' ? hosts.api : hosts.oldApi;
		const request: PreviewedRequest = { method, path: url.slice(host.length), query, body, metered: call.metered };
		const occurrences = previewOccurrences(input.body);
		this.requests.push(occurrences ? { ...request, occurrences } : request);
		return placeholderResponse(this.requests.length);
	}
}
