/** Tests the lists of the resource locators: people, departments, rooms, events and calendars. */
import { readFileSync } from 'node:fs';
import type { INodeListSearchResult, INodeParameters } from 'n8n-workflow';
import { join } from 'node:path';

import { department } from '../simulator/seed/seedDepartments';
import { hire, hour, plant } from './support/events';
import { build, credentialOf, roomsOf } from './support/state';
import { useDesk, useNowAsToday } from './support/setup';

const desk = useDesk({ waits: 'skipped' });

const locator = (value: string, mode = 'auto') => ({ __rl: true, mode, value });

interface Search {
	filter?: string;
	token?: string;
	parameters?: INodeParameters;
	credential?: ReturnType<typeof credentialOf>;
}

async function list(
	method: string,
	{ filter, token, parameters, credential = desk().credential }: Search = {},
): Promise<INodeListSearchResult> {
	return await desk().engine.listSearch({ credential, parameters }, method, filter, token);
}

const tokenOf = ({ paginationToken }: INodeListSearchResult): string | undefined => {
	expect(['string', 'undefined']).toContain(typeof paginationToken);
	return paginationToken as string | undefined;
};

/** All pages, as the editor requests them while the user scrolls. */
async function pagesOf(method: string, search: Search = {}): Promise<INodeListSearchResult[]> {
	const pages = [await list(method, search)];
	for (let token = tokenOf(pages[0]); token !== undefined; token = tokenOf(pages[pages.length - 1])) {
		pages.push(await list(method, { ...search, token }));
	}
	return pages;
}

const namesOf = (...pages: INodeListSearchResult[]): string[] =>
	pages.flatMap(({ results }) => results.map(({ name }) => name));
const valuesOf = (...pages: INodeListSearchResult[]): unknown[] =>
	pages.flatMap(({ results }) => results.map(({ value }) => value));

const forPerson = (value: string, mode?: string): INodeParameters => ({ user: locator(value, mode) });
const me = (): INodeParameters => forPerson(desk().people[0].unionId);

async function countsOf(): Promise<Record<string, number>> {
	const { counts } = await desk().recorder.summary();
	return Object.fromEntries(Object.entries(counts).filter(([call]) => !call.includes('oauth2')));
}

const masked = (mobile: string): string => `${mobile.slice(0, 3)}****${mobile.slice(-4)}`;

