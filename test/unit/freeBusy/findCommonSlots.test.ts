/** Compares the search for common free time with a slow reference implementation, on random queries. */
import { findCommonSlots as computeSlots } from '../../../lib/dingtalk/freeBusy/findCommonSlots';
import type { SlotQuery } from '../../../lib/dingtalk/freeBusy/slotSearch';
import { runAtOnce } from '../../../lib/dingtalk/utils/slices';
import {
	explainNoSlots as computeExplanation,
	type SuggestedChange,
} from '../../../lib/dingtalk/freeBusy/explainNoSlots';
import { randomQuery } from './randomQueries';
import { findSlotsSlowly, pickBest } from './slotOracle';
import { amount } from '../../long/amount';

const QUERIES = amount({ short: 30, long: 2000 });
const findCommonSlots = (query: SlotQuery) => runAtOnce(computeSlots(query));
const explainNoSlots = (query: SlotQuery) => runAtOnce(computeExplanation(query));

const seeds = Array.from({ length: QUERIES }, (_, seed) => seed);

/** Applies a suggested change to a query, independently of the code under test. */
function applyChange(query: SlotQuery, change: SuggestedChange): SlotQuery {
	const { workingTime } = query;
	switch (change.kind) {
		case 'shorter':
			return { ...query, duration: change.minutes };
		case 'withoutPerson':
			return { ...query, people: query.people.filter(({ id }) => id !== change.id) };
		case 'fewerPeople':
			return { ...query, anyOf: { order: query.anyOf?.order ?? [], count: change.count } };
		case 'withoutRoom':
			return { ...query, rooms: query.rooms.filter(({ id }) => id !== change.id) };
		case 'withoutRooms':
			return { ...query, roomsNeeded: 'none' };
		case 'overLunch':
			return { ...query, workingTime: { ...workingTime, breaks: [] } };
		case 'withoutBuffer':
			return { ...query, bufferBefore: 0, bufferAfter: 0 };
		case 'overTentative':
			return { ...query, tentativeCounts: false };
		case 'beyondHours':
			return {
				...query,
				workingTime: { ...workingTime, minutesOutside: workingTime.minutesOutside + change.minutes },
			};
		case 'otherStarts':
			return { ...query, step: change.step };
		case 'otherDay':
			return { ...query, workingTime: { ...workingTime, everyDay: true } };
	}
}

const firstStartOf = (query: SlotQuery): number | undefined => findSlotsSlowly(query).slots.at(0)?.start;

describe('Finding common free time', () => {
	const outcomes = { some: 0, none: 0, across: 0, split: 0, anyOf: 0, unstaffed: 0 };

	it(`returns the same slots in the same order as a check of every minute, for ${QUERIES} random queries`, () => {
		for (const seed of seeds) {
			const query = randomQuery(seed);
			const expected = pickBest(query, findSlotsSlowly(query).slots);
			expect({ seed, slots: findCommonSlots(query) }).toEqual({ seed, slots: expected });
			outcomes[expected.length > 0 ? 'some' : 'none']++;
			if (query.workingTime.shifts.length > 1) outcomes.split++;
			if (query.anyOf && expected.length > 0) outcomes.anyOf++;
			if (query.people.every(({ optional }) => optional) && expected.length > 0) outcomes.unstaffed++;
			if (new Set(query.people.map(({ zone }) => zone)).size > 1 && expected.length > 0) outcomes.across++;
		}
		// The random queries must include both kinds of outcome.
		expect(outcomes.some).toBeGreaterThan(QUERIES / 5);
		expect(outcomes.none).toBeGreaterThan(QUERIES / 10);
		for (const kind of ['split', 'anyOf', 'unstaffed'] as const)
			expect({ kind, enough: outcomes[kind] >= QUERIES / 50 }).toEqual({ kind, enough: true });
		expect(outcomes.across).toBeGreaterThanOrEqual(QUERIES / 25);
	});

	it('returns every possible start if results may overlap', () => {
		for (const seed of seeds.slice(0, amount({ short: 15, long: 300 }))) {
			const query: SlotQuery = { ...randomQuery(seed), ranking: 'earliest', spread: 'overlapping', count: 100_000 };
			expect({ seed, slots: findCommonSlots(query) }).toEqual({ seed, slots: findSlotsSlowly(query).slots });
		}
	});

	it('explains a lack of slots with correct conflict counts and with exactly the changes that help', () => {
		const suggested = new Set<string>();
		const notSuggested = new Set<string>();
		const seedsWithoutSlots = seeds
			.filter((seed) => findCommonSlots(randomQuery(seed)).length === 0)
			.slice(0, amount({ short: 8, long: 150 }));
		for (const seed of seedsWithoutSlots) {
			const query = randomQuery(seed);
			const explanation = explainNoSlots(query);
			const reference = findSlotsSlowly(query);
			expect({ seed, atWork: explanation.workingStarts }).toEqual({ seed, atWork: reference.atWork });
			expect({ seed, busy: new Map(explanation.blockers.map(({ id, busyStarts }) => [id, busyStarts])) }).toEqual({
				seed,
				busy: reference.busyAt,
			});
			for (const { change, slot } of explanation.suggestions) {
				expect({ seed, change, start: slot.start }).toEqual({
					seed,
					change,
					start: firstStartOf(applyChange(query, change)),
				});
				suggested.add(change.kind);
			}
			// A change that is not suggested must not help.
			const isSuggested = (kind: SuggestedChange['kind']) =>
				explanation.suggestions.some(({ change }) => change.kind === kind);
			for (const kind of ['withoutRooms', 'overLunch', 'withoutBuffer', 'overTentative', 'otherDay'] as const) {
				if (isSuggested(kind) || (kind === 'withoutRooms' && isSuggested('withoutRoom'))) continue;
				expect({ seed, kind, opens: firstStartOf(applyChange(query, { kind })) }).toEqual({
					seed,
					kind,
					opens: undefined,
				});
				notSuggested.add(kind);
			}
			const shorter =
				explanation.suggestions.flatMap(({ change }) => (change.kind === 'shorter' ? [change.minutes] : []))[0] ?? 0;
			// Multiples of the step, and below one step of five minutes.
			for (let minutes = shorter + 5; minutes < query.duration; minutes += 5) {
				if (minutes % query.step === 0 || minutes < query.step)
					expect({ seed, minutes, start: firstStartOf({ ...query, duration: minutes }) }).toEqual({
						seed,
						minutes,
						start: undefined,
					});
			}
			const others = explanation.suggestions.flatMap(({ change }) =>
				change.kind === 'otherStarts' ? [change.step] : [],
			)[0];
			for (const step of [30, 20, 15, 10, 5] as const) {
				if (step < query.step && step > (others ?? 0))
					expect({ seed, step, start: firstStartOf({ ...query, step }) }).toEqual({ seed, step, start: undefined });
			}
			const fewer = explanation.suggestions.flatMap(({ change }) =>
				change.kind === 'fewerPeople' ? [change.count] : [],
			)[0];
			if (query.anyOf && fewer !== undefined && fewer + 1 < query.anyOf.count)
				expect(firstStartOf({ ...query, anyOf: { ...query.anyOf, count: fewer + 1 } })).toBeUndefined();
		}
		expect(suggested.size).toBeGreaterThan(4);
		expect(notSuggested.size).toBe(5);
	});
});
