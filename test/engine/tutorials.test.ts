/**
 * The examples of DingTalk's own tutorials, once with DingTalk's client and once with the node: what goes over the wire
 * must be the same.
 */
import { GetAccessTokenRequest } from '@alicloud/dingtalk/dist/oauth2_1_0/client';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { sdkFor } from '../conformance/sdk';
import { CalendarUser } from '../conformance/user';
import { errorOf, type WireCall } from './harness';
import { callsOf, plant } from './support/events';
import { useDesk } from './support/setup';

const desk = useDesk();

/** How a request travels, which is no part of what it says. These are the only headers in which the two differ. */
const TRANSPORT = ['accept-encoding', 'connection', 'content-length', 'host', 'transfer-encoding', 'user-agent'];

/** Documented, optional, and the node's own wish: a repeated write is carried out once. */
const NODE_ONLY = ['x-client-token'];

/** What went out since the last time; the names of its headers, but for those that may differ. */
async function sent(mayDiffer: string[]): Promise<unknown[]> {
	const calls = await callsOf(desk());
	expect(calls.map(({ status }) => status)).toEqual([200]);
	await desk().wire.clear();
	const spoken = ({ headers }: WireCall) =>
		Object.keys(headers as object)
			.filter((name) => !mayDiffer.includes(name))
			.sort();
	return calls.map((call) => ({
		method: call.method,
		path: call.path,
		query: call.query,
		body: call.body,
		headers: spoken(call),
	}));
}

/** Does the same with both, and holds what was sent together. */
async function same(
	withSdk: (host: CalendarUser) => Promise<unknown>,
	parameters: INodeParameters,
	unionId = desk().people[0].unionId,
): Promise<void> {
	const sdk = sdkFor(desk().simulator.url);
	const request = new GetAccessTokenRequest({ appKey: 'sim-internal', appSecret: 'sim-secret' });
	const token = (await sdk.oauth.getAccessToken(request)).body?.accessToken ?? '';
	await withSdk(new CalendarUser(sdk.calendar, unionId, token));
	const official = await sent(TRANSPORT);
	const { run } = await desk().runNode({ parameters: { user: unionId, ...parameters } });
	expect(errorOf(run)).toBeUndefined();
	expect(await sent([...TRANSPORT, ...NODE_ONLY])).toEqual(official);
}

const TIMES: IDataObject = {
	start: { dateTime: '2021-09-20T10:15:30+08:00', timeZone: 'Asia/Shanghai' },
	end: { dateTime: '2021-09-20T11:15:30+08:00', timeZone: 'Asia/Shanghai' },
};
const START_END: INodeParameters = { start: '2021-09-20T10:15:30', end: '2021-09-20T11:15:30' };

