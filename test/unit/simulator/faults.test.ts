/** Tests the faults that the simulator can produce. */
import { startSimulator, type Simulator } from '../../simulator';
import { SimulatorClient } from './simulatorClient';

const GROUPS = '/v1.0/rooms/groupLists';

let simulator: Simulator;
let client: SimulatorClient;
let token: string;

beforeAll(async () => {
	simulator = await startSimulator();
	client = new SimulatorClient(simulator);
});
beforeEach(async () => {
	simulator.reset();
	token = await client.token();
});
afterAll(() => simulator.close());

const unionId = () => simulator.world.company.people[0].unionId;
const groups = () => client.get(`${GROUPS}?unionId=${unionId()}`, token);
const statuses = async (count: number) => {
	const seen: number[] = [];
	for (let i = 0; i < count; i++) seen.push((await groups()).status);
	return seen;
};
const fault = (rule: object) => client.control('faults', rule);
/** Longer than any test: only the end of the fault ends the wait. */
const AN_HOUR = 3_600_000;

async function untilHit(): Promise<void> {
	const rules = async () => (await client.get('/_simulator/faults')).body.rules;
	while (!JSON.stringify(await rules()).includes('"hits":1'));
}

const broken = (match: object) => ({ match, do: 'status', status: 503 });

describe('A fault rule', () => {
	test('affects only the nth call', async () => {
		await fault(broken({ path: GROUPS, nth: 2 }));
		expect(await statuses(3)).toEqual([200, 503, 200]);
	});

	test('affects each kth call', async () => {
		await fault(broken({ path: GROUPS, every: 2 }));
		expect(await statuses(4)).toEqual([200, 503, 200, 503]);
	});

	test('stops after the given number of times', async () => {
		await fault(broken({ path: GROUPS, times: 2 }));
		expect(await statuses(3)).toEqual([503, 503, 200]);
	});

	test('does not affect other methods', async () => {
		await fault(broken({ method: 'post', path: GROUPS }));
		expect(await statuses(1)).toEqual([200]);
	});

	test('does not affect other paths', async () => {
		await fault(broken({ path: '/v1.0/rooms/meetingRoomLists' }));
		expect(await statuses(1)).toEqual([200]);
	});

	test.each([
		['the template of a route (match)', '/v1.0/rooms/groups/{groupId}', 503],
		['a template with other parameter names (match)', '/v1.0/rooms/groups/{id}', 503],
		['the real path (match)', '/v1.0/rooms/groups/20411', 503],
		['another real path (no match)', '/v1.0/rooms/groups/20412', 200],
		['a wildcard (match)', '/v1.0/*/groups/*', 503],
		['a wildcard that does not reach the end (no match)', '/v1.0/*/groups', 200],
		['a part of the path (match)', 'rooms/gr', 503],
	])('matches a path by %s', async (_what, path, status) => {
		await fault(broken({ path }));
		expect((await client.get(`/v1.0/rooms/groups/20411?unionId=${unionId()}`, token)).status).toBe(status);
	});

	test('takes precedence over rules that were added later', async () => {
		await client.control('faults', [broken({ path: GROUPS, nth: 1 }), { ...broken({ path: GROUPS }), status: 500 }]);
		expect(await statuses(2)).toEqual([503, 500]);
		const { body } = await client.get('/_simulator/faults');
		expect(body.rules).toMatchObject([
			{ matched: 2, hits: 1 },
			{ matched: 2, hits: 1 },
		]);
	});

	test('is removed by a DELETE request', async () => {
		await fault(broken({}));
		await client.send('DELETE', '/_simulator/faults');
		expect(await statuses(1)).toEqual([200]);
	});

	test.each([
		['an unknown action', { do: 'explode' }, /"do" must be one of/],
		['an unknown match', { match: { url: '/' }, do: 'html' }, /"match" accepts/],
		['a status without a number', { do: 'status' }, /"status" requires/],
		['a delay without a time', { do: 'delay' }, /requires "delayMs"/],
		['a count below 1', { match: { nth: 0 }, do: 'html' }, /whole number from 1/],
		['a string instead of an object', 'delay', /is an object/],
	])('with %s is refused with an explanation', async (_what, rule, explanation) => {
		const answer = await client.control('faults', rule);
		expect(answer.status).toBe(400);
		expect(answer.body.error).toMatch(explanation);
	});
});

