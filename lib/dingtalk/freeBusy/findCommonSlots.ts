/** Finds the times at which all required people, and rooms if needed, are free; the best first. */
import { getUtcOffsets, utcToLocal, type UtcOffsets } from './utcOffsets';
import { containsMoment, intersectSpans, mergeSpans, subtractSpans, type Span } from './intervals';
import { minutesFromMiddle, listWorkingSpans, type WorkingTime } from './workingHours';
import { MINUTE, DAY } from '../utils/time';

export interface PersonAvailability {
	id: string;
	/** Attends if free, but does not prevent a slot. */
	optional: boolean;
	zone: string;
	observesChineseHolidays: boolean;
	busy: readonly Span[];
	tentative: readonly Span[];
}

export interface RoomAvailability {
	id: string;
	busy: readonly Span[];
	tentative: readonly Span[];
}

export interface SlotQuery {
	window: Span;
	/** The time zone in which starts are aligned to `step`. */
	zone: string;
	/** In minutes. */
	duration: number;
	/** Minutes that people must be free before and after. A room is needed only during the meeting. */
	bufferBefore: number;
	bufferAfter: number;
	/** Meetings start at multiples of this many minutes of the hour. */
	step: 5 | 10 | 15 | 20 | 30 | 60;
	workingTime: WorkingTime;
	people: readonly PersonAvailability[];
	rooms: readonly RoomAvailability[];
	roomsNeeded: 'none' | 'one' | 'all';
	tentativeCounts: boolean;
	ranking: 'earliest' | 'fewestConflicts' | 'fairest';
	/** Whether results may overlap, must not overlap, or must be on different days. */
	spread: 'overlapping' | 'apart' | 'days';
	count: number;
}

export interface Slot {
	start: number;
	end: number;
	/** Optional people who cannot attend. */
	unavailable: Array<{ id: string; reason: 'busy' | 'outsideWorkingHours' }>;
	/** Free rooms, in the given order. */
	rooms: string[];
	/** How far the slot is from the middle of the working day: for the person it suits least, and for all in total. */
	maxMinutesFromMiddle: number;
	totalMinutesFromMiddle: number;
}

/** The starts that suit one person: within working hours, without a conflict, and both. */
export interface PersonStarts {
	id: string;
	optional: boolean;
	working: Span[];
	notBusy: Span[];
	possible: Span[];
}

/** A query with everything computed that does not depend on a single start. */
export interface SlotSearch {
	query: SlotQuery;
	/** The starts at which a meeting of this length fits into the window. */
	window: Span[];
	people: PersonStarts[];
	rooms: Array<{ id: string; free: Span[] }>;
	offsetsByZone: Map<string, UtcOffsets>;
}

/** The starts at which a meeting of this length overlaps no busy span. The edges of a gap are included. */
function listFreeStarts(window: Span[], busy: readonly Span[], before: number, length: number): Span[] {
	const taken = mergeSpans(busy.filter(([from, to]) => from < to)).map(([from, to]): Span => [
		from - length,
		to + before,
	]);
	return subtractSpans(window, taken);
}

export function prepareSearch(query: SlotQuery): SlotSearch {
	const { window, people, workingTime, tentativeCounts } = query;
	const length = query.duration * MINUTE;
	const [before, after] = [query.bufferBefore * MINUTE, query.bufferAfter * MINUTE];
	const lastStart = window[1] - length;
	const startWindow: Span[] = window[0] <= lastStart ? [[window[0], lastStart]] : [];
	const offsetsByZone = new Map<string, UtcOffsets>();
	for (const zone of new Set([query.zone, ...people.map((person) => person.zone)])) {
		offsetsByZone.set(zone, getUtcOffsets(zone, [window[0] - DAY, window[1] + DAY]));
	}
	const cachedWorkStarts = new Map<string, Span[]>();
	const listWorkStarts = ({ zone, observesChineseHolidays }: PersonAvailability): Span[] => {
		const key = `${zone} ${observesChineseHolidays}`;
		let spans = cachedWorkStarts.get(key);
		if (!spans) {
			const starts = listWorkingSpans(offsetsByZone.get(zone) ?? [], workingTime, observesChineseHolidays)
				.map(([from, to]): Span => [from, to - length])
				.filter(([from, to]) => from <= to);
			spans = intersectSpans(startWindow, starts);
			cachedWorkStarts.set(key, spans);
		}
		return spans;
	};
	const selectBusy = ({ busy, tentative }: RoomAvailability | PersonAvailability): readonly Span[] =>
		tentativeCounts ? [...busy, ...tentative] : busy;
	return {
		query,
		window: startWindow,
		offsetsByZone,
		people: people.map((person) => {
			const working = listWorkStarts(person);
			const notBusy = listFreeStarts(startWindow, selectBusy(person), before, length + after);
			return { id: person.id, optional: person.optional, working, notBusy, possible: intersectSpans(working, notBusy) };
		}),
		rooms: query.rooms.map((room) => ({ id: room.id, free: listFreeStarts(startWindow, selectBusy(room), 0, length) })),
	};
}

