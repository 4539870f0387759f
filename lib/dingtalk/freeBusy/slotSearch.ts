/** A query for common free time, and what can be computed of it before single starts are looked at. */
import { getUtcOffsets, type UtcOffsets } from './utcOffsets';
import { intersectSpans, mergeSpans, subtractSpans, type Span } from './intervals';
import { listWorkingSpans, type WorkingTime } from './workingHours';
import { accumulate, StartGrid } from './startGrid';
import type { Computation } from '../utils/slices';
import { MINUTE, DAY } from '../utils/time';

/** A place where people work: their time zone, and whether China's holidays are days off there. */
export interface Workplace {
	zone: string;
	observesChineseHolidays: boolean;
}

export interface RoomAvailability {
	id: string;
	busy: readonly Span[];
	tentative: readonly Span[];
}

export interface PersonAvailability extends RoomAvailability, Workplace {
	/** Attends if free, but does not prevent a slot. */
	optional: boolean;
}

export interface SlotQuery {
	window: Span;
	/** The time zone in which starts are aligned to `step`. */
	zone: string;
	/** Whether China's holidays are days off in `zone`; used if nobody is required. */
	observesChineseHolidays: boolean;
	/** In minutes. */
	duration: number;
	/** Minutes that people must be free before and after. A room is needed only during the meeting. */
	bufferBefore: number;
	bufferAfter: number;
	/** Meetings start at multiples of this many minutes of the hour. */
	step: 5 | 10 | 15 | 20 | 30 | 60;
	workingTime: WorkingTime;
	people: readonly PersonAvailability[];
	/** How many of these people must attend. `order` lists them from the first choice to the last. */
	anyOf?: { count: number; order: readonly string[] };
	rooms: readonly RoomAvailability[];
	roomsNeeded: 'none' | 'one' | 'all';
	tentativeCounts: boolean;
	ranking: 'earliest' | 'fewestConflicts' | 'fairest' | 'turn';
	/** Whether results may overlap, must not overlap, or must be on different days. */
	spread: 'overlapping' | 'apart' | 'days';
	count: number;
}

/** `choice` is one of the people of whom only some must attend. */
export type Attendance = 'required' | 'choice' | 'optional';

/** The starts that suit one person: within working hours, without a conflict, and both. */
export interface PersonStarts {
	id: string;
	zone: string;
	attendance: Attendance;
	working: Span[];
	notBusy: Span[];
	possible: Span[];
}

/** Computed once for a query and its variants. */
export interface SearchCache {
	offsetsByZone: Map<string, UtcOffsets>;
	/** Merged, by whether tentative times count. */
	busy: Map<RoomAvailability, Map<boolean, Span[]>>;
}

export interface SlotSearch {
	query: SlotQuery;
	cache: SearchCache;
	/** The starts at which a meeting of this length fits into the window. */
	window: Span[];
	grid: StartGrid;
	people: PersonStarts[];
	rooms: Array<{ id: string; free: Span[] }>;
	/** If nobody is required: the working hours of the optional people, or of the query's time zone. */
	anyoneWorking?: Span[];
	/** At each start: how many people of each attendance can attend, and how many rooms are free. */
	possible: Record<Attendance, Int32Array>;
	roomsFree: Int32Array;
	/** At each start, whether anyone is at work; without it, always. */
	staffed?: Int32Array;
	/** The number of people of each attendance. */
	headcount: Record<Attendance, number>;
}

export const createCache = (): SearchCache => ({ offsetsByZone: new Map(), busy: new Map() });

export function offsetsOf({ query: { window }, cache }: Pick<SlotSearch, 'query' | 'cache'>, zone: string): UtcOffsets {
	const known = cache.offsetsByZone.get(zone);
	if (known) return known;
	const offsets = getUtcOffsets(zone, [window[0] - DAY, window[1] + DAY]);
	cache.offsetsByZone.set(zone, offsets);
	return offsets;
}

function* mergeBusy(
	availability: RoomAvailability,
	tentativeCounts: boolean,
	{ busy }: SearchCache,
): Computation<Span[]> {
	const variants = busy.get(availability) ?? new Map<boolean, Span[]>();
	busy.set(availability, variants);
	const known = variants.get(tentativeCounts);
	if (known) return known;
	const spans = tentativeCounts ? [...availability.busy, ...availability.tentative] : availability.busy;
	const merged = mergeSpans(spans.filter(([from, to]) => from < to));
	variants.set(tentativeCounts, merged);
	yield spans.length * STEPS_PER_MERGED_SPAN;
	return merged;
}

/** The starts at which a meeting of this length overlaps no busy span. The edges of a gap are included. */
const listFreeStarts = (window: Span[], busy: readonly Span[], before: number, length: number): Span[] =>
	subtractSpans(
		window,
		busy.map(([from, to]): Span => [from - length, to + before]),
	);

