/**
 * The retry policy: which errors are retried, how many attempts there are, the backoff between them, and what the next attempt
 * says of a deletion whose response was lost.
 */
import { api, type ApiCall } from '../endpoints';
import type { DingTalkError } from '../errors/DingTalkError';
import { MINUTE, monotonicNow, SECOND } from '../utils/time';
import type { CallInput, Client } from './types';

const MAX_SERVER_ATTEMPTS = 3;
/** Many processes that share an app are refused now and then: see the rate limiter. */
const MAX_THROTTLED_ATTEMPTS = 12;
const MAX_THROTTLED_BACKOFF_MS = 3 * SECOND;
const MAX_MINUTE_LIMIT_ATTEMPTS = 6;
/** DingTalk meters each of them. */
const MAX_IN_PROGRESS_ATTEMPTS = 5;
/** No call is retried for longer than this, not counting the time it waits for the rate limiter. */
const RETRY_DEADLINE_MS = 3 * MINUTE;

/** Spreads the retries of many items, so that they do not all come back at once. */
const withJitter = (ms: number): number => ms + Math.random() * ms * 0.25;

/** What is deleted by its ID cannot be deleted twice. */
const isSafeToRepeat = (call: ApiCall, input: CallInput): boolean =>
	call.isRead || call.method === 'DELETE' || (call.isIdempotent === true && input.idempotencyKey !== undefined);

/** DingTalk does not publish its limit per minute; this code says that it was reached. */
export const isMinuteLimit = ({ details }: DingTalkError): boolean => details.code?.includes('.QpmLimitFor') === true;

/** The delay before the next attempt; undefined where a retry is useless or unsafe. */
export function backoffMs(error: DingTalkError, call: ApiCall, input: CallInput, attempt: number): number | undefined {
	switch (error.kind) {
		case 'token':
			return attempt < 2 ? 0 : undefined;
		case 'throttle': {
			if (isMinuteLimit(error)) return attempt < MAX_MINUTE_LIMIT_ATTEMPTS ? withJitter(15 * SECOND) : undefined;
			if (attempt >= MAX_THROTTLED_ATTEMPTS) return undefined;
			// The first refusal is usually two calls that came closer together on the network.
			return withJitter(attempt === 1 ? SECOND / 4 : Math.min(SECOND * (attempt - 1), MAX_THROTTLED_BACKOFF_MS));
		}
		case 'inProgress':
			return attempt < MAX_IN_PROGRESS_ATTEMPTS ? withJitter(SECOND * 2 ** (attempt - 1)) : undefined;
		case 'server':
		case 'network':
			return attempt < MAX_SERVER_ATTEMPTS && isSafeToRepeat(call, input)
				? withJitter(SECOND * 2 ** (attempt - 1))
				: undefined;
		default:
			return undefined;
	}
}

/** Until when a call may be retried. Counts from the first attempt, without the time spent waiting for the rate limiter, which other calls cause. */
export class RetryDeadline {
	private endsAt?: number;
	private countedMs = 0;

	/** An attempt starts after waiting for the rate limiter. */
	startAttempt(waitedMs: number): void {
		if (this.endsAt === undefined) this.endsAt = monotonicNow() + RETRY_DEADLINE_MS;
		else this.endsAt += Math.max(0, waitedMs - this.countedMs);
		this.countedMs = 0;
	}

	/** An attempt that was counted from its start had to wait for the rate limiter. */
	extend(waitedMs: number): void {
		if (this.endsAt !== undefined) this.endsAt += waitedMs;
	}

	/** The next wait for the rate limiter includes this backoff. */
	count(backoff: number): void {
		this.countedMs = backoff;
	}

	allows(backoff: number): boolean {
		return this.endsAt === undefined || monotonicNow() + backoff <= this.endsAt;
	}
}

interface ListedAcls {
	acls?: Array<{ aclId?: string }>;
}

/**
 * Whether a deletion whose response was lost has succeeded, by DingTalk's answer to the next attempt. Undefined where the
 * answer leaves it open: a server that failed may not have deleted it, and one person does not see what another one has, so
 * that it is missing only counts if the connection was lost a moment ago. For a share no code says it, so the shares are listed.
 */
export async function isGone(
	client: Client,
	{ kind, isThingMissing }: DingTalkError,
	lost: DingTalkError | undefined,
	call: ApiCall,
	{ path = {}, whenAborted }: CallInput,
): Promise<boolean | undefined> {
	if (kind === 'missing' && !isThingMissing) return undefined;
	if (kind === 'missing' && call !== api.deleteAcl) return lost?.kind === 'network' ? true : undefined;
	if ((kind !== 'input' && kind !== 'missing') || call !== api.deleteAcl) return undefined;
	const listed = await client.request<ListedAcls>(api.listAcls, { path, whenAborted }).catch(() => undefined);
	return listed && !(listed.acls ?? []).some(({ aclId }) => aclId === path.aclId);
}
