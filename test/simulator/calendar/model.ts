/** What the simulated calendar remembers about an event. */

/** When something happens. Both kinds carry instants, so that windows and sorting need not tell them apart. */
export type Span =
	| { allDay: false; startMs: number; endMs: number; zone: string }
	/** `endDate` is exclusive, as on the wire. */
	| { allDay: true; startMs: number; endMs: number; startDate: string; endDate: string };

export interface Pattern {
	type: 'daily' | 'weekly' | 'absoluteMonthly' | 'relativeMonthly' | 'absoluteYearly';
	interval: number;
	dayOfMonth?: number;
	/** Comma-separated lowercase English names, kept the way it came. */
	daysOfWeek?: string;
	index?: 'first' | 'second' | 'third' | 'fourth' | 'last';
	firstDayOfWeek?: string;
}

export interface Range {
	type: 'noEnd' | 'endDate' | 'numbered';
	endDate?: string;
	numberOfOccurrences?: number;
}

export interface Recurrence {
	pattern: Pattern;
	range: Range;
}

export type ResponseStatus = 'needsAction' | 'accepted' | 'declined' | 'tentative';

export interface Attendee {
	unionId: string;
	isOptional: boolean;
	response: ResponseStatus;
}

/** Somebody to be invited. */
export type Guest = Pick<Attendee, 'unionId' | 'isOptional'>;

export interface BookedRoom {
	roomId: string;
	displayName: string;
	/** `tentative` while an approval is pending. */
	responseStatus: 'accepted' | 'tentative' | 'declined';
}

export interface Reminder {
	method: 'dingtalk';
	minutes: number;
}

export interface OnlineMeeting {
	type: 'dingtalk';
	conferenceId: string;
	url: string;
	extraInfo: Record<string, string>;
}

export interface Category {
	categoryId?: string;
	displayName?: string;
}

/** What an update may change, of a whole series or of one of its dates. */
export interface Details {
	summary: string;
	span: Span;
	reminders: Reminder[];
	description?: string;
	locationName?: string;
	onlineMeeting?: OnlineMeeting;
	richText?: string;
	extra?: Record<string, string>;
	uiConfigs?: Array<{ uiName: string; uiStatus: string }>;
	cardInstances?: Array<{ outTrackId?: string; scenario?: string }>;
	categories?: Category[];
	freeBusyStatus?: string;
}

/** How one date of a series differs from the rest. Everything not named here follows the series. */
export interface Exception {
	originMs: number;
	cancelled: boolean;
	changes: Partial<Details>;
	added: Attendee[];
	removed: Set<string>;
	responses: Map<string, ResponseStatus>;
	/** Present once rooms were booked or released for this date alone. */
	rooms?: BookedRoom[];
	/** People who took this date off their own calendar, with the change that did it. */
	hiddenFrom: Map<string, number>;
	updateTime: number;
	seq: number;
}

/** A rule or time an event once had: sync deltas must call off the ids it made. */
export interface Retired {
	span: Span;
	recurrence?: Recurrence;
	at: number;
	seq: number;
}

export interface StoredEvent {
	id: string;
	legacyId: string;
	organizer: string;
	details: Details;
	recurrence?: Recurrence;
	/** The organizer is always the first of them. */
	attendees: Attendee[];
	rooms: BookedRoom[];
	cancelled: boolean;
	exceptions: Map<number, Exception>;
	retired: Retired[];
	/** People who took it off their own calendar, with the change that did it. */
	hiddenFrom: Map<string, number>;
	/** People who are no longer invited, with the change that did it. */
	left: Map<string, number>;
	createTime: number;
	updateTime: number;
	/** Number of the last change to the event itself, its exceptions not counted. */
	seq: number;
	/** Number of the last change to anything about it. */
	touchedSeq: number;
}

/** An event as one address sees it: a plain event, a whole series, or one date of a series. */
export interface EventView {
	id: string;
	event: StoredEvent;
	/** Where the series' rule put this date; undefined for plain events and whole series. */
	originMs?: number;
	exception?: Exception;
	details: Details;
	attendees: Attendee[];
	rooms: BookedRoom[];
	cancelled: boolean;
	updateTime: number;
	seq: number;
}

export interface Window {
	fromMs: number;
	toMs: number;
}

export type ChangeType = 'created' | 'updated' | 'cancelled' | 'deleteView';

/** What a subscriber of calendar changes could be told. */
export interface Change {
	type: ChangeType;
	/** DingTalk does not say which changes it pushes, so the reader decides by cause. */
	cause: 'event' | 'attendees' | 'response' | 'rooms';
	eventId: string;
	legacyEventId: string;
	seriesMasterId?: string;
	/** Whom it concerns. */
	unionIds: string[];
	/** Who did it. */
	operator: string;
	at: number;
}
