/** Tests how an agenda is built from events, and rendered as Markdown and plain text. */
import { DateTime, Interval } from 'luxon';

import {
	buildAgenda,
	type AgendaEvent,
	type AgendaOptions,
	type CalendarOwner,
} from '../../../lib/dingtalk/agenda/build';
import { renderAgenda, type RenderOptions } from '../../../lib/dingtalk/agenda/render';

const ANNA: CalendarOwner = { id: 'anna', name: 'Anna' };
const BEN: CalendarOwner = { id: 'ben', name: 'Ben' };

const window = (from: string, to: string, zone: string) =>
	Interval.fromDateTimes(DateTime.fromISO(from, { zone }), DateTime.fromISO(to, { zone })) as Interval<true>;

const timed = (id: string, start: string, end: string, more: AgendaEvent = {}): AgendaEvent => ({
	id,
	summary: id,
	start: { dateTime: start, timeZone: 'UTC' },
	end: { dateTime: end, timeZone: 'UTC' },
	...more,
});
const wholeDays = (id: string, start: string, end: string): AgendaEvent => ({
	id,
	summary: id,
	start: { date: start },
	end: { date: end },
});

const ids = (events: AgendaEvent[], terms: AgendaOptions) =>
	buildAgenda([{ owner: ANNA, events }], terms).map(({ date, entries }) => [
		date,
		...entries.map(({ event }) => event.id),
	]);

const WORK = {
	shifts: [{ from: 540, to: 1080 }],
	breaks: [{ from: 720, to: 780 }],
	days: new Set([1]),
	daysOff: new Set<string>(),
	extraWorkingDays: new Set<string>(),
	minutesOutside: 0,
};

