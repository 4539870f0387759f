/** The retry policy: which errors are retried, how many attempts there are, and the backoff between them. */
import type { ApiCall } from '../endpoints';
import type { DingTalkError } from '../errors/DingTalkError';
import { MINUTE, SECOND } from '../utils/time';
import type { CallInput } from './types';

const MAX_SERVER_ATTEMPTS = 3;
const MAX_THROTTLED_ATTEMPTS = 7;
const MAX_MINUTE_LIMIT_ATTEMPTS = 6;
/** DingTalk meters each of them. */
const MAX_IN_PROGRESS_ATTEMPTS = 5;
/** No call is retried for longer than this. */
export const RETRY_DEADLINE_MS = 3 * MINUTE;

/** Spreads the retries of many items, so that they do not all come back at once. */
const withJitter = (ms: number): number => ms + Math.random() * ms * 0.25;

const isSafeToRepeat = (call: ApiCall, input: CallInput): boolean =>
	call.isRead || (call.isIdempotent === true && input.idempotencyKey !== undefined);

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
			return withJitter(attempt === 1 ? SECOND / 4 : SECOND * (attempt - 1));
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
