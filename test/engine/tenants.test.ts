/** Tests on the n8n engine that accounts which share one process, and even a Client ID, neither hold up nor see each other. */
import type { INodeParameters } from 'n8n-workflow';

import { DAY, MINUTE } from '../../lib/dingtalk/utils/time';
import { errorOf, storedTextOf, type CredentialReference } from './harness';
import { plant, remembered } from './support/events';
import { Desk, useDesk } from './support/setup';
import { roomsOf } from './support/state';
import { Company, createPoller, SimulatedTime, timed } from './support/polling';
import { until } from './support/triggers';
import {
	callbackCredential,
	CLIENT_ID,
	openServer,
	requestOf,
	sendRequest,
	triggeredWorkflow,
	triggerOutput,
	KEYS,
} from './support/webhook';
import { seal } from '../simulator/push/envelope';
import { CALENDAR_CHANGE, httpData, newMessage } from '../simulator/push/message';

const desk = useDesk({ waits: 'skipped' });

/** All waits of the package go through it. */
const sleepModule = jest.requireActual<{ sleep(ms: number): Promise<void> }>('@n8n/utils/sleep');

afterEach(() => jest.restoreAllMocks());

const credential = (more: { clientSecret?: string; callsPerSecond?: number } = {}): CredentialReference =>
	desk().engine.addCredential({
		type: 'dingTalkCalendarApi',
		data: {
			...{ region: 'custom', baseUrl: desk().simulator.url, clientId: 'sim-internal', clientSecret: 'sim-secret' },
			...more,
		},
	});

const reading = (count: number) => {
	const [host] = desk().people;
	return {
		parameters: {
			resource: 'event',
			operation: 'get',
			user: host.unionId,
			eventId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
		},
		items: Array.from({ length: count }, () => ({ id: plant(desk(), host) })),
	};
};

/** The waits that anything asked for while this ran, in milliseconds. */
async function waitsDuring(run: () => Promise<unknown>): Promise<number[]> {
	const waits: number[] = [];
	const { sleep } = sleepModule;
	jest.spyOn(sleepModule, 'sleep').mockImplementation(async (ms) => {
		waits.push(ms);
		await sleep(ms);
	});
	await run();
	jest.restoreAllMocks();
	return waits;
}

describe('A workflow with a wrong secret', () => {
	const wrong = (): CredentialReference => credential({ clientSecret: 'wrong-secret', callsPerSecond: 1 });

	it('does not hold up another one of the same Client ID, however few calls it allows', async () => {
		const good = reading(20);
		let failed = 0;
		const waits = await waitsDuring(async () => {
			const [bad, ok] = await Promise.all([
				desk().runNode({ ...good, credential: wrong(), onError: 'continueRegularOutput' }),
				desk().runNode({ ...good, credential: credential() }),
			]);
			failed = bad.items.filter(({ error }) => error !== undefined).length;
			expect(errorOf(ok.run)).toBeUndefined();
			expect(ok.items).toHaveLength(20);
		});
		expect(failed).toBe(20);
		expect(waits.filter((ms) => ms > 100)).toEqual([]);
	});

	it('does not make it wait because DingTalk asks for fewer token requests', async () => {
		const one = reading(1);
		await desk().runNode({ ...one, credential: credential() });
		await desk().control('faults', { match: { path: '/v1.0/oauth2/accessToken' }, do: 'throttleQpm' });
		const { sleep } = sleepModule;
		const long: number[] = [];
		let endFirst = (): void => undefined;
		const first = new Promise<void>((resolve) => (endFirst = resolve));
		jest.spyOn(sleepModule, 'sleep').mockImplementation(async (ms) => {
			if (ms <= 100) return await sleep(ms);
			long.push(ms);
			// The first is that of the wrong secret, which goes on waiting meanwhile.
			await (long.length === 1 ? first : sleep(ms));
		});
		const refused = desk().runNode({ ...one, credential: wrong() });
		await until(() => long.length > 0);
		const { run } = await desk().runNode({ ...one, credential: credential() });
		expect(errorOf(run)).toBeUndefined();
		expect(long).toHaveLength(1);
		endFirst();
		expect(errorOf((await refused).run)).toBeDefined();
	});

	const create = (): INodeParameters => ({
		resource: 'event',
		operation: 'create',
		user: desk().people[0].unionId,
		summary: 'Salary review',
		start: '2026-03-03T10:00',
		end: '2026-03-03T11:00',
		runOptions: { idempotencyKey: 'salaries' },
	});
	const book = (): INodeParameters => ({
		...create(),
		operation: 'book',
		roomChoice: 'list',
		rooms: roomsOf(desk())[0].roomId,
	});

	it.each([
		['creation', create],
		['booking', book],
	])('does not get the result of a %s of a good one with the same Idempotency Key', async (_, parameters) => {
		const { run } = await desk().runNode({ parameters: parameters() });
		expect(errorOf(run)).toBeUndefined();
		const other = await desk().runNode({ parameters: parameters(), credential: wrong() });
		expect(errorOf(other.run)?.message).toContain("does not accept the 'Client ID' or 'Client Secret'");
		expect(other.items).toEqual([]);
		const [{ id }] = await remembered(desk());
		expect(storedTextOf(other.run)).not.toContain(String(id));
	});
});

