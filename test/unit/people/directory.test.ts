/** Tests the lookup of people in the directory, with a transport that answers each call by a function. */
import { readAccount } from '../../../lib/dingtalk/account';
import { api } from '../../../lib/dingtalk/endpoints';
import { DingTalkClient } from '../../../lib/dingtalk/client/client';
import type { Transport, TransportRequest } from '../../../lib/dingtalk/client/types';
import { Directory, UnresolvedPersonError } from '../../../lib/dingtalk/people/directory';
import { DingTalkError, networkError } from '../../../lib/dingtalk/errors/DingTalkError';
import { parseIdentifier, type IdentifyBy } from '../../../lib/dingtalk/people/parseIdentifier';
import { amount } from '../../long/amount';

type Body = Record<string, unknown>;
type Answer = (body: Body, request: TransportRequest) => unknown;

interface Rig {
	directory: Directory;
	sent: TransportRequest[];
}

let apps = 0;

/** A directory on a transport that answers each request by a function for its path. */
function directoryOf(answers: Record<string, Answer>, signal?: AbortSignal): Rig {
	const sent: TransportRequest[] = [];
	const transport: Transport = {
		// A new app each time, because the rate limiter is shared by all calls of an app.
		account: readAccount({ clientId: `directory-${++apps}`, clientSecret: 'secret' }),
		isProved: () => true,
		async send(request) {
			sent.push(request);
			const answer = answers[new URL(request.url).pathname];
			// Responses never arrive synchronously.
			await new Promise((resolve) => setTimeout(resolve, 1));
			const body = answer(request.body as Body, request);
			if (body instanceof Error) throw body;
			return { status: 200, body, rejectToken: () => undefined };
		},
	};
	return { directory: new Directory(new DingTalkClient(transport, signal)), sent };
}

const GET = api.userByUserId.path;
const BY_MOBILE = api.userIdByMobile.path;
const SEARCH = api.searchPeople.path;
const MEMBERS = api.departmentMembers.path;
const BELOW = api.subDepartments.path;
const DEPARTMENT = api.department.path;

const missing = { errcode: 60121, errmsg: '找不到该用户', request_id: 'R-1' };
const person = (userid: string, more: Body = {}) => ({
	userid,
	unionid: `Union${userid}`,
	name: `Name ${userid}`,
	...more,
});

const ask = async ({ directory }: Rig, raw: string, by: IdentifyBy = 'auto'): Promise<string> => {
	const identified = parseIdentifier(raw, by);
	if ('problem' in identified) throw new UnresolvedPersonError(identified.problem);
	return await directory.resolveUnionId(identified, raw);
};

const pathsOf = ({ sent }: Rig): string[] => sent.map(({ url }) => new URL(url).pathname);

