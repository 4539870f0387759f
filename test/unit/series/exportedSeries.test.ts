/** Tests that a file with a series and its changed dates gives other programs DingTalk's dates. */
import { DateTime } from 'luxon';
import nodeIcal from 'node-ical';

import type { Client } from '../../../lib/dingtalk/client/types';
import type { ApiCall } from '../../../lib/dingtalk/endpoints';
import { fillPath } from '../../../lib/dingtalk/fillPath';
import { listFirstOccurrences, type RecurringEvent } from '../../../lib/dingtalk/events/occurrences';
import { readBody } from '../../../lib/dingtalk/events/readEvent';
import { planSeries, readSeriesDates, type ReadSeries } from '../../../lib/dingtalk/series/exportedSeries';
import { writeCalendar, type ExportedEvent } from '../../../lib/icalendar/write';
import { readRecurrence } from '../../../nodes/DingTalkCalendar/fields/event/recurrence';
import { randomRule, seeded } from '../../conformance/randomRules';
import { amount } from '../../long/amount';
import { CalendarStore } from '../../simulator/calendar/calendarStore';
import type { Recurrence, Span, Window } from '../../simulator/calendar/model';
import { occurrences } from '../../simulator/calendar/recurrence';
import { allDaySpan } from '../../simulator/calendar/time';
import { instances } from '../../simulator/calendar/views';
import { ICAL, readCalendarText } from '../icalendar/support';
import { CalendarTestbed, eventPath, GUEST, HOST, OTHER } from '../simulator/calendarTestbed';

const DAY = 86_400_000;
const NOW = Date.parse('2026-03-02T00:00:00Z');
const ZONES = [
	'America/New_York',
	'America/Sao_Paulo',
	'America/St_Johns',
	'Asia/Kolkata',
	'Asia/Shanghai',
	'Asia/Tokyo',
	'Australia/Sydney',
	'Europe/Berlin',
	'Europe/London',
	'UTC',
];

type Random = () => number;
const below = (random: Random, limit: number): number => Math.floor(random() * limit);
const oneOf = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)];

/** A client that asks the simulator without a server in between, and counts. */
class TestbedClient {
	calls = 0;

	constructor(private readonly testbed: CalendarTestbed) {}

	async request<T>(call: ApiCall, { path = {}, query = {} }: { path?: Record<string, string>; query?: object }) {
		this.calls++;
		const given = Object.entries(query)
			.filter(([, value]) => value !== undefined)
			.map(([name, value]): [string, string] => [name, String(value)]);
		const url = `${fillPath(call, path)}?${String(new URLSearchParams(given))}`;
		return await Promise.resolve(readBody(this.testbed.ask(call.method, url)) as T);
	}
}

/** A date as the node writes it, in UTC if it has a time. */
const utc = (text: string): string => (text.includes('T') ? format(Date.parse(text)) : text);

/** The dates that 'Create' and the changes of single dates would make from what the node reads. */
function readBack(text: string, window: Window): Shown[] {
	const [series, ...changed] = readCalendarText(text, 'UTC');
	const zone = series.zone || 'Asia/Shanghai';
	const start = DateTime.fromISO(series.start, { zone });
	const recurrence = readRecurrence({ rule: { ...series.rule } }, zone, start) as Recurrence;
	const endMs = Date.parse(series.end);
	const span: Span = series.allDay
		? allDaySpan(series.start, series.end)
		: { allDay: false, startMs: start.toMillis(), endMs, zone };
	const others = new Set([...series.excludedDates, ...changed.map(({ occurrenceDate }) => occurrenceDate)].map(utc));
	const made = [...occurrences(span, recurrence, window)].map(({ span: { startMs } }) =>
		series.allDay ? (DateTime.fromMillis(startMs, { zone }).toISODate() ?? '') : format(startMs),
	);
	return [
		...made.filter((date) => !others.has(date)).map((date) => ({ start: date, title: series.summary })),
		...changed.map(({ start: date, summary }) => ({ start: utc(date), title: summary })),
	];
}

interface Planted {
	testbed: CalendarTestbed;
	id: string;
	isEndless: boolean;
}

