/**
 * Throws hostile values at the fields of the triggers, at what they read, and at the lists in the editor: nothing crashes, no
 * secret comes out, and no prototype changes.
 */
import type { INodeParameters, INodeProperties } from 'n8n-workflow';

import { DingTalkCalendarPollingTrigger } from '../../nodes/DingTalkCalendarPollingTrigger/DingTalkCalendarPollingTrigger.node';
import { DingTalkCalendarTrigger } from '../../nodes/DingTalkCalendarTrigger/DingTalkCalendarTrigger.node';
import { DingTalkCalendarWebhookTrigger } from '../../nodes/DingTalkCalendarWebhookTrigger/DingTalkCalendarWebhookTrigger.node';
import { amount } from '../long/amount';
import { seal } from '../simulator/push/envelope';
import { CALENDAR_CHANGE, httpData, newMessage } from '../simulator/push/message';
import { Random } from '../simulator/random';
import { TokenStore } from '../simulator/tokens';
import { plant } from './support/events';
import { CRASHED, fieldsOf, isOfN8n, isPrototypeChanged } from './support/hostileFields';
import { hostileValue, startHostileProxy } from './support/hostileValues';
import { createPoller } from './support/polling';
import { Desk, useDesk } from './support/setup';
import { credentialOf } from './support/state';
import { streamWorkflow } from './support/triggers';
import {
	callbackCredential,
	CLIENT_ID,
	KEYS,
	openServer,
	requestOf,
	sendRequest,
	triggeredWorkflow,
} from './support/webhook';

const desk = useDesk({ waits: 'skipped' });

const seeds = (short: number, long: number): number[] =>
	Array.from({ length: amount({ short, long }) }, (_, seed) => seed);

/** What is wrong with what came out; errors of n8n itself are not the trigger's. */
function problemsIn(on: Desk, output: unknown, errors: Error[], isFromProxy = false): string[] {
	const own = errors.filter((error) => !isOfN8n(error));
	const texts = own.map(
		(error: Error & { description?: string | null }) => `${error.message} ${error.description ?? ''}`,
	);
	const stored = JSON.stringify([output, texts]);
	const secrets = ['sim-secret', KEYS.token, KEYS.aesKey, ...on.simulator.world.use(TokenStore).values()];
	return [
		...texts.filter((text) => !isFromProxy && CRASHED.test(text)),
		...texts.filter((text) => /does not come from DingTalk|Unexpected token/.test(text)),
		...(secrets.some((secret) => stored.includes(secret)) ? ['a secret came out'] : []),
		...(isPrototypeChanged() ? ['a prototype has changed'] : []),
	].map((text) => text.slice(0, 500));
}

/** Runs with a DingTalk of its own, and says which value caused the problems. */
async function expectNoProblems(value: unknown, work: (on: Desk) => Promise<string[]>): Promise<void> {
	const on = await Desk.open(desk().engine);
	const problems = await work(on).finally(async () => await on.close());
	expect(problems.length > 0 ? { problems, value: JSON.stringify(value)?.slice(0, 100) } : undefined).toBeUndefined();
}

const caught = async (errors: Error[], work: Promise<unknown>): Promise<void> =>
	void (await work.catch((error: Error) => errors.push(error)));

/** Parameters with a hostile value in one of the fields, for this seed. */
function spoilt(
	seed: number,
	properties: INodeProperties[],
	given: INodeParameters,
): [INodeParameters, unknown, Random] {
	const random = new Random();
	random.seed(seed);
	const value = hostileValue(random);
	return [random.pick(fieldsOf(properties))(given, value), value, random];
}

describe('The polling trigger', () => {
	const { properties } = new DingTalkCalendarPollingTrigger().description;
	const fields = properties.filter(({ name }) => name !== 'pollTimes');

	async function poll(on: Desk, parameters: INodeParameters, url: string): Promise<string[]> {
		const credential = credentialOf(on, { baseUrl: url, clientId: 'sim-internal' });
		const errors: Error[] = [];
		const poller = createPoller(on, parameters, { credentials: [credential] });
		plant(on, on.people[0]);
		await caught(errors, poller.start());
		plant(on, on.people[0]);
		await caught(errors, poller.tick());
		return problemsIn(on, [poller.items, poller.logged], [...errors, ...poller.errors], url !== on.simulator.url);
	}

	it.each(seeds(30, 600))('holds a hostile value in a field (seed %i)', async (seed) => {
		const given = { people: desk().people[0].unionId, triggerOn: ['created', 'updated', 'starting'] };
		const [parameters, value] = spoilt(6_000_000 + seed, fields, given);
		await expectNoProblems(value, async (on) => await poll(on, parameters, on.simulator.url));
	});

	it.each(seeds(10, 200))('holds hostile values in responses (seed %i)', async (seed) => {
		const random = new Random();
		random.seed(6_500_000 + seed);
		await expectNoProblems(seed, async (on) => {
			const proxy = await startHostileProxy(on.simulator.url, random, random.pick([0.01, 0.05, 0.2]));
			const given = { people: on.people[0].unionId, triggerOn: ['created', 'updated', 'starting', 'responded'] };
			return await poll(on, given, proxy.url).finally(async () => await proxy.close());
		});
	});
});

