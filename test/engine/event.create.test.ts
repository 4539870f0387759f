/** Tests the Event operation 'Create' on the n8n engine. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { errorOf, outputOf } from './harness';
import { readWorkflow, useDesk } from './support/setup';
import {
	calendarPath,
	callsOf,
	clientToken,
	eventPath,
	guestsOf,
	hire,
	lookingUp,
	person,
	plant,
	reading,
	remembered,
	rememberedEvent,
	requestsOf,
	writing,
} from './support/events';

const desk = useDesk();

const create = (parameters: INodeParameters): INodeParameters => ({
	resource: 'event',
	operation: 'create',
	user: { __rl: true, mode: 'auto', value: '={{ $json.organizer }}' },
	summary: 'Meeting',
	start: '2026-03-03T10:00:00',
	end: '2026-03-03T11:00:00',
	...parameters,
});

/** Creates one event with these parameters and returns what was sent as its body. */
async function bodyFor(parameters: INodeParameters, timezone = 'Asia/Shanghai'): Promise<unknown> {
	const { run } = await desk().runNode({
		parameters: create(parameters),
		items: [{ organizer: desk().people[0].unionId }],
		timezone,
	});
	expect(errorOf(run)).toBeUndefined();
	const [request, ...others] = await requestsOf(desk());
	expect(others).toEqual([]);
	expect(request).toMatchObject({
		method: 'POST',
		path: calendarPath(desk().people[0]) + '/events',
		query: {},
		once: true,
	});
	return request.body;
}

/** Returns the error message for these parameters and checks that nothing was sent. */
async function refusalOf(parameters: INodeParameters, timezone = 'Asia/Shanghai'): Promise<string | undefined> {
	const { run } = await desk().runNode({
		parameters: create(parameters),
		items: [{ organizer: desk().people[0].unionId }],
		timezone,
	});
	expect(await callsOf(desk())).toEqual([]);
	expect(await remembered(desk())).toEqual([]);
	return errorOf(run)?.message;
}

