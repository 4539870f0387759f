/** Checks what the errors of the nodes say for each kind of failure. */
import type { INodeParameters } from 'n8n-workflow';

import { CalendarStore } from '../simulator/calendar/calendarStore';
import { TokenStore } from '../simulator/tokens';
import { errorOf, storedTextOf } from './harness';
import type { CredentialReference } from './harness';
import { callsOf, guestsOf, plant, remembered, rememberedEvent } from './support/events';
import { useDesk } from './support/setup';

/** How long the client waits is tested with the client alone; here only how often it tries counts. */
const desk = useDesk({ waits: 'skipped' });

const locator = (value: string, mode = 'auto') => ({ __rl: true, mode, value });

/** The kinds of call that a fault can meet: reading an event, inviting a person who must be looked up, creating. */
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

/** What something between n8n and DingTalk answers. */
const foreign = (code: number, body: string) => ({ do: 'status', status: code, body });

/** What comes first where an event may have been created. */
const CREATED_MAYBE =
	"The request to create the event may have been carried out. Look for the event in the organizer's calendar.";

interface Row {
	title: string;
	doing: Doing;
	fault: object;
	message: string;
	/** What is to be done comes first, what DingTalk said last. */
	advice: string;
	evidence: string;
	/** Another program than DingTalk has answered. */
	isForeign?: true;
	calls: number;
}

