/** The data model of the simulated calendar. */

/** The time of an event. Both kinds have instants, so that windows and sorting work for both. */
export type Span =
	| { allDay: false; startMs: number; endMs: number; zone: string }
	/** `endDate` is exclusive, as in requests and responses. */
	| { allDay: true; startMs: number; endMs: number; startDate: string; endDate: string };

export interface Pattern {
	type: 'daily' | 'weekly' | 'absoluteMonthly' | 'relativeMonthly' | 'absoluteYearly';
	interval: number;
	dayOfMonth?: number;
	/** Comma-separated lowercase English names, stored as received. */
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

/** An attendee to add. */
export type NewAttendee = Pick<Attendee, 'unionId' | 'isOptional'>;

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

/** What an update can change, for a whole series or for one occurrence. */
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

/** How one occurrence differs from its series. */
export interface Exception {
	originMs: number;
	cancelled: boolean;
	changes: Partial<Details>;
	added: Attendee[];
	removed: Set<string>;
	responses: Map<string, ResponseStatus>;
	/** Set once rooms were booked or released for this occurrence only. */
	rooms?: BookedRoom[];
	/** Users who removed this occurrence from their calendar, with the number of that change. */
	hiddenFrom: Map<string, number>;
	updateTime: number;
	seq: number;
}

/** An earlier rule or time of an event: sync deltas must cancel the IDs that it generated. */
export interface RetiredRule {
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
	/** The organizer is always first. */
	attendees: Attendee[];
	rooms: BookedRoom[];
	cancelled: boolean;
	exceptions: Map<number, Exception>;
	retired: RetiredRule[];
	/** Users who removed the event from their calendar, with the number of that change. */
	hiddenFrom: Map<string, number>;
	/** Users who are no longer invited, with the number of that change. */
	left: Map<string, number>;
	createTime: number;
	updateTime: number;
	/** Number of the last change to the event itself, without its exceptions. */
	seq: number;
	/** Number of the last change to anything about it. */
	touchedSeq: number;
}

/** What an event ID refers to: a single event, a whole series or one occurrence. */
export interface EventView {
	id: string;
	event: StoredEvent;
	/** The original start of an occurrence; undefined for single events and whole series. */
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

/** A change that can be pushed. */
export interface Change {
	type: ChangeType;
	/** DingTalk does not document which changes it pushes, so the publisher decides by cause. */
	cause: 'event' | 'attendees' | 'response' | 'rooms';
	eventId: string;
	legacyEventId: string;
	seriesMasterId?: string;
	/** The users concerned. */
	unionIds: string[];
	/** The user who made the change. */
	operator: string;
	at: number;
}
