/** Tests the Calendar operations on the n8n engine. */
import type { INodeParameters } from 'n8n-workflow';

import { AclStore, sharedCalendarId } from '../simulator/sharing/aclStore';
import { SubscribedCalendars } from '../simulator/subscriptions/subscriptionStore';
import { DINGTALK_CALENDAR, errorOf } from './harness';
import { callsOf, lookingUp, reading, requestsOf } from './support/events';
import { useDesk } from './support/setup';
import { meteredBy, sending, stateOf, userPath } from './support/state';

const desk = useDesk();

/** A calendar of the second person, offered only to the third. */
function offer(name = 'Holidays'): string {
	const [, author, reader] = desk().people;
	const subscribeScope = { unionIds: [reader.unionId], openConversationIds: [], corpIds: [] };
	const draft = { name, description: 'Days off', managers: [], subscribeScope };
	return desk().simulator.world.use(SubscribedCalendars).create(author.unionId, draft).calendarId;
}

const subscribersOf = async (calendarId: string) =>
	(await stateOf(desk())).subscribedCalendars.find((one) => one.calendarId === calendarId)?.subscribers;

describe('listing the calendars of a person', () => {
	it('returns one item each for their own, shared and subscribed calendars', async () => {
		const [owner, author] = desk().people;
		desk().simulator.world.use(AclStore).grant(owner.unionId, author.unionId, 'reader');
		const calendarId = offer();
		const { items, pairs } = await desk().runWorkflow('calendar.getAll', [{ person: author.mobile }]);
		expect(await requestsOf(desk())).toEqual([
			lookingUp('getbymobile', { mobile: author.mobile }),
			lookingUp('get', { userid: author.userId }),
			reading(`${userPath(author)}/calendars`),
		]);
		expect(await meteredBy(desk())).toBe(1);
		const common = { timeZone: 'Asia/Shanghai', eTag: expect.stringMatching(/./) };
		expect(items).toEqual([
			{ id: 'primary', summary: author.name, description: '', type: 'primary', privilege: 'owner', ...common },
			{
				id: sharedCalendarId(owner.unionId),
				summary: owner.name,
				description: '',
				type: 'shared',
				privilege: 'reader',
				...common,
			},
			{
				id: calendarId,
				summary: 'Holidays',
				description: 'Days off',
				type: 'subscribed',
				privilege: 'owner',
				...common,
			},
		]);
		expect(pairs).toEqual([{ item: 0 }, { item: 0 }, { item: 0 }]);
	});

	it.each([
		[['subscribed'], ['subscribed']],
		['primary, shared', ['primary', 'shared']],
		[['unknown'], []],
		[[], ['primary', 'shared', 'subscribed']],
		[null, ['primary', 'shared', 'subscribed']],
	])('returns only the calendar types %j', async (types, kept) => {
		const [owner, author] = desk().people;
		desk().simulator.world.use(AclStore).grant(owner.unionId, author.unionId, 'reader');
		offer();
		const { items } = await desk().runWorkflow('calendar.getAll', [{ person: author.unionId, types }]);
		expect(items.map(({ type }) => type)).toEqual(kept);
	});

	it('explains that a value is not accepted for an unknown person', async () => {
		const { run } = await desk().runWorkflow('calendar.getAll', [{ person: 'NobodyKnowsThisOneiEiE' }]);
		expect(errorOf(run)?.message).toBe(
			'DingTalk could not list the calendars because it does not accept one of the values [Item 0]',
		);
	});
});

describe('subscribing to a calendar', () => {
	it('adds it to the calendars of the person, and unsubscribing removes it', async () => {
		const [, author, reader] = desk().people;
		const calendarId = offer();
		const item = { person: reader.unionId, calendarId };
		const path = `${userPath(reader)}/calendars/${calendarId}`;
		const subscribed = await desk().runWorkflow('calendar.subscribe', [item]);
		expect(await requestsOf(desk())).toEqual([sending('POST', `${path}/subscribe`, null)]);
		expect(await meteredBy(desk())).toBe(1);
		expect(subscribed.items).toEqual([{ subscribed: true, calendarId }]);
		expect(await subscribersOf(calendarId)).toEqual([author.unionId, reader.unionId]);

		await desk().recorder.clear();
		const unsubscribed = await desk().runWorkflow('calendar.unsubscribe', [item]);
		expect(await requestsOf(desk())).toEqual([sending('POST', `${path}/unsubscribe`, null)]);
		expect(await meteredBy(desk())).toBe(1);
		expect(unsubscribed.items).toEqual([{ unsubscribed: true, calendarId }]);
		expect(await subscribersOf(calendarId)).toEqual([author.unionId]);
	});

	it('is rejected for people outside the subscription scope', async () => {
		const [stranger, author] = desk().people;
		const calendarId = offer();
		const { run } = await desk().runWorkflow('calendar.subscribe', [{ person: stranger.unionId, calendarId }]);
		expect(errorOf(run)?.message).toBe('This person is not allowed to subscribe to the calendar [Item 0]');
		expect(errorOf(run)?.description).toMatch(
			/^Choose someone who is allowed to.* DingTalk answered: HTTP 400, code permissionDenied/,
		);
		expect(await subscribersOf(calendarId)).toEqual([author.unionId]);
	});

	it('reports that the person has too many calendars', async () => {
		const reader = desk().people[2];
		await desk().control('limits', { subscriptionsPerPerson: 1 });
		const [first, second] = [offer('One'), offer('Two')];
		const { items } = await desk().runWorkflow('calendar.subscribe', [{ person: reader.unionId, calendarId: first }]);
		expect(items).toHaveLength(1);
		const { run } = await desk().runWorkflow('calendar.subscribe', [{ person: reader.unionId, calendarId: second }]);
		expect(errorOf(run)?.message).toBe('This person has reached the maximum number of subscribed calendars [Item 0]');
		expect(await subscribersOf(second)).not.toContain(reader.unionId);
	});
});

