/** The probe against simulators whose switches stand at random: it has to find out how they stand. */
import { startSimulator, type Simulator } from '../../simulator';
import { CalendarStore } from '../../simulator/calendar/store';
import { defaultSwitches, type Switches } from '../../simulator/switches';
import { switchesLike, switchValues } from '../../simulator/switchValues';
import { ProbeApi } from '../../live/probe/api';
import { ProbeCalendar } from '../../live/probe/calendar';
import { maxMeteredCalls, probe, table, type ProbeReport } from '../../live/probe/probe';
import { QUESTIONS } from '../../live/probe/questions';

const SEEDS = Number(process.env.PROBE_SEEDS ?? 2);

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

async function runProbe(switches: Partial<Switches>, { withGuest = true } = {}): Promise<ProbeReport> {
	const { world, url } = simulator;
	Object.assign(world.switches, switches);
	const [user, guest] = world.company.people;
	const account = { api: url, oldApi: url, clientId: 'sim-internal', clientSecret: 'sim-secret' };
	// Instead of waiting, the simulator's clock moves on: no limit for a second is met by accident.
	const api = new ProbeApi(account, async () => world.clock.advance(1000));
	expect((await api.connect()).status).toBe(200);
	const calendar = new ProbeCalendar(api, user.unionId, withGuest ? guest.unionId : undefined, world.clock.now());
	return await probe(calendar, { packageVersion: '1.0.0', region: 'custom' });
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