describe('Looking up people', () => {
	const company = (): Rig =>
		directoryOf({
			[GET]: ({ userid }) => ({ errcode: 0, result: person(String(userid)) }),
			[BY_MOBILE]: ({ mobile }) => ({ errcode: 0, result: { userid: `of${String(mobile)}` } }),
			[SEARCH]: ({ queryWord }) => ({ list: [`of${String(queryWord)}`] }),
		});

	it('makes one call for concurrent and later lookups of the same person', async () => {
		const rig = company();
		const [first, second] = await Promise.all([ask(rig, '13800138000'), ask(rig, '+86 138 0013 8000')]);
		expect(await ask(rig, '１３８００１３８０００')).toBe(first);
		expect([first, second]).toEqual(['Unionof13800138000', 'Unionof13800138000']);
		expect(pathsOf(rig)).toEqual([BY_MOBILE, GET]);
	});

	it('reads a user ID once, however the person was written', async () => {
		const rig = company();
		expect(
			await Promise.all([
				ask(rig, '13800138000'),
				ask(rig, 'of13800138000'),
				ask(rig, '张伟 <of13800138000>', 'userId'),
			]),
		).toEqual(Array(3).fill('Unionof13800138000'));
		expect(pathsOf(rig).filter((path) => path === GET)).toHaveLength(1);
	});

	it('makes no call for a union ID', async () => {
		const rig = company();
		expect(await ask(rig, 'iPkYRT2JqFaiE4fXkiiEiE')).toBe('iPkYRT2JqFaiE4fXkiiEiE');
		expect(rig.sent).toEqual([]);
	});

	it('searches by name only if no person has the text as a user ID', async () => {
		const rig = directoryOf({
			[GET]: ({ userid }) => (userid === 'lily' ? missing : { errcode: 0, result: person(String(userid)) }),
			[SEARCH]: () => ({ list: ['4711'] }),
		});
		expect(await ask(rig, 'lily')).toBe('Union4711');
		expect(await ask(rig, 'rose')).toBe('Unionrose');
		expect(pathsOf(rig).filter((path) => path === SEARCH)).toHaveLength(1);
	});

	it('does not repeat a lookup that found no one', async () => {
		const rig = directoryOf({ [GET]: () => missing });
		await expect(ask(rig, '4711')).rejects.toThrow(
			"No one in your organization has this user ID or mobile number: '4711'",
		);
		await expect(ask(rig, '4711')).rejects.toThrow(DingTalkError);
		expect(rig.sent).toHaveLength(1);
	});

	it('repeats a lookup after DingTalk could not be reached', async () => {
		jest.useFakeTimers();
		let down = true;
		const rig = directoryOf({
			[GET]: () => (down ? networkError('api.dingtalk.io', 'ECONNRESET') : { errcode: 0, result: person('4711') }),
		});
		const failing = expect(ask(rig, '4711')).rejects.toThrow('Could not reach api.dingtalk.io');
		await jest.advanceTimersByTimeAsync(60_000);
		await failing;
		down = false;
		const found = ask(rig, '4711');
		await jest.advanceTimersByTimeAsync(60_000);
		jest.useRealTimers();
		expect(await found).toBe('Union4711');
	});

	it('lists at most ten people of the same name, with their departments and masked numbers', async () => {
		const numbers = ['13800138000', '+852-51234567', '91234567'];
		const rig = directoryOf({
			[SEARCH]: () => ({ list: Array.from({ length: 12 }, (_, i) => String(i)), hasMore: false }),
			[GET]: ({ userid }) => ({
				errcode: 0,
				result: person(String(userid), { name: '张伟', mobile: numbers[Number(userid)], dept_id_list: [1, 7] }),
			}),
			[DEPARTMENT]: () => ({ errcode: 0, result: { dept_id: 7, name: 'Sales' } }),
		});
		const { message } = (await ask(rig, '张伟').catch((error: Error) => error)) as Error;
		expect(message).toMatch(
			/^several people have the name '张伟': 张伟 \(Sales, 138\*{4}8000\) user ID 0; 张伟 \(Sales, \+85\*{4}4567\) user ID 1; 张伟 \(Sales, \*{4}4567\) user ID 2; .* user ID 9 and more$/,
		);
		expect(pathsOf(rig).filter((path) => path === DEPARTMENT)).toHaveLength(1);
	});

	it('lists people of the same name without a department that the app may not read', async () => {
		const rig = directoryOf({
			[SEARCH]: () => ({ list: ['1', '2'] }),
			[GET]: ({ userid }) => ({ errcode: 0, result: person(String(userid), { name: '张伟', dept_id_list: [7] }) }),
			[DEPARTMENT]: () => ({ errcode: 60011, errmsg: 'no' }),
		});
		await expect(ask(rig, '张伟')).rejects.toThrow(
			"several people have the name '张伟': 张伟 user ID 1; 张伟 user ID 2",
		);
	});
});

describe('Looking up people by e-mail address', () => {
	const list = (...people: Body[]) => ({ errcode: 0, result: { has_more: false, list: people } });
	const company = (...people: Body[]): Rig =>
		directoryOf({
			[MEMBERS]: ({ dept_id }) => (dept_id === 1 ? list(...people) : list(person('2', { email: 'anna@example.com' }))),
			[BELOW]: ({ dept_id }) => ({ errcode: 0, result: dept_id === 1 ? [{ dept_id: 7, name: 'Sales' }] : [] }),
		});

	it('reads the directory once for any number of addresses', async () => {
		const rig = company(person('1', { email: 'Ben@Example.com' }));
		expect(await Promise.all([ask(rig, 'ben@example.com'), ask(rig, 'ANNA@example.com')])).toEqual([
			'Union1',
			'Union2',
		]);
		await expect(ask(rig, 'carl@example.com')).rejects.toThrow(
			"no one visible to your DingTalk app has the e-mail address 'carl@example.com'",
		);
		expect(pathsOf(rig)).toEqual([MEMBERS, BELOW, MEMBERS, BELOW]);
	});

	it('also finds the address assigned by the organization', async () => {
		expect(
			await ask(company(person('1', { email: 'ben@home.example', org_email: 'ben@example.com' })), 'ben@example.com'),
		).toBe('Union1');
	});

	it('rejects an address shared by two people, but not that of a person in two departments', async () => {
		const shared = company(person('1', { email: 'anna@example.com' }));
		await expect(ask(shared, 'anna@example.com')).rejects.toThrow(
			"several people have the e-mail address 'anna@example.com': Name 1 user ID 1; Name 2 user ID 2",
		);
		expect(await ask(company(person('2', { email: 'anna@example.com' })), 'anna@example.com')).toBe('Union2');
	});
});

