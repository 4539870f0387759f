/** Tests the Event operation 'Get Many' on the n8n engine. */
import { DateTime } from 'luxon';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { errorOf } from './harness';
import { calendarPath, callsOf, hour, lookingUp, person, plant, reading, requestsOf } from './support/events';
import { useDesk } from './support/setup';

const desk = useDesk();

const list = (parameters: INodeParameters): INodeParameters => ({
	resource: 'event',
	operation: 'getAll',
	user: desk().people[0].unionId,
	timeMin: '2026-03-01',
	timeMax: '2026-04-01',
	...parameters,
});

const MARCH = { timeMin: '2026-03-01T00:00:00+08:00', timeMax: '2026-04-01T00:00:00+08:00' };

/** Plants this many events of one person, ten minutes apart, and returns their titles in order. */
function plantMany(count: number): string[] {
	const [host] = desk().people;
	const first = DateTime.fromISO('2026-03-02T00:00:00', { zone: 'Asia/Shanghai' });
	const titles = Array.from({ length: count }, (_, i) => `Event ${i}`);
	titles.forEach((summary, i) => {
		const at = (minutes: number) => ({
			dateTime: first.plus({ minutes }).toFormat("yyyy-MM-dd'T'HH:mm:ssZZ"),
			timeZone: 'Asia/Shanghai',
		});
		plant(desk(), host, { summary, start: at(i * 10), end: at(i * 10 + 5) });
	});
	return titles;
}

const sizes = async () => (await requestsOf(desk())).map(({ query }) => (query as IDataObject).maxResults);

