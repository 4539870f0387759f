/** The types of the client: what a call takes, what the transport carries, and what code that makes requests needs. */
import type { Account } from '../account';
import type { ApiCall } from '../endpoints';

export interface TransportRequest {
	method: ApiCall['method'];
	url: string;
	query?: Record<string, string | number | boolean>;
	body?: unknown;
	headers: Record<string, string>;
	/** Whether the request ends although the workflow is stopped. */
	ignoresAbort?: boolean;
	/** Awaited when the request has its token and is about to leave; it fails if this rejects. */
	beforeSend?: () => Promise<void>;
	/** Called when the request leaves with its token; the rate limiter counts from then. */
	onSent?: () => void;
}

export interface TransportResponse {
	status: number;
	body: unknown;
	/** The ID by which DingTalk's support finds the call. */
	requestId?: string;
	/** Reports that DingTalk did not accept the token of this request; the next request gets a new one. */
	rejectToken(): void;
}

/** Sends a request with its token. Rejects with a DingTalkError if there is no response, or with what is wrong with the account. */
export interface Transport {
	account: Account;
	/** Whether DingTalk has issued a token for this account. Until then, its calls take no permit that others wait for. */
	isProved(): boolean;
	send(request: TransportRequest): Promise<TransportResponse>;
}

/** Names a write. */
export interface WriteKey {
	/**
	 * Identifies this request: repeating it with the same key has no further effect. Where DingTalk knows no such keys, the
	 * write ledger keeps a creation from being sent again. A write without a key is never repeated after its response was lost.
	 */
	idempotencyKey: string;
	/** After a day the key names another write, as it does for DingTalk. */
	lastsOneDay?: boolean;
}

export interface CallInput extends Partial<WriteKey> {
	/** Values for the placeholders of the path, not encoded. */
	path?: Record<string, string>;
	query?: Record<string, string | number | boolean | undefined>;
	body?: unknown;
	/**
	 * Fields of the request that belong to its result but are not in the response. They are remembered with it: the same
	 * write with other values returns the values that were sent.
	 */
	sentResult?: Record<string, unknown>;
	/** Only checks the result of a write, so a preview, which writes nothing, leaves it out. */
	verifiesWrite?: boolean;
	/** What is read is written again or compared as a whole. A field of it that has a wrong type is an error, as it would be lost. */
	needsAllFields?: boolean;
	/**
	 * What happens when the workflow is stopped. By default nothing more is sent, a read in progress is cancelled and a write
	 * ends. `finishRead` lets a read in progress end, too; `sendAnyway` even sends the call, for work that must not stop halfway.
	 */
	whenAborted?: 'finishRead' | 'sendAnyway';
}

/** For calls that complete or undo what has begun. */
export const EVEN_WHEN_ABORTED = { whenAborted: 'sendAnyway' } as const;

/** What a run has used. */
export interface UsageReport {
	metered: number;
	free: number;
	retries: number;
	waitedMs: number;
}

/** What code that makes requests needs of a client; only code that creates one imports the class. */
export interface Client {
	readonly account: Account;
	readonly signal?: AbortSignal;
	/** Whether writes are only recorded, not sent. */
	readonly isPreview: boolean;
	request<T = unknown>(call: ApiCall, input?: CallInput): Promise<T>;
	/** Whether this process has the result of this write, so that `request` answers with it and sends nothing. */
	knowsResult(call: ApiCall, input: CallInput): boolean;
	/** Throws if DingTalk would refuse the call anyway, before any lookup is made for it. */
	throwIfImpossible(call: ApiCall, path?: Record<string, string>): void;
}
