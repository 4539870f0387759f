/** Finds the times at which all required people, and rooms if needed, are free; the best first. */
import { utcToLocal } from './utcOffsets';
import { containsMoment } from './intervals';
import { minutesFromMiddle } from './workingHours';
import { hasPeople, hasRooms, offsetsOf, prepareSearch, type SlotQuery, type SlotSearch } from './slotSearch';
import type { Computation } from '../utils/slices';
import { MINUTE, DAY } from '../utils/time';

export interface Slot {
	start: number;
	end: number;
	/** Of the people of whom only some must attend, those who are chosen, in the order of choice. */
	chosen: string[];
	/** How many of these could attend. */
	available: number;
	/** Optional people who cannot attend. */
	unavailable: Array<{ id: string; reason: 'busy' | 'outsideWorkingHours' }>;
	/** Free rooms, in the given order. */
	rooms: string[];
	/** How far the slot is from the middle of the working day: for the person it suits least, and for all in total. */
	maxMinutesFromMiddle: number;
	totalMinutesFromMiddle: number;
}

/** How many starts are looked at before other work may have its turn. */
const STARTS_PER_YIELD = 5_000;
/** What looking at one person or one comparison takes. */
const STEPS_PER_LOOK = 10;

/** The positions in the order of choice of the people who are chosen at a start. */
type ChooseAt = (start: number) => number[];

function createChooser({ query: { anyOf }, people }: SlotSearch): ChooseAt {
	if (!anyOf) return () => [];
	const byId = new Map(people.map((person) => [person.id, person.possible]));
	const candidates = anyOf.order.map((id) => byId.get(id) ?? []);
	return (start) => {
		const chosen: number[] = [];
		for (let position = 0; position < candidates.length && chosen.length < anyOf.count; position++) {
			if (containsMoment(candidates[position], start)) chosen.push(position);
		}
		return chosen;
	};
}

/** How far a start is from the middle of the working day of those who are asked to attend. */
function createDistances(search: SlotSearch): (start: number, chosen: number[]) => [max: number, total: number] {
	const { query, people } = search;
	const always = new Map<string, number>();
	for (const { zone, attendance } of people) if (attendance !== 'choice') always.set(zone, (always.get(zone) ?? 0) + 1);
	const zones = new Map(people.map(({ id, zone }) => [id, zone]));
	const half = (query.duration * MINUTE) / 2;
	return (start, chosen) => {
		const counts = chosen.length > 0 ? new Map(always) : always;
		for (const position of chosen) {
			const zone = zones.get(query.anyOf?.order[position] ?? '') ?? query.zone;
			counts.set(zone, (counts.get(zone) ?? 0) + 1);
		}
		let [max, total] = [0, 0];
		for (const [zone, count] of counts) {
			const minutes = minutesFromMiddle(utcToLocal(offsetsOf(search, zone), start + half), query.workingTime);
			max = Math.max(max, minutes);
			total += minutes * count;
		}
		return [max, total];
	};
}

interface SlotReader {
	choose: ChooseAt;
	distances: ReturnType<typeof createDistances>;
}

function createSlot(search: SlotSearch, index: number, { choose, distances }: SlotReader): Slot {
	const { query, people, rooms, possible, grid } = search;
	const start = grid.startAt(index);
	const chosen = choose(start);
	const [maxMinutesFromMiddle, totalMinutesFromMiddle] = distances(start, chosen);
	return {
		start,
		end: start + query.duration * MINUTE,
		chosen: chosen.map((position) => query.anyOf?.order[position] ?? ''),
		available: possible.choice[index],
		unavailable: people
			.filter((person) => person.attendance === 'optional' && !containsMoment(person.possible, start))
			.map(({ id, working }) => ({ id, reason: containsMoment(working, start) ? 'busy' : 'outsideWorkingHours' })),
		rooms:
			query.roomsNeeded === 'none' ? [] : rooms.filter(({ free }) => containsMoment(free, start)).map(({ id }) => id),
		maxMinutesFromMiddle,
		totalMinutesFromMiddle,
	};
}

export const createSlotAt = (search: SlotSearch, index: number): Slot =>
	createSlot(search, index, { choose: createChooser(search), distances: createDistances(search) });

/** The values to sort a start by, the most important first; lower is better. Ties go to the earlier start. */
function createSortKeys(search: SlotSearch, { choose, distances }: SlotReader): (index: number) => number[] {
	const { query, grid, possible, headcount } = search;
	const countAbsent = (index: number): number => headcount.optional - possible.optional[index];
	switch (query.ranking) {
		case 'earliest':
			return () => [];
		case 'fewestConflicts':
			return (index) => [countAbsent(index)];
		case 'fairest':
			return (index) => {
				const start = grid.startAt(index);
				return [...distances(start, choose(start)), countAbsent(index)];
			};
		case 'turn':
			return (index) => choose(grid.startAt(index));
	}
}

interface RankedStart {
	index: number;
	keys: number[];
}

