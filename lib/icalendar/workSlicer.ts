/** Lets other work have a turn by the amount of work that was done, because events differ too much in size. */

/** What may be done before other work gets a turn, in dates. */
const DATES_PER_STEP = 250;

export class WorkSlicer {
	private done = 0;

	/** `dates` is how many dates would have taken as long. */
	*count(dates: number): Generator<void, void> {
		this.done += dates;
		if (this.done < DATES_PER_STEP) return;
		this.done = 0;
		yield;
	}
}