describe('listing events', () => {
	it('returns the calendar view of a week for each person, including occurrences of series', async () => {
		const [host, anna] = desk().people;
		const series = plant(desk(), host, {
			...hour(3, 9),
			summary: 'Stand-up',
			recurrence: { pattern: { type: 'daily', interval: 2 }, range: { type: 'noEnd' } },
		});
		const single = plant(desk(), anna, { ...hour(4, 15), summary: 'Lunch', attendees: [{ id: host.unionId }] });
		plant(desk(), host, { ...hour(9, 9), summary: 'Next week' });
		const { items, pairs } = await desk().runWorkflow('event.getAll', [
			{ person: host.unionId, from: '2026-03-02' },
			{ person: anna.unionId, from: '2026-03-02' },
		]);
		const shown = {
			status: 'confirmed',
			timeZone: 'Asia/Shanghai',
			location: null,
			onlineMeetingUrl: null,
			link: expect.stringContaining('detail?eventId='),
		};
		const standUp = (day: string) => ({
			...shown,
			id: expect.any(String),
			summary: 'Stand-up',
			repeats: 'every 2 days',
			seriesId: series,
			start: `2026-03-${day}T09:00:00+08:00`,
			end: `2026-03-${day}T10:00:00+08:00`,
			organizer: person(host),
			attendees: person(host),
		});
		const lunch = {
			...shown,
			id: single,
			summary: 'Lunch',
			seriesId: null,
			start: '2026-03-04T15:00:00+08:00',
			end: '2026-03-04T16:00:00+08:00',
			organizer: person(anna),
			attendees: [anna, host].map(person).join(', '),
		};
		expect(items).toEqual([standUp('03'), lunch, standUp('05'), standUp('07'), lunch]);
		expect(pairs).toEqual([0, 0, 0, 0, 1].map((item) => ({ item })));
		expect(new Set(items.map(({ id }) => id)).size).toBe(4);
		expect(items.map(({ id }) => id)).not.toContain(series);
		const week = { timeMin: '2026-03-02T00:00:00+08:00', timeMax: '2026-03-09T00:00:00+08:00', maxResults: '100' };
		expect(await requestsOf(desk())).toEqual([
			reading(`${calendarPath(host)}/eventsview`, week),
			reading(`${calendarPath(anna)}/eventsview`, week),
		]);
		expect(await desk().recorder.meteredCalls()).toHaveLength(2);
	});

	it('defaults to the next seven days in the time zone of the workflow', async () => {
		const { run } = await desk().runNode({
			parameters: { resource: 'event', operation: 'getAll', user: desk().people[0].unionId },
			timezone: 'America/New_York',
		});
		expect(errorOf(run)).toBeUndefined();
		const [{ query }] = await requestsOf(desk());
		const { timeMin, timeMax, maxResults } = query as Record<string, string>;
		const from = DateTime.fromISO(timeMin, { zone: 'America/New_York' });
		expect(from.toFormat('HH:mm:ss')).toBe('00:00:00');
		expect(DateTime.now().diff(from, 'hours').hours).toBeLessThan(26);
		expect(DateTime.fromISO(timeMax, { zone: 'America/New_York' }).toISO()).toBe(from.plus({ days: 7 }).toISO());
		expect(maxResults).toBe('50');
	});

	it('sends no time range when both ends are empty', async () => {
		await desk().runNode({ parameters: list({ timeMin: '', timeMax: '', limit: 5 }) });
		expect(await requestsOf(desk())).toEqual([
			reading(`${calendarPath(desk().people[0])}/eventsview`, { maxResults: '5' }),
		]);
	});

	it('returns raw events or the selected fields', async () => {
		plantMany(2);
		const raw = await desk().runNode({ parameters: list({ output: 'raw' }) });
		const [call] = await callsOf(desk());
		expect(raw.items).toEqual((call.response as { events: unknown }).events);
		const chosen = await desk().runNode({
			parameters: list({ output: 'selected', outputFields: ['summary', 'reminders'] }),
		});
		expect(chosen.items).toEqual([{ summary: 'Event 0' }, { summary: 'Event 1' }]);
	});

	it('returns nothing for an empty calendar', async () => {
		const { items, run } = await desk().runNode({ parameters: list({}) });
		expect(errorOf(run)).toBeUndefined();
		expect(items).toEqual([]);
	});

	it.each([
		['a To before From', { timeMin: '2026-03-02', timeMax: '2026-03-01' }, "'To' is before 'From' [Item 0]"],
		[
			'a range of more than a year for stored events',
			{ view: 'stored', timeMin: '2026-03-01', timeMax: '2027-03-03' },
			"'To' is more than a year after 'From' [Item 0]",
		],
		[
			'a limit of zero',
			{ limit: 0 },
			`'Limit' must be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}, not 0 [Item 0]`,
		],
	])('rejects %s before any call', async (_, parameters, message) => {
		const { run } = await desk().runNode({ parameters: list(parameters) });
		expect(errorOf(run)?.message).toBe(message);
		expect(await callsOf(desk())).toEqual([]);
	});
});

describe('paging through events', () => {
	const read = async (parameters: INodeParameters) =>
		(
			await desk().runNode({ parameters: list({ output: 'selected', outputFields: ['summary'], ...parameters }) })
		).items.map(({ summary }) => summary);

	it.each([
		['null', 'never', 3],
		['absent', 'never', 3],
		['empty', 'never', 3],
		['null', 'sometimes', 4],
		['absent', 'sometimes', 4],
	])(
		'reads all pages when the last page token is %s and pages are empty %s',
		async (lastPageToken, emptyPages, calls) => {
			await desk().control('switches', { lastPageToken, emptyPages });
			const titles = plantMany(230);
			expect(await read({ returnAll: true })).toEqual(titles);
			expect(await sizes()).toEqual(Array(calls).fill('100'));
		},
	);

	it.each([
		[1, ['1']],
		[99, ['99']],
		[100, ['100']],
		[101, ['100', '100']],
		[230, ['100', '100', '100']],
		[500, ['100', '100', '100']],
	])('requests no more pages than a limit of %i needs', async (limit, expected) => {
		const titles = plantMany(230);
		expect(await read({ limit })).toEqual(titles.slice(0, limit));
		expect(await sizes()).toEqual(expected);
	});

	it('continues past empty pages until the limit is reached', async () => {
		await desk().control('switches', { emptyPages: 'sometimes' });
		const titles = plantMany(230);
		expect(await read({ limit: 130 })).toEqual(titles.slice(0, 130));
		expect(await sizes()).toEqual(['100', '100', '100']);
	});

	it('keeps pages large while filtering in n8n and stops once enough events are found', async () => {
		plantMany(230);
		expect(await read({ limit: 2, filters: { title: 'EVENT 15' } })).toEqual(['Event 15', 'Event 150']);
		expect(await sizes()).toEqual(['100', '100']);
	});

	it('also reads events created by others, including a day with more than a hundred events', async () => {
		const [host, ...others] = desk().people;
		const organizers = others.slice(0, 3);
		for (const organizer of organizers) {
			const event = { ...hour(3, 10), summary: organizer.name, attendees: [{ id: host.unionId }] };
			for (let i = 0; i < 40; i++) plant(desk(), organizer, event);
		}
		const summaries = await read({ returnAll: true });
		expect(summaries.sort()).toEqual(organizers.flatMap(({ name }) => Array<string>(40).fill(name)).sort());
	});
});

