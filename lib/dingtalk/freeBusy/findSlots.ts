/** The times that suit everybody, best first. */
import { clockOf, shownAt, type Clock } from './utcOffsets';
import { holds, shared, united, without, type Span } from './intervals';
import { minutesFromMiddle, workingSpans, type WorkTime } from './workingHours';
import { MINUTE, DAY } from '../utils/time';

export interface PersonTimes {
	id: string;
	/** Comes if there is time, but does not stand in the way. */
	optional: boolean;
	zone: string;
	chinasHolidays: boolean;
	busy: readonly Span[];
	tentative: readonly Span[];
}

export interface RoomTimes {
	id: string;
	busy: readonly Span[];
	tentative: readonly Span[];
}

export interface Question {
	window: Span;
	/** Where the clock is by which meetings begin at full steps. */
	zone: string;
	/** Minutes. */
	duration: number;
	/** Minutes to keep free before and after, for people; a room is needed for the meeting alone. */
	before: number;
	after: number;
	/** Meetings begin at full steps of the clock, in minutes; divides an hour. */
	step: 5 | 10 | 15 | 20 | 30 | 60;
	time: WorkTime;
	people: readonly PersonTimes[];
	rooms: readonly RoomTimes[];
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
	absent: Array<{ id: string; why: 'busy' | 'outsideWorkingHours' }>;
	/** Rooms that are free, in the order given. */
	rooms: string[];
	/** Minutes from the middle of the working day: of whom it suits least, and of all together. */
	worst: number;
	total: number;
}

/** Starts at which one person could come, split by what else could stand in the way. */
export interface Starts {
	id: string;
	optional: boolean;
	atWork: Span[];
	unbusy: Span[];
	both: Span[];
}

/** A question with everything that does not depend on a single start worked out. */
export interface Grounds {
	question: Question;
	/** When a meeting of this length may lie in the window. */
	window: Span[];
	starts: Starts[];
	rooms: Array<{ id: string; free: Span[] }>;
	/** The same for everybody in one place. */
	clocks: Map<string, Clock>;
}

/** Starts at which nothing of a list is touched. Both ends of the list's gaps count. */
function unbusyStarts(window: Span[], busy: readonly Span[], before: number, length: number): Span[] {
	const taken = united(busy.filter(([from, to]) => from < to)).map(([from, to]): Span => [from - length, to + before]);
	return without(window, taken);
}

export function groundsOf(question: Question): Grounds {
	const { window, people, time, tentativeCounts } = question;
	const length = question.duration * MINUTE;
	const [before, after] = [question.before * MINUTE, question.after * MINUTE];
	const lastStart = window[1] - length;
	const room: Span[] = window[0] <= lastStart ? [[window[0], lastStart]] : [];
	const clocks = new Map<string, Clock>();
	for (const zone of new Set([question.zone, ...people.map((person) => person.zone)])) {
		clocks.set(zone, clockOf(zone, [window[0] - DAY, window[1] + DAY]));
	}
	const work = new Map<string, Span[]>();
	const workStarts = ({ zone, chinasHolidays }: PersonTimes): Span[] => {
		const key = `${zone} ${chinasHolidays}`;
		let spans = work.get(key);
		if (!spans) {
			const starts = workingSpans(clocks.get(zone) ?? [], time, chinasHolidays)
				.map(([from, to]): Span => [from, to - length])
				.filter(([from, to]) => from <= to);
			spans = shared(room, starts);
			work.set(key, spans);
		}
		return spans;
	};
	const takenOf = ({ busy, tentative }: { busy: readonly Span[]; tentative: readonly Span[] }): readonly Span[] =>
		tentativeCounts ? [...busy, ...tentative] : busy;
	return {
		question,
		window: room,
		clocks,
		starts: people.map((person) => {
			const atWork = workStarts(person);
			const unbusy = unbusyStarts(room, takenOf(person), before, length + after);
			return { id: person.id, optional: person.optional, atWork, unbusy, both: shared(atWork, unbusy) };
		}),
		rooms: question.rooms.map((one) => ({ id: one.id, free: unbusyStarts(room, takenOf(one), 0, length) })),
	};
}

