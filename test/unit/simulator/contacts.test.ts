/** Tests the simulator's directory of people and departments. */
import { startSimulator, type Simulator } from '../../simulator';
import type { Person } from '../../simulator/company';
import { department } from '../../simulator/seed/seedDepartments';
import { SimulatorClient } from './simulatorClient';

let simulator: Simulator;
let client: SimulatorClient;
let token: string;
let people: Person[];

beforeAll(async () => {
	simulator = await startSimulator();
	client = new SimulatorClient(simulator);
});
beforeEach(async () => {
	simulator.reset();
	token = await client.token();
	people = simulator.world.company.people;
});
afterAll(() => simulator.close());

const old = async (path: string, body: object = {}) => (await client.old(path, body, token)).body;
const search = async (body: object, what = 'users') =>
	(await client.post(`/v1.0/contact/${what}/search`, { offset: 0, size: 10, ...body }, token)).body;
const members = (id: number) => people.filter(({ departmentIds }) => departmentIds.includes(id));

describe('A contact', () => {
	test('is returned with a lowercase unionid', async () => {
		const [person] = people;
		expect(await old('/topapi/v2/user/get', { userid: person.userId })).toMatchObject({
			errcode: 0,
			errmsg: 'ok',
			request_id: expect.any(String),
			result: { userid: person.userId, unionid: person.unionId, name: person.name, mobile: person.mobile },
		});
	});

	test('can be requested with a form body', async () => {
		const answer = await client.form(`/topapi/v2/user/get?access_token=${token}`, { userid: people[4].userId });
		expect(answer.body).toMatchObject({ errcode: 0, result: { unionid: people[4].unionId } });
	});

	test.each([
		[{}, 400002],
		[{ userid: 'two words' }, 33012],
		[{ userid: 'nobody' }, 60121],
	])('requested with %j returns errcode %i', async (body, errcode) => {
		expect(await old('/topapi/v2/user/get', body)).toMatchObject({ errcode });
	});

	test('is found by mobile number, with or without the country code', async () => {
		for (const mobile of [people[7].mobile, `+86-${people[7].mobile}`]) {
			expect(await old('/topapi/v2/user/getbymobile', { mobile })).toMatchObject({
				result: { userid: people[7].userId },
			});
		}
	});

	test.each([
		[{}, 400002],
		[{ mobile: 'not a number' }, 40104],
		[{ mobile: '13000000000' }, 60121],
	])('requested by mobile number with %j returns errcode %i', async (body, errcode) => {
		expect(await old('/topapi/v2/user/getbymobile', body)).toMatchObject({ errcode });
	});

	test('is found by unionid', async () => {
		const [person] = people;
		expect(await old('/topapi/user/getbyunionid', { unionid: person.unionId })).toMatchObject({
			result: { contact_type: 0, userid: person.userId },
		});
		expect(await old('/topapi/user/getbyunionid', { unionid: person.userId })).toMatchObject({ errcode: 60121 });
	});

	test("outside the app's range is refused by ID and not found by name", async () => {
		const [person] = people;
		await client.control('people', { userId: person.userId, outsideScope: true });
		expect(await old('/topapi/v2/user/get', { userid: person.userId })).toMatchObject({ errcode: 50002 });
		expect(await search({ queryWord: person.name })).toMatchObject({ list: [] });
		const { body } = await client.get(`/auth/scopes?access_token=${token}`);
		expect(body).toMatchObject({ auth_org_scopes: { authed_dept: [] } });
	});

	test('can read their own entry, with the mobile number only with permission', async () => {
		const [person] = people;
		const me = async () => (await client.get('/v1.0/contact/users/me', await client.userToken(person.userId))).body;
		expect(await me()).toMatchObject({
			nick: person.name,
			unionId: person.unionId,
			mobile: person.mobile,
			stateCode: '86',
		});
		await client.control('apps', { clientId: 'sim-internal', scopes: ['Contact.User.Read'] });
		expect(await me()).not.toHaveProperty('mobile');
	});
});

