/** Tests the Event operation 'Get Agenda' on the n8n engine. */
import { DateTime } from 'luxon';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { errorOf } from './harness';
import { calendarPath, callsOf, hour, plant, reading, requestsOf } from './support/events';
import { useDesk } from './support/setup';
import { meteredBy, reserve, roomsOf } from './support/state';

const desk = useDesk();

const agenda = async (parameters: INodeParameters, timezone = 'Asia/Shanghai'): Promise<IDataObject[]> => {
	const { run, items } = await desk().runNode({
		parameters: {
			resource: 'event',
			operation: 'getAgenda',
			user: desk().people[0].unionId,
			date: '2026-03-03',
			...parameters,
		},
		timezone,
	});
	expect(errorOf(run)).toBeUndefined();
	return items;
};

const titles = ({ events }: IDataObject): unknown[] => (events as IDataObject[]).map(({ summary }) => summary);

describe('getting the agenda of a day', () => {
	it('returns the events as data and as text with one call', async () => {
		const [host, anna] = desk().people;
		const eventId = plant(desk(), anna, {
			...hour(3, 14),
			summary: 'Review',
			location: { displayName: 'Hall' },
			attendees: [{ id: host.unionId }],
		});
		reserve(desk(), eventId, [roomsOf(desk())[0].roomId]);
		plant(desk(), host, {
			summary: 'Fair',
			isAllDay: true,
			start: { date: '2026-03-03' },
			end: { date: '2026-03-05' },
		});
		plant(desk(), host, { ...hour(4, 9), summary: 'Tomorrow' });
		const [day] = await agenda({});
		expect((await requestsOf(desk())).filter(({ path }) => path.startsWith('/v1.0/calendar'))).toEqual([
			reading(`${calendarPath(host)}/eventsview`, {
				timeMin: '2026-03-03T00:00:00+08:00',
				timeMax: '2026-03-04T00:00:00+08:00',
				maxResults: '100',
				maxAttendees: '100',
			}),
		]);
		expect(await meteredBy(desk())).toBe(1);
		expect(day).toEqual({
			title: `Agenda for ${host.name}`,
			people: [host.name],
			from: '2026-03-03T00:00:00+08:00',
			to: '2026-03-04T00:00:00+08:00',
			timeZone: 'Asia/Shanghai',
			count: 2,
			events: [
				expect.objectContaining({
					summary: 'Fair',
					start: '2026-03-03',
					end: '2026-03-04',
					allDay: true,
					response: 'accepted',
				}),
				{
					id: eventId,
					summary: 'Review',
					start: '2026-03-03T14:00:00+08:00',
					end: '2026-03-03T15:00:00+08:00',
					allDay: false,
					location: `Hall, ${roomsOf(desk())[0].roomName}`,
					organizer: `${anna.name} <${anna.unionId}>`,
					response: 'needsAction',
					people: [host.name],
					onlineMeetingUrl: null,
					seriesId: null,
					link: expect.stringContaining('detail?eventId='),
				},
			],
			free: [],
			html: expect.stringMatching(/<table.*14:00–15:00.*Review.*<\/table>/s),
			markdown: [
				`### Agenda for ${host.name}`,
				'',
				'**Tuesday 3 March**',
				'',
				'- All day Fair',
				`- 14:00–15:00 Review (Hall, ${roomsOf(desk())[0].roomName}; no response)`,
			].join('\n'),
			text: [
				`Agenda for ${host.name}`,
				'',
				'Tuesday 3 March',
				'  All day  Fair',
				`  14:00–15:00  Review (Hall, ${roomsOf(desk())[0].roomName}; no response)`,
			].join('\n'),
		});
	});

	it('includes occurrences of series and uses the selected time zone', async () => {
		const [host] = desk().people;
		plant(desk(), host, {
			...hour(1, 9),
			summary: 'Daily',
			recurrence: { pattern: { type: 'daily', interval: 1 }, range: { type: 'noEnd' } },
		});
		const [here] = await agenda({});
		expect(here.events).toMatchObject([{ summary: 'Daily', start: '2026-03-03T09:00:00+08:00' }]);
		const [there] = await agenda({ options: { timeZone: { __rl: true, mode: 'id', value: 'America/New_York' } } });
		expect(there.events).toMatchObject([{ start: '2026-03-03T20:00:00-05:00' }]);
		expect(there.markdown).toContain('- 20:00–21:00 Daily');
	});

	it('states that nothing is planned, and accepts a time as its day', async () => {
		const [day] = await agenda({ date: '2026-03-03T15:30', options: { language: 'zh', heading: '今日日程' } });
		expect(day).toMatchObject({
			title: '今日日程',
			count: 0,
			from: '2026-03-03T00:00:00+08:00',
			markdown: '### 今日日程\n\n**3月3日 周二**\n\n- 无日程',
		});
	});

	it.each([
		['2026-03-03T00:00:00.000Z', 'America/New_York'],
		['2026-03-03T00:00:00.000+08:00', 'America/New_York'],
		['2026-03-03 00:00:00+00', 'America/New_York'],
	])('takes midnight of another zone for its day: %s in %s', async (date, zone) => {
		const [day] = await agenda({ date }, zone);
		expect(day).toMatchObject({ from: '2026-03-03T00:00:00-05:00', to: '2026-03-04T00:00:00-05:00' });
	});

	it.each([
		['Africa/Cairo', '2026-04-24', '2026-04-24T01:00:00+03:00', '2026-04-25T00:00:00+03:00'],
		['Asia/Beirut', '2026-03-29', '2026-03-29T01:00:00+03:00', '2026-03-30T00:00:00+03:00'],
		['America/Santiago', '2026-09-06', '2026-09-06T01:00:00-03:00', '2026-09-07T00:00:00-03:00'],
	])('lists one day in %s on %s, when the clocks skip midnight', async (zone, date, from, to) => {
		for (const text of [date, `${date}T00:00:00`]) {
			const [day] = await agenda({ date: text }, zone);
			expect(day).toMatchObject({ from, to });
			expect(String(day.markdown).match(/\*\*.+\*\*/g)).toHaveLength(1);
		}
		const [custom] = await agenda({ period: 'custom', timeMin: `${date}T00:00:00`, timeMax: to }, zone);
		expect(custom).toMatchObject({ from, to });
	});

	it('marks today', async () => {
		const now = DateTime.now().setZone('Asia/Shanghai');
		const items = await agenda({
			period: 'custom',
			timeMin: now.minus({ days: 1 }).toISODate(),
			timeMax: now.plus({ days: 2 }).toISODate(),
		});
		// One of three days is today, even if midnight passes during the test.
		expect(String(items[0].text).match(/\(today\)/g)).toHaveLength(1);
	});

	it('omits declined events unless they are requested', async () => {
		const [host, anna] = desk().people;
		const eventId = plant(desk(), anna, { ...hour(3, 14), summary: 'Review', attendees: [{ id: host.unionId }] });
		const { run } = await desk().runNode({
			parameters: { resource: 'response', operation: 'set', user: host.unionId, eventId, responseStatus: 'declined' },
		});
		expect(errorOf(run)).toBeUndefined();
		expect(titles((await agenda({}))[0])).toEqual([]);
		expect((await agenda({ options: { withDeclined: true } }))[0].text).toContain('14:00–15:00  Review (declined)');
	});

	it('reads all pages', async () => {
		const [host] = desk().people;
		for (let i = 0; i < 101; i++) plant(desk(), host, { ...hour(3, 9), summary: `Event ${i}` });
		expect((await agenda({}))[0].count).toBe(101);
		expect(await meteredBy(desk())).toBe(2);
	});
});

