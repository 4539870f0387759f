/** Counts the token calls of runs, also when DingTalk rejects a token early. */
import { inspect } from 'node:util';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	INodeType,
	IRequestOptions,
	IRun,
} from 'n8n-workflow';

import { amount } from '../long/amount';
import { startSimulator, type Simulator } from '../simulator';
import { CORP_ID } from '../simulator/seed/seedApps';
import { TokenStore } from '../simulator/tokens';
import {
	Engine,
	errorOf,
	forgetPackage,
	itemsOf,
	outputOf,
	storedTextOf,
	TESTED_NODE,
	RequestRecorder,
	type CredentialReference,
	type NodeRun,
} from './harness';
import { describeNode } from './harness/stand-ins/describe';
import { callsOf, plant } from './support/events';
import { useDesk } from './support/setup';
import { credentialOf } from './support/state';
import { startStranger } from './support/stranger';
import { MINUTE } from '../../lib/dingtalk/utils/time';

const THREE_HOURS = 180 * MINUTE;
const EVENT = '/v1.0/calendar/users/{userId}/calendars/{calendarId}/events/{eventId}';
const CREDENTIAL = 'dingTalkCalendarApi';
const CALLER = 'test.caller';

/** Sends what its items describe, all at once and unpaced, with the credential; shows what became of the options. */
const caller: INodeType = {
	description: {
		...describeNode(CALLER, [1], [{ displayName: 'Helper', name: 'helper', type: 'string', default: '' }]),
		credentials: [{ name: CREDENTIAL, required: true }],
	},
	async execute(this: IExecuteFunctions) {
		const old = this.getNodeParameter('helper', 0) === 'requestWithAuthentication';
		const send = async ({ json }: { json: IDataObject }): Promise<IDataObject> => {
			const options = { method: 'GET', json: true, headers: {}, ...json };
			const answer: unknown = old
				? await this.helpers.requestWithAuthentication.call(this, CREDENTIAL, options as IRequestOptions)
				: await this.helpers.httpRequestWithAuthentication.call(
						this,
						CREDENTIAL,
						options as unknown as IHttpRequestOptions,
					);
			return { answer: answer as IDataObject, options: options as IDataObject };
		};
		return [(await Promise.all(this.getInputData().map(send))).map((json, item) => ({ json, pairedItem: { item } }))];
	},
};

const desk = useDesk({ waits: 'skipped' });
/** Whatever else a test opened. */
const opened: Array<{ close(): Promise<void> }> = [];

function willClose<T extends { close(): Promise<void> }>(one: T): T {
	opened.push(one);
	return one;
}
const anotherDingTalk = async (): Promise<Simulator> => willClose(await startSimulator());

beforeEach(async () => {
	desk().engine.addNodeType(CALLER, caller);
	await desk().control('limits', { qps: null });
});
afterEach(async () => {
	jest.restoreAllMocks();
	for (const { close } of opened.splice(0)) await close();
});

const credential = (
	data: ICredentialDataDecryptedObject = {},
	{ url }: { url: string } = desk().simulator,
): CredentialReference =>
	desk().engine.addCredential({
		type: CREDENTIAL,
		data: { region: 'custom', baseUrl: url, clientId: 'sim-internal', clientSecret: 'sim-secret', ...data },
	});
const ofUser = (more: ICredentialDataDecryptedObject = {}): ICredentialDataDecryptedObject => ({
	appType: 'user',
	clientId: 'sim-personal',
	refreshToken: `sim-refresh-${desk().people[0].userId}`,
	...more,
});

/** As many items as asked for, each about an event of its own. */
const items = (count: number, user?: string): IDataObject[] =>
	Array.from({ length: count }, (_, i) => {
		const organizer = user === 'me' ? desk().people[0] : desk().people[i % desk().people.length];
		return { user: user ?? organizer.unionId, userId: organizer.userId, eventId: plant(desk(), organizer) };
	});

const readEvents = (input: IDataObject[], more: Partial<NodeRun> = {}, by = 'auto', field = 'user'): NodeRun => ({
	parameters: {
		resource: 'event',
		operation: 'get',
		user: { __rl: true, mode: by, value: `={{ $json.${field} }}` },
		calendarId: { __rl: true, mode: 'id', value: 'primary' },
		eventId: { __rl: true, mode: 'id', value: '={{ $json.eventId }}' },
	},
	items: input,
	credential: desk().credential,
	...more,
});
const read = async (...about: Parameters<typeof readEvents>): Promise<IRun> =>
	await desk().engine.runNode(readEvents(...about));

const myself = ({ url }: { url: string } = desk().simulator): string =>
	`${url}/v1.0/calendar/users/${desk().people[0].unionId}/calendars`;
