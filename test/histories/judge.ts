/** The promises that are kept after each run: what was done, what was said, and what was sent. */
import type { IDataObject } from 'n8n-workflow';

import { thingOf, type Facts, type Thing } from './facts';
import type { SentCall } from './network';
import type { Effect, PlannedItem } from './operations';
import type { Outcome } from './outcomes';

export interface Judged {
	items: PlannedItem[];
	outcomes: Outcome[];
	/** The items in the order in which they were worked on last. */
	order: number[];
	before: Facts;
	after: Facts;
	/** What somebody else changed during the run, in order. */
	edits: Effect[];
	/** DingTalk may have carried out calls after it was given up on them. */
	isLate: boolean;
	/** The run is a repetition, whose confirmed items are not sent again. */
	isAgain: boolean;
	/** What the item sets may be as it was done before, or as others left it of whom this process does not know. */
	mayStand(item: number, fact: string): boolean;
	/** The items were begun at once, so that those about one thing have no order. */
	isUnordered: boolean;
	/** A person or another process has deleted the event, which this process cannot know. */
	isUndoneElsewhere(id: string): boolean;
	/** A person or another process has given the room back after the meeting was booked, and the answer comes from memory. */
	isGivenBackElsewhere(id: string, roomId: string): boolean;
	/** DingTalk accepts guests, answers and rooms for an event that is deleted, as run reports of its command line tool show. */
	acceptsForDeleted: boolean;
}

type Values = Set<string | undefined>;

const isDone = ({ is }: Outcome): boolean => is === 'done';
const mayBeDone = ({ is }: Outcome): boolean => is === 'unknown' || is === 'silent';

/** The values that a fact may have after the items have had their effects on it, one after the other. */
function allowedValues(fact: string, judged: Judged): Values {
	const { items, outcomes, order, before, edits, isLate, isUnordered } = judged;
	let allowed: Values = new Set([before.get(fact)]);
	/** What items may have set that have no order, or that DingTalk carried out late. */
	const anyTime: Values = new Set();
	for (const index of order) {
		const { effects } = items[index];
		const outcome = outcomes[index];
		for (const { value } of effects.filter((effect) => effect.fact === fact)) {
			if (isDone(outcome) && !judged.mayStand(index, fact)) allowed = new Set([value]);
			else if (isDone(outcome) || mayBeDone(outcome)) allowed.add(value);
			if (isUnordered ? isDone(outcome) || mayBeDone(outcome) : isLate && mayBeDone(outcome)) anyTime.add(value);
		}
	}
	for (const value of anyTime) allowed.add(value);
	for (const edit of edits) if (edit.fact === fact) allowed.add(edit.value);
	return allowed;
}

const shown = (value: string | undefined): string => value ?? 'nothing';

/** A thing that is not there, or is gone, has no other facts. */
const isThere = (facts: Facts, thing: string): boolean => facts.has(thing) && facts.get(thing) !== 'gone';

const ACCEPTED_FOR_DELETED = / (guest|response|room) /;

/** An answer goes with its guest, who may have been invited again since. */
function comesAndGoes(fact: string, { items, before, after, edits }: Judged): boolean {
	if (!fact.includes(' response ')) return false;
	const guest = fact.replace(' response ', ' guest ');
	// DingTalk asks the guests again when an event is moved.
	const start = `${thingOf(fact)} start`;
	if (before.get(start) !== after.get(start) || edits.some((change) => change.fact === start)) return true;
	const changes = [...edits, ...items.flatMap(({ effects }) => effects)];
	return (
		before.get(guest) !== after.get(guest) ||
		changes.some((change) => change.fact === guest && change.value === undefined)
	);
}

