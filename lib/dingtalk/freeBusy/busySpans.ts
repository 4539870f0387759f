/** What DingTalk says of somebody's time, as plain stretches of time. */
import { DateTime } from 'luxon';
import type { Schedule, ScheduleItem } from './schedules';
import { whenShown, type Clock } from './utcOffsets';
import type { Span } from './intervals';

/** With an offset the platform itself reads it, which is what makes many people fast. */
const HAS_OFFSET = /(?:Z|[+-]\d{2}:?\d{2})$/i;

const instant = ({ dateTime = '', timeZone }: NonNullable<ScheduleItem['start']>): number =>
	HAS_OFFSET.test(dateTime) ? Date.parse(dateTime) : DateTime.fromISO(dateTime, { zone: timeZone }).toMillis();

/** Whole days begin and end at midnight of where the person is; their end is exclusive. */
function spansOf({ start = {}, end = {} }: ScheduleItem, clock: Clock): Span[] {
	if (start.date && end.date) return whenShown(clock, [Date.parse(start.date), Date.parse(end.date)]);
	const span: Span = [instant(start), instant(end)];
	return span[0] < span[1] ? [span] : [];
}

export function takenBy({ items }: Schedule, clock: Clock): { busy: Span[]; tentative: Span[] } {
	const taken = { busy: [] as Span[], tentative: [] as Span[] };
	for (const item of items) taken[item.status === 'TENTATIVE' ? 'tentative' : 'busy'].push(...spansOf(item, clock));
	return taken;
}
