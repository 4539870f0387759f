import type { INodeParameters } from 'n8n-workflow';

import { CalendarStore } from '../simulator/calendar/store';
import { TokenStore } from '../simulator/tokens';
import { errorOf, storedTextOf } from './harness';
import type { CredentialReference } from './harness';
import { callsOf, guestsOf, plant, remembered, rememberedEvent } from './support/events';
import { useDesk } from './support/setup';

/** How long is waited is tested where the client is tested alone; here only how often is tried. */
jest.mock('n8n-workflow', () => {
	const n8n = jest.requireActual<typeof import('n8n-workflow')>('n8n-workflow');
	return { ...n8n, sleep: async () => await n8n.sleep(1) };
});

const desk = useDesk();

const locator = (value: string, mode = 'auto') => ({ __rl: true, mode, value });

/** The kinds of call that a fault can meet: reading an event, inviting somebody who must be looked up, creating. */
type Doing = 'read' | 'invite' | 'create';

interface Scene {
	eventId: string;
	parameters: INodeParameters;
}

function scene(doing: Doing): Scene {
	const [host, anna] = desk().people;
	const eventId = plant(desk(), host);
	const user = locator(host.unionId);
	const parameters: Record<Doing, INodeParameters> = {
		read: { resource: 'event', operation: 'get', user, eventId: locator(eventId, 'id') },
		invite: { resource: 'attendee', operation: 'add', user, eventId: locator(eventId, 'id'), attendees: anna.userId },
		create: {
			resource: 'event',
			operation: 'create',
			user,
			summary: 'Meeting',
			start: '2026-03-03T10:00',
			end: '2026-03-03T11:00',
		},
	};
	return { eventId, parameters: parameters[doing] };
}

const PATHS: Record<Doing, RegExp> = { read: /\/events\/[^/]+$/, invite: /\/attendees$/, create: /\/events$/ };

/** Runs what is done and looks at everything that an error may say, and at everything that it may not. */
async function failure({ parameters }: Scene, doing: Doing, credential?: CredentialReference) {
	// DingTalk gives the same token again, so this is the one that the node gets.
	const token = desk().simulator.world.use(TokenStore).appToken('sim-internal').value;
	const { run } = await desk().runNode(credential ? { parameters, credential } : { parameters });
	const stored = storedTextOf(run);
	expect(stored).not.toContain(token);
	expect(stored).not.toContain('sim-secret');
	for (const { mobile } of desk().people) expect(stored).not.toContain(mobile);
	const error = errorOf(run);
	return {
		message: error?.message,
		description: error?.description ?? '',
		item: error?.context?.itemIndex,
		calls: (await callsOf(desk())).filter(({ path }) => PATHS[doing].test(path)).length,
	};
}

const REQUEST_ID = '[0-9A-F-]{36}';
const status = (code: number, name: string, message = '说明') => ({ do: 'status', status: code, code: name, message });

interface Row {
	says: string;
	doing: Doing;
	fault: object;
	message: string;
	/** What is to be done comes first, what DingTalk said last. */
	advice: string;
	evidence: string;
	calls: number;
}