const call = async (
	input: IDataObject[],
	helper = 'httpRequestWithAuthentication',
	more: Partial<NodeRun> = {},
): Promise<IRun> =>
	await desk().engine.runNode({
		type: CALLER,
		parameters: { helper },
		items: input,
		credential: desk().credential,
		...more,
	});

const tokenCalls = async (recorder: RequestRecorder = desk().recorder): Promise<number> =>
	(await recorder.summary()).token;
const refusedCalls = async (recorder: RequestRecorder = desk().recorder) =>
	(await recorder.calls()).filter(({ code }) =>
		['InvalidAuthentication', 'accesstoken.expired', 40014, 42001, 88].includes(code as string | number),
	);
/** The token DingTalk takes at the moment. */
const liveToken = (clientId = 'sim-internal') => desk().simulator.world.use(TokenStore).appToken(clientId);

function expectSuccess(run: IRun, count: number): void {
	expect(errorOf(run)).toBeUndefined();
	expect(itemsOf(run, TESTED_NODE)).toHaveLength(count);
	for (const item of itemsOf(run, TESTED_NODE)) expect(item.json.error).toBeUndefined();
}

/** Time goes on, here and at DingTalk. */
function pass(ms: number): void {
	const real = Date.now.bind(Date);
	const monotonic = performance.now.bind(performance);
	jest.spyOn(Date, 'now').mockImplementation(() => real() + ms);
	jest.spyOn(performance, 'now').mockImplementation(() => monotonic() + ms);
}

describe('One token', () => {
	it('serves all items of one run, however many there are', async () => {
		const many = amount({ short: 200, long: 1000 });
		expectSuccess(await call(Array.from({ length: many }, () => ({ url: myself() }))), many);
		expect(await tokenCalls()).toBe(1);
	});

	it('serves 20 executions that start at the same time', async () => {
		const runs = items(20).map(async (item) => await read([item]));
		for (const run of await Promise.all(runs)) expectSuccess(run, 1);
		expect(await tokenCalls()).toBe(1);
	});

	it('serves 50 items with one database read and no write', async () => {
		desk().engine.credentials.resetCounts();
		expectSuccess(await read(items(50)), 50);
		expect(desk().engine.credentials.writes).toBe(0);
		expect(desk().engine.credentials.reads).toBe(1);
		expect(await tokenCalls()).toBe(1);
	});

	it('serves lookups, events and HTTP requests', async () => {
		await read(items(1), {}, 'userId', 'userId');
		await call([{ url: myself() }]);
		expect(await tokenCalls()).toBe(1);
	});

	it.each([
		['an internal app', () => ({})],
		['a third-party app', () => ({ appType: 'thirdParty', clientId: 'sim-thirdparty', corpId: CORP_ID })],
	])('of %s is renewed before it expires, so that no call is refused', async (_, data) => {
		const account = credential(data());
		expectSuccess(await read(items(3), { credential: account }), 3);
		pass(116 * MINUTE);
		expectSuccess(await read(items(3), { credential: account }), 3);
		expect(await tokenCalls()).toBe(2);
		expect(await refusedCalls()).toEqual([]);
	});

	it('is still used when its early renewal fails', async () => {
		expectSuccess(await read(items(1)), 1);
		pass(116 * MINUTE);
		await desk().control('faults', { match: { path: '/v1.0/oauth2/accessToken' }, do: 'status', status: 503 });
		expectSuccess(await read(items(20)), 20);
		expect(await tokenCalls()).toBe(2);
	});
});

