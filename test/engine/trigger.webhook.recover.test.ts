import { Container } from '@n8n/di';
import { InstanceSettings, ScheduledTaskManager } from 'n8n-core';
import type { IDataObject } from 'n8n-workflow';

import { until } from '../conformance/until';
import { FailedPushes } from '../simulator/push/http/failedPushes';
import { newMessage } from '../simulator/push/message';
import { PushRecords } from '../simulator/push/record';
import type { Database, Server, ServerOptions, StoredExecution, WorkflowJson } from './harness';
import { useDesk } from './support/setup';
import {
	callbackCredential,
	CLIENT_ID,
	forgetProcess,
	openTold,
	outcomesOf,
	pushesOf,
	triggeredWorkflow,
} from './support/webhook';

const at = useDesk();

const RECOVER = { triggerOn: ['updated'], fetchDetails: false };
const HOUR_MS = 3_600_000;

/** What DingTalk could not deliver in the last hour, oldest first. */
function fail(count: number, first = 0): void {
	const { world } = at().simulator;
	for (let i = first; i < first + count; i++) {
		const fields = { calendarEventId: `event-${i}`, changeType: 'updated', unionIdList: [at().people[2].unionId] };
		world
			.use(FailedPushes)
			.add(CLIENT_ID, newMessage('calendar_event_change', fields, Date.now() - HOUR_MS / 2 + i, world));
	}
}

const listCalls = async (): Promise<number> =>
	(await at().wire.calls()).filter(({ path }) => path.includes('/event/callbacks/failedResults')).length;

const eventsIn = ({ executions }: Database): string[] =>
	executions.flatMap(({ items }) => items.map(({ change }) => String((change as IDataObject).eventId)));

const eventNames = (count: number): string[] => Array.from({ length: count }, (_, i) => `event-${i}`);

const workflow = (recoverMissed: string): WorkflowJson => triggeredWorkflow({ ...RECOVER, options: { recoverMissed } });

let server: Server;
async function activate(json: WorkflowJson, options: ServerOptions = {}): Promise<Server> {
	at().simulator.world.clock.set(Date.now());
	server = at().engine.server(options);
	await server.activate(json, { credentials: [callbackCredential(at()), at().credential] });
	return server;
}

beforeAll(() => Container.get(InstanceSettings).markAsLeader());
afterEach(async () => await server.stop());

describe('Changes that DingTalk gave up on', () => {
	it.each(['discarded', 'kept'] as const)(
		'come when the workflow is activated, each once, in as many calls as the list has parts (%s)',
		async (failedResultsOnceRead) => {
			await at().control('switches', { failedResultsOnceRead });
			fail(450);
			const { database } = await activate(workflow('activation'));
			await until('all are there', () => database.executions.length >= 450);
			await until('the list is read to its end', async () => (await listCalls()) >= 3);
			expect(eventsIn(database).sort()).toEqual(eventNames(450).sort());
			expect(await listCalls()).toBeLessThanOrEqual(failedResultsOnceRead === 'kept' ? 5 : 3);
		},
	);

	it('are asked for part by part: no part before the one before it is in n8n', async () => {
		fail(250);
		let release = (): void => undefined;
		const held = new Promise<void>((resolve) => (release = resolve));
		const { database } = await activate(workflow('activation'), { running: async () => await held });
		await until('the first part is stored', () => database.executions.length === 200);
		expect(await listCalls()).toBe(1);
		release();
		await until('the rest is there', () => database.executions.length === 250);
		expect(await listCalls()).toBe(2);
	});

	it.each(['discarded', 'kept'] as const)(
		'are all there, each once, when the process is killed between two parts (%s)',
		async (failedResultsOnceRead) => {
			await at().control('switches', { failedResultsOnceRead });
			fail(450);
			const json = workflow('activation');
			const never = new Promise<void>(() => undefined);
			const { database } = await activate(json, { running: async () => await never });
			await until('the first part is stored', () => database.executions.length === 200);
			server.kill();
			await server.stop();
			await forgetProcess();
			await activate(json, { database });
			await until('all are there', () => database.executions.length >= 450);
			expect(eventsIn(database).sort()).toEqual(eventNames(450).sort());
		},
	);

	it('come again on schedule, also those that n8n could not store the first time', async () => {
		fail(3);
		let stores = 0;
		const beforeStoring = async (): Promise<void> => {
			if (++stores === 2) throw new Error('database is locked');
		};
		const json = workflow('hourly');
		const { database } = await activate(json, { beforeStoring });
		await until('three were tried', () => stores === 3);
		await until('the rest is told', () => database.executions.length === 2);
		fail(2, 3);
		const ticked = async (): Promise<void> => {
			for (const { job } of cronsOf(json)) await job.fireOnTick();
		};
		await until('all are there', async () => {
			await ticked();
			return database.executions.length === 5;
		});
		expect(eventsIn(database).sort()).toEqual(eventNames(5));
		await server.deactivate(String(json.id));
		expect(cronsOf(json)).toEqual([]);
	});

	it('do not come again if the push had been accepted after all', async () => {
		const json = workflow('activation');
		at().simulator.world.clock.set(Date.now());
		const told = await openTold(at(), json);
		await at().control('push', { clientId: CLIENT_ID, via: 'http', changeType: 'updated', casing: 'camel' });
		await until('it is answered', () => outcomesOf(at()).includes('accepted'));
		await told.idle();
		const { world } = at().simulator;
		const [{ message }] = world.use(PushRecords).all;
		expect(pushesOf(at())).toHaveLength(1);
		world.use(FailedPushes).add(CLIENT_ID, { ...message, casing: 'pascal' });
		await forgetProcess();
		await activate(json, { database: told.database });
		fail(1);
		await until('the list is read', async () => (await listCalls()) === 1);
		await told.close();
		expect(told.database.executions).toHaveLength(1);
	});

	it('are left alone if nobody wants them back', async () => {
		fail(3);
		await activate(triggeredWorkflow(RECOVER));
		expect(await listCalls()).toBe(0);
	});
});

