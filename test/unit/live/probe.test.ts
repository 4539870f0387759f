/** The probe against simulators whose switches stand at random: it has to find out how they stand. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { amount } from '../../long/amount';
import { startSimulator, type Simulator } from '../../simulator';
import { CalendarStore } from '../../simulator/calendar/store';
import { defaultSwitches, type Switches } from '../../simulator/switches';
import { switchesLike, switchValues } from '../../simulator/switchValues';
import { ProbeApi } from '../../live/probe/api';
import { ProbeCalendar } from '../../live/probe/calendar';
import { maxMeteredCalls, probe, table, type ProbeReport } from '../../live/probe/probe';
import { checkSyncToken } from '../../live/probe/syncToken';
import { QUESTIONS } from '../../live/probe/questions';

const SEEDS = amount({ short: 2, long: 20 });

const asked = QUESTIONS.map(({ name }) => name).filter((name): name is keyof Switches => name in switchValues);

/** Reproducible random positions. */
function positionsFor(seed: number): Partial<Switches> {
	let state = seed * 2_654_435_761 + 1;
	const next = (count: number): number => {
		state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
		return Math.floor((state / 2_147_483_648) * count);
	};
	return Object.fromEntries(
		asked.map((name) => {
			const positions: readonly unknown[] = switchValues[name];
			return [name, positions[next(positions.length)]];
		}),
	) as Partial<Switches>;
}

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
afterAll(async () => await simulator.close());
beforeEach(() => simulator.reset());

async function openCalendar({ withGuest = true } = {}): Promise<ProbeCalendar> {
	const { world, url } = simulator;
	const [user, guest] = world.company.people;
	const account = { api: url, oldApi: url, clientId: 'sim-internal', clientSecret: 'sim-secret' };
	// Instead of waiting, the simulator's clock moves on: no limit for a second is met by accident.
	const api = new ProbeApi(account, async () => world.clock.advance(1000));
	expect((await api.connect()).status).toBe(200);
	return new ProbeCalendar(api, user.unionId, withGuest ? guest.unionId : undefined, world.clock.now());
}

async function runProbe(switches: Partial<Switches>, { withGuest = true } = {}): Promise<ProbeReport> {
	Object.assign(simulator.world.switches, switches);
	return await probe(await openCalendar({ withGuest }), { packageVersion: '1.0.0', region: 'custom' });
}

const openEvents = (): number =>
	(simulator.world.use(CalendarStore).snapshot() as Array<{ status: string }>).filter(
		({ status }) => status !== 'cancelled',
	).length;

describe('The probe', () => {
	it.each(Array.from({ length: SEEDS }, (_, seed) => seed + 1))(
		'finds out how each switch of the simulator stands (random positions %i)',
		async (seed) => {
			const positions = positionsFor(seed);
			const report = await runProbe(positions);
			expect(report.switches).toEqual(positions);
		},
	);

	it('stays under 150 metered calls, and under the figure that it states', async () => {
		const report = await runProbe({});
		expect(report.meteredCalls).toBeLessThanOrEqual(maxMeteredCalls(true));
		expect(maxMeteredCalls(true)).toBeLessThan(150);
	});

	it('deletes the events it has created', async () => {
		const report = await runProbe({});
		expect(report.eventsLeft).toBe(0);
		expect(openEvents()).toBe(0);
	});

	it('says which questions need a second test user, and answers the others without one', async () => {
		const report = await runProbe({}, { withGuest: false });
		const open = report.findings.filter(({ answer }) => answer === undefined);
		expect(open.map(({ reason }) => reason)).toEqual(open.map(() => 'needs a second test user'));
		expect(open).toHaveLength(QUESTIONS.filter(({ needsGuest }) => needsGuest).length);
	});

	it('writes a report without a name, an ID, a token or a text of the account', async () => {
		const text = JSON.stringify(await runProbe({ getDeleted: 'cancelledEvent' }));
		const { people, apps, corpId } = simulator.world.company;
		const secrets = [...people.flatMap(({ unionId, userId, name, mobile }) => [unionId, userId, name, mobile]), corpId];
		const found = [...secrets, ...apps.flatMap(({ clientId, clientSecret }) => [clientId, clientSecret])].filter(
			(secret) => text.includes(secret),
		);
		expect(found).toEqual([]);
		expect(text).not.toContain('n8n probe');
	});

	it('writes a report that sets the switches of a simulator', async () => {
		const report = await runProbe(positionsFor(7));
		const like = await startSimulator({ switches: switchesLike(JSON.stringify(report)) });
		const { switches } = like.world;
		await like.close();
		expect(switches).toMatchObject(positionsFor(7));
		expect(() => switchesLike('{"switches":{"deleteTwice":"maybe"}}')).toThrow('deleteTwice');
	});

	it('marks in its table the answers that differ from what the package assumes', async () => {
		const report = await runProbe({ deleteTwice: 'ok' });
		const differing = table(report)
			.split('\n')
			.filter((line) => line.includes('differs'));
		expect(differing).toEqual([expect.stringContaining('What does deleting a deleted event get?')]);
		expect(defaultSwitches().deleteTwice).toBe('itemNotFound');
	});
});

describe('The probe of a sync token', () => {
	it.each([
		['unlimited', 'A sync token is still accepted after 8.0 days.'],
		['sevenDays', 'A sync token is refused after 8.0 days: HTTP 400 invalidParameter.'],
	] as const)('finds out in a second run whether it is still accepted (%s)', async (syncTokenLifetime, answer) => {
		const { clock, switches } = simulator.world;
		Object.assign(switches, { syncTokenLifetime });
		const folder = mkdtempSync(join(tmpdir(), 'probe-'));
		const file = join(folder, 'token.json');
		try {
			const start = clock.now();
			expect(await checkSyncToken(await openCalendar(), file, start)).toContain('Run the same command again');
			expect(statSync(file).mode & 0o077).toBe(0);
			clock.set(start + 8 * 24 * 3_600_000);
			expect(await checkSyncToken(await openCalendar(), file, clock.now())).toBe(answer);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});
