/** Tests on n8n's engine what an app's shared Stream connection costs, and whose changes start whose workflow. */
import type { Clock } from '../../lib/dingtalk/utils/clock';
import { Limits } from '../simulator/limits';
import { newMessage } from '../simulator/push/message';
import { Publisher } from '../simulator/push/publisher';
import { FakeClock } from '../unit/push/fakeClock';
import { loadedModule, type Server, type ServerOptions } from './harness';
import { plant } from './support/events';
import { useDesk } from './support/setup';
import { credentialOf } from './support/state';
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
	until,
	untilClosed,
} from './support/triggers';

type StreamModule = typeof import('../../lib/dingtalk/push/stream/sharedConnections');

const loadEnvironment = (): StreamModule['STREAM_ENVIRONMENT'] =>
	(loadedModule('lib/dingtalk/push/stream/sharedConnections') as StreamModule).STREAM_ENVIRONMENT;

describe('Workflows that share the Stream connection of an app', () => {
	const getDesk = useDesk();
	let systemClock: Clock;
	let clock: FakeClock;
	let servers: Server[] = [];
	const startServer = (options: ServerOptions = {}): Server => {
		const server = getDesk().engine.server(options);
		servers.push(server);
		return server;
	};
	const useClock = (used: Clock): void => void Object.assign(loadEnvironment(), { clock: used });

	beforeEach(() => {
		systemClock = loadEnvironment().clock;
		clock = new FakeClock();
		useClock(clock);
	});
	afterEach(async () => {
		for (const server of servers) await server.stop();
		servers = [];
		await untilClosed(getDesk(), clock);
		useClock(systemClock);
	});

	it.each([true, false])(
		'cost one push for each of 40 changes of one event, in order (details: %s)',
		async (fetchDetails) => {
			const desk = getDesk();
			desk.simulator.world.use(Limits).values.streamAckMs = null;
			// The workflow takes longer than DingTalk waits.
			const server = startServer({ running: async () => await new Promise(() => undefined) });
			await activate(desk, server, streamWorkflow({ fetchDetails }));
			const eventId = plant(desk, desk.people[0]);
			await desk.recorder.clear();
			for (let i = 1; i < 40; i++) {
				const fields = { calendarEventId: eventId, calendarEventUpdateTime: i, unionIdList: [desk.people[0].unionId] };
				await desk.control('push', { changeType: 'updated', fields });
			}
			const items = itemsOf(await executions(server, 40));
			expect(items.slice(1).map((item) => new Date(String(changeOf(item).at)).getTime())).toEqual(
				Array.from({ length: 39 }, (_, i) => Math.floor((i + 1) / 1000) * 1000),
			);
			expect(pushes(desk).map(({ message }) => message.eventId)).toEqual(items.map((item) => changeOf(item).key));
			await clock.advance(2000);
			await until(() => allAccepted(desk));
			expect(outcomes(desk)).toEqual(Array.from({ length: 40 }, () => ['accepted']));
		},
	);

	it('read the event with the secret as it is now, without being activated again', async () => {
		const desk = getDesk();
		const server = startServer();
		const credential = credentialOf(desk, { clientId: 'sim-internal' });
		await activate(desk, server, streamWorkflow(), credential);
		const app = desk.simulator.world.company.apps.find(({ clientId }) => clientId === 'sim-internal');
		if (!app) throw new Error('There is no such app');
		app.clientSecret = 'rotated';
		desk.engine.credentials.patch(credential, { clientSecret: 'rotated' });
		plant(desk, desk.people[0]);
		const [item] = itemsOf(await executions(server));
		expect(changeOf(item)).toMatchObject({ kind: 'created', details: 'fetched' });
		app.clientSecret = 'sim-secret';
	});

	it('are active after n8n has started while DingTalk could not be reached, people to watch included', async () => {
		const desk = getDesk();
		const [anna] = desk.people;
		const server = startServer();
		const broken = credentialOf(desk, { clientId: 'sim-internal', baseUrl: 'http://127.0.0.1:9' });
		const workflow = streamWorkflow({ fetchDetails: false, people: anna.mobile });
		await server.activate(workflow, { credentials: [broken], mode: 'init' });
		desk.engine.credentials.patch(broken, { baseUrl: desk.simulator.url });
		await until(async () => {
			await clock.advance(1000);
			return connections(desk).length === 1;
		});
		await clock.advance(15_000);
		await desk.control('push', { unionIds: [anna.unionId] });
		expect(itemsOf(await executions(server)).map(changeOf)).toMatchObject([{ people: [anna.unionId] }]);
		expect(server.errors).toEqual([]);
	});

	it('of several organizations start only for their own, over one connection', async () => {
		const desk = getDesk();
		const server = startServer();
		const app = desk.simulator.world.company.apps.find(({ clientId }) => clientId === 'sim-thirdparty');
		expect(app).toBeDefined();
		const ours = desk.simulator.world.company.corpId;
		for (const [id, corpId] of [
			['a', ours],
			['b', 'dingAnother'],
		]) {
			const credential = credentialOf(desk, { appType: 'thirdParty', clientId: 'sim-thirdparty', corpId });
			await activate(desk, server, streamWorkflow({ fetchDetails: false }, id), credential);
		}
		expect(connections(desk)).toHaveLength(1);
		const push = (corpId: string): void => {
			const { world } = desk.simulator;
			const fields = { calendarEventId: `of ${corpId}`, changeType: 'updated', unionIdList: ['someone'] };
			const message = { ...newMessage('calendar_event_change', fields, world.clock.now(), world), corpId };
			world.use(Publisher).publishTo('sim-thirdparty', 'stream', message);
		};
		push(ours);
		push('dingAnother');
		push('dingThird');
		await executions(server, 2);
		await until(() => allAccepted(desk));
		expect(server.database.executions.map(({ workflowId, items: [{ id }] }) => [workflowId, id]).sort()).toEqual([
			['a', `of ${ours}`],
			['b', 'of dingAnother'],
		]);
	});

	it('are not overheard by a workflow that knows only the Client ID', async () => {
		const desk = getDesk();
		const server = startServer();
		await activate(desk, server, streamWorkflow({ fetchDetails: false }, 'victim'));
		const guessed = credentialOf(desk, { clientId: 'sim-internal', clientSecret: 'guessed' });
		const refused = refusalOf(activate(desk, server, streamWorkflow({ fetchDetails: false }, 'attacker'), guessed));
		await desk.control('push', { count: 3 });
		expect(await refused).toContain("does not accept the 'Client ID' or 'Client Secret'");
		await desk.control('push', { count: 3 });
		const found = await executions(server, 6);
		await until(() => allAccepted(desk));
		expect(new Set(found.map(({ workflowId }) => workflowId))).toEqual(new Set(['victim']));
	});
});