const FAULTS: Row[] = [
	{
		says: 'a value that DingTalk does not name',
		doing: 'create',
		fault: status(400, 'invalidParameter', 'forwardErrorMessage'),
		message: 'DingTalk could not create the event because it does not accept one of the values',
		advice: 'DingTalk does not say which',
		evidence: `HTTP 400, code invalidParameter, "forwardErrorMessage", request ID ${REQUEST_ID}`,
		calls: 1,
	},
	{
		says: 'a value that DingTalk names',
		doing: 'create',
		fault: status(400, 'invalidParameter', 'Event summary cannot be blank'),
		message: 'DingTalk could not create the event: Event summary cannot be blank',
		advice: 'Correct the value named in the message',
		evidence: 'HTTP 400, code invalidParameter, "Event summary cannot be blank"',
		calls: 1,
	},
	{
		says: 'too many calls a second',
		doing: 'read',
		fault: { do: 'throttleQps' },
		message: 'DingTalk is rejecting calls because there were too many at once',
		advice: 'Try again in a few seconds',
		evidence: 'HTTP 403, code Forbidden.AccessDenied.QpsLimitForAppkeyAndApi',
		calls: 7,
	},
	{
		says: 'too many calls a minute',
		doing: 'invite',
		fault: { do: 'throttleQpm' },
		message: 'DingTalk is rejecting calls for up to a minute because there were too many',
		advice: 'Try again in a minute',
		evidence: 'HTTP 403, code Forbidden.AccessDenied.QpmLimitForAppkeyAndApi',
		calls: 6,
	},
	{
		says: 'too many calls, as a status',
		doing: 'read',
		fault: status(429, 'TooManyRequests'),
		message: 'DingTalk is rejecting calls because there were too many at once',
		advice: 'Try again in a few seconds',
		evidence: 'HTTP 429',
		calls: 7,
	},
	{
		says: 'a network address that is not on the list',
		doing: 'read',
		fault: status(403, 'Forbidden.AccessDenied.IpNotInWhiteList'),
		message: "DingTalk rejects calls from this server's IP address",
		advice: "Add the public IP address of your n8n server to the app's IP allowlist",
		evidence: 'HTTP 403, code Forbidden.AccessDenied.IpNotInWhiteList',
		calls: 1,
	},
	{
		says: 'a page of a gateway that is down',
		doing: 'read',
		fault: { do: 'html', status: 502 },
		message: 'Received a web page instead of a response from DingTalk',
		advice: 'Try again in a few minutes',
		evidence: 'HTTP 502',
		calls: 3,
	},
	{
		says: 'a page that keeps a network address out',
		doing: 'read',
		fault: { do: 'html', status: 403 },
		message:
			"Received a web page instead of a response; a proxy may have sent it, or DingTalk may have blocked this server's IP address for a few minutes",
		advice: 'Wait five minutes',
		evidence: 'HTTP 403',
		calls: 1,
	},
	{
		says: 'a ban',
		doing: 'invite',
		fault: { do: 'banned' },
		message: "DingTalk has blocked this server's IP address for about five minutes because there were too many calls",
		advice: 'Wait five minutes',
		evidence: 'HTTP 403, code 1111',
		calls: 1,
	},
	...[
		[400, 'system.error'],
		[500, 'unknownError'],
		[502, 'BadGateway'],
		[503, 'ServiceUnavailable'],
	].map(([code, name]): Row => ({
		says: `a fault of DingTalk's own, ${code} ${name}`,
		doing: code === 500 ? 'create' : 'read',
		fault: status(Number(code), String(name)),
		message: 'DingTalk reported an internal error',
		advice: 'Try again in a few minutes',
		evidence: `HTTP ${code}, code ${name}, "说明", request ID ${REQUEST_ID}`,
		calls: 3,
	})),
	{
		says: 'half an answer',
		doing: 'read',
		fault: { do: 'truncate' },
		message: "DingTalk's response was incomplete or empty",
		advice: 'Try again in a few minutes',
		evidence: 'HTTP 200',
		calls: 3,
	},
	{
		says: 'no answer where one is needed',
		doing: 'create',
		fault: { do: 'emptyBody' },
		message: "DingTalk's response was incomplete or empty",
		advice: 'Try again in a few minutes. The change may have been made: check in DingTalk before you run this again',
		evidence: 'HTTP 200',
		calls: 3,
	},
	{
		says: 'a request that is still running',
		doing: 'create',
		fault: status(400, 'idempotencyProcessing'),
		message: 'DingTalk is still processing the same request',
		advice: 'Wait a moment and check the calendar',
		evidence: 'HTTP 400, code idempotencyProcessing',
		calls: 10,
	},
	{
		says: 'a token that was taken back, although DingTalk still hands it out',
		doing: 'read',
		fault: { do: 'revokeToken' },
		message: 'DingTalk does not accept the access token, not even a new one',
		advice: 'Test the credential',
		evidence: 'HTTP 400, code InvalidAuthentication',
		calls: 2,
	},
];

const methodOf = (doing: Doing): string => (doing === 'read' ? 'GET' : 'POST');

