/** Tests the Event operations 'Get' and 'Get Occurrences' on the n8n engine. */
import type { IDataObject } from 'n8n-workflow';

import { errorOf } from './harness';
import { callsOf, eventPath, hour, person, plant, reading, requestsOf } from './support/events';
import { useDesk } from './support/setup';

const desk = useDesk();

const DAILY = { pattern: { type: 'daily', interval: 1 }, range: { type: 'numbered', numberOfOccurrences: 99 } };

describe('getting an event', () => {
	it('returns ten flat fields in the time zone of the workflow', async () => {
		const [host, anna] = desk().people;
		const timed = plant(desk(), host, {
			...hour(3, 10),
			summary: 'Review',
			location: { displayName: 'Hall' },
			attendees: [{ id: anna.unionId }],
			onlineMeetingInfo: { type: 'dingtalk' },
		});
		const allDay = plant(desk(), host, {
			summary: 'Trip',
			isAllDay: true,
			start: { date: '2026-03-04' },
			end: { date: '2026-03-06' },
		});
		const { items, pairs } = await desk().runWorkflow('event.get', [
			{ person: anna.unionId, eventId: timed },
			{ person: host.mobile, eventId: allDay },
		]);
		expect(items).toEqual([
			{
				id: timed,
				summary: 'Review',
				status: 'confirmed',
				start: '2026-03-03T10:00:00+08:00',
				end: '2026-03-03T11:00:00+08:00',
				timeZone: 'Asia/Shanghai',
				location: 'Hall',
				organizer: person(host),
				attendees: [host, anna].map(person).join(', '),
				onlineMeetingUrl: expect.stringMatching(/^https:/),
				seriesId: null,
				link: null,
			},
			{
				id: allDay,
				summary: 'Trip',
				status: 'confirmed',
				start: '2026-03-04',
				end: '2026-03-05',
				timeZone: null,
				location: null,
				organizer: person(host),
				attendees: person(host),
				onlineMeetingUrl: null,
				seriesId: null,
				link: null,
			},
		]);
		expect(pairs).toEqual([{ item: 0 }, { item: 1 }]);
		const metered = await desk().recorder.meteredCalls();
		expect(metered.map(({ path, query }) => [path, query])).toEqual([
			[eventPath(anna, timed), {}],
			[eventPath(host, allDay), {}],
		]);
	});

	it('returns times in the time zone of the workflow, not of the event', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host, hour(3, 10));
		const { items } = await desk().runNode({
			parameters: { resource: 'event', operation: 'get', user: host.unionId, eventId },
			timezone: 'America/New_York',
		});
		expect(items).toMatchObject([
			{ start: '2026-03-02T21:00:00-05:00', end: '2026-03-02T22:00:00-05:00', timeZone: 'America/New_York' },
		]);
	});

	it('returns the selected fields with the requested number of attendees', async () => {
		const [host, ...guests] = desk().people.slice(0, 5);
		const eventId = plant(desk(), host, {
			recurrence: DAILY,
			attendees: guests.map(({ unionId }) => ({ id: unionId })),
		});
		const { items } = await desk().runWorkflow('event.get.selected', [{ person: host.unionId, eventId }]);
		expect(await requestsOf(desk())).toEqual([reading(eventPath(host, eventId), { maxAttendees: '2' })]);
		expect(items).toEqual([
			{
				id: eventId,
				summary: 'Planted',
				seriesMasterId: eventId,
				attendees: [
					{ id: host.unionId, displayName: host.name, responseStatus: 'accepted', self: true, isOptional: false },
					{
						id: guests[0].unionId,
						displayName: guests[0].name,
						responseStatus: 'needsAction',
						self: false,
						isOptional: false,
					},
				],
			},
		]);
	});

	it('returns the raw event as DingTalk sends it, including a single occurrence', async () => {
		const [host] = desk().people;
		const series = plant(desk(), host, { recurrence: DAILY });
		const { items: dates } = await desk().runWorkflow('event.getInstances', [
			{ person: host.unionId, eventId: series, from: '2026-03-05', to: '2026-03-06', limit: 1 },
		]);
		await desk().recorder.clear();
		const { items } = await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'get',
				user: host.unionId,
				eventId: String(dates[0].id),
				output: 'raw',
			},
		});
		const [call] = await callsOf(desk());
		expect(items).toEqual([call.response]);
		expect(items[0]).toMatchObject({
			seriesMasterId: series,
			originStart: { dateTime: expect.stringMatching(/^2026-03-0/) },
		});
	});

	it.each([
		['instanceNotExist', 'This event or occurrence no longer exists; it may have been deleted [Item 0]'],
		[
			'itemNotFound',
			'There is no such event in this calendar; it may have been deleted, or it belongs to someone else [Item 0]',
		],
	])('reports a deleted event when DingTalk answers %s', async (getDeleted, message) => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		await desk().runWorkflow('event.delete', [{ person: host.unionId, eventId }]);
		await desk().control('switches', { getDeleted });
		const { run } = await desk().runWorkflow('event.get', [{ person: host.unionId, eventId }]);
		expect(errorOf(run)?.message).toBe(message);
	});

	it('returns a deleted event as cancelled when DingTalk still has it', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		await desk().runWorkflow('event.delete', [{ person: host.unionId, eventId }]);
		await desk().control('switches', { getDeleted: 'cancelledEvent' });
		const { items } = await desk().runWorkflow('event.get', [{ person: host.unionId, eventId }]);
		expect(items).toMatchObject([{ id: eventId, status: 'cancelled' }]);
	});
});

