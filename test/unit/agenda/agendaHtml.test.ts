/** Tests the HTML table of an agenda: by day and person, escaped, free of scripts, light and dark. */
import { DateTime, Interval } from 'luxon';

import {
	buildAgenda,
	type AgendaEvent,
	type AgendaOptions,
	type CalendarOwner,
	type OwnedEvents,
} from '../../../lib/dingtalk/agenda/build';
import { renderAgendaHtml } from '../../../lib/dingtalk/agenda/renderHtml';

const ANNA: CalendarOwner = { id: 'anna', name: 'Anna' };
const BEN: CalendarOwner = { id: 'ben', name: 'Ben' };
const zone = 'Asia/Shanghai';

const window = Interval.fromDateTimes(
	DateTime.fromISO('2026-03-02', { zone }),
	DateTime.fromISO('2026-03-04', { zone }),
) as Interval<true>;

const timed = (summary: string, from: number, to: number, more: AgendaEvent = {}): AgendaEvent => ({
	id: summary,
	summary,
	start: { dateTime: `2026-03-02T${String(from).padStart(2, '0')}:00:00+08:00` },
	end: { dateTime: `2026-03-02T${String(to).padStart(2, '0')}:00:00+08:00` },
	...more,
});

const freeTime: AgendaOptions['freeTime'] = {
	workingTime: {
		shifts: [{ from: 540, to: 1080 }],
		breaks: [],
		days: new Set([1]),
		daysOff: new Set(),
		extraWorkingDays: new Set(),
		minutesOutside: 0,
	},
	observesChineseHolidays: false,
	minLength: 60_000,
};

function render(
	calendars: OwnedEvents[],
	{
		language = 'en',
		title = 'Week',
		...more
	}: { language?: 'en' | 'zh'; title?: string } & Partial<AgendaOptions> = {},
): string {
	const days = buildAgenda(calendars, { window, includeDeclined: true, ...more });
	const owners = calendars.map(({ owner }) => owner);
	return renderAgendaHtml(title, days, owners, { language, zone, now: Date.parse('2026-03-02T09:00:00+08:00') });
}

/** The text of each cell, row by row. */
const cellsOf = (html: string): string[][] =>
	[...html.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) =>
		[...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) =>
			cell
				.replace(/<br>/g, ' | ')
				.replace(/<\/div>(?=<)/g, ' / ')
				.replace(/<[^>]*>/g, ''),
		),
	);

describe('The HTML of an agenda', () => {
	const shared = timed('Review', 10, 11, {
		location: { displayName: 'Hall', meetingRooms: ['Room 3'] },
		attendees: [
			{ id: 'anna', responseStatus: 'accepted' },
			{ id: 'ben', responseStatus: 'tentative' },
		],
	});

	it('is a table with a row for each day and a column for each person', () => {
		const fair: AgendaEvent = {
			id: 'fair',
			summary: 'Fair',
			start: { date: '2026-03-03' },
			end: { date: '2026-03-04' },
		};
		const html = render([
			{ owner: ANNA, events: [shared, timed('Lunch', 12, 13)] },
			{ owner: BEN, events: [shared, fair] },
		]);
		expect(cellsOf(html)).toEqual([
			['Day', 'Anna', 'Ben'],
			[
				'Monday 2 March (today)',
				'10:00–11:00 Review | Hall, Room 3 / 12:00–13:00 Lunch',
				'10:00–11:00 Review | Hall, Room 3 · tentative',
			],
			['Tuesday 3 March', 'Nothing planned', 'All day Fair'],
		]);
	});

	it('shows free time between the events of one person, and under the day of several', () => {
		const one = render([{ owner: ANNA, events: [timed('Review', 10, 17)] }], { freeTime });
		expect(cellsOf(one)[1]).toEqual([
			'Monday 2 March (today)',
			'09:00–10:00 Free / 10:00–17:00 Review / 17:00–18:00 Free',
		]);
		const calendars = [
			{ owner: ANNA, events: [timed('Review', 10, 17)] },
			{ owner: BEN, events: [timed('Call', 9, 10)] },
		];
		expect(cellsOf(render(calendars, { freeTime }))[1]).toEqual([
			'Monday 2 March (today)17:00–18:00 Free',
			'10:00–17:00 Review',
			'09:00–10:00 Call',
		]);
	});

	it('begins a title that does not fit beside its time on a line of its own', () =>
		expect(render([{ owner: ANNA, events: [timed('每周例会', 10, 11)] }], { language: 'zh' })).toMatch(
			/<\/b> <span[^>]*display:inline-block[^>]*>每周例会<\/span>/,
		));

	it('strikes declined events out', () => {
		const declined = timed('Review', 10, 11, { attendees: [{ id: 'anna', responseStatus: 'declined' }] });
		expect(render([{ owner: ANNA, events: [declined] }])).toMatch(
			/line-through'?"[^>]*><b>10:00–11:00<\/b> <span[^>]*text-decoration:inherit[^>]*>Review/,
		);
	});

	it('is rendered in Chinese on request', () => {
		const html = render([{ owner: { id: 'anna', name: '林晓彤' }, events: [] }], { language: 'zh', title: '日程' });
		expect(html).toContain('lang="zh-CN"');
		expect(cellsOf(html)).toEqual([
			['日期', '林晓彤'],
			['3月2日 周一（今天）', '无日程'],
			['3月3日 周二', '无日程'],
		]);
	});

	it('escapes what other people wrote, wherever it stands', () => {
		const evil = `<script>alert("1")</script><img src=x onerror='a()'>&"'`;
		const html = render(
			[{ owner: { id: 'anna', name: evil }, events: [timed(evil, 10, 11, { location: { displayName: evil } })] }],
			{ title: evil },
		);
		const escaped =
			'&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&lt;img src=x onerror=&#39;a()&#39;&gt;&amp;&quot;&#39;';
		expect(html.split(escaped)).toHaveLength(5);
		const tags = [...html.matchAll(/<\/?([a-z0-9]+)/g)].map(([, tag]) => tag);
		expect(new Set(tags)).toEqual(
			new Set(['style', 'div', 'h2', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'b', 'br', 'span']),
		);
	});

	it('has no script, no image, no link and nothing to load', () => {
		const html = render([{ owner: ANNA, events: [shared] }], { freeTime });
		const attributes = new Set([...html.matchAll(/ ([a-z-]+)="/g)].map(([, name]) => name));
		expect(attributes).toEqual(new Set(['class', 'style', 'lang', 'scope']));
		expect(html).not.toMatch(/url\(|@import|https?:|javascript:/i);
	});

	it('has its light colors in place, and dark ones for readers who prefer them', () => {
		const html = render([{ owner: ANNA, events: [shared] }], { freeTime });
		expect(html).toMatch(/^<style>:root\{color-scheme:light dark\}@media \(prefers-color-scheme:dark\)\{/);
		const [, sheet] = /<style>(.*?)<\/style>/s.exec(html) ?? [];
		const colored = [...html.matchAll(/class="(dt-[a-z]+)"[^>]*style="([^"]*)"/g)].filter(([, , style]) =>
			/(?:^|;)(?:color|background):/.test(style),
		);
		expect(colored.length).toBeGreaterThan(3);
		for (const [, name] of colored) expect(sheet).toContain(`.${name}`);
	});
});
