/** Tests how events look in the output: a rule in words, times in the chosen form, people by name, long IDs last. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { errorOf } from './harness';
import { hour, person, plant } from './support/events';
import { useDesk } from './support/setup';

const desk = useDesk();

const getting = (eventId: string, more: INodeParameters = {}): INodeParameters => ({
	resource: 'event',
	operation: 'get',
	user: { __rl: true, mode: 'unionId', value: desk().people[0].unionId },
	eventId: { __rl: true, mode: 'id', value: eventId },
	...more,
});

async function outputOf(parameters: INodeParameters): Promise<IDataObject> {
	const { run, items } = await desk().runNode({ parameters });
	expect(errorOf(run)).toBeUndefined();
	return items[0];
}

describe('a simplified event that repeats', () => {
	const until = { type: 'endDate', endDate: '2026-06-30T23:59:59+08:00' };
	it.each([
		['every day', { type: 'daily', interval: 1 }, { type: 'noEnd' }],
		['every day, 1 time', { type: 'daily', interval: 1 }, { type: 'numbered', numberOfOccurrences: 1 }],
		['every 3 days, 5 times', { type: 'daily', interval: 3 }, { type: 'numbered', numberOfOccurrences: 5 }],
		[
			'every week on Tuesday, Thursday until Tue 30 Jun 2026',
			{ type: 'weekly', interval: 1, daysOfWeek: 'tuesday,thursday' },
			until,
		],
		['every 2 weeks on Tuesday', { type: 'weekly', interval: 2, daysOfWeek: 'tuesday' }, { type: 'noEnd' }],
		['every month on day 3', { type: 'absoluteMonthly', interval: 1, dayOfMonth: 3 }, { type: 'noEnd' }],
		[
			'every month on the first Tuesday',
			{ type: 'relativeMonthly', interval: 1, index: 'first', daysOfWeek: 'tuesday' },
			{ type: 'noEnd' },
		],
		['every year', { type: 'absoluteYearly', interval: 1 }, { type: 'noEnd' }],
	])('says so in words: %s', async (words, pattern, range) => {
		const id = plant(desk(), desk().people[0], { ...hour(3, 10), recurrence: { pattern, range } });
		expect((await outputOf(getting(id))).repeats).toBe(words);
	});

	it.each(['America/New_York', 'Asia/Shanghai', 'Pacific/Auckland'])(
		'has the last day that was entered if it takes whole days, read in %s',
		async (timezone) => {
			const [host] = desk().people;
			const { items: made } = await desk().runNode({
				timezone: 'America/New_York',
				parameters: {
					...{ resource: 'event', operation: 'create', user: host.unionId, summary: 'Training', allDay: true },
					...{ start: '2026-03-09', end: '2026-03-09' },
					additionalFields: { recurrence: { rule: { frequency: 'daily', ends: 'onDate', until: '2026-03-20' } } },
				},
			});
			const { items } = await desk().runNode({ timezone, parameters: getting(String(made[0].id)) });
			expect(items[0].repeats).toBe('every day until Fri 20 Mar 2026');
		},
	);

	it('has nothing to say of an event that does not repeat', async () => {
		expect(await outputOf(getting(plant(desk(), desk().people[0])))).not.toHaveProperty('repeats');
	});

	it('has its long IDs after the columns that people read', async () => {
		const names = Object.keys(await outputOf(getting(plant(desk(), desk().people[0]))));
		expect(names.slice(0, 4)).toEqual(['summary', 'status', 'start', 'end']);
		expect(names.slice(-3)).toEqual(['link', 'id', 'seriesId']);
	});
});

describe('selected fields of an event', () => {
	const simple = { start: '2026-03-03T10:00:00+08:00', end: '2026-03-03T11:00:00+08:00' };
	const selecting = (...outputFields: string[]): INodeParameters => ({ output: 'selected', outputFields });

	it('have the times of Simplified, also where the fields were left as they are', async () => {
		const id = plant(desk(), desk().people[0]);
		expect(await outputOf(getting(id, { output: 'selected' }))).toEqual({ summary: 'Planted', ...simple, id });
		expect(await outputOf(getting(id, selecting('simpleEnd')))).toEqual({ end: simple.end });
	});

	it('have the raw times where a workflow of an earlier version stored them, and both where both are chosen', async () => {
		const id = plant(desk(), desk().people[0]);
		const raw = hour(3, 10);
		expect(await outputOf(getting(id, selecting('start', 'end')))).toEqual(raw);
		expect(await outputOf(getting(id, selecting('start', 'simpleStart', 'simpleEnd')))).toEqual({
			start: raw.start,
			simpleStart: simple.start,
			end: simple.end,
		});
	});

	it('have the last day of an all-day event, as Simplified does', async () => {
		const days = { start: { date: '2026-03-03' }, end: { date: '2026-03-05' }, isAllDay: true };
		const id = plant(desk(), desk().people[0], days);
		expect(await outputOf(getting(id, selecting('simpleStart', 'simpleEnd', 'end')))).toEqual({
			start: '2026-03-03',
			simpleEnd: '2026-03-04',
			end: days.end,
		});
	});
});

describe('the people of a booked meeting', () => {
	const booking = (more: INodeParameters): INodeParameters => ({
		resource: 'event',
		operation: 'book',
		summary: 'Review',
		start: '2026-03-03T10:00',
		end: '2026-03-03T11:00',
		roomChoice: 'none',
		...more,
	});

	it('come by name, with the organizer, without a lookup more than finding them takes', async () => {
		const [host, anna, ben] = desk().people;
		const { organizer, attendees } = await outputOf(
			booking({
				user: { __rl: true, mode: 'list', value: host.unionId, cachedResultName: `${host.name} · Sales` },
				additionalFields: { attendees: `${anna.mobile}, ${person(ben)}` },
			}),
		);
		expect({ organizer, attendees }).toEqual({ organizer: person(host), attendees: `${person(anna)}, ${person(ben)}` });
	});

	it('come with the reason too if the meeting was not booked', async () => {
		const [host, anna] = desk().people;
		plant(desk(), anna, hour(3, 10));
		const output = await outputOf(
			booking({
				user: { __rl: true, mode: 'auto', value: host.mobile },
				additionalFields: { attendees: anna.name },
				options: { ifNotBooked: 'report' },
			}),
		);
		expect(output).toMatchObject({ booked: false, organizer: person(host), attendees: person(anna) });
		expect(Object.keys(output).at(-1)).toBe('id');
	});
});
