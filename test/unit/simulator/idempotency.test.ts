/** Tests what the simulator does with repeated client tokens. */
import { setTimeout as sleep } from 'node:timers/promises';

import { startSimulator, type Simulator } from '../../simulator';
import { SimulatorClient } from './simulatorClient';

const DAY = 86_400_000;

let simulator: Simulator;
let client: SimulatorClient;

beforeAll(async () => {
	simulator = await startSimulator();
	client = new SimulatorClient(simulator);
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const atTen = { dateTime: '2026-12-01T10:00:00+08:00', timeZone: 'Asia/Shanghai' };
const atEleven = { dateTime: '2026-12-01T11:00:00+08:00', timeZone: 'Asia/Shanghai' };

async function create(clientToken: string | undefined, body: object = {}, clientId = 'sim-internal', person = 0) {
	const path = `/v1.0/calendar/users/${simulator.world.company.people[person].unionId}/calendars/primary/events`;
	const headers: Record<string, string> = clientToken === undefined ? {} : { 'x-client-token': clientToken };
	const event = { summary: 'Stand-up', start: atTen, end: atEleven, ...body };
	return client.post(path, event, await client.token(clientId), headers);
}

async function eventCount(): Promise<number> {
	const { body } = await client.get('/_simulator/state');
	return (body.events as unknown[]).length;
}

test('A repeated x-client-token returns the first response and creates no second event', async () => {
	const first = await create('a');
	const again = await create('a', { summary: 'Something else' });
	expect([first.status, again.status, again.body]).toEqual([200, 200, first.body]);
	expect(await eventCount()).toBe(1);
	expect((await client.calls()).calls.at(-1)).toMatchObject({ replayed: true, metered: true });
});

test('Each call without an x-client-token creates an event', async () => {
	await create(undefined);
	await create(undefined);
	expect(await eventCount()).toBe(2);
});

test('An x-client-token is scoped to its app and path', async () => {
	await create('a');
	await create('a', {}, 'sim-thirdparty');
	await create('a', {}, 'sim-internal', 1);
	expect(await eventCount()).toBe(3);
});

test('An x-client-token expires after a day', async () => {
	await create('a');
	await client.control('clock', { advanceMs: DAY - 10_000 });
	await create('a');
	expect(await eventCount()).toBe(1);
	await client.control('clock', { advanceMs: 10_000 });
	await create('a');
	expect(await eventCount()).toBe(2);
});

test('A refused call can be retried with the same x-client-token', async () => {
	expect((await create('a', { summary: '' })).status).toBe(400);
	expect((await create('a')).status).toBe(200);
});

test('A call that is repeated too early returns idempotencyProcessing', async () => {
	await client.control('faults', { match: { path: '/events', nth: 1 }, do: 'delay', delayMs: 3_600_000 });
	const slow = create('a');
	while (!(await client.calls()).calls.some(({ fault }) => fault === 'delay')) await sleep(5);
	const early = await create('a');
	expect([early.status, early.body.code, early.body.message]).toEqual([
		400,
		'idempotencyProcessing',
		'Idempotency processing',
	]);
	await client.send('DELETE', '/_simulator/faults');
	const first = await slow;
	expect((await create('a')).body).toEqual(first.body);
	expect(await eventCount()).toBe(1);
});

test('A call whose response was lost can be repeated with the same x-client-token', async () => {
	await client.control('faults', { match: { path: '/events', nth: 1 }, do: 'dropAfterCommit' });
	await expect(create('a')).rejects.toThrow();
	expect(await eventCount()).toBe(1);
	expect((await create('a')).status).toBe(200);
	expect(await eventCount()).toBe(1);
});

test('A call that never arrived has no effect', async () => {
	await client.control('faults', { match: { path: '/events', nth: 1 }, do: 'dropBeforeCommit' });
	await expect(create('a')).rejects.toThrow();
	expect(await eventCount()).toBe(0);
});

test('A repeated x-client-token returns a conflict, depending on the switch', async () => {
	await client.control('switches', { finishedDuplicate: 'conflict' });
	await create('a');
	const again = await create('a');
	expect([again.status, again.body.code]).toEqual([409, 'invalidRequest.duplicateClientToken']);
});
