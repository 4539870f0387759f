/** Tests on the n8n engine that nothing is done twice, and nothing is lost, when n8n repeats what a node does. */
import type { IDataObject, INode, INodeParameters, IRun } from 'n8n-workflow';

import { CalendarStore } from '../simulator/calendar/calendarStore';
import { AGENT_NODE, DINGTALK_CALENDAR, type Engine, errorOf, outputOf, TESTED_NODE } from './harness';
import type { RunOptions } from './harness/run';
import { callsOf, clientToken, guestsOf, hire, plant, remembered, rememberedEvent } from './support/events';
import { useDesk } from './support/setup';
import { signedIn, stateOf } from './support/state';

const desk = useDesk({ waits: 'skipped' });

const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

const create = (more: INodeParameters = {}): INodeParameters => ({
	resource: 'event',
	operation: 'create',
	user: { __rl: true, mode: 'auto', value: desk().people[0].unionId },
	summary: '={{ $json.title }}',
	start: '2026-03-03T10:00:00',
	end: '2026-03-03T11:00:00',
	...more,
});

const titles = async (): Promise<string[]> => (await remembered(desk())).map(({ summary }) => summary).sort();
const organizers = async (): Promise<string[]> => (await remembered(desk())).map(({ organizer }) => organizer);
const rows = (...names: string[]): IDataObject[] => names.map((title) => ({ title }));
const writes = async (): Promise<string[]> =>
	(await callsOf(desk())).filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);

const node = (id: string, name: string, type: string, parameters: INodeParameters): INode => ({
	...{ id, name, type, parameters, typeVersion: 1, position: [0, 0] },
});

const lose = async (path: string, nth: number, times = 1, method = 'POST'): Promise<void> => {
	for (let number = nth; number < nth + times; number++)
		await desk().control('faults', { match: { method, path, nth: number }, do: 'dropAfterCommit' });
};

const refuse = async (path: string, nth: number, status = 400, method = 'POST'): Promise<void> =>
	await desk().control('faults', {
		match: { method, path, nth },
		do: 'status',
		status,
		code: status === 400 ? 'invalidParameter' : undefined,
	});

describe("An agent's tool", () => {
	const tool = async (items: IDataObject[], parameters: INodeParameters = {}) =>
		outputOf(
			await desk().engine.runTool({
				credential: desk().credential,
				parameters: create({ summary: "={{ $fromAI('title') }}", ...parameters }),
				items,
				...RETRY,
			}),
			AGENT_NODE,
		);

	it('creates one event when the responses are lost and n8n tries again', async () => {
		await lose('*/events', 1, 3);
		const [{ response }] = await tool(rows('Standup'));
		expect(JSON.parse(String(response))).toMatchObject([{ summary: 'Standup' }]);
		expect(await titles()).toEqual(['Standup']);
		expect(new Set((await callsOf(desk())).map(clientToken)).size).toBe(1);
	});

	it('creates two events when it is called twice with the same arguments', async () => {
		await tool(rows('Standup', 'Standup'));
		expect(await titles()).toEqual(['Standup', 'Standup']);
	});

	it('sends a change again that another one has replaced', async () => {
		const eventId = plant(desk(), desk().people[0]);
		const output = outputOf(
			await desk().engine.runTool({
				credential: desk().credential,
				parameters: {
					resource: 'event',
					operation: 'update',
					user: { __rl: true, mode: 'auto', value: desk().people[0].unionId },
					eventId: { __rl: true, mode: 'id', value: eventId },
					updateFields: { summary: "={{ $fromAI('title') }}" },
				},
				items: rows('A', 'B', 'A'),
				...RETRY,
			}),
			AGENT_NODE,
		);
		expect(output).toHaveLength(3);
		expect(await titles()).toEqual(['A']);
	});
});

