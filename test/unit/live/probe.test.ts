/** The probe against simulators whose switches stand at random: it has to find out how they stand. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { amount } from '../../long/amount';
import { startSimulator, type Simulator } from '../../simulator';
import { CalendarStore } from '../../simulator/calendar/calendarStore';
import { CallLog } from '../../simulator/gateway/callLog';
import { defaultSwitches, type Switches } from '../../simulator/switches';
import { switchesLike, switchValues } from '../../simulator/switchValues';
import { ProbeApi } from '../../live/probe/api';
import { ProbeCalendar } from '../../live/probe/calendar';
import { maxMeteredCalls, probe } from '../../live/probe/probe';
import { emptyReport, table, withFinding, type ProbeReport } from '../../live/probe/report';
import { checkSyncToken } from '../../live/probe/syncToken';
import { QUESTIONS } from '../../live/probe/questions';

const SEEDS = amount({ short: 2, long: 20 });

const asked: ReadonlyArray<keyof Switches> = QUESTIONS.map(({ name }) => name).filter(
	(name): name is keyof Switches => name in switchValues,
);

/** Reproducible random positions of all switches, those that the probe does not ask about included. */
function positionsFor(seed: number): Partial<Switches> {
	let state = seed * 2_654_435_761 + 1;
	const next = (count: number): number => {
		state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
		return Math.floor((state / 2_147_483_648) * count);
	};
	return Object.fromEntries(
		(Object.keys(switchValues) as Array<keyof Switches>).map((name) => {
			const positions: readonly unknown[] = switchValues[name];
			return [name, positions[next(positions.length)]];
		}),
	) as Partial<Switches>;
}

/** What a probe can find out of them in one run. */
const answersIn = (positions: Partial<Switches>): Partial<Switches> =>
	Object.fromEntries(asked.map((name) => [name, positions[name]])) as Partial<Switches>;

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
			expect(report.switches).toEqual(answersIn(positions));
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
		const open = report.findings.filter(({ name, answer }) => answer === undefined && name !== 'syncTokenLifetime');
		expect(open.map(({ reason }) => reason)).toEqual(open.map(() => 'needs a second test user'));
		expect(open).toHaveLength(QUESTIONS.filter(({ needsGuest }) => needsGuest).length);
	});

	it('writes a report without a name, an ID, a token or a text of the account', async () => {
		for (const switches of [{ getDeleted: 'cancelledEvent' } as const, positionsFor(3), positionsFor(4)]) {
			simulator.reset();
			const calendar = await openCalendar();
			Object.assign(simulator.world.switches, switches);
			const report = await probe(calendar, { packageVersion: '1.0.0', region: 'custom' });
			const text = `${JSON.stringify(report)} ${table(report)}`;
			const { people, apps, rooms, departments, corpId } = simulator.world.company;
			const events = simulator.world.use(CalendarStore).snapshot() as Array<{ id: string; summary: string }>;
			const calls = JSON.stringify(simulator.world.use(CallLog).summary().calls);
			const tokens = calls.match(/(?<=x-client-token":")[\w-]+/g) ?? [];
			expect(events.length).toBeGreaterThan(20);
			expect(tokens.length).toBeGreaterThan(2);
			const secrets = [
				corpId,
				...people.flatMap(({ unionId, userId, name, mobile, email }) => [unionId, userId, name, mobile, email]),
				...apps.flatMap(({ clientId, clientSecret }) => [clientId, clientSecret]),
				...rooms.flatMap(({ roomId, roomName }) => [roomId, roomName]),
				...departments.map(({ name }) => name),
				...events.flatMap(({ id, summary }) => [id, summary]),
				...tokens,
				calendar.api.accessToken,
			];
			expect(secrets.filter((secret) => secret && text.includes(secret))).toEqual([]);
			expect(text).not.toContain('n8n probe');
			// No long word that is none of the report's own: an unexpected ID or token.
			const own = JSON.stringify([QUESTIONS.map(({ name, asks }) => [name, asks]), switchValues]);
			expect((text.match(/[\w+/=-]{20,}/g) ?? []).filter((word) => !own.includes(word) && !/^-+$/.test(word))).toEqual(
				[],
			);
		}
	});

	it('writes a report that sets the switches of a simulator', async () => {
		const report = await runProbe(positionsFor(7));
		const like = await startSimulator({ switches: switchesLike(JSON.stringify(report)) });
		const { switches } = like.world;
		await like.close();
		expect(switches).toMatchObject(answersIn(positionsFor(7)));
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
	const folder = mkdtempSync(join(tmpdir(), 'probe-'));
	afterAll(() => rmSync(folder, { recursive: true }));

	const origin = { packageVersion: '1.0.0', region: 'custom' };

	it.each([
		['unlimited', 'A sync token is still accepted after 8.0 days.'],
		['sevenDays', 'A sync token is refused after 8.0 days: HTTP 400 invalidParameter.'],
	] as const)('finds out in a second run whether it is still accepted (%s)', async (syncTokenLifetime, answer) => {
		const { clock, switches } = simulator.world;
		Object.assign(switches, { syncTokenLifetime });
		const file = join(folder, `${syncTokenLifetime}.json`);
		const start = clock.now();
		const first = await checkSyncToken(await openCalendar(), file, start);
		expect(first.text).toContain('Run the same command again');
		expect(first.finding.answer).toBeUndefined();
		expect(statSync(file).mode & 0o077).toBe(0);
		clock.set(start + 8 * 24 * 3_600_000);
		const { text, finding } = await checkSyncToken(await openCalendar(), file, clock.now());
		expect(text).toBe(answer);
		const { syncToken } = JSON.parse(readFileSync(file, 'utf8')) as { syncToken: string };
		const report = withFinding(emptyReport(origin), finding);
		expect(report.switches).toEqual({ syncTokenLifetime });
		expect(JSON.stringify(report)).not.toContain(syncToken);
		expect(switchesLike(JSON.stringify(report))).toEqual({ syncTokenLifetime });
	});

	it('says nothing of the lifetime if the token is accepted within the week', async () => {
		const file = join(folder, 'early.json');
		const start = simulator.world.clock.now();
		await checkSyncToken(await openCalendar(), file, start);
		const { finding } = await checkSyncToken(await openCalendar(), file, start + 2 * 24 * 3_600_000);
		expect(finding).toMatchObject({ name: 'syncTokenLifetime', reason: 'accepted after 2.0 days' });
		expect(withFinding(emptyReport(origin), finding).switches).toEqual({});
	});

	it('is in the report of a whole probe, which says how to ask it, and is added to it later', async () => {
		const report = await runProbe({});
		const named = (one: ProbeReport) => one.findings.filter(({ name }) => name === 'syncTokenLifetime');
		expect(named(report)).toMatchObject([{ reason: expect.stringContaining('--sync-token FILE') as string }]);
		const later = withFinding(report, { ...named(report)[0], reason: undefined, answer: 'sevenDays' });
		expect(named(later)).toMatchObject([{ answer: 'sevenDays' }]);
		expect(later.switches).toEqual({ ...report.switches, syncTokenLifetime: 'sevenDays' });
	});
});

