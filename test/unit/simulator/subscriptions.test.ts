/** Tests subscription calendars in the simulator. */
import type { Fields } from '../../simulator/fields';
import { CalendarTestbed, GUEST, HOST, OTHER, PRIMARY } from './calendarTestbed';

const CALENDARS = (user: string): string => `/v1.0/calendar/users/${user}/subscribedCalendars`;

const create = (testbed: CalendarTestbed, fields: Fields = {}): string => {
	const body = { name: 'Holidays', subscribeScope: { unionIds: [GUEST] }, ...fields };
	return String(testbed.ask('POST', CALENDARS(HOST), body).calendarId);
};

const subscribe = (testbed: CalendarTestbed, calendarId: string, user: string, verb = 'subscribe'): unknown =>
	testbed.ask('POST', `/v1.0/calendar/users/${user}/calendars/${calendarId}/${verb}`);

const idsOf = (testbed: CalendarTestbed, user: string): string[] => {
	const { response } = testbed.ask('GET', `/v1.0/calendar/users/${user}/calendars`);
	return (response as { calendars: Array<{ id: string }> }).calendars.map(({ id }) => id);
};

it.each([
	[true, 2],
	[false, 1],
])('With authorSubscribes %s, the author has %i calendars', (authorSubscribes, count) => {
	const testbed = new CalendarTestbed({ authorSubscribes });
	create(testbed);
	expect(idsOf(testbed, HOST)).toHaveLength(count);
});

it('An update unsubscribes users outside the new audience, but never the author', () => {
	const testbed = new CalendarTestbed();
	const calendarId = create(testbed);
	subscribe(testbed, calendarId, GUEST);
	testbed.ask('PUT', `${CALENDARS(HOST)}/${calendarId}`, { subscribeScope: { unionIds: [OTHER] } });
	expect(idsOf(testbed, GUEST)).toEqual(['primary']);
	expect(idsOf(testbed, HOST)).toEqual(['primary', calendarId]);
});

it('Subscribers outside the audience are kept, depending on the switch, and can unsubscribe', () => {
	const testbed = new CalendarTestbed({ outOfRangeSubscribers: 'kept' });
	const calendarId = create(testbed);
	subscribe(testbed, calendarId, GUEST);
	testbed.ask('PUT', `${CALENDARS(HOST)}/${calendarId}`, { subscribeScope: { unionIds: [OTHER] } });
	expect(idsOf(testbed, GUEST)).toEqual(['primary', calendarId]);
	expect(subscribe(testbed, calendarId, GUEST, 'unsubscribe')).toEqual({ result: true });
	expect(() => subscribe(testbed, calendarId, GUEST)).toThrow('用户不在订阅范围');
});

it('Unsubscribing from a calendar without a subscription succeeds', () => {
	const testbed = new CalendarTestbed();
	expect(subscribe(testbed, create(testbed), GUEST, 'unsubscribe')).toEqual({ result: true });
});

it('The author must belong to one of the groups in the audience, whose members can all subscribe', () => {
	const testbed = new CalendarTestbed();
	const { company } = testbed.world;
	company.groups.push({ openConversationId: 'ours', title: 'Ours', members: [HOST, OTHER] });
	company.groups.push({ openConversationId: 'theirs', title: 'Theirs', members: [GUEST] });
	const calendarId = create(testbed, { subscribeScope: { openConversationIds: ['ours', 'theirs'] } });
	subscribe(testbed, calendarId, GUEST);
	subscribe(testbed, calendarId, OTHER);
	expect(() => create(testbed, { subscribeScope: { openConversationIds: ['theirs'] } })).toThrow(
		'current user must in range',
	);
	expect(() => create(testbed, { subscribeScope: { openConversationIds: ['theirs'], unionIds: [HOST] } })).toThrow(
		'current user must in range',
	);
});

it('A subscription calendar has no events that event calls can reach', () => {
	const testbed = new CalendarTestbed();
	const calendarId = create(testbed);
	const calendar = PRIMARY(HOST).replace('primary', calendarId);
	expect(testbed.refusal('GET', `${calendar}/events`)).toMatchObject({ status: 404, code: 'itemNotFound' });
	expect(testbed.refusal('GET', `${calendar}/events/any/attendees`)).toMatchObject({
		code: 'invalidParameter.subscribed.invalid',
	});
	testbed.ask('DELETE', `${CALENDARS(HOST)}/${calendarId}`);
	expect(testbed.refusal('GET', `${calendar}/events/any/attendees`)).toMatchObject({ code: 'invalidParameter' });
});

it.each(['managers', 'subscribeScope', 'name', 'description'])('An update with null leaves %s unchanged', (name) => {
	const testbed = new CalendarTestbed();
	const calendarId = create(testbed, { managers: [GUEST], description: 'Old' });
	const path = `${CALENDARS(HOST)}/${calendarId}`;
	const before = testbed.ask('GET', path);
	testbed.ask('PUT', path, { [name]: null });
	expect(testbed.ask('GET', path)).toEqual(before);
});