describe('creating an event', () => {
	it('sends the values that expressions return for each item and keeps the input order', async () => {
		const [host, anna, ben, carl] = desk().people;
		const { items, pairs, run } = await desk().runWorkflow('event.create', [
			{ organizer: host.unionId, topic: 'Review', client: 'Acme', day: '03', guests: anna.unionId, maybe: ben.unionId },
			{ organizer: anna.unionId, topic: 'Demo', client: 'Globex', day: '04', guests: [carl.unionId] },
			{ organizer: host.unionId, topic: '面谈', client: '王先生', day: '05' },
		]);
		expect(errorOf(run)).toBeUndefined();
		const times = (day: string) => ({
			start: { dateTime: `2026-03-${day}T10:00:00+08:00`, timeZone: 'Asia/Shanghai' },
			end: { dateTime: `2026-03-${day}T10:45:00+08:00`, timeZone: 'Asia/Shanghai' },
		});
		const fixed = { isAllDay: false, location: { displayName: 'Building 2' } };
		const expected = [
			writing('POST', `${calendarPath(host)}/events`, {
				...fixed,
				...times('03'),
				summary: 'Review with Acme',
				description: `Prepared by ${host.unionId}`,
				attendees: [
					{ id: anna.unionId, isOptional: false },
					{ id: ben.unionId, isOptional: true },
				],
			}),
			writing('POST', `${calendarPath(anna)}/events`, {
				...fixed,
				...times('04'),
				summary: 'Demo with Globex',
				description: `Prepared by ${anna.unionId}`,
				attendees: [{ id: carl.unionId, isOptional: false }],
			}),
			writing('POST', `${calendarPath(host)}/events`, {
				...fixed,
				...times('05'),
				summary: '面谈 with 王先生',
				description: `Prepared by ${host.unionId}`,
			}),
		];
		const requests = await requestsOf(desk());
		expect(requests).toHaveLength(3);
		expect(requests).toEqual(expect.arrayContaining(expected));
		expect(await desk().recorder.meteredCalls()).toHaveLength(3);

		const events = await remembered(desk());
		const idOf = (summary: string) => events.find((event) => event.summary === summary)?.id;
		const simple = (day: string, summary: string, organizer: string, attendees: string) => ({
			id: idOf(summary),
			summary,
			status: 'confirmed',
			start: `2026-03-${day}T10:00:00+08:00`,
			end: `2026-03-${day}T10:45:00+08:00`,
			timeZone: 'Asia/Shanghai',
			location: 'Building 2',
			organizer,
			attendees,
			onlineMeetingUrl: null,
			seriesId: null,
			link: null,
		});
		expect(items).toEqual([
			simple('03', 'Review with Acme', person(host), [host, anna, ben].map(person).join(', ')),
			simple('04', 'Demo with Globex', person(anna), [anna, carl].map(person).join(', ')),
			simple('05', '面谈 with 王先生', person(host), person(host)),
		]);
		expect(pairs).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(new Set((await callsOf(desk())).map(clientToken)).size).toBe(3);
		expect(await rememberedEvent(desk(), String(items[0].id))).toMatchObject({
			organizer: host.unionId,
			attendees: [
				{ unionId: host.unionId, isOptional: false, responseStatus: 'accepted' },
				{ unionId: anna.unionId, isOptional: false, responseStatus: 'needsAction' },
				{ unionId: ben.unionId, isOptional: true, responseStatus: 'needsAction' },
			],
		});
	});

	it('sends every field that can be set and returns the raw response when requested', async () => {
		const [host, anna, ben] = desk().people;
		const { items } = await desk().runWorkflow('event.create.everything', [
			{ organizer: host.unionId, guest: anna.unionId, maybe: ben.unionId },
		]);
		expect(await requestsOf(desk())).toEqual([
			writing('POST', `${calendarPath(host)}/events`, {
				summary: 'Launch',
				description: 'Bring the numbers',
				richTextDescription: { text: '<p>Bring the <b>numbers</b></p>' },
				isAllDay: false,
				start: { dateTime: '2026-03-04T09:30:00+01:00', timeZone: 'Europe/Berlin' },
				end: { dateTime: '2026-03-04T11:00:00+01:00', timeZone: 'Europe/Berlin' },
				attendees: [
					{ id: anna.unionId, isOptional: false },
					{ id: ben.unionId, isOptional: true },
				],
				location: { displayName: 'Hall 1' },
				onlineMeetingInfo: { type: 'dingtalk' },
				reminders: [
					{ method: 'dingtalk', minutes: 15 },
					{ method: 'dingtalk', minutes: 60 },
				],
				recurrence: {
					pattern: { type: 'weekly', interval: 2, daysOfWeek: 'wednesday', firstDayOfWeek: 'monday' },
					range: { type: 'numbered', numberOfOccurrences: 4 },
				},
				uiConfigs: [
					{ uiName: 'updateEventButton', uiStatus: 'hide' },
					{ uiName: 'comment', uiStatus: 'disable' },
				],
				extra: { noPushNotification: 'true', noChatNotification: 'true' },
			}),
		]);
		const [call] = await callsOf(desk());
		expect(items).toEqual([call.response]);
		expect(items[0]).toMatchObject({
			onlineMeetingInfo: { type: 'dingtalk', url: expect.stringMatching(/^https:/) },
			reminders: [
				{ method: 'dingtalk', minutes: '15' },
				{ method: 'dingtalk', minutes: '60' },
			],
		});
	});

	it.each([
		['chosen by name', { name: 'other', componentName: ' shareEventButton ', state: 'hide' }],
		['named by an expression', { name: 'shareEventButton', state: 'hide' }],
	])('sends a component beyond the listed ones, %s', async (_, component) => {
		const { run } = await desk().runNode({
			parameters: create({ additionalFields: { uiComponents: { component: [component] } } }),
			items: [{ organizer: desk().people[0].unionId }],
		});
		expect(errorOf(run)).toBeUndefined();
		const [{ body }] = await callsOf(desk());
		expect(body).toMatchObject({ uiConfigs: [{ uiName: 'shareEventButton', uiStatus: 'hide' }] });
	});

	it('requires the name of a component beyond the listed ones', async () => {
		const { run } = await desk().runNode({
			parameters: create({ additionalFields: { uiComponents: { component: [{ name: 'other', state: 'hide' }] } } }),
			items: [{ organizer: desk().people[0].unionId }],
		});
		expect(errorOf(run)?.message).toMatch(/^'Component Name' is empty/);
		expect(await callsOf(desk())).toEqual([]);
	});

	it('returns only the selected fields and omits those that are absent', async () => {
		const { items } = await desk().runNode({
			parameters: create({ output: 'selected', outputFields: ['summary', 'seriesMasterId', 'isAllDay'] }),
			items: [{ organizer: desk().people[0].unionId }],
		});
		expect(items).toEqual([{ summary: 'Meeting', isAllDay: false }]);
	});

	it('includes the online meeting URL in simplified output', async () => {
		const { items } = await desk().runNode({
			parameters: create({ additionalFields: { onlineMeeting: true } }),
			items: [{ organizer: desk().people[0].unionId }],
		});
		expect(items[0].onlineMeetingUrl).toMatch(/^https:\/\/meeting\.dingtalk\.com\//);
		expect(Object.keys(items[0])).toHaveLength(12);
	});
});

describe('inviting people to a new event', () => {
	it('accepts union IDs, user IDs and mobile numbers mixed in one list', async () => {
		const [host, anna, ben, carl, dora] = desk().people;
		const fullWidth = dora.mobile.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)));
		const guests = `${anna.unionId}，${ben.userId}、${carl.mobile}, ${fullWidth}`;
		await desk().runNode({
			parameters: create({ additionalFields: { attendees: '={{ $json.guests }}' } }),
			items: [{ organizer: host.mobile, guests }],
		});
		const requests = await requestsOf(desk());
		const lookups = [host, carl, dora].flatMap(({ mobile, userId }) => [
			lookingUp('getbymobile', { mobile }),
			lookingUp('get', { userid: userId }),
		]);
		expect(requests).toHaveLength(8);
		expect(requests).toEqual(expect.arrayContaining([...lookups, lookingUp('get', { userid: ben.userId })]));
		expect(requests.at(-1)).toMatchObject({
			path: `${calendarPath(host)}/events`,
			body: { attendees: [anna, ben, carl, dora].map(({ unionId }) => ({ id: unionId, isOptional: false })) },
		});
		expect(await desk().recorder.meteredCalls()).toHaveLength(1);
	});

	it.each([
		['a list', (ids: string[]) => ids],
		['a JSON list', (ids: string[]) => JSON.stringify(ids)],
		['objects from a contacts node', (ids: string[]) => ids.map((id) => ({ unionid: id, name: 'Someone' }))],
		['separate lines', (ids: string[]) => ids.join('\n')],
		['output of this node', (ids: string[]) => ids.map((id) => `Someone <${id}>`).join(', ')],
	])('accepts attendees given as %s', async (_, written) => {
		const [host, anna, ben] = desk().people;
		const { run } = await desk().runNode({
			parameters: create({ additionalFields: { attendees: '={{ $json.guests }}' } }),
			items: [{ organizer: host.unionId, guests: written([anna.unionId, ben.unionId]) }],
		});
		expect(errorOf(run)).toBeUndefined();
		const [request, ...others] = await requestsOf(desk());
		expect(others).toEqual([]);
		expect(request.body).toMatchObject({
			attendees: [
				{ id: anna.unionId, isOptional: false },
				{ id: ben.unionId, isOptional: false },
			],
		});
	});

	it('looks each person up once per run and invites each person once', async () => {
		const [host, anna] = desk().people;
		const { items } = await desk().runNode({
			parameters: create({
				additionalFields: { attendees: '={{ $json.guests }}', optionalAttendees: anna.unionId },
			}),
			items: [1, 2, 3].map(() => ({ organizer: host.userId, guests: [anna.userId, anna.unionId] })),
		});
		expect(items).toHaveLength(3);
		const requests = await requestsOf(desk());
		expect(requests.filter(({ path }) => path.startsWith('/topapi'))).toHaveLength(2);
		for (const { body } of requests.filter(({ path }) => path.endsWith('/events'))) {
			expect(body).toMatchObject({ attendees: [{ id: anna.unionId, isOptional: false }] });
		}
	});

	it('adds attendees beyond the limit of one call with further calls', async () => {
		const [host] = desk().people;
		const crowd = hire(desk(), 1100).map(({ unionId }) => unionId);
		const { items } = await desk().runNode({
			parameters: create({ additionalFields: { attendees: '={{ $json.guests }}', sendPushNotification: false } }),
			items: [{ organizer: host.unionId, guests: crowd }],
		});
		const id = String(items[0].id);
		const [first, ...later] = await requestsOf(desk());
		const invitations = (from: number, to: number) =>
			crowd.slice(from, to).map((one) => ({ id: one, isOptional: false }));
		expect(first.body).toMatchObject({ attendees: invitations(0, 500), extra: { noPushNotification: 'true' } });
		const quietly = { pushNotification: false };
		expect(later).toEqual([
			writing('POST', `${eventPath(host, id)}/attendees`, { attendeesToAdd: invitations(500, 1000), ...quietly }),
			writing('POST', `${eventPath(host, id)}/attendees`, { attendeesToAdd: invitations(1000, 1100), ...quietly }),
		]);
		expect(guestsOf(await rememberedEvent(desk(), id))).toEqual(crowd);
	});

	it('lists who was invited when adding the remaining attendees fails midway', async () => {
		const [host] = desk().people;
		const crowd = hire(desk(), 1100).map(({ unionId }) => unionId);
		await desk().control('faults', {
			match: { method: 'POST', path: '*/attendees', nth: 2 },
			do: 'status',
			status: 400,
			code: 'invalidParameter',
			message: 'attendee refused',
		});
		const { items, run } = await desk().runNode({
			parameters: create({ additionalFields: { attendees: '={{ $json.guests }}' } }),
			items: [{ organizer: host.unionId, guests: crowd }],
			onError: 'continueRegularOutput',
		});
		expect(errorOf(run)).toBeUndefined();
		const [event] = await remembered(desk());
		expect(items[0].error).toBe(
			`Only part of this was done: DingTalk could not add the attendees: attendee refused. Done: create the event (ID ${event.id}); add 1000 people. Not done: add 100 people. [Item 0]`,
		);
		expect(items[0].details).toMatchObject({
			kind: 'input',
			code: 'invalidParameter',
			eventId: event.id,
			done: crowd.slice(0, 1000),
			notDone: crowd.slice(1000),
		});
		expect(guestsOf(event)).toEqual(crowd.slice(0, 1000));
	});
});

