/**
 * The examples of DingTalk's own tutorials, once with DingTalk's client and once with the node: what is sent
 * must be the same.
 */
import { GetAccessTokenRequest } from '@alicloud/dingtalk/dist/oauth2_1_0/client';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { sdkFor } from '../conformance/sdk';
import { CalendarUser } from '../conformance/user';
import { readCalendarText } from '../unit/icalendar/support';
import { newEvent, updatedEvent } from './fixtures/documentedEvents';
import { errorOf, itemsOf, TESTED_NODE, type RecordedCall } from './harness';
import { callsOf, plant, rememberedEvent } from './support/events';
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
	await desk().recorder.clear();
	const spoken = ({ headers }: RecordedCall) =>
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

/** What the tutorial on events sends; placeholders stand for the IDs of people and events only. */
const tutorialEvent = (attendees: string[]): IDataObject => ({
	summary: '0902 New Event',
	description: 'This is an event created on 0902',
	start: { date: '2022-09-02' },
	end: { date: '2022-09-03' },
	isAllDay: true,
	location: { displayName: '******** Tower A 9F' },
	reminders: [{ method: 'dingtalk', minutes: 15 }],
	extra: { noChatNotification: 'false', noPushNotification: 'false' },
	recurrence: {
		pattern: { type: 'daily', interval: 1 },
		range: { type: 'numbered', numberOfOccurrences: 2 },
	},
	attendees: attendees.map((id) => ({ id, isOptional: false })),
	onlineMeetingInfo: { type: 'dingtalk' },
});

const tutorialUpdate: IDataObject = {
	summary: '0902 Modify event content',
	description: 'This is an event modified on 0902',
	start: { date: '2022-09-02' },
	end: { date: '2022-09-02' },
	isAllDay: true,
	location: { displayName: 'room 1-2-3' },
	reminders: [{ method: 'dingtalk', minutes: 15 }],
	extra: { noChatNotification: 'false', noPushNotification: 'false' },
	recurrence: {
		pattern: { type: 'daily', interval: 1 },
		range: { type: 'numbered', numberOfOccurrences: 1 },
	},
};

/** Daily, so many times, as the tutorials have it. */
const daily = (occurrences: number): INodeParameters => ({
	rule: { frequency: 'daily', interval: 1, ends: 'after', occurrences },
});
const reminders = { setting: { mode: 'custom', minutes: '15' } };

async function official(): Promise<CalendarUser> {
	const sdk = sdkFor(desk().simulator.url);
	const request = new GetAccessTokenRequest({ appKey: 'sim-internal', appSecret: 'sim-secret' });
	const token = (await sdk.oauth.getAccessToken(request)).body?.accessToken ?? '';
	return new CalendarUser(sdk.calendar, desk().people[0].unionId, token);
}

async function outputFor(parameters: INodeParameters, user = desk().people[0].unionId): Promise<IDataObject[]> {
	const { run, items } = await desk().runNode({ parameters: { user, ...parameters } });
	expect(errorOf(run)).toBeUndefined();
	return items;
}

