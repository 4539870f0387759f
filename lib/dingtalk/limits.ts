/** DingTalk's documented limits. What one call or one page can take is in endpoints. */
export const LIMITS = {
	titleCharacters: 2048,
	descriptionCharacters: 5000,
	attendeesPerEvent: 5000,
	interval: { from: 1, to: 365 },
	occurrences: { from: 1, to: 99 },
	/** Attendees included in an event when one event is read. */
	attendeesInEvent: 500,
	/** The same in lists. */
	attendeesInList: 100,
	eventsPerOrganizerAndDay: 100,
	/** The widest window of the stored list. */
	storedListDays: 366,
	/** The widest window of a meeting room's schedule. */
	roomScheduleDays: 90,
	roomsPerEvent: 5,
	subscriptionNameCharacters: 127,
	subscriptionDescriptionCharacters: 1024,
	/** Metered calls of the standard edition, shared by all apps of an organization. */
	callsPerMonth: 5000,
	/** Calls a second for one app and one API: in the standard edition, and the most that can be bought. */
	callsPerSecond: { default: 20, max: 60 },
} as const;