describe('reading the start and end of a new event', () => {
	const sent = (from: string, to: string, timeZone: string) => ({
		start: { dateTime: from, timeZone },
		end: { dateTime: to, timeZone },
	});

	it.each([
		[
			'uses the time zone of the workflow by default',
			{ start: '2026-03-04T10:00:00', end: '2026-03-04T11:00:00' },
			'America/New_York',
			sent('2026-03-04T10:00:00-05:00', '2026-03-04T11:00:00-05:00', 'America/New_York'),
		],
		[
			'prefers the Time Zone field over the time zone of the workflow',
			{
				start: '2026-03-04T10:00:00',
				end: '2026-03-04T11:00:00',
				additionalFields: { timeZone: { __rl: true, mode: 'id', value: 'Asia/Tokyo' } },
			},
			'America/New_York',
			sent('2026-03-04T10:00:00+09:00', '2026-03-04T11:00:00+09:00', 'Asia/Tokyo'),
		],
		[
			'prefers an offset in the value over both time zones',
			{
				start: '2026-03-04T10:00:00Z',
				end: '2026-03-04T12:30:00+01:00',
				additionalFields: { timeZone: { __rl: true, mode: 'id', value: 'Asia/Tokyo' } },
			},
			'America/New_York',
			sent('2026-03-04T19:00:00+09:00', '2026-03-04T20:30:00+09:00', 'Asia/Tokyo'),
		],
		[
			'accepts a space instead of T and times without seconds',
			{ start: '2026-03-04 10:00', end: '2026-03-04 11:00' },
			'Asia/Shanghai',
			sent('2026-03-04T10:00:00+08:00', '2026-03-04T11:00:00+08:00', 'Asia/Shanghai'),
		],
		[
			'accepts luxon dates and milliseconds from expressions',
			{ start: "={{ DateTime.fromISO('2026-03-04T10:00:00') }}", end: '={{ 1772593200000 }}' },
			'Asia/Shanghai',
			sent('2026-03-04T10:00:00+08:00', '2026-03-04T11:00:00+08:00', 'Asia/Shanghai'),
		],
		[
			'accepts an event across a clock change',
			{ start: '2026-03-29T01:30:00', end: '2026-03-29T03:30:00' },
			'Europe/Berlin',
			sent('2026-03-29T01:30:00+01:00', '2026-03-29T03:30:00+02:00', 'Europe/Berlin'),
		],
		[
			'accepts an event of zero length',
			{ start: '2026-03-04T10:00:00', end: '2026-03-04T10:00:00' },
			'Asia/Shanghai',
			sent('2026-03-04T10:00:00+08:00', '2026-03-04T10:00:00+08:00', 'Asia/Shanghai'),
		],
	])('%s', async (_, parameters, timezone, expected) => {
		expect(await bodyFor(parameters, timezone)).toEqual({ summary: 'Meeting', isAllDay: false, ...expected });
	});

	it.each([
		[
			'a time skipped by the clock change',
			{ start: '2026-03-29T02:30:00', end: '2026-03-29T04:00:00' },
			"'Start' does not exist in Europe/Berlin: 2026-03-29T02:30:00 is skipped when the clocks go forward [Item 0]",
		],
		[
			'an end before the start',
			{ start: '2026-03-04T10:00:00', end: '2026-03-04T09:59:00' },
			"'End' is before 'Start' [Item 0]",
		],
		['a day without a time', { start: '2026-03-04' }, "'Start' has no time of day: 2026-03-04 [Item 0]"],
		[
			'a time of day for an all-day event',
			{ allDay: true, start: '2026-03-04', end: '2026-03-04T10:00:00' },
			"'Last Day' has a time of day (10:00), but 'All Day' is on [Item 0]",
		],
	])('rejects %s before any call', async (_, parameters, message) => {
		expect(await refusalOf(parameters, 'Europe/Berlin')).toBe(message);
	});

	it('returns times in the time zone in which the event was created', async () => {
		const { items } = await desk().runNode({
			parameters: create({ additionalFields: { timeZone: { __rl: true, mode: 'list', value: 'Europe/London' } } }),
			items: [{ organizer: desk().people[0].unionId }],
		});
		expect(items[0]).toMatchObject({
			start: '2026-03-03T10:00:00+00:00',
			end: '2026-03-03T11:00:00+00:00',
			timeZone: 'Europe/London',
		});
	});

	it.each([
		['several days', '2026-03-02', '2026-03-04', '2026-03-05'],
		['one day', '2026-02-28', '2026-02-28', '2026-03-01'],
		['dates that a date picker returns as midnight', '2026-03-02T00:00:00', '2026-03-03T00:00:00', '2026-03-04'],
	])('includes the last day of %s by sending the day after as the exclusive end', async (_, first, last, dayAfter) => {
		const [host] = desk().people;
		const { items } = await desk().runWorkflow('event.create.allDay', [{ organizer: host.unionId, first, last }]);
		expect(await requestsOf(desk())).toEqual([
			writing('POST', `${calendarPath(host)}/events`, {
				summary: 'Annual leave',
				isAllDay: true,
				start: { date: first.slice(0, 10) },
				end: { date: dayAfter },
			}),
		]);
		expect(items).toEqual([
			{
				id: expect.any(String),
				summary: 'Annual leave',
				status: 'confirmed',
				start: first.slice(0, 10),
				end: last.slice(0, 10),
				timeZone: null,
				location: null,
				organizer: person(host),
				attendees: person(host),
				onlineMeetingUrl: null,
				seriesId: null,
				link: null,
			},
		]);
		expect(await remembered(desk())).toMatchObject([
			{ isAllDay: true, start: { date: first.slice(0, 10) }, end: { date: dayAfter } },
		]);
	});
});

