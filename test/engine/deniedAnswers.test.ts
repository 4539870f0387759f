/** Tests on the n8n engine, with random answers, that no operation calls a write done that DingTalk has denied. */
import type { INodeParameters } from 'n8n-workflow';

import type { ApiCall } from '../../lib/dingtalk/endpoints';
import { amount } from '../long/amount';
import { Random } from '../simulator/random';
import { REFUSALS } from '../unit/dingtalk/refusals';
import { errorOf, hintsOf, TESTED_NODE } from './harness';
import { CASES } from './support/cases';
import { CRASH } from './support/crash';
import { startDenyingProxy, type Denial, type DenyingProxy } from './support/denyingProxy';
import { hour, plant } from './support/events';
import { Desk, useDesk } from './support/setup';
import { credentialOf } from './support/state';

const desk = useDesk({ waits: 'skipped' });

const WEEKLY = {
	pattern: { type: 'weekly', interval: 1, daysOfWeek: 'tuesday' },
	range: { type: 'numbered', numberOfOccurrences: 6 },
};
const FOLLOWING = { applyTo: 'thisAndFollowing', occurrenceDate: '2026-03-17' };

const seriesOn = (on: Desk): string =>
	plant(on, on.people[0], { ...hour(3, 10), recurrence: WEEKLY, attendees: [{ id: on.people[1].unionId }] });

/** Operations that make other writes, depending on their parameters. */
const MORE_CASES: Record<string, (on: Desk) => INodeParameters> = {
	'event.update, this and following': (on) => ({
		...FOLLOWING,
		eventId: seriesOn(on),
		updateFields: { summary: 'New' },
	}),
	'event.delete, this and following': (on) => ({ ...FOLLOWING, eventId: seriesOn(on) }),
	'event.update, attendees': (on) => ({
		eventId: seriesOn(on),
		updateFields: {
			attendeeChange: { change: { mode: 'replace', attendees: [2, 3].map((one) => on.people[one].unionId).join() } },
		},
	}),
	'event.upsert, which creates': () => ({
		externalKey: 'B2',
		summary: 'New',
		start: '2026-03-03T10:00',
		end: '2026-03-03T11:00',
	}),
};
const ALL_CASES = { ...CASES, ...MORE_CASES };

const hasCode = ({ body }: Denial): boolean =>
	typeof body === 'object' && body !== null && ('code' in body || 'errcode' in body);

/** What DingTalk refuses with. A request that it calls a duplicate was carried out before. */
const REFUSED = REFUSALS.flatMap(([kind, , { status, body }, call]) =>
	kind === 'done' || call?.style === 'old' || status < 400 ? [] : [{ status, body }],
);

const withStatus = (status: number, bodies: unknown[]): Denial[] => bodies.map((body) => ({ status, body }));

/** By which no write is done, whatever its documented response is: each kind is as likely as the others. */
const DENIALS: Denial[][] = [
	REFUSED,
	withStatus(200, [{ status: '1111' }, ...REFUSED.filter(hasCode).map(({ body }) => body)]),
	withStatus(200, [
		{ result: false },
		{ result: 'false' },
		{ success: false },
		{ success: 'False', result: true },
		{ result: { success: false } },
		{ success: 0 },
		{ success: false, code: '', message: 'no' },
	]),
	withStatus(200, ['{"result": fal', '{"code": "forb', '<html><body>Not here</body></html>']),
	[302, 400, 401, 403, 404, 409, 500, 502, 503].flatMap((status) =>
		withStatus(status, ['', '<html></html>', '{"code": "x', null, {}]),
	),
];

/** The same for a write whose response has a documented body. */
const LACKING = withStatus(200, ['', null, {}, { requestId: 'R-1' }, { result: null }, '{', []]);

const denialOf = ({ responseBody }: ApiCall, random: Random): Denial =>
	random.pick(random.pick(responseBody === 'json' ? [...DENIALS, LACKING] : DENIALS));

const isUsage = (text: string): boolean => text.includes('monthly DingTalk quota');

interface Outcome {
	proxy: DenyingProxy;
	error: string;
	hints: string[];
	output: string;
}

/** Runs the operation on a calendar of its own. */
async function run(id: string, deny: Parameters<typeof startDenyingProxy>[1]): Promise<Outcome> {
	const on = await Desk.open(desk().engine);
	const proxy = await startDenyingProxy(on.simulator.url, deny);
	try {
		const [resource, operation] = id.split(',')[0].split('.');
		const { run: done, items } = await on.runNode({
			parameters: { resource, operation, user: on.people[0].unionId, ...ALL_CASES[id](on) },
			credential: credentialOf(on, { baseUrl: proxy.url, clientId: 'sim-internal' }),
		});
		const error = errorOf(done);
		const hints = hintsOf(done, TESTED_NODE).map(({ message }) => message);
		return {
			proxy,
			error: error ? `${error.message} ${error.description ?? ''}` : '',
			hints: hints.filter((hint) => !isUsage(hint)),
			output: JSON.stringify(items),
		};
	} finally {
		await proxy.close();
		await on.close();
	}
}

/** The writes of each operation when nothing is denied, and what it says then. */
const undisturbed = new Map<string, Promise<Outcome>>();

async function getUndisturbed(id: string): Promise<Outcome> {
	const known = undisturbed.get(id) ?? run(id, () => undefined);
	undisturbed.set(id, known);
	return await known;
}

/** Denies one of the writes of the operation, or all of its kind from there on; returns what is wrong. */
async function problemsOf(id: string, seed: number): Promise<string[]> {
	const normal = await getUndisturbed(id);
	const random = new Random();
	random.seed(seed);
	const position = random.pick([...normal.proxy.writes.keys()]);
	const target = normal.proxy.writes[position];
	const before = normal.proxy.writes.slice(0, position).filter((call) => call === target).length;
	const isOnce = random.chance(0.4);
	const { proxy, error, hints, output } = await run(id, (call, earlier) => {
		const isDenied = call === target && (isOnce ? earlier === before : earlier >= before);
		return isDenied ? denialOf(call, random) : undefined;
	});
	const isConditional = error !== '' || hints.some((hint) => !normal.hints.includes(hint));
	const crash = CRASH.exec(error)?.[0];
	const problems = [
		...(proxy.denied.length === 0 ? ['nothing was denied'] : []),
		...(isConditional || proxy.undone().length === 0 ? [] : ['called done']),
		...(crash ? [crash] : []),
	];
	return problems.length > 0 ? [...problems, `seed ${seed}, ${id}`, ...proxy.denied, error, output] : [];
}

const READS = /\.(get\w*|exportIcs|readIcs|findSlots)$/;
const WRITING = Object.keys(ALL_CASES).filter((id) => !READS.test(id.split(',')[0]));
const rounds = Math.ceil(amount({ short: 100, long: 2000 }) / WRITING.length);

describe('An operation whose write is denied does not call it done, whatever the answer looks like', () => {
	it.each(WRITING.map((id, index) => ({ id, index })))('($id)', async ({ id, index }) => {
		const normal = await getUndisturbed(id);
		expect(normal.error).toBe('');
		expect(normal.proxy.writes).not.toEqual([]);
		const problems: string[] = [];
		for (let round = 0; round < rounds; round++) problems.push(...(await problemsOf(id, 10_000 * index + round)));
		expect(problems).toEqual([]);
	});
});
