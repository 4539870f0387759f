/** What a try of an item leaves open: changes that are done, or may be, although the item failed. A later try that fails says it too. */
import { DingTalkError } from '../dingtalk/errors/DingTalkError';
import { HalfDoneError, type Progress } from '../dingtalk/errors/HalfDoneError';
import { LeftoverEventError } from '../dingtalk/rooms/bookingOutcome';

export interface OpenPart {
	/** Undefined where it is only known that the response to a change was lost. */
	progress?: Progress;
}

/** What an error leaves open, if anything. */
export function openPartOf(error: Error): OpenPart | undefined {
	if (error instanceof HalfDoneError) return { progress: error.progress };
	const mayBeDone = error instanceof LeftoverEventError || (error instanceof DingTalkError && error.details.mayBeDone);
	return mayBeDone ? {} : undefined;
}

/** The error of this try, with what an earlier one has left open. */
export function withEarlierTry(error: Error, earlier: OpenPart | undefined): Error {
	if (!earlier) return error;
	const { progress } = earlier;
	if (progress) {
		const now = error instanceof HalfDoneError ? error.progress : { ...progress, done: [] };
		return new HalfDoneError({
			reason: error instanceof HalfDoneError ? error.reason : error,
			done: [...progress.done, ...now.done],
			unknown: now.unknown,
			notDone: now.notDone,
			advice:
				error instanceof HalfDoneError
					? error.advice
					: 'What is done stays as it is. Check it in DingTalk before you run this again.',
		});
	}
	if (!(error instanceof DingTalkError) || error.details.mayBeDone) return error;
	return new DingTalkError({
		...error.details,
		mayBeDone: true,
		advice: `${error.details.advice} An earlier try got no response, and its change may have been made: check in DingTalk.`,
	});
}
