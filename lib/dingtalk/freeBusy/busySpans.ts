/** Converts a schedule from DingTalk into spans of busy and tentative time. */
import { IANAZone } from 'luxon';
import type { Schedule, ScheduleItem } from './schedules';
import { localToMoment, localToUtc, type UtcOffsets } from './utcOffsets';
import type { Span } from './intervals';
import { isAllDay, isDay } from '../events/readEvent';

/** The UTC offsets of a time zone around the period that is looked at. */
export type OffsetsOf = (zone: string) => UtcOffsets;

/** Where the person works. */
export interface BusyContext {
	zone: string;
	offsetsOf: OffsetsOf;
}

const HAS_OFFSET = /(?:Z|[+-]\d{2}:?\d{2})$/i;

/** Without luxon, which would take a minute for the meetings of 200 people in a year. */
function toMillis(
	{ dateTime = '', timeZone = '' }: NonNullable<ScheduleItem['start']>,
	{ zone, offsetsOf }: BusyContext,
): number {
	if (HAS_OFFSET.test(dateTime)) return Date.parse(dateTime);
	const local = Date.parse(`${dateTime}Z`);
	const isKnown = timeZone !== '' && (timeZone === zone || IANAZone.isValidZone(timeZone));
	return localToMoment(offsetsOf(isKnown ? timeZone : zone), local);
}

/** Of a time that is a day, its midnight in the person's time zone. */
const toMoment = (time: NonNullable<ScheduleItem['start']>, context: BusyContext): number =>
	isDay(time) ? localToMoment(context.offsetsOf(context.zone), Date.parse(time.date)) : toMillis(time, context);

function toTimedSpan({ start = {}, end = {} }: ScheduleItem, context: BusyContext): Span[] {
	const span: Span = [toMoment(start, context), toMoment(end, context)];
	return span[0] < span[1] ? [span] : [];
}

/** All-day items begin and end at midnight in the person's time zone; their end is exclusive. */
function toSpans(item: ScheduleItem, context: BusyContext): Span[] {
	const { start, end } = item;
	if (!isDay(start) || !isDay(end)) return toTimedSpan(item, context);
	return localToUtc(context.offsetsOf(context.zone), [Date.parse(start.date), Date.parse(end.date)]);
}

/** The meetings of a schedule: all items but those of whole days. */
export const readTimedSpans = ({ items }: Schedule, context: BusyContext): Span[] =>
	items.filter((item) => !isAllDay(item)).flatMap((item) => toTimedSpan(item, context));

export function readBusySpans({ items }: Schedule, context: BusyContext): { busy: Span[]; tentative: Span[] } {
	const spans = { busy: [] as Span[], tentative: [] as Span[] };
	for (const item of items) spans[item.status === 'TENTATIVE' ? 'tentative' : 'busy'].push(...toSpans(item, context));
	return spans;
}