describe('A write that DingTalk has no keys for', () => {
	const calendars = async (): Promise<string[]> => (await stateOf(desk())).subscribedCalendars.map(({ name }) => name);

	it('is not repeated for the items that were done when another item failed', async () => {
		await refuse('*/subscribedCalendars', 2, 503);
		const { run } = await desk().runNode({
			parameters: {
				resource: 'subscriptionCalendar',
				operation: 'create',
				user: desk().people[0].unionId,
				name: '={{ $json.title }}',
				scopePeople: desk().people[1].unionId,
			},
			items: rows('A', 'B', 'C'),
			...RETRY,
		});
		expect(await calendars()).toEqual(['A', 'C']);
		expect(errorOf(run)?.message).toBe(
			'Not sent: an earlier request to create the subscription calendar got no response, so its outcome is unknown [Item 1]',
		);
		expect(errorOf(run)?.description).toContain("Look for it among the creator's calendars");
		expect(await writes()).toHaveLength(3);
	});

	it('shares each calendar once', async () => {
		const [host, ...others] = desk().people;
		await refuse('*/acls', 2);
		const { run, items } = await desk().runNode({
			parameters: {
				resource: 'accessControl',
				operation: 'create',
				user: { __rl: true, mode: 'auto', value: host.unionId },
				grantee: '={{ $json.person }}',
				privilege: 'reader',
			},
			items: others.slice(0, 3).map(({ unionId }) => ({ person: unionId })),
			...RETRY,
		});
		expect(errorOf(run)).toBeUndefined();
		expect(items).toHaveLength(3);
		expect(await writes()).toHaveLength(4);
		expect((await stateOf(desk())).acls).toHaveLength(3);
	});
});