describe('The list of people', () => {
	it('is browsed by department, with two calls per department', async () => {
		const first = await list('searchPeople');
		const [boss, assistant] = desk().people;
		expect(first.results).toEqual([
			{ name: `${boss.name} · ${boss.title} · ${masked(boss.mobile)}`, value: boss.unionId },
			{ name: `${assistant.name} · ${assistant.title} · ${masked(assistant.mobile)}`, value: assistant.unionId },
		]);
		expect(await countsOf()).toEqual({ 'POST /topapi/v2/user/list': 1, 'POST /topapi/v2/department/listsub': 1 });
		const second = await list('searchPeople', { token: tokenOf(first) });
		const third = desk().people[2];
		expect(second.results[0]).toEqual({
			name: `${third.name} · 研发中心 · ${third.title} · ${masked(third.mobile)}`,
			value: third.unionId,
		});
	});

	it('contains everyone over all pages, without a lookup per person', async () => {
		hire(desk(), 130);
		const pages = await pagesOf('searchPeople');
		expect(new Set(valuesOf(...pages))).toEqual(new Set(desk().people.map(({ unionId }) => unionId)));
		expect(pages.every(({ results }) => results.length > 0 && results.length <= 100)).toBe(true);
		expect(await countsOf()).toEqual({ 'POST /topapi/v2/user/list': 8, 'POST /topapi/v2/department/listsub': 7 });
	});

	it('begins with the first department that has members', async () => {
		for (const person of desk().people)
			person.departmentIds = person.departmentIds.filter((id) => id !== department.root && id !== department.research);
		expect(namesOf(await list('searchPeople'))[0]).toMatch(/^张伟 · 前端组 · 前端组长 · /);
	});

	it.each(['page', 'row'])(
		'is searched by part of the name, whether DingTalk counts the offset in pages or rows (%ss)',
		async (searchOffset) => {
			await desk().control('switches', { searchOffset });
			const crowd = hire(desk(), 45);
			const pages = await pagesOf('searchPeople', { filter: ' guest ' });
			expect(pages.map(({ results }) => results.length)).toEqual([20, 20, 5]);
			expect(valuesOf(...pages)).toEqual(crowd.map(({ unionId }) => unionId));
		},
	);

	it('distinguishes people with the same name without showing full mobile numbers', async () => {
		const [one, other] = desk().people.filter(({ name }) => name === '张伟');
		expect(await list('searchPeople', { filter: '张伟' })).toMatchObject({
			results: [
				{ name: `张伟 · 前端组 · 前端组长 · ${masked(one.mobile)}`, value: one.unionId },
				{ name: `张伟 · 市场销售部 · 渠道专员 · ${masked(other.mobile)}`, value: other.unionId },
			],
		});
	});

	it('shows no full mobile number of any country', async () => {
		const [abroad, short] = hire(desk(), 2);
		Object.assign(abroad, { mobile: '+852-51234567' });
		Object.assign(short, { mobile: '51234567' });
		expect(namesOf(await list('searchPeople', { filter: 'guest' }))).toEqual([
			'Guest 00000 · +85****4567',
			'Guest 00001 · ****4567',
		]);
	});

	it('is searched by mobile number, and by department where no one has the name', async () => {
		const [, anna] = desk().people;
		const spaced = anna.mobile.replace(/^(\d{3})(\d{4})/, '+86 $1-$2-');
		for (const filter of [anna.mobile, spaced])
			expect(valuesOf(await list('searchPeople', { filter }))).toEqual([anna.unionId]);
		const members = desk().people.filter(({ departmentIds }) => departmentIds.includes(department.humanResources));
		expect(members).not.toHaveLength(0);
		expect(valuesOf(await list('searchPeople', { filter: '人力资源' })).sort()).toEqual(
			members.map(({ unionId }) => unionId).sort(),
		);
	});

	it('is empty, without an error, if no one has the name', async () => {
		expect(await list('searchPeople', { filter: '赵无此人' })).toEqual({ results: [], paginationToken: undefined });
	});
});

describe('The list of departments', () => {
	it('is browsed level by level, with no empty page except the last', async () => {
		const pages = await pagesOf('searchDepartments');
		expect(pages.map((page) => namesOf(page))).toEqual([
			['研发中心', '人力资源部', '市场销售部', '行政财务部'],
			['前端组', '后端组'],
			[],
		]);
		expect(valuesOf(...pages)).toEqual([
			department.research,
			department.humanResources,
			department.sales,
			department.administration,
			department.frontEnd,
			department.backEnd,
		]);
	});

	it('continues past departments without subdepartments', async () => {
		const { departments } = desk().simulator.world.company;
		departments.push({ departmentId: 510_010_041, name: '华东区', parentId: department.administration });
		const [, second, third] = await pagesOf('searchDepartments');
		expect([namesOf(second), namesOf(third)]).toEqual([['前端组', '后端组'], ['华东区']]);
	});

	it('is searched by part of the name, including the second page', async () => {
		const { departments } = desk().simulator.world.company;
		for (let i = 0; i < 25; i++)
			departments.push({ departmentId: 600_000_000 + i, name: `门店 ${i}`, parentId: department.sales });
		const pages = await pagesOf('searchDepartments', { filter: '门店' });
		expect(pages.map(({ results }) => results.length)).toEqual([20, 5]);
		expect(pages[1].results[4]).toEqual({ name: '门店 24', value: 600_000_024 });
	});
});

describe('The list of rooms', () => {
	it('shows seats and location', async () => {
		const [room] = roomsOf(desk());
		const { results } = await list('searchRooms', { parameters: me() });
		expect(results).toHaveLength(8);
		expect(results[0]).toEqual({ name: '钱塘厅 · 20 seats · 总部一层', value: room.roomId });
	});

	it('is searched by name or location on all pages', async () => {
		const built = build(desk(), 250);
		Object.assign(built[240], { roomName: 'Observatory' });
		const pages = await pagesOf('searchRooms', { parameters: me() });
		expect(pages.map(({ results }) => results.length)).toEqual([100, 100, 58]);
		expect(await list('searchRooms', { parameters: me(), filter: 'observ' })).toMatchObject({
			results: [{ value: built[240].roomId }],
		});
		expect(namesOf(await list('searchRooms', { parameters: me(), filter: '二层' }))).toHaveLength(4);
	});
});

