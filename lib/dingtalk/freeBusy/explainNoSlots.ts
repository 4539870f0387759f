/** Explains why no slot was found: who is busy most often, and which single change would open a slot. */
import {
	createCache,
	hasPeople,
	hasRooms,
	prepareSearch,
	STEPS_PER_SPAN,
	type SlotQuery,
	type SlotSearch,
} from './slotSearch';
import { createSlotAt, findFirstSlot, type Slot } from './findCommonSlots';
import { intersectSpans } from './intervals';
import { accumulate } from './startGrid';
import type { Computation } from '../utils/slices';

export type SuggestedChange =
	| { kind: 'shorter'; minutes: number }
	| { kind: 'withoutPerson'; id: string }
	/** Fewer of the people of whom only some must attend. */
	| { kind: 'fewerPeople'; count: number }
	/** One of several rooms, or each of them. */
	| { kind: 'withoutRoom'; id: string }
	| { kind: 'withoutRooms' }
	| { kind: 'overLunch' }
	| { kind: 'withoutBuffer' }
	| { kind: 'overTentative' }
	| { kind: 'beyondHours'; minutes: number }
	| { kind: 'otherStarts'; step: SlotQuery['step'] }
	| { kind: 'otherDay' };

export interface BlockingPerson {
	id: string;
	/** How many of the working starts this person is busy at. */
	busyStarts: number;
	/** At how many of these no other required person is busy, and enough of the others are free. */
	soleConflictStarts: number;
}

export interface NoSlotsExplanation {
	/** Whether the meeting is longer than the window. */
	windowTooShort: boolean;
	/** The number of starts in the window. */
	starts: number;
	/** Whether enough people are within their working hours for the whole meeting, if only it could start at any minute. */
	workAtAnyMinute: boolean;
	/** The number of starts at which all required people are within their working hours, and enough of the others. */
	workingStarts: number;
	/** At how many of these enough people are free, even if no room is. */
	startsWithAllFree: number;
	blockers: BlockingPerson[];
	/** Each single change that would open a slot, with the first such slot. */
	suggestions: Array<{ change: SuggestedChange; slot: Slot }>;
}

type Suggestion = NoSlotsExplanation['suggestions'][number];

/** The extensions of working hours to try, in minutes. */
const MORE_MINUTES_OUTSIDE = [60, 120, 180];
/** The distances between starts to try, in minutes. */
const FINER_STEPS = [30, 20, 15, 10, 5] as const;
/** Shorter meetings are tried in steps of this many minutes where they are shorter than the distance of two starts. */
const SHORTEST_MINUTES = 5;

/** What each start has of one group of people, all of whom are told apart by their position. */
function* countEach(
	{ grid, people }: SlotSearch,
	spansOf: (person: SlotSearch['people'][number]) => SlotSearch['window'],
	attendance: 'required' | 'choice',
): Computation<{ counts: Int32Array; positions: Int32Array }> {
	const counts = grid.createDifferences();
	const positions = grid.createDifferences();
	for (const [position, person] of people.entries()) {
		if (person.attendance !== attendance) continue;
		const spans = spansOf(person);
		grid.add(counts, spans);
		grid.add(positions, spans, position);
		yield spans.length * STEPS_PER_SPAN;
	}
	accumulate(counts);
	accumulate(positions);
	yield counts.length * 2;
	return { counts, positions };
}

/** The sum of the positions of all people of one attendance. */
const sumPositions = ({ people }: SlotSearch, attendance: 'required' | 'choice'): number =>
	people.reduce((sum, person, position) => (person.attendance === attendance ? sum + position : sum), 0);

function* countConflicts(
	search: SlotSearch,
): Computation<Pick<NoSlotsExplanation, 'workingStarts' | 'startsWithAllFree' | 'blockers'>> {
	const { grid, people, headcount, query, staffed } = search;
	const working = yield* countEach(search, (person) => person.working, 'required');
	const workingChoice = yield* countEach(search, (person) => person.working, 'choice');
	const notBusy = yield* countEach(search, (person) => person.notBusy, 'required');
	const allPositions = sumPositions(search, 'required');
	const freeChoices = search.possible.choice;
	const needed = query.anyOf?.count ?? 0;
	const isWorking = new Int32Array(grid.count + 1);
	const soleConflicts = people.map(() => 0);
	let workingStarts = 0;
	let startsWithAllFree = 0;
	for (let index = 0; index < grid.count; index++) {
		if (working.counts[index] < headcount.required || workingChoice.counts[index] < needed) continue;
		if (staffed !== undefined && staffed[index] === 0) continue;
		isWorking[index] = 1;
		workingStarts++;
		if (hasPeople(search, index)) startsWithAllFree++;
		const isSole = headcount.required - notBusy.counts[index] === 1 && freeChoices[index] >= needed;
		if (isSole) soleConflicts[allPositions - notBusy.positions[index]]++;
	}
	yield grid.count * 2;
	// The number of working starts before each start, so that those within a span are one subtraction.
	const workingBefore = new Int32Array(grid.count + 1);
	for (let index = 0; index < grid.count; index++) workingBefore[index + 1] = workingBefore[index] + isWorking[index];
	yield grid.count;
	const blockers: BlockingPerson[] = [];
	for (const [position, { id, attendance, notBusy: free }] of people.entries()) {
		if (attendance === 'optional') continue;
		const freeStarts = free.reduce(
			(sum, [from, to]) => sum + workingBefore[grid.countBefore(to + 1)] - workingBefore[grid.countBefore(from)],
			0,
		);
		const busyStarts = workingStarts - freeStarts;
		if (busyStarts > 0) blockers.push({ id, busyStarts, soleConflictStarts: soleConflicts[position] });
		yield free.length * STEPS_PER_SPAN;
	}
	blockers.sort((a, b) => b.soleConflictStarts - a.soleConflictStarts || b.busyStarts - a.busyStarts);
	return { workingStarts, startsWithAllFree, blockers };
}