describe('Two people who signed in to one app', () => {
	const person = (number: number): CredentialReference =>
		desk().engine.addCredential({
			type: 'dingTalkCalendarApi',
			data: {
				...{ region: 'custom', baseUrl: desk().simulator.url, appType: 'user' },
				...{ clientId: 'sim-personal', clientSecret: 'sim-secret' },
				refreshToken: `sim-refresh-${desk().people[number].userId}`,
			},
		});

	it('each get a meeting of their own, although both book with the same Idempotency Key', async () => {
		const parameters: INodeParameters = {
			resource: 'event',
			operation: 'book',
			user: { __rl: true, mode: 'me', value: 'me' },
			summary: 'Focus time',
			start: '2026-03-03T10:00',
			end: '2026-03-03T11:00',
			roomChoice: 'none',
			runOptions: { idempotencyKey: 'focus' },
		};
		const first = await desk().runNode({ parameters, credential: person(0) });
		const second = await desk().runNode({ parameters, credential: person(1) });
		expect([errorOf(first.run), errorOf(second.run)]).toEqual([undefined, undefined]);
		expect(first.items[0].id).not.toBe(second.items[0].id);
		const stored = await remembered(desk());
		expect(stored).toHaveLength(2);
	});
});

describe('Two workflows with one credential', () => {
	it('each report what they watch, when polling', async () => {
		const time = new SimulatedTime(desk(), '2026-03-02T00:00:00Z');
		const [anna, bo] = desk().people;
		const company = new Company(desk());
		const pollers = [anna, bo].map(({ unionId }, index) =>
			createPoller(desk(), { people: unionId, triggerOn: ['created'] }, { id: `polling-${index}` }),
		);
		for (const poller of pollers) await poller.start();
		const ids = [anna, bo].map((host) => company.create(host, timed(time.at + DAY)));
		time.advance(15 * MINUTE);
		await Promise.all(pollers.map(async (poller) => await poller.tick()));
		time.end();
		expect(pollers.map(({ items }) => items.map(({ id }) => id))).toEqual(ids.map((id) => [id]));
	});

	it('each report what they watch, when pushed', async () => {
		const { world } = desk().simulator;
		const [anna, bo] = desk().people;
		const credentials = [callbackCredential(desk()), credential()];
		const found: unknown[][] = [];
		const ids = [anna, bo].map((host) => plant(desk(), host));
		for (const watched of [anna, bo]) {
			const json = triggeredWorkflow({ triggerOn: ['created'], people: watched.unionId });
			const server = await openServer(desk(), json, { credentials });
			for (const [index, host] of [anna, bo].entries()) {
				const change = { calendarEventId: ids[index], changeType: 'created', unionIdList: [host.unionId] };
				const data = httpData(newMessage(CALENDAR_CHANGE, change, Date.now(), world), world);
				const sealed = seal(JSON.stringify(data), { ...KEYS, ownerKey: CLIENT_ID }, String(Date.now()));
				await sendRequest(server.url, requestOf(sealed));
			}
			await server.idle();
			found.push(server.runs.flatMap(triggerOutput).map(({ id }) => id));
			await server.close();
		}
		expect(found).toEqual(ids.map((id) => [id]));
	});
});

describe('A workflow that gets a credential of another account', () => {
	const lookupsIn = async (on: Desk): Promise<number> =>
		(await on.recorder.calls()).filter(({ path }) => path.endsWith('/getbymobile')).length;

	let other: Desk;
	beforeEach(async () => (other = await Desk.open(desk().engine)));
	afterEach(async () => await other.close());

	it('looks up its people there, when polling', async () => {
		for (const on of [desk(), other]) {
			const poller = createPoller(on, { people: on.people[0].mobile, triggerOn: ['created'] }, { id: 'moved-polling' });
			await poller.start();
			expect(await lookupsIn(on)).toBe(1);
		}
	});

	it('looks up its people there, when pushed', async () => {
		const json = triggeredWorkflow({ triggerOn: ['created'], people: desk().people[0].mobile });
		for (const on of [desk(), other]) {
			const { world } = on.simulator;
			const server = await openServer(on, json, { credentials: [callbackCredential(on), on.credential] });
			const change = { calendarEventId: 'any', changeType: 'created', unionIdList: ['any'] };
			const data = httpData(newMessage(CALENDAR_CHANGE, change, Date.now(), world), world);
			const sealed = seal(JSON.stringify(data), { ...KEYS, ownerKey: CLIENT_ID }, String(Date.now()));
			await sendRequest(server.url, requestOf(sealed));
			await server.idle();
			await server.close();
			expect(await lookupsIn(on)).toBe(1);
		}
	});
});
