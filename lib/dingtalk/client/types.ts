/** The types of the client: what a call takes, what the transport carries, and what code that makes requests needs. */
import type { Account } from '../account';
import type { ApiCall } from '../endpoints';

export interface TransportRequest {
	method: ApiCall['method'];
	url: string;
	query?: Record<string, string | number | boolean>;
	body?: unknown;
	headers: Record<string, string>;
	/** Stop does not cut it off. */
	ignoreStop?: boolean;
	/** To be called when the request goes out with its token; pacing goes by it. */
	onSent?: () => void;
}

export interface TransportResponse {
	status: number;
	body: unknown;
	/** The name under which DingTalk's support finds the call. */
	requestId?: string;
	/** Says that DingTalk did not accept the token this request carried; the next request gets a new one. */
	rejectToken(): void;
}

/** Whatever carries a request with its token. Rejects with a DingTalkError when no answer came, or with what is wrong with the account. */
export interface Transport {
	account: Account;
	send(request: TransportRequest): Promise<TransportResponse>;
}

export interface CallInput {
	/** Values of the path's placeholders, as they are; they are encoded here. */
	path?: Record<string, string>;
	query?: Record<string, string | number | boolean | undefined>;
	body?: unknown;
	/**
	 * Names this very request: repeating it with the same name does it once. Without it a write is never repeated after
	 * its answer was lost. Where DingTalk knows no such names, it keeps n8n's retry from sending it a second time.
	 */
	idempotencyKey?: string;
	/** It only tells how a write went, so a preview, which writes nothing, does without it. */
	verifiesWrite?: boolean;
	/**
	 * What Stop does to it: nothing is sent any more and what is on its way is cut off, unless it shall `finish` once it is on
	 * its way. What clears up is even begun.
	 */
	onStop?: 'finish' | 'begin';
}

/** What a run cost. */
export interface UsageReport {
	metered: number;
	free: number;
	retries: number;
	waitedMs: number;
}

/** What code that makes requests needs of a client; only the code that creates one imports the class. */
export interface Client {
	readonly account: Account;
	readonly signal?: AbortSignal;
	/** Whether writes are only recorded, not sent. */
	readonly isPreview: boolean;
	request<T = unknown>(call: ApiCall, input?: CallInput): Promise<T>;
	/** Throws if DingTalk would refuse the call anyway, before any lookup is made for it. */
	throwIfImpossible(call: ApiCall, path?: Record<string, string>): void;
}
