/** Tests the Event operation 'Update' on the n8n engine. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Person } from '../simulator/company';
import { errorOf, hintsOf, TESTED_NODE } from './harness';
import {
	callsOf,
	clientToken,
	eventPath,
	guestsOf,
	hire,
	hour,
	person,
	plant,
	reading,
	remembered,
	rememberedEvent,
	requestsOf,
	writing,
	type Remembered,
} from './support/events';
import { useDesk } from './support/setup';

const desk = useDesk();

const update = (parameters: INodeParameters): INodeParameters => ({
	resource: 'event',
	operation: 'update',
	user: { __rl: true, mode: 'auto', value: '={{ $json.organizer }}' },
	eventId: { __rl: true, mode: 'id', value: '={{ $json.eventId }}' },
	...parameters,
});

const RULE = {
	pattern: { type: 'weekly', interval: 1, daysOfWeek: 'tuesday' },
	range: { type: 'numbered', numberOfOccurrences: 3 },
};

/** An event with a value in every field. */
const FULL: IDataObject = {
	summary: 'Before',
	description: 'Old text',
	richTextDescription: { text: '<b>old</b>' },
	...hour(3, 10),
	location: { displayName: 'Hall 1' },
	reminders: [{ method: 'dingtalk', minutes: 30 }],
	recurrence: RULE,
	uiConfigs: [{ uiName: 'comment', uiStatus: 'hide' }],
};

