/** Tests the webhook trigger on n8n's engine: which pushes start the workflow, and how each request is answered. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { until } from '../conformance/until';
import { seal, type SealedText } from '../simulator/push/envelope';
import type { WebhookServer } from './harness';
import { useDesk } from './support/setup';
import { credentialOf } from './support/state';
import {
	callbackCredential,
	CLIENT_ID,
	KEYS,
	openServer,
	openRegisteredServer,
	outcomesOf,
	pushesOf,
	requestOf,
	saveUrl,
	sendRequest,
	triggerOutput,
	triggeredWorkflow,
	type PushRequest,
} from './support/webhook';

const at = useDesk();

const IDS_ONLY = { triggerOn: ['cancelled', 'created', 'left', 'updated'], fetchDetails: false };

const push = async (body: IDataObject = {}): Promise<void> =>
	await at().control('push', { clientId: CLIENT_ID, via: 'http', unionIds: [at().people[3].unionId], ...body });

const settledOutcomes = (): string[] => outcomesOf(at()).filter((outcome) => outcome !== 'pending');

const answered = async (count: number): Promise<void> =>
	await until(`${count} pushes are answered`, () => settledOutcomes().length >= count);

const changesOf = ({ runs }: WebhookServer): IDataObject[] =>
	runs.flatMap(triggerOutput).map(({ change }) => change as IDataObject);

/** Sends a message as DingTalk would, with parts of the request changed. */
const send = async (
	text: string,
	{ query, ...changed }: Partial<PushRequest> = {},
): Promise<{ status: number; text: string }> => {
	const request = requestOf(seal(text, { ...KEYS, ownerKey: CLIENT_ID }, String(Date.now())));
	return await sendRequest(server.url, { ...request, ...changed, query: { ...request.query, ...query } });
};

let server: WebhookServer;
afterEach(async () => await server.close());

describe('The URL of the webhook trigger', () => {
	it.each(['clientId', 'corpId'] as const)(
		'passes the check that DingTalk makes when it is saved, addressed to %s',
		async (callbackOwnerKey) => {
			await at().control('switches', { callbackOwnerKey });
			const { corpId } = at().simulator.world.company;
			server = await openServer(at(), triggeredWorkflow(), {
				credentials: [callbackCredential(at(), { ownerKey: 'either', corpId }), at().credential],
			});
			expect(await saveUrl(at(), server.url)).toBe('accepted');
			expect(server.database.executions).toEqual([]);
		},
	);

	it('repeats the random text of the check for a suite', async () => {
		server = await openServer(at(), triggeredWorkflow());
		const reply = await send('{"EventType":"check_create_suite_url","Random":"LPIdSnlF"}');
		const { decrypted } = await import('../simulator/push/envelope');
		expect(decrypted((JSON.parse(reply.text) as SealedText).encrypt, KEYS.aesKey)).toEqual({
			text: 'LPIdSnlF',
			ownerKey: CLIENT_ID,
		});
	});

	it('is rejected by the developer console if the token differs, with nothing but the status', async () => {
		server = await openServer(at(), triggeredWorkflow(), {
			credentials: [callbackCredential(at(), { token: 'another' })],
		});
		expect(await saveUrl(at(), server.url)).toBe('HTTP 403');
	});
});

