/** Tests exporting a series with its changed dates, and carrying them out again from the file, on the n8n engine. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { CalendarStore } from '../simulator/calendar/calendarStore';
import { inZone } from '../simulator/calendar/time';
import { instances } from '../simulator/calendar/views';
import { readCalendarText } from '../unit/icalendar/support';
import { errorOf, itemsOf, TESTED_NODE } from './harness';
import { hour, plant, requestsOf } from './support/events';
import { useDesk } from './support/setup';
import { meteredBy, reserve, roomsOf } from './support/state';

const desk = useDesk({ waits: 'skipped' });

const YEAR = { fromMs: 0, toMs: Date.parse('2027-01-01') };
const store = () => desk().simulator.world.use(CalendarStore);

/** The local starts and titles of the dates of an event. */
function datesOf(id: string): string[] {
	const event = store().byId(id)?.event;
	if (!event) throw new Error('There is no such series');
	return [...instances(event, YEAR)]
		.filter(({ cancelled }) => !cancelled)
		.map(({ details }) => `${inZone(details.span.startMs, 'Asia/Shanghai').slice(5, 16)} ${details.summary}`)
		.sort();
}

/** Six Tuesdays; the second is moved, the third has another title, the fourth a room, the fifth is cancelled. */
function plantSeries(): string {
	const [host, anna] = desk().people;
	const id = plant(desk(), host, {
		summary: 'Weekly',
		...hour(3, 10),
		attendees: [{ id: anna.unionId }],
		recurrence: {
			pattern: { type: 'weekly', interval: 1, daysOfWeek: 'tuesday' },
			range: { type: 'numbered', numberOfOccurrences: 6 },
		},
	});
	const event = store().byId(id)?.event;
	if (!event) throw new Error('The series was not planted');
	const [, second, third, fourth, fifth] = [...instances(event, YEAR)];
	const startMs = Date.parse('2026-03-12T15:00:00+08:00');
	const span = { allDay: false as const, startMs, endMs: startMs + 3_600_000, zone: 'Asia/Shanghai' };
	store().update(second, { details: { span } }, host.unionId);
	store().update(third, { details: { summary: 'Review' } }, host.unionId);
	reserve(desk(), fourth.id, [roomsOf(desk())[0].roomId]);
	store().cancel(fifth, host.unionId);
	return id;
}

const DATES = [
	'03-03T10:00 Weekly',
	'03-12T15:00 Weekly',
	'03-17T10:00 Review',
	'03-24T10:00 Weekly',
	'04-07T10:00 Weekly',
];

async function exportFile(events: string, options: INodeParameters = {}) {
	const { run, items } = await desk().runNode({
		parameters: { resource: 'event', operation: 'exportIcs', user: desk().people[0].unionId, events, options },
	});
	const data = itemsOf(run, TESTED_NODE)[0]?.binary?.data.data ?? '';
	return { error: errorOf(run), items, text: Buffer.from(data, 'base64').toString('utf8') };
}

const linesOf = (text: string, name: string): string[] => text.split('\r\n').filter((line) => line.startsWith(name));