describe('A retry of a node', () => {
	it('of 200 items of which 3 failed makes 3 calls', async () => {
		await desk().control('limits', { eventsPerDay: 300 });
		// n8n tries a node that continues on failures again if its first item has failed.
		for (const nth of [1, 80, 200]) await refuse('*/events', nth);
		const items = Array.from({ length: 200 }, (_, number) => ({ title: `Row ${number}` }));
		const { run, items: output } = await desk().runNode({
			parameters: create({ runOptions: { concurrency: 1 } }),
			items,
			onError: 'continueRegularOutput',
			...RETRY,
		});
		expect(errorOf(run)).toBeUndefined();
		expect(output.map(({ summary }) => summary)).toEqual(items.map(({ title }) => title));
		const statuses = (await callsOf(desk())).map(({ status }) => status);
		expect([200, 400].map((status) => statuses.filter((one) => one === status).length)).toEqual([200, 3]);
		expect(await remembered(desk())).toHaveLength(200);
	});

	it('keeps equal items apart', async () => {
		await refuse('*/events', 2);
		const { run } = await desk().runNode({
			parameters: create({ summary: 'Twin', runOptions: { concurrency: 1 } }),
			items: [{}, {}, {}],
			...RETRY,
		});
		expect(errorOf(run)).toBeUndefined();
		expect(await titles()).toEqual(['Twin', 'Twin', 'Twin']);
		expect(await writes()).toHaveLength(4);
	});

	it('adds only those who were not added', async () => {
		await refuse('*/attendees', 2);
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		const crowd = hire(desk(), 600).map(({ unionId }) => unionId);
		const { items } = await desk().runNode({
			parameters: {
				resource: 'attendee',
				operation: 'add',
				user: { __rl: true, mode: 'auto', value: host.unionId },
				eventId: { __rl: true, mode: 'id', value: eventId },
				attendees: '={{ $json.people }}',
			},
			items: [{ people: crowd }],
			...RETRY,
		});
		expect(items).toMatchObject([{ added: 600 }]);
		expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual(crowd);
		expect((await callsOf(desk())).map(({ status }) => status)).toEqual([200, 400, 200]);
	});

	it('answers what was done without reading again', async () => {
		const [host, anna] = desk().people;
		const eventId = plant(desk(), host);
		await refuse('*/attendees', 2);
		const { items } = await desk().runNode({
			parameters: {
				resource: 'attendee',
				operation: 'sync',
				user: { __rl: true, mode: 'auto', value: host.unionId },
				eventId: { __rl: true, mode: 'id', value: '={{ $json.event }}' },
				attendees: anna.unionId,
				runOptions: { concurrency: 1 },
			},
			items: [{ event: eventId }, { event: plant(desk(), host) }],
			...RETRY,
		});
		expect(items).toMatchObject([{ added: [anna.unionId] }, { added: [anna.unionId] }]);
		expect((await callsOf(desk())).map(({ method, status }) => [method, status])).toEqual([
			['GET', 200],
			['POST', 200],
			['GET', 200],
			['POST', 400],
			['GET', 200],
			['POST', 200],
		]);
	});

	it('sends again what was undone since', async () => {
		const [host, anna, ben] = desk().people;
		const eventId = plant(desk(), host, { attendees: [{ id: anna.unionId }] });
		await refuse('*/attendees', 1);
		const { world } = desk().simulator;
		const sync = {
			parameters: {
				resource: 'attendee',
				operation: 'sync',
				user: { __rl: true, mode: 'auto', value: host.unionId },
				eventId: { __rl: true, mode: 'id', value: eventId },
				attendees: ben.unionId,
			},
			executionId: 'undone',
		};
		await desk().runNode(sync);
		expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual([]);
		world
			.use(CalendarStore)
			.byId(eventId)
			?.attendees.push({ unionId: anna.unionId, response: 'accepted', isOptional: false });
		await desk().runNode(sync);
		expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual([ben.unionId]);
	});

	it('says of the other items what earlier tries have done', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		const { run } = await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'delete',
				user: { __rl: true, mode: 'auto', value: host.unionId },
				eventId: { __rl: true, mode: 'id', value: '={{ $json.event }}' },
			},
			items: [{ event: 'no-such-event' }, { event: eventId }],
			...RETRY,
		});
		expect(errorOf(run)?.message).toContain('[Item 0]');
		expect(errorOf(run)?.description).toContain('Done: item 1. Not done: item 0.');
		expect((await callsOf(desk())).map(({ status }) => status)).toEqual([404, 200, 404, 404]);
	});

	it('calls another item unknown whose response was lost', async () => {
		await refuse('*/events', 1);
		await lose('*/events', 2, 3);
		const { run } = await desk().runNode({ parameters: create(), items: rows('A', 'B') });
		expect(errorOf(run)?.message).toContain('[Item 0]');
		expect(errorOf(run)?.description).toContain('Unknown or done in part: item 1. Not done: item 0.');
		expect(await titles()).toEqual(['B']);
	});

	it('still says what an earlier try has done of an item', async () => {
		const [host, anna, ben] = desk().people;
		const eventId = plant(desk(), host, { attendees: [{ id: anna.unionId }] });
		await refuse('*/attendees', 1);
		await refuse('*/attendees', 2, 400, 'GET');
		await refuse('*/attendees', 3, 400, 'GET');
		const { run } = await desk().runNode({
			parameters: {
				resource: 'attendee',
				operation: 'sync',
				user: { __rl: true, mode: 'auto', value: host.unionId },
				eventId: { __rl: true, mode: 'id', value: eventId },
				attendees: ben.unionId,
			},
			...RETRY,
		});
		expect(errorOf(run)?.message).toContain(
			`Done: remove ${anna.name} <${anna.unionId}>. Not done: add ${ben.unionId}.`,
		);
	});

	const to = { node: TESTED_NODE, type: 'main' as const, index: 0 };
	const start = node('1', 'Start', 'n8n-nodes-base.manualTrigger', {});
	const tested = (parameters: INodeParameters, onError: 'continueErrorOutput' | 'continueRegularOutput') => ({
		...node('2', TESTED_NODE, DINGTALK_CALENDAR, parameters),
		onError,
	});
	const runWorkflow = async (
		nodes: INode[],
		connections: Parameters<Engine['runWorkflow']>[0]['connections'],
		json: IDataObject,
		more: Pick<RunOptions, 'signal' | 'retryOf'> = {},
	): Promise<IRun> =>
		await desk().engine.runWorkflow(
			{ nodes: [start, ...nodes], connections, settings: {} },
			{ credentials: [desk().credential], pinData: { Start: [{ json }] }, ...more },
		);
	/** The error output leads back to the node, up to three times. */
	const runLoop = async (
		parameters: INodeParameters,
		json: IDataObject,
		more: Pick<RunOptions, 'signal' | 'retryOf'> = {},
	): Promise<IRun> => {
		const conditions = {
			options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
			conditions: [
				{ id: '1', leftValue: '={{ $runIndex }}', rightValue: 3, operator: { type: 'number', operation: 'lt' } },
			],
			combinator: 'and',
		};
		const again = { ...node('3', 'Again', 'n8n-nodes-base.filter', { conditions, options: {} }), typeVersion: 2.2 };
		return await runWorkflow(
			[tested(parameters, 'continueErrorOutput'), again],
			{
				Start: { main: [[to]] },
				[TESTED_NODE]: { main: [[], [{ ...to, node: 'Again' }]] },
				Again: { main: [[to]] },
			},
			json,
			more,
		);
	};

	it.each<IDataObject>([{}, { message: 'hi' }, { details: 'x' }, { error: null }, { error: { code: 1 } }])(
		'continues an item with its own %j that comes back from the error output',
		async (own) => {
			await lose('*/events', 1, 3);
			const run = await runLoop(create(), { title: 'Standup', ...own });
			expect(errorOf(run)).toBeUndefined();
			expect(await titles()).toEqual(['Standup']);
		},
	);

	it("continues it too when Stop ends the round in which it came back, and n8n's Retry button repeats that", async () => {
		await lose('*/events', 1, 4);
		const stop = new AbortController();
		const pending = runLoop(create(), { title: 'Standup' }, { signal: stop.signal });
		while ((await callsOf(desk())).length < 4) await new Promise(setImmediate);
		stop.abort();
		await runLoop(create(), { title: 'Standup' }, { retryOf: await pending });
		expect(await titles()).toEqual(['Standup']);
		expect(new Set((await callsOf(desk())).map(clientToken)).size).toBe(1);
	});

	it('does not create a subscription calendar again that may exist, however often it comes back', async () => {
		await lose('*/subscribedCalendars', 1);
		const parameters = {
			resource: 'subscriptionCalendar',
			operation: 'create',
			user: desk().people[0].unionId,
			name: 'Holidays',
			scopePeople: desk().people[1].unionId,
		};
		await runLoop(parameters, { message: 'hi' });
		expect(await writes()).toHaveLength(1);
	});

	it('treats another row of a loop with the same input as new, not as the one that failed', async () => {
		await lose('*/events', 1, 3);
		const parameters = create({ summary: "={{ $runIndex === 0 ? 'Alpha' : 'Beta' }}" });
		await runWorkflow([tested(parameters, 'continueRegularOutput')], { Start: { main: [[to, to]] } }, { ok: true });
		expect(await titles()).toEqual(['Alpha', 'Beta']);
	});
});

