/** The error of a write that may have been made although it failed. */
import type { ApiCall } from '../endpoints';
import { joinSentences, t } from '../../locale/t';
import { DingTalkError } from './DingTalkError';

/** What may have happened, and where the user can see whether it has. */
export const describeMayBeDone = ({ action, creates }: ApiCall): string =>
	t`The request to ${action} may have been carried out. ${creates?.lookFor ?? t`Check in DingTalk.`}`;

/**
 * Says so before everything else: to try again first could make it twice. A value that DingTalk may have accepted before needs
 * no correction.
 */
export const asMayBeDone = (error: DingTalkError, advice: string): DingTalkError =>
	new DingTalkError({
		...error.details,
		mayBeDone: true,
		advice: joinSentences(advice, error.kind !== 'input' && error.details.advice),
	});