describe('The contact search', () => {
	test('finds both people with the same name', async () => {
		const namesakes = people.filter(({ name }) => name === '张伟').map(({ userId }) => userId);
		expect(namesakes).toHaveLength(2);
		const found = await search({ queryWord: '张伟', fullMatchField: 1 });
		expect(found).toEqual({ hasMore: false, totalCount: 2, list: namesakes });
	});

	test('finds people by part of the name or its pinyin, unless a full match is requested', async () => {
		const { userId } = people[9];
		expect(await search({ queryWord: '思远' })).toMatchObject({ list: [userId] });
		expect(await search({ queryWord: 'FengSi' })).toMatchObject({ list: [userId] });
		expect(await search({ queryWord: '思远', fullMatchField: 1 })).toMatchObject({ list: [], totalCount: 0 });
	});

	test('pages by page number or by row, depending on the switch', async () => {
		const all = await search({ queryWord: 'a', size: 100 });
		const ids = all.list as string[];
		expect(await search({ queryWord: 'a', size: 4, offset: 1 })).toMatchObject({
			hasMore: true,
			list: ids.slice(4, 8),
		});
		await client.control('switches', { searchOffset: 'row' });
		expect(await search({ queryWord: 'a', size: 4, offset: 1 })).toMatchObject({ list: ids.slice(1, 5) });
	});

	test('requires a word, an offset and a size', async () => {
		for (const body of [{ queryWord: '' }, { queryWord: 'a', size: 0 }, { queryWord: 'a', offset: -1 }]) {
			expect(await search(body)).toMatchObject({ code: 'parameter.error' });
		}
	});

	test('finds departments', async () => {
		const found = await search({ queryWord: '组' }, 'departments');
		expect(found).toMatchObject({ list: [department.frontEnd, department.backEnd] });
	});
});

describe('A department', () => {
	test('lists its direct members page by page', async () => {
		const expected = members(department.research).map(({ unionId }) => unionId);
		const first = await old('/topapi/v2/user/list', { dept_id: department.research, cursor: 0, size: 6 });
		expect(first).toMatchObject({ result: { has_more: true, next_cursor: 6 } });
		const second = await old('/topapi/v2/user/list', { dept_id: department.research, cursor: 6, size: 100 });
		expect(second).toMatchObject({ result: { has_more: false } });
		const listed = [first, second].flatMap(({ result }) => (result as { list: Array<{ unionid: string }> }).list);
		expect(listed.map(({ unionid }) => unionid)).toEqual(expected);
	});

	test('lists its members in short form and as IDs only', async () => {
		const [first] = members(department.sales);
		const short = await old('/topapi/user/listsimple', { dept_id: department.sales, cursor: 0, size: 1 });
		expect(short).toMatchObject({ result: { list: [{ userid: first.userId, name: first.name }] } });
		const ids = await old('/topapi/user/listid', { dept_id: department.sales });
		expect(ids).toMatchObject({ result: { userid_list: members(department.sales).map(({ userId }) => userId) } });
	});

	test('lists its child departments one level at a time', async () => {
		expect(await old('/topapi/v2/department/listsub')).toMatchObject({
			result: [{ dept_id: department.research, parent_id: 1 }, {}, {}, {}],
		});
		expect(await old('/topapi/v2/department/listsubid', { dept_id: department.research })).toMatchObject({
			result: { dept_id_list: [department.frontEnd, department.backEnd] },
		});
		expect(await old('/topapi/v2/department/get', { dept_id: department.frontEnd })).toMatchObject({
			result: { name: '前端组', parent_id: department.research },
		});
	});

	test.each([
		['/topapi/v2/department/listsub', { dept_id: 404 }, 60003],
		['/topapi/v2/user/list', { cursor: 0, size: 10 }, 400002],
		['/topapi/user/listsimple', { dept_id: 1, cursor: 0, size: 101 }, 40069],
		['/topapi/user/listsimple', { dept_id: 1, cursor: -1, size: 10 }, 40068],
	])('requested by %s with %j returns errcode %i', async (path, body, errcode) => {
		expect(await old(path, body)).toMatchObject({ errcode });
	});
});

test('Contact calls do not count against the monthly quota', async () => {
	await search({ queryWord: 'a' });
	await old('/topapi/v2/department/listsub');
	expect(await client.calls()).toMatchObject({ metered: 0, free: 2 });
});
