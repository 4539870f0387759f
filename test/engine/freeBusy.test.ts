/** Tests the Free/Busy operation 'Get' on the n8n engine. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Person } from '../simulator/company';
import { errorOf } from './harness';
import { callsOf, hour, lookingUp, plant, requestsOf } from './support/events';
import { useDesk } from './support/setup';
import { meteredBy, sending, userPath } from './support/state';

const desk = useDesk();

const idsOf = (people: Person[]): string[] => people.map(({ unionId }) => unionId);
const schedulePath = (asker: Person): string => `${userPath(asker)}/querySchedule`;

/** The start and end of a day in March 2026, Shanghai time, as parameters and as sent to DingTalk. */
const typed = (day: number): IDataObject => ({ from: `2026-03-0${day}T08:00`, to: `2026-03-0${day}T20:00` });
const sent = (day: number): IDataObject => ({
	startTime: `2026-03-0${day}T08:00:00+08:00`,
	endTime: `2026-03-0${day}T20:00:00+08:00`,
});

const at = (day: number, from: string, to: string, zone = '+08:00'): IDataObject => ({
	start: { dateTime: `2026-03-0${day}T${from}:00${zone}`, timeZone: 'Asia/Shanghai' },
	end: { dateTime: `2026-03-0${day}T${to}:00${zone}`, timeZone: 'Asia/Shanghai' },
});