/** Returns the differences after a change, except the update time. */
function differences(before: Remembered, after: Remembered): Record<string, unknown> {
	const names = new Set([...Object.keys(before), ...Object.keys(after)]);
	names.delete('updateTime');
	const changed = [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
	return Object.fromEntries(changed.map((name) => [name, after[name] ?? null]));
}

/** Updates one planted event and returns the differences. */
async function change(event: IDataObject, parameters: INodeParameters, timezone = 'Asia/Shanghai') {
	const [host, anna] = desk().people;
	const eventId = plant(desk(), host, { ...event, attendees: [{ id: anna.unionId }] });
	const before = await rememberedEvent(desk(), eventId);
	const { run, items } = await desk().runNode({
		parameters: update(parameters),
		items: [{ organizer: host.unionId, eventId }],
		timezone,
	});
	const after = await rememberedEvent(desk(), eventId);
	return { host, eventId, items, run, error: errorOf(run)?.message, changed: differences(before, after) };
}

describe('updating an event', () => {
	it('sends the changes that expressions return for each item and leaves the rest unchanged', async () => {
		const [host, anna, ben] = desk().people;
		const first = plant(desk(), host, { summary: 'One', description: 'Keep me', attendees: [{ id: ben.unionId }] });
		const second = plant(desk(), anna, { summary: 'Two', location: { displayName: 'Keep me' } });
		const { items, pairs } = await desk().runWorkflow('event.update', [
			{
				organizer: host.unionId,
				eventId: first,
				title: 'New',
				start: '2026-03-06T15:00:00',
				end: '2026-03-06T16:00:00',
			},
			{ organizer: anna.unionId, eventId: second, description: '' },
		]);
		const shown = {
			status: 'confirmed',
			timeZone: 'Asia/Shanghai',
			onlineMeetingUrl: null,
			seriesId: null,
			link: null,
		};
		expect(items).toEqual([
			{
				...shown,
				id: first,
				summary: 'New',
				start: '2026-03-06T15:00:00+08:00',
				end: '2026-03-06T16:00:00+08:00',
				location: null,
				organizer: person(host),
				attendees: [host, ben].map(person).join(', '),
			},
			{
				...shown,
				id: second,
				summary: 'Two',
				start: '2026-03-03T10:00:00+08:00',
				end: '2026-03-03T11:00:00+08:00',
				location: 'Keep me',
				organizer: person(anna),
				attendees: person(anna),
			},
		]);
		expect(pairs).toEqual([{ item: 0 }, { item: 1 }]);
		const requests = await requestsOf(desk());
		expect(requests).toHaveLength(2);
		expect(requests).toEqual(
			expect.arrayContaining([
				writing('PUT', eventPath(host, first), { id: first, summary: 'New', ...hour(6, 15) }),
				writing('PUT', eventPath(anna, second), { id: second, description: '' }),
			]),
		);
		expect(await desk().recorder.meteredCalls()).toHaveLength(2);
		expect(await rememberedEvent(desk(), first)).toMatchObject({ description: 'Keep me', summary: 'New' });
		expect(await rememberedEvent(desk(), second)).toMatchObject({
			description: '',
			location: 'Keep me',
			summary: 'Two',
		});
	});

	it('sends every field that can be changed', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host, FULL);
		const { items } = await desk().runWorkflow('event.update.everything', [{ organizer: host.unionId, eventId }]);
		const times = {
			start: { dateTime: '2026-03-05T14:00:00+09:00', timeZone: 'Asia/Tokyo' },
			end: { dateTime: '2026-03-05T15:30:00+09:00', timeZone: 'Asia/Tokyo' },
		};
		expect(await requestsOf(desk())).toEqual([
			writing('PUT', eventPath(host, eventId), {
				id: eventId,
				summary: 'New title',
				description: 'New text',
				richTextDescription: { text: '<i>new</i>' },
				isAllDay: false,
				...times,
				location: { displayName: 'Hall 2' },
				onlineMeetingInfo: { type: 'dingtalk' },
				reminders: [],
				recurrence: {
					pattern: { type: 'daily', interval: 1 },
					range: { type: 'endDate', endDate: '2026-03-07T23:59:59+09:00' },
				},
				uiConfigs: [{ uiName: 'attendee', uiStatus: 'enable' }],
				extra: { noPushNotification: 'true', noChatNotification: 'true' },
			}),
		]);
		const [call] = await callsOf(desk());
		expect(items).toEqual([call.response]);
		expect(items[0]).toMatchObject({ summary: 'New title', ...times });
	});

	it('clears every field that can be cleared', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host, FULL);
		const before = await rememberedEvent(desk(), eventId);
		await desk().runWorkflow('event.update.clear', [{ organizer: host.unionId, eventId }]);
		expect(await requestsOf(desk())).toEqual([
			writing('PUT', eventPath(host, eventId), {
				id: eventId,
				description: '',
				location: { displayName: '' },
				reminders: [],
				recurrence: null,
				richTextDescription: { text: '' },
				uiConfigs: [],
			}),
		]);
		expect(differences(before, await rememberedEvent(desk(), eventId))).toEqual({
			description: '',
			location: '',
			reminders: [],
			recurrence: null,
			richText: '',
			uiConfigs: [],
		});
	});

	it('keeps the order of items that change the same event', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		const titles = ['a', 'b', 'c', 'd', 'e', 'f'];
		await desk().control('faults', { match: { method: 'PUT', nth: 1 }, do: 'delay', delayMs: 150 });
		const { items } = await desk().runWorkflow(
			'event.update',
			titles.map((title) => ({ organizer: host.unionId, eventId, title })),
		);
		expect(items.map(({ summary }) => summary)).toEqual(titles);
		expect((await requestsOf(desk())).map(({ body }) => (body as IDataObject).summary)).toEqual(titles);
		expect(new Set((await callsOf(desk())).map(clientToken)).size).toBe(titles.length);
		expect(await rememberedEvent(desk(), eventId)).toMatchObject({ summary: 'f' });
	});
});

