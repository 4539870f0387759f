/** What is tried again, how often, and after how long. */
import type { ApiCall } from '../endpoints';
import type { CallInput } from './types';
import type { DingTalkError } from '../errors/DingTalkError';
import { SECOND } from '../utils/time';

const MAX_SERVER_ATTEMPTS = 3;
const MAX_THROTTLED_ATTEMPTS = 7;
const MAX_MINUTE_LIMIT_ATTEMPTS = 6;
const MAX_IN_PROGRESS_ATTEMPTS = 10;
/** However the waits add up, one call gives up after this. */
export const RETRY_DEADLINE_MS = 3 * 60 * SECOND;

/** Spreads retries of many items, so that they do not come back all at once. */
const withJitter = (ms: number): number => ms + Math.random() * ms * 0.25;

const isSafeToRepeat = (call: ApiCall, input: CallInput): boolean =>
	call.isRead || (call.isIdempotent === true && input.idempotencyKey !== undefined);

/** DingTalk publishes no limit for a minute; this code says that there is one and that it was met. */
export const isMinuteLimit = ({ details: facts }: DingTalkError): boolean =>
	facts.code?.includes('.QpmLimitFor') === true;

/** How long to wait before trying again; undefined means that trying again is useless or unsafe. */
export function backoffMs(error: DingTalkError, call: ApiCall, input: CallInput, tries: number): number | undefined {
	switch (error.kind) {
		case 'token':
			return tries < 2 ? 0 : undefined;
		case 'throttle': {
			if (isMinuteLimit(error)) return tries < MAX_MINUTE_LIMIT_ATTEMPTS ? withJitter(15 * SECOND) : undefined;
			if (tries >= MAX_THROTTLED_ATTEMPTS) return undefined;
			// The first refusal is mostly two calls that drifted together on the network.
			return withJitter(tries === 1 ? SECOND / 4 : SECOND * (tries - 1));
		}
		case 'inProgress':
			return tries < MAX_IN_PROGRESS_ATTEMPTS ? withJitter(SECOND) : undefined;
		case 'server':
		case 'network':
			return tries < MAX_SERVER_ATTEMPTS && isSafeToRepeat(call, input)
				? withJitter(SECOND * 2 ** (tries - 1))
				: undefined;
		default:
			return undefined;
	}
}
