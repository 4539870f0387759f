/** The UTC offsets of a time zone over a period, for fast conversion between local time and UTC. */
import { IANAZone } from 'luxon';
import type { Span } from './intervals';
import { MINUTE, DAY } from '../utils/time';

/** No time zone changes its offset twice within this time. */
const SAMPLE_INTERVAL = DAY;

/** A period with a constant offset. */
export interface OffsetPeriod {
	from: number;
	to: number;
	/** Milliseconds to add to UTC to get local time. */
	offset: number;
}

export type UtcOffsets = readonly OffsetPeriod[];

/** The offsets of a time zone between two moments; changes are found by sampling and bisection. */
export function getUtcOffsets(zone: string, [from, to]: Span): UtcOffsets {
	const zoneInfo = IANAZone.create(zone);
	const offsetAt = (moment: number): number => Math.round(zoneInfo.offset(moment) * MINUTE);
	const periods: OffsetPeriod[] = [{ from, to, offset: offsetAt(from) }];
	for (let sample = from; sample < to; sample += SAMPLE_INTERVAL) {
		const current = periods[periods.length - 1];
		const next = Math.min(sample + SAMPLE_INTERVAL, to);
		const offset = offsetAt(next);
		if (offset === current.offset) continue;
		let before = sample;
		let after = next;
		while (after - before > 1) {
			const middle = Math.floor((before + after) / 2);
			if (offsetAt(middle) === current.offset) before = middle;
			else after = middle;
		}
		current.to = after;
		periods.push({ from: after, to, offset });
	}
	return periods;
}

/** The UTC spans of a span of local time: longer or two spans when clocks go back, shorter when they go forward. */
export const localToUtc = (offsets: UtcOffsets, [from, to]: Span): Span[] =>
	offsets.flatMap((period): Span[] => {
		const begin = Math.max(from - period.offset, period.from);
		const end = Math.min(to - period.offset, period.to);
		return begin < end ? [[begin, end]] : [];
	});

/** The moment of a local time; the earlier one when clocks go back, and as much later when they skip it. */
export function localToMoment(offsets: UtcOffsets, local: number): number {
	let [before] = offsets;
	for (const period of offsets) {
		if (local - period.offset < period.from) break;
		before = period;
		if (local - period.offset < period.to) break;
	}
	return local - before.offset;
}

/** The local time of a moment, as if it were UTC. */
export function utcToLocal(offsets: UtcOffsets, moment: number): number {
	const period = offsets.find(({ to }) => moment < to) ?? offsets[offsets.length - 1];
	return moment + period.offset;
}