describe('updating a single field of an event', () => {
	const chosen = (updateFields: INodeParameters): INodeParameters => ({ updateFields });
	const cleared = (...clearFields: string[]): INodeParameters => ({ clearFields });
	const reminder = (minutes: number) => ({ method: 'dingtalk', minutes });
	const weekly = {
		pattern: { type: 'weekly', interval: 2, daysOfWeek: 'monday', firstDayOfWeek: 'sunday' },
		range: { type: 'noEnd' },
	};

	it.each<[string, INodeParameters, IDataObject, IDataObject]>([
		['the title', chosen({ summary: 'New' }), { summary: 'New' }, { summary: 'New' }],
		['the description', chosen({ eventDescription: 'New' }), { description: 'New' }, { description: 'New' }],
		['an empty description', chosen({ eventDescription: '' }), { description: '' }, { description: '' }],
		[
			'the number 0 as description',
			chosen({ eventDescription: '={{ 0 }}' }),
			{ description: '0' },
			{ description: '0' },
		],
		['a cleared description', cleared('description'), { description: '' }, { description: '' }],
		['the location', chosen({ location: '三楼' }), { location: { displayName: '三楼' } }, { location: '三楼' }],
		['an empty location', chosen({ location: '' }), { location: { displayName: '' } }, { location: '' }],
		['a cleared location', cleared('location'), { location: { displayName: '' } }, { location: '' }],
		[
			'the rich text',
			chosen({ richTextDescription: '<p>x</p>' }),
			{ richTextDescription: { text: '<p>x</p>' } },
			{ richText: '<p>x</p>' },
		],
		['a cleared rich text', cleared('richTextDescription'), { richTextDescription: { text: '' } }, { richText: '' }],
		[
			'reminders including 0 minutes',
			chosen({ reminders: { setting: { mode: 'custom', minutes: '0, 5' } } }),
			{ reminders: [reminder(0), reminder(5)] },
			{ reminders: [reminder(0), reminder(5)] },
		],
		['no reminders', chosen({ reminders: { setting: { mode: 'none' } } }), { reminders: [] }, { reminders: [] }],
		['cleared reminders', cleared('reminders'), { reminders: [] }, { reminders: [] }],
		[
			'the repeat rule',
			chosen({ recurrence: { rule: { frequency: 'weekly', interval: 2, daysOfWeek: ['monday'], ends: 'never' } } }),
			{ recurrence: weekly },
			{ recurrence: weekly },
		],
		['a cleared repeat rule', cleared('recurrence'), { recurrence: null }, { recurrence: null }],
		[
			'the buttons',
			chosen({ uiComponents: { component: [{ name: 'deleteEventButton', state: 'disable' }] } }),
			{ uiConfigs: [{ uiName: 'deleteEventButton', uiStatus: 'disable' }] },
			{ uiConfigs: [{ uiName: 'deleteEventButton', uiStatus: 'disable' }] },
		],
		['cleared buttons', cleared('uiComponents'), { uiConfigs: [] }, { uiConfigs: [] }],
		[
			'the online meeting',
			chosen({ onlineMeeting: true }),
			{ onlineMeetingInfo: { type: 'dingtalk' } },
			{ onlineMeeting: expect.objectContaining({ type: 'dingtalk' }) as IDataObject },
		],
	])('sends and changes nothing but %s', async (_, parameters, sent, expected) => {
		const { host, eventId, changed, error } = await change(FULL, parameters);
		expect(error).toBeUndefined();
		expect(await requestsOf(desk())).toEqual([writing('PUT', eventPath(host, eventId), { id: eventId, ...sent })]);
		expect(changed).toEqual(expected);
	});

	const asDefault = { reminders: { setting: { mode: 'default' } } };
	const wholeDays = { summary: 'Trip', isAllDay: true, start: { date: '2026-03-10' }, end: { date: '2026-03-12' } };

	it.each<[string, IDataObject, number]>([
		['15 minutes before an event with times', FULL, 15],
		['nine on the day before an all-day event', { ...wholeDays, reminders: [] }, 15 * 60],
	])('spells out the default reminder, %s, after reading which kind it is', async (_, event, minutes) => {
		const { host, eventId, error } = await change(event, chosen(asDefault));
		expect(error).toBeUndefined();
		expect(await requestsOf(desk())).toEqual([
			reading(eventPath(host, eventId), { maxAttendees: '1' }),
			writing('PUT', eventPath(host, eventId), { id: eventId, reminders: [reminder(minutes)] }),
		]);
		expect(await rememberedEvent(desk(), eventId)).toMatchObject({ reminders: [reminder(minutes)] });
	});

	it('spells out the default reminder without another call if the update sets the times', async () => {
		const { host, eventId } = await change(
			FULL,
			chosen({ ...asDefault, allDay: true, start: '2026-03-10', end: '2026-03-10' }),
		);
		expect(await requestsOf(desk())).toMatchObject([
			{ method: 'PUT', path: eventPath(host, eventId), body: { reminders: [reminder(15 * 60)] } },
		]);
	});

	describe("when DingTalk ignores the removal of 'Repeat'", () => {
		beforeEach(async () => await desk().control('switches', { recurrenceNull: 'ignored' }));

		it('is an error where nothing else was to be changed', async () => {
			const { error, changed } = await change(FULL, cleared('recurrence'));
			expect(error).toBe("DingTalk accepted the update but did not change 'Repeat' [Item 0]");
			expect(changed).toEqual({});
		});

		it('is no error where attendees were changed', async () => {
			const { error } = await change(FULL, cleared('recurrence', 'attendees'));
			expect(error).toBeUndefined();
		});

		it('is a hint where something else was changed too', async () => {
			const { error, changed, run } = await change(FULL, { ...chosen({ summary: 'New' }), ...cleared('recurrence') });
			expect(error).toBeUndefined();
			expect(changed).toEqual({ summary: 'New' });
			expect(hintsOf(run, TESTED_NODE).map(({ message }) => message)).toContainEqual(
				expect.stringMatching(/does not show the change of 'Repeat'\.$/),
			);
		});
	});

	const inShanghai = (dateTime: string) => ({ dateTime: `${dateTime}+08:00`, timeZone: 'Asia/Shanghai' });

	it.each<[string, INodeParameters, string, IDataObject]>([
		['the end', { end: '2026-03-03T12:00:00' }, 'Asia/Shanghai', { end: inShanghai('2026-03-03T12:00:00') }],
		['the start', { start: '2026-03-03T01:30:00Z' }, 'Asia/Shanghai', { start: inShanghai('2026-03-03T09:30:00') }],
		[
			'the end given in another time zone',
			{ end: '2026-03-03T06:00:00' },
			'Europe/Berlin',
			{ end: inShanghai('2026-03-03T13:00:00') },
		],
	])('moves only %s, in the time zone of the event, which is read first', async (_, updateFields, timezone, moved) => {
		const { host, eventId, changed, error } = await change(FULL, { updateFields }, timezone);
		expect(error).toBeUndefined();
		expect(await requestsOf(desk())).toEqual([
			reading(eventPath(host, eventId), { maxAttendees: '1' }),
			writing('PUT', eventPath(host, eventId), { id: eventId, ...moved }),
		]);
		expect(changed).toEqual(moved);
	});

	it.each<[string, IDataObject, INodeParameters, string]>([
		[
			'an end before the current start',
			FULL,
			{ end: '2026-03-03T09:00' },
			"'End' is before the current start of the event",
		],
		[
			'a start after the current end',
			FULL,
			{ start: '2026-03-03T15:00' },
			"'Start' is after the current end of the event",
		],
		[
			'a time of day for an all-day event',
			{ summary: 'Trip', isAllDay: true, start: { date: '2026-03-10' }, end: { date: '2026-03-12' } },
			{ end: '2026-03-11T15:00' },
			"'End' has a time of day, but the event is all-day",
		],
	])('rejects %s before changing anything', async (_, event, updateFields, problem) => {
		const { error, changed } = await change(event, { updateFields });
		expect(error).toBe(`${problem} [Item 0]`);
		expect((await callsOf(desk())).filter(({ method }) => method === 'PUT')).toEqual([]);
		expect(changed).toEqual({});
	});

	it('rejects removing an online meeting instead of ignoring it', async () => {
		const { error } = await change(FULL, chosen({ summary: 'New', onlineMeeting: false }));
		expect(error).toBe("'Online Meeting' cannot be removed from an event [Item 0]");
		expect(await callsOf(desk())).toEqual([]);
	});

	it('disables the notification of the change', async () => {
		const { host, eventId } = await change(
			FULL,
			chosen({ summary: 'Quiet', sendPushNotification: false, sendChatCard: true }),
		);
		expect(await requestsOf(desk())).toEqual([
			writing('PUT', eventPath(host, eventId), {
				id: eventId,
				summary: 'Quiet',
				extra: { noPushNotification: 'true', noChatNotification: 'false' },
			}),
		]);
	});

	it('leaves a field unchanged when its expression returns an empty cell', async () => {
		const { host, eventId, changed } = await change(
			FULL,
			chosen({
				summary: 'New',
				location: '={{ $json.nothing }}',
				eventDescription: '={{ null }}',
				start: '={{ undefined }}',
			}),
		);
		expect(await requestsOf(desk())).toEqual([
			writing('PUT', eventPath(host, eventId), { id: eventId, summary: 'New' }),
		]);
		expect(changed).toEqual({ summary: 'New' });
	});

	it.each<[string, INodeParameters, string]>([
		['an update without changes', {}, "'Update Fields' is empty [Item 0]"],
		[
			'an update with only notification settings',
			chosen({ sendPushNotification: false }),
			"'Update Fields' is empty [Item 0]",
		],
		['an empty title', chosen({ summary: ' ' }), "'Title' is empty [Item 0]"],
		[
			'a field that is both set and cleared',
			{ updateFields: { location: 'x' }, clearFields: ['location'] },
			"'Fields to Clear' includes 'Location', which 'Update Fields' also sets [Item 0]",
		],
		['All Day without dates', chosen({ allDay: true }), "'All Day' is set without 'Start' and 'End' [Item 0]"],
		[
			'a time zone without a time',
			chosen({ timeZone: { __rl: true, mode: 'id', value: 'Asia/Tokyo' } }),
			"'Time Zone' is set without 'Start' or 'End' [Item 0]",
		],
		[
			'a start skipped by the clock change',
			chosen({ start: '2026-03-29T02:30:00' }),
			"'Start' does not exist in Europe/Berlin: 2026-03-29T02:30:00 is skipped when the clocks go forward [Item 0]",
		],
	])('rejects %s before any call', async (_, parameters, message) => {
		const { error, changed } = await change(FULL, parameters, 'Europe/Berlin');
		expect(error).toBe(message);
		expect(await callsOf(desk())).toEqual([]);
		expect(changed).toEqual({});
	});
});

