/** Converts a schedule from DingTalk into spans of busy and tentative time. */
import { DateTime } from 'luxon';
import type { Schedule, ScheduleItem } from './schedules';
import { localToUtc, type UtcOffsets } from './utcOffsets';
import type { Span } from './intervals';

/** Times with an offset are parsed by Date.parse, which is much faster than luxon. */
const HAS_OFFSET = /(?:Z|[+-]\d{2}:?\d{2})$/i;

const toMillis = ({ dateTime = '', timeZone }: NonNullable<ScheduleItem['start']>): number =>
	HAS_OFFSET.test(dateTime) ? Date.parse(dateTime) : DateTime.fromISO(dateTime, { zone: timeZone }).toMillis();

/** All-day items begin and end at midnight in the person's time zone; their end is exclusive. */
function toSpans({ start = {}, end = {} }: ScheduleItem, offsets: UtcOffsets): Span[] {
	if (start.date && end.date) return localToUtc(offsets, [Date.parse(start.date), Date.parse(end.date)]);
	const span: Span = [toMillis(start), toMillis(end)];
	return span[0] < span[1] ? [span] : [];
}

export function readBusySpans({ items }: Schedule, offsets: UtcOffsets): { busy: Span[]; tentative: Span[] } {
	const spans = { busy: [] as Span[], tentative: [] as Span[] };
	for (const item of items) spans[item.status === 'TENTATIVE' ? 'tentative' : 'busy'].push(...toSpans(item, offsets));
	return spans;
}
