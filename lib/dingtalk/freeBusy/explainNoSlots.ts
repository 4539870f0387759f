/** Explains why no slot was found: who is busy most often, and which single change would open a slot. */
import {
	listAlignedStarts,
	prepareSearch,
	selectSlots,
	type SlotSearch,
	type SlotQuery,
	type Slot,
} from './findCommonSlots';
import { containsMoment, intersectSpans } from './intervals';

export type SuggestedChange =
	| { kind: 'shorter'; minutes: number }
	| { kind: 'withoutPerson'; id: string }
	| { kind: 'withoutRoom' }
	| { kind: 'overLunch' }
	| { kind: 'withoutBuffer' }
	| { kind: 'overTentative' }
	| { kind: 'beyondHours'; minutes: number }
	| { kind: 'otherDay' };

export interface BlockingPerson {
	id: string;
	/** How many of the working starts this person is busy at. */
	busyStarts: number;
	/** At how many of these no other required person is busy. */
	soleConflictStarts: number;
}

export interface NoSlotsExplanation {
	/** The number of starts at which all required people are within their working hours. */
	workingStarts: number;
	/** At how many of these all required people are free, even if no room is. */
	startsWithAllFree: number;
	blockers: BlockingPerson[];
	/** Each single change that would open a slot, with the first such slot. */
	suggestions: Array<{ change: SuggestedChange; slot: Slot }>;
}

/** The extensions of working hours to try, in minutes. */
const MORE_MINUTES_OUTSIDE = [60, 120, 180];

function countConflicts(
	search: SlotSearch,
): Pick<NoSlotsExplanation, 'workingStarts' | 'startsWithAllFree' | 'blockers'> {
	const required = search.people.filter(({ optional }) => !optional);
	const workingStarts = [
		...listAlignedStarts(search, required.map((one) => one.working).reduce(intersectSpans, search.window)),
	];
	const counts = new Map(required.map(({ id }) => [id, { id, busyStarts: 0, soleConflictStarts: 0 }]));
	let startsWithAllFree = 0;
	for (const start of workingStarts) {
		const busy = required.filter(({ notBusy }) => !containsMoment(notBusy, start));
		if (busy.length === 0) startsWithAllFree++;
		for (const { id } of busy) {
			const blocker = counts.get(id);
			if (!blocker) continue;
			blocker.busyStarts++;
			if (busy.length === 1) blocker.soleConflictStarts++;
		}
	}
	const blockers = [...counts.values()]
		.filter(({ busyStarts }) => busyStarts > 0)
		.sort((a, b) => b.soleConflictStarts - a.soleConflictStarts || b.busyStarts - a.busyStarts);
	return { workingStarts: workingStarts.length, startsWithAllFree, blockers };
}

const findFirstSlot = (search: SlotSearch): Slot | undefined =>
	selectSlots({ ...search, query: { ...search.query, ranking: 'earliest', count: 1 } }).at(0);

/** The longest shorter meeting that fits. */
function tryShorterMeeting(query: SlotQuery): Array<[SuggestedChange, SlotSearch]> {
	const { duration, step } = query;
	for (let minutes = (Math.ceil(duration / step) - 1) * step; minutes > 0; minutes -= step) {
		const search = prepareSearch({ ...query, duration: minutes });
		if (findFirstSlot(search)) return [[{ kind: 'shorter', minutes }, search]];
	}
	return [];
}

function tryLongerHours(query: SlotQuery): Array<[SuggestedChange, SlotSearch]> {
	const { workingTime } = query;
	for (const minutes of MORE_MINUTES_OUTSIDE) {
		const search = prepareSearch({
			...query,
			workingTime: { ...workingTime, minutesOutside: workingTime.minutesOutside + minutes },
		});
		if (findFirstSlot(search)) return [[{ kind: 'beyondHours', minutes }, search]];
	}
	return [];
}

/** Suggests making one person optional, unless it is the only required one. */
function tryWithoutPerson(search: SlotSearch): Array<[SuggestedChange, SlotSearch]> {
	const required = search.people.filter(({ optional }) => !optional);
	if (required.length < 2) return [];
	return required.map(({ id }) => [
		{ kind: 'withoutPerson', id },
		{ ...search, people: search.people.map((one) => (one.id === id ? { ...one, optional: true } : one)) },
	]);
}

function listChanges(search: SlotSearch): Array<[SuggestedChange, SlotSearch]> {
	const { query } = search;
	const { workingTime } = query;
	const prepareChanged = (change: Partial<SlotQuery>): SlotSearch => prepareSearch({ ...query, ...change });
	return [
		...tryShorterMeeting(query),
		...tryWithoutPerson(search),
		[{ kind: 'overLunch' }, prepareChanged({ workingTime: { ...workingTime, lunch: undefined } })],
		[{ kind: 'withoutBuffer' }, prepareChanged({ bufferBefore: 0, bufferAfter: 0 })],
		[{ kind: 'overTentative' }, prepareChanged({ tentativeCounts: false })],
		[{ kind: 'withoutRoom' }, { ...search, query: { ...query, roomsNeeded: 'none' } }],
		...tryLongerHours(query),
		[{ kind: 'otherDay' }, prepareChanged({ workingTime: { ...workingTime, everyDay: true } })],
	];
}

/** Call this when `findCommonSlots` found nothing. */
export function explainNoSlots(query: SlotQuery): NoSlotsExplanation {
	const search = prepareSearch(query);
	const suggestions = listChanges(search).flatMap(([change, changed]) => {
		const slot = findFirstSlot(changed);
		return slot ? [{ change, slot }] : [];
	});
	return { ...countConflicts(search), suggestions };
}