/** The route that a fault is to meet. */
const routeOf = (doing: Doing): string => ({ read: '*/events/*', invite: '*/attendees', create: '*/events' })[doing];

const arm = async (doing: Doing, fault: object, times?: number): Promise<void> =>
	await desk().control('faults', {
		match: { method: methodOf(doing), path: routeOf(doing), ...(times ? { times } : {}) },
		...fault,
	});

describe('an error tells a layman what happened and what to do, and support what DingTalk said', () => {
	it.each(FAULTS)('$says', async ({ doing, fault, message, advice, evidence, calls }) => {
		await arm(doing, fault);
		const failed = await failure(scene(doing), doing);
		expect(failed).toMatchObject({ message: `${message} [Item 0]`, item: 0, calls });
		expect(failed.description).toMatch(new RegExp(`^${advice}.*\\. DingTalk answered: ${evidence}`));
	});

	it.each([
		['instanceNotExist', 'This event or occurrence no longer exists; it may have been deleted'],
		[
			'itemNotFound',
			'There is no such event in this calendar; it may have been deleted, or it belongs to someone else',
		],
	])('an event that was deleted, which DingTalk calls %s', async (getDeleted, message) => {
		await desk().control('switches', { getDeleted });
		const deleted = scene('read');
		const store = desk().simulator.world.use(CalendarStore);
		const event = store.byId(deleted.eventId);
		if (event) store.cancel(event, desk().people[0].unionId);
		const failed = await failure(deleted, 'read');
		expect(failed).toMatchObject({ message: `${message} [Item 0]`, calls: 1 });
		expect(failed.description).toMatch(
			/^Check the event ID and whose calendar is selected\. .* DingTalk answered: HTTP 404, code /,
		);
	});

	it('a permission that is not ticked, by its name', async () => {
		const readOnly = desk().engine.addCredential({
			type: 'dingTalkCalendarApi',
			data: { region: 'custom', baseUrl: desk().simulator.url, clientId: 'sim-readonly', clientSecret: 'sim-secret' },
		});
		const failed = await failure(scene('create'), 'create', readOnly);
		expect(failed).toMatchObject({
			message: 'Your DingTalk app is not allowed to create the event [Item 0]',
			calls: 1,
		});
		expect(failed.description).toContain(
			'Tick the permission Calendar.Event.Write for your app in the DingTalk developer console',
		);
		expect(failed.description).toContain('code Forbidden.AccessDenied.AccessTokenPermissionDenied');
	});

	it('a month whose calls are used up', async () => {
		await desk().control('limits', { monthlyQuota: 0 });
		const failed = await failure(scene('read'), 'read');
		expect(failed).toMatchObject({
			message: "Your organization has used up this month's DingTalk API calls [Item 0]",
			calls: 1,
		});
		expect(failed.description).toContain('first day of next month');
	});

	it('a day whose events are used up', async () => {
		await desk().control('limits', { eventsPerDay: 0 });
		const failed = await failure(scene('create'), 'create');
		expect(failed).toMatchObject({
			message: 'This organizer has created the 100 events DingTalk allows a day [Item 0]',
			calls: 1,
		});
		expect(failed.description).toMatch(/^Continue tomorrow, .* code flowLimit/);
	});

	it('an organizer outside the range of the app', async () => {
		await desk().control('people', { userId: desk().people[0].userId, outsideScope: true });
		const failed = await failure(scene('create'), 'create');
		expect(failed).toMatchObject({
			message: "This person is outside your DingTalk app's contact range [Item 0]",
			calls: 1,
		});
		expect(failed.description).toContain("Extend the app's contact range");
	});

	it('somebody who may not do this', async () => {
		await desk().control('switches', { updateByNonOrganizer: 'permissionDenied' });
		const [host, anna, ben] = desk().people;
		const eventId = plant(desk(), host, { attendees: [{ id: anna.unionId, isOptional: false }] });
		const parameters = {
			resource: 'attendee',
			operation: 'add',
			user: locator(anna.unionId),
			eventId: locator(eventId, 'id'),
			attendees: ben.unionId,
		};
		const failed = await failure({ eventId, parameters }, 'invite');
		expect(failed).toMatchObject({ message: 'This person is not allowed to add the attendees [Item 0]', calls: 1 });
		expect(failed.description).toContain('usually the organizer or owner');
	});
});

