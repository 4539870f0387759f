/** The error of a series that was changed in part: what stands now, and what is missing. */
import { PartialFailureError, type Change } from '../errors/PartialFailureError';

const toChanges = (sentences: string[]): Change[] => sentences.map((what) => ({ what }));

/** `done` says what the calendar is like now, `notDone` what was asked for and is not there, or may not be there. */
export const seriesPartialFailure = (
	reason: Error,
	done: string[],
	notDone: string[],
	advice: string,
	eventId?: string,
): PartialFailureError =>
	new PartialFailureError({
		reason,
		done: toChanges(done),
		unknown: [],
		notDone: toChanges(notDone),
		advice,
		eventId,
		headline: 'The series was changed only in part',
	});
