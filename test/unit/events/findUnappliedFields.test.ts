/** Tests which fields of an update the returned event shows not to be set. */
import { findUnappliedFields } from '../../../lib/dingtalk/events/findUnappliedFields';

const rule = (interval: unknown, numberOfOccurrences: unknown): object => ({
	pattern: { type: 'daily', interval },
	range: { type: 'numbered', numberOfOccurrences },
});

describe('Comparing an update with the event that DingTalk returns', () => {
	it.each([{}, ''])('takes an empty rule (%j) for a single event', (recurrence) =>
		expect(findUnappliedFields({ recurrence: null }, { recurrence })).toEqual([]),
	);

	it('finds a rule that is still there', () =>
		expect(findUnappliedFields({ recurrence: null }, { recurrence: rule(1, 2) })).toEqual(['recurrence']));

	it('compares numbers that are returned as text', () =>
		expect(findUnappliedFields({ recurrence: rule(1, 2) }, { recurrence: rule('1', '2') })).toEqual([]));

	it('finds a different rule', () =>
		expect(findUnappliedFields({ recurrence: rule(1, 2) }, { recurrence: rule('1', '3') })).toEqual(['recurrence']));
});
