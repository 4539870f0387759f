/** Tests the webhook trigger on n8n's engine where several processes receive pushes: they share static data, and no memory. */
import type { IDataObject } from 'n8n-workflow';

import { seal } from '../simulator/push/envelope';
import { Engine, forgetPackage, type CredentialReference, type WebhookServer, type WorkflowJson } from './harness';
import { Database } from './harness/server';
import { DAY } from '../../lib/dingtalk/utils/time';
import { Company, timed } from './support/polling';
import { useDesk } from './support/setup';
import {
	callbackCredential,
	CLIENT_ID,
	KEYS,
	requestOf,
	sendRequest,
	triggeredWorkflow,
	triggerOutput,
} from './support/webhook';

const desk = useDesk();

const PUSHES = 40;

let engines: Engine[] = [];
let servers: WebhookServer[] = [];
afterEach(async () => {
	for (const server of servers) {
		await server.idle();
		await server.close();
	}
	for (const engine of engines) await engine.stop();
	engines = [];
	servers = [];
});

/** Two processes with the same database and credentials. */
async function startProcesses(json: WorkflowJson, beforeStoring?: () => Promise<void>): Promise<Database> {
	desk().simulator.world.clock.set(Date.now());
	const database = new Database();
	const credentials = [callbackCredential(desk()), desk().credential];
	servers = [await desk().engine.webhookServer(json, { credentials, database, beforeStoring })];
	forgetPackage();
	const other = await Engine.start();
	engines.push(other);
	const copied = credentials.map((credential): CredentialReference => {
		const data = desk().engine.credentials.peek(credential);
		return other.addCredential({ type: credential.type, data });
	});
	servers.push(await other.webhookServer(json, { credentials: copied, database, beforeStoring }));
	return database;
}

async function push(server: WebhookServer, bizId: string, eventId: string, at: number): Promise<number> {
	const text = JSON.stringify({
		EventType: 'calendar_event_change',
		BizId: bizId,
		CalendarEventId: eventId,
		ChangeType: 'updated',
		UnionIdList: [desk().people[0].unionId],
		OperateTime: at,
	});
	const request = requestOf(seal(text, { ...KEYS, ownerKey: CLIENT_ID }, String(Date.now())));
	return (await sendRequest(server.url, request)).status;
}

describe(`${PUSHES} pushes at once to two processes`, () => {
	it('are all stored, although each process saves the static data without what the other one has saved', async () => {
		let arrived = 0;
		let release = (): void => undefined;
		const all = new Promise<void>((resolve) => (release = resolve));
		const database = await startProcesses(
			triggeredWorkflow({ triggerOn: ['updated'], fetchDetails: false }),
			async () => {
				if (++arrived === PUSHES) release();
				await all;
			},
		);
		const numbers = Array.from({ length: PUSHES }, (_, number) => number);
		const pushTo = async (offset: number): Promise<number[]> =>
			await Promise.all(
				numbers.map(async (number) => {
					const server = servers[(number + offset) % servers.length];
					return await push(server, `biz-${number}`, `event-${number}`, Date.now());
				}),
			);
		expect(new Set(await pushTo(0))).toEqual(new Set([200]));
		const changesOf = (): IDataObject[] =>
			database.executions.flatMap(({ items }) => items.map(({ change }) => change as IDataObject));
		expect(new Set(changesOf().map(({ eventId }) => eventId)).size).toBe(PUSHES);
		expect(database.executions).toHaveLength(PUSHES);

		// Each process recognizes what it has stored itself, whatever the other one has saved since.
		await pushTo(0);
		expect(database.executions).toHaveLength(PUSHES);
		// What the other one has stored may have been lost from the static data. It then has the same key.
		await pushTo(1);
		const keys = changesOf().map(({ eventId, key }) => `${String(eventId)} ${String(key)}`);
		expect(new Set(keys).size).toBe(PUSHES);
	});
});

describe('Changes of one event that reach one process after another', () => {
	it('are each compared with the one before', async () => {
		const company = new Company(desk());
		const [anna] = desk().people;
		await startProcesses(triggeredWorkflow({ triggerOn: ['updated'], rememberValues: true }));
		const id = company.create(anna, { ...timed(Date.now() + DAY), summary: 'Title 0' });
		const differences: unknown[] = [];
		for (let number = 1; number <= 6; number++) {
			await desk().control('clock', { advanceMs: 1000 });
			company.update(id, { summary: `Title ${number}` });
			const server = servers[number % servers.length];
			expect(await push(server, `change-${number}`, id, desk().simulator.world.clock.now())).toBe(200);
			await server.idle();
			const [output] = server.runs.slice(-1).flatMap(triggerOutput);
			differences.push((output.change as { differences?: { summary?: unknown } }).differences?.summary);
		}
		expect(differences.slice(1)).toEqual(
			[1, 2, 3, 4, 5].map((number) => ({ before: `Title ${number}`, after: `Title ${number + 1}` })),
		);
	});
});
