/** The clocks of a place as arithmetic: how far they are from UTC, and when that changes. */
import { IANAZone } from 'luxon';
import type { Span } from './intervals';
import { MINUTE, HOUR } from '../utils/time';

/** Nowhere do clocks change twice in this time. */
const SAMPLE_INTERVAL = 6 * HOUR;

/** A time in which the clocks of a place are not changed. */
export interface OffsetPeriod {
	from: number;
	to: number;
	/** What the clocks show is the time of UTC and this. */
	offset: number;
}

export type UtcOffsets = readonly OffsetPeriod[];

/** The clocks of a place between two moments. */
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

/** When the clocks show a time from one to another: twice where they go back, less where they go forward. */
export const localToUtc = (offsets: UtcOffsets, [from, to]: Span): Span[] =>
	offsets.flatMap((season): Span[] => {
		const begin = Math.max(from - season.offset, season.from);
		const end = Math.min(to - season.offset, season.to);
		return begin < end ? [[begin, end]] : [];
	});

/** What the clocks show, as if it were a time of UTC. */
export function utcToLocal(offsets: UtcOffsets, moment: number): number {
	const period = offsets.find(({ to }) => moment < to) ?? offsets[offsets.length - 1];
	return moment + period.offset;
}