describe('Building an agenda', () => {
	it('lists an event on each day that it touches, and none outside the window', () => {
		const terms = { window: window('2026-03-02', '2026-03-05', 'Asia/Shanghai'), includeDeclined: false };
		const events = [
			timed('night', '2026-03-02T22:00:00+08:00', '2026-03-03T02:00:00+08:00'),
			timed('until midnight', '2026-03-03T22:00:00+08:00', '2026-03-04T00:00:00+08:00'),
			wholeDays('fair', '2026-03-03', '2026-03-05'),
			wholeDays('day after', '2026-03-05', '2026-03-06'),
			wholeDays('day before', '2026-03-01', '2026-03-02'),
			timed('ends as it begins', '2026-03-01T22:00:00+08:00', '2026-03-02T00:00:00+08:00'),
			timed('moment', '2026-03-02T00:00:00+08:00', '2026-03-02T00:00:00+08:00'),
		];
		expect(ids(events, terms)).toEqual([
			['2026-03-02', 'moment', 'night'],
			['2026-03-03', 'fair', 'night', 'until midnight'],
			['2026-03-04', 'fair'],
		]);
	});

	it.each([
		['Africa/Cairo', '2026-04-24'],
		['Asia/Beirut', '2026-03-29'],
		['America/Santiago', '2026-09-06'],
	])('begins each day at its first moment where the clocks skip midnight (%s)', (zone, date) => {
		const day = DateTime.fromISO(`${date}T12:00`, { zone });
		const [before, after] = [-1, 1].map((days) => day.plus({ days }).toISODate() ?? '');
		const from = day.minus({ days: 1 }).startOf('day');
		const to = day.plus({ days: 2 }).startOf('day');
		const terms = { window: Interval.fromDateTimes(from, to) as Interval<true>, includeDeclined: false };
		const days = buildAgenda([{ owner: ANNA, events: [] }], terms);
		expect(days.map(({ span: [begin, end] }) => (end - begin) / 3_600_000)).toEqual([24, 23, 24]);
		const at = (text: string) => DateTime.fromISO(text, { zone }).toISO() ?? '';
		const events = [
			timed('early', at(`${after}T00:15`), at(`${after}T00:45`)),
			wholeDays('fair', date, after),
			wholeDays('next', after, day.plus({ days: 2 }).toISODate() ?? ''),
		];
		expect(ids(events, terms)).toEqual([[before], [date, 'fair'], [after, 'next', 'early']]);
	});

	it('does not take an event for busy that is shown as free', () => {
		const terms: AgendaOptions = {
			window: window('2026-03-02', '2026-03-03', 'Asia/Shanghai'),
			includeDeclined: false,
			freeTime: {
				workingTime: WORK,
				observesChineseHolidays: false,
				minLength: 60_000,
			},
		};
		const [busy, free] = ['busy', 'free'].map((freeBusyStatus) =>
			buildAgenda(
				[
					{
						owner: ANNA,
						events: [timed('one', '2026-03-02T01:00:00Z', '2026-03-02T02:00:00Z', { freeBusyStatus })],
					},
				],
				terms,
			)[0].free.reduce((sum, [from, to]) => sum + to - from, 0),
		);
		expect(free - busy).toBe(3_600_000);
	});

	it('follows local time, also on days with 23 and 25 hours', () => {
		const spring = { window: window('2026-03-07', '2026-03-10', 'America/New_York'), includeDeclined: false };
		expect(
			buildAgenda([{ owner: ANNA, events: [] }], spring).map(({ span: [from, to] }) => (to - from) / 3_600_000),
		).toEqual([24, 23, 24]);
		expect(ids([timed('late', '2026-03-09T03:30:00Z', '2026-03-09T04:30:00Z')], spring)).toEqual([
			['2026-03-07'],
			['2026-03-08', 'late'],
			['2026-03-09', 'late'],
		]);
		const autumn = { window: window('2026-11-01', '2026-11-02', 'America/New_York'), includeDeclined: false };
		expect(
			buildAgenda([{ owner: ANNA, events: [] }], autumn).map(({ span: [from, to] }) => (to - from) / 3_600_000),
		).toEqual([25]);
	});

	it('leaves out cancelled events, and events that the person declined unless requested', () => {
		const withResponse = (responseStatus: string) => ({ attendees: [{ id: 'anna', responseStatus }] });
		const events = [
			timed('cancelled', '2026-03-02T01:00:00Z', '2026-03-02T02:00:00Z', { status: 'cancelled' }),
			timed('declined', '2026-03-02T02:00:00Z', '2026-03-02T03:00:00Z', withResponse('declined')),
			timed('tentative', '2026-03-02T03:00:00Z', '2026-03-02T04:00:00Z', withResponse('tentative')),
			timed('declined by Ben', '2026-03-02T04:00:00Z', '2026-03-02T05:00:00Z', {
				attendees: [{ id: 'ben', responseStatus: 'declined' }],
			}),
		];
		const terms = { window: window('2026-03-02', '2026-03-03', 'UTC'), includeDeclined: false };
		expect(ids(events, terms)).toEqual([['2026-03-02', 'tentative', 'declined by Ben']]);
		expect(ids(events, { ...terms, includeDeclined: true })).toEqual([
			['2026-03-02', 'declined', 'tentative', 'declined by Ben'],
		]);
	});

	it('lists a shared event once, and free time in which all people are free', () => {
		const both = timed('both', '2026-03-02T10:00:00Z', '2026-03-02T11:00:00Z');
		const [monday, tuesday] = buildAgenda(
			[
				{
					owner: ANNA,
					events: [
						both,
						timed('declined', '2026-03-02T14:00:00Z', '2026-03-02T15:00:00Z', {
							attendees: [{ id: 'anna', responseStatus: 'declined' }],
						}),
					],
				},
				{ owner: BEN, events: [both, timed('own', '2026-03-02T15:20:00Z', '2026-03-02T18:30:00Z')] },
			],
			{
				window: window('2026-03-02', '2026-03-04', 'UTC'),
				includeDeclined: true,
				freeTime: { workingTime: WORK, observesChineseHolidays: false, minLength: 30 * 60_000 },
			},
		);
		expect(monday.entries.map(({ event, owners }) => [event.id, owners.map(({ owner }) => owner.name)])).toEqual([
			['both', ['Anna', 'Ben']],
			['declined', ['Anna']],
			['own', ['Ben']],
		]);
		const formatTime = (moment: number) => new Date(moment).toISOString().slice(11, 16);
		expect(monday.free.map(([from, to]) => [formatTime(from), formatTime(to)])).toEqual([
			['09:00', '10:00'],
			['11:00', '12:00'],
			['13:00', '15:20'],
		]);
		expect(tuesday.free).toEqual([]);
	});
});

