import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { until } from '../conformance/until';
import { seal } from '../simulator/push/envelope';
import type { WebhookServer } from './harness';
import { useDesk } from './support/setup';
import {
	callbackCredential,
	CLIENT_ID,
	forgetProcess,
	KEYS,
	openServer,
	openTold,
	outcomesOf,
	pushesOf,
	saveAddress,
	toldBy,
	triggeredWorkflow,
} from './support/webhook';

const at = useDesk();

const IDS_ONLY = { triggerOn: ['cancelled', 'created', 'left', 'updated'], fetchDetails: false };

const push = async (body: IDataObject = {}): Promise<void> =>
	await at().control('push', { clientId: CLIENT_ID, via: 'http', unionIds: [at().people[3].unionId], ...body });

const answers = (): string[] => outcomesOf(at()).filter((outcome) => outcome !== 'pending');

const answered = async (count: number): Promise<void> =>
	await until(`${count} pushes are answered`, () => answers().length >= count);

const changesOf = ({ runs }: WebhookServer): IDataObject[] =>
	runs.flatMap(toldBy).map(({ change }) => change as IDataObject);

/** A request as DingTalk would make it, changed as wanted. */
async function request(
	server: WebhookServer,
	text: string,
	changed: RequestInit & { query?: Record<string, string> } = {},
): Promise<Response> {
	const { signature, timestamp, nonce, encrypt } = seal(text, { ...KEYS, ownerKey: CLIENT_ID }, String(Date.now()));
	const { query, ...init } = changed;
	const address = `${server.url}?${String(new URLSearchParams({ signature, timestamp, nonce, ...query }))}`;
	return await fetch(address, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ encrypt }),
		...init,
	});
}

let server: WebhookServer;
afterEach(async () => await server.close());

describe('The address', () => {
	it.each(['clientId', 'corpId'] as const)(
		'passes the check that DingTalk makes when it is saved, addressed by %s',
		async (callbackOwnerKey) => {
			await at().control('switches', { callbackOwnerKey });
			const { corpId } = at().simulator.world.company;
			server = await openServer(at(), triggeredWorkflow(), {
				credentials: [callbackCredential(at(), { ownerKey: 'either', corpId }), at().credential],
			});
			expect(await saveAddress(at(), server.url)).toBe('accepted');
			expect(server.database.executions).toEqual([]);
		},
	);

	it('gives back what the check of a suite contains', async () => {
		server = await openServer(at(), triggeredWorkflow());
		const answer = (await (
			await request(server, '{"EventType":"check_create_suite_url","Random":"LPIdSnlF"}')
		).json()) as Record<string, string>;
		const { decrypted } = await import('../simulator/push/envelope');
		expect(decrypted(answer.encrypt, KEYS.aesKey)).toEqual({ text: 'LPIdSnlF', ownerKey: CLIENT_ID });
	});

	it('is refused by the console if the token is another one, and says no more than that', async () => {
		server = await openServer(at(), triggeredWorkflow(), {
			credentials: [callbackCredential(at(), { token: 'another' })],
		});
		expect(await saveAddress(at(), server.url)).toBe('HTTP 403');
	});
});