describe('The tutorial on managing events', () => {
	const attendees = (): string[] =>
		desk()
			.people.slice(1, 4)
			.map(({ unionId }) => unionId);

	it('creates its all-day series with the same body, field by field', async () => {
		const [event] = await outputFor({
			resource: 'event',
			operation: 'create',
			summary: '0902 New Event',
			start: '2022-09-02',
			end: '2022-09-02',
			allDay: true,
			additionalFields: {
				attendees: attendees().join(),
				eventDescription: 'This is an event created on 0902',
				location: '******** Tower A 9F',
				onlineMeeting: true,
				recurrence: daily(2),
				reminders,
				sendChatCard: true,
				sendPushNotification: true,
			},
		});
		const [{ body }] = await callsOf(desk());
		expect(body).toEqual(tutorialEvent(attendees()));
		expect(event).toMatchObject({ summary: '0902 New Event', start: '2022-09-02', end: '2022-09-02' });
	});

	it('updates the event; an end that equals the start means that one day', async () => {
		const host = await official();
		const eventId = await host.createId(tutorialEvent(attendees()));
		await host.patch(eventId, { ...tutorialUpdate, attendees: [{ id: attendees()[0], isOptional: false }] });
		const asOfficial = await rememberedEvent(desk(), eventId);
		expect(asOfficial).toMatchObject({ summary: '0902 Modify event content' });
		const get = { resource: 'event', operation: 'get', eventId };
		const [read] = await outputFor(get);
		expect(read).toMatchObject({ start: '2022-09-02', end: '2022-09-02' });

		await desk().recorder.clear();
		const [updated] = await outputFor({
			resource: 'event',
			operation: 'update',
			eventId,
			updateFields: {
				allDay: true,
				start: '2022-09-02',
				end: '2022-09-02',
				summary: '0902 Modify event content',
				eventDescription: 'This is an event modified on 0902',
				location: 'room 1-2-3',
				recurrence: daily(1),
				reminders,
				sendChatCard: true,
				sendPushNotification: true,
			},
		});
		const [{ body }] = await callsOf(desk());
		// The reference says that the end is the day after the last one, so the node sends that day.
		expect(body).toEqual({ id: eventId, ...tutorialUpdate, end: { date: '2022-09-03' } });
		expect(updated).toMatchObject({ start: '2022-09-02', end: '2022-09-02' });
	});

	it('shows the event whose end equals its start on its day in the agenda, the file and the list', async () => {
		const host = await official();
		const { recurrence, ...single } = tutorialEvent([]);
		expect(recurrence).toBeDefined();
		const eventId = await host.createId({ ...single, end: single.start, attendees: undefined });
		const [agenda] = await outputFor({ resource: 'event', operation: 'getAgenda', period: 'day', date: '2022-09-02' });
		expect(agenda).toMatchObject({ count: 1, events: [{ start: '2022-09-02', end: '2022-09-02', allDay: true }] });
		expect(agenda.text).toContain('All day  0902 New Event');
		const { run } = await desk().runNode({
			parameters: { resource: 'event', operation: 'exportIcs', user: host.unionId, events: eventId },
		});
		expect(fileOf(run)).toMatch(/DTSTART;VALUE=DATE:20220902\r\nDTEND;VALUE=DATE:20220903\r\n/);
	});

	it('reads the details with at most 100 attendees, and deletes the event', async () => {
		const eventId = await (await official()).createId(tutorialEvent(attendees()));
		await desk().recorder.clear();
		await outputFor({ resource: 'event', operation: 'get', eventId, options: { maxAttendees: 100 } });
		await outputFor({ resource: 'event', operation: 'delete', eventId });
		expect((await callsOf(desk())).map(({ method, query }) => [method, query])).toEqual([
			['GET', { maxAttendees: '100' }],
			['DELETE', {}],
		]);
		expect(await rememberedEvent(desk(), eventId)).toMatchObject({ status: 'cancelled' });
	});
});

describe('The tutorial on managing attendees', () => {
	it('adds, lists, answers for and removes the attendees of an event whose end equals its start', async () => {
		const [, anna] = desk().people;
		const host = await official();
		const eventId = await host.createId({
			summary: '0907 New Event',
			isAllDay: true,
			start: { date: '2022-09-07' },
			end: { date: '2022-09-07' },
			recurrence: tutorialUpdate.recurrence,
			reminders: [{ method: 'dingtalk', minutes: 15 }],
			extra: { noChatNotification: 'false', noPushNotification: 'false' },
		});
		const attendee = { resource: 'attendee', eventId, attendees: anna.unionId };
		expect(await outputFor({ ...attendee, operation: 'add' })).toMatchObject([{ added: 1 }]);
		await outputFor({ resource: 'response', operation: 'set', eventId, responseStatus: 'accepted' }, anna.unionId);
		const listed = await outputFor({ resource: 'attendee', operation: 'getAll', eventId, limit: 100 });
		const { attendees } = await host.attendees(eventId, { maxResults: 100 });
		expect(listed.map(({ id }) => id)).toEqual(attendees?.map(({ id }) => id));
		expect(listed.find(({ id }) => id === anna.unionId)).toMatchObject({ responseStatus: 'accepted' });
		expect(await outputFor({ ...attendee, operation: 'remove' })).toMatchObject([{ removed: 1 }]);
		const [event] = await outputFor({ resource: 'event', operation: 'get', eventId });
		expect(event).toMatchObject({ start: '2022-09-07', end: '2022-09-07' });
	});
});

const fileOf = (run: Parameters<typeof itemsOf>[0]): string =>
	Buffer.from(itemsOf(run, TESTED_NODE)[0].binary?.data.data ?? '', 'base64').toString('utf8');

