/** Where a series is cut in two: which occurrence begins the second part, and how the first part ends. */
import { DateTime } from 'luxon';
import {
	listOccurrences,
	type ApiRecurrence,
	type Occurrence,
	type RecurrencePattern,
	type RecurrenceRange,
	type RecurringEvent,
} from '../events/occurrences';
import { DingTalkError } from '../errors/DingTalkError';
import { apiDateTime, type ApiTime } from '../utils/timestamps';
import { DAY, HOUR } from '../utils/time';
import { isDay, lacksTimes } from '../events/readEvent';
import { t } from '../../locale/t';

export type Series = RecurringEvent & { recurrence: ApiRecurrence };

export interface SeriesCut {
	/** The first occurrence of the second part. */
	at: Occurrence;
	/** The last occurrence of the first part; undefined if the cut is at the beginning of the series. */
	previous?: Occurrence;
	/** How many occurrences by the rule the first part has. */
	before: number;
}

/** What is known of the occurrence: its planned start, or a day on or after which it is. */
export type CutPoint = { originStart: string } | { day: string };

/** The day on which it starts, by its own clock. */
export const startDayOf = ({ start }: Occurrence): string => start.slice(0, 10);

/** The planned start as milliseconds; of a whole day, its midnight in UTC. */
export const originOf = ({ originStart }: Occurrence): number => Date.parse(originStart);

/** Whether this is where a date was planned, as DingTalk says it. */
export function isSameOrigin(occurrence: Occurrence, origin: ApiTime = {}): boolean {
	if (isDay(origin)) return occurrence.originStart === origin.date;
	const distance = Math.abs(originOf(occurrence) - Date.parse(origin.dateTime ?? ''));
	return occurrence.originStart.includes('T') ? distance === 0 : distance < DAY / 2;
}

interface NamedTimes {
	id: string;
	summary?: string;
	start?: ApiTime;
	end?: ApiTime;
	isAllDay?: boolean;
}

const incomplete = (message: string): DingTalkError =>
	new DingTalkError({
		kind: 'unclear',
		message,
		advice: t`Nothing was changed, because something of the series would be lost. Try again in a few minutes, or change the series in DingTalk.`,
	});

/** Where other times follow from those of an event, they must be known. */
export function requireTimes(event: NamedTimes): void {
	if (!lacksTimes(event)) return;
	throw incomplete(t`DingTalk returned '${event.summary ?? ''}' (ID ${event.id}) without all of its times`);
}

export const unknownPlaceError = ({ id, summary = '' }: NamedTimes): DingTalkError =>
	incomplete(t`DingTalk did not say which date of the series '${summary}' (ID ${id}) was`);

export const missingRuleError = ({ id, summary = '' }: NamedTimes): DingTalkError =>
	incomplete(t`DingTalk returned the series '${summary}' (ID ${id}) without its rule`);

/** An all-day occurrence may be named by its midnight in another zone, which is at most half a day away. */
const ALL_DAY_SLACK = 12 * HOUR;

function createMatcher(series: Series, point: CutPoint): (occurrence: Occurrence) => boolean {
	if ('day' in point) return (occurrence) => startDayOf(occurrence) >= point.day;
	const namesDay = /^\d{4}-\d\d-\d\d$/.test(point.originStart);
	const target = Date.parse(point.originStart) - (isDay(series.start) && !namesDay ? ALL_DAY_SLACK : 0);
	return (occurrence) => originOf(occurrence) >= target;
}

/** Undefined if the rule has no such occurrence. */
export function findCut(series: Series, point: CutPoint): SeriesCut | undefined {
	const isReached = createMatcher(series, point);
	let before = 0;
	let previous: Occurrence | undefined;
	for (const at of listOccurrences(series)) {
		if (isReached(at)) {
			const isExact = 'day' in point || isDay(series.start) || originOf(at) === Date.parse(point.originStart);
			return isExact ? { at, previous, before } : undefined;
		}
		before++;
		previous = at;
	}
	return undefined;
}

/** Only what belongs to the rule: DingTalk may return fields of other kinds of rules as well. */
export function cleanRule({ pattern, range }: ApiRecurrence): ApiRecurrence {
	const { type, dayOfMonth, daysOfWeek, index, firstDayOfWeek } = pattern;
	const weekday = { ...(daysOfWeek ? { daysOfWeek } : {}), ...(firstDayOfWeek ? { firstDayOfWeek } : {}) };
	const parts: Record<RecurrencePattern['type'], Partial<RecurrencePattern>> = {
		daily: {},
		weekly: weekday,
		absoluteMonthly: dayOfMonth ? { dayOfMonth } : {},
		relativeMonthly: { index, ...weekday },
		absoluteYearly: dayOfMonth ? { dayOfMonth } : {},
	};
	return { pattern: { type, interval: Number(pattern.interval), ...parts[type] }, range: cleanRange(range) };
}

function cleanRange({ type, endDate, numberOfOccurrences }: RecurrenceRange): RecurrenceRange {
	if (type === 'numbered') return { type, numberOfOccurrences: Number(numberOfOccurrences) };
	return type === 'endDate' ? { type, endDate } : { type };
}

const OFFSET = /[+-]\d\d:?\d\d$/;

/**
 * The end of the day on which an occurrence starts, as the last day of a series is sent. Where whole days have no time zone, it is
 * written like the last day that the series has, which is that day in whichever zone it was meant.
 */
export function endOfDay({ start }: Occurrence, zone: string, { range: { endDate = '' } }: ApiRecurrence): string {
	if (!start.includes('T') && OFFSET.test(endDate)) return start.slice(0, 10) + endDate.slice(10);
	return apiDateTime(DateTime.fromISO(start.slice(0, 10), { zone }).endOf('day'));
}

/** The rule of the first part. */
export function ruleBefore(series: Series, { previous, before }: SeriesCut, zone: string): ApiRecurrence {
	const { pattern, range } = cleanRule(series.recurrence);
	if (range.type === 'numbered') return { pattern, range: { type: 'numbered', numberOfOccurrences: before } };
	if (!previous) throw new Error(t`A series that is cut at its beginning has no first part`);
	return {
		pattern,
		range: { type: 'endDate', endDate: endOfDay(previous, series.start.timeZone ?? zone, series.recurrence) },
	};
}
