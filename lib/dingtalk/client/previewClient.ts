/** A way to DingTalk that reads what is there, and only writes down what it would change. */
import type { ApiCall } from '../endpoints';
import { Client, type CallInput, type WireRequest } from './client';
import { firstOccurrences, type Occurrence, type Repeated } from '../events/occurrences';
import { wantsMilliseconds, withMilliseconds } from '../utils/timestamps';

export interface PreviewedRequest extends Pick<WireRequest, 'method' | 'query' | 'body'> {
	path: string;
	metered: boolean;
	/** When an event that repeats would take place first. */
	occurrences?: Array<Pick<Occurrence, 'start' | 'end'>>;
}

const OCCURRENCES_SHOWN = 5;

/** Only where the request says both when and how: a change of the rule alone leaves the start to the event. */
function occurrencesIn(body: unknown): PreviewedRequest['occurrences'] {
	const { start, end, recurrence } = (body ?? {}) as Partial<Repeated>;
	if (!start || !end || !recurrence) return undefined;
	return firstOccurrences({ start, end, recurrence }, OCCURRENCES_SHOWN).map((one) => ({
		start: one.start,
		end: one.end,
	}));
}

/** Stands for an ID that DingTalk would give. */
const idFrom = (request: number): string => `ID_FROM_REQUEST_${request}`;
const PLACEHOLDER = /^ID_FROM_REQUEST_\d+$/;

/** Every kind of ID that later requests may need. */
function answerTo(request: number): object {
	const id = idFrom(request);
	return { id, calendarId: id, aclId: id };
}

const isAboutSomethingNew = ({ path = {} }: CallInput): boolean =>
	Object.values(path).some((value) => PLACEHOLDER.test(value));

/** What comes next depends on an answer that only the real run gets. */
class EndOfPreview extends Error {}

export class PreviewClient extends Client {
	/** What would be sent, in this order. */
	readonly requests: PreviewedRequest[] = [];
	/** Calls of the monthly quota that the real run would take, reading included. */
	meteredCalls = 0;
	/** Those that the preview itself took. */
	meteredReads = 0;
	/** What would follow the last request depends on its answer. */
	ended = false;

	constructor({ wire, signal, shared }: Client) {
		super(wire, signal, shared);
	}

	override get isPreview(): boolean {
		return true;
	}

	override async request<T = unknown>(call: ApiCall, input: CallInput = {}): Promise<T> {
		// Whoever meets the end may want to clean up; there is nothing to clean.
		if (this.ended) throw new EndOfPreview();
		if (call.metered) this.meteredCalls++;
		if (call.reads && !input.afterwards && !isAboutSomethingNew(input)) {
			if (call.metered) this.meteredReads++;
			return await super.request<T>(call, input);
		}
		this.refuseHopeless(call, input.path);
		const answer = this.writeDown(call, input);
		this.ended = call.reads && !input.afterwards;
		if (this.ended) throw new EndOfPreview();
		return answer as T;
	}

	private writeDown(call: ApiCall, input: CallInput): object {
		const { hosts } = this.account;
		const { method, url, query, body } = this.requestFor(
			call,
			wantsMilliseconds(hosts.api) ? withMilliseconds(input) : input,
		);
		const host = call.style === 'new' ? hosts.api : hosts.oldApi;
		const request: PreviewedRequest = { method, path: url.slice(host.length), query, body, metered: call.metered };
		const occurrences = occurrencesIn(input.body);
		this.requests.push(occurrences ? { ...request, occurrences } : request);
		return answerTo(this.requests.length);
	}
}