/** The starts at which enough rooms are free. */
export function listRoomStarts({ query, window, rooms }: SlotSearch): Span[] {
	if (query.roomsNeeded === 'none') return window;
	const lists = rooms.map(({ free }) => free);
	return query.roomsNeeded === 'one' ? mergeSpans(lists.flat()) : lists.reduce(intersectSpans, window);
}

/** The starts within these spans that are aligned to the step, by local time. */
export function* listAlignedStarts(
	{ query: { zone, step }, offsetsByZone }: SlotSearch,
	spans: readonly Span[],
): Generator<number> {
	const length = step * MINUTE;
	for (const [from, to] of spans) {
		for (const period of offsetsByZone.get(zone) ?? []) {
			const begin = Math.max(from, period.from);
			const end = Math.min(to, period.to - 1);
			for (
				let start = Math.ceil((begin + period.offset) / length) * length - period.offset;
				start <= end;
				start += length
			) {
				yield start;
			}
		}
	}
}

function createSlot(search: SlotSearch, start: number): Slot {
	const { query, people, rooms, offsetsByZone } = search;
	const length = query.duration * MINUTE;
	const distances = query.people.map(({ zone }) =>
		minutesFromMiddle(utcToLocal(offsetsByZone.get(zone) ?? [], start + length / 2), query.workingTime),
	);
	return {
		start,
		end: start + length,
		unavailable: people
			.filter(({ optional, possible }) => optional && !containsMoment(possible, start))
			.map(({ id, working }) => ({ id, reason: containsMoment(working, start) ? 'busy' : 'outsideWorkingHours' })),
		rooms:
			query.roomsNeeded === 'none' ? [] : rooms.filter(({ free }) => containsMoment(free, start)).map(({ id }) => id),
		maxMinutesFromMiddle: Math.max(0, ...distances),
		totalMinutesFromMiddle: distances.reduce((sum, minutes) => sum + minutes, 0),
	};
}

/** The values to sort by, the most important first; lower is better. Ties go to the earlier start. */
const SORT_KEYS: Record<SlotQuery['ranking'], (slot: Slot) => number[]> = {
	earliest: () => [],
	fewestConflicts: ({ unavailable }) => [unavailable.length],
	fairest: ({ maxMinutesFromMiddle, totalMinutesFromMiddle, unavailable }) => [
		maxMinutesFromMiddle,
		totalMinutesFromMiddle,
		unavailable.length,
	],
};

function compareSlots(ranking: SlotQuery['ranking']): (a: Slot, b: Slot) => number {
	const keysOf = SORT_KEYS[ranking];
	return (a, b) => {
		const [left, right] = [keysOf(a), keysOf(b)];
		const firstDifference = left.findIndex((value, i) => value !== right[i]);
		return firstDifference < 0 ? a.start - b.start : left[firstDifference] - right[firstDifference];
	};
}

/** Whether a slot may be returned together with the better ones. */
function fitsSpread({ query: { spread, zone }, offsetsByZone }: SlotSearch, slot: Slot, better: Slot[]): boolean {
	if (spread === 'overlapping') return true;
	if (spread === 'apart') return better.every(({ start, end }) => end <= slot.start || slot.end <= start);
	const dayOf = (moment: number) => Math.floor(utcToLocal(offsetsByZone.get(zone) ?? [], moment) / DAY);
	return better.every(({ start }) => dayOf(start) !== dayOf(slot.start));
}

export function selectSlots(search: SlotSearch): Slot[] {
	const { query, people } = search;
	const required = people.filter(({ optional }) => !optional).map(({ possible }) => possible);
	const candidates = listAlignedStarts(search, required.reduce(intersectSpans, listRoomStarts(search)));
	const chosen: Slot[] = [];
	const addIfSpread = (slot: Slot): void => {
		if (fitsSpread(search, slot, chosen)) chosen.push(slot);
	};
	if (query.ranking === 'earliest') {
		// Candidates are in this order already, so the search can stop early.
		for (const start of candidates) {
			if (chosen.length >= query.count) break;
			addIfSpread(createSlot(search, start));
		}
		return chosen;
	}
	const ranked = [...candidates].map((start) => createSlot(search, start)).sort(compareSlots(query.ranking));
	for (const slot of ranked) {
		if (chosen.length >= query.count) break;
		addIfSpread(slot);
	}
	return chosen;
}

export const findCommonSlots = (query: SlotQuery): Slot[] => selectSlots(prepareSearch(query));
