/** Tests the control calls that set up and inspect the simulator. */
import { startSimulator, type Simulator } from '../../simulator';
import type { App, Department, Person, Room } from '../../simulator/company';
import { SimulatorClient } from './simulatorClient';

interface State {
	people: Person[];
	departments: Department[];
	rooms: Room[];
	apps: App[];
	events: unknown[];
	switches: Record<string, unknown>;
}

let simulator: Simulator;
let client: SimulatorClient;

beforeAll(async () => {
	simulator = await startSimulator();
	client = new SimulatorClient(simulator);
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const state = async () => (await client.get('/_simulator/state')).body as unknown as State;

describe('The seeded company', () => {
	const distinct = <T>(people: Person[], key: (person: Person) => T) => new Set(people.map(key)).size;

	test('has at least 60 people with unique numbers and IDs, two of whom share a name', async () => {
		const { people } = await state();
		expect(people.length).toBeGreaterThanOrEqual(60);
		for (const key of ['unionId', 'userId', 'mobile', 'email'] as const) {
			expect(distinct(people, (person) => person[key])).toBe(people.length);
		}
		expect(distinct(people, ({ name }) => name)).toBe(people.length - 1);
	});

	test('has IDs in the form of real ones', async () => {
		const { people } = await state();
		for (const { unionId, userId, mobile } of people) {
			expect(unionId).toMatch(/^[A-Za-z0-9]{20}iEiE$/);
			expect(userId).toMatch(/^([1-9]\d{15,18}|manager\d{4})$/);
			expect(mobile).toMatch(/^1\d{10}$/);
		}
	});

	test('has six departments below the root, some of them nested', async () => {
		const { departments, people } = await state();
		const below = departments.filter(({ parentId }) => parentId !== 0);
		expect(below).toHaveLength(6);
		expect(below.some(({ parentId }) => parentId !== 1)).toBe(true);
		const known = departments.map(({ departmentId }) => departmentId);
		for (const { departmentIds } of people) expect(known).toEqual(expect.arrayContaining(departmentIds));
	});

	test('has eight rooms and four apps', async () => {
		const { rooms, apps } = await state();
		expect(rooms).toHaveLength(8);
		expect(apps.map(({ clientId, clientSecret, appType }) => [clientId, clientSecret, appType])).toEqual([
			['sim-internal', 'sim-secret', 'internal'],
			['sim-readonly', 'sim-secret', 'internal'],
			['sim-thirdparty', 'sim-secret', 'thirdPartyEnterprise'],
			['sim-personal', 'sim-secret', 'thirdPartyPersonal'],
		]);
		expect(apps[1].scopes.filter((scope) => scope.endsWith('.Write'))).toEqual([]);
	});

	test('is the same on each start', async () => {
		const other = await startSimulator();
		expect(other.world.company.people).toEqual(simulator.world.company.people);
		await other.close();
	});
});

test('A reset restores the initial state', async () => {
	const token = await client.token();
	await client.control('faults', { do: 'html' });
	await client.control('limits', { qps: 1 });
	await client.control('switches', { attendeesInUpdate: 'merge' });
	await client.control('clock', { advanceMs: 86_400_000 });
	await client.control('apps', { clientId: 'sim-internal', scopes: [] });
	await client.control('reset');
	expect(await client.calls()).toMatchObject({ calls: [] });
	expect((await client.get('/_simulator/faults')).body).toEqual({ rules: [] });
	expect((await client.get('/_simulator/limits')).body).toMatchObject({ qps: 20 });
	expect((await state()).switches.attendeesInUpdate).toBe('replace');
	expect((await state()).apps[0].scopes).not.toEqual([]);
	// A day ahead before; only the time of this test has passed since.
	expect(simulator.world.clock.now()).toBeLessThanOrEqual(Date.now());
	expect((await client.get('/v1.0/contact/users/me', token)).body.code).toBe('InvalidAuthentication');
});

test('The clock can be set and advanced', async () => {
	const set = await client.control('clock', { now: '2027-01-01T00:00:00Z' });
	expect(String(set.body.now)).toMatch(/^2027-01-01T00:00:0/);
	await client.control('clock', { advanceMs: 3_600_000 });
	expect((await client.get('/_simulator/clock')).body.now).toMatch(/^2027-01-01T01:00:0/);
	expect((await client.control('clock', { now: 'tomorrow' })).status).toBe(400);
});

test('A switch can be set by name in either form of request', async () => {
	await client.control('switches', { name: 'timestampsNeedMilliseconds', value: true });
	const { body } = await client.control('switches', { deleteBody: 'requestId' });
	expect(body).toMatchObject({ timestampsNeedMilliseconds: true, deleteBody: 'requestId' });
});

test.each([
	['switches', { nosuch: 1 }, /no switch "nosuch"/],
	['switches', { deleteBody: 'full' }, /"deleteBody" must be one of: "empty", "requestId"/],
	['switches', {}, /object of names/],
	['limits', { qps: 'many' }, /"qps" must be a whole number/],
	['limits', { speed: 1 }, /no limit "speed"/],
	['apps', { clientId: 'nobody', scopes: [] }, /"clientId"/],
	['apps', { clientId: 'sim-internal', scopes: 'all' }, /"scopes"/],
	['people', { userId: 'nobody', outsideScope: true }, /"userId"/],
])('A mistake in the request %s %j is explained', async (name, body, explanation) => {
	const answer = await client.control(name, body);
	expect(answer.status).toBe(400);
	expect(answer.body.error).toMatch(explanation);
});

test('The control plane lists its calls and refuses unknown ones', async () => {
	expect(JSON.stringify((await client.get('/_simulator')).body)).toContain('POST /_simulator/faults');
	expect((await client.get('/_simulator/nothing')).status).toBe(404);
	expect((await client.send('DELETE', '/_simulator/state')).status).toBe(405);
});

test('Calls to the control plane are neither logged nor hit by faults', async () => {
	await client.control('faults', { do: 'html' });
	expect((await client.get('/_simulator/state')).status).toBe(200);
	expect(await client.calls()).toMatchObject({ calls: [] });
});

test('A closed simulator releases its port', async () => {
	const first = await startSimulator();
	await fetch(`${first.url}/_simulator`);
	await first.close();
	const second = await startSimulator({ port: first.port });
	expect(second.port).toBe(first.port);
	await expect(startSimulator({ port: second.port })).rejects.toThrow(/EADDRINUSE/);
	await second.close();
});