describe('what happens when people are looked up', () => {
	const lookUp = (who: string): INodeParameters => ({ ...scene('read').parameters, user: locator(who) });

	it.each(['number', 'string'])(
		'nobody found is said in words and by name, where the code is a %s',
		async (oldErrcodeType) => {
			await desk().control('switches', { oldErrcodeType });
			const failed = await failure({ eventId: '', parameters: lookUp('9999') }, 'read');
			expect(failed).toMatchObject({
				message:
					"'Person' cannot be used: no one in your organization has this user ID or mobile number: '9999' [Item 0]",
				calls: 0,
			});
			expect(failed.description).toMatch(/DingTalk answered: HTTP 200, code 60121, ".*", request ID \w+/);
		},
	);

	it('a mobile number is not repeated in full', async () => {
		const { run, items } = await desk().runNode({
			parameters: lookUp('+86 199-9999-0000'),
			onError: 'continueRegularOutput',
		});
		expect(errorOf(run)).toBeUndefined();
		expect(items[0].error).toBe(
			"'Person' cannot be used: no one in your organization has this user ID or mobile number: '+86****0000' [Item 0]",
		);
		expect(JSON.stringify(items)).not.toMatch(/199-?9999/);
	});

	it('a missing permission inside the envelope of the old gateway is named', async () => {
		const app = desk().simulator.world.company.apps.find(({ clientId }) => clientId === 'sim-internal');
		await desk().control('apps', {
			clientId: 'sim-internal',
			scopes: app?.scopes.filter((scope) => scope !== 'qyapi_get_member'),
		});
		const failed = await failure({ eventId: '', parameters: lookUp(desk().people[0].userId) }, 'read');
		expect(failed.message).toBe('Your DingTalk app is not allowed to look up the user ID [Item 0]');
		expect(failed.description).toMatch(/^Tick the permission qyapi_get_member for your app.*code 60011/);
	});

	it('somebody outside the range of the app is said to be so', async () => {
		const [, anna] = desk().people;
		await desk().control('people', { userId: anna.userId, outsideScope: true });
		const failed = await failure({ eventId: '', parameters: lookUp(anna.userId) }, 'read');
		expect(failed.message).toBe(
			`'Person' cannot be used: this person is outside your DingTalk app's contact range: '${anna.userId}' [Item 0]`,
		);
		expect(failed.description).toContain('code 50002');
	});

	it.each(['40014', '42001', '88'])(
		'a token that ran out, which the old API calls %s, is replaced without a word',
		async (oldInvalidToken) => {
			await desk().control('switches', { oldInvalidToken });
			await desk().control('faults', { match: { path: '/topapi/v2/user/get', times: 1 }, do: 'expireToken' });
			const { run, items } = await desk().runNode({ parameters: scene('invite').parameters });
			expect(errorOf(run)).toBeUndefined();
			expect(items).toMatchObject([{ added: 1 }]);
			expect((await desk().wire.summary()).token).toBe(2);
		},
	);
});

