/** Tests working hours, breaks and shared rules of 'Find Common Free Time' and 'Get Agenda' on the n8n engine. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { errorOf } from './harness';
import { plant } from './support/events';
import { useDesk } from './support/setup';

const desk = useDesk();

const run = async (parameters: INodeParameters) =>
	await desk().runNode({
		parameters: {
			resource: 'freeBusy',
			operation: 'findSlots',
			user: desk().people[0].unionId,
			timeMin: '2026-03-06T00:00',
			timeMax: '2026-03-08T00:00',
			results: 1000,
			...parameters,
			options: { oneItemPerResult: true, step: '60', spread: 'overlapping', ...(parameters.options as IDataObject) },
		},
		timezone: 'Asia/Shanghai',
	});

/** Day and hour of each start: Friday the 6th, Saturday the 7th. */
const hours = async (parameters: INodeParameters): Promise<string[]> => {
	const { run: outcome, items } = await run(parameters);
	expect(errorOf(outcome)).toBeUndefined();
	return items.map(({ start }) => String(start).slice(8, 13).replace('T', ' '));
};

const on = (day: string, ...list: number[]): string[] => list.map((hour) => `${day} ${String(hour).padStart(2, '0')}`);

describe('working hours of Find Common Free Time', () => {
	it.each(['9.00-18.00', '9:00-18:00', '09：00 至 18：00', '9-18'])('may be written as %s', async (text) => {
		expect(await hours({ workingTime: { hours: text } })).toEqual(on('06', 9, 10, 11, 13, 14, 15, 16, 17));
	});

	it('may be split into shifts, between which is the break', async () => {
		expect(await hours({ workingTime: { hours: '8:00-11:00, 12:00-14:00' } })).toEqual(on('06', 8, 9, 10, 12, 13));
		expect(await hours({ workingTime: { hours: '8:00-11:00, 12:00-14:00', lunch: '12:00-13:00' } })).toEqual(
			on('06', 8, 9, 10, 13),
		);
	});

	it('may have several breaks', async () => {
		expect(await hours({ workingTime: { hours: '9:00-15:00', lunch: '10:00-10:15、12:00-13:00' } })).toEqual(
			on('06', 9, 11, 13, 14),
		);
	});

	it('keep the break of a night shift after midnight, also into a day off', async () => {
		// Thursday night reaches into Friday, Friday night into Saturday.
		expect(await hours({ workingTime: { hours: '22:00-06:00', lunch: '02:00-03:00' } })).toEqual([
			...on('06', 0, 1, 3, 4, 5, 22, 23),
			...on('07', 0, 1, 3, 4, 5),
		]);
	});
});

describe('a Working Time that several nodes share', () => {
	const shared = {
		hours: ['8:00-10:00', '14.00-16.00'],
		workingDays: ['saturday'],
		personZones: { 'Europe/Berlin': [] as string[] },
	};

	it('comes as JSON, as an object or as text', async () => {
		const expected = on('07', 8, 9, 14, 15);
		expect(await hours({ workingTime: { json: JSON.stringify(shared) } })).toEqual(expected);
		expect(await hours({ workingTime: { json: shared as unknown as INodeParameters } })).toEqual(expected);
	});

	it('gives way to the rules of the form', async () => {
		expect(await hours({ workingTime: { json: JSON.stringify(shared), workingDays: ['friday'] } })).toEqual(
			on('06', 8, 9, 14, 15),
		);
	});

	it.each([
		['a list of rows', [{ people: 'PERSON', timeZone: 'Asia/Tokyo' }]],
		['an object by time zone', { 'Asia/Tokyo': 'PERSON' }],
		['as the form stores them', { place: [{ people: 'PERSON', theirZone: 'Asia/Tokyo' }] }],
	])('names time zones of people as %s', async (_, personZones) => {
		const [host] = desk().people;
		const json = JSON.stringify({ hours: '9:00-11:00', personZones }).replace('PERSON', host.unionId);
		expect(await hours({ workingTime: { json } })).toEqual(on('06', 8, 9));
	});

	it.each([
		['{"hour": "9-18"}', "'Working Time (JSON)' has an unknown rule: hour"],
		['{"hours": }', "'Working Time (JSON)' is not a JSON object"],
		['["9-18"]', "'Working Time (JSON)' is not a JSON object"],
		['{"hours": "9-25"}', "'Working Hours' is not a time range: 9-25"],
		['{"hours": ""}', "'Working Hours' is empty"],
	])('is refused before any call: %s', async (json, message) => {
		const { run: outcome } = await run({ workingTime: { json } });
		expect(errorOf(outcome)?.message).toBe(`${message} [Item 0]`);
	});

	it('serves Get Agenda as well', async () => {
		const { run: outcome, items } = await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'getAgenda',
				user: desk().people[0].unionId,
				period: 'day',
				date: '2026-03-07',
				workingTime: { json: JSON.stringify({ ...shared, beyond: 60 }) },
				options: { showFree: true },
			},
			timezone: 'Asia/Shanghai',
		});
		expect(errorOf(outcome)).toBeUndefined();
		expect((items[0].free as IDataObject[]).map(({ start, end }) => [start, end])).toEqual([
			['2026-03-07T08:00:00+08:00', '2026-03-07T10:00:00+08:00'],
			['2026-03-07T14:00:00+08:00', '2026-03-07T16:00:00+08:00'],
		]);
	});
});

describe('finding common free time where no one has to attend', () => {
	const optionalOnly = (people: string, more: INodeParameters = {}): INodeParameters => ({
		options: { organizerAttends: false, optionalAttendees: people, ...more },
	});

	it('keeps to the working hours of those who may attend', async () => {
		const [, anna, ben] = desk().people;
		expect(await hours(optionalOnly(anna.unionId))).toEqual(on('06', 9, 10, 11, 13, 14, 15, 16, 17));
		const workingTime = { personZones: { place: [{ people: ben.unionId, theirZone: 'Asia/Tokyo' }] }, lunch: '' };
		expect(await hours({ ...optionalOnly(`${anna.unionId}, ${ben.unionId}`), workingTime })).toEqual(
			on('06', 8, 9, 10, 11, 12, 13, 14, 15, 16, 17),
		);
	});

	it('keeps to the working hours of the time zone if no calendar is left', async () => {
		const [, anna] = desk().people;
		await desk().control('people', { userId: anna.userId, privateFreeBusy: true });
		expect(await hours(optionalOnly(anna.unionId, { unreadable: 'leaveOut' }))).toEqual(
			on('06', 9, 10, 11, 13, 14, 15, 16, 17),
		);
	});

	it('does not call them required', async () => {
		const [, anna, ben] = desk().people;
		plant(desk(), anna, {
			start: { dateTime: '2026-03-06T09:00:00+08:00', timeZone: 'Asia/Shanghai' },
			end: { dateTime: '2026-03-06T18:00:00+08:00', timeZone: 'Asia/Shanghai' },
		});
		const { items } = await run({ ...optionalOnly(`${anna.unionId}, ${ben.unionId}`), results: 1 });
		expect(items[0].explanation).toBe(`Not available: ${anna.name} (busy).`);
		const none = await run({
			...optionalOnly(anna.unionId),
			timeMin: '2026-03-07T09:00',
			timeMax: '2026-03-07T12:00',
		});
		expect(none.items[0].explanation).toContain(
			"No time between 'From' and 'To' is within the working hours of any of the attendees for 60 minutes without a break.",
		);
	});
});