describe('moving an event', () => {
	it('can turn it into an all-day event that includes the last day', async () => {
		const { host, eventId, items } = await change(
			{ summary: 'Trip', ...hour(3, 10) },
			{ updateFields: { allDay: true, start: '2026-03-10', end: '2026-03-11' } },
		);
		expect(await requestsOf(desk())).toEqual([
			writing('PUT', eventPath(host, eventId), {
				id: eventId,
				isAllDay: true,
				start: { date: '2026-03-10' },
				end: { date: '2026-03-12' },
			}),
		]);
		expect(items).toMatchObject([{ start: '2026-03-10', end: '2026-03-11', timeZone: null }]);
		expect(await rememberedEvent(desk(), eventId)).toMatchObject({
			isAllDay: true,
			start: { date: '2026-03-10' },
			end: { date: '2026-03-12' },
		});
	});

	it('can turn an all-day event into one with a time of day', async () => {
		const { host, eventId, items } = await change(
			{ summary: 'Trip', isAllDay: true, start: { date: '2026-03-10' }, end: { date: '2026-03-12' } },
			{
				updateFields: {
					allDay: false,
					start: '2026-03-10T09:00:00',
					end: '2026-03-10T10:00:00',
					timeZone: { __rl: true, mode: 'list', value: 'Europe/Berlin' },
				},
			},
		);
		const times = {
			start: { dateTime: '2026-03-10T09:00:00+01:00', timeZone: 'Europe/Berlin' },
			end: { dateTime: '2026-03-10T10:00:00+01:00', timeZone: 'Europe/Berlin' },
		};
		expect(await requestsOf(desk())).toEqual([
			writing('PUT', eventPath(host, eventId), { id: eventId, isAllDay: false, ...times }),
		]);
		expect(items).toMatchObject([
			{ start: '2026-03-10T09:00:00+01:00', end: '2026-03-10T10:00:00+01:00', timeZone: 'Europe/Berlin' },
		]);
		expect(await rememberedEvent(desk(), eventId)).toMatchObject({ isAllDay: false, ...times });
	});

	it('moves a single occurrence of a series and leaves the others', async () => {
		const [host] = desk().people;
		const series = plant(desk(), host, { recurrence: RULE });
		const { items: dates } = await desk().runWorkflow('event.getInstances', [
			{ person: host.unionId, eventId: series, from: '2026-03-01', to: '2026-04-01', limit: 50 },
		]);
		const [, second] = dates.map(({ id }) => String(id));
		await desk().recorder.clear();
		const { items } = await desk().runWorkflow('event.update', [
			{
				organizer: host.unionId,
				eventId: second,
				title: 'Later',
				start: '2026-03-11T10:00:00',
				end: '2026-03-11T11:00:00',
			},
		]);
		expect(await requestsOf(desk())).toEqual([
			writing('PUT', eventPath(host, second), { id: second, summary: 'Later', ...hour(11, 10) }),
		]);
		expect(items).toMatchObject([{ id: second, summary: 'Later', start: '2026-03-11T10:00:00+08:00' }]);
		const event = await rememberedEvent(desk(), series);
		expect(event.summary).toBe('Planted');
		expect(event.exceptions).toMatchObject([{ id: second, summary: 'Later', ...hour(11, 10) }]);
	});
});