const FAULTS: Row[] = [
	{
		title: 'an invalid value that DingTalk does not name',
		doing: 'create',
		fault: status(400, 'invalidParameter', 'forwardErrorMessage'),
		message: 'DingTalk could not create the event because it does not accept one of the values',
		advice: 'DingTalk does not say which',
		evidence: `HTTP 400, code invalidParameter, "forwardErrorMessage", request ID ${REQUEST_ID}`,
		calls: 1,
	},
	{
		title: 'an invalid value that DingTalk names',
		doing: 'create',
		fault: status(400, 'invalidParameter', 'Event summary cannot be blank'),
		message: 'DingTalk could not create the event: Event summary cannot be blank',
		advice: 'Correct the value named in the message',
		evidence: 'HTTP 400, code invalidParameter, "Event summary cannot be blank"',
		calls: 1,
	},
	{
		title: 'too many calls per second',
		doing: 'read',
		fault: { do: 'throttleQps' },
		message: 'DingTalk is rejecting calls because there were too many at once',
		advice: 'Try again in a few seconds',
		evidence: 'HTTP 403, code Forbidden.AccessDenied.QpsLimitForAppkeyAndApi',
		calls: 12,
	},
	{
		title: 'too many calls per minute',
		doing: 'invite',
		fault: { do: 'throttleQpm' },
		message: 'DingTalk is rejecting calls for up to a minute because there were too many',
		advice: 'Try again in a minute',
		evidence: 'HTTP 403, code Forbidden.AccessDenied.QpmLimitForAppkeyAndApi',
		calls: 6,
	},
	{
		title: 'HTTP status 429',
		doing: 'read',
		fault: status(429, 'TooManyRequests'),
		message: 'DingTalk is rejecting calls because there were too many at once',
		advice: 'Try again in a few seconds',
		evidence: 'HTTP 429',
		calls: 12,
	},
	{
		title: 'an IP address that is not on the allowlist',
		doing: 'read',
		fault: status(403, 'Forbidden.AccessDenied.IpNotInWhiteList'),
		message: "DingTalk rejects calls from this server's IP address",
		advice: "Add the public IP address of your n8n server to the app's IP allowlist",
		evidence: 'HTTP 403, code Forbidden.AccessDenied.IpNotInWhiteList',
		calls: 1,
	},
	{
		title: 'the error page of a gateway',
		doing: 'read',
		fault: { do: 'html', status: 502 },
		message: 'A gateway between n8n and DingTalk answered in place of DingTalk',
		advice: 'Try again in a few minutes. If the error persists, check the proxy',
		isForeign: true,
		evidence: 'HTTP 502',
		calls: 3,
	},
	{
		title: 'the plain text of a gateway',
		doing: 'read',
		fault: { do: 'status', status: 504, body: 'upstream request timeout' },
		message: 'A gateway between n8n and DingTalk answered in place of DingTalk',
		advice: 'Try again in a few minutes. If the error persists, check the proxy',
		isForeign: true,
		evidence: 'HTTP 504, "upstream request timeout"',
		calls: 3,
	},
	{
		title: 'the error page of a blocked IP address',
		doing: 'read',
		fault: { do: 'html', status: 403 },
		message:
			"Received a web page instead of a response; a proxy may have sent it, or DingTalk may have blocked this server's IP address for a few minutes",
		advice: 'Check any proxy between n8n and DingTalk. If there is none, wait five minutes',
		isForeign: true,
		evidence: 'HTTP 403',
		calls: 3,
	},
	{
		title: 'a web page with status 200',
		doing: 'read',
		fault: { do: 'html', status: 200 },
		message:
			"Received a web page instead of a response; a proxy may have sent it, or DingTalk may have blocked this server's IP address for a few minutes",
		advice: 'Check any proxy between n8n and DingTalk',
		isForeign: true,
		evidence: 'HTTP 200',
		calls: 3,
	},
	{
		title: 'a request that is too large for a proxy',
		doing: 'create',
		fault: foreign(413, 'Payload Too Large'),
		message: 'The request is too large for DingTalk or for a proxy in front of it',
		advice: 'Send less at once: shorten the description, or split the list of people',
		isForeign: true,
		evidence: 'HTTP 413, "Payload Too Large"',
		calls: 1,
	},
	{
		title: 'a request that times out on the way, which is retried where safe',
		doing: 'create',
		fault: foreign(408, ''),
		message: 'The request timed out before DingTalk had received all of it',
		advice: `${CREATED_MAYBE} Try again in a few minutes`,
		isForeign: true,
		evidence: 'HTTP 408',
		calls: 3,
	},
	{
		title: 'a redirect',
		doing: 'read',
		fault: foreign(302, ''),
		message: 'The call was redirected to another address; DingTalk does not do that',
		advice: "Check 'Region' and the base URLs in the credential, and any proxy between n8n and DingTalk",
		isForeign: true,
		evidence: 'HTTP 302',
		calls: 1,
	},
	{
		title: 'a proxy that does not know the address',
		doing: 'read',
		fault: foreign(404, '404 page not found'),
		message: 'Nothing answers at this address; the response is not from DingTalk',
		advice: "Check 'Region' and the base URLs in the credential, and any proxy between n8n and DingTalk",
		isForeign: true,
		evidence: 'HTTP 404',
		calls: 1,
	},
	{
		title: 'a proxy that asks for a login',
		doing: 'read',
		fault: foreign(407, ''),
		message: 'The proxy between n8n and DingTalk asks for a login',
		advice: 'Add the user name and password to the proxy settings of your n8n server',
		isForeign: true,
		evidence: 'HTTP 407',
		calls: 1,
	},
	{
		title: 'a message with the prefix of the back end',
		doing: 'read',
		fault: status(400, 'invalidParameter', 'code: 300000, developerMessage: Event does not exist.'),
		message: 'DingTalk could not read the event: Event does not exist.',
		advice: 'Correct the value named in the message',
		evidence: 'HTTP 400, code invalidParameter, "Event does not exist."',
		calls: 1,
	},
	{
		title: 'a proxy that removes the token',
		doing: 'read',
		fault: status(400, 'AuthenticationFailed.MissingParameter', '缺少参数：x-acs-dingtalk-access-token'),
		message: 'DingTalk received the call without its access token',
		advice: 'A proxy between n8n and DingTalk removes it',
		evidence: 'HTTP 400, code AuthenticationFailed.MissingParameter',
		calls: 1,
	},
	{
		title: 'a temporary ban',
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
		title: `a fault of DingTalk's own, ${code} ${name}`,
		doing: code === 500 ? 'create' : 'read',
		fault: status(Number(code), String(name)),
		message: 'DingTalk reported an internal error',
		advice: `${code === 500 ? `${CREATED_MAYBE} ` : ''}Try again in a few minutes`,
		evidence: `HTTP ${code}, code ${name}, "说明", request ID ${REQUEST_ID}`,
		calls: 3,
	})),
	{
		title: 'a truncated response',
		doing: 'read',
		fault: { do: 'truncate' },
		message: "DingTalk's response was incomplete or empty",
		advice: 'Try again in a few minutes',
		evidence: 'HTTP 200',
		calls: 3,
	},
	{
		title: 'an empty response to a write that needs one',
		doing: 'create',
		fault: { do: 'emptyBody' },
		message: "DingTalk's response was incomplete or empty",
		advice: `${CREATED_MAYBE} Try again`,
		evidence: 'HTTP 200',
		calls: 3,
	},
	{
		title: 'an empty object in response to a write that needs an ID',
		doing: 'create',
		fault: foreign(200, '{}'),
		message: "DingTalk's response was incomplete or empty",
		advice: `${CREATED_MAYBE} Try again`,
		evidence: 'HTTP 200',
		calls: 3,
	},
	{
		title: 'a request that is still being processed',
		doing: 'create',
		fault: status(400, 'idempotencyProcessing'),
		message: 'DingTalk is still processing the same request',
		advice: `${CREATED_MAYBE} Wait a moment and check the calendar`,
		evidence: 'HTTP 400, code idempotencyProcessing',
		calls: 5,
	},
	{
		title: 'a revoked token that DingTalk keeps issuing',
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

describe('An error says what happened, what to do and what DingTalk answered', () => {
	it.each(FAULTS)('for $title', async ({ doing, fault, message, advice, evidence, isForeign, calls }) => {
		await arm(doing, fault);
		const failed = await failure(scene(doing), doing);
		expect(failed).toMatchObject({ message: `${message} [Item 0]`, item: 0, calls });
		expect(failed.description).toMatch(
			new RegExp(`^${advice}.*\\. ${isForeign ? 'Received' : 'DingTalk answered'}: ${evidence}`),
		);
	});

	it.each([
		['instanceNotExist', 'This event or occurrence no longer exists; it may have been deleted'],
		[
			'itemNotFound',
			'There is no such event in this calendar; it may have been deleted, or it belongs to someone else',
		],
	])('for a deleted event (code %s)', async (getDeleted, message) => {
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

	it('for a missing permission, with its name', async () => {
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
			'Select the permission Calendar.Event.Write for your app in the DingTalk developer console',
		);
		expect(failed.description).toContain('code Forbidden.AccessDenied.AccessTokenPermissionDenied');
	});

	it('for a used-up monthly quota', async () => {
		await desk().control('limits', { monthlyQuota: 0 });
		const failed = await failure(scene('read'), 'read');
		expect(failed).toMatchObject({
			message: "Your organization has used up this month's DingTalk API calls [Item 0]",
			calls: 1,
		});
		expect(failed.description).toContain('first day of next month');
	});

	it('for the daily limit of events', async () => {
		await desk().control('limits', { eventsPerDay: 0 });
		const failed = await failure(scene('create'), 'create');
		expect(failed).toMatchObject({
			message: 'This organizer has created the 100 events DingTalk allows a day [Item 0]',
			calls: 1,
		});
		expect(failed.description).toMatch(/^Continue tomorrow, .* code flowLimit/);
	});

	it("for an organizer outside the app's range", async () => {
		await desk().control('people', { userId: desk().people[0].userId, outsideScope: true });
		const failed = await failure(scene('create'), 'create');
		expect(failed).toMatchObject({
			message: "This person is outside your DingTalk app's contact range [Item 0]",
			calls: 1,
		});
		expect(failed.description).toContain("Extend the app's contact range");
	});

	it('for a user who is not allowed to do this', async () => {
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

describe('A lookup of people', () => {
	const lookUp = (who: string): INodeParameters => ({ ...scene('read').parameters, user: locator(who) });

	it.each(['number', 'string'])('reports that no one was found when the error code is a %s', async (oldErrcodeType) => {
		await desk().control('switches', { oldErrcodeType });
		const failed = await failure({ eventId: '', parameters: lookUp('9999') }, 'read');
		expect(failed).toMatchObject({
			message:
				"'Person' cannot be used: no one in your organization has this user ID or mobile number: '9999' [Item 0]",
			calls: 0,
		});
		expect(failed.description).toMatch(/DingTalk answered: HTTP 200, code 60121, ".*", request ID \w+/);
	});

	it('repeats a mobile number in an error as it was typed, so that the wrong digit can be found', async () => {
		const { run, items } = await desk().runNode({
			parameters: lookUp('+86 199-9999-0000'),
			onError: 'continueRegularOutput',
		});
		expect(errorOf(run)).toBeUndefined();
		expect(items[0].error).toBe(
			"'Person' cannot be used: no one in your organization has this user ID or mobile number: '+86 199-9999-0000' [Item 0]",
		);
	});

	it('names a missing permission that the old API reports', async () => {
		const app = desk().simulator.world.company.apps.find(({ clientId }) => clientId === 'sim-internal');
		await desk().control('apps', {
			clientId: 'sim-internal',
			scopes: app?.scopes.filter((scope) => scope !== 'qyapi_get_member'),
		});
		const failed = await failure({ eventId: '', parameters: lookUp(desk().people[0].userId) }, 'read');
		expect(failed.message).toBe('Your DingTalk app is not allowed to look up the user ID [Item 0]');
		expect(failed.description).toMatch(/^Select the permission qyapi_get_member for your app.*code 60011/);
	});

	it("reports a user outside the app's range", async () => {
		const [, anna] = desk().people;
		await desk().control('people', { userId: anna.userId, outsideScope: true });
		const failed = await failure({ eventId: '', parameters: lookUp(anna.userId) }, 'read');
		expect(failed.message).toBe(
			`'Person' cannot be used: this person is outside your DingTalk app's contact range: '${anna.userId}' [Item 0]`,
		);
		expect(failed.description).toContain('code 50002');
	});

	it.each(['40014', '42001', '88'])(
		'replaces an expired token that the old API reports as %s',
		async (oldInvalidToken) => {
			await desk().control('switches', { oldInvalidToken });
			await desk().control('faults', { match: { path: '/topapi/v2/user/get', times: 1 }, do: 'expireToken' });
			const { run, items } = await desk().runNode({ parameters: scene('invite').parameters });
			expect(errorOf(run)).toBeUndefined();
			expect(items).toMatchObject([{ added: 1 }]);
			expect((await desk().recorder.summary()).token).toBe(2);
		},
	);
});

describe('A temporary error', () => {
	it.each<[string, Doing, object, number]>([
		['too many calls per second', 'read', { do: 'throttleQps' }, 2],
		['a server error', 'read', status(500, 'unknownError'), 2],
		['a server error during a write', 'invite', status(503, 'x'), 2],
		['a truncated response', 'read', { do: 'truncate' }, 2],
		['an empty response to a new event', 'create', { do: 'emptyBody' }, 2],
		['a dropped connection during a read', 'read', { do: 'dropBeforeCommit' }, 2],
		['a connection dropped before a write took effect', 'invite', { do: 'dropBeforeCommit' }, 2],
		['a connection dropped after a write took effect', 'create', { do: 'dropAfterCommit' }, 2],
		['an expired token', 'read', { do: 'expireToken' }, 2],
		['a request that is still being processed', 'create', status(400, 'idempotencyProcessing'), 2],
	])('is retried: %s', async (_, doing, fault, calls) => {
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
		['a JSON response with the content type of a web page', 'read', { do: 'wrongContentType' }],
		['a truncated response that is not needed', 'invite', { do: 'truncate' }],
	])('is not retried when harmless: %s', async (_, doing, fault) => {
		await arm(doing, fault);
		const { run } = await desk().runNode({ parameters: scene(doing).parameters });
		expect(errorOf(run)).toBeUndefined();
		expect((await callsOf(desk())).filter(({ path }) => PATHS[doing].test(path))).toHaveLength(1);
	});
});

describe('A network error', () => {
	it.each<[string, Doing]>([
		['dropBeforeCommit', 'read'],
		['dropAfterCommit', 'invite'],
	])('that persists (%s) fails after three attempts', async (fault, doing) => {
		await arm(doing, { do: fault });
		const failed = await failure(scene(doing), doing);
		const host = new URL(desk().simulator.url).host;
		expect(failed).toMatchObject({ message: `Could not reach ${host}: the connection was reset [Item 0]`, calls: 3 });
		const known =
			doing === 'read' ? '' : 'The request to add the attendees may have been carried out\\. Check in DingTalk\\. ';
		expect(failed.description).toMatch(
			new RegExp(`^${known}Check the internet connection of your n8n server.*Network code: ECONNRESET$`),
		);
	});

	it('because of a refused connection is described by our own message', async () => {
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

describe('An error of one item', () => {
	it('names the item and stops the run after the earlier items', async () => {
		const { parameters, eventId } = scene('read');
		const items = [{ id: eventId }, { id: 'gone' }];
		const { run } = await desk().runNode({
			parameters: { ...parameters, eventId: locator('={{ $json.id }}', 'id') },
			items,
		});
		expect(errorOf(run)?.message).toMatch(/^There is no such event.* \[Item 1\]$/);
		expect(errorOf(run)?.context).toMatchObject({ itemIndex: 1 });
	});

	it('does not keep the other items from being done where it is one web page', async () => {
		const { parameters, eventId } = scene('invite');
		await desk().control('faults', {
			match: { method: 'POST', path: '*/attendees', nth: 1 },
			do: 'html',
			status: 403,
		});
		const { items } = await desk().runNode({
			parameters: { ...parameters, attendees: '={{ $json.who }}' },
			items: desk()
				.people.slice(1, 4)
				.map(({ unionId }) => ({ who: unionId })),
			onError: 'continueRegularOutput',
		});
		expect(items.filter(({ error }) => error !== undefined)).toHaveLength(0);
		expect(guestsOf(await rememberedEvent(desk(), eventId))).toHaveLength(3);
	});

	it('does not keep the other items from being done where its web page stays', async () => {
		const { parameters, eventId } = scene('read');
		const broken = plant(desk(), desk().people[0]);
		await desk().control('faults', { match: { path: `*/events/${broken}` }, do: 'html', status: 200 });
		const { items } = await desk().runNode({
			parameters: { ...parameters, eventId: locator('={{ $json.id }}', 'id') },
			items: [{ id: broken }, { id: eventId }, { id: eventId }],
			onError: 'continueRegularOutput',
		});
		expect(items.map(({ error, id }) => (error ? 'error' : id))).toEqual(['error', eventId, eventId]);
	});

	it('becomes an output item with Continue On Fail', async () => {
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
