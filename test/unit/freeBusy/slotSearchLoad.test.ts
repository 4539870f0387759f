/** Counts the work of finding common free time for 200 people in a year: in all, and between two turns of other work. */
import { findCommonSlots } from '../../../lib/dingtalk/freeBusy/findCommonSlots';
import { explainNoSlots } from '../../../lib/dingtalk/freeBusy/explainNoSlots';
import type { SlotQuery } from '../../../lib/dingtalk/freeBusy/slotSearch';
import { STEPS_PER_SLICE, type Computation } from '../../../lib/dingtalk/utils/slices';
import { amount } from '../../long/amount';
import { crowdedQuery } from './crowdedQuery';

/** Some twenty milliseconds: a slice that is almost full, and the longest part after it. */
const MOST_AT_ONCE = 1_500_000;
/** Some two seconds; a look at each start of a year for each person would be more than ten times as much. */
const MOST_IN_ALL = 150_000_000;

function workOf<T>(computation: Computation<T>): { result: T; all: number; most: number } {
	let all = 0;
	let most = 0;
	for (;;) {
		const next = computation.next();
		if (next.done) return { result: next.value, all, most };
		all += next.value;
		most = Math.max(most, next.value);
	}
}

/** A whole company and a whole year in long runs only. */
const SIZE = amount({ short: { people: 100, days: 180 }, long: { people: 200, days: 366 } });

describe(`Finding common free time for ${SIZE.people} people in ${SIZE.days} days`, () => {
	const cases: Array<[string, Partial<SlotQuery>, boolean]> = [
		['the earliest times', {}, false],
		['the fairest times', { ranking: 'fairest' }, true],
		['times for most optional attendees', { ranking: 'fewestConflicts' }, true],
	];

	it.each(cases)('%s: little work, in small parts', (_, change, optional) => {
		const query = { ...crowdedQuery({ ...SIZE, required: optional ? 3 : SIZE.people }), ...change };
		const { result, all, most } = workOf(findCommonSlots(query));
		expect(result.length > 0).toBe(optional);
		expect(all).toBeLessThan(MOST_IN_ALL);
		expect(most).toBeLessThan(MOST_AT_ONCE - STEPS_PER_SLICE);
	});

	it('the fewest meetings first: little work, in small parts', () => {
		const query = crowdedQuery({ ...SIZE, required: SIZE.people });
		const order = query.people.map(({ id }) => id);
		const { result, all, most } = workOf(findCommonSlots({ ...query, ranking: 'turn', anyOf: { count: 5, order } }));
		expect(result).toHaveLength(query.count);
		expect(all).toBeLessThan(MOST_IN_ALL);
		expect(most).toBeLessThan(MOST_AT_ONCE - STEPS_PER_SLICE);
	});

	it('why there is none: little work, in small parts', () => {
		const query = crowdedQuery({ ...SIZE, required: SIZE.people });
		const { result, all, most } = workOf(explainNoSlots(query));
		expect(result.blockers).toHaveLength(SIZE.people);
		expect(all).toBeLessThan(MOST_IN_ALL);
		expect(most).toBeLessThan(MOST_AT_ONCE - STEPS_PER_SLICE);
	});
});
