/** The error of a series that was changed in part: what stands now, and what is missing. */
export class SeriesHalfDoneError extends Error {
	constructor(
		readonly reason: Error,
		/** Sentences about the calendar as it is now. */
		readonly done: string[],
		/** What was asked for and is not there, or may not be there. */
		readonly notDone: string[],
		/** What the user can do now. */
		readonly advice: string,
		/** The ID of the new series, if there is one. */
		readonly eventId?: string,
	) {
		super(reason.message);
		this.name = 'SeriesHalfDoneError';
	}
}