describe('getting free and busy times of people', () => {
	it('requests twenty people at a time and returns one item per person in the given order', async () => {
		const [asker, ...others] = desk().people;
		const people = others.slice(0, 45);
		plant(desk(), people[44], { ...hour(3, 10), summary: 'Late in the list' });
		const list = [...idsOf(people), people[3].unionId, people[2].mobile].join(', ');
		const { items, pairs } = await desk().runWorkflow('freeBusy.get', [
			{ person: asker.unionId, people: list, ...typed(3) },
		]);
		const portion = (from: number, to: number) =>
			sending('POST', schedulePath(asker), { userIds: idsOf(people.slice(from, to)), ...sent(3) });
		expect(await requestsOf(desk())).toEqual([
			lookingUp('getbymobile', { mobile: people[2].mobile }),
			lookingUp('get', { userid: people[2].userId }),
			portion(0, 20),
			portion(20, 40),
			portion(40, 45),
		]);
		expect(await meteredBy(desk())).toBe(Math.ceil(45 / 20));
		expect(items).toHaveLength(45);
		expect(items.map(({ id }) => id)).toEqual(idsOf(people));
		expect(new Set(pairs.map((pair) => JSON.stringify(pair)))).toEqual(new Set(['{"item":0}']));
		expect(items[44]).toEqual({
			id: people[44].unionId,
			person: people[44].unionId,
			readable: true,
			reason: null,
			busy: [{ start: '2026-03-03T10:00:00+08:00', end: '2026-03-03T11:00:00+08:00', status: 'busy', allDay: false }],
		});
		expect(items.slice(0, 44).every(({ busy }) => Array.isArray(busy) && busy.length === 0)).toBe(true);
	});

	it.each([1, 20, 21, 40, 41])('costs one call per 20 people for %i people', async (count) => {
		const [asker] = desk().people;
		const people = idsOf(desk().people.slice(0, count)).join('\n');
		const { items } = await desk().runWorkflow('freeBusy.get', [{ person: asker.unionId, people, ...typed(3) }]);
		expect(items).toHaveLength(count);
		expect(await meteredBy(desk())).toBe(Math.ceil(count / 20));
	});

	it('returns people as entered and looks each up once per run', async () => {
		const [asker, anna, ben] = desk().people;
		const item = { person: asker.unionId, people: [anna.mobile, { name: 'Ben', unionId: ben.unionId }], ...typed(3) };
		const { items } = await desk().runWorkflow('freeBusy.get', [item, item]);
		expect(items.map(({ id, person }) => [id, person])).toEqual([
			[anna.unionId, anna.mobile],
			[ben.unionId, ben.unionId],
			[anna.unionId, anna.mobile],
			[ben.unionId, ben.unionId],
		]);
		const lookUps = (await callsOf(desk())).filter(({ metered }) => !metered);
		expect(lookUps.map(({ path }) => path)).toEqual(['/topapi/v2/user/getbymobile', '/topapi/v2/user/get']);
	});

	it('returns names with free calls when requested', async () => {
		const [asker, anna, ben] = desk().people;
		const { items } = await desk().runNode({
			parameters: {
				resource: 'freeBusy',
				operation: 'get',
				user: asker.unionId,
				people: `${anna.unionId}, ${ben.unionId}`,
				timeMin: '2026-03-03T08:00',
				timeMax: '2026-03-03T20:00',
				options: { lookUpNames: true },
			},
		});
		expect(items.map(({ name }) => name)).toEqual([anna.name, ben.name]);
		expect(await meteredBy(desk())).toBe(1);
	});

	it('returns the reason for a person whose calendar cannot be read, without affecting the others', async () => {
		const [asker, anna, closed] = desk().people;
		await desk().control('people', { userId: closed.userId, privateFreeBusy: true });
		const stranger = 'NobodyKnowsThisOneiEiE';
		const people = [closed.unionId, anna.unionId, stranger].join();
		const { run, items } = await desk().runWorkflow('freeBusy.get', [{ person: asker.unionId, people, ...typed(3) }]);
		expect(errorOf(run)).toBeUndefined();
		expect(items).toEqual([
			{ id: closed.unionId, person: closed.unionId, readable: false, reason: '无权限', busy: [] },
			{ id: anna.unionId, person: anna.unionId, readable: true, reason: null, busy: [] },
			{ id: stranger, person: stranger, readable: false, reason: '无权限', busy: [] },
		]);
		const { items: free } = await desk().runWorkflow('freeBusy.get.free', [
			{ person: asker.unionId, people, ...typed(3) },
		]);
		expect(free.map(({ readable, free: gaps }) => [readable, (gaps as unknown[]).length])).toEqual([
			[false, 0],
			[true, 1],
			[false, 0],
		]);
	});

	it('returns the unchanged response of DingTalk in raw output', async () => {
		const [asker, anna, closed] = desk().people;
		await desk().control('people', { userId: closed.userId, privateFreeBusy: true });
		plant(desk(), anna, hour(3, 10));
		const { items } = await desk().runNode({
			parameters: {
				resource: 'freeBusy',
				operation: 'get',
				user: asker.unionId,
				people: `${anna.unionId},${closed.unionId}`,
				timeMin: '2026-03-03T08:00',
				timeMax: '2026-03-03T20:00',
				output: 'raw',
			},
		});
		const [call] = await callsOf(desk());
		const { scheduleInformation } = call.response as { scheduleInformation: Array<{ scheduleItems?: IDataObject[] }> };
		expect(items).toEqual([
			{ id: anna.unionId, person: anna.unionId, error: null, scheduleItems: scheduleInformation[0].scheduleItems },
			{ id: closed.unionId, person: closed.unionId, error: '无权限', scheduleItems: [] },
		]);
		expect(scheduleInformation[0].scheduleItems).toHaveLength(1);
	});

	it('reads the others if the error of one person is not a text, and shows no code of the back end', async () => {
		const [asker, anna, closed, leaver] = desk().people;
		const body = {
			scheduleInformation: [
				{ userId: closed.unionId, error: {} },
				{ userId: leaver.unionId, error: 'code: 300000, developerMessage: no such user' },
				{ userId: anna.unionId, error: [], scheduleItems: [{ status: 'BUSY', ...hour(3, 10) }] },
			],
		};
		await desk().control('faults', { match: { path: '*/querySchedule' }, do: 'status', status: 200, body });
		const { items, run } = await desk().runNode({
			parameters: {
				resource: 'freeBusy',
				operation: 'get',
				user: asker.unionId,
				people: [anna, closed, leaver].map(({ unionId }) => unionId).join(),
				timeMin: '2026-03-03T08:00',
				timeMax: '2026-03-03T20:00',
			},
		});
		expect(errorOf(run)).toBeUndefined();
		expect(items.map(({ readable, reason, busy }) => [readable, reason, (busy as unknown[]).length])).toEqual([
			[true, null, 1],
			[false, '{}', 0],
			[false, 'no such user', 0],
		]);
	});

	it('explains that DingTalk does not accept a value, as DingTalk itself gives no reason', async () => {
		const { run } = await desk().runWorkflow('freeBusy.get', [
			{ person: 'NobodyKnowsThisOneiEiE', people: desk().people[0].unionId, ...typed(3) },
		]);
		expect(errorOf(run)?.message).toBe(
			'DingTalk could not read free/busy times because it does not accept one of the values [Item 0]',
		);
	});
});