describe('creating a recurring event', () => {
	const daily = { start: '2026-03-03T10:00:00', end: '2026-03-03T11:00:00', allDay: false };
	const allDay = { start: '2026-03-03', end: '2026-03-03', allDay: true };

	it.each([
		[
			'daily',
			daily,
			{ frequency: 'daily', interval: 3, ends: 'never' },
			{ pattern: { type: 'daily', interval: 3 }, range: { type: 'noEnd' } },
			['03-03', '03-06', '03-09', '03-12', '03-15', '03-18', '03-21', '03-24', '03-27', '03-30'],
		],
		[
			'weekly on several days, in the order of the week',
			daily,
			{ frequency: 'weekly', interval: 1, daysOfWeek: ['thursday', 'tuesday'], ends: 'after', occurrences: 5 },
			{
				pattern: { type: 'weekly', interval: 1, daysOfWeek: 'tuesday,thursday' },
				range: { type: 'numbered', numberOfOccurrences: 5 },
			},
			['03-03', '03-05', '03-10', '03-12', '03-17'],
		],
		[
			'every second week, which begins on a Monday',
			daily,
			{
				frequency: 'weekly',
				interval: 2,
				daysOfWeek: 'tuesday,sunday',
				firstDayOfWeek: 'monday',
				ends: 'after',
				occurrences: 4,
			},
			{
				pattern: { type: 'weekly', interval: 2, daysOfWeek: 'tuesday,sunday', firstDayOfWeek: 'monday' },
				range: { type: 'numbered', numberOfOccurrences: 4 },
			},
			['03-03', '03-08', '03-17', '03-22'],
		],
		[
			'monthly on a date, skipping months without it',
			{ start: '2026-03-31T10:00:00', end: '2026-03-31T11:00:00', allDay: false },
			{ frequency: 'monthlyOnDate', interval: 1, dayOfMonth: 31, ends: 'after', occurrences: 3 },
			{
				pattern: { type: 'absoluteMonthly', interval: 1, dayOfMonth: 31 },
				range: { type: 'numbered', numberOfOccurrences: 3 },
			},
			['03-31', '05-31', '07-31'],
		],
		[
			'monthly on a weekday',
			daily,
			{
				frequency: 'monthlyOnWeekday',
				interval: 1,
				weekIndex: 'last',
				daysOfWeek: ['friday'],
				ends: 'after',
				occurrences: 3,
			},
			{
				pattern: { type: 'relativeMonthly', interval: 1, index: 'last', daysOfWeek: 'friday' },
				range: { type: 'numbered', numberOfOccurrences: 3 },
			},
			['03-27', '04-24', '05-29'],
		],
		[
			'yearly',
			daily,
			{ frequency: 'yearly', interval: 1, ends: 'after', occurrences: 1 },
			{ pattern: { type: 'absoluteYearly', interval: 1 }, range: { type: 'numbered', numberOfOccurrences: 1 } },
			['03-03'],
		],
		[
			'daily until a day, which is included',
			daily,
			{ frequency: 'daily', interval: 1, ends: 'onDate', until: '2026-03-05' },
			{ pattern: { type: 'daily', interval: 1 }, range: { type: 'endDate', endDate: '2026-03-05T23:59:59+08:00' } },
			['03-03', '03-04', '03-05'],
		],
		[
			'daily of whole days until a day, which is included',
			allDay,
			{ frequency: 'daily', interval: 1, ends: 'onDate', until: '2026-03-05' },
			{ pattern: { type: 'daily', interval: 1 }, range: { type: 'endDate', endDate: '2026-03-05T23:59:59+08:00' } },
			['03-03', '03-04', '03-05'],
		],
	])('repeats %s, and its occurrences read back say so', async (_, times, rule, recurrence, days) => {
		const [host] = desk().people;
		const created = await desk().runWorkflow('event.create.series', [{ organizer: host.unionId, ...times, rule }]);
		expect(errorOf(created.run)).toBeUndefined();
		const [request] = await requestsOf(desk());
		expect(request.body).toMatchObject({ recurrence });
		expect((request.body as { recurrence: unknown }).recurrence).toEqual(recurrence);
		await desk().recorder.clear();

		const eventId = String(created.items[0].id);
		const read = await desk().runWorkflow('event.getInstances', [
			{
				person: host.unionId,
				eventId,
				from: '2026-03-01',
				to: days.length === 10 ? '2026-04-01' : '2026-12-31',
				limit: 50,
			},
		]);
		expect(read.items.map(({ start }) => String(start).slice(5, 10))).toEqual(days);
		expect(await requestsOf(desk())).toEqual([
			reading(`${eventPath(host, eventId)}/instances`, {
				timeMin: '2026-03-01T00:00:00+08:00',
				timeMax: days.length === 10 ? '2026-04-01T00:00:00+08:00' : '2026-12-31T00:00:00+08:00',
				maxResults: '50',
			}),
		]);
	});

	it('keeps the local time of occurrences across a clock change', async () => {
		const [host] = desk().people;
		const parameters = create({
			start: '2026-03-28T10:00:00',
			end: '2026-03-28T11:00:00',
			additionalFields: { recurrence: { rule: { frequency: 'daily', ends: 'after', occurrences: 2 } } },
		});
		await desk().runNode({ parameters: parameters, items: [{ organizer: host.unionId }], timezone: 'Europe/Berlin' });
		const { items } = await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'getAll',
				user: host.unionId,
				timeMin: '2026-03-28',
				timeMax: '2026-03-31',
			},
			timezone: 'Europe/Berlin',
		});
		expect(items.map(({ start }) => start)).toEqual(['2026-03-28T10:00:00+01:00', '2026-03-29T10:00:00+02:00']);
	});

	it('accepts an expression for how the series ends although the form also fills in a number of occurrences', async () => {
		const rule = { frequency: 'daily', interval: 1, ends: "={{ 'onDate' }}", until: '2026-03-05' };
		expect(await bodyFor({ additionalFields: { recurrence: { rule } } })).toMatchObject({
			recurrence: {
				pattern: { type: 'daily', interval: 1 },
				range: { type: 'endDate', endDate: '2026-03-05T23:59:59+08:00' },
			},
		});
	});

	it('rejects a last day before the start before any call', async () => {
		const rule = { frequency: 'daily', ends: 'onDate', until: '2026-03-02' };
		expect(await refusalOf({ additionalFields: { recurrence: { rule } } })).toBe(
			"'Last Day' is before 'Start' [Item 0]",
		);
	});
});