/** Nothing lost, nothing changed that was not to be changed, and everything as it was said to be, in the right order. */
export function wrongFacts(judged: Judged, isNew: (thing: string) => boolean): string[] {
	const { items, before, after } = judged;
	const facts = new Set([
		...before.keys(),
		...after.keys(),
		...items.flatMap(({ effects }) => effects.map(({ fact }) => fact)),
	]);
	return [...facts].flatMap((fact) => {
		const thing = thingOf(fact);
		if (isNew(thing)) return [];
		if (fact !== thing && !isThere(after, thing) && allowedValues(thing, judged).has(after.get(thing))) {
			const said = items.some(
				({ effects }, index) => isDone(judged.outcomes[index]) && effects.some((effect) => effect.fact === fact),
			);
			const wasDeleted = judged.edits.some((edit) => edit.fact === thing);
			const isAccepted = judged.acceptsForDeleted && ACCEPTED_FOR_DELETED.test(fact);
			return said && !wasDeleted && !isAccepted && !judged.isAgain && !isThere(before, thing)
				? [`${fact} was said to be set, but there is no ${thing}`]
				: [];
		}
		if (comesAndGoes(fact, judged)) return [];
		const allowed = allowedValues(fact, judged);
		if (allowed.has(after.get(fact))) return [];
		return [`${fact} is ${shown(after.get(fact))}, not ${[...allowed].map(shown).join(' or ')}`];
	});
}

const sameThing = (one: IDataObject | undefined, other: IDataObject): string | undefined =>
	Object.keys(other).find((name) => one !== undefined && one[name] !== other[name]);

/** The output of each item says what was asked for. */
export const wrongOutputs = ({ items, outcomes, isAgain }: Judged): string[] =>
	items.flatMap(({ says }, index) => {
		const outcome = outcomes[index];
		// What was done before is shown as it is now.
		if (outcome.is !== 'done' || !outcome.json || isAgain) return [];
		const { json } = outcome;
		const field = sameThing(json, says);
		return field === undefined
			? []
			: [`item ${index} says ${field}: ${String(json[field])}, not ${String(says[field])}`];
	});

/** How many things an execution may have created under one name, and how many it has. */
export interface Created {
	wanted: number;
	least: number;
	most: number;
	ids: Set<string>;
	people: string[];
	/** Of what the operation may delete again: what is gone. */
	undone?: Set<string>;
	/** What another execution with the same key has made, and of that, what the key no longer names. */
	ofOthers?: Set<string>;
	past?: Set<string>;
}

const groupBy = <T>(list: T[], keyOf: (one: T) => string): Map<string, T[]> => {
	const groups = new Map<string, T[]>();
	for (const one of list) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
	return groups;
};

export const nameOf = ({ kind, name, people }: Pick<Thing, 'kind' | 'name' | 'people'>): string =>
	[kind, name, ...people].join(' ');

/**
 * How a run repeats an earlier one: not at all, in the process that knows it, in one that does not, so that only DingTalk
 * recognizes requests, or when nobody does any more.
 */
export type Repeats = 'never' | 'byProcess' | 'byDingTalk' | 'byNobody';

/** Adds to what the execution has created what this run of it said. */
export function countCreations(
	{ items, outcomes }: Pick<Judged, 'items' | 'outcomes'>,
	created: Map<string, Created>,
	repeats: Repeats,
): void {
	const wanted = items.flatMap(({ creates }, index) => (creates ? [{ creates, outcome: outcomes[index] }] : []));
	for (const [name, group] of groupBy(wanted, ({ creates }) => nameOf(creates))) {
		const count = (holds: (outcome: Outcome) => boolean): number =>
			group.filter(({ outcome }) => holds(outcome)).length;
		const done = count(isDone);
		const possible = done + count(mayBeDone);
		const entry = created.get(name) ?? { wanted: group.length, least: 0, most: 0, ids: new Set(), people: [] };
		const doubles =
			repeats === 'byNobody' || (repeats === 'byDingTalk' && group.some(({ creates }) => !creates.isIdempotent));
		// A process that knows nothing of it may do it all once more, now or when this is repeated there.
		if (doubles) entry.wanted = entry.most + group.length;
		entry.least = Math.max(entry.least, done);
		entry.most = repeats === 'never' ? possible : Math.max(entry.most, Math.min(entry.wanted, entry.most + possible));
		entry.people = group[0].creates.people;
		created.set(name, entry);
	}
}