describe("n8n's Retry button", () => {
	const failing = () => ({ parameters: create({ runOptions: { concurrency: 1 } }), items: rows('A', 'B', 'C') });

	it('does only what was not done', async () => {
		await refuse('*/events', 2);
		const { run } = await desk().runNode(failing());
		expect(errorOf(run)?.message).toContain('[Item 1]');
		const { items } = await desk().runNode({ ...failing(), retryOf: run });
		expect(items.map(({ summary }) => summary)).toEqual(['A', 'B', 'C']);
		expect(await titles()).toEqual(['A', 'B', 'C']);
		expect(await writes()).toHaveLength(4);
	});

	it('continues what Stop ended before the outcome was known', async () => {
		const stop = new AbortController();
		await lose('*/events', 1);
		const pending = desk().runNode({ ...failing(), items: rows('A'), signal: stop.signal });
		while ((await callsOf(desk())).length === 0) await new Promise(setImmediate);
		stop.abort();
		const { run } = await pending;
		const { items } = await desk().runNode({ ...failing(), items: rows('A'), retryOf: run });
		expect(items).toMatchObject([{ summary: 'A' }]);
		expect(await titles()).toEqual(['A']);
	});

	it('shares a calendar as it is asked for when the access level was changed meanwhile', async () => {
		const [host, anna, bo] = desk().people;
		const share = (privilege: string) => ({
			parameters: {
				resource: 'accessControl',
				operation: 'create',
				user: { __rl: true, mode: 'auto', value: host.unionId },
				grantee: '={{ $json.title }}',
				privilege,
			},
			items: rows(anna.unionId, bo.unionId),
		});
		await refuse('*/acls', 2);
		const { run } = await desk().runNode(share('reader'));
		const { items } = await desk().runNode({ ...share('writer'), retryOf: run });
		expect(items.map(({ privilege }) => privilege)).toEqual(['writer', 'writer']);
		const { acls } = await stateOf(desk());
		expect(acls.map(({ privilege }) => privilege)).toEqual(['writer', 'writer']);
	});

	it.each<[string, string, () => INodeParameters]>([
		['an event', '*/events', () => create()],
		[
			'a subscription calendar',
			'*/subscribedCalendars',
			() => ({
				resource: 'subscriptionCalendar',
				operation: 'create',
				user: desk().people[0].unionId,
				scopePeople: desk().people[1].unionId,
			}),
		],
		[
			'a CalDAV account',
			'*/caldavAccounts',
			() => ({ resource: 'calendar', operation: 'createCaldavAccount', user: desk().people[0].unionId }),
		],
	])('does not create %s once more whose name was changed after it was created', async (_, path, parameters) => {
		const named = (name: string) => ({
			parameters: { ...parameters(), summary: name, name, device: name },
			items: rows('A', 'B'),
		});
		await refuse(path, 2);
		const { run } = await desk().runNode(named('={{ $json.title }}'));
		expect(errorOf(run)?.message).toContain('[Item 1]');
		const { run: again, items } = await desk().runNode({ ...named('={{ $json.title + 2 }}'), retryOf: run });
		expect(errorOf(again)).toBeUndefined();
		const said = items.map(({ summary, name }) => summary ?? name);
		expect(said).toEqual(path === '*/caldavAccounts' ? [undefined, undefined] : ['A', 'B2']);
		const sent = (await callsOf(desk())).filter(({ method }) => method === 'POST');
		const names = sent.map(({ body }) => {
			const { summary, name, device } = body as IDataObject;
			return summary ?? name ?? device;
		});
		expect(names).toEqual(['A', 'B', 'B2']);
	});

	it.each(['in the same process', 'in another process'])(
		'creates nothing twice after lost responses %s',
		async (where) => {
			await lose('*/events', 2, 3);
			const { run } = await desk().runNode(failing());
			expect(errorOf(run)?.message).toContain('[Item 1]');
			expect(await titles()).toEqual(['A', 'B']);
			const { engine, credential } = where === 'in another process' ? await desk().anotherProcess() : desk();
			const again = await engine.runNode({ ...failing(), credential, timezone: 'Asia/Shanghai', retryOf: run });
			expect(errorOf(again)).toBeUndefined();
			expect(outputOf(again, TESTED_NODE).map(({ summary }) => summary)).toEqual(['A', 'B', 'C']);
			expect(await titles()).toEqual(['A', 'B', 'C']);
			if (engine !== desk().engine) await engine.stop();
		},
	);
});