describe('The list of events', () => {
	useNowAsToday();

	it('contains the events around today, with times in the time zone of the workflow', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host, { summary: 'Planning', ...hour(3, 10) });
		const { results } = await list('searchEvents', { parameters: me() });
		const other = await list('searchEvents', { parameters: me(), filter: 'nothing like it' });
		expect(results).toEqual([{ name: 'Planning · Tue 3 Mar 2026 02:00', value: eventId }]);
		expect(other).toEqual({ results: [], paginationToken: undefined });
	});

	it.each([
		['zh', 'Planning · 2026年3月3日 周二 02:00'],
		['en', 'Planning · Tue 3 Mar 2026 02:00'],
		['={{ $json.language }}', 'Planning · Tue 3 Mar 2026 02:00'],
	])('writes its dates in the language of the node (%s)', async (dateLanguage, name) => {
		const eventId = plant(desk(), desk().people[0], { summary: 'Planning', ...hour(3, 10) });
		const { results } = await list('searchEvents', { parameters: { ...me(), runOptions: { dateLanguage } } });
		expect(results).toEqual([{ name, value: eventId }]);
	});

	it('is searched past pages without matches and past empty pages', async () => {
		await desk().control('switches', { emptyPages: 'sometimes' });
		const [host] = desk().people;
		for (let i = 0; i < 110; i++) plant(desk(), host, { summary: `Call ${i}`, ...hour(3 + (i % 20), 9) });
		const wanted = plant(desk(), host, { summary: 'Review', ...hour(28, 15) });
		const found = await list('searchEvents', { parameters: me(), filter: 'REVIEW' });
		const pages = await pagesOf('searchEvents', { parameters: me() });
		expect(valuesOf(found)).toEqual([wanted]);
		expect(valuesOf(...pages)).toHaveLength(111);
		expect(pages.slice(0, -1).every(({ results }) => results.length > 0)).toBe(true);
	});
});

describe('The list of events with a series', () => {
	useNowAsToday();

	it('contains the whole series once, and each occurrence', async () => {
		const [host] = desk().people;
		const daily = { pattern: { type: 'daily', interval: 1 }, range: { type: 'noEnd' } };
		const series = plant(desk(), host, { summary: 'Stand-up', ...hour(3, 1), recurrence: daily });
		for (let i = 0; i < 90; i++) plant(desk(), host, { summary: `Call ${i}`, ...hour(3 + (i % 20), 9) });
		const pages = await pagesOf('searchEvents', { parameters: me() });
		const standUps = pages.flatMap(({ results }) => results).filter(({ name }) => name.includes('Stand-up'));
		expect(pages.length).toBeGreaterThan(1);
		expect(standUps[0]).toEqual({ name: 'Whole series · Stand-up', value: series });
		expect(standUps.filter(({ value }) => value === series)).toHaveLength(1);
		expect(
			standUps.slice(1).every(({ name, value }) => name.startsWith('This date only · Stand-up · ') && value !== series),
		).toBe(true);
		expect(standUps.length).toBeGreaterThan(30);
	});
});

describe('The list of calendars', () => {
	it('contains the calendars that the person sees, with primary for the own one', async () => {
		const [host, anna] = desk().people;
		await desk().runNode({
			parameters: {
				resource: 'accessControl',
				operation: 'create',
				user: locator(anna.unionId),
				grantee: locator(host.unionId),
				privilege: 'reader',
			},
		});
		const { results } = await list('searchCalendars', { parameters: me() });
		expect(results[0]).toMatchObject({ name: expect.stringContaining('own calendar'), value: 'primary' });
		expect(results.length).toBeGreaterThan(1);
		expect((await list('searchCalendars', { parameters: me(), filter: 'no such calendar' })).results).toEqual([]);
	});
});

const PERSONAL = ['searchEvents', 'searchCalendars', 'searchRooms'];

