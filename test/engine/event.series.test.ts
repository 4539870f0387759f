/** Tests Apply To: one date of a series, this and all following dates, or all of them, on the n8n engine. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { CalendarStore } from '../simulator/calendar/store';
import { instances } from '../simulator/calendar/views';
import { inZone } from '../simulator/calendar/time';
import { errorOf, hintsOf, TESTED_NODE } from './harness';
import { guestsOf, hour, plant, remembered, rememberedEvent, requestsOf, type Remembered } from './support/events';
import { useDesk } from './support/setup';
import { meteredBy, reserve, roomsOf } from './support/state';

const desk = useDesk({ waits: 'skipped' });

const WEEKLY: IDataObject = {
	summary: 'Weekly',
	description: 'Talk',
	location: { displayName: 'Hall' },
	reminders: [{ method: 'dingtalk', minutes: 30 }],
	...hour(3, 10),
	recurrence: {
		pattern: { type: 'weekly', interval: 1, daysOfWeek: 'tuesday' },
		range: { type: 'numbered', numberOfOccurrences: 6 },
	},
};

const store = () => desk().simulator.world.use(CalendarStore);

/** The local starts of all dates of all events, with the title; cancelled ones are left out. */
function dates(): string[] {
	return [...store().all()]
		.filter(({ cancelled }) => !cancelled)
		.flatMap((event) =>
			event.recurrence
				? [...instances(event, { fromMs: 0, toMs: Date.parse('2027-01-01') })].filter(({ cancelled }) => !cancelled)
				: [store().byId(event.id)],
		)
		.flatMap((view) =>
			view ? [`${inZone(view.details.span.startMs, 'Asia/Shanghai').slice(5, 16)} ${view.details.summary}`] : [],
		)
		.sort();
}

/** The ID of one date of a series. */
function dateOf(seriesId: string, start: string): string {
	const event = store().byId(seriesId)?.event;
	const found =
		event &&
		[...instances(event, { fromMs: 0, toMs: Date.parse('2027-01-01') })].find(({ details }) =>
			inZone(details.span.startMs, 'Asia/Shanghai').startsWith(start),
		);
	if (!found) throw new Error(`The series has no date ${start}`);
	return found.id;
}

function series(event: IDataObject = {}): string {
	const [host, anna, ben] = desk().people;
	return plant(desk(), host, {
		...WEEKLY,
		attendees: [{ id: anna.unionId }, { id: ben.unionId, isOptional: true }],
		...event,
	});
}

async function run(operation: string, eventId: string, parameters: INodeParameters) {
	const result = await desk().runNode({
		parameters: { resource: 'event', operation, user: desk().people[0].unionId, eventId, ...parameters },
	});
	const hints = hintsOf(result.run, TESTED_NODE).map(({ message }) => message);
	return { ...result, error: errorOf(result.run), hints };
}

const following = (updateFields: INodeParameters, more: INodeParameters = {}): INodeParameters => ({
	applyTo: 'thisAndFollowing',
	updateFields,
	...more,
});

const others = async (id: string): Promise<Remembered> => {
	const [other] = (await remembered(desk())).filter((event) => event.id !== id);
	return other;
};

describe('updating this and all following dates', () => {
	it('ends the series before the date and begins a new one with the changes', async () => {
		const id = series();
		const { error, items, hints } = await run('update', dateOf(id, '2026-03-17'), following({ summary: 'New' }));
		expect(error).toBeUndefined();
		expect(dates()).toEqual([
			'03-03T10:00 Weekly',
			'03-10T10:00 Weekly',
			'03-17T10:00 New',
			'03-24T10:00 New',
			'03-31T10:00 New',
			'04-07T10:00 New',
		]);
		const next = await others(id);
		expect(next).toMatchObject({
			summary: 'New',
			description: 'Talk',
			location: 'Hall',
			reminders: [{ method: 'dingtalk', minutes: 30 }],
			recurrence: { range: { type: 'numbered', numberOfOccurrences: 4 } },
		});
		expect(guestsOf(next)).toEqual(guestsOf(await rememberedEvent(desk(), id)));
		expect(items).toEqual([
			expect.objectContaining({ id: next.id, summary: 'New', previousSeriesId: id, notKept: [] }),
		]);
		expect(await meteredBy(desk())).toBe(5);
		expect(hints.filter((hint) => hint.includes('Not kept'))).toEqual([]);
	});
});
