/** The times that suit everybody, best first. */
import { getUtcOffsets, utcToLocal, type UtcOffsets } from './utcOffsets';
import { containsMoment, intersectSpans, mergeSpans, subtractSpans, type Span } from './intervals';
import { minutesFromMidday, listWorkingSpans, type WorkingTime } from './workingHours';
import { MINUTE, DAY } from '../utils/time';

export interface PersonAvailability {
	id: string;
	/** Comes if there is time, but does not stand in the way. */
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
	/** Where the clock is by which meetings begin at full steps. */
	zone: string;
	/** Minutes. */
	duration: number;
	/** Minutes to keep free before and after, for people; a room is needed for the meeting alone. */
	bufferBefore: number;
	bufferAfter: number;
	/** Meetings begin at full steps of the clock, in minutes; divides an hour. */
	step: 5 | 10 | 15 | 20 | 30 | 60;
	workingTime: WorkingTime;
	people: readonly PersonAvailability[];
	rooms: readonly RoomAvailability[];
	roomsNeeded: 'none' | 'one' | 'all';
	tentativeCounts: boolean;
	ranking: 'earliest' | 'fewestConflicts' | 'fairest';
	/** Whether results may overlap, or must not, or are each on a day of their own. */
	spread: 'overlapping' | 'apart' | 'days';
	count: number;
}

export interface Slot {
	start: number;
	end: number;
	/** Optional people who cannot come. */
	unavailable: Array<{ id: string; reason: 'busy' | 'outsideWorkingHours' }>;
	/** Rooms that are free, in the order given. */
	rooms: string[];
	/** Minutes from the middle of the working day: of whom it suits least, and of all together. */
	maxMinutesFromMidday: number;
	totalMinutesFromMidday: number;
}

/** Starts at which one person could come, split by what else could stand in the way. */
export interface PersonStarts {
	id: string;
	optional: boolean;
	working: Span[];
	notBusy: Span[];
	possible: Span[];
}

/** A question with everything that does not depend on a single start worked out. */
export interface SlotSearch {
	query: SlotQuery;
	/** When a meeting of this length may lie in the window. */
	window: Span[];
	people: PersonStarts[];
	rooms: Array<{ id: string; free: Span[] }>;
	/** The same for everybody in one place. */
	offsetsByZone: Map<string, UtcOffsets>;
}

/** Starts at which nothing of a list is touched. Both ends of the list's gaps count. */
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
	const workStartsByKey = new Map<string, Span[]>();
	const listWorkStarts = ({ zone, observesChineseHolidays }: PersonAvailability): Span[] => {
		const key = `${zone} ${observesChineseHolidays}`;
		let spans = workStartsByKey.get(key);
		if (!spans) {
			const starts = listWorkingSpans(offsetsByZone.get(zone) ?? [], workingTime, observesChineseHolidays)
				.map(([from, to]): Span => [from, to - length])
				.filter(([from, to]) => from <= to);
			spans = intersectSpans(startWindow, starts);
			workStartsByKey.set(key, spans);
		}
		return spans;
	};
	const selectBusy = ({ busy, tentative }: { busy: readonly Span[]; tentative: readonly Span[] }): readonly Span[] =>
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
		rooms: query.rooms.map((one) => ({ id: one.id, free: listFreeStarts(startWindow, selectBusy(one), 0, length) })),
	};
}

/** Starts at which there is room enough. */
export function listRoomStarts({ query, window, rooms }: SlotSearch): Span[] {
	if (query.roomsNeeded === 'none') return window;
	const lists = rooms.map(({ free }) => free);
	return query.roomsNeeded === 'one' ? mergeSpans(lists.flat()) : lists.reduce(intersectSpans, window);
}

/** The full steps of the clock within these spans. */
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

function createSlot(grounds: SlotSearch, start: number): Slot {
	const { query, people, rooms, offsetsByZone } = grounds;
	const length = query.duration * MINUTE;
	const distances = query.people.map(({ zone }) =>
		minutesFromMidday(utcToLocal(offsetsByZone.get(zone) ?? [], start + length / 2), query.workingTime),
	);
	return {
		start,
		end: start + length,
		unavailable: people
			.filter(({ optional, possible }) => optional && !containsMoment(possible, start))
			.map(({ id, working }) => ({ id, reason: containsMoment(working, start) ? 'busy' : 'outsideWorkingHours' })),
		rooms:
			query.roomsNeeded === 'none' ? [] : rooms.filter(({ free }) => containsMoment(free, start)).map(({ id }) => id),
		maxMinutesFromMidday: Math.max(0, ...distances),
		totalMinutesFromMidday: distances.reduce((sum, minutes) => sum + minutes, 0),
	};
}

/** What counts first, second … ; the earlier start decides where all of it is the same. */
const SORT_KEYS: Record<SlotQuery['ranking'], (slot: Slot) => number[]> = {
	earliest: () => [],
	fewestConflicts: ({ unavailable }) => [unavailable.length],
	fairest: ({ maxMinutesFromMidday, totalMinutesFromMidday, unavailable }) => [
		maxMinutesFromMidday,
		totalMinutesFromMidday,
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

/** Whether a slot may stand beside those that are better. */
function fitsSpread({ query: { spread, zone }, offsetsByZone }: SlotSearch, slot: Slot, better: Slot[]): boolean {
	if (spread === 'overlapping') return true;
	if (spread === 'apart') return better.every(({ start, end }) => end <= slot.start || slot.end <= start);
	const dayOf = (moment: number) => Math.floor(utcToLocal(offsetsByZone.get(zone) ?? [], moment) / DAY);
	return better.every(({ start }) => dayOf(start) !== dayOf(slot.start));
}

export function selectSlots(grounds: SlotSearch): Slot[] {
	const { query, people } = grounds;
	const required = people.filter(({ optional }) => !optional).map(({ possible }) => possible);
	const candidates = listAlignedStarts(grounds, required.reduce(intersectSpans, listRoomStarts(grounds)));
	const chosen: Slot[] = [];
	const addIfSpread = (slot: Slot): void => {
		if (fitsSpread(grounds, slot, chosen)) chosen.push(slot);
	};
	if (query.ranking === 'earliest') {
		// They come in this order, so nothing beyond what is wanted need be looked at.
		for (const start of candidates) {
			if (chosen.length >= query.count) break;
			addIfSpread(createSlot(grounds, start));
		}
		return chosen;
	}
	const ranked = [...candidates].map((start) => createSlot(grounds, start)).sort(compareSlots(query.ranking));
	for (const slot of ranked) {
		if (chosen.length >= query.count) break;
		addIfSpread(slot);
	}
	return chosen;
}

export const findCommonSlots = (query: SlotQuery): Slot[] => selectSlots(prepareSearch(query));
