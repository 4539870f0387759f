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
	/** Messages pushed to apps of the organisation per calendar month; 3000 in the standard edition, unlimited here as above. */
	monthlyPushQuota: number | null;
	/** How long a Stream message may stay unanswered before it is pushed again; one page says 3 s, a comment in an SDK 60 s. */
	streamAckMs: number | null;
	/** How long after `LATER` it is pushed again; not published. */
	streamLaterMs: number | null;
	/** How often a Stream connection is pinged; not published. */
	streamPingMs: number | null;
	/** How long after `disconnect` the server closes. */
	streamCloseMs: number | null;
	/** How long an HTTP push waits for its reply. */
	httpAnswerMs: number | null;
	/** How long an answer is on its way; this is nothing of DingTalk, but of the distance to it. */
	latencyMs: number | null;
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
	monthlyPushQuota: null,
	streamAckMs: 3_000,
	streamLaterMs: 1_000,
	streamPingMs: 30_000,
	streamCloseMs: 10_000,
	httpAnswerMs: 2_500,
	latencyMs: null,
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