describe('sending the additional fields of a new event', () => {
	it.each([
		['sends nothing for fields that were not added', {}, {}],
		["omits reminders that should be DingTalk's default", { reminders: { setting: { mode: 'default' } } }, {}],
		['sends an empty list for no reminders', { reminders: { setting: { mode: 'none' } } }, { reminders: [] }],
		[
			'sends reminders, including one at the start',
			{ reminders: { setting: { mode: 'custom', minutes: '0，30' } } },
			{
				reminders: [
					{ method: 'dingtalk', minutes: 0 },
					{ method: 'dingtalk', minutes: 30 },
				],
			},
		],
		[
			'accepts a number for reminders',
			{ reminders: { setting: { minutes: 5 } } },
			{ reminders: [{ method: 'dingtalk', minutes: 5 }] },
		],
		['sends no online meeting when it is disabled', { onlineMeeting: false }, {}],
		[
			'sends an online meeting when it is enabled',
			{ onlineMeeting: true },
			{ onlineMeetingInfo: { type: 'dingtalk' } },
		],
		[
			'sends enabled notifications as text, as the tutorials do',
			{ sendPushNotification: true, sendChatCard: true },
			{ extra: { noPushNotification: 'false', noChatNotification: 'false' } },
		],
		[
			'can disable only the push notification',
			{ sendPushNotification: false },
			{ extra: { noPushNotification: 'true' } },
		],
		['can disable only the chat card', { sendChatCard: 'no' }, { extra: { noChatNotification: 'true' } }],
		[
			'sends texts exactly as entered',
			{ eventDescription: ' a\n"b" ', location: '二楼 & 三楼' },
			{ description: ' a\n"b" ', location: { displayName: '二楼 & 三楼' } },
		],
		[
			'ignores fields whose expression returns an empty cell',
			{ location: '={{ null }}', eventDescription: '={{ $json.nothing }}' },
			{},
		],
	])('%s', async (_, additionalFields, expected) => {
		expect(await bodyFor({ additionalFields })).toEqual({
			summary: 'Meeting',
			isAllDay: false,
			start: { dateTime: '2026-03-03T10:00:00+08:00', timeZone: 'Asia/Shanghai' },
			end: { dateTime: '2026-03-03T11:00:00+08:00', timeZone: 'Asia/Shanghai' },
			...expected,
		});
	});
});