describe('A token that DingTalk rejects', () => {
	/** Runs twenty items when the token they would use is good no longer. */
	async function outlived(run: () => Promise<IRun>, first: () => Promise<IRun>): Promise<void> {
		expectSuccess(await first(), 1);
		desk().simulator.world.clock.advance(THREE_HOURS);
		await desk().recorder.clear();
		expectSuccess(await run(), 20);
		expect(await tokenCalls()).toBe(1);
		expect((await refusedCalls()).length).toBeGreaterThan(0);
	}

	it.each([
		['400 InvalidAuthentication', { invalidTokenStatus: '400' }],
		['401', { invalidTokenStatus: '401' }],
	])('with %s costs one token call and fails no item', async (_, switches) => {
		await desk().control('switches', switches);
		await outlived(
			async () => await read(items(20)),
			async () => await read(items(1)),
		);
	});

	it.each(['40014', '42001', '88'])(
		'with errcode %s in a 200 response costs one token call and fails no item',
		async (errcode) => {
			await desk().control('switches', { oldInvalidToken: errcode });
			await outlived(
				async () => await read(items(20), {}, 'userId', 'userId'),
				async () => await read(items(1), {}, 'userId', 'userId'),
			);
		},
	);

	it('with accesstoken.expired for a user costs one token call and fails no item', async () => {
		const account = credential(ofUser());
		await outlived(
			async () => await read(items(20, 'me'), { credential: account }),
			async () => await read(items(1, 'me'), { credential: account }),
		);
		expect((await refusedCalls()).map(({ code }) => code)).toContain('accesstoken.expired');
	});

	it('in the middle of a run costs one token call and fails no item', async () => {
		await desk().control('faults', { match: { path: EVENT, nth: 7 }, do: 'expireToken' });
		expectSuccess(await read(items(20)), 20);
		expect(await tokenCalls()).toBe(2);
	});

	it('costs 20 executions one token call', async () => {
		expectSuccess(await read(items(1)), 1);
		desk().simulator.world.clock.advance(THREE_HOURS);
		await desk().recorder.clear();
		const runs = items(20).map(async (item) => await read([item]));
		for (const run of await Promise.all(runs)) expectSuccess(run, 1);
		expect(await tokenCalls()).toBe(1);
	});

	it('but keeps issuing causes a clear error instead of a loop', async () => {
		expectSuccess(await read(items(1)), 1);
		desk().simulator.world.use(TokenStore).revoke(liveToken());
		await desk().recorder.clear();
		const run = await read(items(20), { onError: 'continueRegularOutput' });
		for (const { error } of outputOf(run, TESTED_NODE))
			expect(error).toMatch(/does not accept the access token, not even a new one/);
		expect(await tokenCalls()).toBe(1);
		expect((await desk().recorder.calls()).length).toBeLessThanOrEqual(41);
	});
});

describe('A rotating refresh token', () => {
	beforeEach(async () => await desk().control('switches', { refreshTokenRotation: 'rotateAndForget' }));

	it('is stored once for a run of 20 items', async () => {
		const account = credential(ofUser());
		desk().engine.credentials.resetCounts();
		expectSuccess(await read(items(20, 'me'), { credential: account }), 20);
		expect(desk().engine.credentials.writes).toBe(1);
		expect(desk().engine.credentials.peek(account).refreshToken).toMatch(/^[0-9a-f]{32}$/);
	});

	it('shares its access token between executions with the old and the new refresh token', async () => {
		const before = ofUser();
		const account = credential(before);
		expectSuccess(await read(items(1, 'me'), { credential: account }), 1);
		const runs = [account, credential(before)].map(async (one) => await read(items(3, 'me'), { credential: one }));
		for (const run of await Promise.all(runs)) expectSuccess(run, 3);
		expect(await tokenCalls()).toBe(1);
	});

	it.each(['merged', 'resolved'] as const)(
		'works after a restart of n8n that stores the %s credential',
		async (persistence) => {
			const engine = await Engine.start({ persistence });
			const reference = engine.addCredential({
				type: CREDENTIAL,
				data: { region: 'custom', baseUrl: desk().simulator.url, clientSecret: 'sim-secret', ...ofUser() },
			});
			expectSuccess(await engine.runNode(readEvents(items(2, 'me'), { credential: reference })), 2);
			expect(engine.credentials.writes).toBe(1);
			const stored = engine.credentials.peek(reference);
			expect(stored).toMatchObject({
				accessToken: '',
				clientId: 'sim-personal',
				clientSecret: 'sim-secret',
				appType: 'user',
			});

			forgetPackage();
			const restarted = await Engine.start({ persistence });
			const again = restarted.addCredential({ type: CREDENTIAL, data: stored });
			expectSuccess(await restarted.runNode(readEvents(items(2, 'me'), { credential: again })), 2);
			expect(await tokenCalls()).toBe(2);
		},
	);

	it('leaves expressions in the other fields unchanged', async () => {
		const account = credential(ofUser({ clientSecret: '={{ "sim-" + "secret" }}' }));
		expectSuccess(await read(items(2, 'me'), { credential: account }), 2);
		expect(desk().engine.credentials.peek(account)).toMatchObject({ clientSecret: '={{ "sim-" + "secret" }}' });
	});
});

