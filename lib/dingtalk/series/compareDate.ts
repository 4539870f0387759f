/** How a single date differs from what its series plans for it, as far as DingTalk lists it. */
import { LIMITS } from '../limits';
import { diffAttendees, type Attendee, type Invitee } from '../events/attendees';
import { findChangedFields, type EventState } from '../events/compareEvent';
import type { Occurrence } from '../events/occurrences';
import { hasLostHour, isDay } from '../events/readEvent';
import type { BookedRoom } from '../rooms/rooms';
import type { ApiTime } from '../utils/timestamps';
import type { Series } from './seriesCut';
import { timesOf } from './seriesContinuation';

export interface SeriesDate extends EventState {
	id: string;
	attendees?: Attendee[];
	/** The attendees are all there are, also where there are more than a list has. */
	hasAllAttendees?: boolean;
	/** It was read by itself, so that it has the fields that a list leaves out. */
	wasRead?: boolean;
	organizer?: { id?: string };
	meetingRooms?: BookedRoom[];
	originStart?: ApiTime;
	status?: string;
	onlineMeetingInfo?: { type?: string; url?: string };
	reminders?: Array<{ method?: string; minutes?: number | string }>;
}

/** A date that was changed or cancelled by itself. */
export interface DateException {
	/** The ID of the date, unless it was cancelled. */
	id?: string;
	/** The date by the rule. */
	planned: Occurrence;
	isCancelled: boolean;
	/** The fields that differ from the series. */
	changes: Record<string, unknown>;
	toAdd: Invitee[];
	toRemove: Array<{ id: string }>;
	/** Rooms that only this date has, and rooms of the series that it does not have. */
	roomsToBook: BookedRoom[];
	roomsToRelease: BookedRoom[];
	/** The series has an online meeting and this date has none; no call can take it away. */
	lacksMeeting: boolean;
}

export const cancelledDate = (planned: Occurrence): DateException => ({
	planned,
	isCancelled: true,
	changes: {},
	toAdd: [],
	toRemove: [],
	roomsToBook: [],
	roomsToRelease: [],
	lacksMeeting: false,
});

/** Whether anything is left of it that would have to be made again. */
export const hasDifference = (exception: DateException): boolean =>
	exception.isCancelled ||
	exception.lacksMeeting ||
	Object.keys(exception.changes).length +
		exception.toAdd.length +
		exception.toRemove.length +
		exception.roomsToBook.length +
		exception.roomsToRelease.length >
		0;

const OPTIONAL_FIELDS = ['reminders', 'onlineMeetingInfo', 'freeBusyStatus', 'meetingRooms'] as const;

/** A field that DingTalk leaves out where it is empty tells something only if another date has it. */
export type ListedFields = ReadonlySet<(typeof OPTIONAL_FIELDS)[number]>;

export const findListedFields = (dates: SeriesDate[]): ListedFields =>
	new Set(OPTIONAL_FIELDS.filter((field) => dates.some((date) => date[field] !== undefined)));

/** Lists that a date can be without although its series has them. */
export const GIVEN_UP_FIELDS = ['reminders', 'meetingRooms'] as const;
export type GivenUpField = (typeof GIVEN_UP_FIELDS)[number];

export const has = (date: SeriesDate, field: GivenUpField): boolean =>
	(field === 'reminders' ? ownReminders(date) : bookedRooms(date)).length > 0;

/** DingTalk creates reminders of one kind only. */
function ownReminders({ reminders = [] }: SeriesDate) {
	const own = reminders.filter(({ method = 'dingtalk' }) => method === 'dingtalk');
	return own.map(({ minutes }) => ({ method: 'dingtalk', minutes: Number(minutes) }));
}

