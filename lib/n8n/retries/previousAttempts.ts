/** What an attempt of an item leaves open: changes that are made, or may be, although the item failed. Later attempts that fail say it too. */
import { DingTalkError } from '../../dingtalk/errors/DingTalkError';
import { asMayBeDone } from '../../dingtalk/errors/mayBeDone';
import { PartialFailureError, type Progress } from '../../dingtalk/errors/PartialFailureError';
import { LeftoverEventError } from '../../dingtalk/rooms/bookingOutcome';
import { t } from '../../locale/t';

export interface OpenChanges {
	/** Undefined where it is only known that the response to a change was lost. */
	progress?: Progress;
}

/** What an error leaves open, if anything. */
export function openChangesOf(error: Error): OpenChanges | undefined {
	// The next attempt of a booking continues with its event or deletes it, so this attempt's progress does not describe it.
	if (error instanceof LeftoverEventError) return {};
	if (error instanceof PartialFailureError) return { progress: error.progress };
	return error instanceof DingTalkError && error.details.mayBeDone ? {} : undefined;
}

/** The error of this attempt, with what a previous one has left open. */
export function withPreviousAttempt(error: Error, earlier: OpenChanges | undefined): Error {
	if (!earlier) return error;
	const { progress } = earlier;
	if (progress) {
		const now = error instanceof PartialFailureError ? error.progress : { ...progress, done: [] };
		return new PartialFailureError({
			reason: error instanceof PartialFailureError ? error.reason : error,
			done: [...progress.done, ...now.done],
			unknown: now.unknown,
			notDone: now.notDone,
			advice:
				error instanceof PartialFailureError
					? error.advice
					: t`What is done stays as it is. Check it in DingTalk before you run this again.`,
		});
	}
	if (!(error instanceof DingTalkError) || error.details.mayBeDone) return error;
	return asMayBeDone(
		error,
		t`An earlier attempt got no response, so its change may have been made. Check in DingTalk.`,
	);
}