describe('Looking up random text when DingTalk finds no one', () => {
	/** The same texts in every run, so that a failure can be reproduced. */
	function* randomTexts(count: number): Generator<string> {
		const pieces = [
			'张伟',
			'欧阳娜娜',
			'李',
			'Ann',
			'zhang',
			'wei',
			'O’Neil',
			'😀',
			'👩‍👩‍👧',
			'１３８',
			'００１３８０００',
			'13800138000',
			'+86',
			'139 0013 9000',
			'+852-51234567',
			'86',
			'0',
			'17',
			'9999999',
			' ',
			'　',
			'-',
			'(',
			')',
			'.',
			'..',
			'/',
			'../',
			'%2e%2e%2f',
			'\\',
			'@',
			'example.com',
			"'; DROP TABLE people;--",
			'" OR 1=1',
			'<b>',
			'</b>',
			'<script>alert(1)</script>',
			'<',
			'>',
			'&amp;',
			'{{ $json }}',
			'${1}',
			'\u0000',
			'\ud83d',
			'\u202e',
			'\n',
			'\t',
			'me',
			'null',
			'[]',
			'{}',
			'=',
			'+',
			'_',
			'iPkYRT2JqFaiE4fXkiiEiE',
			'AbCdEfGhIjKlMnOp',
			'manager4220',
		];
		let state = 20_260_302;
		const next = (below: number): number => {
			state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
			return Math.floor((state / 2 ** 32) * below);
		};
		for (let made = 0; made < count; made++) {
			const text = Array.from({ length: 1 + next(6) }, () => pieces[next(pieces.length)]).join('');
			yield next(100) === 0 ? text.repeat(50 + next(500)) : text;
		}
	}

	/** Answers at once, so that ten thousand lookups are not slowed down by the rate limiter. */
	const emptyClient: Pick<DingTalkClient, 'account' | 'request'> = {
		account: readAccount({ clientId: 'empty', clientSecret: 'secret' }),
		request: async <T>(call: { path: string }) => {
			if (call.path === GET || call.path === BY_MOBILE) {
				throw new DingTalkError({ kind: 'missing', message: 'No such person', advice: 'Check the ID', code: '60121' });
			}
			return await Promise.resolve({ list: [], result: call.path === MEMBERS ? { list: [] } : [] } as T);
		},
	};

	const KINDS: IdentifyBy[] = ['auto', 'auto', 'auto', 'auto', 'unionId', 'userId', 'mobile', 'email', 'name'];
	const TEXTS = amount({ short: 1000, long: 10_000 });
	const UNION_ID = /^[A-Za-z0-9+/=_-]{1,64}$/;

	it('returns a well-formed union ID, or an error that masks mobile numbers', async () => {
		const directory = new Directory(emptyClient as DingTalkClient);
		let [ids, refusals] = [0, 0];
		for (const [number, raw] of [...randomTexts(TEXTS)].entries()) {
			const by = KINDS[number % KINDS.length];
			const outcome = await ask({ directory, sent: [] }, raw, by).catch((error: Error) => error);
			if (typeof outcome === 'string') {
				ids++;
				expect(outcome).toMatch(UNION_ID);
				if (by === 'auto') expect(outcome).toMatch(/^(?=.*[a-z])(?=.*[A-Z]).{16,}$/);
				else expect(by).toBe('unionId');
				continue;
			}
			refusals++;
			expect({ raw, kind: [UnresolvedPersonError, DingTalkError].some((kind) => outcome instanceof kind) }).toEqual({
				raw,
				kind: true,
			});
			expect(outcome.message).toMatch(/'[^]*'|'me'/);
			expect(outcome.message.length).toBeLessThan(250);
			const telling = outcome.message.replace(/\+?\d[\d\s\-().]*\*{4}/g, '');
			expect({ raw, telling: /(?<!\d)1[3-9]\d{9}(?!\d)/.test(telling) }).toEqual({ raw, telling: false });
		}
		expect(ids).toBeGreaterThan(TEXTS / 100);
		expect(refusals).toBeGreaterThan(TEXTS / 2);
	});
});