describe('getting the agenda of several people', () => {
	it('lists a shared event once with its people, and the times when all of them are free', async () => {
		const [host, anna, ben] = desk().people;
		plant(desk(), host, { ...hour(3, 9), summary: 'Both', attendees: [{ id: anna.unionId }] });
		plant(desk(), ben, { ...hour(3, 13), summary: 'Own' });
		plant(desk(), ben, { ...hour(9, 13), summary: 'Next week' });
		const { items } = await desk().runWorkflow('event.getAgenda', [
			{ person: host.mobile, more: [anna.unionId, ben.unionId], date: '2026-03-03' },
		]);
		expect(items).toHaveLength(1);
		expect(await meteredBy(desk())).toBe(3);
		expect(items[0]).toMatchObject({
			people: [host.name, anna.name, ben.name],
			from: '2026-03-02T00:00:00+08:00',
			to: '2026-03-09T00:00:00+08:00',
			events: [
				{ summary: 'Both', people: [host.name, anna.name] },
				{ summary: 'Own', people: [ben.name] },
			],
		});
		const { text, free } = items[0] as { text: string; free: IDataObject[] };
		expect(text).toContain(
			[
				'Tuesday 3 March',
				`  09:00–10:00  Both (${host.name}, ${anna.name})`,
				'  10:00–12:00  Free',
				`  13:00–14:00  Own (${ben.name})`,
				'  14:00–18:00  Free',
				'',
			].join('\n'),
		);
		expect(text).toContain('Saturday 7 March\n  Nothing planned\n\nSunday');
		expect(free.slice(2, 4)).toEqual([
			{ start: '2026-03-03T10:00:00+08:00', end: '2026-03-03T12:00:00+08:00', minutes: 120 },
			{ start: '2026-03-03T14:00:00+08:00', end: '2026-03-03T18:00:00+08:00', minutes: 240 },
		]);
	});

	it('returns one agenda per person with the same calls', async () => {
		const [host, anna] = desk().people;
		plant(desk(), host, { ...hour(3, 9), summary: 'Both', attendees: [{ id: anna.unionId }] });
		const items = await agenda({ morePeople: `${anna.unionId}, ${anna.mobile}`, arrangement: 'perPerson' });
		expect(items.map(({ title, count }) => [title, count])).toEqual([
			[`Agenda for ${host.name}`, 1],
			[`Agenda for ${anna.name}`, 1],
		]);
		expect(await meteredBy(desk())).toBe(2);
		expect(items[0].text).not.toContain(`(${host.name}`);
	});

	it('shows no free time on holidays and states up to when holidays are known', async () => {
		const [holiday] = await agenda({ period: 'week', date: '2026-10-01', options: { showFree: true } });
		expect(new Set((holiday.free as IDataObject[]).map(({ start }) => String(start).slice(0, 10)))).toEqual(
			new Set(['2026-09-28', '2026-09-29', '2026-09-30']),
		);
		const [sunday] = await agenda({ period: 'week', date: '2026-03-03', options: { weekStart: 'sunday' } });
		expect(sunday.from).toBe('2026-03-01T00:00:00+08:00');
	});
});

