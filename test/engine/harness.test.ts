/** Tests the harness itself with a package that is not ours. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { startSimulator } from '../simulator';
import { ProbeApiServer } from './fixtures/probe-api';
import { Engine, errorOf, hintsOf, itemsOf, outputOf, storedTextOf, TESTED_NODE, RequestRecorder } from './harness';
import type { CredentialReference, NodeRun } from './harness';

const PROBE = 'n8n-nodes-probe.probe';
const PACKAGE = join(__dirname, 'fixtures', 'n8n-nodes-probe');

let api: ProbeApiServer;
let engine: Engine;

const account = (data: ICredentialDataDecryptedObject = {}): CredentialReference =>
	engine.addCredential({ type: 'probeApi', data: { baseUrl: api.url, key: 'the-key', token: '', ...data } });
const probe = async (credential: CredentialReference, run: Partial<NodeRun> = {}) =>
	await engine.runNode({ type: PROBE, parameters: {}, credential, ...run });

// The engine loads packages with Node's own `require`; this one is written in TypeScript.
let unregister: () => void;
beforeAll(() => {
	unregister = jest.requireActual<{ register(): () => void }>('tsx/cjs/api').register();
});
afterAll(() => unregister());

beforeEach(async () => {
	api = await ProbeApiServer.start();
	engine = await Engine.start({ packages: [PACKAGE] });
});

afterEach(async () => {
	await api.stop();
	await engine.stop();
});

describe('Tokens used by httpRequestWithAuthentication', () => {
	it('are fetched once for all items and stored', async () => {
		const credential = account();
		const run = await probe(credential, { items: [{}, {}, {}] });
		expect(run.status).toBe('success');
		expect(api.logins).toBe(1);
		expect(engine.credentials.peek(credential)).toMatchObject({ token: 'token-1', key: 'the-key' });
		expect(engine.credentials.writes).toBe(1);
	});

	it('are read from the store for each call, without a cache', async () => {
		const credential = account({ token: 'token-0' });
		await probe(credential, { items: [{}, {}] });
		// Twice per item: the node for the address, the helper for the token.
		expect(engine.credentials.reads).toBe(4);
	});

	it('are refreshed once on status 401', async () => {
		const run = await probe(account({ token: 'stale' }));
		expect(run.status).toBe('success');
		expect(api.logins).toBe(1);
		expect(api.asked).toHaveLength(2);
	});

	it('are not refreshed on status 400', async () => {
		api.refusal = 400;
		const run = await probe(account({ token: 'stale' }));
		expect(errorOf(run)).toMatchObject({ name: 'NodeApiError', httpCode: '400' });
		expect(api.logins).toBe(0);
	});

	it('are refreshed on status 400 when the node asks for it', async () => {
		api.refusal = 400;
		const run = await probe(account({ token: 'stale' }), { parameters: { retryStatus: 400 } });
		expect(run.status).toBe('success');
		expect(api.logins).toBe(1);
	});

	it('are requested twice when the login returns status 401', async () => {
		api.loginStatus = 401;
		const run = await probe(account());
		expect(errorOf(run)).toMatchObject({ httpCode: '401' });
		expect(api.logins).toBe(2);
	});

	it('are used but not stored when preAuthentication does not return them', async () => {
		const credential = account({ returns: 'withoutToken' });
		const run = await probe(credential);
		expect(run.status).toBe('success');
		expect(engine.credentials.peek(credential)).toMatchObject({ token: '' });
		expect(engine.credentials.writes).toBe(0);
	});

	it('are absent from the stored data of a failed run', async () => {
		api.failures = [500];
		const run = await probe(account({ token: 'token-0' }));
		expect(run.status).toBe('error');
		expect(storedTextOf(run)).not.toMatch(/token-0|the-key/);
	});
});

describe('Tokens used by requestWithAuthentication', () => {
	const parameters = { deprecatedHelper: true };

	it.each([400, 404, 500])('are refreshed on any error, such as status %i', async (status) => {
		api.failures = [status];
		const run = await probe(account({ token: 'token-1' }), { parameters });
		expect(run.status).toBe('success');
		expect(api.logins).toBe(1);
		expect(api.asked).toHaveLength(2);
	});

	it('are not refreshed when preAuthentication does not return them', async () => {
		const run = await probe(account({ token: 'stale', returns: 'withoutToken' }), { parameters });
		expect(errorOf(run)).toMatchObject({ httpCode: '401' });
		expect(api.asked).toHaveLength(1);
	});

	it('are refreshed for HTTP Request with a predefined credential', async () => {
		api.refusal = 400;
		const run = await engine.runNode({
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: {
				url: `${api.url}/thing`,
				authentication: 'predefinedCredentialType',
				nodeCredentialType: 'probeApi',
				sendQuery: true,
				queryParameters: { parameters: [{ name: 'word', value: '={{ $json.word }}' }] },
			},
			items: [{ word: 'one' }],
			credential: account({ token: 'stale' }),
		});
		expect(outputOf(run, TESTED_NODE)).toEqual([expect.objectContaining({ word: 'one' })]);
		expect(api.logins).toBe(1);
	});

	it('are not refreshed for HTTP Request with Never Error', async () => {
		const run = await engine.runNode({
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: {
				url: `${api.url}/thing`,
				nodeCredentialType: 'probeApi',
				options: { response: { response: { neverError: true } } },
			},
			credential: account({ token: 'stale' }),
		});
		expect(outputOf(run, TESTED_NODE)).toEqual([{ message: 'stale token' }]);
		expect(api.logins).toBe(0);
	});
});

describe('A token refresh', () => {
	const expression = '={{ "the-" + "key" }}';

	it('keeps expressions in the other stored fields', async () => {
		const credential = account({ key: expression, returns: 'both' });
		expect((await probe(credential)).status).toBe('success');
		expect(engine.credentials.peek(credential)).toMatchObject({ token: 'token-1', key: expression });
	});

	it('overwrites expressions in the other stored fields before n8n 2.34', async () => {
		engine = await Engine.start({ packages: [PACKAGE], persistence: 'resolved' });
		const credential = account({ key: expression });
		await probe(credential);
		expect(engine.credentials.peek(credential)).toMatchObject({ token: 'token-1', key: 'the-key' });
	});

	it('keeps stored fields that the credential type does not have', async () => {
		const credential = account({ leftover: 'old' });
		await probe(credential);
		expect(engine.credentials.peek(credential)).toMatchObject({ leftover: 'old' });
	});

	it('stores a copy that later changes do not affect', async () => {
		const credential = account();
		engine.credentials.peek(credential).token = 'changed';
		engine.credentials.read(credential, credential.type).data.token = 'changed';
		expect(engine.credentials.peek(credential).token).toBe('');
	});
});

describe('A run of the test engine', () => {
	it('resolves expressions per item and keeps paired items', async () => {
		const run = await probe(account(), {
			parameters: { word: '={{ $json.word.toUpperCase() }}' },
			items: [{ word: 'one' }, { word: 'two' }],
		});
		expect(outputOf(run, TESTED_NODE).map(({ word }) => word)).toEqual(['ONE', 'TWO']);
		expect(itemsOf(run, TESTED_NODE).map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	});

	it('resolves credential expressions with the current item', async () => {
		const credential = account({ key: '={{ $json.tenant }}' });
		expect((await probe(credential, { items: [{ tenant: 'north' }] })).status).toBe('success');
		expect(engine.credentials.peek(credential).key).toBe('={{ $json.tenant }}');
	});

	it('continues with an error item with Continue On Fail', async () => {
		api.failures = [404];
		const run = await probe(account({ token: 'token-0' }), { items: [{}, {}], onError: 'continueRegularOutput' });
		expect(run.status).toBe('success');
		expect(outputOf(run, TESTED_NODE)).toEqual([{ error: expect.any(String) }, expect.objectContaining({ word: '' })]);
	});

	it.each([
		['with the input fields', false, { n: 1, error: expect.any(String) }],
		['without the input fields when the item has its own error', true, { error: expect.any(String) }],
	])('sends error items to the error output %s', async (_, attachError, item) => {
		api.failures = [404];
		const run = await probe(account({ token: 'token-0' }), {
			parameters: { attachError },
			items: [{ n: 1 }, { n: 2 }],
			onError: 'continueErrorOutput',
		});
		expect(outputOf(run, TESTED_NODE, 0)).toHaveLength(1);
		expect(outputOf(run, TESTED_NODE, 1)).toEqual([item]);
	});

	it('stops at an error and names the item', async () => {
		api.failures = [404];
		const run = await probe(account({ token: 'token-0' }));
		expect(run.status).toBe('error');
		expect(errorOf(run)).toMatchObject({ httpCode: '404', context: { itemIndex: 0 } });
	});

	it('retries on failure', async () => {
		api.failures = [500];
		const run = await probe(account({ token: 'token-0' }), { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 });
		expect(run.status).toBe('success');
		expect(api.asked).toHaveLength(2);
	});

	it('can be canceled', async () => {
		const controller = new AbortController();
		const running = probe(account(), { parameters: { pause: 50 }, items: [{}, {}, {}, {}], signal: controller.signal });
		setTimeout(() => controller.abort(), 75);
		expect((await running).status).toBe('canceled');
		expect(api.asked.length).toBeLessThan(4);
	});

	it('uses the time zone of the workflow, or of the instance by default', async () => {
		const credential = account();
		expect(outputOf(await probe(credential), TESTED_NODE)).toEqual([expect.objectContaining({ zone: 'UTC' })]);
		const abroad = await probe(credential, { timezone: 'Asia/Shanghai' });
		expect(outputOf(abroad, TESTED_NODE)).toEqual([expect.objectContaining({ zone: 'Asia/Shanghai' })]);
	});

	it('keeps the hints of a node', async () => {
		expect(hintsOf(await probe(account()), TESTED_NODE)).toEqual([
			{ message: 'Asked 1 times', location: 'outputPane' },
		]);
	});

	it('uses the given execution ID', async () => {
		const parameters = { word: '={{ $execution.id }}' };
		const run = await probe(account(), { parameters, executionId: '4711' });
		expect(outputOf(run, TESTED_NODE)).toEqual([expect.objectContaining({ word: '4711' })]);
	});

	it('starts an exported workflow at its trigger', async () => {
		const main = (node: string) => ({ main: [[{ node, type: 'main' as const, index: 0 }]] });
		const position: [number, number] = [0, 0];
		const assignments = [{ id: 'a', name: 'count', value: '={{ $json.words.length }}', type: 'number' }];
		const run = await engine.runWorkflow(
			{
				nodes: [
					{ id: '0', name: 'Note', type: 'n8n-nodes-base.stickyNote', typeVersion: 1, position, parameters: {} },
					{ id: '1', name: 'Click', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, position, parameters: {} },
					{
						id: '2',
						name: 'Raw',
						type: 'n8n-nodes-base.set',
						typeVersion: 3.4,
						position,
						parameters: { mode: 'raw', jsonOutput: '={{ { words: ["a", "b"] } }}' },
					},
					{
						id: '3',
						name: 'Fields',
						type: 'n8n-nodes-base.set',
						typeVersion: 3.4,
						position,
						parameters: { assignments: { assignments }, includeOtherFields: true },
					},
					{
						id: '4',
						name: 'Probe',
						type: PROBE,
						typeVersion: 1,
						position,
						parameters: { word: '={{ $("Raw").item.json.words[1] }}' },
						credentials: { probeApi: { id: 'of another instance', name: 'theirs' } },
					},
					{ id: '5', name: 'End', type: 'n8n-nodes-base.noOp', typeVersion: 1, position, parameters: {} },
				],
				connections: { Click: main('Raw'), Raw: main('Fields'), Fields: main('Probe'), Probe: main('End') },
			},
			{ credentials: [account()] },
		);
		expect(outputOf(run, 'Fields')).toEqual([{ words: ['a', 'b'], count: 2 }]);
		expect(outputOf(run, 'End')).toEqual([expect.objectContaining({ word: 'b' })]);
	});
});

describe('The editor of the test engine', () => {
	it('loads options and searches lists page by page', async () => {
		const node = { type: PROBE, credential: account() };
		expect(await engine.loadOptions(node, 'getWords')).toEqual([
			{ name: 'alpha', value: 'alpha' },
			{ name: 'beta', value: 'beta' },
		]);
		expect(await engine.listSearch(node, 'searchWords', 'bet')).toEqual({
			results: [{ name: 'beta', value: 'beta' }],
			paginationToken: undefined,
		});
		expect(await engine.listSearch(node, 'searchWords', 'a', '1')).toMatchObject({ results: [{ value: 'beta' }] });
		expect(api.logins).toBe(1);
	});

	it('tests a credential with a new login and stores the token', async () => {
		const credential = account({ token: 'token-0' });
		expect(await engine.testCredential(credential)).toEqual({ status: 'OK', message: 'Connection successful!' });
		expect(engine.credentials.peek(credential).token).toBe('token-1');
	});

	it('reports a failed credential test as n8n does', async () => {
		const credential = account();
		const failed = async (message: string) =>
			expect(await engine.testCredential(credential)).toEqual({ status: 'Error', message });
		api.state = 'closed';
		await failed('The API is closed');
		api.failures = [404];
		await failed('Not Found');
		engine.credentials.patch(credential, { baseUrl: 'http://127.0.0.1:1' });
		await failed('ECONNREFUSED');
	});
});

it('The test engine deletes its user folder when it stops', async () => {
	await probe(account());
	await engine.stop();
	expect(existsSync(process.env.N8N_USER_FOLDER ?? '')).toBe(false);
});

it('The call log of the test engine lists the calls that DingTalk received', async () => {
	const simulator = await startSimulator();
	try {
		const recorder = new RequestRecorder(simulator);
		await fetch(`${simulator.url}/v1.0/contact/users/me`);
		expect(await recorder.calls()).toEqual([
			expect.objectContaining({ method: 'GET', path: '/v1.0/contact/users/me' }),
		]);
		expect(await recorder.meteredCalls()).toEqual([]);
		await recorder.clear();
		expect(await recorder.calls()).toEqual([]);
	} finally {
		await simulator.close();
	}
});