describe('The same execution', () => {
	it('with another account does everything there', async () => {
		const run = { parameters: create(), items: rows('A'), executionId: 'account' };
		await desk().runNode(run);
		const data = { ...desk().engine.credentials.peek(desk().credential), clientId: 'sim-thirdparty', corpId: '' };
		const { corpId } = desk().simulator.world.company;
		const credential = desk().engine.addCredential({
			type: 'dingTalkCalendarApi',
			data: { ...data, appType: 'thirdParty', corpId, suiteTicket: 'ticket' },
		});
		await desk().runNode({ ...run, credential });
		expect(await callsOf(desk())).toHaveLength(2);
	});

	it('with another person who signed in to the same app does everything for that person', async () => {
		const run = { parameters: create({ user: 'me' }), items: rows('A'), executionId: 'person' };
		for (const person of desk().people.slice(0, 2))
			await desk().runNode({ ...run, credential: signedIn(desk(), person) });
		expect(await organizers()).toEqual(
			desk()
				.people.slice(0, 2)
				.map(({ unionId }) => unionId),
		);
	});
});

describe('Two n8n instances', () => {
	it('with the same execution and node create an event each', async () => {
		const { InstanceSettings } = await import('n8n-core');
		const { Container } = await import('@n8n/di');
		const settings = Container.get(InstanceSettings) as unknown as { instanceId: string };
		const { instanceId } = settings;
		try {
			for (const id of ['one', 'two']) {
				settings.instanceId = id;
				await desk().runNode({ parameters: create(), items: rows('Standup'), executionId: '1' });
			}
		} finally {
			settings.instanceId = instanceId;
		}
		expect(await titles()).toEqual(['Standup', 'Standup']);
	});
});