describe('Two credentials', () => {
	it.each([
		['the secret', () => ({}), () => ({ clientSecret: 'wrong-secret' })],
		[
			'the organization',
			() => ({ appType: 'thirdParty', clientId: 'sim-thirdparty', corpId: CORP_ID }),
			() => ({ appType: 'thirdParty', clientId: 'sim-thirdparty', corpId: 'ding0000' }),
		],
		['the refresh token', () => ofUser(), () => ofUser({ refreshToken: 'unknown' })],
	])('that differ in %s do not share a token', async (_, right, wrong) => {
		const user = right() && 'refreshToken' in right() ? 'me' : undefined;
		expectSuccess(await read(items(1, user), { credential: credential(right()) }), 1);
		const run = await read(items(1, user), { credential: credential(wrong()) });
		expect(errorOf(run)?.message).toMatch(/does not accept|does not recognize|no longer accepts/);
	});

	it('each act for their own user', async () => {
		const [first, second] = desk().people;
		const user = async ({ userId }: { userId: string }) => {
			const account = credential(ofUser({ refreshToken: `sim-refresh-${userId}` }));
			const run = await call([{ url: `${desk().simulator.url}/v1.0/contact/users/me` }], undefined, {
				credential: account,
			});
			return outputOf(run, TESTED_NODE)[0].answer;
		};
		expect(await user(first)).toMatchObject({ unionId: first.unionId });
		expect(await user(second)).toMatchObject({ unionId: second.unionId });
	});

	it('of two regions each get their own token', async () => {
		const other = await anotherDingTalk();
		const recorder = new RequestRecorder(other);
		const away = credential({}, other);
		expectSuccess(await call([{ url: myself() }]), 1);
		expectSuccess(await call([{ url: myself(other) }], undefined, { credential: away }), 1);
		expect([await tokenCalls(), await tokenCalls(recorder)]).toEqual([1, 1]);
		expect([await refusedCalls(), await refusedCalls(recorder)]).toEqual([[], []]);
	});
});

describe('An access token', () => {
	it('is not in the store, the run, the error or the log when a call fails', async () => {
		const logged = ['log', 'info', 'warn', 'error', 'debug'].map((method) =>
			jest.spyOn(console, method as 'log').mockImplementation(() => undefined),
		);
		const failing = ['status', 'dropBeforeCommit'].map((harm) => ({ match: { path: EVENT }, do: harm, status: 418 }));
		for (const fault of [undefined, ...failing]) {
			if (fault) await desk().control('faults', fault);
			const input = items(1);
			const run = await read(fault ? input : [{ ...input[0], eventId: 'unknown' }]);
			expect(run.status).toBe('error');
			const secrets = new RegExp(`${liveToken().value}|sim-secret`);
			expect(storedTextOf(run)).not.toMatch(secrets);
			expect(inspect(errorOf(run), { depth: 12, showHidden: true })).not.toMatch(secrets);
			await fetch(`${desk().simulator.url}/_simulator/faults`, { method: 'DELETE' });
		}
		const { value } = liveToken();
		expect(JSON.stringify(desk().engine.credentials.peek(desk().credential))).not.toContain(value);
		expect(
			inspect(
				logged.map(({ mock }) => mock.calls),
				{ depth: 6 },
			),
		).not.toContain(value);
	});

	const led = (helper: string) => async (url: string, account: CredentialReference) =>
		await call([{ url: myself({ url }), uri: myself({ url }) }], helper, { credential: account });
	it.each<[string, (url: string, account: CredentialReference) => Promise<IRun>]>([
		['the node', async (_, account) => await read(items(1), { credential: account })],
		['httpRequestWithAuthentication', led('httpRequestWithAuthentication')],
		['requestWithAuthentication', led('requestWithAuthentication')],
	])('is not sent to the target of a redirect by %s', async (_, request) => {
		const elsewhere = await anotherDingTalk();
		const asked: string[] = [];
		const { url } = willClose(
			await startStranger(({ url: path = '' }, response) => {
				asked.push(path);
				if (path.startsWith('/v1.0/oauth2/')) {
					response.writeHead(200, { 'content-type': 'application/json' }).end('{"accessToken":"t","expireIn":7200}');
				} else response.writeHead(302, { location: elsewhere.url + path }).end();
			}),
		);
		expect((await request(url, credential({}, { url }))).status).toBe('error');
		expect(asked.filter((path) => path.startsWith('/v1.0/calendar/')).length).toBeGreaterThan(0);
		expect(await new RequestRecorder(elsewhere).calls()).toEqual([]);
	});
});

