/** How much DingTalk lets through. `null` means no limit. */
export interface LimitValues {
	/** Calls per second of one app to one API. */
	qps: number | null;
	/** Calls per minute of one app to one API; DingTalk has such a limit but does not publish its value. */
	qpm: number | null;
	/**
	 * Metered calls of the organisation per calendar month. The standard edition allows 5000; unlimited here by default,
	 * so that a long test run does not stop in the middle for a reason it is not about.
	 */
	monthlyQuota: number | null;
	/** Events one person may create per day. */
	eventsPerDay: number | null;
	/** People with whom one person may share the own calendar. */
	sharesPerPerson: number | null;
	/** Subscribed calendars of one person; DingTalk has such a limit but does not publish its value. */
	subscriptionsPerPerson: number | null;
	/** People of an event beyond which nobody can check in; not published either. */
	checkInPeople: number | null;
	/** Rooms whose schedule one call may ask for: not published, but five is what the documents advise. */
	roomsPerSchedule: number | null;
}

export const defaultLimits = (): LimitValues => ({
	qps: 20,
	qpm: null,
	monthlyQuota: null,
	eventsPerDay: 100,
	sharesPerPerson: 500,
	subscriptionsPerPerson: null,
	checkInPeople: null,
	roomsPerSchedule: 5,
});

/** The limits in force, reached with `world.use(Limits).values`. */
export class Limits {
	values = defaultLimits();

	change(values: Partial<LimitValues>): void {
		this.values = { ...this.values, ...values };
	}

	restore(): void {
		this.values = defaultLimits();
	}
}