describe('A change', () => {
	it.each(['camel', 'pascal'])('that is written in %s case starts the workflow with the event', async (casing) => {
		server = await openTold(at(), triggeredWorkflow());
		const [, organizer] = at().people;
		await at().runNode({
			parameters: {
				resource: 'event',
				operation: 'create',
				user: { __rl: true, mode: 'unionId', value: organizer.unionId },
				summary: 'Planning',
				start: '2026-12-01T10:00',
				end: '2026-12-01T11:00',
			},
		});
		await answered(1);
		await server.idle();
		expect(answers()).toEqual(['accepted']);
		const eventId = pushesOf(at())[0].message.fields.calendarEventId as string;
		await push({ casing, eventId, unionIds: [organizer.unionId], changeType: 'updated' });
		await answered(2);
		await server.idle();
		expect(server.runs.flatMap(toldBy)).toMatchObject([
			{ summary: 'Planning', start: '2026-12-01T10:00:00+08:00', change: { kind: 'created', details: 'fetched' } },
			{ summary: 'Planning', change: { kind: 'updated', details: 'fetched', differences: {} } },
		]);
	});

	it('is answered while the workflow still runs', async () => {
		let release = (): void => undefined;
		const held = new Promise<void>((resolve) => (release = resolve));
		at().engine.addNodeType('test.hang', {
			description: {
				displayName: 'Hang',
				name: 'hang',
				group: ['transform'],
				version: 1,
				description: '',
				defaults: {},
				inputs: ['main'],
				outputs: ['main'],
				properties: [],
			},
			async execute(): Promise<INodeExecutionData[][]> {
				await held;
				return [[]];
			},
		});
		server = await openTold(at(), triggeredWorkflow(IDS_ONLY, 'test.hang'));
		await push();
		await answered(1);
		expect(answers()).toEqual(['accepted']);
		expect(server.runs).toEqual([]);
		release();
		await server.idle();
		expect(changesOf(server)).toMatchObject([{ kind: 'created' }]);
	});

	it('is answered while DingTalk is slow to tell of the event', async () => {
		server = await openTold(at(), triggeredWorkflow());
		await at().control('faults', [{ match: { path: '/v1.0/calendar/*', every: 1 }, do: 'delay', delayMs: 600_000 }]);
		await push();
		await answered(1);
		expect(answers()).toEqual(['accepted']);
		expect(server.runs).toEqual([]);
		await fetch(`${at().simulator.url}/_simulator/faults`, { method: 'DELETE' });
		await server.idle();
		expect(changesOf(server)).toHaveLength(1);
	});

	it('that comes several times starts the workflow once, at the same time as one after the other', async () => {
		server = await openTold(at(), triggeredWorkflow(IDS_ONLY));
		await push({ copies: 5 });
		await answered(5);
		await push({ copies: 1, eventId: undefined });
		await answered(6);
		await server.idle();
		expect(new Set(answers())).toEqual(new Set(['accepted']));
		expect(server.runs).toHaveLength(2);
	});

	it('is known again in another process', async () => {
		const json = triggeredWorkflow(IDS_ONLY);
		server = await openTold(at(), json);
		const text = JSON.stringify({
			EventType: 'calendar_event_change',
			BizId: '1',
			CalendarEventId: 'e',
			ChangeType: 'updated',
			UnionIdList: ['u'],
		});
		expect((await request(server, text)).status).toBe(200);
		const { database } = server;
		await server.idle();
		await server.close();
		await forgetProcess();
		server = await openServer(at(), json, { database });
		expect((await request(server, text)).status).toBe(200);
		await server.idle();
		expect(database.executions).toHaveLength(1);
	});

	it('is taken again after n8n could not store it', async () => {
		let stores = 0;
		server = await openTold(at(), triggeredWorkflow(IDS_ONLY), {
			beforeStoring: async () => {
				if (++stores === 1) throw new Error('database is locked');
			},
		});
		await push();
		await answered(1);
		await at().control('clock', { advanceMs: 10_000 });
		await answered(2);
		await server.idle();
		expect(answers()).toEqual(['HTTP 500', 'accepted']);
		expect(server.runs).toHaveLength(1);
	});

	it('is not taken twice when n8n stores it so slowly that DingTalk gives up waiting', async () => {
		let release = (): void => undefined;
		const held = new Promise<void>((resolve) => (release = resolve));
		server = await openTold(at(), triggeredWorkflow(IDS_ONLY), { beforeStoring: async () => await held });
		await push();
		await until('it is under way', () => outcomesOf(at()).length === 1);
		await at().control('clock', { advanceMs: 2500 });
		await answered(1);
		await at().control('clock', { advanceMs: 10_000 });
		await answered(2);
		expect(answers()).toEqual(['too late', 'HTTP 503']);
		release();
		await until('it is stored', () => server.runs.length === 1);
		await at().control('clock', { advanceMs: 30_000 });
		await answered(3);
		expect(answers()).toEqual(['too late', 'HTTP 503', 'accepted']);
		expect(server.runs).toHaveLength(1);
	});

	it('of a kind or of people that nobody asked for is accepted and starts nothing', async () => {
		const [, watched, other] = at().people;
		server = await openTold(
			at(),
			triggeredWorkflow({ triggerOn: ['updated'], people: watched.mobile, fetchDetails: false }),
		);
		await push({ changeType: 'created', unionIds: [watched.unionId] });
		await push({ changeType: 'updated', unionIds: [other.unionId] });
		await push({ changeType: 'updated', unionIds: [other.unionId, watched.unionId] });
		await push({ eventType: 'meetingroom_book' });
		await push({ changeType: 'moved to another planet', unionIds: [watched.unionId] });
		await answered(5);
		await server.idle();
		expect(new Set(answers())).toEqual(new Set(['accepted']));
		expect(changesOf(server)).toMatchObject([{ kind: 'updated', details: 'notAsked' }]);
		expect(server.database.executions).toHaveLength(1);
	});

	it('comes with what is known if the event is gone', async () => {
		server = await openTold(at(), triggeredWorkflow());
		await push({ changeType: 'cancelled' });
		await answered(1);
		await server.idle();
		expect(server.runs.flatMap(toldBy)).toMatchObject([
			{ id: expect.any(String) as string, change: { kind: 'cancelled', details: 'gone' } },
		]);
	});

	it('needs no credential of the app where only IDs are wanted', async () => {
		server = await openTold(at(), triggeredWorkflow(IDS_ONLY), { credentials: [callbackCredential(at())] });
		await push();
		await answered(1);
		await server.idle();
		expect(changesOf(server)).toMatchObject([{ kind: 'created', details: 'notAsked' }]);
	});

	it('in a test run leaves nothing behind', async () => {
		server = await openTold(at(), triggeredWorkflow(IDS_ONLY), { mode: 'manual' });
		await push({ copies: 2 });
		await answered(2);
		await server.idle();
		expect(changesOf(server)).toHaveLength(2);
		expect(server.database.readStaticData(String(server.database.executions[0].workflowId))).toEqual({});
	});
});