describe('updating the attendees of an event', () => {
	const invitation = ({ unionId }: Person, isOptional = false) => ({ id: unionId, isOptional });

	/** Plants an event with anna as required and ben as optional attendee, and returns two people who are not invited. */
	function invited() {
		const [host, anna, ben, carl, dora] = desk().people;
		const eventId = plant(desk(), host, { attendees: [invitation(anna), invitation(ben, true)] });
		return { host, anna, ben, carl, dora, eventId, path: eventPath(host, eventId) };
	}

	it('adds attendees', async () => {
		const { host, anna, ben, carl, dora, eventId, path } = invited();
		const { items } = await desk().runWorkflow('event.update.attendees', [
			{ organizer: host.unionId, eventId, mode: 'add', people: carl.unionId, optional: [dora.unionId] },
		]);
		expect(await requestsOf(desk())).toEqual([
			writing('POST', `${path}/attendees`, { attendeesToAdd: [invitation(carl), invitation(dora, true)] }),
		]);
		expect(items).toEqual([{ id: eventId, added: [carl.unionId, dora.unionId], removed: [] }]);
		expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual(
			[anna, ben, carl, dora].map(({ unionId }) => unionId),
		);
	});

	const GUEST = 'Guest@partner.example';

	it.each(['replace', 'merge'])(
		'adds an e-mail address outside the directory, whether an update replaces the attendees or not (%s)',
		async (attendeesInUpdate) => {
			await desk().control('switches', { attendeesInUpdate });
			const { host, anna, ben, carl, eventId, path } = invited();
			const { items, run } = await desk().runWorkflow('event.update.attendees', [
				{ organizer: host.unionId, eventId, mode: 'add', people: `${carl.email}, ${GUEST}`, optional: [] },
			]);
			const writes = (await requestsOf(desk())).filter(
				(request) => request.method !== 'GET' && request.path.startsWith('/v1.0/calendar'),
			);
			expect(writes).toEqual([
				writing('POST', `${path}/attendees`, { attendeesToAdd: [invitation(carl)] }),
				writing('PUT', path, {
					id: eventId,
					attendees: [
						invitation(host),
						invitation(anna),
						invitation(ben, true),
						invitation(carl),
						{ email: GUEST, isOptional: false },
					],
				}),
			]);
			expect(items).toMatchObject([
				{ attendees: [...[host, anna, ben, carl].map(person), `${GUEST} <${GUEST}>`].join(', ') },
			]);
			expect(hintsOf(run, 'DingTalk Calendar').map(({ message }) => message)).toContainEqual(
				expect.stringContaining(`No one in your directory has '${GUEST}'`),
			);
			expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual([
				anna.unionId,
				ben.unionId,
				carl.unionId,
				GUEST,
			]);
		},
	);

	it.each(['remove', 'replace'])('refuses an e-mail address outside the directory to %s', async (mode) => {
		const { host, eventId } = invited();
		const { run } = await desk().runWorkflow('event.update.attendees', [
			{ organizer: host.unionId, eventId, mode, people: GUEST, optional: [] },
		]);
		expect(errorOf(run)?.message).toContain(
			`'Attendees' cannot be used: no one visible to your DingTalk app has the e-mail address '${GUEST}'`,
		);
		expect((await requestsOf(desk())).filter(({ path }) => path.startsWith('/v1.0/calendar'))).toEqual([]);
	});

	it('invites no one by e-mail address to an event with too many attendees for one update', async () => {
		const { host, eventId } = invited();
		const crowd = hire(desk(), 497).map(({ unionId }) => unionId);
		const { run } = await desk().runWorkflow('event.update.attendees', [
			{ organizer: host.unionId, eventId, mode: 'add', people: [...crowd, GUEST], optional: [] },
		]);
		expect(errorOf(run)?.message).toContain(
			'people outside the directory cannot be invited to an event with 500 attendees. Done: add 497 people.',
		);
	});

	it('removes attendees', async () => {
		const { host, anna, ben, eventId, path } = invited();
		const { items } = await desk().runWorkflow('event.update.attendees', [
			{ organizer: host.unionId, eventId, mode: 'remove', people: anna.unionId },
		]);
		expect(await requestsOf(desk())).toEqual([
			writing('POST', `${path}/attendees/batchRemove`, { attendeesToRemove: [{ id: anna.unionId }] }),
		]);
		expect(items).toEqual([{ id: eventId, added: [], removed: [anna.unionId] }]);
		expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual([ben.unionId]);
	});

	it.each([true, false])(
		'replaces attendees with the fewest calls (organizer listed as attendee: %s)',
		async (organizerAmongAttendees) => {
			await desk().control('switches', { organizerAmongAttendees });
			const { host, anna, ben, carl, eventId, path } = invited();
			const { items } = await desk().runWorkflow('event.update.attendees', [
				{ organizer: host.unionId, eventId, mode: 'replace', people: [host.unionId, anna.unionId, carl.unionId] },
			]);
			expect(await requestsOf(desk())).toEqual([
				reading(`${path}/attendees`, { maxResults: '500' }),
				writing('POST', `${path}/attendees/batchRemove`, { attendeesToRemove: [{ id: ben.unionId }] }),
				writing('POST', `${path}/attendees`, { attendeesToAdd: [invitation(carl)] }),
			]);
			expect(items).toEqual([{ id: eventId, added: [carl.unionId], removed: [ben.unionId] }]);
			expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual([anna.unionId, carl.unionId]);
		},
	);

	it('removes and re-adds attendees who change between required and optional', async () => {
		const { host, anna, ben, eventId, path } = invited();
		await desk().runWorkflow('event.update.attendees', [
			{ organizer: host.unionId, eventId, mode: 'replace', people: [anna.unionId, ben.unionId] },
		]);
		expect(await requestsOf(desk())).toEqual([
			reading(`${path}/attendees`, { maxResults: '500' }),
			writing('POST', `${path}/attendees/batchRemove`, { attendeesToRemove: [{ id: ben.unionId }] }),
			writing('POST', `${path}/attendees`, { attendeesToAdd: [invitation(ben)] }),
		]);
	});

	it('writes nothing when the list already matches', async () => {
		const { host, anna, ben, eventId, path } = invited();
		const { items } = await desk().runWorkflow('event.update.attendees', [
			{ organizer: host.unionId, eventId, mode: 'replace', people: anna.unionId, optional: ben.unionId },
		]);
		expect(await requestsOf(desk())).toEqual([reading(`${path}/attendees`, { maxResults: '500' })]);
		expect(items).toEqual([{ id: eventId, added: [], removed: [] }]);
	});

	it('clears all attendees except the organizer', async () => {
		const { host, anna, ben, eventId, path } = invited();
		const { items } = await desk().runNode({
			parameters: update({ clearFields: ['attendees'] }),
			items: [{ organizer: host.unionId, eventId }],
		});
		expect(await requestsOf(desk())).toEqual([
			reading(`${path}/attendees`, { maxResults: '500' }),
			writing('POST', `${path}/attendees/batchRemove`, {
				attendeesToRemove: [{ id: anna.unionId }, { id: ben.unionId }],
			}),
		]);
		expect(items).toEqual([{ id: eventId, added: [], removed: [anna.unionId, ben.unionId] }]);
		expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual([]);
	});

	it.each(['add', 'replace'])('sends no notifications to attendees when they are disabled (mode: %s)', async (mode) => {
		const { host, carl, anna, ben, eventId, path } = invited();
		await desk().runNode({
			parameters: update({
				updateFields: {
					attendeeChange: { change: { mode, attendees: '={{ $json.people }}', optionalAttendees: ben.unionId } },
					sendChatCard: false,
					sendPushNotification: false,
				},
			}),
			items: [
				{ organizer: host.unionId, eventId, people: mode === 'add' ? carl.unionId : [anna.unionId, carl.unionId] },
			],
		});
		const attendeesToAdd = mode === 'add' ? [invitation(carl), invitation(ben, true)] : [invitation(carl)];
		const writes = (await requestsOf(desk())).filter(({ method }) => method !== 'GET');
		expect(writes).toEqual([
			writing('POST', `${path}/attendees`, { attendeesToAdd, pushNotification: false, chatNotification: false }),
		]);
	});

	it('changes attendees before the event so that the output includes them', async () => {
		const { host, anna, ben, carl, eventId, path } = invited();
		const { items } = await desk().runNode({
			parameters: update({
				updateFields: { summary: 'Bigger', attendeeChange: { change: { mode: 'add', attendees: carl.unionId } } },
			}),
			items: [{ organizer: host.unionId, eventId }],
		});
		expect(await requestsOf(desk())).toEqual([
			writing('POST', `${path}/attendees`, { attendeesToAdd: [invitation(carl)] }),
			writing('PUT', path, { id: eventId, summary: 'Bigger' }),
		]);
		expect(items).toMatchObject([{ summary: 'Bigger', attendees: [host, anna, ben, carl].map(person).join(', ') }]);
	});

	it('adds all attendees when adding fails midway and n8n retries the node', async () => {
		const { host, eventId } = invited();
		const crowd = hire(desk(), 600).map(({ unionId }) => unionId);
		await desk().control('faults', {
			match: { method: 'POST', path: '*/attendees', nth: 2 },
			do: 'status',
			status: 400,
			code: 'invalidParameter',
		});
		const { items } = await desk().runNode({
			parameters: update({
				updateFields: { attendeeChange: { change: { mode: 'replace', attendees: '={{ $json.people }}' } } },
			}),
			items: [{ organizer: host.unionId, eventId, people: crowd }],
			retryOnFail: true,
			maxTries: 2,
			waitBetweenTries: 1,
		});
		expect(items).toEqual([{ id: eventId, added: crowd.slice(500), removed: [] }]);
		expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual(crowd);
	});

	it('splits adding and removing many attendees into several calls', async () => {
		const { host, anna, ben, eventId } = invited();
		const crowd = hire(desk(), 600).map(({ unionId }) => unionId);
		await desk().runWorkflow('event.update.attendees', [
			{ organizer: host.unionId, eventId, mode: 'add', people: crowd },
		]);
		expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual([anna.unionId, ben.unionId, ...crowd]);
		await desk().runNode({
			parameters: update({ clearFields: ['attendees'] }),
			items: [{ organizer: host.unionId, eventId }],
		});
		expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual([]);
		const requests = await requestsOf(desk());
		expect(requests.map(({ method, path }) => `${method} ${path.split('/').at(-1) ?? ''}`)).toEqual([
			'POST attendees',
			'POST attendees',
			'GET attendees',
			'GET attendees',
			'POST batchRemove',
			'POST batchRemove',
		]);
	});
});

describe('losing the response to an update', () => {
	it('retries with the same idempotency key and updates once', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		await desk().control('faults', { match: { method: 'PUT', nth: 1 }, do: 'dropAfterCommit' });
		const { items } = await desk().runWorkflow('event.update', [{ organizer: host.unionId, eventId, title: 'Once' }]);
		const calls = await callsOf(desk());
		expect(calls.map(({ replayed }) => replayed)).toEqual([false, true]);
		expect(new Set(calls.map(clientToken)).size).toBe(1);
		expect(items).toMatchObject([{ id: eventId, summary: 'Once' }]);
		expect(await remembered(desk())).toMatchObject([{ summary: 'Once' }]);
	});
});