describe('An idempotency key', () => {
	const keyed = (parameters: INodeParameters): INodeParameters => ({
		...parameters,
		runOptions: { idempotencyKey: 'order-1' },
	});
	const event = (eventId: string): INodeParameters => ({
		user: { __rl: true, mode: 'auto', value: desk().people[0].unionId },
		eventId: { __rl: true, mode: 'id', value: eventId },
	});

	it('does not keep a later update from being sent', async () => {
		const eventId = plant(desk(), desk().people[0]);
		for (const summary of ['A', 'B', 'A']) {
			const { items } = await desk().runNode({
				parameters: keyed({ resource: 'event', operation: 'update', ...event(eventId), updateFields: { summary } }),
			});
			expect(items).toMatchObject([{ summary }]);
			expect(await titles()).toEqual([summary]);
		}
	});

	it('does not keep a later response from being sent', async () => {
		const [host, anna] = desk().people;
		const eventId = plant(desk(), host, { attendees: [{ id: anna.unionId }] });
		for (const responseStatus of ['accepted', 'declined', 'accepted']) {
			await desk().runNode({
				parameters: keyed({
					resource: 'response',
					operation: 'set',
					...event(eventId),
					user: { __rl: true, mode: 'auto', value: anna.unionId },
					responseStatus,
				}),
			});
			const { attendees } = await rememberedEvent(desk(), eventId);
			expect(attendees.find(({ unionId }) => unionId === anna.unionId)?.responseStatus).toBe(responseStatus);
		}
	});

	it('does not keep a later sync from being sent', async () => {
		const [host, anna, ben] = desk().people;
		const eventId = plant(desk(), host);
		for (const attendee of [anna, ben, anna]) {
			await desk().runNode({
				parameters: keyed({ resource: 'attendee', operation: 'sync', ...event(eventId), attendees: attendee.unionId }),
			});
			expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual([attendee.unionId]);
		}
	});

	it('does not keep a later Create or Update from being sent', async () => {
		for (const summary of ['A', 'B', 'A']) {
			const { items } = await desk().runNode({
				parameters: keyed({ ...create({ summary }), operation: 'upsert', externalKey: 'ORDER-1' }),
			});
			expect(items).toHaveLength(1);
			expect(await titles()).toEqual([summary]);
		}
	});

	it.each(['create', 'upsert'])(
		'is another one for each person who signed in to the same app (%s)',
		async (operation) => {
			const parameters = keyed({ ...create({ summary: 'A', user: 'me' }), operation, externalKey: 'ORDER-1' });
			for (const person of desk().people.slice(0, 2))
				await desk().runNode({ parameters, credential: signedIn(desk(), person) });
			expect(await organizers()).toEqual(
				desk()
					.people.slice(0, 2)
					.map(({ unionId }) => unionId),
			);
		},
	);

	it('creates an event again after it was deleted', async () => {
		const first = await desk().runNode({ parameters: keyed(create({ summary: 'A' })) });
		await desk().runNode({
			parameters: { resource: 'event', operation: 'delete', ...event(String(first.items[0].id)) },
		});
		const { items } = await desk().runNode({ parameters: keyed(create({ summary: 'A' })) });
		expect(items[0].id).not.toBe(first.items[0].id);
	});

	it('creates an event that was deleted after the response to its creation was lost', async () => {
		await lose('*/events', 1, 3);
		const first = await desk().runNode({ parameters: keyed(create({ summary: 'A' })) });
		expect(errorOf(first.run)).toBeDefined();
		const [{ id }] = await remembered(desk());
		await desk().runNode({ parameters: { resource: 'event', operation: 'delete', ...event(id) } });
		const { items } = await desk().runNode({ parameters: keyed(create({ summary: 'A' })) });
		expect(items[0].id).not.toBe(id);
		expect((await remembered(desk())).map(({ status }) => status).sort()).toEqual(['cancelled', 'confirmed']);
	});

	it('creates no second event after an attendee has removed it from their own calendar', async () => {
		const [, anna] = desk().people;
		const parameters = keyed(create({ summary: 'A', additionalFields: { attendees: anna.unionId } }));
		const { items } = await desk().runNode({ parameters });
		const user = { __rl: true, mode: 'auto', value: anna.unionId };
		await desk().runNode({
			parameters: { resource: 'event', operation: 'delete', ...event(String(items[0].id)), user },
		});
		await desk().runNode({ parameters });
		expect(await titles()).toEqual(['A']);
	});

	it('creates an event again after the organizer to whom it was transferred has deleted it', async () => {
		const [, anna] = desk().people;
		const parameters = keyed(create({ summary: 'A' }));
		const { items } = await desk().runNode({ parameters });
		const target = event(String(items[0].id));
		const user = { __rl: true, mode: 'auto', value: anna.unionId };
		await desk().runNode({ parameters: { resource: 'event', operation: 'transfer', ...target, newOrganizer: user } });
		await desk().runNode({ parameters: { resource: 'event', operation: 'delete', ...target, user } });
		await desk().runNode({ parameters });
		expect((await remembered(desk())).map(({ status }) => status).sort()).toEqual(['cancelled', 'confirmed']);
	});

	it('answers from memory what was created under it, so that resuming after the daily limit costs few calls', async () => {
		await desk().control('limits', { eventsPerDay: 100 });
		const parameters = create({ runOptions: { idempotencyKey: '={{ $json.title }}' } });
		const items = Array.from({ length: 150 }, (_, number) => ({ title: `Row ${number}` }));
		const metered = async (run: () => Promise<{ run: IRun }>): Promise<number> => {
			const before = (await desk().recorder.summary()).metered;
			await run();
			return (await desk().recorder.summary()).metered - before;
		};
		const first = await metered(async () => await desk().runNode({ parameters, items }));
		await desk().control('clock', { advanceMs: 17 * 3_600_000 });
		const second = await metered(async () => await desk().runNode({ parameters, items }));
		expect(await remembered(desk())).toHaveLength(150);
		expect(second).toBe(50);
		expect(first + second).toBeLessThanOrEqual(160);
	});
});