describe('HTTP Request with this credential', () => {
	const http = async (url: string, count = 1, more: IDataObject = {}): Promise<IRun> =>
		await desk().engine.runNode({
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: { url, authentication: 'predefinedCredentialType', nodeCredentialType: CREDENTIAL, ...more },
			items: Array.from({ length: count }, () => ({})),
			credential: desk().credential,
			onError: 'continueRegularOutput',
		});
	const oldApi = async (count: number): Promise<IRun> =>
		await http(`${desk().simulator.url}/topapi/v2/user/get`, count, {
			method: 'POST',
			sendBody: true,
			jsonBody: { userid: desk().people[0].userId },
		});

	it.each([
		['400', 1],
		['400', 20],
		['401', 20],
	])('recovers from a token refused with %s with one token call for %i items', async (status, count) => {
		await desk().control('switches', { invalidTokenStatus: status });
		await http(myself());
		desk().simulator.world.clock.advance(THREE_HOURS);
		await desk().recorder.clear();
		desk().engine.credentials.resetCounts();
		expectSuccess(await http(myself(), count), count);
		expect(await tokenCalls()).toBe(1);
		// n8n insists on a write before it sends a request again.
		expect(desk().engine.credentials.writes).toBe((await refusedCalls()).length);
		expect((await desk().recorder.calls()).length).toBeLessThanOrEqual(2 * count + 1);
	});

	it('does not retry other failures and requests no further tokens', async () => {
		await http(myself());
		await desk().recorder.clear();
		for (let round = 0; round < 3; round++) await http(`${desk().simulator.url}/v1.0/calendar/nothing`, 20);
		expect((await desk().recorder.calls()).filter(({ status }) => status === 404)).toHaveLength(60);
		expect(await tokenCalls()).toBe(1);
		expectSuccess(await http(myself()), 1);
	});

	it('does not repeat a write that failed with a server error', async () => {
		await http(myself());
		await desk().control('faults', {
			match: { method: 'POST', path: '/topapi/v2/user/get' },
			do: 'status',
			status: 500,
		});
		await desk().recorder.clear();
		await oldApi(1);
		expect((await desk().recorder.calls()).filter(({ path }) => path.startsWith('/topapi'))).toHaveLength(1);
	});

	it('sends the token in the header to the new API and in the query to the old API', async () => {
		expectSuccess(await http(myself()), 1);
		expectSuccess(await oldApi(1), 1);
		const calls = (await desk().recorder.calls()).filter(({ path }) => !path.startsWith('/v1.0/oauth2/'));
		const places = calls.map(({ headers, query }) => ({
			header: 'x-acs-dingtalk-access-token' in (headers as object),
			query: 'access_token' in (query as object),
		}));
		expect(places).toEqual([
			{ header: true, query: false },
			{ header: false, query: true },
		]);
	});

	it.each(['httpRequestWithAuthentication', 'requestWithAuthentication'])(
		'leaves the token out of the options passed to %s',
		async (helper) => {
			const address = helper === 'requestWithAuthentication' ? 'uri' : 'url';
			const run = await call([{ [address]: myself() }], helper);
			expectSuccess(run, 1);
			expect(JSON.stringify(outputOf(run, TESTED_NODE)[0].options)).not.toMatch(/access.token/i);
		},
	);

	it.each([
		['new', (url: string) => `${url}/v1.0/calendar/nothing`],
		['old', (url: string) => `${url}/topapi/nothing`],
		['unreachable', () => 'http://127.0.0.1:1/v1.0/calendar/nothing'],
	])('leaves the token out of the stored data of a failed call to the %s API', async (_, address) => {
		// The old-style API reports an unknown call with HTTP 200; only a status makes HTTP Request fail.
		await desk().control('faults', { match: { path: '/topapi/nothing' }, do: 'status', status: 500 });
		const run = await http(address(desk().simulator.url));
		expect(outputOf(run, TESTED_NODE)[0].error).toEqual(expect.any(String));
		expect(storedTextOf(run)).not.toMatch(new RegExp(`${liveToken().value}|sim-secret`));
	});

	it('stores nothing while its token is valid', async () => {
		desk().engine.credentials.resetCounts();
		expectSuccess(await http(myself(), 20), 20);
		expect(desk().engine.credentials.writes).toBe(0);
	});
});

describe('looking up people with a third-party app whose token the old-style API refuses', () => {
	it('says that union IDs work, after one new token', async () => {
		await desk().control('switches', { corpTokenOnOldApi: 'refused' });
		const [host] = desk().people;
		const { run } = await desk().runNode({
			credential: credentialOf(desk(), { appType: 'thirdParty', clientId: 'sim-thirdparty', corpId: CORP_ID }),
			parameters: { resource: 'event', operation: 'getAll', user: host.userId },
		});
		expect(errorOf(run)?.message).toContain('DingTalk does not accept the access token');
		expect(errorOf(run)?.description).toContain('DingTalk may not let this type of app do it: use union IDs.');
		const lookups = (await callsOf(desk())).filter(({ path }) => path.startsWith('/topapi'));
		expect(lookups).toHaveLength(2);
	});
});