describe('filtering the calendar view', () => {
	/** Plants three events in the host's calendar, one of them a series. */
	function calendar() {
		const [host, anna, ben] = desk().people;
		const guest = [{ id: host.unionId }];
		plant(desk(), host, { ...hour(3, 9), summary: 'Own meeting' });
		const invited = plant(desk(), anna, { ...hour(4, 9), summary: "Anna's MEETING", attendees: guest });
		const series = plant(desk(), ben, {
			...hour(5, 9),
			summary: 'Lunch',
			attendees: guest,
			recurrence: { pattern: { type: 'daily', interval: 1 }, range: { type: 'numbered', numberOfOccurrences: 2 } },
		});
		return { host, anna, ben, invited, series };
	}
	const found = async (filters: IDataObject) => {
		const { items, run } = await desk().runWorkflow('event.getAll.filters', [
			{ person: desk().people[0].unionId, limit: 50, ...filters },
		]);
		expect(errorOf(run)).toBeUndefined();
		return items.map(({ summary }) => summary);
	};

	it('ignores empty filters and then requests no large pages', async () => {
		const { host } = calendar();
		const empty = { organizer: '', response: [], series: '', status: '', title: '' };
		expect(await found(empty)).toEqual(['Own meeting', "Anna's MEETING", 'Lunch', 'Lunch']);
		expect(await requestsOf(desk())).toEqual([
			reading(`${calendarPath(host)}/eventsview`, { ...MARCH, maxResults: '50' }),
		]);
	});

	it('keeps events organized by any of several people, whichever identifier is given', async () => {
		const { host, anna, ben } = calendar();
		expect(await found({ organizer: `${anna.unionId}、${ben.mobile}` })).toEqual(["Anna's MEETING", 'Lunch', 'Lunch']);
		expect(await requestsOf(desk())).toEqual(
			expect.arrayContaining([
				lookingUp('getbymobile', { mobile: ben.mobile }),
				lookingUp('get', { userid: ben.userId }),
				reading(`${calendarPath(host)}/eventsview`, { ...MARCH, maxResults: '100' }),
			]),
		);
		expect(await desk().recorder.meteredCalls()).toHaveLength(1);
	});

	it('keeps events with the selected response of the person', async () => {
		const { host, invited } = calendar();
		await desk().runNode({
			parameters: {
				resource: 'response',
				operation: 'set',
				user: host.unionId,
				eventId: invited,
				responseStatus: 'declined',
			},
		});
		expect(await found({ response: ['declined', 'accepted'] })).toEqual(['Own meeting', "Anna's MEETING"]);
		expect(await found({ response: 'needsAction' })).toEqual(['Lunch', 'Lunch']);
	});

	it('keeps events whose title contains a text, ignoring case', async () => {
		calendar();
		expect(await found({ title: ' meeting ' })).toEqual(['Own meeting', "Anna's MEETING"]);
	});

	it('keeps events of one series', async () => {
		const { series } = calendar();
		expect(await found({ series })).toEqual(['Lunch', 'Lunch']);
		const [{ query }] = await requestsOf(desk());
		expect(query).toEqual({ ...MARCH, maxResults: '100' });
	});

	it('keeps events that are not cancelled', async () => {
		calendar();
		expect(await found({ status: 'confirmed' })).toHaveLength(4);
		expect(await found({ status: 'cancelled' })).toEqual([]);
	});

	it('keeps only events that match all filters', async () => {
		const { anna } = calendar();
		expect(await found({ organizer: anna.unionId, title: 'meeting', response: 'needsAction' })).toEqual([
			"Anna's MEETING",
		]);
		expect(await found({ organizer: anna.unionId, title: 'lunch' })).toEqual([]);
	});
});