describe('Items about one event', () => {
	it('keep their order when the first succeeds only in a later try', async () => {
		const id = plant(desk(), desk().people[0]);
		await refuse('*/events/*', 1, 400, 'PUT');
		const { items } = await desk().runNode({
			parameters: {
				...{ resource: 'event', operation: 'update', eventId: id, updateFields: { summary: '={{ $json.title }}' } },
				user: { __rl: true, mode: 'auto', value: desk().people[0].unionId },
			},
			items: rows('First', 'Last'),
			...{ ...RETRY, onError: 'continueRegularOutput' },
		});
		expect(items.map(({ summary }) => summary)).toEqual(['First', 'Last']);
		expect(await rememberedEvent(desk(), id)).toMatchObject({ summary: 'Last' });
	});

	const retried = async (parameters: INodeParameters, items: IDataObject[]) =>
		await desk().runNode({ parameters, items, onError: 'continueRegularOutput', ...RETRY });
	const others = () => desk().people.slice(1, 4);
	const SERIES = { pattern: { type: 'daily', interval: 1 }, range: { type: 'numbered', numberOfOccurrences: 3 } };
	const scene = (more: IDataObject = {}): INodeParameters => {
		const [host] = desk().people;
		const eventId = plant(desk(), host, { attendees: others().map(({ unionId }) => ({ id: unionId })), ...more });
		return {
			user: { __rl: true, mode: 'auto', value: host.unionId },
			eventId: { __rl: true, mode: 'id', value: eventId },
		};
	};

	it.each<[string, string, INodeParameters]>([
		['response', 'set', { user: '={{ $json.person }}', responseStatus: 'accepted' }],
		['accessControl', 'create', { grantee: '={{ $json.person }}', privilege: 'reader' }],
		['attendee', 'add', { attendees: '={{ $json.person }}' }],
		['attendee', 'remove', { attendees: '={{ $json.person }}' }],
		['meetingRoom', 'book', { rooms: '={{ $json.room }}', options: { readOutcome: false } }],
		['meetingRoom', 'respond', { roomId: '={{ $json.room }}', responseStatus: 'accepted' }],
		['checkIn', 'checkIn', { user: '={{ $json.person }}' }],
		['checkIn', 'checkOut', { user: '={{ $json.person }}' }],
	])(
		'are not done anew for other people or rooms when the first succeeds only later (%s: %s)',
		async (resource, operation, more) => {
			const { rooms } = desk().simulator.world.company;
			const target = scene();
			const items = others().map(({ unionId }, number) => ({ person: unionId, room: rooms[number].roomId }));
			if (operation === 'respond')
				await desk().runNode({
					parameters: {
						resource,
						operation: 'book',
						...target,
						rooms: items.map(({ room }) => room).join(),
						options: { readOutcome: false },
					},
				});
			await desk().recorder.clear();
			await refuse('*/primary/*', 1);
			await retried({ resource, operation, ...target, ...more }, items);
			expect(await writes()).toHaveLength(4);
		},
	);

	it.each(['delete', 'cancel'])('are not done anew for other dates of a series (%s)', async (operation) => {
		const target = scene({ recurrence: SERIES });
		await refuse('*/events/*', 1, 400, operation === 'delete' ? 'DELETE' : 'POST');
		const dates = ['2026-03-03', '2026-03-04', '2026-03-05'];
		const { items } = await retried(
			{ resource: 'event', operation, ...target, applyTo: 'thisEvent', occurrenceDate: '={{ $json.date }}' },
			dates.map((date) => ({ date })),
		);
		expect(items.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
		expect(await writes()).toHaveLength(4);
	});

	it.each([
		['the same form', 'unionId'],
		['another form', 'mobile'],
	] as const)('are done anew for the same person in %s, so that the last response counts', async (_, form) => {
		const [anna] = others();
		await refuse('*/respond', 1);
		const target = scene();
		await retried(
			{
				resource: 'response',
				operation: 'set',
				...target,
				user: '={{ $json.person }}',
				responseStatus: '={{ $json.answer }}',
			},
			[
				{ person: anna.unionId, answer: 'accepted' },
				{ person: anna[form], answer: 'declined' },
			],
		);
		const [{ attendees }] = await remembered(desk());
		expect(attendees.find(({ unionId }) => unionId === anna.unionId)).toMatchObject({ responseStatus: 'declined' });
	});
});