describe('The Stream trigger', () => {
	const { properties } = new DingTalkCalendarTrigger().description;

	it.each(seeds(20, 300))('holds a hostile value in a field (seed %i)', async (seed) => {
		const [parameters, value] = spoilt(7_000_000 + seed, properties, { triggerOn: ['created'] });
		await expectNoProblems(value, async (on) => {
			const errors: Error[] = [];
			const server = on.engine.server();
			const json = streamWorkflow(parameters, `hostile-${seed}`);
			await caught(errors, server.activate(json, { credentials: [on.credential] }));
			await server.stop();
			return problemsIn(on, server.database.executions, errors);
		});
	});
});

describe('The webhook trigger', () => {
	const { properties } = new DingTalkCalendarWebhookTrigger().description;

	it.each(seeds(20, 300))('holds a hostile value in a field (seed %i)', async (seed) => {
		const [parameters, value] = spoilt(8_000_000 + seed, properties, { triggerOn: ['created'] });
		await expectNoProblems(value, async (on) => {
			const errors: Error[] = [];
			const credentials = [callbackCredential(on), on.credential];
			const opened = await openServer(on, triggeredWorkflow(parameters), { credentials }).catch(
				(error: Error) => error,
			);
			if (opened instanceof Error) return problemsIn(on, [], [opened]);
			const { world } = on.simulator;
			const change = {
				calendarEventId: plant(on, on.people[0]),
				changeType: 'created',
				unionIdList: [on.people[0].unionId],
			};
			const data = httpData(newMessage(CALENDAR_CHANGE, change, Date.now(), world), world);
			const sealed = seal(JSON.stringify(data), { ...KEYS, ownerKey: CLIENT_ID }, String(Date.now()));
			await caught(errors, sendRequest(opened.url, requestOf(sealed)));
			await opened.idle();
			await opened.close();
			return problemsIn(on, opened.runs, [...errors, ...opened.thrown]);
		});
	});
});

describe('A list in the editor', () => {
	const METHODS = [
		'searchCalendars',
		'searchDepartments',
		'searchEvents',
		'searchPeople',
		'searchRooms',
		'searchTimeZones',
	];

	it.each(METHODS.flatMap((method) => seeds(6, 100).map((seed) => ({ method, seed }))))(
		'holds a hostile search text, page and person ($method, seed $seed)',
		async ({ method, seed }) => {
			const random = new Random();
			random.seed(9_000_000 + 1000 * METHODS.indexOf(method) + seed);
			const value = hostileValue(random);
			const place = random.pick(['filter', 'token', 'user', 'locator'] as const);
			await expectNoProblems([place, value], async (on) => {
				const user = { user: place === 'locator' ? { __rl: true, mode: 'auto', value } : value } as INodeParameters;
				const parameters = place === 'user' || place === 'locator' ? user : { user: on.people[0].unionId };
				const open = { credential: on.credential, parameters };
				const text = (wanted: typeof place): string | undefined =>
					place === wanted ? (typeof value === 'string' ? value : JSON.stringify(value)) : undefined;
				const errors: Error[] = [];
				const result = await on.engine
					.listSearch(open, method, text('filter'), text('token'))
					.catch((error: Error) => void errors.push(error));
				return problemsIn(on, result, errors);
			});
		},
	);

	it.each([...METHODS, 'getCategories'].flatMap((method) => seeds(4, 60).map((seed) => ({ method, seed }))))(
		'holds hostile values in responses ($method, seed $seed)',
		async ({ method, seed }) => {
			const random = new Random();
			random.seed(9_500_000 + 1000 * METHODS.indexOf(method) + seed);
			await expectNoProblems(seed, async (on) => {
				const proxy = await startHostileProxy(on.simulator.url, random, random.pick([0.01, 0.05, 0.2]));
				const credential = credentialOf(on, { baseUrl: proxy.url, clientId: 'sim-internal' });
				const open = { credential, parameters: { user: on.people[0].unionId } };
				const errors: Error[] = [];
				const result = await (
					method === 'getCategories' ? on.engine.loadOptions(open, method) : on.engine.listSearch(open, method)
				).catch((error: Error) => void errors.push(error));
				await proxy.close();
				return problemsIn(on, result, errors, true);
			});
		},
	);
});