function compareRanked(a: RankedStart, b: RankedStart): number {
	for (let i = 0; i < a.keys.length; i++) if (a.keys[i] !== b.keys[i]) return a.keys[i] - b.keys[i];
	return a.index - b.index;
}

/** Merges two sorted parts of a list into another list. */
function mergeParts(from: RankedStart[], into: RankedStart[], begin: number, middle: number, end: number): void {
	for (let left = begin, right = middle, place = begin; place < end; place++) {
		const takeLeft = left < middle && (right >= end || compareRanked(from[left], from[right]) <= 0);
		into[place] = takeLeft ? from[left++] : from[right++];
	}
}

/** Sorts short parts and merges them, so that no step takes long. */
function* sortRanked(list: RankedStart[]): Computation<RankedStart[]> {
	let sorted: RankedStart[] = [];
	for (let begin = 0; begin < list.length; begin += STARTS_PER_YIELD) {
		const part = list.slice(begin, begin + STARTS_PER_YIELD).sort(compareRanked);
		for (const one of part) sorted.push(one);
		yield part.length * STEPS_PER_LOOK * 10;
	}
	for (let size = STARTS_PER_YIELD; size < list.length; size *= 2) {
		const merged: RankedStart[] = new Array<RankedStart>(list.length);
		for (let begin = 0; begin < list.length; begin += 2 * size) {
			mergeParts(sorted, merged, begin, Math.min(begin + size, list.length), Math.min(begin + 2 * size, list.length));
			yield Math.min(2 * size, list.length) * STEPS_PER_LOOK;
		}
		sorted = merged;
	}
	return sorted;
}

/** Whether a start may be returned together with the better ones; notes it if so. */
function createSpreadFilter(search: SlotSearch): (start: number) => boolean {
	const { spread, zone, duration } = search.query;
	if (spread === 'overlapping') return () => true;
	if (spread === 'days') {
		const days = new Set<number>();
		return (start) => {
			const day = Math.floor(utcToLocal(offsetsOf(search, zone), start) / DAY);
			const isNew = !days.has(day);
			days.add(day);
			return isNew;
		};
	}
	const length = duration * MINUTE;
	// All slots have the same length, so each stretch of this length holds the start of one at most.
	const starts = new Map<number, number>();
	return (start) => {
		const stretch = Math.floor(start / length);
		const nearby = [stretch - 1, stretch, stretch + 1].map((one) => starts.get(one));
		if (nearby.some((other) => other !== undefined && Math.abs(other - start) < length)) return false;
		starts.set(stretch, start);
		return true;
	};
}

/** The indexes of the starts that suit everyone, in order. */
function* listOpenStarts(search: SlotSearch): Computation<number[]> {
	const open: number[] = [];
	for (let index = 0; index < search.grid.count; index++) {
		if (hasPeople(search, index) && hasRooms(search, index)) open.push(index);
		if (index % STARTS_PER_YIELD === STARTS_PER_YIELD - 1) yield STARTS_PER_YIELD;
	}
	return open;
}

export function* selectSlots(search: SlotSearch): Computation<Slot[]> {
	const { query, grid } = search;
	const reader: SlotReader = { choose: createChooser(search), distances: createDistances(search) };
	const open = yield* listOpenStarts(search);
	let ranked: Iterable<number> = open;
	if (query.ranking !== 'earliest') {
		const keysOf = createSortKeys(search, reader);
		const list: RankedStart[] = [];
		const steps = STEPS_PER_LOOK * (1 + search.cache.offsetsByZone.size + (query.anyOf?.order.length ?? 0));
		let since = 0;
		for (const index of open) {
			list.push({ index, keys: keysOf(index) });
			since += steps;
			if (since < STARTS_PER_YIELD * STEPS_PER_LOOK) continue;
			yield since;
			since = 0;
		}
		ranked = (yield* sortRanked(list)).map(({ index }) => index);
	}
	const isSpread = createSpreadFilter(search);
	const chosen: Slot[] = [];
	let looked = 0;
	for (const index of ranked) {
		if (chosen.length >= query.count) break;
		if (isSpread(grid.startAt(index))) {
			chosen.push(createSlot(search, index, reader));
			yield (search.people.length + search.rooms.length) * STEPS_PER_LOOK;
		} else if (++looked % STARTS_PER_YIELD === 0) yield STARTS_PER_YIELD * STEPS_PER_LOOK;
	}
	return chosen;
}

/** The first slot that suits everyone. */
export function* findFirstSlot(search: SlotSearch): Computation<Slot | undefined> {
	for (let index = 0; index < search.grid.count; index++) {
		if (hasPeople(search, index) && hasRooms(search, index)) return createSlotAt(search, index);
		if (index % STARTS_PER_YIELD === STARTS_PER_YIELD - 1) yield STARTS_PER_YIELD;
	}
	return undefined;
}

export function* findCommonSlots(query: SlotQuery): Computation<Slot[]> {
	return yield* selectSlots(yield* prepareSearch(query));
}
