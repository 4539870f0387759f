/** Tests which fields of an update the returned event shows not to be set. */
import { findUnappliedFields } from '../../../lib/dingtalk/events/findUnappliedFields';

type Fields = Record<string, unknown>;

const rule = (interval: unknown, numberOfOccurrences: unknown): Fields => ({
	recurrence: { pattern: { type: 'daily', interval }, range: { type: 'numbered', numberOfOccurrences } },
});

const monthly = (firstDayOfWeek?: string): Fields => ({
	recurrence: {
		pattern: { type: 'relativeMonthly', interval: 1, daysOfWeek: 'friday', index: 'last', firstDayOfWeek },
		range: { type: 'noEnd' },
	},
});

const people = (...ids: string[]): Fields => ({ attendees: ids.map((id) => ({ id })) });
const components = (...states: Array<[string, string]>): Fields => ({
	uiConfigs: states.map(([uiName, uiStatus]) => ({ uiName, uiStatus })),
});
const categories = (...ids: string[]): Fields => ({ categories: ids.map((categoryId) => ({ categoryId })) });
const reminders = (...minutes: Array<string | number>): Fields => ({
	reminders: minutes.map((one) => ({ method: 'dingtalk', minutes: one })),
});
const card = (outTrackId: string): Fields => ({ cardInstances: [{ outTrackId, scenario: 'meeting' }] });

const GUEST = { email: 'guest@example.com', isOptional: false };

describe('Comparing an update with the event that DingTalk returns', () => {
	it.each<[string, Fields, Fields]>([
		['an empty rule for a single event', { recurrence: null }, { recurrence: {} }],
		['an empty text for a single event', { recurrence: null }, { recurrence: '' }],
		['numbers that are returned as text', rule(1, 2), rule('1', '2')],
		['the first day of a week that is not returned', monthly('monday'), monthly()],
		['the first day of a week that was not asked for', monthly(), monthly('sunday')],
		['reminders in another order', reminders(15, 60), reminders('60', '15')],
		['categories by name only', categories('a'), { categories: [{ displayName: 'Trip' }] }],
		['more categories than asked for', categories('a'), categories('b', 'a')],
		['a component that is enabled, as each is at first', components(['comment', 'enable']), components()],
		['enabled components after all were cleared', components(), components(['comment', 'enable'])],
		[
			'other components besides',
			components(['comment', 'hide']),
			components(['attendee', 'hide'], ['comment', 'hide']),
		],
		['the same card', card('card-1'), card('card-1')],
		['text for a switch', { allowsAll: true }, { allowsAll: 'true' }],
		['attendees with one more', people('anna'), people('anna', 'host')],
		['a guest under another name', { attendees: [{ id: 'anna' }, GUEST] }, people('anna', 'x-4711')],
		['a guest by address', { attendees: [GUEST] }, { attendees: [GUEST] }],
		['an organizer who is not on the list', people('host', 'anna'), { ...people('anna'), organizer: { id: 'host' } }],
		['a long list, which may be cut', people('zoe'), people(...Array.from({ length: 100 }, (_, n) => `p${n}`))],
		['how people are notified', { extra: { noPushNotification: 'true' } }, { extra: {} }],
	])('accepts %s', (_, requested, returned) =>
		expect(findUnappliedFields(requested, returned)).toEqual({ unapplied: [], notReturned: [] }),
	);

	it.each<[string, Fields, Fields, string]>([
		['a rule that is still there', { recurrence: null }, rule(1, 2), 'recurrence'],
		['a different rule', rule(1, 2), rule('1', '3'), 'recurrence'],
		['another first day of the week', monthly('monday'), monthly('sunday'), 'recurrence'],
		[
			'an online meeting that is empty',
			{ onlineMeetingInfo: { type: 'dingtalk' } },
			{ onlineMeetingInfo: {} },
			'onlineMeetingInfo',
		],
		['another way to show the time', { freeBusyStatus: 'free' }, { freeBusyStatus: 'busy' }, 'freeBusyStatus'],
		['another reminder', reminders(5), reminders('15'), 'reminders'],
		['reminders that should be gone', { reminders: [] }, reminders('15'), 'reminders'],
		['another category', categories('a'), categories('b'), 'categories'],
		['no category', categories('a'), categories(), 'categories'],
		['categories that should be gone', categories(), categories('b'), 'categories'],
		['a component in another state', components(['comment', 'hide']), components(['comment', 'enable']), 'uiConfigs'],
		['a component that is not hidden', components(['comment', 'hide']), components(), 'uiConfigs'],
		['components that should be gone', components(), components(['comment', 'hide']), 'uiConfigs'],
		['another card', card('card-1'), card('card-2'), 'cardInstances'],
		['another value of an unknown field', { color: 'red' }, { color: 'blue' }, 'color'],
		['an attendee who is missing', people('anna', 'ben'), people('anna'), 'attendees'],
		['a guest who is missing', { attendees: [{ id: 'anna' }, GUEST] }, people('anna'), 'attendees'],
	])('finds %s', (_, requested, returned, field) =>
		expect(findUnappliedFields(requested, returned).unapplied).toEqual([field]),
	);

	it.each<[string, { added?: string[]; removed?: string[] }, string[]]>([
		['people who were removed and are gone', { removed: ['zoe'] }, []],
		['a person who was removed and is still there', { removed: ['anna'] }, ['attendees']],
		['a person who was removed and added again', { removed: ['anna'], added: ['anna'] }, []],
		['a person who was added and is missing', { added: ['zoe'] }, ['attendees']],
		['a person who was added', { added: ['anna'] }, []],
	])('compares %s', (_, change, unapplied) =>
		expect(findUnappliedFields({ summary: 'A' }, { summary: 'A', ...people('anna', 'ben') }, change)).toEqual({
			unapplied,
			notReturned: [],
		}),
	);

	it.each<[string, Fields, string[]]>([
		['reminders', reminders(5), ['reminders']],
		['a title', { summary: 'A' }, ['summary']],
		['a formatted text', { richTextDescription: { text: 'A' } }, ['richTextDescription']],
		['an online meeting', { onlineMeetingInfo: { type: 'dingtalk' } }, ['onlineMeetingInfo']],
		['attendees', people('anna'), ['attendees']],
		['a hidden component', components(['comment', 'hide']), ['uiConfigs']],
		['a component that is enabled, as each is at first', components(['comment', 'enable']), []],
		['what only the SDK has', { freeBusyStatus: 'free', ...categories('a'), ...card('card-1') }, []],
		['reminders that should be gone', { reminders: [] }, []],
		['a rule that should be gone', { recurrence: null }, []],
		['an empty place', { location: { displayName: '' } }, []],
	])('says what is known if the event is returned without %s', (_, requested, notReturned) =>
		expect(findUnappliedFields(requested, {})).toEqual({ unapplied: [], notReturned }),
	);
});