describe.each([
	['New Event', newEvent],
	['Update Event', updatedEvent],
])('The sample response of the page %s', (_, sample) => {
	const eventId = 'iiiP35sJadba8aBSgjrwPRKgiEiF';
	const answer = async (path: string, body: IDataObject, method?: string): Promise<void> =>
		await desk().control('faults', { match: { path, method }, do: 'status', status: 200, body });

	const SIMPLIFIED = {
		id: eventId,
		summary: 'some event',
		status: 'confirmed',
		start: '2020-01-01T10:15:30+08:00',
		end: '2020-01-01T10:15:30+08:00',
		timeZone: 'Asia/Shanghai',
		location: 'room 1-2-3',
		organizer: `tony <${eventId}>`,
		attendees: `jack <${eventId}>`,
	};
	const ACTIONS: Array<[string, string, string, INodeParameters]> = [
		[
			'Create',
			'POST',
			'*/events',
			{ operation: 'create', summary: 'some event', start: '2020-01-01T10:15:30', end: '2020-01-01T10:15:30' },
		],
		['Update', 'PUT', '*/events/*', { operation: 'update', eventId, updateFields: { summary: 'some event' } }],
		['Get', 'GET', '*/events/*', { operation: 'get', eventId }],
	];

	it.each(ACTIONS)('comes out right from %s in each output', async (_name, method, path, parameters) => {
		await answer(path, sample(), method);
		const output = async (more: INodeParameters) => await outputFor({ resource: 'event', ...parameters, ...more });
		expect(await output({ output: 'simplified' })).toMatchObject([SIMPLIFIED]);
		expect(await output({ output: 'raw' })).toEqual([sample()]);
		const { start, end, isAllDay } = sample();
		expect(await output({ output: 'selected', outputFields: ['start', 'end', 'isAllDay'] })).toEqual([
			{ start, end, isAllDay },
		]);
	});

	it('comes out right in a list and in the agenda', async () => {
		await answer('*/eventsview', { events: [sample()] });
		const window = { timeMin: '2020-01-01T00:00', timeMax: '2020-01-02T00:00' };
		expect(await outputFor({ resource: 'event', operation: 'getAll', ...window })).toMatchObject([SIMPLIFIED]);
		const [agenda] = await outputFor({ resource: 'event', operation: 'getAgenda', period: 'day', date: '2020-01-01' });
		const { start, end } = SIMPLIFIED;
		expect(agenda).toMatchObject({ count: 1, events: [{ start, end, allDay: false }] });
		expect(agenda.text).toContain('10:15');
		expect(agenda.text).not.toContain('All day');
	});

	it.each([
		['by its ID', (): INodeParameters['events'] => eventId],
		// As Get Many returns it, without its rule.
		['as raw event', (): INodeParameters['events'] => [{ ...sample(), recurrence: undefined }] as never],
	])('comes out right in an iCalendar file, given %s', async (_name, events) => {
		await answer(`*/events/${eventId}`, sample(), 'GET');
		// Of its dates, only the first is left.
		await answer(`*/events/${eventId}/instances`, { events: [{ ...sample(), recurrence: undefined }] }, 'GET');
		const { run } = await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'exportIcs',
				user: desk().people[0].unionId,
				events: '={{ $json.events }}',
			},
			items: [{ events: events() as IDataObject[] }],
		});
		expect(errorOf(run)).toBeUndefined();
		const [event] = readCalendarText(fileOf(run), 'Asia/Shanghai');
		expect(event).toMatchObject({ summary: 'some event', allDay: false });
		expect(Date.parse(String(event.start))).toBe(Date.parse('2020-01-01T10:15:30+08:00'));
	});

	it('makes a person busy at its time, not free', async () => {
		const [host] = desk().people;
		const { start } = sample();
		const end = { ...(sample().end as IDataObject), dateTime: '2020-01-01T11:15:30+08:00' };
		await answer('*/querySchedule', {
			scheduleInformation: [{ userId: host.unionId, scheduleItems: [{ status: 'BUSY', start, end }] }],
		});
		const [person] = await outputFor({
			resource: 'freeBusy',
			operation: 'get',
			people: host.unionId,
			timeMin: '2020-01-01T00:00',
			timeMax: '2020-01-02T00:00',
		});
		expect(person.busy).toEqual([
			{ start: '2020-01-01T10:15:30+08:00', end: '2020-01-01T11:15:30+08:00', status: 'busy', allDay: false },
		]);
	});
});

const RICH_TEXT =
	'<div class="__aliyun_email_body_block"><div  style="clear:both;"><span  style="text-decoration:line-through;">测试测试</span></div><div  style="clear:both;"><span  style="color:#ff0000;">热热热</span></div><div  style="clear:both;"><span  style="text-decoration:underline;">单独的</span></div><div  style="clear:both;"><span  style="font-weight:700;">啊啊啊</span></div><div  style="clear:both;"><span  style="font-weight:700;font-style:italic;">事实上</span></div></div>';