describe('A list that belongs to a person', () => {
	it.each(PERSONAL)('asks for the person first: %s', async (method) => {
		for (const parameters of [{}, forPerson(''), forPerson('  ')]) {
			await expect(list(method, { parameters })).rejects.toThrow('Select the person first');
		}
	});

	it.each(PERSONAL)('is unavailable if the person is an expression: %s', async (method) => {
		await expect(list(method, { parameters: forPerson('={{ $json.organizer }}') })).rejects.toThrow(
			'The person is an expression',
		);
	});

	it.each(PERSONAL)('accepts the person in every form: %s', async (method) => {
		const [{ unionId, userId, mobile, name, email }] = desk().people;
		const first = await list(method, { parameters: forPerson(unionId, 'list') });
		for (const parameters of [
			forPerson(userId, 'userId'),
			forPerson(mobile),
			forPerson(`${name} <${mobile}>`),
			forPerson(name),
			forPerson(email),
			{ user: mobile },
		]) {
			expect(await list(method, { parameters })).toEqual(first);
		}
	});

	it.each(PERSONAL)('says why the person cannot be identified: %s', async (method) => {
		await expect(list(method, { parameters: forPerson('张伟') })).rejects.toThrow(
			"several people have the name '张伟'",
		);
		await expect(list(method, { parameters: forPerson('???') })).rejects.toThrow(
			"The person cannot be used: '???' is not",
		);
		await expect(list(method, { parameters: forPerson('13800138000', 'unionId') })).rejects.toThrow(
			"'138****8000' is a mobile number, not a union ID",
		);
		await expect(list(method, { parameters: forPerson('19999990000') })).rejects.toThrow(
			"No one in your organization has this user ID or mobile number: '199****0000'",
		);
	});
});

describe('A list that cannot be read', () => {
	const SEARCHES: Array<[method: string, scope: string, filter: string]> = [
		['searchPeople', 'qyapi_get_department_member', ''],
		['searchPeople', 'qyapi_get_department_list', ''],
		['searchPeople', 'qyapi_addresslist_search', '张伟'],
		['searchPeople', 'qyapi_get_member', '张伟'],
		['searchDepartments', 'qyapi_get_department_list', ''],
		['searchDepartments', 'qyapi_addresslist_search', '前端组'],
		['searchRooms', 'VideoConference.Conference.Read', ''],
		['searchEvents', 'Calendar.Event.Read', ''],
		['searchCalendars', 'Calendar.Event.Read', ''],
	];

	it.each(SEARCHES)('names the missing permission: %s, %s', async (method, scope, filter) => {
		const app = desk().simulator.world.company.apps.find(({ clientId }) => clientId === 'sim-internal');
		await desk().control('apps', { clientId: 'sim-internal', scopes: app?.scopes.filter((one) => one !== scope) });
		await expect(list(method, { parameters: me(), filter })).rejects.toThrow(
			new RegExp(`^Your DingTalk app is not allowed to .*Select the permission ${scope} for your app`),
		);
	});

	const METHODS = ['searchPeople', 'searchDepartments', ...PERSONAL];

	it('is covered by this test, except the time zones, which need no call', () => {
		const index = readFileSync(join(__dirname, '../../nodes/DingTalkCalendar/methods/listSearch/index.ts'), 'utf8');
		const exported = /listSearch = \{([^}]+)\}/
			.exec(index)?.[1]
			.split(',')
			.map((name) => name.trim());
		expect(exported?.filter((name) => name !== '').sort()).toEqual([...METHODS, 'searchTimeZones'].sort());
	});

	it.each(METHODS)('reports a wrong secret: %s', async (method) => {
		const credential = credentialOf(desk(), { clientId: 'sim-internal', clientSecret: 'wrong' });
		await expect(list(method, { parameters: me(), credential })).rejects.toThrow(
			"does not accept the 'Client ID' or 'Client Secret'",
		);
	});

	it.each(METHODS)('reports that DingTalk cannot be reached: %s', async (method) => {
		const credential = credentialOf(desk(), { clientId: 'sim-internal', baseUrl: 'http://127.0.0.1:9' });
		await expect(list(method, { parameters: me(), credential })).rejects.toThrow('Could not reach 127.0.0.1:9');
	});
});