describe('getting an agenda with invalid input', () => {
	it.each<[string, INodeParameters]>([
		["'Person' is empty", { user: "={{ '' }}" }],
		["'Date' is not a valid date and time: soon", { date: 'soon' }],
		["'Date' is empty", { date: "={{ '' }}" }],
		["'To' is not later than 'From'", { period: 'custom', timeMin: '2026-03-03', timeMax: '2026-03-03' }],
		["'To' is more than 62 days after 'From'", { period: 'custom', timeMin: '2026-03-03', timeMax: '2026-06-03' }],
		["'Period' has no option 'month'", { period: 'month' }],
		["'Arrangement' has no option 'table'", { arrangement: 'table' }],
		["'Language' has no option 'fr'", { options: { language: 'fr' } }],
		["'Week Starts On' has no option 'friday'", { period: 'week', options: { weekStart: 'friday' } }],
		["'Shortest Free Time (Minutes)' must be a whole number from 1 to 1440, not 0", { options: { shortestFree: 0 } }],
		["'Working Hours' is not a time range: all day", { workingTime: { hours: 'all day' } }],
	])('fails before any call: %s', async (message, parameters) => {
		const { run } = await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'getAgenda',
				user: desk().people[0].unionId,
				date: '2026-03-03',
				...parameters,
			},
		});
		expect(errorOf(run)?.message).toBe(`${message} [Item 0]`);
		expect(await callsOf(desk())).toEqual([]);
	});
});