interface Cron {
	job: { fireOnTick(): Promise<void> };
}

/** What n8n has scheduled for the workflow. */
function cronsOf({ id }: WorkflowJson): Cron[] {
	const groups = Reflect.get(Container.get(ScheduledTaskManager), 'cronsByGroupType') as Map<
		string,
		Map<string, Map<string, Cron>>
	>;
	return [...(groups.get('workflow')?.get(String(id))?.values() ?? [])];
}

describe('Activation', () => {
	const api = () => [callbackCredential(at()), at().credential];

	it.each([
		['Fetch Event Details', { triggerOn: ['updated'] }],
		['People to Watch', { ...RECOVER, people: 'lily' }],
		['Recover Missed Changes', { ...RECOVER, options: { recoverMissed: 'daily' } }],
	])("is refused when '%s' is asked for without a credential of the app", async (label, parameters) => {
		server = at().engine.server();
		const refused = server.activate(triggeredWorkflow(parameters), { credentials: [callbackCredential(at())] });
		await expect(refused).rejects.toThrow(`'${label}' needs the credential 'DingTalk Calendar API'`);
	});

	it('is refused when somebody to watch does not exist, or nothing is chosen', async () => {
		server = at().engine.server();
		await expect(
			server.activate(triggeredWorkflow({ ...RECOVER, people: '13999999999' }), { credentials: api() }),
		).rejects.toThrow("'People to Watch'");
		await expect(
			server.activate(triggeredWorkflow({ ...RECOVER, triggerOn: [] }), { credentials: api() }),
		).rejects.toThrow("'Trigger On' is empty");
	});

	it('goes on when DingTalk cannot be reached, because pushes may come all the same', async () => {
		fail(3);
		await at().control('faults', [
			{ match: { path: '/v1.0/event/callbacks/failedResults', every: 1 }, do: 'status', status: 503 },
		]);
		const { database } = await activate(workflow('activation'));
		expect(database.executions as StoredExecution[]).toEqual([]);
	});
});

describe('The credential of the callback', () => {
	it('is tested without asking DingTalk, in words that name the field', async () => {
		const { engine } = at();
		server = engine.server();
		const good = await engine.testCredential(callbackCredential(at()));
		expect(good).toMatchObject({ status: 'OK' });
		const bad = await engine.testCredential(callbackCredential(at(), { token: 'no' }));
		expect(bad).toMatchObject({ status: 'Error', message: expect.stringContaining("'Token'") as string });
	});
});