/** Whether the working hours of enough people have room for the meeting, at whichever minute it starts. */
function* canWorkAtAnyMinute(search: SlotSearch): Computation<boolean> {
	const { people, window, query, anyoneWorking } = search;
	if (anyoneWorking) return anyoneWorking.length > 0;
	let common = window;
	for (const { attendance, working } of people) {
		if (attendance !== 'required') continue;
		common = intersectSpans(common, working);
		yield (common.length + working.length) * STEPS_PER_SPAN;
	}
	const needed = query.anyOf?.count ?? 0;
	if (needed === 0) return common.length > 0;
	// People of the same workplace share one list.
	const lists = new Map<SlotSearch['window'], number>();
	for (const { attendance, working } of people)
		if (attendance === 'choice') lists.set(working, (lists.get(working) ?? 0) + 1);
	lists.set(common, people.length + 1);
	const edges = [...lists]
		.flatMap(([spans, weight]) => spans.flatMap(([from, to]) => [[from, weight] as const, [to + 1, -weight] as const]))
		.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
	yield edges.length * STEPS_PER_SPAN;
	let weight = 0;
	return edges.some(([, change]) => (weight += change) >= people.length + 1 + needed);
}

function* tryChange(change: SuggestedChange, query: SlotQuery, cache: SlotSearch['cache']): Computation<Suggestion[]> {
	const slot = yield* findFirstSlot(yield* prepareSearch(query, cache));
	return slot ? [{ change, slot }] : [];
}

/** The longest shorter meeting that fits. Where a meeting fits, each shorter one fits too. */
function* tryShorterMeeting({ query, cache }: SlotSearch): Computation<Suggestion[]> {
	const { duration, step } = query;
	const lengths: number[] = [];
	for (let minutes = SHORTEST_MINUTES; minutes < Math.min(step, duration); minutes += SHORTEST_MINUTES)
		lengths.push(minutes);
	for (let minutes: number = step; minutes < duration; minutes += step) lengths.push(minutes);
	let best: Suggestion[] = [];
	for (let low = 0, high = lengths.length - 1; low <= high;) {
		const middle = (low + high) >> 1;
		const minutes = lengths[middle];
		const found = yield* tryChange({ kind: 'shorter', minutes }, { ...query, duration: minutes }, cache);
		if (found.length > 0) {
			best = found;
			low = middle + 1;
		} else high = middle - 1;
	}
	return best;
}

function* tryLongerHours({ query, cache }: SlotSearch): Computation<Suggestion[]> {
	const { workingTime } = query;
	for (const minutes of MORE_MINUTES_OUTSIDE) {
		const longer = { ...workingTime, minutesOutside: workingTime.minutesOutside + minutes };
		const found = yield* tryChange({ kind: 'beyondHours', minutes }, { ...query, workingTime: longer }, cache);
		if (found.length > 0) return found;
	}
	return [];
}

/** Starts more often, as seldom as that helps. */
function* tryOtherStarts({ query, cache }: SlotSearch): Computation<Suggestion[]> {
	for (const step of FINER_STEPS) {
		if (step >= query.step) continue;
		const found = yield* tryChange({ kind: 'otherStarts', step }, { ...query, step }, cache);
		if (found.length > 0) return found;
	}
	return [];
}

/** Makes one person optional, unless this is the last required person. */
function* tryWithoutPerson(search: SlotSearch): Computation<Suggestion[]> {
	const { grid, query, people, headcount, possible } = search;
	if (headcount.required < 2 && !(headcount.required === 1 && query.anyOf)) return [];
	const free = yield* countEach(search, (person) => person.possible, 'required');
	const allPositions = sumPositions(search, 'required');
	/** By the position of the person, the first start at which everyone else is free. */
	const firstStarts = new Map<number, number>();
	for (let index = 0; index < grid.count; index++) {
		if (headcount.required - free.counts[index] !== 1) continue;
		if (possible.choice[index] < (query.anyOf?.count ?? 0) || !hasRooms(search, index)) continue;
		const position = allPositions - free.positions[index];
		if (!firstStarts.has(position)) firstStarts.set(position, index);
	}
	yield grid.count * 2;
	const suggestions: Suggestion[] = [];
	for (const [position, index] of [...firstStarts].sort((a, b) => a[0] - b[0])) {
		const { id } = people[position];
		const others = people.map((person) => (person.id === id ? { ...person, attendance: 'optional' as const } : person));
		suggestions.push({
			change: { kind: 'withoutPerson', id },
			slot: createSlotAt({ ...search, people: others }, index),
		});
		yield people.length * STEPS_PER_SPAN;
	}
	return suggestions;
}

