/** The limits of DingTalk; `null` means no limit. */
export interface LimitValues {
	/** Calls per second of one app to one API. */
	qps: number | null;
	/** Calls per minute of one app to one API; DingTalk has this limit but does not publish its value. */
	qpm: number | null;
	/**
	 * Metered calls of the organization per calendar month. The standard edition allows 5000; unlimited here by default,
	 * so that long test runs are not interrupted.
	 */
	monthlyQuota: number | null;
	/** Events that one person can create per day. */
	eventsPerDay: number | null;
	/** People with whom one person can share their calendar. */
	sharesPerPerson: number | null;
	/** Subscribed calendars of one person; DingTalk has this limit but does not publish its value. */
	subscriptionsPerPerson: number | null;
	/** Attendees of an event beyond which check-in is refused; not published either. */
	checkInPeople: number | null;
	/** Rooms per schedule query: not published, but the documentation recommends five. */
	roomsPerSchedule: number | null;
	/** Messages pushed to apps of the organization per calendar month; 3000 in the standard edition, unlimited here as above. */
	monthlyPushQuota: number | null;
	/** How long a Stream message can stay unacknowledged before it is pushed again; one page says 3 s, an SDK 60 s. */
	streamAckMs: number | null;
	/** Delay before a message is pushed again after `LATER`; not published. */
	streamLaterMs: number | null;
	/** Interval of pings on a Stream connection; not published. */
	streamPingMs: number | null;
	/** Delay between `disconnect` and the server closing the connection. */
	streamCloseMs: number | null;
	/** Timeout of an HTTP push. */
	httpAnswerMs: number | null;
	/** Latency of each response; a property of the network, not of DingTalk. */
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
