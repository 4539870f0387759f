/** Tests the Stream trigger on n8n's engine: which changes start the workflow, and how connections are shared and replaced. */
import type { IDataObject } from 'n8n-workflow';

import { Publisher } from '../simulator/push/publisher';
import { Database, outputOf } from './harness';
import type { Server, ServerOptions } from './harness';
import { plant } from './support/events';
import { Company, timed } from './support/polling';
import { useDesk } from './support/setup';
import { credentialOf, signedIn } from './support/state';
import { StreamClock } from './support/streamClock';
import {
	activate,
	allAccepted,
	changeOf,
	connections,
	executions,
	itemsOf,
	outcomes,
	pushes,
	refusalOf,
	streamWorkflow,
	TRIGGER_NODE,
	until,
	untilClosed,
} from './support/triggers';

/** How long changes wait for workflows that n8n has not activated yet. */
const STARTUP_MS = 10_000;
/** How long changes wait for a workflow that may be in the middle of being saved. */
const RESUBSCRIBE_MS = 10_000;
const STEP_MS = 50;
/** The wait after a first failed attempt to connect. */
const BACKOFF_MS = 1000;

describe('The Stream trigger', () => {
	const getDesk = useDesk();
	let clock: StreamClock;
	let servers: Server[] = [];
	const startServer = (options: ServerOptions = {}): Server => {
		const server = getDesk().engine.server(options);
		servers.push(server);
		return server;
	};
	beforeAll(() => {
		clock = StreamClock.install();
	});
	afterEach(async () => {
		for (const server of servers) await server.stop();
		servers = [];
	});

	it('starts the workflow with the event and what happened to it', async () => {
		const desk = getDesk();
		const server = startServer();
		await activate(desk, server, streamWorkflow());
		const [anna] = desk.people;
		const id = plant(desk, anna);
		const [item] = itemsOf(await executions(server));
		expect(item).toMatchObject({
			id,
			summary: 'Planted',
			start: '2026-03-03T10:00:00+08:00',
			organizer: `${anna.name} <${anna.unionId}>`,
		});
		expect(changeOf(item)).toMatchObject({ kind: 'created', details: 'fetched', operator: 'user' });
		expect(changeOf(item).people).toContain(`${anna.name} <${anna.unionId}>`);
		await until(() => allAccepted(desk));
	});

	it('makes no calls if details are not wanted', async () => {
		const desk = getDesk();
		const server = startServer();
		await activate(desk, server, streamWorkflow({ fetchDetails: false }));
		await desk.recorder.clear();
		const id = plant(desk, desk.people[0]);
		const [item] = itemsOf(await executions(server));
		expect(item).toEqual({
			id,
			change: expect.objectContaining({ kind: 'created', details: 'notAsked', people: [desk.people[0].unionId] }),
		});
		expect(await desk.recorder.meteredCalls()).toEqual([]);
	});

	it('reads the event with one metered call', async () => {
		const desk = getDesk();
		const server = startServer();
		await activate(desk, server, streamWorkflow());
		await desk.recorder.clear();
		plant(desk, desk.people[0]);
		await executions(server);
		expect(await desk.recorder.meteredCalls()).toHaveLength(1);
	});

	it('outputs the raw event with the push, or selected fields', async () => {
		const desk = getDesk();
		const server = startServer();
		await activate(desk, server, streamWorkflow({ output: 'raw' }, 'raw'));
		await activate(desk, server, streamWorkflow({ output: 'selected', outputFields: ['id', 'summary'] }, 'selected'));
		const id = plant(desk, desk.people[0]);
		const found = await executions(server, 2);
		const [raw] = itemsOf(found.filter(({ workflowId }) => workflowId === 'raw'));
		expect(raw).toMatchObject({ id, start: { dateTime: expect.any(String) } });
		expect(JSON.stringify(changeOf(raw).push)).toContain(desk.people[0].unionId);
		const [selected] = itemsOf(found.filter(({ workflowId }) => workflowId === 'selected'));
		expect(Object.keys(selected).sort()).toEqual(['change', 'id', 'summary']);
	});

	it('reports what differs from the last known state of the event', async () => {
		const desk = getDesk();
		const server = startServer();
		await activate(desk, server, streamWorkflow({ rememberValues: true }));
		const [anna] = desk.people;
		const eventId = plant(desk, anna);
		await executions(server, 1);
		await until(() => allAccepted(desk));
		await desk.runNode({
			parameters: {
				resource: 'event',
				operation: 'update',
				user: anna.unionId,
				eventId,
				updateFields: { summary: 'Moved', location: 'Roof' },
			},
		});
		const [, item] = itemsOf(await executions(server, 2));
		expect(changeOf(item)).toMatchObject({
			kind: 'updated',
			differences: { summary: { before: 'Planted', after: 'Moved' }, location: { before: null, after: 'Roof' } },
		});
	});

	it('reports the last known state if an attendee has left the event or it is gone', async () => {
		const desk = getDesk();
		const server = startServer();
		await activate(desk, server, streamWorkflow({ rememberValues: true }));
		const [anna, ben] = desk.people;
		const eventId = plant(desk, anna, { attendees: [{ id: ben.unionId }] });
		await executions(server, 1);
		await until(() => allAccepted(desk));
		await desk.runNode({ parameters: { resource: 'event', operation: 'delete', user: ben.unionId, eventId } });
		const ofKind = async (kind: string) =>
			await until(() => itemsOf(server.database.executions).find((item) => changeOf(item).kind === kind));
		expect(changeOf((await ofKind('left')) ?? {})).toMatchObject({
			kind: 'left',
			details: 'gone',
			people: [ben.unionId],
			lastKnown: { summary: 'Planted' },
		});
		await desk.control('push', {
			changeType: 'cancelled',
			fields: { calendarEventId: eventId, unionIdList: [ben.unionId] },
		});
		expect(await ofKind('cancelled')).toMatchObject({
			id: eventId,
			change: { kind: 'cancelled', details: 'gone', lastKnown: { summary: 'Planted' } },
		});
	});

	it('reports that an unknown event is gone', async () => {
		const desk = getDesk();
		const server = startServer();
		await activate(desk, server, streamWorkflow());
		await desk.control('push', { changeType: 'cancelled' });
		const [item] = itemsOf(await executions(server));
		expect(changeOf(item)).toMatchObject({ kind: 'cancelled', details: 'gone' });
	});

	it('reports a change even if the event cannot be read', async () => {
		const desk = getDesk();
		const credential = credentialOf(desk, { clientId: 'sim-internal' });
		const server = startServer();
		await activate(desk, server, streamWorkflow(), credential);
		await desk.control('apps', { clientId: 'sim-internal', scopes: ['qyapi_get_member'] });
		plant(desk, desk.people[0]);
		const [item] = itemsOf(await executions(server));
		expect(changeOf(item)).toMatchObject({ kind: 'created', details: 'failed' });
		expect(changeOf(item).problem).toContain('Calendar.Event.Read');
	});

	it('starts the workflow only for the selected kinds and people', async () => {
		const desk = getDesk();
		const [anna, ben] = desk.people;
		const server = startServer();
		await activate(desk, server, streamWorkflow({ triggerOn: ['updated'], people: ben.mobile, fetchDetails: false }));
		for (const [changeType, { unionId }] of [
			['created', ben],
			['updated', anna],
			['updated', ben],
		] as const) {
			await desk.control('push', { changeType, unionIds: [unionId] });
		}
		await until(() => pushes(desk).length === 3 && allAccepted(desk));
		expect(itemsOf(server.database.executions).map(changeOf)).toMatchObject([
			{ kind: 'updated', people: [ben.unionId] },
		]);
	});

	it('shares one connection between all workflows of an app and closes it with the last one', async () => {
		const desk = getDesk();
		const server = startServer();
		const ids = ['a', 'b', 'c'];
		await Promise.all(ids.map(async (id) => await activate(desk, server, streamWorkflow({ fetchDetails: false }, id))));
		expect(connections(desk)).toHaveLength(1);
		await desk.control('push', { count: 5 });
		const found = await executions(server, 15);
		for (const id of ids)
			expect(
				new Set(found.filter(({ workflowId }) => workflowId === id).map(({ deduplicationKey }) => deduplicationKey))
					.size,
			).toBe(5);
		await server.deactivate('a');
		await server.deactivate('b');
		expect(connections(desk)).toHaveLength(1);
		await desk.control('push', {});
		expect((await executions(server, 16)).at(-1)?.workflowId).toBe('c');
		clock.advance(RESUBSCRIBE_MS);
		await until(() => allAccepted(desk));
		await server.deactivate('c');
		await untilClosed(desk, clock);
		await activate(desk, server, streamWorkflow({ fetchDetails: false }, 'd'));
		expect(connections(desk)).toHaveLength(1);
	});

	it('delivers what was pushed while n8n was down to all workflows, although they are activated one by one', async () => {
		const desk = getDesk();
		await desk.control('switches', { streamWithoutConnection: 'kept' });
		const firstServer = startServer();
		await activate(desk, firstServer, streamWorkflow({ fetchDetails: false }, 'a'));
		await firstServer.stop();
		await untilClosed(desk, clock);
		await desk.control('push', { clientId: 'sim-internal', via: 'stream', count: 3 });
		const server = startServer();
		for (const id of ['a', 'b']) {
			await server.activate(streamWorkflow({ fetchDetails: false }, id), {
				credentials: [desk.credential],
				mode: 'init',
			});
		}
		clock.advance(STARTUP_MS);
		const found = await executions(server, 6);
		await until(() => allAccepted(desk));
		expect(found.map(({ workflowId }) => workflowId).sort()).toEqual(['a', 'a', 'a', 'b', 'b', 'b']);
	});

	it('delivers what was pushed while a workflow was being saved', async () => {
		const desk = getDesk();
		const server = startServer();
		for (const id of ['a', 'b']) await activate(desk, server, streamWorkflow({ fetchDetails: false }, id));
		await server.deactivate('b');
		await desk.control('push', {});
		await server.activate(streamWorkflow({ fetchDetails: false }, 'b'), {
			credentials: [desk.credential],
			mode: 'update',
		});
		const found = await executions(server, 2);
		expect(found.map(({ workflowId }) => workflowId).sort()).toEqual(['a', 'b']);
		await until(() => allAccepted(desk));
	});

	it('gives n8n a deduplication key that is unique for each workflow and change', async () => {
		const desk = getDesk();
		const server = startServer();
		await activate(desk, server, streamWorkflow({ fetchDetails: false }, 'a'));
		await desk.control('push', {});
		const [{ deduplicationKey }] = await executions(server);
		expect(deduplicationKey).toBe(`a:node-of-a:${pushes(desk)[0].message.eventId}`);
	});

	it('starts the workflow once for each change, however often it is pushed', async () => {
		const desk = getDesk();
		const server = startServer({ knowsKeys: false });
		await activate(desk, server, streamWorkflow({ fetchDetails: false }));
		await desk.control('push', { count: 20, copies: 3, order: 'shuffled' });
		await until(() => pushes(desk).length === 60 && allAccepted(desk));
		expect(server.database.executions).toHaveLength(20);
	});

	it('recognizes changes that are pushed again after a restart', async () => {
		const desk = getDesk();
		const database = new Database();
		const first = startServer({ database });
		await activate(desk, first, streamWorkflow({ fetchDetails: false }));
		await desk.control('push', { count: 5 });
		await until(() => pushes(desk).length === 5 && allAccepted(desk));
		await first.stop();
		await untilClosed(desk, clock);
		const second = startServer({ database });
		await activate(desk, second, streamWorkflow({ fetchDetails: false }));
		for (const record of [...pushes(desk)]) desk.simulator.world.use(Publisher).deliver(record);
		await until(() => allAccepted(desk));
		expect(database.executions).toHaveLength(5);
	});

	it('has a change pushed again that n8n could not store, without starting another workflow twice', async () => {
		const desk = getDesk();
		let refusals = 2;
		const server = startServer({
			knowsKeys: false,
			beforeStoring: async ({ workflowId }) => {
				if (workflowId === 'b' && refusals-- > 0) throw new Error('The database is locked');
			},
		});
		await activate(desk, server, streamWorkflow({ fetchDetails: false }, 'a'));
		await activate(desk, server, streamWorkflow({ fetchDetails: false }, 'b'));
		await desk.control('push', {});
		await until(() => allAccepted(desk));
		expect(outcomes(desk)).toEqual([['code 200, status LATER', 'code 200, status LATER', 'accepted']]);
		expect(server.database.executions.map(({ workflowId }) => workflowId)).toEqual(['a', 'b']);
	});

	it('keeps the order of the changes of an event even if the first one takes longer to read', async () => {
		const desk = getDesk();
		await desk.control('switches', { pushOrder: 'asItHappened' });
		const server = startServer();
		await activate(desk, server, streamWorkflow());
		await desk.control('faults', [{ match: { method: 'GET', nth: 1 }, do: 'delay', delayMs: 500 }]);
		const eventId = plant(desk, desk.people[0]);
		await desk.control('push', { eventId, changeType: 'updated' });
		expect(itemsOf(await executions(server, 2)).map((item) => changeOf(item).kind)).toEqual(['created', 'updated']);
	});

	it('acknowledges a change in time however long the workflow runs', async () => {
		const desk = getDesk();
		const server = startServer({ running: async () => await new Promise(() => undefined) });
		await activate(desk, server, streamWorkflow({ fetchDetails: false }));
		await desk.control('push', {});
		await until(() => allAccepted(desk));
		expect(outcomes(desk)).toEqual([['accepted']]);
	});

	it('has each of forty changes of one event pushed once, though the workflow runs on for each of them', async () => {
		const desk = getDesk();
		const server = startServer({ running: async () => await new Promise(() => undefined) });
		await desk.control('switches', { pushOrder: 'asItHappened' });
		await activate(desk, server, streamWorkflow({ fetchDetails: false, triggerOn: ['updated'] }));
		const eventId = plant(desk, desk.people[0]);
		for (let change = 0; change < 40; change++) await desk.control('push', { eventId, changeType: 'updated' });
		const started = await executions(server, 40);
		// In small steps, as DingTalk's patience is only a second longer.
		await until(() => {
			clock.advance(STEP_MS);
			return allAccepted(desk);
		});
		expect(outcomes(desk)).toEqual(Array.from({ length: 41 }, () => ['accepted']));
		expect(started).toHaveLength(40);
		const times = itemsOf(started).map((item) => String(changeOf(item).at));
		expect(times).toEqual([...times].sort());
		expect(new Set(itemsOf(started).map(({ id }) => id))).toEqual(new Set([eventId]));
	});

	it('postpones a change if reading the event takes too long, and starts the workflow once', async () => {
		const desk = getDesk();
		const server = startServer({ knowsKeys: false });
		await activate(desk, server, streamWorkflow());
		await desk.control('faults', [{ match: { method: 'GET', nth: 1 }, do: 'delay', delayMs: 4000 }]);
		plant(desk, desk.people[0]);
		await until(() => allAccepted(desk));
		expect(outcomes(desk)[0].at(0)).toBe('code 200, status LATER');
		expect(outcomes(desk)[0].at(-1)).toBe('accepted');
		expect(server.database.executions).toHaveLength(1);
	});

	it.each(['drop', 'disconnect'])("reconnects with a new ticket after the simulator's action %s", async (action) => {
		const desk = getDesk();
		const server = startServer();
		await activate(desk, server, streamWorkflow({ fetchDetails: false }));
		const [{ id }] = connections(desk);
		await desk.control('connections', { do: action });
		await until(() => connections(desk).some((one) => one.id !== id));
		await desk.control('push', {});
		await executions(server);
		await until(() => allAccepted(desk));
	});

	it('reconnects even if tickets or connections are refused at first', async () => {
		const desk = getDesk();
		const server = startServer();
		await activate(desk, server, streamWorkflow({ fetchDetails: false }));
		const [{ id }] = connections(desk);
		await desk.control('faults', [
			{ match: { method: 'POST', path: '/v1.0/gateway/connections/open', nth: 1 }, do: 'status', status: 503 },
			{ match: { method: 'GET', path: '/connect', nth: 1 }, do: 'status', status: 401 },
		]);
		await desk.control('connections', { do: 'drop' });
		await until(() => {
			clock.advance(BACKOFF_MS);
			return connections(desk).some((one) => one.id !== id);
		});
	});

	it('reports a failed execution when the credential is no longer accepted, once', async () => {
		const desk = getDesk();
		const server = startServer();
		const credential = credentialOf(desk, { clientId: 'sim-internal' });
		await activate(desk, server, streamWorkflow({ fetchDetails: false }), credential);
		const app = desk.simulator.world.company.apps.find(({ clientId }) => clientId === 'sim-internal');
		if (app) app.clientSecret = 'another';
		await desk.control('connections', { do: 'drop' });
		await until(() => server.errors.length > 0);
		expect(server.errors[0].message).toContain(
			"does not accept the 'Client ID' or 'Client Secret' for a Stream connection",
		);
		if (app) app.clientSecret = 'sim-secret';
		expect(server.errors).toHaveLength(1);
	});

	it.each(['truncated', 'notJson', 'dataNotJson', 'noHeaders', 'unknownType'])(
		'continues after an invalid frame (%s)',
		async (spoil) => {
			const desk = getDesk();
			const server = startServer();
			await activate(desk, server, streamWorkflow({ fetchDetails: false }));
			await desk.control('push', { spoil });
			await desk.control('push', { eventType: 'something_else' });
			await desk.control('push', { changeType: 'neverHeardOf' });
			await desk.control('push', {});
			await executions(server);
			await until(() => pushes(desk).every(({ state }) => state === 'accepted' || state === 'spoilt'));
			expect(server.database.executions).toHaveLength(1);
		},
	);

	it('understands both capitalizations and both words for a new event', async () => {
		const desk = getDesk();
		const server = startServer();
		await activate(desk, server, streamWorkflow({ fetchDetails: false }));
		await desk.control('push', { casing: 'pascal', changeType: 'create' });
		await desk.control('push', { casing: 'camel', changeType: 'created' });
		const found = itemsOf(await executions(server, 2)).map(changeOf);
		expect(found).toMatchObject([{ kind: 'created' }, { kind: 'created' }]);
	});

	describe('cannot be activated', () => {
		it('with a wrong secret, even if another workflow is connected with the right one', async () => {
			const desk = getDesk();
			const server = startServer();
			const wrong = credentialOf(desk, { clientId: 'sim-internal', clientSecret: 'wrong' });
			const text = "does not accept the 'Client ID' or 'Client Secret' for a Stream connection. Copy both again";
			expect(await refusalOf(activate(desk, server, streamWorkflow(), wrong))).toContain(text);
			await activate(desk, server, streamWorkflow({}, 'right'));
			const message = await refusalOf(activate(desk, server, streamWorkflow(), wrong));
			expect(message).toContain(text);
			expect(message).toContain('set the push mode to Stream');
			expect(message).not.toContain('[Item');
			expect(connections(desk)).toHaveLength(1);
		});

		it('on a version of Node.js without WebSocket, and the error names the other two triggers', async () => {
			const desk = getDesk();
			const { WebSocket } = globalThis;
			Reflect.deleteProperty(globalThis, 'WebSocket');
			try {
				const message = await refusalOf(activate(desk, startServer(), streamWorkflow()));
				expect(message).toContain('needs Node.js 22 or newer');
				expect(message).toContain("'DingTalk Calendar Webhook Trigger'");
				expect(message).toContain("'DingTalk Calendar Polling Trigger'");
			} finally {
				globalThis.WebSocket = WebSocket;
			}
		});

		it('with an app that acts on behalf of a user', async () => {
			const desk = getDesk();
			const message = await refusalOf(activate(desk, startServer(), streamWorkflow(), signedIn(desk, desk.people[0])));
			expect(message).toContain('only to apps of an organization');
			expect(message).toContain("'App Type' is Internal App");
		});

		it('if a person to watch is not found', async () => {
			const desk = getDesk();
			const message = await refusalOf(activate(desk, startServer(), streamWorkflow({ people: 'No Such Person' })));
			expect(message).toContain("'People to Watch' cannot be used");
			expect(connections(desk)).toHaveLength(0);
		});

		it('if no kind of change is selected', async () => {
			const message = await refusalOf(activate(getDesk(), startServer(), streamWorkflow({ triggerOn: [] })));
			expect(message).toContain("'Trigger On' is empty. Select at least one kind of change.");
		});

		it.each([
			['POST', '/v1.0/gateway/connections/open', 503, 'cannot open a Stream connection at the moment'],
			['POST', '/v1.0/gateway/connections/open', 404, 'did not respond like DingTalk'],
			['POST', '/v1.0/gateway/connections/open', 403, 'does not allow this app to open a Stream connection'],
			['GET', '/connect', 401, 'Could not open the Stream connection to 127.0.0.1'],
		])('if %s %s returns status %i', async (method, path, status, text) => {
			const desk = getDesk();
			await desk.control('faults', [{ match: { method, path }, do: 'status', status }]);
			expect(await refusalOf(activate(desk, startServer(), streamWorkflow()))).toContain(text);
			await fetch(`${desk.simulator.url}/_simulator/faults`, { method: 'DELETE' });
			await activate(desk, startServer(), streamWorkflow());
		});

		it('if the server cannot be reached', async () => {
			const desk = getDesk();
			const credential = credentialOf(desk, { clientId: 'sim-internal', baseUrl: 'http://127.0.0.1:9' });
			expect(await refusalOf(activate(desk, startServer(), streamWorkflow(), credential))).toContain(
				'Could not reach 127.0.0.1:9',
			);
		});

		it.each(['wrong', 'sim-secret'])('without revealing a secret in the error: %s', async (clientSecret) => {
			const desk = getDesk();
			await desk.control('faults', [{ match: { method: 'GET', path: '/connect' }, do: 'status', status: 500 }]);
			const credential = credentialOf(desk, { clientId: 'sim-internal', clientSecret });
			const error = await activate(desk, startServer(), streamWorkflow(), credential).catch(
				(failure: Error) => failure,
			);
			const shown = JSON.stringify([error, (error as Error).cause], (_, value: unknown) =>
				value instanceof Error ? { ...value, message: value.message, stack: value.stack, cause: value.cause } : value,
			);
			expect(shown).not.toMatch(/sim-secret|"wrong"|ticket=/);
		});
	});

	describe('in a test run', () => {
		const test = async (parameters: Record<string, unknown>, signal?: AbortSignal) =>
			await getDesk().engine.runWorkflow(streamWorkflow(parameters as never), {
				credentials: [getDesk().credential],
				signal,
			});

		it('outputs a marked sample at once, without a connection', async () => {
			const desk = getDesk();
			const [item] = outputOf(await test({}), TRIGGER_NODE);
			expect(item).toMatchObject({ summary: 'SAMPLE - not a real event', change: { sample: true, kind: 'created' } });
			expect(connections(desk)).toHaveLength(0);
		});

		it.each([
			['created', {}],
			['updated', {}],
			['cancelled', {}],
			['left', {}],
			['created', { output: 'raw' }],
			['cancelled', { output: 'raw' }],
			['cancelled', { fetchDetails: false }],
			['cancelled', { rememberValues: true }],
		])('outputs a sample with the fields of a real change: %s, %p', async (kind, parameters) => {
			const desk = getDesk();
			const [anna, ben] = desk.people;
			const server = startServer();
			await activate(desk, server, streamWorkflow(parameters as never));
			const eventId = plant(desk, anna, { attendees: [{ id: ben.unionId }] });
			await executions(server, 1);
			await until(() => allAccepted(desk));
			const company = new Company(desk);
			if (kind === 'updated') company.update(eventId, timed(Date.parse('2026-03-03T04:00:00Z')));
			if (kind === 'left') company.hide(eventId, ben);
			if (kind === 'cancelled') company.cancel(eventId);
			const real = (await until(() =>
				itemsOf(server.database.executions).find((item) => changeOf(item).kind === kind),
			)) as IDataObject;
			const [sample] = outputOf(await test({ ...parameters, triggerOn: [kind], whenTesting: 'sample' }), TRIGGER_NODE);
			const { sample: mark, ...change } = changeOf(sample);
			expect(mark).toBe(true);
			expect(change.kind).toBe(kind);
			expect(change.details).toBe(changeOf(real).details);
			expect(Object.keys(change).sort()).toEqual(Object.keys(changeOf(real)).sort());
			const lastKnownOf = ({ lastKnown = {} }: IDataObject): string[] => Object.keys(lastKnown as IDataObject).sort();
			expect(lastKnownOf(change)).toEqual(lastKnownOf(changeOf(real)));
			expect('summary' in sample).toBe('summary' in real);
		});

		it('waits for a real change, which an active workflow receives too', async () => {
			const desk = getDesk();
			const server = startServer();
			await activate(desk, server, streamWorkflow({ fetchDetails: false }, 'active'));
			const running = test({ fetchDetails: false, whenTesting: 'wait' });
			await desk.control('push', {});
			await executions(server);
			// The test run may subscribe after the first push, so further ones follow.
			const run = await until(async () => {
				await desk.control('push', {});
				return await Promise.race([running, new Promise<undefined>((resolve) => setTimeout(resolve, 50))]);
			});
			expect(outputOf(run as never, TRIGGER_NODE)).toMatchObject([
				{ change: { kind: 'created', details: 'notAsked' } },
			]);
			await until(() => allAccepted(desk));
			expect(server.database.executions).toHaveLength(pushes(desk).length);
			expect(connections(desk)).toHaveLength(1);
		});

		it('closes its connection when it is cancelled', async () => {
			const desk = getDesk();
			const stop = new AbortController();
			void test({ whenTesting: 'wait' }, stop.signal).catch(() => undefined);
			await until(() => connections(desk).length === 1);
			stop.abort();
			await untilClosed(desk, clock);
		});
	});
});
