/** The clocks of a place as arithmetic: how far they are from UTC, and when that changes. */
import { IANAZone } from 'luxon';
import type { Span } from './intervals';
import { MINUTE, HOUR } from '../utils/time';

/** Nowhere do clocks change twice in this time. */
const LOOK_EVERY = 6 * HOUR;

/** A time in which the clocks of a place are not changed. */
export interface Season {
	from: number;
	to: number;
	/** What the clocks show is the time of UTC and this. */
	offset: number;
}

export type Clock = readonly Season[];

/** The clocks of a place between two moments. */
export function clockOf(zone: string, [from, to]: Span): Clock {
	const place = IANAZone.create(zone);
	const offsetAt = (moment: number): number => Math.round(place.offset(moment) * MINUTE);
	const seasons: Season[] = [{ from, to, offset: offsetAt(from) }];
	for (let look = from; look < to; look += LOOK_EVERY) {
		const current = seasons[seasons.length - 1];
		const next = Math.min(look + LOOK_EVERY, to);
		const offset = offsetAt(next);
		if (offset === current.offset) continue;
		let before = look;
		let after = next;
		while (after - before > 1) {
			const middle = Math.floor((before + after) / 2);
			if (offsetAt(middle) === current.offset) before = middle;
			else after = middle;
		}
		current.to = after;
		seasons.push({ from: after, to, offset });
	}
	return seasons;
}

/** When the clocks show a time from one to another: twice where they go back, less where they go forward. */
export const whenShown = (clock: Clock, [from, to]: Span): Span[] =>
	clock.flatMap((season): Span[] => {
		const begin = Math.max(from - season.offset, season.from);
		const end = Math.min(to - season.offset, season.to);
		return begin < end ? [[begin, end]] : [];
	});

/** What the clocks show, as if it were a time of UTC. */
export function shownAt(clock: Clock, moment: number): number {
	const season = clock.find(({ to }) => moment < to) ?? clock[clock.length - 1];
	return moment + season.offset;
}
