/** What is tried again, how often, and after how long. */
import type { ApiCall } from '../endpoints';
import type { CallInput } from './client';
import type { DingTalkError } from '../errors/DingTalkError';

const SERVER_TRIES = 3;
const THROTTLE_TRIES = 7;
const MINUTE_TRIES = 6;
const IN_PROGRESS_TRIES = 10;
const SECOND = 1000;
/** However the waits add up, one call gives up after this. */
export const DEADLINE_MS = 3 * 60 * SECOND;

/** Spreads retries of many items, so that they do not come back all at once. */
const jitter = (ms: number): number => ms + Math.random() * ms * 0.25;

const mayRepeat = (call: ApiCall, input: CallInput): boolean =>
	call.reads || (call.repeatable === true && input.once !== undefined);

/** DingTalk publishes no limit for a minute; this code says that there is one and that it was met. */
export const isPerMinute = ({ facts }: DingTalkError): boolean => facts.code?.includes('.QpmLimitFor') === true;

/** How long to wait before trying again; undefined means that trying again is useless or unsafe. */
export function waitBeforeRetry(
	error: DingTalkError,
	call: ApiCall,
	input: CallInput,
	tries: number,
): number | undefined {
	switch (error.trouble) {
		case 'token':
			return tries < 2 ? 0 : undefined;
		case 'throttle': {
			if (isPerMinute(error)) return tries < MINUTE_TRIES ? jitter(15 * SECOND) : undefined;
			if (tries >= THROTTLE_TRIES) return undefined;
			// The first refusal is mostly two calls that drifted together on the network.
			return jitter(tries === 1 ? SECOND / 4 : SECOND * (tries - 1));
		}
		case 'inProgress':
			return tries < IN_PROGRESS_TRIES ? jitter(SECOND) : undefined;
		case 'server':
		case 'network':
			return tries < SERVER_TRIES && mayRepeat(call, input) ? jitter(SECOND * 2 ** (tries - 1)) : undefined;
		default:
			return undefined;
	}
}