describe('using the Calendar resource with invalid input', () => {
	it.each<[string, INodeParameters]>([
		["'Person' is empty", { operation: 'getAll', user: "={{ '' }}" }],
		["'Type' has no option 'secret'", { operation: 'getAll', filters: { type: "={{ ['secret'] }}" } }],
		["'Subscriber' is empty", { operation: 'subscribe', user: '={{ null }}', calendarId: 'c' }],
		["'Calendar' is empty", { operation: 'subscribe', calendarId: "={{ '' }}" }],
		["'Subscriber' is empty", { operation: 'unsubscribe', user: "={{ ' ' }}", calendarId: 'c' }],
		["'Calendar' is empty", { operation: 'unsubscribe', calendarId: '={{ null }}' }],
	])('fails before any call: %s', async (message, parameters) => {
		const { run } = await desk().runNode({
			parameters: { resource: 'calendar', user: desk().people[0].unionId, ...parameters },
		});
		expect(errorOf(run)?.message).toBe(`${message} [Item 0]`);
		expect(await callsOf(desk())).toEqual([]);
	});
});

describe('creating a CalDAV account', () => {
	it('returns what a calendar app needs, once per device', async () => {
		const [, anna] = desk().people;
		const input = [{ person: anna.unionId, device: ' Phone ' }];
		const { run, items } = await desk().runWorkflow('calendar.createCaldavAccount', input);
		expect(errorOf(run)).toBeUndefined();
		expect(await requestsOf(desk())).toEqual([
			sending('POST', `${userPath(anna)}/caldavAccounts`, { device: 'Phone' }),
		]);
		expect(items).toEqual([
			{
				username: expect.stringMatching(/^u_/),
				password: expect.stringMatching(/./),
				serverAddress: 'calendar.dingtalk.com',
			},
		]);
	});

	it('is no success without a user name', async () => {
		const match = { method: 'POST', path: '*/caldavAccounts', nth: 1 };
		await desk().control('faults', { match, do: 'status', status: 200, body: {} });
		const { run } = await desk().runWorkflow('calendar.createCaldavAccount', [
			{ person: desk().people[1].unionId, device: 'Phone' },
		]);
		expect(errorOf(run)?.message).toBe("DingTalk's response was incomplete or empty [Item 0]");
	});

	it('does not create a second one when the response is lost, even for a device of another name', async () => {
		await desk().control('faults', {
			match: { method: 'POST', path: '*/caldavAccounts', nth: 1 },
			do: 'dropAfterCommit',
		});
		const { run } = await desk().runNode({
			parameters: {
				resource: 'calendar',
				operation: 'createCaldavAccount',
				user: desk().people[1].unionId,
				device: "={{ 'Phone ' + Math.random() }}",
			},
			retryOnFail: true,
			maxTries: 3,
			waitBetweenTries: 1,
		});
		expect(errorOf(run)?.message).toBe(
			'Not sent: an earlier request to create the CalDAV account got no response, so its outcome is unknown [Item 0]',
		);
		expect(errorOf(run)?.description).toContain("Look for the device in the person's CalDAV settings");
		expect(await callsOf(desk())).toHaveLength(1);
	});

	it('warns that the output has a password, and needs a device', async () => {
		const { properties } = desk().engine.description(DINGTALK_CALENDAR);
		const notice = properties.find(({ name }) => name === 'caldavNotice');
		expect(notice?.displayName).toContain('password');
		const { run } = await desk().runWorkflow('calendar.createCaldavAccount', [{ person: 'x', device: ' ' }]);
		expect(errorOf(run)?.message).toBe("'Device' is empty [Item 0]");
		expect(await callsOf(desk())).toEqual([]);
	});
});

describe('listing the event categories', () => {
	it('returns one item each, with the ID that Create takes', async () => {
		const { items } = await desk().runWorkflow('calendar.getCategories');
		expect(items.length).toBeGreaterThan(1);
		const additionalFields = { categories: [items[0].id as string] };
		const created = await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'create',
				user: desk().people[0].unionId,
				summary: 'Talk',
				start: '2026-03-03T10:00',
				end: '2026-03-03T11:00',
				output: 'raw',
				additionalFields,
			},
		});
		expect(created.items[0].categories).toEqual([{ categoryId: items[0].id, displayName: items[0].name }]);
	});
});