describe('A change pushed to the webhook trigger', () => {
	it('brings no secret of a credential into the items', async () => {
		server = await openServer(at(), triggeredWorkflow({ ...IDS_ONLY }));
		const quoted = `sim-secret ${KEYS.token} ${KEYS.aesKey}`;
		const change = { CalendarEventId: `event of ${quoted}`, ChangeType: 'updated', UnionIdList: [quoted] };
		const { status } = await send(JSON.stringify({ EventType: 'calendar_event_change', BizId: quoted, ...change }));
		await server.idle();
		expect(status).toBe(200);
		const output = server.runs.flatMap(triggerOutput);
		expect(output).toMatchObject([{ id: expect.stringMatching(/^event of \[removed/) as string }]);
		const visible = JSON.stringify(server.database.executions);
		for (const secret of ['sim-secret', KEYS.token, KEYS.aesKey]) expect(visible).not.toContain(secret);
	});

	it.each(['camel', 'pascal'])('starts the workflow with the event, with keys in %s case', async (casing) => {
		server = await openRegisteredServer(at(), triggeredWorkflow());
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
		expect(settledOutcomes()).toEqual(['accepted']);
		const eventId = pushesOf(at())[0].message.fields.calendarEventId as string;
		await push({ casing, eventId, unionIds: [organizer.unionId], changeType: 'updated' });
		await answered(2);
		await server.idle();
		expect(server.runs.flatMap(triggerOutput)).toMatchObject([
			{ summary: 'Planning', start: '2026-12-01T10:00:00+08:00', change: { kind: 'created', details: 'fetched' } },
			{ summary: 'Planning', change: { kind: 'updated', details: 'fetched', differences: {} } },
		]);
	});

	it('is acknowledged while the workflow is still running', async () => {
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
		server = await openRegisteredServer(at(), triggeredWorkflow(IDS_ONLY, 'test.hang'));
		await push();
		await answered(1);
		expect(settledOutcomes()).toEqual(['accepted']);
		expect(server.runs).toEqual([]);
		release();
		await server.idle();
		expect(changesOf(server)).toMatchObject([{ kind: 'created' }]);
	});

	it('is acknowledged while DingTalk is slow to return the event', async () => {
		server = await openRegisteredServer(at(), triggeredWorkflow());
		await at().control('faults', [{ match: { path: '/v1.0/calendar/*', every: 1 }, do: 'delay', delayMs: 600_000 }]);
		await push();
		await answered(1);
		expect(settledOutcomes()).toEqual(['accepted']);
		expect(server.runs).toEqual([]);
		await fetch(`${at().simulator.url}/_simulator/faults`, { method: 'DELETE' });
		await server.idle();
		expect(changesOf(server)).toHaveLength(1);
	});

	it('starts the workflow once if it is pushed several times, simultaneously or one after the other', async () => {
		server = await openRegisteredServer(at(), triggeredWorkflow(IDS_ONLY));
		await push({ copies: 5 });
		await answered(5);
		await push({ copies: 1, eventId: undefined });
		await answered(6);
		await server.idle();
		expect(new Set(settledOutcomes())).toEqual(new Set(['accepted']));
		expect(server.runs).toHaveLength(2);
	});

	it('starts the workflow for each of the people if DingTalk pushes one change of several people separately', async () => {
		server = await openServer(at(), triggeredWorkflow(IDS_ONLY));
		const textFor = (people: string[]): string =>
			JSON.stringify({
				EventType: 'calendar_event_change',
				BizId: '1',
				CalendarEventId: 'e',
				CalendarEventUpdateTime: 7,
				ChangeType: 'updated',
				UnionIdList: people,
			});
		for (const people of [['anna'], ['ben'], ['anna'], ['ben', 'carl'], ['carl', 'ben']])
			expect((await send(textFor(people))).status).toBe(200);
		await server.idle();
		expect(changesOf(server).map(({ people }) => people)).toEqual([['anna'], ['ben'], ['ben', 'carl']]);
	});

	it('starts the workflow only if it belongs to the organization of the credential', async () => {
		const textFrom = (fields: IDataObject): string =>
			JSON.stringify({
				EventType: 'calendar_event_change',
				CalendarEventId: String(fields.CorpId),
				ChangeType: 'updated',
				UnionIdList: ['anna'],
				...fields,
			});
		const { corpId } = at().simulator.world.company;
		const thirdParty = credentialOf(at(), { appType: 'thirdParty', clientId: 'sim-thirdparty', corpId });
		server = await openServer(at(), triggeredWorkflow(IDS_ONLY), {
			credentials: [callbackCredential(at()), thirdParty],
		});
		for (const fields of [{ CorpId: 'dingOther' }, {}, { CorpId: corpId }])
			expect((await send(textFrom(fields))).status).toBe(200);
		await server.idle();
		expect(changesOf(server)).toHaveLength(1);
		await server.close();
		server = await openServer(at(), triggeredWorkflow(IDS_ONLY), {
			credentials: [callbackCredential(at(), { ownerKey: 'either', corpId }), at().credential],
		});
		for (const fields of [{ CorpId: 'dingOther' }, { CorpId: corpId }]) await send(textFrom(fields));
		await server.idle();
		expect(changesOf(server)).toHaveLength(1);
	});

	it('is recognized as repeated after a restart', async () => {
		const json = triggeredWorkflow(IDS_ONLY);
		server = await openRegisteredServer(at(), json);
		const text = JSON.stringify({
			EventType: 'calendar_event_change',
			BizId: '1',
			CalendarEventId: 'e',
			ChangeType: 'updated',
			UnionIdList: ['u'],
		});
		expect((await send(text)).status).toBe(200);
		const { database } = server;
		await server.idle();
		await server.close();
		await at().engine.restart();
		server = await openServer(at(), json, { database });
		expect((await send(text)).status).toBe(200);
		await server.idle();
		expect(database.executions).toHaveLength(1);
	});

	it('is accepted when it is pushed again because n8n could not store it', async () => {
		let stores = 0;
		server = await openRegisteredServer(at(), triggeredWorkflow(IDS_ONLY), {
			beforeStoring: async () => {
				if (++stores === 1) throw new Error('database is locked');
			},
		});
		await push();
		await answered(1);
		await at().control('clock', { advanceMs: 10_000 });
		await answered(2);
		await server.idle();
		expect(settledOutcomes()).toEqual(['HTTP 500', 'accepted']);
		expect(server.runs).toHaveLength(1);
	});

	it('starts the workflow once if n8n stores it so slowly that DingTalk stops waiting', async () => {
		let release = (): void => undefined;
		const held = new Promise<void>((resolve) => (release = resolve));
		server = await openRegisteredServer(at(), triggeredWorkflow(IDS_ONLY), { beforeStoring: async () => await held });
		await push();
		await until('the push is sent', () => outcomesOf(at()).length === 1);
		await at().control('clock', { advanceMs: 2500 });
		await answered(1);
		await at().control('clock', { advanceMs: 10_000 });
		await answered(2);
		expect(settledOutcomes()).toEqual(['too late', 'HTTP 503']);
		release();
		await until('the execution is stored', () => server.runs.length === 1);
		await at().control('clock', { advanceMs: 30_000 });
		await answered(3);
		expect(settledOutcomes()).toEqual(['too late', 'HTTP 503', 'accepted']);
		expect(server.runs).toHaveLength(1);
	});

	it('is acknowledged and starts nothing if its kind or people are not selected', async () => {
		const [, watched, other] = at().people;
		server = await openRegisteredServer(
			at(),
			triggeredWorkflow({ triggerOn: ['updated'], people: watched.mobile, fetchDetails: false }),
		);
		// The first push looks up the people. On a slow machine that takes too long, and the push is postponed.
		for (let pushes = 1; !settledOutcomes().includes('accepted'); pushes++) {
			await push({ changeType: 'created', unionIds: [watched.unionId] });
			await answered(pushes);
		}
		const before = settledOutcomes().length;
		await push({ changeType: 'updated', unionIds: [other.unionId] });
		await push({ changeType: 'updated', unionIds: [other.unionId, watched.unionId] });
		await push({ eventType: 'meetingroom_book' });
		await push({ changeType: 'moved to another planet', unionIds: [watched.unionId] });
		await answered(before + 4);
		await server.idle();
		expect(settledOutcomes().slice(before)).toEqual(Array(4).fill('accepted'));
		expect(changesOf(server)).toMatchObject([{ kind: 'updated', details: 'notAsked' }]);
		expect(server.database.executions).toHaveLength(1);
	});

	it('is reported with what is known if the event is gone', async () => {
		server = await openRegisteredServer(at(), triggeredWorkflow());
		await push({ changeType: 'cancelled' });
		await answered(1);
		await server.idle();
		expect(server.runs.flatMap(triggerOutput)).toMatchObject([
			{ id: expect.any(String) as string, change: { kind: 'cancelled', details: 'gone' } },
		]);
	});

	it('needs no app credential if only IDs are wanted', async () => {
		server = await openRegisteredServer(at(), triggeredWorkflow(IDS_ONLY), { credentials: [callbackCredential(at())] });
		await push();
		await answered(1);
		await server.idle();
		expect(changesOf(server)).toMatchObject([{ kind: 'created', details: 'notAsked' }]);
	});

	it('stores nothing in a test run', async () => {
		server = await openRegisteredServer(at(), triggeredWorkflow(IDS_ONLY), { mode: 'manual' });
		await push({ copies: 2 });
		await answered(2);
		await server.idle();
		expect(changesOf(server)).toHaveLength(2);
		expect(server.database.readStaticData(String(server.database.executions[0].workflowId))).toEqual({});
	});
});

describe('A request to the webhook trigger that is not a valid push', () => {
	const CHANGE = JSON.stringify({ EventType: 'calendar_event_change', CalendarEventId: 'e', ChangeType: 'updated' });

	it.each<[string, number, Partial<PushRequest>]>([
		['because its method is GET', 404, { method: 'GET', body: '' }],
		['because its method is PUT', 404, { method: 'PUT' }],
		['because it is a form', 415, { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
		['because it has no content type', 415, { headers: {} }],
		['because it is a list', 400, { body: '[]' }],
		['because it is a text', 400, { body: '"text"' }],
		['because it is empty', 400, { body: '' }],
		['because it is not JSON', 422, { body: '{"encrypt":' }],
		['because it has no encrypted text', 400, { body: '{}' }],
		['because its encrypted text is a number', 400, { body: '{"encrypt":1}' }],
		['because it is larger than any change', 413, { body: JSON.stringify({ encrypt: 'A'.repeat(1_100_000) }) }],
		['because its signature is wrong', 403, { query: { signature: '0'.repeat(40) } }],
		['because its time is not the signed one', 403, { query: { timestamp: '1' } }],
		['because its nonce is not the signed one', 403, { query: { nonce: 'other' } }],
	])('%s gets status %i and starts nothing', async (_, status, changed) => {
		server = await openServer(at(), triggeredWorkflow(IDS_ONLY));
		const answer = await send(CHANGE, changed);
		expect(answer.status).toBe(status);
		expect(server.database.executions).toEqual([]);
		expect(server.thrown).toEqual([]);
		if (status === 403) expect(answer.text).toBe('{"message":"Forbidden"}');
	});

	it.each(['not JSON', '[]', '7'])('gets status 400 because its encrypted text is not an object: %s', async (text) => {
		server = await openServer(at(), triggeredWorkflow(IDS_ONLY));
		expect((await send(text)).status).toBe(400);
		expect(server.database.executions).toEqual([]);
	});

	it('creates no failed executions in n8n if the credential is wrong', async () => {
		server = await openServer(at(), triggeredWorkflow(IDS_ONLY), {
			credentials: [callbackCredential(at(), { aesSecretKey: 'short' })],
		});
		expect((await send(CHANGE)).status).toBe(503);
		expect(server.thrown).toEqual([]);
		expect(server.database.executions).toEqual([]);
	});
});
