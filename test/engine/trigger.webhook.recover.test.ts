/** Tests how the webhook trigger recovers changes that DingTalk could not deliver, and what its activation checks. */
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
	openRegisteredServer,
	outcomesOf,
	pushesOf,
	triggeredWorkflow,
} from './support/webhook';

const at = useDesk();

const RECOVER = { triggerOn: ['updated'], fetchDetails: false };
const HOUR_MS = 3_600_000;

/** Adds changes that DingTalk could not deliver in the last hour, oldest first. */
function addFailedPushes(count: number, first = 0): void {
	const { world } = at().simulator;
	for (let i = first; i < first + count; i++) {
		const fields = { calendarEventId: `event-${i}`, changeType: 'updated', unionIdList: [at().people[2].unionId] };
		world
			.use(FailedPushes)
			.add(CLIENT_ID, newMessage('calendar_event_change', fields, Date.now() - HOUR_MS / 2 + i, world));
	}
}

const countListCalls = async (): Promise<number> =>
	(await at().recorder.calls()).filter(({ path }) => path.includes('/event/callbacks/failedResults')).length;

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

describe('Changes that DingTalk could not deliver', () => {
	it.each(['discarded', 'kept'] as const)(
		'are recovered once when the workflow is activated, with one call per page (list: %s)',
		async (failedResultsOnceRead) => {
			await at().control('switches', { failedResultsOnceRead });
			addFailedPushes(450);
			const { database } = await activate(workflow('activation'));
			await until('all changes are recovered', () => database.executions.length >= 450);
			await until('the list is read to the end', async () => (await countListCalls()) >= 3);
			expect(eventsIn(database).sort()).toEqual(eventNames(450).sort());
			expect(await countListCalls()).toBeLessThanOrEqual(failedResultsOnceRead === 'kept' ? 5 : 3);
		},
	);

	it('are read page by page, and no page before the previous one is stored in n8n', async () => {
		addFailedPushes(250);
		let release = (): void => undefined;
		const held = new Promise<void>((resolve) => (release = resolve));
		const { database } = await activate(workflow('activation'), { running: async () => await held });
		await until('the first page is stored', () => database.executions.length === 200);
		expect(await countListCalls()).toBe(1);
		release();
		await until('the second page is stored', () => database.executions.length === 250);
		expect(await countListCalls()).toBe(2);
	});

	it.each(['discarded', 'kept'] as const)(
		'are all recovered once if the process is killed between two pages (list: %s)',
		async (failedResultsOnceRead) => {
			await at().control('switches', { failedResultsOnceRead });
			addFailedPushes(450);
			const json = workflow('activation');
			const never = new Promise<void>(() => undefined);
			const { database } = await activate(json, { running: async () => await never });
			await until('the first page is stored', () => database.executions.length === 200);
			server.kill();
			await server.stop();
			await at().engine.restart();
			await activate(json, { database });
			await until('all changes are recovered', () => database.executions.length >= 450);
			expect(eventsIn(database).sort()).toEqual(eventNames(450).sort());
		},
	);

	it('are recovered on schedule, including those that n8n could not store before', async () => {
		addFailedPushes(3);
		let stores = 0;
		const beforeStoring = async (): Promise<void> => {
			if (++stores === 2) throw new Error('database is locked');
		};
		const json = workflow('hourly');
		const { database } = await activate(json, { beforeStoring });
		await until('storing three of them was tried', () => stores === 3);
		await until('two of them are stored', () => database.executions.length === 2);
		addFailedPushes(2, 3);
		const runCrons = async (): Promise<void> => {
			for (const { job } of cronsOf(json)) await job.fireOnTick();
		};
		await until('all changes are recovered', async () => {
			await runCrons();
			return database.executions.length === 5;
		});
		expect(eventsIn(database).sort()).toEqual(eventNames(5));
		await server.deactivate(String(json.id));
		expect(cronsOf(json)).toEqual([]);
	});

	it('are not recovered if the push was accepted after all', async () => {
		const json = workflow('activation');
		at().simulator.world.clock.set(Date.now());
		const webhookServer = await openRegisteredServer(at(), json);
		await at().control('push', { clientId: CLIENT_ID, via: 'http', changeType: 'updated', casing: 'camel' });
		await until('the push is acknowledged', () => outcomesOf(at()).includes('accepted'));
		await webhookServer.idle();
		const { world } = at().simulator;
		const [{ message }] = world.use(PushRecords).all;
		expect(pushesOf(at())).toHaveLength(1);
		world.use(FailedPushes).add(CLIENT_ID, { ...message, casing: 'pascal' });
		await at().engine.restart();
		await activate(json, { database: webhookServer.database });
		addFailedPushes(1);
		await until('the list is read', async () => (await countListCalls()) === 1);
		await webhookServer.close();
		expect(webhookServer.database.executions).toHaveLength(1);
	});

	it('have the same key as when they were pushed, though the list leaves out their event ID', async () => {
		at().simulator.world.clock.set(Date.now());
		const webhookServer = await openRegisteredServer(at(), workflow('activation'));
		await at().control('push', { clientId: CLIENT_ID, via: 'http', changeType: 'updated', casing: 'camel' });
		await until('the push is acknowledged', () => outcomesOf(at()).includes('accepted'));
		await webhookServer.idle();
		await webhookServer.close();
		const { world } = at().simulator;
		const [{ message }] = world.use(PushRecords).all;
		world.use(FailedPushes).add(CLIENT_ID, { ...message, casing: 'pascal' });
		await at().engine.restart();
		// It does not know what the other one has stored.
		const { database } = await activate(workflow('activation'));
		await until('the change is recovered', () => database.executions.length === 1);
		const keys = [webhookServer.database, database].map(
			(one) => (one.executions[0].items[0].change as IDataObject).key,
		);
		expect(keys[1]).toBe(keys[0]);
	});

	it('are not read if the option is not set', async () => {
		addFailedPushes(3);
		await activate(triggeredWorkflow(RECOVER));
		expect(await countListCalls()).toBe(0);
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

describe('The activation of the webhook trigger', () => {
	const bothCredentials = () => [callbackCredential(at()), at().credential];

	it.each([
		['Fetch Event Details', { triggerOn: ['updated'] }],
		['People to Watch', { ...RECOVER, people: 'lily' }],
		['Recover Missed Changes', { ...RECOVER, options: { recoverMissed: 'daily' } }],
	])("fails if '%s' is used without an app credential", async (label, parameters) => {
		server = at().engine.server();
		const activation = server.activate(triggeredWorkflow(parameters), { credentials: [callbackCredential(at())] });
		await expect(activation).rejects.toThrow(`'${label}' needs the credential 'DingTalk Calendar API'`);
	});

	it('fails if a person to watch is not found or no change is selected', async () => {
		server = at().engine.server();
		await expect(
			server.activate(triggeredWorkflow({ ...RECOVER, people: '13999999999' }), { credentials: bothCredentials() }),
		).rejects.toThrow("'People to Watch'");
		await expect(
			server.activate(triggeredWorkflow({ ...RECOVER, triggerOn: [] }), { credentials: bothCredentials() }),
		).rejects.toThrow("'Trigger On' is empty");
	});

	it('succeeds if missed changes cannot be read, so that pushes are received nevertheless', async () => {
		addFailedPushes(3);
		await at().control('faults', [
			{ match: { path: '/v1.0/event/callbacks/failedResults', every: 1 }, do: 'status', status: 503 },
		]);
		const { database } = await activate(workflow('activation'));
		expect(database.executions as StoredExecution[]).toEqual([]);
	});
});

describe('The test of the callback credential', () => {
	it('checks the format of the keys, and the error names the field', async () => {
		const { engine } = at();
		server = engine.server();
		const good = await engine.testCredential(callbackCredential(at()));
		expect(good).toMatchObject({ status: 'OK' });
		const bad = await engine.testCredential(callbackCredential(at(), { token: 'no' }));
		expect(bad).toMatchObject({ status: 'Error', message: expect.stringContaining("'Token'") as string });
	});
});