interface Shown {
	start: string;
	title: string;
}

const format = (ms: number): string => new Date(ms).toISOString();
const inOrder = (dates: Shown[]): string[] => dates.map(({ start, title }) => `${start} ${title}`).sort();

/** Of a series without an end, what a file says is true for a year around the export. */
const windowOf = (isEndless: boolean): Window =>
	isEndless
		? { fromMs: NOW - 330 * DAY, toMs: NOW + 330 * DAY }
		: // No series with an end has a date outside it.
			{ fromMs: NOW - 2000 * DAY, toMs: NOW + 40_000 * DAY };

/** The dates in the calendar of the host. */
function datesOf({ testbed, id, isEndless }: Planted): Shown[] {
	const event = testbed.world.use(CalendarStore).byId(id)?.event;
	if (!event) throw new Error('No such series');
	return [...instances(event, windowOf(isEndless))]
		.filter(({ cancelled }) => !cancelled)
		.map(({ details: { span, summary } }) => ({
			start: span.allDay ? span.startDate : format(span.startMs),
			title: summary,
		}));
}

function inIcalJs(text: string, { toMs }: Window): Shown[] {
	ICAL.TimezoneService.reset();
	const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
	for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
	const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent') ?? undefined);
	const iterator = event.iterator();
	const found: Shown[] = [];
	for (let next = iterator.next(); next && next.toJSDate().getTime() < toMs; next = iterator.next()) {
		const { startDate, item } = event.getOccurrenceDetails(next);
		found.push({
			start: startDate.isDate ? startDate.toString() : startDate.toJSDate().toISOString(),
			title: item.summary,
		});
	}
	return found;
}

function inNodeIcal(text: string, { fromMs, toMs }: Window): Shown[] {
	const series = Object.values(nodeIcal.sync.parseICS(text)).find((part) => part?.type === 'VEVENT');
	if (series?.type !== 'VEVENT') throw new Error('No event in the file');
	const found = nodeIcal.expandRecurringEvent(series, { from: new Date(fromMs), to: new Date(toMs) });
	return found.map(({ start, summary, isFullDay }) => ({
		start: isFullDay ? (DateTime.fromJSDate(start).toISODate() ?? '') : start.toISOString(),
		title: String(summary),
	}));
}

/** A series as someone might have made it around this time; not in the small hours, in which clocks are changed. */
function plantSeries(random: Random): Planted | undefined {
	const testbed = new CalendarTestbed();
	const rule = randomRule(random);
	const zone = oneOf(random, ZONES);
	const isEndless = rule.range.type === 'noEnd';
	const first = DateTime.fromISO(rule.start.slice(0, 10), { zone: rule.allDay ? 'utc' : zone }).set({
		hour: rule.allDay ? 0 : 5 + below(random, 16),
		minute: rule.allDay ? 0 : 15 * below(random, 4),
	});
	const timed = (at: DateTime) => ({ dateTime: at.toFormat("yyyy-MM-dd'T'HH:mm:ssZZ"), timeZone: zone });
	const side = (at: DateTime) => (rule.allDay ? { date: at.toISODate() } : timed(at));
	const times = {
		start: side(first),
		end: side(first.plus({ minutes: rule.minutes })),
		recurrence: { pattern: rule.pattern, range: rule.range },
	};
	// DingTalk refuses a series without a date.
	if (listFirstOccurrences(times as RecurringEvent, 1).length === 0) return undefined;
	const { id } = testbed.create({ summary: 'Planned', isAllDay: rule.allDay, ...times, attendees: [{ id: GUEST }] });
	const planted = { testbed, id, isEndless };
	return datesOf(planted).length > 0 ? planted : undefined;
}

