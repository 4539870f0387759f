/**
 * Some writes carry no name that DingTalk would know them by. When the answer to one is lost, nobody knows whether it
 * was carried out, so it is not sent again when n8n tries the node again.
 */
import { fillPath, type ApiCall } from '../endpoints';
import type { CallInput } from './client';
import { DingTalkError } from '../errors/DingTalkError';
import { makeRoom } from '../utils/lru';

const REMEMBERED = 1000;

/** Deletions whose answers were lost, by what was to be deleted. */
const lostDeletions = new Set<string>();

function remember(names: Set<string>, name: string): void {
	names.add(name);
	makeRoom(names, REMEMBERED);
}

/** Names of writes whose answers were lost, the oldest first. */
const lost = new Set<string>();

const nameOf = (call: ApiCall, { path = {} }: CallInput, lane: string): string => `${lane} ${fillPath(call, path)}`;

/** For a write whose answer is not coming any more: remembers it, and says what nobody knows. */
export function lostAnswer(error: DingTalkError, call: ApiCall, input: CallInput, lane: string): DingTalkError {
	if (call.reads || !error.mayBeDone) return error;
	if (call.method === 'DELETE') remember(lostDeletions, nameOf(call, input, lane));
	if (!call.repeatable && input.once !== undefined) remember(lost, input.once);
	return new DingTalkError({
		...error.facts,
		advice: `${error.facts.advice} The change may have been made all the same: look in DingTalk before you run this again.`,
	});
}

/** DingTalk says that there is no such thing; but we asked to have it deleted, and only the answer was lost. */
export const isGoneAsAsked = (error: DingTalkError, call: ApiCall, input: CallInput, lane: string): boolean =>
	call.method === 'DELETE' &&
	(error.trouble === 'input' || error.trouble === 'missing') &&
	lostDeletions.delete(nameOf(call, input, lane));

export function refuseIfLost(call: ApiCall, input: CallInput): void {
	if (input.once === undefined || !lost.has(input.once)) return;
	throw new DingTalkError({
		trouble: 'unclear',
		message: `DingTalk was asked to ${call.does} before, and the answer was lost`,
		advice:
			'It may have been carried out. Look whether it is there before you run this again; this time nothing was sent.',
		unsent: true,
	});
}