describe('exporting a series', () => {
	it('writes cancelled dates as EXDATE and changed ones with RECURRENCE-ID, with one call for all dates', async () => {
		const id = plantSeries();
		expect(datesOf(id)).toEqual(DATES);
		const { error, items, text } = await exportFile(id);
		expect(error).toBeUndefined();
		expect(items).toEqual([{ fileName: 'events.ics', events: 1, ids: [id] }]);
		expect(linesOf(text, 'EXDATE')).toEqual(['EXDATE;TZID=Asia/Shanghai:20260331T100000']);
		expect(linesOf(text, 'RECURRENCE-ID')).toEqual([
			'RECURRENCE-ID;TZID=Asia/Shanghai:20260310T100000',
			'RECURRENCE-ID;TZID=Asia/Shanghai:20260317T100000',
			'RECURRENCE-ID;TZID=Asia/Shanghai:20260324T100000',
		]);
		expect(new Set(linesOf(text, 'UID'))).toEqual(new Set([`UID:${id}@dingtalk`]));
		expect(linesOf(text, 'LOCATION')).toEqual([`LOCATION:${roomsOf(desk())[0].roomName}`]);
		// The series, its dates, and the moved date: where another one is cancelled, the list does not say which is which.
		expect(await meteredBy(desk())).toBe(3);
	});

	it('needs no call for a moved date that can only be one', async () => {
		const id = plantSeries();
		const event = store().byId(id)?.event;
		event?.exceptions.delete(Date.parse('2026-03-31T10:00:00+08:00'));
		const { text } = await exportFile(id);
		expect(linesOf(text, 'RECURRENCE-ID')[0]).toBe('RECURRENCE-ID;TZID=Asia/Shanghai:20260310T100000');
		expect(await meteredBy(desk())).toBe(2);
	});

	it('leaves the changed dates out, and their call, where the option says so', async () => {
		const { text } = await exportFile(plantSeries(), { includeChangedDates: false });
		expect(linesOf(text, 'EXDATE')).toEqual([]);
		expect(linesOf(text, 'RECURRENCE-ID')).toEqual([]);
		expect((await requestsOf(desk())).map(({ path }) => path.endsWith('/instances'))).toEqual([false]);
	});

	it('reads no dates of an event that does not repeat, and of one date of a series', async () => {
		const id = plantSeries();
		const event = store().byId(id)?.event;
		const [date] = event ? [...instances(event, YEAR)] : [];
		const single = plant(desk(), desk().people[0]);
		const { text } = await exportFile(`${single}, ${date.id}`);
		expect(linesOf(text, 'RRULE')).toEqual([]);
		expect(await meteredBy(desk())).toBe(2);
	});
});

describe('reading a series with changed dates', () => {
	it('says which dates differ, and Create, Update and Delete make them so', async () => {
		const id = plantSeries();
		const user = desk().people[0].unionId;
		const { text } = await exportFile(id);
		const [series, ...changed] = readCalendarText(text, 'Asia/Shanghai');
		expect(series).toMatchObject({
			excludedDates: ['2026-03-31T10:00:00+08:00'],
			occurrenceDate: '',
			problems: [
				"leaves out dates that 'Create' would make: 2026-03-31T10:00:00+08:00",
				expect.stringContaining('has changed dates, which are events of their own: 2026-03-10T10:00:00+08:00,'),
			],
		});
		const read = await desk().runNode({
			parameters: { resource: 'event', operation: 'readIcs', source: 'text', icsText: text },
		});
		expect(read.items.map(({ fits, seriesDates }) => [fits, (seriesDates as IDataObject).replaced])).toEqual([
			[false, ''],
			...changed.map(({ occurrenceDate }) => [false, occurrenceDate]),
		]);
		const run = async (operation: string, items: IDataObject[], parameters: INodeParameters) => {
			const result = await desk().runNode({ parameters: { resource: 'event', operation, user, ...parameters }, items });
			expect(errorOf(result.run)).toBeUndefined();
			return result.items;
		};
		const [created] = await run('create', [{ ...series } as unknown as IDataObject], {
			summary: '={{ $json.summary }}',
			start: '={{ $json.start }}',
			end: '={{ $json.end }}',
			additionalFields: {
				timeZone: '={{ $json.zone }}',
				recurrence: { rule: series.rule as unknown as INodeParameters },
			},
		});
		const scope = { eventId: String(created.id), applyTo: 'thisEvent' };
		await run(
			'delete',
			series.excludedDates.map((date) => ({ date })),
			{ ...scope, occurrenceDate: '={{ $json.date }}' },
		);
		await run('update', changed as unknown as IDataObject[], {
			...scope,
			occurrenceDate: '={{ $json.occurrenceDate }}',
			updateFields: {
				summary: '={{ $json.summary }}',
				start: '={{ $json.start }}',
				end: '={{ $json.end }}',
			},
		});
		expect(datesOf(String(created.id))).toEqual(DATES);
	});
});