/** Changes some dates as people do: cancelled, moved, moved to another date's time, renamed, with other people. */
function changeDates(random: Random, { testbed, id, isEndless }: Planted): void {
	const event = testbed.world.use(CalendarStore).byId(id)?.event;
	if (!event) throw new Error('No such series');
	const reach = isEndless ? 300 * DAY : 2000 * DAY;
	const dates = [...instances(event, { fromMs: NOW - reach, toMs: NOW + reach })].slice(0, 150);
	const move = (start: DateTime, minutes: number) => ({ start: side(start), end: side(start.plus({ minutes })) });
	const side = (at: DateTime) => ({ dateTime: at.toFormat("yyyy-MM-dd'T'HH:mm:ssZZ"), timeZone: at.zoneName });
	const used = new Set<string>();
	for (let left = below(random, 7); left > 0 && dates.length > 0; left--) {
		const { id: dateId, details } = oneOf(random, dates);
		if (used.has(dateId)) continue;
		used.add(dateId);
		const kind = below(random, 5);
		const { span } = details;
		if (kind === 0) {
			testbed.ask('DELETE', eventPath(dateId));
		} else if (kind === 1) {
			testbed.patch(dateId, { summary: `Renamed ${left}` });
		} else if (kind === 2) {
			testbed.ask('POST', `${eventPath(dateId)}/attendees`, { attendeesToAdd: [{ id: OTHER }] });
		} else if (span.allDay) {
			const to = (date: string, days: number) => ({ date: DateTime.fromISO(date).plus({ days }).toISODate() });
			const days = 1 + below(random, 20);
			testbed.patch(dateId, { isAllDay: true, start: to(span.startDate, days), end: to(span.endDate, days) });
		} else {
			const other = oneOf(random, dates).details.span;
			const start = DateTime.fromMillis(kind === 3 ? other.startMs : span.startMs, { zone: span.zone });
			const moved =
				kind === 3 ? start : start.plus({ days: below(random, 41) - 20 }).set({ hour: 5 + below(random, 16) });
			testbed.patch(dateId, move(moved, 15 + below(random, 100)));
		}
	}
}

async function exportSeries({ testbed, id }: Planted): Promise<{ text: string; calls: number }> {
	const client = new TestbedClient(testbed);
	const path = { userId: HOST, calendarId: 'primary', eventId: id };
	const event = readBody(testbed.get(id)) as ReadSeries & ExportedEvent;
	const planned = planSeries(event);
	if (!planned) throw new Error('No dates');
	const { cancelled, changed } = await readSeriesDates({ client: client as unknown as Client, path }, planned, NOW);
	const { series, last } = planned;
	const exported = { ...series, lastDate: last?.start, cancelledDates: cancelled, changedDates: changed };
	const text = writeCalendar([exported], new Date(NOW).toISOString());
	return { text, calls: client.calls };
}

it('gives ical.js, node-ical and the node itself the dates of DingTalk, for random series', async () => {
	const random = seeded(181);
	const rounds = amount({ short: 6, long: 500 });
	const seen = { series: 0, cancelled: 0, changed: 0 };
	while (seen.series < rounds) {
		const planted = plantSeries(random);
		if (!planted) continue;
		seen.series++;
		changeDates(random, planted);
		if (!planted.isEndless && datesOf(planted).length === 0) {
			// A list that is empty by mistake looks the same.
			await expect(exportSeries(planted)).rejects.toThrow('DingTalk did not list the dates of the series');
			continue;
		}
		const { text } = await exportSeries(planted);
		seen.cancelled += text.split('EXDATE').length - 1;
		seen.changed += text.split('RECURRENCE-ID').length - 1;
		const window = windowOf(planted.isEndless);
		const isCompared = ({ start }: Shown): boolean =>
			Date.parse(start) >= window.fromMs + DAY && Date.parse(start) < window.toMs - DAY;
		const compared = (dates: Shown[]): string[] => inOrder(dates.filter(isCompared));
		const expected = compared(datesOf(planted));
		expect({ text, dates: compared(inIcalJs(text, window)) }).toEqual({ text, dates: expected });
		expect({ text, dates: compared(inNodeIcal(text, window)) }).toEqual({ text, dates: expected });
		expect({ text, dates: compared(readBack(text, window)) }).toEqual({ text, dates: expected });
	}
	expect(seen.cancelled).toBeGreaterThan(rounds / 5);
	expect(seen.changed).toBeGreaterThan(rounds / 2);
});