describe('using an event ID that needs URL encoding', () => {
	const OPERATIONS = [
		['event.get', 'GET', ''],
		['event.getInstances', 'GET', '/instances'],
		['event.update', 'PUT', ''],
		['event.delete', 'DELETE', ''],
		['event.cancel', 'POST', '/cancel'],
		['event.transfer', 'POST', '/transfer'],
	] as const;

	it.each(OPERATIONS)('sends it as one path segment in %s', async (workflow, method, suffix) => {
		const [host, anna] = desk().people;
		const item = { person: host.unionId, organizer: host.unionId, newOrganizer: anna.unionId, title: 'x', limit: 1 };
		for (const eventId of ['a/b+c=d', 'what?x=1#y', '100%/日程 1']) {
			await desk().recorder.clear();
			const { run } = await desk().runWorkflow(workflow, [{ ...item, eventId }]);
			expect(errorOf(run)?.message).toContain('There is no such event in this calendar');
			expect(await requestsOf(desk())).toMatchObject([{ method, path: `${eventPath(host, eventId)}${suffix}` }]);
		}
	});

	it('works from creating to deleting a series', async () => {
		await desk().control('switches', { eventIds: 'awkward' });
		const [host] = desk().people;
		const rule = { frequency: 'daily', interval: 1, ends: 'after', occurrences: 3 };
		const { items: created } = await desk().runWorkflow('event.create.series', [
			{ organizer: host.unionId, start: '2026-03-03T10:00', end: '2026-03-03T11:00', allDay: false, rule },
		]);
		const eventId = String(created[0].id);
		expect(eventId).toMatch(/[/+=]/);
		const item = { person: host.unionId, organizer: host.unionId, eventId };
		const { items: dates } = await desk().runWorkflow('event.getInstances', [
			{ ...item, from: '2026-03-01', to: '2026-04-01', limit: 50 },
		]);
		expect(dates).toHaveLength(3);
		const second = String(dates[1].id);
		expect(second).toMatch(/[/+=]/);
		await desk().runWorkflow('event.update', [{ ...item, eventId: second, title: 'Moved' }]);
		expect((await desk().runWorkflow('event.get', [{ ...item, eventId: second }])).items).toMatchObject([
			{ summary: 'Moved' },
		]);
		await desk().runWorkflow('event.delete', [item]);
		const { items: left } = await desk().runWorkflow('event.getAll', [{ person: host.unionId, from: '2026-03-02' }]);
		expect(left).toEqual([]);
	});
});

describe('listing the occurrences of a series', () => {
	const all = { from: '2026-03-01', to: '2026-12-31' };

	it('uses the fewest calls for a limit', async () => {
		const [host] = desk().people;
		const endless = plant(desk(), host, { recurrence: { ...DAILY, range: { type: 'noEnd' } } });
		const item = { person: host.unionId, eventId: endless, ...all };
		const { items, pairs } = await desk().runWorkflow('event.getInstances', [
			{ ...item, limit: 3 },
			{ ...item, limit: 120 },
		]);
		expect(items).toHaveLength(123);
		expect(items.slice(0, 3).map(({ start }) => start)).toEqual(
			[3, 4, 5].map((day) => `2026-03-0${day}T10:00:00+08:00`),
		);
		expect(items.at(-1)?.start).toBe('2026-06-30T10:00:00+08:00');
		expect(pairs).toEqual([...Array<IDataObject>(3).fill({ item: 0 }), ...Array<IDataObject>(120).fill({ item: 1 })]);
		const sizes = (await requestsOf(desk())).map(({ query }) => (query as IDataObject).maxResults);
		expect(sizes).toEqual(['3', '100', '100']);
	});

	it('returns all occurrences with Return All, however they are paged', async () => {
		await desk().control('switches', { emptyPages: 'sometimes', lastPageToken: 'empty' });
		const [host] = desk().people;
		const endless = plant(desk(), host, { recurrence: { ...DAILY, range: { type: 'noEnd' } } });
		const { items } = await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'getInstances',
				user: host.unionId,
				eventId: endless,
				timeMin: '2026-03-03',
				timeMax: '2026-10-01',
				returnAll: true,
			},
		});
		expect(items).toHaveLength(212);
		expect(new Set(items.map(({ start }) => start)).size).toBe(212);
	});

	it('returns nothing for an event that does not repeat', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		const { items, run } = await desk().runWorkflow('event.getInstances', [
			{ person: host.unionId, eventId, ...all, limit: 5 },
		]);
		expect(errorOf(run)).toBeUndefined();
		expect(items).toEqual([]);
		expect(await desk().recorder.meteredCalls()).toHaveLength(1);
	});

	it('returns dates for an all-day series', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host, {
			isAllDay: true,
			start: { date: '2026-03-03' },
			end: { date: '2026-03-05' },
			recurrence: { pattern: { type: 'weekly', interval: 1, daysOfWeek: 'tuesday' }, range: { type: 'noEnd' } },
		});
		const { items } = await desk().runWorkflow('event.getInstances', [
			{ person: host.unionId, eventId, ...all, limit: 2 },
		]);
		expect(items.map(({ start, end }) => [start, end])).toEqual([
			['2026-03-03', '2026-03-04'],
			['2026-03-10', '2026-03-11'],
		]);
	});
});
