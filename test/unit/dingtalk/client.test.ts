import { readAccount } from '../../../lib/dingtalk/account';
import { api, type ApiCall } from '../../../lib/dingtalk/endpoints';
import { DingTalkClient } from '../../../lib/dingtalk/client/client';
import type { CallInput, TransportRequest } from '../../../lib/dingtalk/client/types';
import { DingTalkError, networkError } from '../../../lib/dingtalk/errors/DingTalkError';

type Reply = { status: number; body?: unknown } | Error;

const OK: Reply = { status: 200, body: { id: 'event-1' } };
const refusal = (status: number, code: string): Reply => ({ status, body: { code, message: 'no', requestid: 'R-1' } });
const TOKEN = refusal(400, 'InvalidAuthentication');
const QPS = refusal(403, 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi');
const QPM = refusal(403, 'Forbidden.AccessDenied.QpmLimitForAppkeyAndApi');
const SERVER = refusal(500, 'unknownError');
const RUNNING = refusal(400, 'idempotencyProcessing');
const cut = (): Reply => networkError('api.dingtalk.io', 'ECONNRESET');

const PATH = { userId: 'u', calendarId: 'primary', eventId: 'e' };
const READ: [ApiCall, CallInput] = [api.getEvent, { path: PATH }];
const WRITE: [ApiCall, CallInput] = [api.createEvent, { path: PATH, body: { summary: 'x' }, idempotencyKey: 'once-1' }];
const UNNAMED_WRITE: [ApiCall, CallInput] = [api.createEvent, { path: PATH, body: { summary: 'x' } }];
const LOOK_UP: [ApiCall, CallInput] = [api.userByUserId, { body: { userid: '1' } }];

let apps = 0;

interface Rig {
	client: DingTalkClient;
	sent: Array<TransportRequest & { at: number }>;
	stop: AbortController;
	/** How often the client said that its token was not accepted. */
	refused(): number;
	answerAfter(ms: number): void;
}

/** A client whose every call is answered by the next of these replies, the last of them again and again. */
function clientOf(...replies: Reply[]): Rig {
	const sent: Rig['sent'] = [];
	let refused = 0;
	let delayMs = 0;
	const stop = new AbortController();
	const account = readAccount({ clientId: `app-${++apps}`, clientSecret: 'secret' });
	const client = new DingTalkClient(
		{
			account,
			async send(request) {
				sent.push({ ...request, at: Date.now() });
				const reply = replies[Math.min(sent.length, replies.length) - 1];
				if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
				if (reply instanceof Error) throw reply;
				return await Promise.resolve({ status: reply.status, body: reply.body, rejectToken: () => void refused++ });
			},
		},
		stop.signal,
	);
	return {
		client,
		sent,
		stop,
		refused: () => refused,
		answerAfter(ms) {
			delayMs = ms;
		},
	};
}

/** Lets a call run with all its waits, and says how it went and how long it would have taken. */
async function outcome(
	client: DingTalkClient,
	[call, input]: [ApiCall, CallInput],
): Promise<{ error?: Error; body?: unknown; ms: number }> {
	const from = Date.now();
	let ms = 0;
	const settled = client
		.request(call, input)
		.then(
			(body) => ({ body }),
			(error: Error) => ({ error }),
		)
		.finally(() => {
			ms = Date.now() - from;
		});
	await jest.runAllTimersAsync();
	return { ...(await settled), ms };
}

beforeEach(() => {
	jest.useFakeTimers({ now: Date.parse('2026-03-02T00:00:00Z') });
	jest.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(() => {
	jest.useRealTimers();
	jest.restoreAllMocks();
});

describe('a call that is refused', () => {
	it.each<[string, [ApiCall, CallInput], Reply, number, number]>([
		['for its token once more, in the very next slot', READ, TOKEN, 2, 0],
		['for calls a second seven times, soon at first and then a second later each time', READ, QPS, 7, 15_250],
		['for calls a minute six times, every quarter of a minute', READ, QPM, 6, 75_000],
		['because the same request is still running ten times', WRITE, RUNNING, 10, 9000],
		['by a fault of the server three times where it reads', READ, SERVER, 3, 3000],
		['by a fault of the server three times where its name makes a write safe', WRITE, SERVER, 3, 3000],
		['by a fault of the server three times where it looks people up', LOOK_UP, SERVER, 3, 3000],
		['by a fault of the server only once where a write has no name', UNNAMED_WRITE, SERVER, 1, 0],
		['by a cut connection three times where it reads', READ, cut(), 3, 3000],
		['by a cut connection three times where its name makes a write safe', WRITE, cut(), 3, 3000],
		['by a cut connection only once where a write has no name', UNNAMED_WRITE, cut(), 1, 0],
		['by half an answer three times', READ, { status: 200, body: '{"id": "ev' }, 3, 3000],
		[
			'for want of a permission only once',
			READ,
			refusal(403, 'Forbidden.AccessDenied.AccessTokenPermissionDenied'),
			1,
			0,
		],
		['for the month only once', READ, refusal(403, 'Forbidden.AccessDenied.ApiCountLimitForOrg'), 1, 0],
		['for the day only once', WRITE, refusal(400, 'flowLimit'), 1, 0],
		['for its values only once', WRITE, refusal(400, 'invalidParameter'), 1, 0],
		['for an event that is gone only once', READ, refusal(404, 'itemNotFound'), 1, 0],
		['with a ban only once, which more calls would prolong', READ, { status: 403, body: { status: 1111 } }, 1, 0],
	])('%s', async (_, call, reply, calls, ms) => {
		const { client, sent } = clientOf(reply);
		const { error, ms: took } = await outcome(client, call);
		expect(error).toBeInstanceOf(DingTalkError);
		expect(sent).toHaveLength(calls);
		expect(took).toBe(ms);
		expect(client.usage.retries).toBe(calls - 1);
	});

	it('carries the same body, path and name each time', async () => {
		const { client, sent } = clientOf(SERVER, cut(), OK);
		expect(await outcome(client, WRITE)).toMatchObject({ body: { id: 'event-1' } });
		expect(sent).toHaveLength(3);
		expect(new Set(sent.map((request) => JSON.stringify({ ...request, at: undefined }))).size).toBe(1);
		expect(sent[0]).toMatchObject({
			method: 'POST',
			url: 'https://api.dingtalk.io/v1.0/calendar/users/u/calendars/primary/events',
			body: { summary: 'x' },
			headers: { 'x-client-token': 'once-1' },
		});
	});

	it('asks for a new token only where the token was the reason', async () => {
		const { client, refused } = clientOf(SERVER, QPS, TOKEN, OK);
		await outcome(client, READ);
		expect(refused()).toBe(1);
	});

	it('has its own patience with each kind of trouble', async () => {
		const { client, sent } = clientOf(TOKEN, SERVER, QPS, SERVER, QPS, OK);
		expect((await outcome(client, READ)).error).toBeUndefined();
		expect(sent).toHaveLength(6);
	});

	it('is not tried again after three minutes, however many tries are left', async () => {
		const { client, sent, answerAfter } = clientOf(QPM);
		answerAfter(29_000);
		const { error } = await outcome(client, READ);
		expect(error).toBeInstanceOf(DingTalkError);
		// The sixth would have come after 220 seconds.
		expect(sent.map(({ at }) => at - sent[0].at)).toEqual([0, 44_000, 88_000, 132_000, 176_000]);
	});

	it('spreads its retries by up to a quarter', async () => {
		jest.spyOn(Math, 'random').mockReturnValue(0.999_999);
		const { client } = clientOf(SERVER, OK);
		const { ms } = await outcome(client, READ);
		expect(ms).toBeGreaterThanOrEqual(1249);
		expect(ms).toBeLessThanOrEqual(1250);
	});

	it('is passed on unchanged where it is not DingTalk that refused', async () => {
		const wrong = new Error('The credential has no Client ID');
		const { client, sent } = clientOf(wrong);
		expect((await outcome(client, READ)).error).toBe(wrong);
		expect(sent).toHaveLength(1);
	});
});

describe('a call after the workflow was stopped', () => {
	it('is not made', async () => {
		const { client, sent, stop } = clientOf(OK);
		stop.abort(new Error('stopped'));
		expect((await outcome(client, READ)).error?.message).toBe('stopped');
		expect(sent).toHaveLength(0);
	});

	it('is not repeated', async () => {
		const { client, sent, stop } = clientOf(SERVER);
		setTimeout(() => stop.abort(new Error('stopped')), 500);
		expect((await outcome(client, READ)).error?.message).toBe('stopped');
		expect(sent).toHaveLength(1);
	});
});

describe('a call that waits while the workflow is stopped', () => {
	it('stops waiting at once', async () => {
		const { client, stop } = clientOf(QPM);
		const began = Date.now();
		setTimeout(() => stop.abort(new Error('stopped')), 500);
		const ended = client.request(...READ).then(
			() => undefined,
			(error: Error) => ({ message: error.message, after: Date.now() - began }),
		);
		await jest.runAllTimersAsync();
		expect(await ended).toEqual({ message: 'stopped', after: 500 });
	});
});

describe('a write that DingTalk says it has carried out before', () => {
	const DONE = refusal(409, 'invalidRequest.duplicateClientToken');
	const times = { start: { dateTime: '2026-03-02T10:00:00+08:00' }, end: { dateTime: '2026-03-02T11:00:00+08:00' } };
	const create: [ApiCall, CallInput] = [
		api.createEvent,
		{ path: PATH, body: { summary: 'x', ...times }, idempotencyKey: 'once-1' },
	];
	const listed = (id: string, more: object = {}) => ({ id, summary: 'x', organizer: { id: 'u' }, ...times, ...more });
	const list = (...events: object[]): Reply => ({ status: 200, body: { events } });

	it('is done, where its answer says no more than that', async () => {
		const add: [ApiCall, CallInput] = [api.addAttendees, { path: PATH, body: {}, idempotencyKey: 'once-1' }];
		const { client, sent } = clientOf(cut(), DONE);
		expect((await outcome(client, add)).error).toBeUndefined();
		expect(sent).toHaveLength(2);
	});

	it('is read again where an event was changed', async () => {
		const { client, sent } = clientOf(DONE, { status: 200, body: { id: 'e', summary: 'new' } });
		const change: [ApiCall, CallInput] = [api.updateEvent, { path: PATH, body: {}, idempotencyKey: 'once-1' }];
		expect(await outcome(client, change)).toMatchObject({ body: { id: 'e', summary: 'new' } });
		expect(sent.map(({ method }) => method)).toEqual(['PUT', 'GET']);
	});

	it('is found in the calendar where an event was created', async () => {
		const others = [
			listed('other-title', { summary: 'y' }),
			listed('of-somebody-else', { organizer: { id: 'v' } }),
			listed('earlier', { start: { dateTime: '2026-03-02T09:00:00+08:00' } }),
		];
		const { client, sent } = clientOf(DONE, list(...others, listed('mine')));
		expect(await outcome(client, create)).toMatchObject({ body: { id: 'mine' } });
		expect(sent[1]).toMatchObject({ method: 'GET', query: { timeMin: '2026-03-02T10:00:00+08:00' } });
	});

	it('is found by its series where that was created', async () => {
		const { client } = clientOf(DONE, list(listed('mine_1', { seriesMasterId: 'mine' })));
		expect(await outcome(client, create)).toMatchObject({ body: { id: 'mine' } });
	});

	it.each([
		['none', []],
		['two', [listed('a'), listed('b')]],
	])('is told as an error where %s in the calendar may be it', async (_, events) => {
		const { client } = clientOf(DONE, list(...events));
		expect((await outcome(client, create)).error?.message).toBe('DingTalk has already processed this request');
	});
});

describe('a deletion whose answer was lost', () => {
	const target = { path: { userId: 'u', calendarId: 'primary', aclId: 'a' } };
	const gone = refusal(400, 'invalidParameter');

	it('is done when DingTalk then knows nothing of the thing any more', async () => {
		const { client } = clientOf(cut(), gone);
		expect((await outcome(client, [api.deleteAcl, target])).error?.message).toMatch(/^Could not reach /);
		expect((await outcome(client, [api.deleteAcl, target])).error).toBeUndefined();
		// Only once: whoever asks for it later must be told that it is not there.
		expect((await outcome(client, [api.deleteAcl, target])).error?.message).toMatch(/^DingTalk could not stop sharing/);
	});

	it('is no excuse for another thing that was never there', async () => {
		const { client } = clientOf(cut(), gone);
		await outcome(client, [api.deleteAcl, target]);
		const { error } = await outcome(client, [api.deleteAcl, { path: { ...target.path, aclId: 'b' } }]);
		expect(error?.message).toMatch(/^DingTalk could not stop sharing/);
	});
});

describe('a write without a name that DingTalk would know, whose answer was lost', () => {
	const share = (once: string): [ApiCall, CallInput] => [
		api.createSubscriptionCalendar,
		{ path: PATH, body: {}, idempotencyKey: once },
	];

	it.each([
		['a cut connection', cut()],
		['a fault of the server', SERVER],
	])('by %s is not sent again, not even when n8n tries the node again', async (what, reply) => {
		const { client, sent } = clientOf(reply, OK);
		await outcome(client, share(what));
		const again = clientOf(OK);
		const { error } = await outcome(again.client, share(what));
		expect(error?.message).toBe(
			'An earlier request to create the subscription calendar got no response, so its outcome is unknown',
		);
		expect([sent.length, again.sent.length]).toEqual([1, 0]);
		expect((await outcome(again.client, share(`another after ${what}`))).error).toBeUndefined();
	});

	it('is sent again where nobody was reached, or where it was refused', async () => {
		const { client, sent } = clientOf(
			networkError('api.dingtalk.io', 'ECONNREFUSED'),
			refusal(400, 'invalidParameter'),
			OK,
		);
		await outcome(client, share('refused'));
		await outcome(client, share('refused'));
		expect((await outcome(client, share('refused'))).error).toBeUndefined();
		expect(sent).toHaveLength(3);
	});
});

describe('a limit that is used up', () => {
	const createBy = (userId: string): [ApiCall, CallInput] => [
		api.createEvent,
		{ path: { ...PATH, userId }, idempotencyKey: userId },
	];

	it('of a day spares the same organizer every further creation, and nothing else', async () => {
		const { client, sent } = clientOf(refusal(400, 'flowLimit'), OK);
		await outcome(client, createBy('u'));
		const { error } = await outcome(client, createBy('u'));
		expect((error as DingTalkError).details).toMatchObject({
			kind: 'dayLimit',
			notSent: true,
			resumeAt: '2026-03-03T00:00:00.000+08:00',
		});
		expect(sent).toHaveLength(1);
		expect((await outcome(client, createBy('v'))).error).toBeUndefined();
		expect((await outcome(client, READ)).error).toBeUndefined();
		expect(sent).toHaveLength(3);
	});

	it('of a month spares everything that is metered, and leaves look-ups alone', async () => {
		const { client, sent } = clientOf(refusal(403, 'Forbidden.AccessDenied.ApiCountLimitForOrg'), OK);
		await outcome(client, READ);
		const { error } = await outcome(client, createBy('u'));
		expect((error as DingTalkError).details).toMatchObject({
			kind: 'quota',
			notSent: true,
			resumeAt: '2026-04-01T00:00:00.000+08:00',
		});
		expect(sent).toHaveLength(1);
		expect((await outcome(client, LOOK_UP)).error).toBeUndefined();
	});

	it('by a ban spares everything', async () => {
		const { client, sent } = clientOf({ status: 200, body: { status: 1111, wait: 5 } }, OK);
		await outcome(client, READ);
		const { error } = await outcome(client, LOOK_UP);
		expect((error as DingTalkError).details).toMatchObject({
			kind: 'banned',
			notSent: true,
			resumeAt: '2026-03-02T08:05:00.000+08:00',
		});
		expect(sent).toHaveLength(1);
	});

	it('is met anew by the next run, for it may have been raised meanwhile', async () => {
		const { client, sent } = clientOf(refusal(403, 'Forbidden.AccessDenied.ApiCountLimitForOrg'), OK);
		await outcome(client, READ);
		expect((await outcome(new DingTalkClient(client.transport), READ)).error).toBeUndefined();
		expect(sent).toHaveLength(2);
	});
});

describe('the pace', () => {
	const startsOf = (sent: Array<{ at: number }>): number[] => sent.map(({ at }) => at - sent[0].at);

	it('is at most twenty calls in any second for one app and one call', async () => {
		const { client, sent } = clientOf(OK);
		await Promise.all([
			...Array.from({ length: 65 }, async () => await client.request(...READ)),
			jest.runAllTimersAsync(),
		]);
		const starts = startsOf(sent);
		expect(starts).toHaveLength(65);
		for (const from of starts)
			expect(starts.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(20);
		// And hardly less: nobody waits without need.
		expect(starts[64]).toBeLessThan(3300);
	});

	it('is the same for two clients of one app', async () => {
		const { client, sent } = clientOf(OK);
		const other = new DingTalkClient({
			account: client.account,
			send: async () => await Promise.resolve({ status: 200, body: {}, rejectToken: () => undefined }),
		});
		await Promise.all([
			...Array.from({ length: 20 }, async () => await other.request(...READ)),
			client.request(...READ),
			jest.runAllTimersAsync(),
		]);
		expect(sent[0].at - Date.parse('2026-03-02T00:00:00Z')).toBeGreaterThanOrEqual(1000);
	});

	it('of one call does not hold up another call, nor another app', async () => {
		const { client, sent } = clientOf(OK);
		const other = clientOf(OK);
		await Promise.all([
			...Array.from({ length: 20 }, async () => await client.request(...READ)),
			client.request(...WRITE),
			other.client.request(...READ),
			jest.runAllTimersAsync(),
		]);
		expect(sent.find(({ method }) => method === 'POST')?.at).toBe(sent[0].at);
		expect(other.sent[0].at).toBe(sent[0].at);
	});

	it('is held up a little for everybody in the lane when DingTalk says that it is too fast', async () => {
		const { client, sent } = clientOf(QPS, OK);
		const first = client.request(...READ);
		await jest.advanceTimersByTimeAsync(10);
		const second = client.request(...READ);
		await jest.runAllTimersAsync();
		await Promise.all([first, second]);
		expect(startsOf(sent)).toEqual([0, 50, 250]);
	});

	it('is held up longer and longer while DingTalk goes on saying so', async () => {
		const { client, sent } = clientOf(QPS, QPS, QPS, QPS, QPS, QPS, OK);
		const calls = Promise.all(Array.from({ length: 7 }, async () => await client.request(...READ)));
		await jest.runAllTimersAsync();
		await calls;
		// By pace alone the sixth would have started after a quarter of a second.
		expect(startsOf(sent)[5]).toBeGreaterThanOrEqual(600);
	});
});

describe('the bill', () => {
	it('counts metered and free calls apart', async () => {
		const { client } = clientOf(OK);
		await outcome(client, READ);
		await outcome(client, LOOK_UP);
		await outcome(client, WRITE);
		expect(client.usage).toMatchObject({ metered: 2, free: 1, retries: 0, waitedMs: 0 });
	});

	it('does not count what the gateway turned away, as DingTalk does not', async () => {
		const { client } = clientOf(TOKEN, QPS, OK);
		await outcome(client, READ);
		expect(client.usage).toMatchObject({ metered: 1, retries: 2 });
	});

	it('counts a call that DingTalk refused for another reason', async () => {
		const { client } = clientOf(refusal(400, 'invalidParameter'));
		await outcome(client, WRITE);
		expect(client.usage).toMatchObject({ metered: 1 });
	});

	it.each([
		['a fault of the server', SERVER, 1000],
		['too many calls', QPS, 250],
	])('says how long was waited for %s, once', async (_, reply, waited) => {
		const { client } = clientOf(reply, OK);
		const { ms } = await outcome(client, READ);
		expect(ms).toBe(waited);
		expect(client.usage.waitedMs).toBe(waited);
	});
});

describe('a request', () => {
	it('of the new kind goes to the new host, without the query parts that were left out', async () => {
		const { client, sent } = clientOf({ status: 200, body: { events: [] } });
		await outcome(client, [
			api.listEvents,
			{ path: PATH, query: { maxResults: 5, nextToken: undefined, showDeleted: false } },
		]);
		expect(sent[0]).toMatchObject({
			method: 'GET',
			url: 'https://api.dingtalk.io/v1.0/calendar/users/u/calendars/primary/events',
			query: { maxResults: 5, showDeleted: false },
			headers: {},
		});
		expect(sent[0].query).not.toHaveProperty('nextToken');
	});

	it('of the old kind goes to the old host', async () => {
		const { client, sent } = clientOf({ status: 200, body: { errcode: 0, result: {} } });
		await outcome(client, LOOK_UP);
		expect(sent[0]).toMatchObject({
			method: 'POST',
			url: 'https://oapi.dingtalk.io/topapi/v2/user/get',
			body: { userid: '1' },
		});
	});

	it('that only reads has no name, even if it was given one', async () => {
		const { client, sent } = clientOf(OK);
		await outcome(client, [api.getEvent, { path: PATH, idempotencyKey: 'once-1' }]);
		expect(sent[0].headers).toEqual({});
	});
});