describe('The node sends the same request as the official client', () => {
	it('for creating an event', async () => {
		const [, anna, ben] = desk().people;
		await same(
			async (host) =>
				await host.create({
					summary: 'test event',
					description: 'something about this event',
					...TIMES,
					isAllDay: false,
					attendees: [
						{ id: anna.unionId, isOptional: false },
						{ id: ben.unionId, isOptional: true },
					],
					location: { displayName: 'room 1-2-3' },
					reminders: [{ method: 'dingtalk', minutes: 15 }],
				}),
			{
				resource: 'event',
				operation: 'create',
				summary: 'test event',
				...START_END,
				additionalFields: {
					attendees: anna.unionId,
					eventDescription: 'something about this event',
					location: 'room 1-2-3',
					optionalAttendees: ben.unionId,
					reminders: { setting: { mode: 'custom', minutes: '15' } },
				},
			},
		);
	});

	it('for creating an all-day series with all fields', async () => {
		await same(
			async (host) =>
				await host.create({
					summary: 'test event',
					start: { date: '2021-09-20' },
					end: { date: '2021-09-21' },
					isAllDay: true,
					recurrence: {
						pattern: { type: 'absoluteMonthly', dayOfMonth: 20, interval: 1 },
						range: { type: 'endDate', endDate: '2021-12-31T10:15:30+08:00' },
					},
					onlineMeetingInfo: { type: 'dingtalk' },
					extra: { noPushNotification: 'true', noChatNotification: 'true' },
					uiConfigs: [{ uiName: 'attendee', uiStatus: 'hide' }],
					richTextDescription: { text: '<p>text</p>' },
				}),
			{
				resource: 'event',
				operation: 'create',
				summary: 'test event',
				start: '2021-09-20',
				end: '2021-09-20',
				allDay: true,
				additionalFields: {
					onlineMeeting: true,
					recurrence: {
						rule: {
							frequency: 'monthlyOnDate',
							dayOfMonth: 20,
							interval: 1,
							ends: 'onDate',
							until: '2021-12-31T10:15:30+08:00',
						},
					},
					richTextDescription: '<p>text</p>',
					sendChatCard: false,
					sendPushNotification: false,
					uiComponents: { component: [{ name: 'attendee', state: 'hide' }] },
				},
			},
		);
	});

	it('for updating an event', async () => {
		const eventId = plant(desk(), desk().people[0]);
		await same(async (host) => await host.patch(eventId, { summary: 'new title', ...TIMES }), {
			resource: 'event',
			operation: 'update',
			eventId,
			updateFields: { summary: 'new title', ...START_END },
		});
	});

	it('for getting an event', async () => {
		const eventId = plant(desk(), desk().people[0]);
		await same(async (host) => await host.get(eventId), { resource: 'event', operation: 'get', eventId });
	});

	it('for listing events', async () => {
		const window = { timeMin: '2021-09-20T00:00:00+08:00', timeMax: '2021-09-27T00:00:00+08:00' };
		await same(async (host) => await host.view({ ...window, maxResults: 50 }), {
			resource: 'event',
			operation: 'getAll',
			...window,
		});
	});

	it('for deleting an event', async () => {
		await desk().control('switches', { deleteTwice: 'ok' });
		const eventId = plant(desk(), desk().people[0]);
		await same(async (host) => await host.delete(eventId, { pushNotification: true }), {
			resource: 'event',
			operation: 'delete',
			eventId,
			options: { sendPushNotification: true },
		});
	});

	it('for adding attendees', async () => {
		const [host, anna, ben] = desk().people;
		const eventId = plant(desk(), host);
		const people = [
			{ id: anna.unionId, isOptional: false },
			{ id: ben.unionId, isOptional: true },
		];
		await same(async (user) => await user.addAttendees(eventId, people), {
			resource: 'attendee',
			operation: 'add',
			eventId,
			attendees: anna.unionId,
			optionalAttendees: ben.unionId,
			options: { sendChatCard: false, sendPushNotification: false },
		});
	});

	it('for listing attendees', async () => {
		const eventId = plant(desk(), desk().people[0]);
		await same(async (user) => await user.attendees(eventId, { maxResults: 500 }), {
			resource: 'attendee',
			operation: 'getAll',
			eventId,
			returnAll: true,
		});
	});

	it('for removing attendees', async () => {
		const [host, anna] = desk().people;
		const eventId = plant(desk(), host, { attendees: [{ id: anna.unionId }] });
		await same(async (user) => await user.removeAttendees(eventId, [{ id: anna.unionId }]), {
			resource: 'attendee',
			operation: 'remove',
			eventId,
			attendees: anna.unionId,
		});
	});

	it('for responding to an invitation', async () => {
		const [host, anna] = desk().people;
		const eventId = plant(desk(), host, { attendees: [{ id: anna.unionId }] });
		await same(
			async (user) => await user.respond(eventId, 'accepted'),
			{ resource: 'response', operation: 'set', eventId, responseStatus: 'accepted' },
			anna.unionId,
		);
	});
});