describe('failing to create an event', () => {
	const BLANK = "'Title' is empty [Item 1]";
	const ADVICE = 'Enter a title; DingTalk does not accept an event without one.';
	const items = () => ['First', '', 'Third'].map((title) => ({ organizer: desk().people[0].unionId, title }));

	it('stops the workflow before any call when the input is invalid', async () => {
		const json = readWorkflow('event.create.carryOn');
		const { run } = await desk().runNode({ parameters: json.nodes[1].parameters, items: items() });
		expect(errorOf(run)?.message).toBe(BLANK);
		expect(await callsOf(desk())).toEqual([]);
	});

	it('returns the error details in place of the item with Continue On Fail', async () => {
		const { items: out, pairs, run } = await desk().runWorkflow('event.create.carryOn', items());
		expect(errorOf(run)).toBeUndefined();
		expect(out.map(({ summary }) => summary)).toEqual(['First', undefined, 'Third']);
		expect(out[1]).toEqual({
			error: BLANK,
			message: ADVICE,
			details: { kind: 'input', field: 'Title', advice: ADVICE },
		});
		expect(pairs).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect((await remembered(desk())).map(({ summary }) => summary).sort()).toEqual(['First', 'Third']);
	});

	it('sends the failed item with advice and input to the error output and the others to the first output', async () => {
		const { run } = await desk().runWorkflow('event.create.errorOutput', items());
		expect(errorOf(run)).toBeUndefined();
		expect(outputOf(run, 'Created').map(({ summary }) => summary)).toEqual(['First', 'Third']);
		expect(outputOf(run, 'Not Created')).toEqual([
			{ organizer: desk().people[0].unionId, title: '', error: BLANK, message: ADVICE },
		]);
	});

	it("includes DingTalk's own message when DingTalk rejects the request", async () => {
		await desk().control('limits', { eventsPerDay: 1 });
		const [host] = desk().people;
		await desk().runWorkflow('event.create.carryOn', [{ organizer: host.unionId, title: 'First' }]);
		const { items: out } = await desk().runWorkflow('event.create.carryOn', [
			{ organizer: host.unionId, title: 'Second' },
		]);
		expect(out).toEqual([
			{
				error: 'This organizer has created the 100 events DingTalk allows a day [Item 0]',
				message: expect.stringMatching(
					/^Continue tomorrow, from .* China time, or .* organizer\. DingTalk answered: HTTP 400, code flowLimit, "current user .* per day", request ID /,
				),
				details: {
					kind: 'dayLimit',
					advice: expect.stringMatching(
						/^Continue tomorrow, from \d{4}-\d\d-\d\d 00:00 China time, or create the remaining events with another organizer\.$/,
					),
					goOnAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT00:00:00.000\+08:00$/),
					code: 'flowLimit',
					text: 'current user can not create events exceed 1 per day',
					requestId: expect.any(String),
					status: 400,
				},
			},
		]);
	});
});

