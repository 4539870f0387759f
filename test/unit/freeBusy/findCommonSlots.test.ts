import { findCommonSlots, type SlotQuery } from '../../../lib/dingtalk/freeBusy/findCommonSlots';
import { explainNoSlots, type SuggestedChange } from '../../../lib/dingtalk/freeBusy/explainNoSlots';
import { company } from './randomCompanies';
import { oracle, picked } from './slotOracle';
import { amount } from '../../long/amount';

const COMPANIES = amount({ short: 100, long: 2000 });
const seeds = Array.from({ length: COMPANIES }, (_, seed) => seed);

/** What a change does to a question, said once more. */
function changed(question: SlotQuery, change: SuggestedChange): SlotQuery {
	const { workingTime } = question;
	switch (change.kind) {
		case 'shorter':
			return { ...question, duration: change.minutes };
		case 'withoutPerson':
			return { ...question, people: question.people.filter(({ id }) => id !== change.id) };
		case 'withoutRoom':
			return { ...question, roomsNeeded: 'none' };
		case 'overLunch':
			return { ...question, workingTime: { ...workingTime, lunch: undefined } };
		case 'withoutBuffer':
			return { ...question, bufferBefore: 0, bufferAfter: 0 };
		case 'overTentative':
			return { ...question, tentativeCounts: false };
		case 'beyondHours':
			return {
				...question,
				workingTime: { ...workingTime, minutesOutside: workingTime.minutesOutside + change.minutes },
			};
		case 'otherDay':
			return { ...question, workingTime: { ...workingTime, everyDay: true } };
	}
}

const firstOf = (question: SlotQuery): number | undefined => oracle(question).slots.at(0)?.start;

describe('the finder of common free time', () => {
	const outcomes = { some: 0, none: 0, across: 0 };

	// Slow machines take their time; how long says nothing.
	jest.setTimeout(600_000);

	it(`finds in ${COMPANIES} companies what a look at every minute finds, in the same order`, () => {
		for (const seed of seeds) {
			const question = company(seed);
			const expected = picked(question, oracle(question).slots);
			expect({ seed, slots: findCommonSlots(question) }).toEqual({ seed, slots: expected });
			outcomes[expected.length > 0 ? 'some' : 'none']++;
			if (new Set(question.people.map(({ zone }) => zone)).size > 1 && expected.length > 0) outcomes.across++;
		}
		// Companies without an answer, or only such companies, would prove little.
		expect(outcomes.some).toBeGreaterThan(COMPANIES / 5);
		expect(outcomes.none).toBeGreaterThan(COMPANIES / 10);
		expect(outcomes.across).toBeGreaterThanOrEqual(COMPANIES / 25);
	});

	it('finds every time there is, not only the best ones', () => {
		for (const seed of seeds.slice(0, amount({ short: 30, long: 300 }))) {
			const question: SlotQuery = { ...company(seed), ranking: 'earliest', spread: 'overlapping', count: 100_000 };
			expect({ seed, slots: findCommonSlots(question) }).toEqual({ seed, slots: oracle(question).slots });
		}
	});

	it('says truly who stands in the way and what one change would open', () => {
		const seen = new Set<string>();
		const silent = new Set<string>();
		const stuck = seeds
			.filter((seed) => findCommonSlots(company(seed)).length === 0)
			.slice(0, amount({ short: 12, long: 150 }));
		for (const seed of stuck) {
			const question = company(seed);
			const why = explainNoSlots(question);
			const slow = oracle(question);
			expect({ seed, atWork: why.workingStarts }).toEqual({ seed, atWork: slow.atWork });
			expect({ seed, busy: new Map(why.blockers.map(({ id, busyStarts }) => [id, busyStarts])) }).toEqual({
				seed,
				busy: slow.busyAt,
			});
			for (const { change, slot } of why.suggestions) {
				expect({ seed, change, start: slot.start }).toEqual({
					seed,
					change,
					start: firstOf(changed(question, change)),
				});
				seen.add(change.kind);
			}
			// What is not said would not help.
			const said = (kind: SuggestedChange['kind']) => why.suggestions.some(({ change }) => change.kind === kind);
			for (const kind of ['withoutRoom', 'overLunch', 'withoutBuffer', 'overTentative', 'otherDay'] as const) {
				if (said(kind)) continue;
				expect({ seed, kind, opens: firstOf(changed(question, { kind })) }).toEqual({ seed, kind, opens: undefined });
				silent.add(kind);
			}
			const shorter =
				why.suggestions.flatMap(({ change }) => (change.kind === 'shorter' ? [change.minutes] : []))[0] ?? 0;
			for (let minutes = shorter + question.step; minutes < question.duration; minutes += question.step) {
				if (minutes % question.step === 0) expect(firstOf({ ...question, duration: minutes })).toBeUndefined();
			}
		}
		expect(seen.size).toBeGreaterThan(4);
		expect(silent.size).toBe(5);
	});
});