describe('computing busy and free times', () => {
	const ask = async (parameters: INodeParameters, timezone = 'Asia/Shanghai'): Promise<IDataObject> => {
		const [host] = desk().people;
		const { items, run } = await desk().runNode({
			parameters: { resource: 'freeBusy', operation: 'get', user: host.unionId, people: host.unionId, ...parameters },
			timezone,
		});
		expect(errorOf(run)).toBeUndefined();
		return items[0];
	};
	const day = (number: number): INodeParameters => ({
		timeMin: `2026-03-0${number}T08:00`,
		timeMax: `2026-03-0${number}T20:00`,
	});

	it('merges overlapping and adjacent blocks for free times but lists them separately as busy times', async () => {
		const [host] = desk().people;
		const times = [
			['09:00', '10:00'],
			['10:00', '11:00'],
			['10:30', '12:00'],
			['10:45', '11:15'],
		];
		for (const [from, to] of times) plant(desk(), host, at(3, from, to));
		const { busy } = await ask(day(3));
		expect((busy as IDataObject[]).map(({ start, end }) => [start, end])).toEqual(
			times.map((pair) => pair.map((clock) => `2026-03-03T${clock}:00+08:00`)),
		);
		expect(await ask({ ...day(3), output: 'free' })).toMatchObject({
			readable: true,
			free: [
				{ start: '2026-03-03T08:00:00+08:00', end: '2026-03-03T09:00:00+08:00', minutes: 60 },
				{ start: '2026-03-03T12:00:00+08:00', end: '2026-03-03T20:00:00+08:00', minutes: 480 },
			],
		});
	});

	it('cuts blocks at the edges of the range, including midnight', async () => {
		const [host] = desk().people;
		plant(desk(), host, {
			start: { dateTime: '2026-03-03T23:00:00+08:00', timeZone: 'Asia/Shanghai' },
			end: { dateTime: '2026-03-04T01:00:00+08:00', timeZone: 'Asia/Shanghai' },
		});
		const block = { status: 'busy', allDay: false };
		expect(await ask({ timeMin: '2026-03-03', timeMax: '2026-03-04' })).toMatchObject({
			busy: [{ start: '2026-03-03T23:00:00+08:00', end: '2026-03-04T00:00:00+08:00', ...block }],
		});
		expect(await ask({ timeMin: '2026-03-04', timeMax: '2026-03-05', output: 'free' })).toMatchObject({
			free: [{ start: '2026-03-04T01:00:00+08:00', end: '2026-03-05T00:00:00+08:00', minutes: 23 * 60 }],
		});
	});

	it('returns no free time when the whole range is busy', async () => {
		plant(desk(), desk().people[0], { isAllDay: true, start: { date: '2026-03-03' }, end: { date: '2026-03-05' } });
		expect(await ask({ ...day(3), output: 'free' })).toMatchObject({ free: [] });
	});

	it.each([
		['Asia/Shanghai', '+08:00'],
		['Europe/Berlin', '+01:00'],
		['America/New_York', '-05:00'],
	])('reads an all-day event from midnight to midnight in %s, the time zone of the workflow', async (zone, offset) => {
		plant(desk(), desk().people[0], { isAllDay: true, start: { date: '2026-03-04' }, end: { date: '2026-03-05' } });
		expect(await ask({ timeMin: '2026-03-03', timeMax: '2026-03-06' }, zone)).toMatchObject({
			busy: [
				{ start: `2026-03-04T00:00:00${offset}`, end: `2026-03-05T00:00:00${offset}`, status: 'busy', allDay: true },
			],
		});
	});

	it('returns the actual length of a day with a clock change', async () => {
		expect(
			await ask({ timeMin: '2026-03-08', timeMax: '2026-03-09', output: 'free' }, 'America/New_York'),
		).toMatchObject({
			free: [{ start: '2026-03-08T00:00:00-05:00', end: '2026-03-09T00:00:00-04:00', minutes: 23 * 60 }],
		});
		expect(
			await ask({ timeMin: '2026-11-01', timeMax: '2026-11-02', output: 'free' }, 'America/New_York'),
		).toMatchObject({
			free: [{ start: '2026-11-01T00:00:00-04:00', end: '2026-11-02T00:00:00-05:00', minutes: 25 * 60 }],
		});
	});

	it('ends an all-day event at local midnight on a day with a clock change', async () => {
		plant(desk(), desk().people[0], { isAllDay: true, start: { date: '2026-03-08' }, end: { date: '2026-03-09' } });
		expect(await ask({ timeMin: '2026-03-08', timeMax: '2026-03-10' }, 'America/New_York')).toMatchObject({
			busy: [{ start: '2026-03-08T00:00:00-05:00', end: '2026-03-09T00:00:00-04:00' }],
		});
	});

	it('counts tentative times as busy by default', async () => {
		const [host, anna] = desk().people;
		plant(desk(), anna, { ...hour(3, 10), attendees: [{ id: host.unionId }] });
		const people = host.unionId;
		expect(await ask(day(3))).toMatchObject({ busy: [{ start: '2026-03-03T10:00:00+08:00', status: 'tentative' }] });
		expect(await ask({ ...day(3), options: { tentativeIsFree: true } })).toMatchObject({ busy: [] });
		const gaps = async (tentativeIsFree: unknown) => {
			const item = { person: people, people, ...typed(3), tentativeIsFree } as IDataObject;
			return ((await desk().runWorkflow('freeBusy.get.free', [item])).items[0].free as IDataObject[]).map(
				({ minutes }) => minutes,
			);
		};
		expect(await gaps('yes')).toEqual([720]);
		expect(await gaps('no')).toEqual([120, 540]);
		expect(await gaps(null)).toEqual([120, 540]);
	});
});