describe('A fault', () => {
	test('expireToken expires the token, and the next token is a different one', async () => {
		await fault({ match: { path: GROUPS, nth: 1 }, do: 'expireToken' });
		expect((await groups()).body.code).toBe('InvalidAuthentication');
		const next = await client.token();
		expect(next).not.toBe(token);
		expect((await client.get(`${GROUPS}?unionId=${unionId()}`, next)).status).toBe(200);
	});

	test('expireToken returns accesstoken.expired for a user token', async () => {
		await fault({ match: {}, do: 'expireToken' });
		const answer = await client.get('/v1.0/contact/users/me', await client.userToken('manager4220'));
		expect(answer.body.code).toBe('accesstoken.expired');
	});

	test('revokeToken makes the token invalid although the token endpoint still returns it', async () => {
		await fault({ match: { path: GROUPS, nth: 1 }, do: 'revokeToken' });
		expect(await statuses(2)).toEqual([400, 400]);
		expect(await client.token()).toBe(token);
	});

	test.each([
		['throttleQps', 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi'],
		['throttleQpm', 'Forbidden.AccessDenied.QpmLimitForAppkeyAndApi'],
	])('%s returns its own error code', async (deed, code) => {
		await fault({ match: { path: GROUPS }, do: deed });
		const answer = await groups();
		expect([answer.status, answer.body.code]).toEqual([403, code]);
		expect((await client.calls()).metered).toBe(0);
	});

	test('throttleQps uses the error format of the old API there', async () => {
		await fault({ do: 'throttleQps' });
		const answer = await client.old('/topapi/v2/user/get', { userid: 'manager4220' }, token);
		expect([answer.status, answer.body.errcode, answer.body.sub_code]).toEqual([200, 88, '90018']);
	});

	test('status returns the given status, code and message', async () => {
		const said = { status: 400, code: 'system.error', message: '未知的系统错误' };
		await fault({ match: { path: GROUPS }, do: 'status', ...said });
		const answer = await groups();
		expect(answer.status).toBe(400);
		expect(answer.body).toMatchObject({ code: 'system.error', message: '未知的系统错误' });
	});

	test('status can return any body', async () => {
		await fault({ match: { path: GROUPS }, do: 'status', status: 429, body: { errcode: -1 } });
		expect((await groups()).body).toEqual({ errcode: -1 });
	});

	test.each(['dropBeforeCommit', 'dropAfterCommit'])('%s closes the connection', async (deed) => {
		await fault({ match: { path: GROUPS }, do: deed });
		await expect(groups()).rejects.toThrow('fetch failed');
		const { calls, metered } = await client.calls();
		expect(calls.at(-1)).toMatchObject({ fault: deed, status: null });
		expect(metered).toBe(deed === 'dropBeforeCommit' ? 0 : 1);
	});

	test.each(['hangBeforeCommit', 'hangAfterCommit'])('%s never responds', async (deed) => {
		await fault({ match: { path: GROUPS }, do: deed });
		const patience = new AbortController();
		const waiting = fetch(`${simulator.url}${GROUPS}?unionId=${unionId()}`, {
			headers: { 'x-acs-dingtalk-access-token': token },
			signal: patience.signal,
		});
		await untilHit();
		patience.abort(new Error('no longer'));
		await expect(waiting).rejects.toThrow('no longer');
		expect((await client.calls()).metered).toBe(deed === 'hangBeforeCommit' ? 0 : 1);
	});

	test('delay only delays the response', async () => {
		await fault({ match: { path: GROUPS }, do: 'delay', delayMs: AN_HOUR });
		let isAnswered = false;
		const answer = groups().finally(() => (isAnswered = true));
		await untilHit();
		expect(isAnswered).toBe(false);
		await client.send('DELETE', '/_simulator/faults');
		expect((await answer).status).toBe(200);
	});

	test('html returns an HTML page like the proxy in front of DingTalk', async () => {
		await fault({ match: { path: GROUPS }, do: 'html' });
		const answer = await groups();
		expect([answer.status, answer.headers.get('content-type')]).toEqual([502, 'text/html']);
		expect(answer.text).toContain('tengine');
	});

	test("banned returns the response of DingTalk's flood protection", async () => {
		await fault({ match: { path: GROUPS }, do: 'banned' });
		expect((await groups()).body).toMatchObject({ status: 1111, wait: 5, source: 'x5', punish: 'deny' });
	});

	test('truncate cuts the response in half', async () => {
		const whole = (await groups()).text;
		await fault({ match: { path: GROUPS }, do: 'truncate' });
		const { status, text } = await groups();
		expect(status).toBe(200);
		expect(text).toBe(whole.slice(0, Math.floor(whole.length / 2)));
	});

	test('emptyBody removes the response body', async () => {
		await fault({ match: { path: GROUPS }, do: 'emptyBody' });
		expect(await groups()).toMatchObject({ status: 200, text: '' });
	});

	test('wrongContentType sends JSON with another content type', async () => {
		await fault({ match: { path: GROUPS }, do: 'wrongContentType' });
		const answer = await groups();
		expect(answer.headers.get('content-type')).toContain('text/html');
		expect(answer.body).toHaveProperty('result');
	});

	test('slowBody pauses in the middle of the response, which arrives complete', async () => {
		const whole = (await groups()).text;
		await fault({ match: { path: GROUPS }, do: 'slowBody', delayMs: AN_HOUR });
		const response = await fetch(`${simulator.url}${GROUPS}?unionId=${unionId()}`, {
			headers: { 'x-acs-dingtalk-access-token': token },
		});
		const chunks: Uint8Array[] = [];
		for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
			chunks.push(chunk);
			if (chunks.length > 1) continue;
			expect(Buffer.concat(chunks).length).toBeLessThan(Buffer.byteLength(whole));
			await client.send('DELETE', '/_simulator/faults');
		}
		expect(Buffer.concat(chunks).toString()).toBe(whole);
	});
});
