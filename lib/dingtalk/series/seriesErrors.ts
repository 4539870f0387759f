/** The error of a series that was changed in part: what stands now, and what is missing. */
import { HalfDoneError, type Change } from '../errors/HalfDoneError';

const toChanges = (sentences: string[]): Change[] => sentences.map((what) => ({ what }));

/** `done` says what the calendar is like now, `notDone` what was asked for and is not there, or may not be there. */
export const seriesHalfDone = (
	reason: Error,
	done: string[],
	notDone: string[],
	advice: string,
	eventId?: string,
): HalfDoneError =>
	new HalfDoneError({
		reason,
		done: toChanges(done),
		unknown: [],
		notDone: toChanges(notDone),
		advice,
		eventId,
		headline: 'The series was changed only in part',
	});
