/** Tests how the fault matrix judges what a fault has left behind. */
import { unclear } from '../../faults/clear';
import { difference, likeness, type Seen } from '../../faults/likeness';

const CLEAR = {
	message: 'DingTalk is rejecting calls because there were too many at once [Item 0]',
	description: 'Try again in a few seconds. DingTalk answered: HTTP 403, code X',
	stored: '{"url":"https://api.dingtalk.com"}',
};
const CIRCUMSTANCES = { secrets: ['s3cret'], mayBeDone: false };

describe('An error in the fault matrix', () => {
	it('is accepted when it explains itself', () => {
		expect(unclear(CLEAR, CIRCUMSTANCES)).toEqual([]);
	});

	it.each([
		['says nothing', { message: 'No [Item 0]' }, {}],
		['does not name the item', { message: 'DingTalk is rejecting calls because there were too many' }, {}],
		['speaks in stock phrases', { message: 'Forbidden - perhaps check your credentials? [Item 0]' }, {}],
		['speaks in stock phrases', { message: 'Request failed with status code 500 [Item 0]' }, {}],
		['speaks in stock phrases', { description: 'Try again: undefined' }, {}],
		['does not say what to do', { description: 'DingTalk answered: HTTP 403. Try again' }, {}],
		['gives a secret away', { stored: '{"token":"s3cret"}' }, {}],
		['does not say that the change may have been made', {}, { mayBeDone: true }],
	])('is rejected when it %s', (complaint, said, reported) => {
		expect(unclear({ ...CLEAR, ...said }, { ...CIRCUMSTANCES, ...reported }).join()).toContain(complaint);
	});
});

const event = (id: string, summary: string) => ({
	id,
	legacyId: `old ${id}`,
	organizer: 'host',
	summary,
	attendees: [],
	exceptions: [],
});
const seen = (...events: Array<ReturnType<typeof event>>): Seen => ({
	events,
	acls: [],
	subscribedCalendars: [],
	checkIns: [],
	roomBookings: [],
});
const look = (state: Seen): unknown => likeness(state, state, new Set(['host']));

describe('The state of DingTalk after a run', () => {
	it('is compared without regard to generated IDs', () => {
		expect(
			difference(
				look(seen(event('AAAAAAAAAAAAAAAAAAAAAAA1', 'x'))),
				look(seen(event('BBBBBBBBBBBBBBBBBBBBBBB2', 'x'))),
			),
		).toBeUndefined();
	});

	it.each([
		['lost', seen()],
		['duplicated', seen(event('a', 'x'), event('b', 'x'))],
		['changed', seen(event('a', 'y'))],
	])('differs when something was %s', (_, state) => {
		expect(difference(look(seen(event('a', 'x'))), look(state))).toMatch(/^\/events\/[01]/);
	});

	it('shows times of the run itself as "now" and other times unchanged', () => {
		const at = (value: unknown) => likeness(value, seen(), new Set());
		expect([at('2026-03-02T00:00:05Z'), at(Date.parse('2026-03-02T00:00:05Z')), at('2026-03-03T10:00:00Z')]).toEqual([
			'now',
			'now',
			'2026-03-03T10:00:00Z',
		]);
	});
});