describe('listing stored events', () => {
	/** Plants a single event, a deleted one, and a series that began on the previous Saturday. */
	async function stored() {
		const [host] = desk().people;
		const kept = plant(desk(), host, { ...hour(3, 9), summary: 'Kept' });
		const deleted = plant(desk(), host, { ...hour(3, 11), summary: 'Deleted' });
		const series = plant(desk(), host, {
			start: { dateTime: '2026-02-28T09:00:00+08:00', timeZone: 'Asia/Shanghai' },
			end: { dateTime: '2026-02-28T10:00:00+08:00', timeZone: 'Asia/Shanghai' },
			summary: 'Series',
			recurrence: { pattern: { type: 'daily', interval: 1 }, range: { type: 'noEnd' } },
		});
		await desk().runWorkflow('event.delete', [{ person: host.unionId, eventId: deleted }]);
		await desk().recorder.clear();
		return { host, kept, deleted, series };
	}
	const window = { from: '2026-02-27', to: '2026-03-08' };
	const query = { timeMin: '2026-02-27T00:00:00+08:00', timeMax: '2026-03-08T00:00:00+08:00', maxResults: '100' };

	it('returns single events and the occurrences of a series that have begun', async () => {
		const { host } = await stored();
		const { items } = await desk().runWorkflow('event.getAll.stored', [{ person: host.unionId, ...window }]);
		expect(items.map(({ summary, start }) => [summary, start])).toEqual([
			['Series', '2026-02-28T09:00:00+08:00'],
			['Series', '2026-03-01T09:00:00+08:00'],
			['Kept', '2026-03-03T09:00:00+08:00'],
		]);
		expect(await requestsOf(desk())).toEqual([reading(`${calendarPath(host)}/events`, query)]);
	});

	it('includes deleted events as cancelled when requested', async () => {
		const { host, kept, deleted } = await stored();
		const { items } = await desk().runWorkflow('event.getAll.stored', [
			{ person: host.unionId, ...window, showDeleted: true },
		]);
		expect(await requestsOf(desk())).toEqual([
			reading(`${calendarPath(host)}/events`, { ...query, showDeleted: 'true' }),
		]);
		expect(items.slice(2).map(({ id, status }) => [id, status])).toEqual([
			[kept, 'confirmed'],
			[deleted, 'cancelled'],
		]);
	});

	it('can return only deleted events', async () => {
		const { host, deleted } = await stored();
		const { items } = await desk().runNode({
			parameters: list({
				user: host.unionId,
				view: 'stored',
				output: 'selected',
				outputFields: ['id'],
				filters: { showDeleted: true, status: 'cancelled' },
			}),
		});
		expect(items).toEqual([{ id: deleted }]);
	});

	it('omits deleted events when the option is explicitly disabled', async () => {
		const { host } = await stored();
		await desk().runWorkflow('event.getAll.stored', [{ person: host.unionId, ...window, showDeleted: false }]);
		expect(await requestsOf(desk())).toEqual([
			reading(`${calendarPath(host)}/events`, { ...query, showDeleted: 'false' }),
		]);
	});

	it('lets DingTalk filter by series', async () => {
		const { host, series } = await stored();
		const { items } = await desk().runWorkflow('event.getAll.stored', [{ person: host.unionId, ...window, series }]);
		expect(await requestsOf(desk())).toEqual([
			reading(`${calendarPath(host)}/events`, { ...query, seriesMasterId: series }),
		]);
		expect(items.map(({ summary }) => summary)).toEqual(['Series', 'Series']);
	});
});