describe('A name in full width', () => {
	const rigOf = (...known: string[]): Rig =>
		directoryOf({
			[GET]: ({ userid }) => (/^u\d$/.test(String(userid)) ? { errcode: 0, result: person(String(userid)) } : missing),
			[SEARCH]: ({ queryWord }) => ({
				list: known.includes(String(queryWord)) ? [`u${known.indexOf(String(queryWord))}`] : [],
			}),
			[api.searchDepartments.path]: ({ queryWord }) => ({ list: known.includes(String(queryWord)) ? [7] : [] }),
			[MEMBERS]: () => ({ errcode: 0, result: { list: [person('u1')] } }),
			[BELOW]: () => ({ errcode: 0, result: [] }),
		});

	it.each(['王芳（实习）', '王芳１', 'ｌｉｌｙ'])('is searched as typed first: %j', async (name) => {
		const rig = rigOf(name, '王芳(实习)', '王芳1', 'lily');
		expect(await ask(rig, name)).toBe('Unionu0');
		expect(pathsOf(rig).filter((path) => path === SEARCH)).toHaveLength(1);
	});

	it.each([
		['王芳（实习）', '王芳(实习)'],
		['ｌｉｌｙ', 'lily'],
	])('is then searched in half width: %j', async (name, halfWidth) => {
		const rig = rigOf(halfWidth);
		expect(await ask(rig, name)).toBe('Unionu0');
		expect(pathsOf(rig).filter((path) => path === SEARCH)).toHaveLength(2);
	});

	it('is shown as typed if it is not found', async () => {
		await expect(ask(rigOf(), '王芳（实习）')).rejects.toThrow("the name '王芳（实习）'");
	});

	it.each([
		['研发部（北京）', '研发部（北京）', 1],
		['研发部（北京）', '研发部(北京)', 2],
		['研发部(北京)', '研发部(北京)', 1],
	])('of a department is searched as typed first: %j where the name is %j', async (typed, known, searches) => {
		const rig = rigOf(known);
		expect(await rig.directory.listMemberIds(typed)).toEqual(['Unionu1']);
		expect(pathsOf(rig).filter((path) => path === api.searchDepartments.path)).toHaveLength(searches);
	});
});

describe('A department of which DingTalk does not send everything', () => {
	const members = (...list: Body[]): Body => ({ errcode: 0, result: { has_more: false, list } });
	const none: Body = { errcode: 0, result: [] };

	it('has its members looked up who are listed without a union ID', async () => {
		const listed = { userid: '2', name: 'Name 2' };
		const rig = directoryOf({
			[MEMBERS]: () => members(person('1'), listed),
			[BELOW]: () => none,
			[GET]: ({ userid }) => ({ errcode: 0, result: person(String(userid)) }),
		});
		expect(await rig.directory.listMemberIds('7')).toEqual(['Union1', 'Union2']);
	});

	it.each<[string, Body, Body]>([
		['a page without the cursor of the next', { errcode: 0, result: { has_more: true, list: [person('1')] } }, none],
		['a subdepartment without its ID', members(person('1')), { errcode: 0, result: [{ name: 'Sales' }] }],
	])('is not read in part: %s', async (_, page, below) => {
		const rig = directoryOf({ [MEMBERS]: () => page, [BELOW]: () => below });
		await expect(rig.directory.listMemberIds('7')).rejects.toThrow("DingTalk's response was incomplete or empty");
	});
});

describe('A directory that does not end', () => {
	const page = (more: Body): Body => ({ errcode: 0, result: { list: [person('1')], ...more } });
	const subDepartments = (...ids: number[]): Body => ({
		errcode: 0,
		result: ids.map((dept_id) => ({ dept_id, name: `Department ${dept_id}` })),
	});

	it.each<[string, (cursor: number) => number]>([
		['is the same each time', () => 100],
		['is that of the first page', () => 0],
		['alternates', (cursor) => (cursor === 100 ? 200 : 100)],
	])('is reported if the cursor of the next page %s', async (_, next) => {
		const rig = directoryOf({
			[MEMBERS]: ({ cursor }) => page({ has_more: true, next_cursor: next(Number(cursor)) }),
			[BELOW]: () => subDepartments(),
		});
		await expect(rig.directory.listMemberIds('7')).rejects.toThrow(
			'DingTalk keeps returning the same page of the list',
		);
		expect(rig.sent.length).toBeLessThanOrEqual(3);
	});

	it('is read once for each department, even if one is below itself', async () => {
		const below: Record<number, number[]> = { 7: [8, 9], 8: [9, 7], 9: [9] };
		const rig = directoryOf({
			[MEMBERS]: ({ dept_id }) => ({ errcode: 0, result: { list: [person(String(dept_id))] } }),
			[BELOW]: ({ dept_id }) => subDepartments(...below[Number(dept_id)]),
		});
		expect(await rig.directory.listMemberIds('7')).toEqual(['Union7', 'Union8', 'Union9']);
		expect(rig.sent).toHaveLength(6);
	});

	it('is read no further once the execution is stopped', async () => {
		const stop = new AbortController();
		const rig = directoryOf(
			{
				[MEMBERS]: ({ cursor }) => {
					if (cursor === 3) stop.abort();
					return page({ has_more: true, next_cursor: Number(cursor) + 1 });
				},
			},
			stop.signal,
		);
		await expect(rig.directory.listMemberIds('7')).rejects.toThrow(/aborted/);
		expect(rig.sent).toHaveLength(4);
	});
});