describe('npm run probe', () => {
	const answering = async (
		answer: string,
		env: Record<string, string>,
	): Promise<{ code: number | null; text: string }> => {
		const main = join(__dirname, '../../live/probe/main.ts');
		const child = spawn(process.execPath, ['--import', 'tsx', main], { env: { ...process.env, ...env } });
		let text = '';
		child.stdout.on('data', (part: Buffer) => (text += part.toString()));
		child.stderr.on('data', (part: Buffer) => (text += part.toString()));
		child.stdin.end(`${answer}\n`);
		return await new Promise((resolve) => child.on('close', (code) => resolve({ code, text })));
	};

	const account = (): Record<string, string> => ({
		DINGTALK_BASE_URL: simulator.url,
		DINGTALK_CLIENT_ID: 'sim-internal',
		DINGTALK_CLIENT_SECRET: 'sim-secret',
		DINGTALK_TEST_USER: simulator.world.company.people[0].unionId,
		DINGTALK_TEST_ATTENDEE: simulator.world.company.people[1].unionId,
	});

	it.each(['n', ''])('states its cost, and makes no call if the answer is %j', async (answer) => {
		const { code, text } = await answering(answer, account());
		expect(text).toContain(`This takes up to ${maxMeteredCalls(true)} metered calls`);
		expect(text).toContain('Start? [y/N]');
		expect(code).toBe(0);
		expect(simulator.world.use(CallLog).summary().calls).toEqual([]);
	});

	it('names the variables that it needs', async () => {
		const { code, text } = await answering('y', { ...account(), DINGTALK_CLIENT_SECRET: '' });
		expect(code).toBe(1);
		expect(text).toContain('DINGTALK_CLIENT_SECRET');
		expect(simulator.world.use(CallLog).summary().calls).toEqual([]);
	});
});