describe('What is no push', () => {
	const CHANGE = JSON.stringify({ EventType: 'calendar_event_change', CalendarEventId: 'e', ChangeType: 'updated' });

	it.each<[string, number, RequestInit & { query?: Record<string, string> }]>([
		['is read instead of posted', 404, { method: 'GET', body: undefined }],
		['is put', 404, { method: 'PUT' }],
		['is a form', 415, { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
		['says nothing of its type', 415, { headers: {} }],
		['is a list', 400, { body: '[]' }],
		['is a text', 400, { body: '"text"' }],
		['is empty', 400, { body: '' }],
		['is not JSON', 422, { body: '{"encrypt":' }],
		['has no encrypted text', 400, { body: '{}' }],
		['has a number for a text', 400, { body: '{"encrypt":1}' }],
		['is larger than any change', 413, { body: JSON.stringify({ encrypt: 'A'.repeat(1_100_000) }) }],
		['is wrongly signed', 403, { query: { signature: '0'.repeat(40) } }],
		['is of another time', 403, { query: { timestamp: '1' } }],
		['is of another nonce', 403, { query: { nonce: 'other' } }],
	])('because it %s gets %i and starts nothing', async (_, status, changed) => {
		server = await openServer(at(), triggeredWorkflow(IDS_ONLY));
		const answer = await request(server, CHANGE, changed);
		expect(answer.status).toBe(status);
		expect(server.database.executions).toEqual([]);
		expect(server.thrown).toEqual([]);
		if (status === 403) expect(await answer.text()).toBe('{"message":"Forbidden"}');
	});

	it.each(['not JSON', '[]', '7'])(
		'because of what DingTalk would never write inside (%s) is refused',
		async (text) => {
			server = await openServer(at(), triggeredWorkflow(IDS_ONLY));
			expect((await request(server, text)).status).toBe(400);
			expect(server.database.executions).toEqual([]);
		},
	);

	it('cannot fill the executions of n8n when the credential is broken', async () => {
		server = await openServer(at(), triggeredWorkflow(IDS_ONLY), {
			credentials: [callbackCredential(at(), { aesSecretKey: 'short' })],
		});
		expect((await request(server, CHANGE)).status).toBe(503);
		expect(server.thrown).toEqual([]);
		expect(server.database.executions).toEqual([]);
	});
});