/** What passing over a span takes, and what sorting and merging it takes. */
export const STEPS_PER_SPAN = 10;
const STEPS_PER_MERGED_SPAN = 60;
/** What looking for changes of the UTC offset takes. */
const STEPS_PER_ZONE_DAY = 1000;

const attendanceOf = ({ id, optional }: PersonAvailability, choices: ReadonlySet<string>): Attendance =>
	choices.has(id) ? 'choice' : optional ? 'optional' : 'required';

export function* prepareSearch(query: SlotQuery, cache: SearchCache = createCache()): Computation<SlotSearch> {
	const { window, zone, workingTime, tentativeCounts, anyOf } = query;
	const length = query.duration * MINUTE;
	const [before, after] = [query.bufferBefore * MINUTE, query.bufferAfter * MINUTE];
	const lastStart = window[1] - length;
	const startWindow: Span[] = window[0] <= lastStart ? [[window[0], lastStart]] : [];
	for (const one of new Set([zone, ...query.people.map((person) => person.zone)])) {
		if (cache.offsetsByZone.has(one)) continue;
		offsetsOf({ query, cache }, one);
		yield ((window[1] - window[0]) / DAY) * STEPS_PER_ZONE_DAY;
	}
	const grid = new StartGrid(startWindow, offsetsOf({ query, cache }, zone), query.step * MINUTE);
	const workStarts = new Map<string, Span[]>();
	const listWorkStarts = ({ zone: workZone, observesChineseHolidays }: Workplace): Span[] => {
		const key = `${workZone} ${observesChineseHolidays}`;
		const known = workStarts.get(key);
		if (known) return known;
		const starts = listWorkingSpans(offsetsOf({ query, cache }, workZone), workingTime, observesChineseHolidays)
			.map(([from, to]): Span => [from, to - length])
			.filter(([from, to]) => from <= to);
		const spans = intersectSpans(startWindow, starts);
		workStarts.set(key, spans);
		return spans;
	};
	const possible = {
		required: grid.createDifferences(),
		choice: grid.createDifferences(),
		optional: grid.createDifferences(),
	};
	const headcount = { required: 0, choice: 0, optional: 0 };
	const choices = new Set(anyOf?.order);
	const people: PersonStarts[] = [];
	for (const person of query.people) {
		const attendance = attendanceOf(person, choices);
		const working = listWorkStarts(person);
		const busy = yield* mergeBusy(person, tentativeCounts, cache);
		const notBusy = listFreeStarts(startWindow, busy, before, length + after);
		const both = intersectSpans(working, notBusy);
		grid.add(possible[attendance], both);
		headcount[attendance]++;
		people.push({ id: person.id, zone: person.zone, attendance, working, notBusy, possible: both });
		yield (busy.length + working.length + 2 * notBusy.length) * STEPS_PER_SPAN;
	}
	const roomsFree = grid.createDifferences();
	const rooms: SlotSearch['rooms'] = [];
	for (const room of query.rooms) {
		const busy = yield* mergeBusy(room, tentativeCounts, cache);
		const free = listFreeStarts(startWindow, busy, 0, length);
		grid.add(roomsFree, free);
		rooms.push({ id: room.id, free });
		yield (busy.length + 2 * free.length) * STEPS_PER_SPAN;
	}
	for (const counts of [...Object.values(possible), roomsFree]) {
		accumulate(counts);
		yield counts.length;
	}
	const search: SlotSearch = { query, cache, window: startWindow, grid, people, rooms, possible, roomsFree, headcount };
	if (headcount.required > 0 || anyOf) return search;
	const anyoneWorking =
		people.length > 0 ? mergeSpans(people.flatMap(({ working }) => working)) : listWorkStarts(query);
	const staffed = grid.createDifferences();
	grid.add(staffed, anyoneWorking);
	yield people.length * STEPS_PER_SPAN + anyoneWorking.length * STEPS_PER_SPAN + staffed.length;
	return { ...search, anyoneWorking, staffed: accumulate(staffed) };
}

/** Whether enough rooms are free at a start. */
export const hasRooms = ({ query: { roomsNeeded }, rooms, roomsFree }: SlotSearch, index: number): boolean =>
	roomsNeeded === 'none' || (roomsNeeded === 'one' ? roomsFree[index] > 0 : roomsFree[index] === rooms.length);

/** Whether enough people can attend at a start. */
export const hasPeople = ({ query: { anyOf }, possible, headcount, staffed }: SlotSearch, index: number): boolean =>
	possible.required[index] === headcount.required &&
	possible.choice[index] >= (anyOf?.count ?? 0) &&
	(staffed === undefined || staffed[index] > 0);