/** Nothing lost and nothing doubled among what was created. */
export const wrongCreations = (created: Map<string, Created>, isUntouched: boolean): string[] =>
	[...created].flatMap(([name, { least, most, ids, undone, past }]) => {
		const live = [...ids].filter((id) => !undone?.has(id) && !past?.has(id)).length;
		const known = isUntouched ? live : ids.size;
		if (known < least) return [`${name} was said to be created ${least} times, and is there ${known} times`];
		if (live > most) return [`${name} may be there ${most} times at most, and is there ${live} times`];
		return [];
	});

/** A meeting that is said to be booked has its room. */
export const wrongRooms = ({
	outcomes,
	after,
	edits,
	isAgain,
	isUndoneElsewhere,
	isGivenBackElsewhere,
}: Judged): string[] =>
	outcomes.flatMap((outcome, index) => {
		const { id, booked, room } = (outcome.is === 'done' && outcome.json) || {};
		if (booked !== true || isAgain || isUndoneElsewhere(String(id))) return [];
		const about = `event ${String(id)}`;
		const roomId = String((room as IDataObject | null)?.roomId);
		if (isGivenBackElsewhere(String(id), roomId)) return [];
		const fact = `${about} room ${roomId}`;
		const isChanged = edits.some((edit) => thingOf(edit.fact) === about);
		return isChanged || after.get(fact) === 'accepted' ? [] : [`item ${index} says that ${fact} is booked`];
	});

const READS = /^\/topapi\/|\/(querySchedule|search|schedules\/query|legacyEventIds\/convert)$/;

export const isWrite = ({ method, path }: SentCall): boolean => method !== 'GET' && !READS.test(path);

/**
 * How often a write may be confirmed. Items about one thing keep their order, so an item that was done is done once more for
 * each item before it that is done only in a later try.
 */
export function mostWrites(items: PlannedItem[]): number {
	const counts = [...groupBy(items, ({ thing }) => thing).values()].flatMap((about) => {
		const places = about.map(({ json }, index) => ({ place: index + 1, content: JSON.stringify(json) }));
		const equal = [...groupBy(places, ({ content }) => content).values()];
		return [about.length, ...equal.map((group) => group.reduce((sum, { place }) => sum + place, 0))];
	});
	return Math.max(...counts);
}

/** Whether one of these calls got no good answer, and another write about the same event came between it and the last of them. */
function isOvertaken(group: SentCall[], calls: SentCall[]): boolean {
	const [event] = /\/events\/[^/]+/.exec(group[0].path) ?? [];
	const lost = group.find(({ isConfirmed }) => !isConfirmed);
	if (event === undefined || lost === undefined) return false;
	const between = calls.slice(calls.indexOf(lost), calls.indexOf(group[group.length - 1]));
	return between.some((call) => isWrite(call) && call.path.includes(event) && !group.includes(call));
}

/**
 * No write whose good answer the node had is sent again; `wanted` says how often the items of the run want it. One that got no
 * answer before another write may have undone it is sent with the old token and then with a new one.
 */
export function repeatedWrites(calls: SentCall[], wanted: number): string[] {
	const sent = groupBy(calls.filter(isWrite), ({ method, path, body }) => `${method} ${path} ${JSON.stringify(body)}`);
	return [...sent].flatMap(([write, group]) => {
		const confirmed = group.filter(({ isConfirmed }) => isConfirmed).length;
		const allowed = wanted + (isOvertaken(group, calls) ? 1 : 0);
		return confirmed > allowed ? [`${write} was sent again after it was confirmed`] : [];
	});
}