/** Missing texts are empty, so that a text that was removed counts as a difference. */
const comparable = (event: SeriesDate, listed: ListedFields, hasRichText: boolean): EventState => ({
	summary: event.summary,
	description: event.description ?? '',
	location: { displayName: event.location?.displayName ?? '' },
	start: event.start,
	end: event.end,
	...(isDay(event.start) ? { isAllDay: true } : event.start?.dateTime ? { isAllDay: false } : {}),
	...(listed.has('reminders') ? { reminders: ownReminders(event) } : {}),
	...(listed.has('freeBusyStatus') ? { freeBusyStatus: event.freeBusyStatus ?? 'busy' } : {}),
	...(event.onlineMeetingInfo ? { onlineMeetingInfo: { type: 'dingtalk' } } : {}),
	...(hasRichText ? { richTextDescription: { text: event.richTextDescription?.text ?? '' } } : {}),
});

/** Whether a list cut off the attendees of the date. */
export const isCutOff = ({ attendees = [], hasAllAttendees = false }: SeriesDate): boolean =>
	!hasAllAttendees && attendees.length >= LIMITS.attendeesInList;

/** Whether the listed attendees of a date are not the first ones of its series. */
export const startsDifferently = (date: SeriesDate, series: SeriesDate): boolean => {
	const all = series.attendees ?? [];
	const first = new Map(all.slice(0, LIMITS.attendeesInList).map(({ id, isOptional = false }) => [id, isOptional]));
	return (date.attendees ?? []).some(({ id, isOptional = false }) => first.get(id) !== isOptional);
};

function comparePeople(date: SeriesDate, series: SeriesDate): Pick<DateException, 'toAdd' | 'toRemove'> {
	const all = series.attendees ?? [];
	const isKnown = date.attendees && !isCutOff(date) && (series.hasAllAttendees || all.length < LIMITS.attendeesInList);
	if (!isKnown) return { toAdd: [], toRemove: [] };
	const wanted = (date.attendees ?? []).map(({ id, isOptional = false }) => ({ id, isOptional }));
	const { toAdd, toRemove } = diffAttendees(all, wanted, series.organizer?.id ?? '');
	return { toAdd, toRemove: toRemove.map(({ id }) => ({ id })) };
}

function bookedRooms({ meetingRooms = [] }: SeriesDate): BookedRoom[] {
	return meetingRooms.filter(({ responseStatus }) => responseStatus !== 'declined');
}

function compareRooms(date: SeriesDate, series: SeriesDate, listed: ListedFields) {
	if (!listed.has('meetingRooms')) return { roomsToBook: [], roomsToRelease: [] };
	const planned = bookedRooms(series);
	const has = (rooms: BookedRoom[] | undefined, { roomId }: BookedRoom): boolean =>
		(rooms ?? []).some((room) => room.roomId === roomId);
	return {
		roomsToBook: bookedRooms(date).filter((room) => !has(planned, room)),
		// A room that has declined this date is not one that was given back.
		roomsToRelease: planned.filter((room) => !has(date.meetingRooms, room)),
	};
}

/** Undefined if the date is as the series plans it. */
export function compareDate(
	date: SeriesDate,
	series: Series & SeriesDate,
	planned: Occurrence,
	listedFields: ListedFields,
): DateException | undefined {
	// A date that was read by itself has the fields that the series has.
	const listed = date.wasRead ? findListedFields([date, series]) : listedFields;
	// A date without a time of day in the response is taken to be as planned.
	const { start, end } = hasLostHour(date) ? timesOf(planned, series) : date;
	const hasRichText = date.wasRead === true || Boolean(date.richTextDescription);
	const exception: DateException = {
		...cancelledDate(planned),
		id: date.id,
		isCancelled: false,
		changes: findChangedFields(
			{ ...comparable(series, listed, hasRichText), ...timesOf(planned, series) },
			comparable({ ...date, start, end }, listed, hasRichText),
		),
		...comparePeople(date, series),
		...compareRooms(date, series, listed),
		lacksMeeting:
			listed.has('onlineMeetingInfo') && series.onlineMeetingInfo !== undefined && date.onlineMeetingInfo === undefined,
	};
	return hasDifference(exception) ? exception : undefined;
}