describe("reaching an organizer's daily limit", () => {
	it('leaves the remaining items for the next day, on which they are created', async () => {
		await desk().control('limits', { eventsPerDay: 2 });
		const [host, anna] = desk().people;
		const titles = ['a', 'b', 'c', 'd'].map((title) => ({ organizer: host.unionId, title }));
		const other = { organizer: anna.unionId, title: 'e' };
		const today = await desk().runWorkflow('event.create.errorOutput', [...titles, other]);
		expect(outputOf(today.run, 'Created').map(({ summary }) => summary)).toEqual(['a', 'b', 'e']);
		const left = outputOf(today.run, 'Not Created');
		expect(left.map(({ title }) => title)).toEqual(['c', 'd']);
		// One rejection stops the organizer's other items, unless they were sent already.
		expect((await callsOf(desk())).length).toBeLessThanOrEqual(5);

		await desk().control('clock', { advanceMs: 24 * 3_600_000 });
		const tomorrow = await desk().runWorkflow('event.create.errorOutput', left);
		expect(outputOf(tomorrow.run, 'Created').map(({ summary }) => summary)).toEqual(['c', 'd']);
		expect((await remembered(desk())).map(({ summary }) => summary).sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
	});
});

describe('losing the response to a creation', () => {
	const lose = async (times: number) =>
		await desk().control('faults', { match: { method: 'POST', path: '*/events', times }, do: 'dropAfterCommit' });
	const item = () => [{ organizer: desk().people[0].unionId, title: 'Once' }];

	it('retries with the same idempotency key and creates one event', async () => {
		await lose(1);
		const { items, run } = await desk().runWorkflow('event.create.carryOn', item());
		expect(errorOf(run)).toBeUndefined();
		const calls = await callsOf(desk());
		expect(calls.map(({ status, replayed }) => [status, replayed])).toEqual([
			[null, false],
			[200, true],
		]);
		expect(new Set(calls.map(clientToken)).size).toBe(1);
		const events = await remembered(desk());
		expect(events.map(({ id }) => id)).toEqual([items[0].id]);
	});

	it('creates no second event when n8n retries the node', async () => {
		await lose(3);
		const { items, run } = await desk().runWorkflow('event.create.retry', item());
		expect(errorOf(run)).toBeUndefined();
		const calls = await callsOf(desk());
		expect(calls.map(({ status }) => status)).toEqual([null, null, null, 200]);
		expect(new Set(calls.map(clientToken)).size).toBe(1);
		expect((await remembered(desk())).map(({ id }) => id)).toEqual([items[0].id]);
	});

	it('creates no second event for an item when n8n retries the node because another item failed', async () => {
		await desk().control('faults', {
			match: { method: 'POST', path: '*/events', nth: 2 },
			do: 'status',
			status: 400,
			code: 'invalidParameter',
		});
		const [{ organizer }] = item();
		const { items, run } = await desk().runWorkflow('event.create.retry', [
			{ organizer, title: 'First' },
			{ organizer, title: 'Second' },
		]);
		expect(errorOf(run)).toBeUndefined();
		expect(items.map(({ summary }) => summary)).toEqual(['First', 'Second']);
		expect((await callsOf(desk())).map(({ status, replayed }) => [status, replayed])).toEqual([
			[200, false],
			[400, false],
			[200, false],
		]);
		expect(await remembered(desk())).toHaveLength(2);
	});

	it('creates no second event when an expression returns another time in the retry', async () => {
		await lose(3);
		const { run } = await desk().runNode({
			parameters: create({ additionalFields: { eventDescription: '=Entered at {{ $now.toISO() }}' } }),
			items: item(),
			retryOnFail: true,
			maxTries: 2,
			waitBetweenTries: 1,
		});
		expect(errorOf(run)).toBeUndefined();
		expect(new Set((await callsOf(desk())).map(clientToken)).size).toBe(1);
		expect(await remembered(desk())).toHaveLength(1);
	});

	it('does not prevent the next run from creating the same event again', async () => {
		await desk().runWorkflow('event.create.retry', item());
		await desk().runWorkflow('event.create.retry', item());
		expect(new Set((await callsOf(desk())).map(clientToken)).size).toBe(2);
		expect(await remembered(desk())).toHaveLength(2);
	});
});

describe('showing an event as free', () => {
	const free = (operation: string, more: INodeParameters = {}): INodeParameters => ({
		resource: 'event',
		operation,
		user: desk().people[0].unionId,
		summary: 'Birthday',
		start: '2026-03-03T10:00',
		end: '2026-03-03T11:00',
		...more,
	});
	const busyTimes = async (): Promise<number> => {
		const { items } = await desk().runNode({
			parameters: {
				resource: 'freeBusy',
				operation: 'get',
				user: desk().people[0].unionId,
				people: desk().people[0].unionId,
				timeMin: '2026-03-03T00:00',
				timeMax: '2026-03-04T00:00',
			},
		});
		return items.length;
	};

	it.each(['honoured', 'listed'])('does not make the organizer busy (DingTalk: %s)', async (freeBusyStatus) => {
		await desk().control('switches', { freeBusyStatus, freeBusyStatusReturned: 'yes' });
		const before = await busyTimes();
		const { items, run } = await desk().runNode({
			parameters: free('create', { additionalFields: { showAs: 'free' } }),
		});
		expect(errorOf(run)).toBeUndefined();
		expect(items[0].showAs).toBe('free');
		expect(await busyTimes()).toBe(before);
	});

	it('is sent by each operation that writes events', async () => {
		const additionalFields = { showAs: 'free' };
		await desk().runNode({ parameters: free('create', { additionalFields }) });
		await desk().runNode({ parameters: free('book', { additionalFields, roomChoice: 'none' }) });
		await desk().runNode({ parameters: free('create', { additionalFields: { showAs: 'busy' } }) });
		await desk().runNode({ parameters: free('upsert', { additionalFields, externalKey: 'B1' }) });
		await desk().runNode({ parameters: free('upsert', { additionalFields: { showAs: 'busy' }, externalKey: 'B1' }) });
		const eventId = plant(desk(), desk().people[0]);
		await desk().runNode({ parameters: free('update', { eventId, updateFields: { showAs: 'busy' } }) });
		const sent = (await requestsOf(desk()))
			.filter(({ method, path }) => ['POST', 'PUT'].includes(method) && path.includes('/events'))
			.map(({ method, body }) => [method, (body as IDataObject).freeBusyStatus]);
		expect(sent).toEqual([
			['POST', 'free'],
			['POST', 'free'],
			['POST', undefined],
			['POST', 'free'],
			['PUT', 'busy'],
			['PUT', 'busy'],
		]);
	});
});

describe('fields that the form does not have', () => {
	const more = (moreFields: unknown, others: IDataObject = {}) => ({
		additionalFields: { moreFields, ...others } as INodeParameters,
	});
	const send = async (parameters: INodeParameters) =>
		await desk().runNode({ parameters: create(parameters), items: [{ organizer: desk().people[0].unionId }] });

	it('are sent unchanged', async () => {
		const cardInstances = [{ outTrackId: 'card-1', scenario: 'meeting' }];
		const given = { cardInstances, extra: { source: 'n8n' } };
		for (const moreFields of [JSON.stringify(given), "={{ ({ extra: { source: 'n8n' } }) }}"]) {
			const { run } = await send(more(moreFields, { sendChatCard: false }));
			expect(errorOf(run)).toBeUndefined();
		}
		const bodies = (await requestsOf(desk())).map(({ body }) => body as IDataObject);
		expect(bodies[0]).toMatchObject({ cardInstances, extra: { source: 'n8n', noChatNotification: 'true' } });
		expect(bodies[1]).toMatchObject({ extra: { source: 'n8n', noChatNotification: 'true' } });
	});

	it.each<[string, unknown, IDataObject]>([
		["has 'summary', which the form sets", '{"summary":"Other"}', {}],
		["has 'summary', which the form sets", '{"Summary":"Other"}', {}],
		["has 'isAllDay', which the form sets", '{"is_all_day":true}', {}],
		["has '__proto__', which is no field of an event", '{"__proto__":{"summary":"Other"}}', {}],
		["has 'location.displayName', which the form sets", '{"location":{"DisplayName":"x"}}', { location: 'Hall' }],
		["has 'location', which the form sets", '{"Location":[{"displayName":"x"}]}', { location: 'Hall' }],
		["has 'reminders', which the form sets", '{"Reminders":[]}', { reminders: { setting: { mode: 'none' } } }],
		[
			"has 'extra.noChatNotification', which the form sets",
			'{"Extra":{"nochatnotification":"false"}}',
			{ sendChatCard: false },
		],
		["has 'attendees', which the form sets", '{"attendees":[]}', {}],
		["has 'description', which the form sets", '{"description":"x"}', { eventDescription: 'y' }],
		[
			"has 'extra.noChatNotification', which the form sets",
			'{"extra":{"noChatNotification":"false"}}',
			{ sendChatCard: false },
		],
		["has 'freeBusyStatus', which the form sets", '{"freeBusyStatus":"free"}', { showAs: 'busy' }],
		[
			"has 'onlineMeetingInfo', which the form sets",
			'{"onlineMeetingInfo":{"type":"dingtalk"}}',
			{ onlineMeeting: false },
		],
		[
			"has 'reminders', which the form sets",
			'{"reminders":[]}',
			{ reminders: { setting: { mode: 'default', minutes: '15' } } },
		],
		[
			"has 'extra.noPushNotification', which the form sets",
			'{"extra":{"noPushNotification":"true"}}',
			{ sendPushNotification: true },
		],
		["has 'extra', which the form sets", '{"extra":null}', { sendPushNotification: 'default' }],
		[
			"has 'extra.noChatNotification', which the form sets",
			'{"extra":{"noChatNotification":"true"}}',
			{ sendChatCard: 'default', sendPushNotification: true },
		],
		['is not valid JSON', '{', {}],
		['is not an object', '[]', {}],
	])('are refused before any call: %s', async (problem, moreFields, others) => {
		const { run } = await send(more(moreFields, others));
		expect(errorOf(run)?.message).toBe(`'More Fields (JSON)' ${problem} [Item 0]`);
		expect(await callsOf(desk())).toEqual([]);
	});
});
