/** Why no time suits everybody: who stands in the way most, and what one change would open. */
import { fullSteps, groundsOf, slotsOn, type Grounds, type Question, type Slot } from './findSlots';
import { holds, shared } from './intervals';

export type Change =
	| { kind: 'shorter'; minutes: number }
	| { kind: 'withoutPerson'; id: string }
	| { kind: 'withoutRoom' }
	| { kind: 'overLunch' }
	| { kind: 'withoutBuffer' }
	| { kind: 'overTentative' }
	| { kind: 'beyondHours'; minutes: number }
	| { kind: 'otherDay' };

export interface Blocker {
	id: string;
	/** Of the starts at which everybody is at work, how many this person is busy at. */
	busyAt: number;
	/** How many of these would suit everybody else. */
	aloneAt: number;
}

export interface Why {
	/** Starts at which all who must come are at work. */
	atWork: number;
	/** How many of these suit the people, though no room may be free. */
	peopleFree: number;
	blockers: Blocker[];
	/** What one change alone would open, with the first time it opens. */
	openings: Array<{ change: Change; slot: Slot }>;
}

/** How much longer a day the suggestions ask for, in minutes. */
const BEYOND = [60, 120, 180];

function blockersOn(grounds: Grounds): Pick<Why, 'atWork' | 'peopleFree' | 'blockers'> {
	const required = grounds.starts.filter(({ optional }) => !optional);
	const atWork = [...fullSteps(grounds, required.map((one) => one.atWork).reduce(shared, grounds.window))];
	const tally = new Map(required.map(({ id }) => [id, { id, busyAt: 0, aloneAt: 0 }]));
	let peopleFree = 0;
	for (const start of atWork) {
		const busy = required.filter(({ unbusy }) => !holds(unbusy, start));
		if (busy.length === 0) peopleFree++;
		for (const { id } of busy) {
			const blocker = tally.get(id);
			if (!blocker) continue;
			blocker.busyAt++;
			if (busy.length === 1) blocker.aloneAt++;
		}
	}
	const blockers = [...tally.values()]
		.filter(({ busyAt }) => busyAt > 0)
		.sort((a, b) => b.aloneAt - a.aloneAt || b.busyAt - a.busyAt);
	return { atWork: atWork.length, peopleFree, blockers };
}

const firstOn = (grounds: Grounds): Slot | undefined =>
	slotsOn({ ...grounds, question: { ...grounds.question, ranking: 'earliest', count: 1 } }).at(0);

/** The longest shorter meeting that there is time for. */
function shorter(question: Question): Array<[Change, Grounds]> {
	const { duration, step } = question;
	for (let minutes = (Math.ceil(duration / step) - 1) * step; minutes > 0; minutes -= step) {
		const grounds = groundsOf({ ...question, duration: minutes });
		if (firstOn(grounds)) return [[{ kind: 'shorter', minutes }, grounds]];
	}
	return [];
}

function beyondHours(question: Question): Array<[Change, Grounds]> {
	const { time } = question;
	for (const minutes of BEYOND) {
		const grounds = groundsOf({ ...question, time: { ...time, beyond: time.beyond + minutes } });
		if (firstOn(grounds)) return [[{ kind: 'beyondHours', minutes }, grounds]];
	}
	return [];
}

/** A meeting of nobody is no way out. */
function withoutOne(grounds: Grounds): Array<[Change, Grounds]> {
	const required = grounds.starts.filter(({ optional }) => !optional);
	if (required.length < 2) return [];
	return required.map(({ id }) => [
		{ kind: 'withoutPerson', id },
		{ ...grounds, starts: grounds.starts.map((one) => (one.id === id ? { ...one, optional: true } : one)) },
	]);
}

function changesOf(grounds: Grounds): Array<[Change, Grounds]> {
	const { question } = grounds;
	const { time } = question;
	const other = (change: Partial<Question>): Grounds => groundsOf({ ...question, ...change });
	return [
		...shorter(question),
		...withoutOne(grounds),
		[{ kind: 'overLunch' }, other({ time: { ...time, lunch: undefined } })],
		[{ kind: 'withoutBuffer' }, other({ before: 0, after: 0 })],
		[{ kind: 'overTentative' }, other({ tentativeCounts: false })],
		[{ kind: 'withoutRoom' }, { ...grounds, question: { ...question, roomsNeeded: 'none' } }],
		...beyondHours(question),
		[{ kind: 'otherDay' }, other({ time: { ...time, everyDay: true } })],
	];
}

/** For a question that has no answer. */
export function whyNone(question: Question): Why {
	const grounds = groundsOf(question);
	const openings = changesOf(grounds).flatMap(([change, changed]) => {
		const slot = firstOn(changed);
		return slot ? [{ change, slot }] : [];
	});
	return { ...blockersOn(grounds), openings };
}
