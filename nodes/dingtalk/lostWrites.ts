/**
 * Some writes carry no name that DingTalk would know them by. When the answer to one is lost, nobody knows whether it
 * was carried out, so it is not sent again when n8n tries the node again.
 */
import type { ApiCall } from './api';
import type { CallInput } from './client';
import { DingTalkError } from './errors';

const REMEMBERED = 1000;

/** Names of writes whose answers were lost, the oldest first. */
const lost = new Set<string>();

/** For a write whose answer is not coming any more: remembers it, and says what nobody knows. */
export function lostAnswer(error: DingTalkError, call: ApiCall, { once }: CallInput): DingTalkError {
	if (call.reads || !error.mayBeDone) return error;
	if (!call.repeatable && once !== undefined) {
		lost.add(once);
		if (lost.size > REMEMBERED) lost.delete(lost.values().next().value as string);
	}
	return new DingTalkError({
		...error.facts,
		advice: `${error.facts.advice} The change may have been made all the same: look in DingTalk before you run this again.`,
	});
}

export function refuseIfLost(call: ApiCall, input: CallInput): void {
	if (input.once === undefined || !lost.has(input.once)) return;
	throw new DingTalkError({
		trouble: 'unclear',
		message: `DingTalk was asked to ${call.does} before, and the answer was lost`,
		advice: 'It may have been carried out. Look whether it is there before you run this again; this time nothing was sent.',
		unsent: true,
	});
}