/** Starts at which there is room enough. */
export function roomyStarts({ question, window, rooms }: Grounds): Span[] {
	if (question.roomsNeeded === 'none') return window;
	const lists = rooms.map(({ free }) => free);
	return question.roomsNeeded === 'one' ? united(lists.flat()) : lists.reduce(shared, window);
}

/** The full steps of the clock within these spans. */
export function* fullSteps({ question: { zone, step }, clocks }: Grounds, spans: readonly Span[]): Generator<number> {
	const length = step * MINUTE;
	for (const [from, to] of spans) {
		for (const season of clocks.get(zone) ?? []) {
			const begin = Math.max(from, season.from);
			const end = Math.min(to, season.to - 1);
			for (
				let start = Math.ceil((begin + season.offset) / length) * length - season.offset;
				start <= end;
				start += length
			) {
				yield start;
			}
		}
	}
}

function slotAt(grounds: Grounds, start: number): Slot {
	const { question, starts, rooms, clocks } = grounds;
	const length = question.duration * MINUTE;
	const apart = question.people.map(({ zone }) =>
		minutesFromMiddle(shownAt(clocks.get(zone) ?? [], start + length / 2), question.time),
	);
	return {
		start,
		end: start + length,
		absent: starts
			.filter(({ optional, both }) => optional && !holds(both, start))
			.map(({ id, atWork }) => ({ id, why: holds(atWork, start) ? 'busy' : 'outsideWorkingHours' })),
		rooms: question.roomsNeeded === 'none' ? [] : rooms.filter(({ free }) => holds(free, start)).map(({ id }) => id),
		worst: Math.max(0, ...apart),
		total: apart.reduce((sum, minutes) => sum + minutes, 0),
	};
}

/** What counts first, second … ; the earlier start decides where all of it is the same. */
const MERITS: Record<Question['ranking'], (slot: Slot) => number[]> = {
	earliest: () => [],
	fewestConflicts: ({ absent }) => [absent.length],
	fairest: ({ worst, total, absent }) => [worst, total, absent.length],
};

function byMerit(ranking: Question['ranking']): (a: Slot, b: Slot) => number {
	const merit = MERITS[ranking];
	return (a, b) => {
		const [left, right] = [merit(a), merit(b)];
		const decides = left.findIndex((value, i) => value !== right[i]);
		return decides < 0 ? a.start - b.start : left[decides] - right[decides];
	};
}

/** Whether a slot may stand beside those that are better. */
function mayStand({ question: { spread, zone }, clocks }: Grounds, slot: Slot, better: Slot[]): boolean {
	if (spread === 'overlapping') return true;
	if (spread === 'apart') return better.every(({ start, end }) => end <= slot.start || slot.end <= start);
	const dayOf = (moment: number) => Math.floor(shownAt(clocks.get(zone) ?? [], moment) / DAY);
	return better.every(({ start }) => dayOf(start) !== dayOf(slot.start));
}

export function slotsOn(grounds: Grounds): Slot[] {
	const { question, starts } = grounds;
	const required = starts.filter(({ optional }) => !optional).map(({ both }) => both);
	const fitting = fullSteps(grounds, required.reduce(shared, roomyStarts(grounds)));
	const chosen: Slot[] = [];
	const consider = (slot: Slot): void => {
		if (mayStand(grounds, slot, chosen)) chosen.push(slot);
	};
	if (question.ranking === 'earliest') {
		// They come in this order, so nothing beyond what is wanted need be looked at.
		for (const start of fitting) {
			if (chosen.length >= question.count) break;
			consider(slotAt(grounds, start));
		}
		return chosen;
	}
	const ranked = [...fitting].map((start) => slotAt(grounds, start)).sort(byMerit(question.ranking));
	for (const slot of ranked) {
		if (chosen.length >= question.count) break;
		consider(slot);
	}
	return chosen;
}

export const findSlots = (question: Question): Slot[] => slotsOn(groundsOf(question));
