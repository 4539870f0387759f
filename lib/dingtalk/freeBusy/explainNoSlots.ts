/** Why no time suits everybody: who stands in the way most, and what one change would open. */
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
	/** Of the starts at which everybody is at work, how many this person is busy at. */
	busyStarts: number;
	/** How many of these would suit everybody else. */
	soleConflictStarts: number;
}

export interface NoSlotsExplanation {
	/** Starts at which all who must come are at work. */
	workingStarts: number;
	/** How many of these suit the people, though no room may be free. */
	startsWithAllFree: number;
	blockers: BlockingPerson[];
	/** What one change alone would open, with the first time it opens. */
	suggestions: Array<{ change: SuggestedChange; slot: Slot }>;
}

/** How much longer a day the suggestions ask for, in minutes. */
const MORE_MINUTES_OUTSIDE = [60, 120, 180];

function countConflicts(
	grounds: SlotSearch,
): Pick<NoSlotsExplanation, 'workingStarts' | 'startsWithAllFree' | 'blockers'> {
	const required = grounds.people.filter(({ optional }) => !optional);
	const workingStarts = [
		...listAlignedStarts(grounds, required.map((one) => one.working).reduce(intersectSpans, grounds.window)),
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

const findFirstSlot = (grounds: SlotSearch): Slot | undefined =>
	selectSlots({ ...grounds, query: { ...grounds.query, ranking: 'earliest', count: 1 } }).at(0);

/** The longest shorter meeting that there is time for. */
function tryShorterMeeting(question: SlotQuery): Array<[SuggestedChange, SlotSearch]> {
	const { duration, step } = question;
	for (let minutes = (Math.ceil(duration / step) - 1) * step; minutes > 0; minutes -= step) {
		const search = prepareSearch({ ...question, duration: minutes });
		if (findFirstSlot(search)) return [[{ kind: 'shorter', minutes }, search]];
	}
	return [];
}

function tryLongerHours(question: SlotQuery): Array<[SuggestedChange, SlotSearch]> {
	const { workingTime } = question;
	for (const minutes of MORE_MINUTES_OUTSIDE) {
		const search = prepareSearch({
			...question,
			workingTime: { ...workingTime, minutesOutside: workingTime.minutesOutside + minutes },
		});
		if (findFirstSlot(search)) return [[{ kind: 'beyondHours', minutes }, search]];
	}
	return [];
}

/** A meeting of nobody is no way out. */
function tryWithoutPerson(grounds: SlotSearch): Array<[SuggestedChange, SlotSearch]> {
	const required = grounds.people.filter(({ optional }) => !optional);
	if (required.length < 2) return [];
	return required.map(({ id }) => [
		{ kind: 'withoutPerson', id },
		{ ...grounds, people: grounds.people.map((one) => (one.id === id ? { ...one, optional: true } : one)) },
	]);
}

function listChanges(grounds: SlotSearch): Array<[SuggestedChange, SlotSearch]> {
	const { query } = grounds;
	const { workingTime } = query;
	const prepareChanged = (change: Partial<SlotQuery>): SlotSearch => prepareSearch({ ...query, ...change });
	return [
		...tryShorterMeeting(query),
		...tryWithoutPerson(grounds),
		[{ kind: 'overLunch' }, prepareChanged({ workingTime: { ...workingTime, lunch: undefined } })],
		[{ kind: 'withoutBuffer' }, prepareChanged({ bufferBefore: 0, bufferAfter: 0 })],
		[{ kind: 'overTentative' }, prepareChanged({ tentativeCounts: false })],
		[{ kind: 'withoutRoom' }, { ...grounds, query: { ...query, roomsNeeded: 'none' } }],
		...tryLongerHours(query),
		[{ kind: 'otherDay' }, prepareChanged({ workingTime: { ...workingTime, everyDay: true } })],
	];
}

/** For a question that has no answer. */
export function explainNoSlots(query: SlotQuery): NoSlotsExplanation {
	const search = prepareSearch(query);
	const suggestions = listChanges(search).flatMap(([change, changed]) => {
		const slot = findFirstSlot(changed);
		return slot ? [{ change, slot }] : [];
	});
	return { ...countConflicts(search), suggestions };
}
