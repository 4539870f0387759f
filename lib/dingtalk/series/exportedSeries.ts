/** Reads the dates of a series that differ from its rule, for a file that has to say the same. */
import { LIMITS } from '../limits';
import type { EventContext } from '../events/attendees';
import { hasLostHour, isDay } from '../events/readEvent';
import { listFirstOccurrences, type Occurrence } from '../events/occurrences';
import type { ApiTime } from '../utils/timestamps';
import { DAY } from '../utils/time';
import { timesOf } from './seriesContinuation';
import { originOf, type Series } from './seriesCut';
import { compareDate, type ListedFields, type SeriesDate } from './compareDate';
import { matchDates, startOf, type Window } from './seriesExceptions';

export type ReadSeries = Series & SeriesDate;

/** The dates of a series by its rule. */
export interface PlannedSeries<Event> {
	/** Begins with the first date of the rule. */
	series: Event;
	first: Occurrence;
	/** Undefined if the series has no end, or one that is too far away to look for it. */
	last?: Occurrence;
}

/** What a file says of a series besides its rule. */
export interface SeriesDates {
	cancelled: ApiTime[];
	changed: Array<{ planned: ApiTime; date: SeriesDate }>;
}

/** Of a longer series, only the dates near today are read. */
export const MAX_DATES = 1000;
/** Of a series without an end, dates are read from so long ago to so long ahead. */
export const ENDLESS_SERIES_DAYS = 366;

const roomNames = ({ meetingRooms = [], location = {} }: SeriesDate & { location?: { meetingRooms?: string[] } }) =>
	meetingRooms.length > 0
		? meetingRooms.map(({ displayName, roomId }) => displayName ?? roomId)
		: (location.meetingRooms ?? []);

/** A date without a time in the response is taken to be as planned. */
const hasStart = (date: SeriesDate): boolean =>
	Boolean(date.start?.dateTime) || (isDay(date.start) && !hasLostHour(date));

const isSameList = (a: string[], b: string[]): boolean => [...a].sort().join('\n') === [...b].sort().join('\n');

const isChanged = (date: SeriesDate, series: ReadSeries, planned: Occurrence, listed: ListedFields): boolean =>
	compareDate(date, series, planned, listed) !== undefined || !isSameList(roomNames(date), roomNames(series));

/** A list of the dates of a series has only some of many attendees, and the rooms apart from the place. */
function completeDate(date: SeriesDate, series: ReadSeries): SeriesDate {
	const { attendees } = date;
	const hasAll = attendees !== undefined && attendees.length < LIMITS.attendeesInList;
	return {
		...date,
		...(hasAll ? {} : { attendees: series.attendees }),
		location: { displayName: date.location?.displayName, meetingRooms: roomNames(date) } as SeriesDate['location'],
	};
}

const hasEnd = ({ start, end }: { start: ApiTime; end?: ApiTime }): boolean =>
	isDay(start) ? isDay(end) : Boolean(end?.dateTime);

/** Undefined if DingTalk did not send enough to know, or the rule has no date. */
export function planSeries<Event extends ReadSeries>(series: Event): PlannedSeries<Event> | undefined {
	if (!hasEnd(series)) return undefined;
	const isEndless = series.recurrence.range.type === 'noEnd';
	const dates = listFirstOccurrences(series, isEndless ? 1 : MAX_DATES + 1);
	const [first] = dates;
	if (!first) return undefined;
	const last = isEndless || dates.length > MAX_DATES ? undefined : dates.at(-1);
	// Other programs count the start as a date even where the rule does not have it, so it has to be one of the rule.
	const isOnRule = originOf(first) === startOf(series);
	return { series: isOnRule ? series : { ...series, ...timesOf(first, series) }, first, last };
}

function windowOf({ first, last }: PlannedSeries<unknown>, now: number): Window {
	if (last) return { from: originOf(first), to: originOf(last) + 1 };
	const span = ENDLESS_SERIES_DAYS * DAY;
	return { from: Math.max(originOf(first), now - span), to: Math.max(originOf(first), now) + span };
}

/** Costs one call per page of dates, and one for each date that was moved; where all but one are known, none for the last. */
export async function readSeriesDates(
	context: Pick<EventContext, 'client' | 'path'>,
	planned: PlannedSeries<ReadSeries>,
	now: number,
): Promise<SeriesDates> {
	const { series, last } = planned;
	const window = windowOf(planned, now);
	const { dates, listed } = await matchDates(context, { series, window, isWhole: last !== undefined });
	const found: SeriesDates = { cancelled: [], changed: [] };
	for (const { planned: occurrence, date } of dates) {
		const { start } = timesOf(occurrence, series);
		if (!date) found.cancelled.push(start);
		else if (hasStart(date) && isChanged(date, series, occurrence, listed))
			found.changed.push({ planned: start, date: completeDate(date, series) });
	}
	return found;
}