/** The largest smaller number of people that fits. */
function* tryFewerPeople(search: SlotSearch): Computation<Suggestion[]> {
	const { query, grid, possible, headcount } = search;
	const { anyOf } = query;
	if (!anyOf || anyOf.count < 2) return [];
	let most = 0;
	for (let index = 0; index < grid.count; index++) {
		if (possible.required[index] === headcount.required && hasRooms(search, index))
			most = Math.max(most, possible.choice[index]);
	}
	yield grid.count;
	if (most === 0) return [];
	const slot = yield* findFirstSlot({ ...search, query: { ...query, anyOf: { ...anyOf, count: most } } });
	return slot ? [{ change: { kind: 'fewerPeople', count: most }, slot }] : [];
}

/** By the position of each room of several, the first start at which it is the only one that is taken. */
function* findSoleRooms(search: SlotSearch): Computation<Map<number, number>> {
	const { grid, rooms, roomsFree } = search;
	const free = grid.createDifferences();
	for (const [position, room] of rooms.entries()) grid.add(free, room.free, position);
	accumulate(free);
	yield free.length;
	const allPositions = (rooms.length * (rooms.length - 1)) / 2;
	const firstStarts = new Map<number, number>();
	for (let index = 0; index < grid.count; index++) {
		if (roomsFree[index] !== rooms.length - 1 || !hasPeople(search, index)) continue;
		const position = allPositions - free[index];
		if (!firstStarts.has(position)) firstStarts.set(position, index);
	}
	yield grid.count * 2;
	return firstStarts;
}

/** Leaves out one of the rooms, or all if leaving out one does not help. */
function* tryWithoutRoom(search: SlotSearch): Computation<Suggestion[]> {
	const { query, rooms } = search;
	if (query.roomsNeeded === 'none') return [];
	if (query.roomsNeeded === 'all' && rooms.length > 1) {
		const firstStarts = yield* findSoleRooms(search);
		if (firstStarts.size > 0) {
			return [...firstStarts].map(([position, index]) => {
				const { id } = rooms[position];
				const others = { ...search, rooms: rooms.filter((room) => room.id !== id) };
				return { change: { kind: 'withoutRoom', id }, slot: createSlotAt(others, index) };
			});
		}
	}
	const slot = yield* findFirstSlot({ ...search, query: { ...query, roomsNeeded: 'none' } });
	return slot ? [{ change: { kind: 'withoutRooms' }, slot }] : [];
}

function* suggestChanges(search: SlotSearch): Computation<Suggestion[]> {
	const { query, cache } = search;
	const { workingTime } = query;
	function* tryWith(
		isDifferent: boolean,
		change: SuggestedChange,
		changed: Partial<SlotQuery>,
	): Computation<Suggestion[]> {
		return isDifferent ? yield* tryChange(change, { ...query, ...changed }, cache) : [];
	}
	const hasBuffer = query.bufferBefore + query.bufferAfter > 0;
	const isTentative = [...query.people, ...query.rooms].some(({ tentative }) => tentative.length > 0);
	return [
		...(yield* tryShorterMeeting(search)),
		...(yield* tryOtherStarts(search)),
		...(yield* tryWithoutPerson(search)),
		...(yield* tryFewerPeople(search)),
		...(yield* tryWith(
			workingTime.breaks.length > 0,
			{ kind: 'overLunch' },
			{ workingTime: { ...workingTime, breaks: [] } },
		)),
		...(yield* tryWith(hasBuffer, { kind: 'withoutBuffer' }, { bufferBefore: 0, bufferAfter: 0 })),
		...(yield* tryWith(query.tentativeCounts && isTentative, { kind: 'overTentative' }, { tentativeCounts: false })),
		...(yield* tryWithoutRoom(search)),
		...(yield* tryLongerHours(search)),
		...(yield* tryWith(
			workingTime.everyDay !== true,
			{ kind: 'otherDay' },
			{ workingTime: { ...workingTime, everyDay: true } },
		)),
	];
}

/** Call this when `findCommonSlots` found nothing. */
export function* explainNoSlots(query: SlotQuery): Computation<NoSlotsExplanation> {
	const search = yield* prepareSearch(query, createCache());
	return {
		windowTooShort: search.window.length === 0,
		starts: search.grid.count,
		workAtAnyMinute: yield* canWorkAtAnyMinute(search),
		...(yield* countConflicts(search)),
		suggestions: yield* suggestChanges(search),
	};
}