/** The times of the samples: each has a date and a time, of which the text of the page allows one. */
const sampleTime = (date: string, dateTime = `${date}T10:15:30+08:00`): IDataObject => ({
	date,
	dateTime,
	timeZone: 'Asia/Shanghai',
});

/** The sample requests of the pages. They print every field of a rule; the type of the rule says which of them count. */
const sampleRequests = (anna: string): Record<'newEvent' | 'updateEvent', IDataObject> => ({
	newEvent: {
		summary: 'test event',
		description: 'something about this event',
		start: sampleTime('2021-09-20'),
		end: sampleTime('2020-09-21', '2021-09-20T10:15:30+08:00'),
		isAllDay: false,
		recurrence: {
			pattern: {
				type: 'daily',
				dayOfMonth: 1,
				daysOfWeek: 'monday',
				index: 'last',
				interval: 1,
				firstDayOfWeek: 'monday',
			},
			range: { type: 'endDate', endDate: '2021-12-31T10:15:30+08:00', numberOfOccurrences: 5 },
		},
		attendees: [{ id: anna, isOptional: false }],
		location: { displayName: 'dingtalk' },
		reminders: [{ method: 'dingtalk', minutes: 15 }],
		onlineMeetingInfo: { type: 'dingtalk' },
		extra: { noChatNotification: 'true', noPushNotification: 'true' },
		uiConfigs: [{ uiName: 'updateEventButton', uiStatus: 'hide' }],
		richTextDescription: { text: RICH_TEXT },
	},
	updateEvent: {
		summary: 'some event',
		description: 'This is an event',
		start: sampleTime('2020-01-01'),
		end: sampleTime('2020-01-02', '2020-01-01T10:15:30+08:00'),
		isAllDay: false,
		recurrence: {
			pattern: { type: 'daily', dayOfMonth: 1, daysOfWeek: 'sunday', index: 'last', interval: 1 },
			range: { type: 'endDate', endDate: '2021-12-31T10:15:30+08:00', numberOfOccurrences: 1 },
		},
		location: { displayName: 'room 1-2-3' },
		reminders: [{ method: 'dingtalk', minutes: 15 }],
		onlineMeetingInfo: { type: 'dingtalk' },
	},
});

/** A sample without what its own page forbids beside the rest. */
function withoutContradictions(sample: IDataObject): IDataObject {
	const timed = ({ dateTime, timeZone }: IDataObject): IDataObject => ({ dateTime, timeZone });
	const { range } = sample.recurrence as { range: IDataObject };
	return {
		...sample,
		start: timed(sample.start as IDataObject),
		end: timed(sample.end as IDataObject),
		recurrence: {
			pattern: { type: 'daily', interval: 1 },
			range: { type: 'endDate', endDate: range.endDate },
		},
	};
}

const untilNewYear: INodeParameters = {
	rule: { frequency: 'daily', interval: 1, ends: 'onDate', until: '2021-12-31T10:15:30+08:00' },
};

describe('The sample request of the page', () => {
	it('New Event is what Create sends, field by field', async () => {
		const [, anna] = desk().people;
		await outputFor({
			resource: 'event',
			operation: 'create',
			summary: 'test event',
			start: '2021-09-20T10:15:30',
			end: '2021-09-20T10:15:30',
			additionalFields: {
				attendees: anna.unionId,
				eventDescription: 'something about this event',
				location: 'dingtalk',
				onlineMeeting: true,
				recurrence: untilNewYear,
				reminders,
				richTextDescription: RICH_TEXT,
				sendChatCard: false,
				sendPushNotification: false,
				uiComponents: { component: [{ name: 'updateEventButton', state: 'hide' }] },
			},
		});
		const [{ method, body }] = await callsOf(desk());
		expect(method).toBe('POST');
		expect(body).toEqual(withoutContradictions(sampleRequests(anna.unionId).newEvent));
	});

	it('Update Event is what Update sends, field by field', async () => {
		const [host, anna] = desk().people;
		const eventId = plant(desk(), host, { attendees: [{ id: anna.unionId }] });
		await outputFor({
			resource: 'event',
			operation: 'update',
			eventId,
			updateFields: {
				allDay: false,
				end: '2020-01-01T10:15:30',
				eventDescription: 'This is an event',
				location: 'room 1-2-3',
				onlineMeeting: true,
				recurrence: untilNewYear,
				reminders,
				start: '2020-01-01T10:15:30',
				summary: 'some event',
			},
		});
		const [{ method, body }] = await callsOf(desk());
		expect(method).toBe('PUT');
		expect(body).toEqual({ id: eventId, ...withoutContradictions(sampleRequests(anna.unionId).updateEvent) });
	});
});
