import type { Fields } from '../../simulator/fields';
import { Desk, GUEST, HOST, OTHER, PRIMARY } from './calendarDesk';

const CALENDARS = (user: string): string => `/v1.0/calendar/users/${user}/subscribedCalendars`;

const create = (desk: Desk, fields: Fields = {}): string => {
	const body = { name: 'Holidays', subscribeScope: { unionIds: [GUEST] }, ...fields };
	return String(desk.ask('POST', CALENDARS(HOST), body).calendarId);
};

const subscribe = (desk: Desk, calendarId: string, user: string, verb = 'subscribe'): unknown =>
	desk.ask('POST', `/v1.0/calendar/users/${user}/calendars/${calendarId}/${verb}`);

const idsOf = (desk: Desk, user: string): string[] => {
	const { response } = desk.ask('GET', `/v1.0/calendar/users/${user}/calendars`);
	return (response as { calendars: Array<{ id: string }> }).calendars.map(({ id }) => id);
};

it.each([
	[true, 2],
	[false, 1],
])('With authorSubscribes %s, the author has %i calendars', (authorSubscribes, count) => {
	const desk = new Desk({ authorSubscribes });
	create(desk);
	expect(idsOf(desk, HOST)).toHaveLength(count);
});

it('An update unsubscribes users outside the new audience, but never the author', () => {
	const desk = new Desk();
	const calendarId = create(desk);
	subscribe(desk, calendarId, GUEST);
	desk.ask('PUT', `${CALENDARS(HOST)}/${calendarId}`, { subscribeScope: { unionIds: [OTHER] } });
	expect(idsOf(desk, GUEST)).toEqual(['primary']);
	expect(idsOf(desk, HOST)).toEqual(['primary', calendarId]);
});

it('Subscribers outside the audience are kept, depending on the switch, and can unsubscribe', () => {
	const desk = new Desk({ outOfRangeSubscribers: 'kept' });
	const calendarId = create(desk);
	subscribe(desk, calendarId, GUEST);
	desk.ask('PUT', `${CALENDARS(HOST)}/${calendarId}`, { subscribeScope: { unionIds: [OTHER] } });
	expect(idsOf(desk, GUEST)).toEqual(['primary', calendarId]);
	expect(subscribe(desk, calendarId, GUEST, 'unsubscribe')).toEqual({ result: true });
	expect(() => subscribe(desk, calendarId, GUEST)).toThrow('用户不在订阅范围');
});

it('Unsubscribing from a calendar without a subscription succeeds', () => {
	const desk = new Desk();
	expect(subscribe(desk, create(desk), GUEST, 'unsubscribe')).toEqual({ result: true });
});

it('The author must belong to one of the groups in the audience, whose members can all subscribe', () => {
	const desk = new Desk();
	const { company } = desk.world;
	company.groups.push({ openConversationId: 'ours', title: 'Ours', members: [HOST, OTHER] });
	company.groups.push({ openConversationId: 'theirs', title: 'Theirs', members: [GUEST] });
	const calendarId = create(desk, { subscribeScope: { openConversationIds: ['ours', 'theirs'] } });
	subscribe(desk, calendarId, GUEST);
	subscribe(desk, calendarId, OTHER);
	expect(() => create(desk, { subscribeScope: { openConversationIds: ['theirs'] } })).toThrow(
		'current user must in range',
	);
	expect(() => create(desk, { subscribeScope: { openConversationIds: ['theirs'], unionIds: [HOST] } })).toThrow(
		'current user must in range',
	);
});

it('A subscription calendar has no events that event calls can reach', () => {
	const desk = new Desk();
	const calendarId = create(desk);
	const calendar = PRIMARY(HOST).replace('primary', calendarId);
	expect(desk.refusal('GET', `${calendar}/events`)).toMatchObject({ status: 404, code: 'itemNotFound' });
	expect(desk.refusal('GET', `${calendar}/events/any/attendees`)).toMatchObject({
		code: 'invalidParameter.subscribed.invalid',
	});
	desk.ask('DELETE', `${CALENDARS(HOST)}/${calendarId}`);
	expect(desk.refusal('GET', `${calendar}/events/any/attendees`)).toMatchObject({ code: 'invalidParameter' });
});

it.each(['managers', 'subscribeScope', 'name', 'description'])('An update with null leaves %s unchanged', (name) => {
	const desk = new Desk();
	const calendarId = create(desk, { managers: [GUEST], description: 'Old' });
	const path = `${CALENDARS(HOST)}/${calendarId}`;
	const before = desk.ask('GET', path);
	desk.ask('PUT', path, { [name]: null });
	expect(desk.ask('GET', path)).toEqual(before);
});