describe('Rendering an agenda', () => {
	it.each([
		['Africa/Cairo', '2026-04-23'],
		['Asia/Beirut', '2026-03-28'],
		['America/Santiago', '2026-09-05'],
	])('ends a day at 24:00 where the clocks skip the midnight after it (%s)', (zone, date) => {
		const start = DateTime.fromISO(date, { zone });
		const terms = {
			window: Interval.fromDateTimes(start, start.plus({ days: 2 }).startOf('day')) as Interval<true>,
			includeDeclined: false,
		};
		const at = (text: string) => DateTime.fromISO(text, { zone }).toISO() ?? '';
		const next = start.plus({ days: 1 }).toISODate() ?? '';
		const events = [
			timed('night', at(`${date}T23:00`), at(`${next}T02:30`)),
			timed('late', at(`${date}T22:00`), start.plus({ days: 1 }).startOf('day').toISO() ?? ''),
		];
		const { text } = renderAgenda('Title', buildAgenda([{ owner: ANNA, events }], terms), {
			language: 'en',
			zone,
			now: 0,
			showOwners: false,
		});
		expect(text.split('\n').filter((line) => line.startsWith('  '))).toEqual([
			'  22:00–24:00  late',
			'  23:00–24:00  night',
			'  01:00–02:30  night',
		]);
	});

	const terms = { window: window('2026-03-02', '2026-03-04', 'Asia/Shanghai'), includeDeclined: true };
	const events = [
		wholeDays('Fair', '2026-03-02', '2026-03-03'),
		timed('Plan *B* [draft]\n<b>', '2026-03-02T10:00:00+08:00', '2026-03-02T11:00:00+08:00', {
			location: { displayName: 'Hall_1', meetingRooms: ['西湖厅'] },
			attendees: [{ id: 'anna', responseStatus: 'tentative' }],
		}),
		timed('', '2026-03-02T22:00:00+08:00', '2026-03-03T00:00:00+08:00', {
			attendees: [{ id: 'anna', responseStatus: 'declined' }],
		}),
	];
	const options: RenderOptions = {
		language: 'en',
		zone: 'Asia/Shanghai',
		now: Date.parse('2026-03-01T17:00:00Z'),
		showOwners: false,
	};
	const days = buildAgenda([{ owner: ANNA, events }], terms);

	it('marks today, lists days without events, and escapes Markdown in titles', () => {
		expect(renderAgenda('Agenda for Anna', days, options)).toEqual({
			markdown: [
				'### Agenda for Anna',
				'',
				'**Monday 2 March (today)**',
				'',
				'- All day Fair',
				'- 10:00–11:00 Plan \\*B\\* \\[draft\\] \\<b\\> (Hall\\_1, 西湖厅; tentative)',
				'- 22:00–24:00 (no title) (declined)',
				'',
				'**Tuesday 3 March**',
				'',
				'- Nothing planned',
			].join('\n'),
			text: [
				'Agenda for Anna',
				'',
				'Monday 2 March (today)',
				'  All day  Fair',
				'  10:00–11:00  Plan *B* [draft] <b> (Hall_1, 西湖厅; tentative)',
				'  22:00–24:00  (no title) (declined)',
				'',
				'Tuesday 3 March',
				'  Nothing planned',
			].join('\n'),
		});
	});

	it('renders in Chinese with the people of each event', () => {
		const { text } = renderAgenda('日程', days, {
			...options,
			language: 'zh',
			showOwners: true,
			now: Date.parse('2026-03-03T00:00:00+08:00'),
		});
		expect(text.split('\n').slice(2)).toEqual([
			'3月2日 周一',
			'  全天  Fair（Anna）',
			'  10:00–11:00  Plan *B* [draft] <b>（Hall_1、西湖厅；Anna；暂定）',
			'  22:00–24:00  （无标题）（Anna；已拒绝）',
			'',
			'3月3日 周二（今天）',
			'  无日程',
		]);
	});

	it('lists free time among the events in chronological order', () => {
		const day = {
			...days[1],
			free: [[days[1].span[0] + 9 * 3_600_000, days[1].span[0] + 18 * 3_600_000]] as Array<[number, number]>,
		};
		expect(renderAgenda('Tuesday', [day], options).text.split('\n').slice(3)).toEqual([
			'  Nothing planned',
			'  09:00–18:00  Free',
		]);
	});
});