describe('what passes is tried again', () => {
	it.each<[string, Doing, object, number]>([
		['a moment of too many calls', 'read', { do: 'throttleQps' }, 2],
		['a fault of the server', 'read', status(500, 'unknownError'), 2],
		['a fault of the server while something is written', 'invite', status(503, 'x'), 2],
		['half an answer', 'read', { do: 'truncate' }, 2],
		['an empty answer to a new event', 'create', { do: 'emptyBody' }, 2],
		['a connection that was cut while reading', 'read', { do: 'dropBeforeCommit' }, 2],
		['a connection that was cut before something was written', 'invite', { do: 'dropBeforeCommit' }, 2],
		['a connection that was cut after something was written', 'create', { do: 'dropAfterCommit' }, 2],
		['a token that ran out', 'read', { do: 'expireToken' }, 2],
		['a request that is still running', 'create', status(400, 'idempotencyProcessing'), 2],
	])('%s', async (_, doing, fault, calls) => {
		await arm(doing, fault, 1);
		const { parameters, eventId } = scene(doing);
		const { run, items } = await desk().runNode({ parameters });
		expect(errorOf(run)).toBeUndefined();
		expect(items).toHaveLength(1);
		const made = (await callsOf(desk())).filter(({ path }) => PATHS[doing].test(path));
		expect(made).toHaveLength(calls);
		// Whatever was lost on the way, it was done once.
		expect(await remembered(desk())).toHaveLength(doing === 'create' ? 2 : 1);
		if (doing === 'invite')
			expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual([desk().people[1].unionId]);
	});

	it.each<[string, Doing, object]>([
		['an answer that calls itself a web page', 'read', { do: 'wrongContentType' }],
		['half of an answer that nobody reads', 'invite', { do: 'truncate' }],
	])('but not %s', async (_, doing, fault) => {
		await arm(doing, fault);
		const { run } = await desk().runNode({ parameters: scene(doing).parameters });
		expect(errorOf(run)).toBeUndefined();
		expect((await callsOf(desk())).filter(({ path }) => PATHS[doing].test(path))).toHaveLength(1);
	});
});

describe('a network that fails', () => {
	it.each<[string, Doing]>([
		['dropBeforeCommit', 'read'],
		['dropAfterCommit', 'invite'],
	])('for good (%s) is given up after three tries', async (fault, doing) => {
		await arm(doing, { do: fault });
		const failed = await failure(scene(doing), doing);
		const host = new URL(desk().simulator.url).host;
		expect(failed).toMatchObject({ message: `Could not reach ${host}: the connection was reset [Item 0]`, calls: 3 });
		expect(failed.description).toMatch(/^Check the internet connection of your n8n server.*Network code: ECONNRESET$/);
	});

	it('because nothing listens there says so, in our own words', async () => {
		const nowhere = desk().engine.addCredential({
			type: 'dingTalkCalendarApi',
			data: { region: 'custom', baseUrl: 'http://127.0.0.1:1', clientId: 'sim-internal', clientSecret: 'sim-secret' },
		});
		const failed = await failure(scene('read'), 'read', nowhere);
		expect(failed).toMatchObject({
			message: 'Could not reach 127.0.0.1:1: the connection was refused [Item 0]',
			calls: 0,
		});
		expect(failed.description).toContain("'Region' (or the base URLs) in the credential");
	});
});

describe('an error of one item', () => {
	it('names the item and stops the run, with the earlier ones done', async () => {
		const { parameters, eventId } = scene('read');
		const items = [{ id: eventId }, { id: 'gone' }];
		const { run } = await desk().runNode({
			parameters: { ...parameters, eventId: locator('={{ $json.id }}', 'id') },
			items,
		});
		expect(errorOf(run)?.message).toMatch(/^There is no such event.* \[Item 1\]$/);
		expect(errorOf(run)?.context).toMatchObject({ itemIndex: 1 });
	});

	it('goes on as data where the workflow carries on', async () => {
		const { parameters, eventId } = scene('read');
		const { run, items, pairs } = await desk().runNode({
			parameters: { ...parameters, eventId: locator('={{ $json.id }}', 'id') },
			items: [{ id: 'gone' }, { id: eventId }],
			onError: 'continueRegularOutput',
		});
		expect(errorOf(run)).toBeUndefined();
		expect(items).toEqual([
			{
				error:
					'There is no such event in this calendar; it may have been deleted, or it belongs to someone else [Item 0]',
				message: expect.stringMatching(/^Check the event ID.* DingTalk answered: HTTP 404, code itemNotFound/),
				details: {
					kind: 'missing',
					advice: expect.stringMatching(/^Check the event ID/),
					code: 'itemNotFound',
					text: 'item not found',
					requestId: expect.stringMatching(new RegExp(`^${REQUEST_ID}$`)),
					status: 404,
				},
			},
			expect.objectContaining({ id: eventId }),
		]);
		expect(pairs).toEqual([{ item: 0 }, { item: 1 }]);
	});
});
