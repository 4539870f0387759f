/** The error of a write that may have been made although it failed. */
import { joinSentences } from '../../locale/t';
import { DingTalkError } from './DingTalkError';

/** Adds where the user can see whether it was made. A value that DingTalk may have accepted before needs no correction. */
export const asMayBeDone = (error: DingTalkError, advice: string): DingTalkError =>
	new DingTalkError({
		...error.details,
		mayBeDone: true,
		advice: joinSentences(error.kind !== 'input' && error.details.advice, advice),
	});