describe('getting a busy time that is incomplete', () => {
	const start = { dateTime: '2026-03-03T10:00:00+08:00', timeZone: 'Asia/Shanghai' };

	it.each<[string, IDataObject]>([
		['end', { start, end: null }],
		['start', { start: { dateTime: '' }, end: start }],
	])('reports that the person cannot be read, not that the person is free, without its %s', async (_, times) => {
		const [host] = desk().people;
		const scheduleItems = [{ status: 'BUSY', ...times }];
		await desk().control('faults', {
			match: { path: '*/querySchedule' },
			do: 'status',
			status: 200,
			body: { scheduleInformation: [{ userId: host.unionId, scheduleItems }] },
		});
		const { items } = await desk().runWorkflow('freeBusy.get', [
			{ person: host.unionId, people: host.unionId, ...typed(3) },
		]);
		expect(items).toMatchObject([
			{ readable: false, reason: 'DingTalk returned a busy time without its start or end', busy: [] },
		]);
	});
});

describe('getting no schedule of someone', () => {
	it('reports that the person cannot be read, not that the person is free', async () => {
		const [host, anna] = desk().people;
		await desk().control('faults', {
			match: { path: '*/querySchedule' },
			do: 'status',
			status: 200,
			body: { scheduleInformation: [{ userId: host.unionId, scheduleItems: [] }] },
		});
		const { items } = await desk().runWorkflow('freeBusy.get', [
			{ person: host.unionId, people: `${host.unionId}, ${anna.unionId}`, ...typed(3) },
		]);
		expect(items).toMatchObject([
			{ readable: true, busy: [] },
			{ readable: false, reason: 'DingTalk returned no schedule', busy: [] },
		]);
	});
});

describe('getting free and busy times with invalid input', () => {
	it.each<[string, INodeParameters]>([
		["'Request As' is empty", { user: "={{ '' }}" }],
		["'People' is empty", { people: ' , ' }],
		["'People' cannot be used: 'who?' is not a mobile number", { people: 'who?', options: { identifyBy: 'mobile' } }],
		[
			"'People' cannot be used: '13857130207' is a mobile number, not a union ID",
			{ people: '13857130207', options: { identifyBy: 'unionId' } },
		],
		["'From' is empty", { timeMin: "={{ '' }}" }],
		["'To' is empty", { timeMax: '={{ null }}' }],
		["'From' is not a valid date and time: soon", { timeMin: 'soon' }],
		["'To' is not later than 'From'", { timeMax: '2026-03-03T08:00' }],
		["'To' is not later than 'From'", { timeMax: '2026-03-02' }],
		["'Output' has no option 'all'", { output: 'all' }],
		["'Tentative Is Free' is neither true nor false: perhaps", { options: { tentativeIsFree: 'perhaps' } }],
	])('fails before any call: %s', async (message, parameters) => {
		const { run } = await desk().runNode({
			parameters: {
				resource: 'freeBusy',
				operation: 'get',
				user: desk().people[0].unionId,
				people: desk().people[1].unionId,
				timeMin: '2026-03-03T08:00',
				timeMax: '2026-03-03T20:00',
				...parameters,
			},
		});
		expect(errorOf(run)?.message).toBe(`${message} [Item 0]`);
		expect(await callsOf(desk())).toEqual([]);
	});
});
