/**
 * Some writes carry no name that DingTalk would know them by. When the answer to one is lost, nobody knows whether it
 * was carried out, so it is not sent again when n8n tries the node again.
 */
import { fillPath, type ApiCall } from '../endpoints';
import type { CallInput } from './types';
import { DingTalkError } from '../errors/DingTalkError';
import { makeRoom } from '../utils/lru';

const MAX_WRITES = 1000;

/** Deletions whose answers were lost, by what was to be deleted. */
const unconfirmedDeletions = new Set<string>();

function remember(names: Set<string>, name: string): void {
	names.add(name);
	makeRoom(names, MAX_WRITES);
}

/** Names of writes whose answers were lost, the oldest first. */
const unconfirmedKeys = new Set<string>();

const writeName = (call: ApiCall, { path = {} }: CallInput, lane: string): string => `${lane} ${fillPath(call, path)}`;

/** For a write whose answer is not coming any more: remembers it, and says what nobody knows. */
export function recordUnconfirmed(error: DingTalkError, call: ApiCall, input: CallInput, lane: string): DingTalkError {
	if (call.isRead || !error.isOutcomeUnknown) return error;
	if (call.method === 'DELETE') remember(unconfirmedDeletions, writeName(call, input, lane));
	if (!call.isIdempotent && input.idempotencyKey !== undefined) remember(unconfirmedKeys, input.idempotencyKey);
	return new DingTalkError({
		...error.details,
		advice: `${error.details.advice} The change may have been made all the same: look in DingTalk before you run this again.`,
	});
}

/** DingTalk says that there is no such thing; but we asked to have it deleted, and only the answer was lost. */
export const isConfirmedDeletion = (error: DingTalkError, call: ApiCall, input: CallInput, lane: string): boolean =>
	call.method === 'DELETE' &&
	(error.kind === 'input' || error.kind === 'missing') &&
	unconfirmedDeletions.delete(writeName(call, input, lane));

export function throwIfUnconfirmed(call: ApiCall, input: CallInput): void {
	if (input.idempotencyKey === undefined || !unconfirmedKeys.has(input.idempotencyKey)) return;
	throw new DingTalkError({
		kind: 'unclear',
		message: `DingTalk was asked to ${call.action} before, and the answer was lost`,
		advice:
			'It may have been carried out. Look whether it is there before you run this again; this time nothing was sent.',
		notSent: true,
	});
}
