/** Tests what the client repeats, renews and gives up, reply by reply. */
import { readAccount } from '../../../lib/dingtalk/account';
import { api, type ApiCall } from '../../../lib/dingtalk/endpoints';
import { DingTalkClient } from '../../../lib/dingtalk/client/client';
import type { CallInput, TransportRequest } from '../../../lib/dingtalk/client/types';
import { DingTalkError, networkError } from '../../../lib/dingtalk/errors/DingTalkError';

type Reply = { status: number; body?: unknown } | Error;

const OK: Reply = { status: 200, body: { id: 'event-1', calendarId: 'calendar-1' } };
const refusal = (status: number, code: string): Reply => ({ status, body: { code, message: 'no', requestid: 'R-1' } });
const TOKEN = refusal(400, 'InvalidAuthentication');
const QPS = refusal(403, 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi');
const QPM = refusal(403, 'Forbidden.AccessDenied.QpmLimitForAppkeyAndApi');
const SERVER = refusal(500, 'unknownError');
const TIMESTAMP = refusal(400, 'InvalidParameter.ParsedISO8601TimestampError');
const RUNNING = refusal(400, 'idempotencyProcessing');
const connectionReset = (): Reply => networkError('api.dingtalk.io', 'ECONNRESET');

const PATH = { userId: 'u', calendarId: 'primary', eventId: 'e' };
const READ: [ApiCall, CallInput] = [api.getEvent, { path: PATH }];
const WRITE: [ApiCall, CallInput] = [api.createEvent, { path: PATH, body: { summary: 'x' }, idempotencyKey: 'key-1' }];
const WRITE_WITHOUT_KEY: [ApiCall, CallInput] = [api.createEvent, { path: PATH, body: { summary: 'x' } }];
const LOOKUP: [ApiCall, CallInput] = [api.userByUserId, { body: { userid: '1' } }];

let apps = 0;

interface TestClient {
	client: DingTalkClient;
	sent: Array<TransportRequest & { at: number }>;
	stop: AbortController;
	/** How often the client reported that its token was rejected. */
	rejectedTokens(): number;
	answerAfter(ms: number): void;
}

/** A client whose calls get these replies in order; the last one repeats. */
function clientOf(...replies: Array<Reply | ((request: TransportRequest) => Reply)>): TestClient {
	const sent: TestClient['sent'] = [];
	let rejectedTokens = 0;
	let delayMs = 0;
	const stop = new AbortController();
	const account = readAccount({ clientId: `app-${++apps}`, clientSecret: 'secret' });
	const client = new DingTalkClient(
		{
			account,
			isProved: () => true,
			async send(request) {
				sent.push({ ...request, at: Date.now() });
				const next = replies[Math.min(sent.length, replies.length) - 1];
				const reply = typeof next === 'function' ? next(request) : next;
				if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
				if (reply instanceof Error) throw reply;
				return await Promise.resolve({
					status: reply.status,
					body: reply.body,
					rejectToken: () => void rejectedTokens++,
				});
			},
		},
		stop.signal,
	);
	return {
		client,
		sent,
		stop,
		rejectedTokens: () => rejectedTokens,
		answerAfter(ms) {
			delayMs = ms;
		},
	};
}

/** Runs a call with all its waits, and reports the result and how long it would have taken. */
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

describe('The retry policy', () => {
	it.each<[string, [ApiCall, CallInput], Reply, number, number]>([
		['retries a rejected token once, at once', READ, TOKEN, 2, 0],
		[
			'attempts a call twelve times at the limit per second, soon at first, then up to three seconds later',
			READ,
			QPS,
			12,
			30_506,
		],
		['attempts a call six times at the limit per minute, every 15 seconds', READ, QPM, 6, 75_000],
		[
			'attempts a call five times, after growing delays, while the same request is still being processed',
			WRITE,
			RUNNING,
			5,
			15_000,
		],
		['attempts a read three times after server errors', READ, SERVER, 3, 3000],
		['attempts a write with an idempotency key three times after server errors', WRITE, SERVER, 3, 3000],
		['attempts a lookup three times after server errors', LOOKUP, SERVER, 3, 3000],
		['does not retry a write without an idempotency key after a server error', WRITE_WITHOUT_KEY, SERVER, 1, 0],
		['attempts a read three times after connection resets', READ, connectionReset(), 3, 3000],
		['attempts a write with an idempotency key three times after connection resets', WRITE, connectionReset(), 3, 3000],
		[
			'does not retry a write without an idempotency key after a connection reset',
			WRITE_WITHOUT_KEY,
			connectionReset(),
			1,
			0,
		],
		['attempts a read three times when responses are incomplete', READ, { status: 200, body: '{"id": "ev' }, 3, 3000],
		[
			'does not retry a call without permission',
			READ,
			refusal(403, 'Forbidden.AccessDenied.AccessTokenPermissionDenied'),
			1,
			0,
		],
		[
			'does not retry a call when the monthly quota is used up',
			READ,
			refusal(403, 'Forbidden.AccessDenied.ApiCountLimitForOrg'),
			1,
			0,
		],
		['does not retry a call when the daily limit is used up', WRITE, refusal(400, 'flowLimit'), 1, 0],
		['does not retry a call with invalid values', WRITE, refusal(400, 'invalidParameter'), 1, 0],
		['does not retry a call for an event that no longer exists', READ, refusal(404, 'itemNotFound'), 1, 0],
		[
			'does not retry a banned call, because more calls would prolong the ban',
			READ,
			{ status: 403, body: { status: 1111 } },
			1,
			0,
		],
	])('%s', async (_, call, reply, calls, ms) => {
		const { client, sent } = clientOf(reply);
		const { error, ms: took } = await outcome(client, call);
		expect(error).toBeInstanceOf(DingTalkError);
		expect(sent).toHaveLength(calls);
		expect(took).toBe(ms);
		expect(client.usage.retries).toBe(calls - 1);
	});

	it('retries with the same body, path and idempotency key', async () => {
		const { client, sent } = clientOf(SERVER, connectionReset(), OK);
		expect(await outcome(client, WRITE)).toMatchObject({ body: { id: 'event-1' } });
		expect(sent).toHaveLength(3);
		expect(new Set(sent.map((request) => JSON.stringify({ ...request, at: undefined }))).size).toBe(1);
		expect(sent[0]).toMatchObject({
			method: 'POST',
			url: 'https://api.dingtalk.io/v1.0/calendar/users/u/calendars/primary/events',
			body: { summary: 'x' },
			headers: { 'x-client-token': 'key-1' },
		});
	});

	it('requests a new token only after the token was rejected', async () => {
		const { client, rejectedTokens } = clientOf(SERVER, QPS, TOKEN, OK);
		await outcome(client, READ);
		expect(rejectedTokens()).toBe(1);
	});

	it('counts attempts separately for each kind of error', async () => {
		const { client, sent } = clientOf(TOKEN, SERVER, QPS, SERVER, QPS, OK);
		expect((await outcome(client, READ)).error).toBeUndefined();
		expect(sent).toHaveLength(6);
	});

	it('stops retrying after three minutes, however many attempts are left', async () => {
		const { client, sent, answerAfter } = clientOf(QPM);
		answerAfter(29_000);
		const { error } = await outcome(client, READ);
		expect(error).toBeInstanceOf(DingTalkError);
		// The sixth attempt would have come after 220 seconds.
		expect(sent.map(({ at }) => at - sent[0].at)).toEqual([0, 44_000, 88_000, 132_000, 176_000]);
	});

	it('does not count the time in line, neither before the first attempt nor between two', async () => {
		const { client, sent } = clientOf(QPS, ...Array.from({ length: 3899 }, () => OK), QPS, QPS, OK);
		const results = Promise.allSettled(Array.from({ length: 4000 }, async () => await client.request(...LOOKUP)));
		await jest.runAllTimersAsync();
		expect((await results).filter(({ status }) => status === 'rejected')).toEqual([]);
		expect(sent.length).toBe(4003);
		expect(sent[4002].at - sent[0].at).toBeGreaterThan(199_000);
	});

	it.each([
		['is right', 0],
		['is set back by ten minutes', -10],
		['is set forward by three hours', 180],
	])('takes the same time when the clock %s', async (_, minutes) => {
		const { client, sent } = clientOf(...Array.from({ length: 25 }, () => OK), SERVER, OK);
		const from = performance.now();
		let ms = 0;
		const jump = (): void => void jest.setSystemTime(Date.now() + minutes * 60_000);
		const work = async (): Promise<void> => {
			await Promise.all(Array.from({ length: 25 }, async () => await client.request(...READ)));
			jump();
			const retried = client.request(...READ);
			setTimeout(jump, 500);
			await retried;
			ms = performance.now() - from;
		};
		await Promise.all([work(), jest.runAllTimersAsync()]);
		expect(sent).toHaveLength(27);
		// Five of the calls wait for the next second, and the last is retried after one.
		expect(Math.round(ms)).toBe(2060);
	});

	it('adds up to a quarter of jitter to the backoff', async () => {
		jest.spyOn(Math, 'random').mockReturnValue(0.999_999);
		const { client } = clientOf(SERVER, OK);
		const { ms } = await outcome(client, READ);
		expect(ms).toBeGreaterThanOrEqual(1249);
		expect(ms).toBeLessThanOrEqual(1250);
	});

	it('passes on errors that are not from DingTalk unchanged, without a retry', async () => {
		const wrong = new Error('The credential has no Client ID');
		const { client, sent } = clientOf(wrong);
		expect((await outcome(client, READ)).error).toBe(wrong);
		expect(sent).toHaveLength(1);
	});
});

describe('A call whose times DingTalk refuses', () => {
	const timed: [ApiCall, CallInput] = [
		api.createEvent,
		{ path: PATH, body: { start: { dateTime: '2026-03-02T10:00:00+08:00' } } },
	];
	const startOf = ({ body }: TransportRequest): unknown => (body as { start: { dateTime: string } }).start.dateTime;
	const DOCUMENTED = '2026-03-02T10:00:00+08:00';
	const MILLISECONDS = '2026-03-02T02:00:00.000Z';

	it('is sent in the other format when the rate limit allows another call', async () => {
		const { client, sent, answerAfter } = clientOf((request) => (startOf(request) === DOCUMENTED ? TIMESTAMP : OK));
		answerAfter(20);
		await Promise.all([
			Promise.all(Array.from({ length: 20 }, async () => await client.request(...timed))),
			jest.runAllTimersAsync(),
		]);
		// Those that were on their way before the first answer came, and all of them in the other format.
		expect(sent.length).toBeGreaterThan(24);
		for (const { at: from } of sent)
			expect(sent.filter(({ at }) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(20);
	});

	it('keeps the other format when that one is refused for another reason first', async () => {
		const { client, sent } = clientOf(TIMESTAMP, QPS, OK);
		expect((await outcome(client, timed)).error).toBeUndefined();
		expect(sent.map(startOf)).toEqual([DOCUMENTED, MILLISECONDS, MILLISECONDS]);
		await outcome(client, timed);
		expect(startOf(sent[3])).toBe(MILLISECONDS);
	});

	it('fails if DingTalk refuses both formats, and changes nothing for the calls after it', async () => {
		const { client, sent } = clientOf(TIMESTAMP, TIMESTAMP, OK);
		expect((await outcome(client, timed)).error).toBeInstanceOf(DingTalkError);
		expect(sent.map(startOf)).toEqual([DOCUMENTED, MILLISECONDS]);
		await outcome(client, timed);
		expect(startOf(sent[2])).toBe(DOCUMENTED);
	});
});

describe('A call of a stopped workflow', () => {
	it('is not sent after the workflow was stopped', async () => {
		const { client, sent, stop } = clientOf(OK);
		stop.abort(new Error('stopped'));
		expect((await outcome(client, READ)).error?.message).toBe('stopped');
		expect(sent).toHaveLength(0);
	});

	it('is not retried after the workflow was stopped', async () => {
		const { client, sent, stop } = clientOf(SERVER);
		setTimeout(() => stop.abort(new Error('stopped')), 500);
		expect((await outcome(client, READ)).error?.message).toBe('stopped');
		expect(sent).toHaveLength(1);
	});
});

describe('A call that waits for a retry', () => {
	it('stops waiting as soon as the workflow is stopped', async () => {
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

describe('A write that DingTalk has already processed', () => {
	const DONE = refusal(409, 'invalidRequest.duplicateClientToken');
	const times = { start: { dateTime: '2026-03-02T10:00:00+08:00' }, end: { dateTime: '2026-03-02T11:00:00+08:00' } };
	const create: [ApiCall, CallInput] = [
		api.createEvent,
		{ path: PATH, body: { summary: 'x', ...times }, idempotencyKey: 'key-1' },
	];
	const listed = (id: string, more: object = {}) => ({ id, summary: 'x', organizer: { id: 'u' }, ...times, ...more });
	const list = (...events: object[]): Reply => ({ status: 200, body: { events } });

	it('counts as done if its response has no content', async () => {
		const add: [ApiCall, CallInput] = [api.addAttendees, { path: PATH, body: {}, idempotencyKey: 'key-1' }];
		const { client, sent } = clientOf(connectionReset(), DONE);
		expect((await outcome(client, add)).error).toBeUndefined();
		expect(sent).toHaveLength(2);
	});

	it('returns the event as it is now if the write was an update', async () => {
		const { client, sent } = clientOf(DONE, { status: 200, body: { id: 'e', summary: 'new' } });
		const change: [ApiCall, CallInput] = [api.updateEvent, { path: PATH, body: {}, idempotencyKey: 'key-1' }];
		expect(await outcome(client, change)).toMatchObject({ body: { id: 'e', summary: 'new' } });
		expect(sent.map(({ method }) => method)).toEqual(['PUT', 'GET']);
	});

	it('returns the event found in the calendar if the write was a creation', async () => {
		const others = [
			listed('other-title', { summary: 'y' }),
			listed('of-another-organizer', { organizer: { id: 'v' } }),
			listed('earlier', { start: { dateTime: '2026-03-02T09:00:00+08:00' } }),
		];
		const { client, sent } = clientOf(DONE, list(...others, listed('mine')));
		expect(await outcome(client, create)).toMatchObject({ body: { id: 'mine' } });
		expect(sent[1]).toMatchObject({ method: 'GET', query: { timeMin: '2026-03-02T10:00:00+08:00' } });
	});

	it('returns the series if a recurring event was created', async () => {
		const { client } = clientOf(DONE, list(listed('mine_1', { seriesMasterId: 'mine' })));
		expect(await outcome(client, create)).toMatchObject({ body: { id: 'mine' } });
	});

	it.each([
		['no events', []],
		['two events', [listed('a'), listed('b')]],
	])('fails if %s in the calendar match the created event', async (_, events) => {
		const { client } = clientOf(DONE, list(...events));
		expect((await outcome(client, create)).error?.message).toBe('DingTalk has already processed this request');
	});
});

describe('A deletion whose response was lost', () => {
	const share: [ApiCall, CallInput] = [api.deleteAcl, { path: { userId: 'u', calendarId: 'primary', aclId: 'a' } }];
	const event: [ApiCall, CallInput] = [api.deleteEvent, { path: PATH, idempotencyKey: 'key-1' }];
	const NOT_FOUND = refusal(404, 'itemNotFound');
	const shares = (...ids: string[]): Reply => ({ status: 200, body: { acls: ids.map((aclId) => ({ aclId })) } });

	it.each(['itemNotFound', 'instanceNotExist'])('counts as done if DingTalk then answers %s', async (code) => {
		const { client, sent } = clientOf(connectionReset(), refusal(404, code));
		expect((await outcome(client, event)).error).toBeUndefined();
		expect(sent).toHaveLength(2);
	});

	it('of a share counts as done if the share is no longer listed', async () => {
		const { client, sent } = clientOf(connectionReset(), refusal(400, 'invalidParameter'), shares('b'));
		expect((await outcome(client, share)).error).toBeUndefined();
		expect(sent.map(({ method }) => method)).toEqual(['DELETE', 'DELETE', 'GET']);
	});

	it('of a share is refused if the share is still listed', async () => {
		const { client } = clientOf(connectionReset(), refusal(400, 'invalidParameter'), shares('a', 'b'));
		const { error } = await outcome(client, share);
		expect(error?.message).toMatch(/^DingTalk could not stop sharing/);
		expect((error as DingTalkError).details.advice).not.toContain('may have been carried out');
	});

	it.each<[string, Reply]>([
		['DingTalk refuses it for another reason', refusal(403, 'permissionDenied')],
		['DingTalk does not say which value is wrong', refusal(400, 'invalidParameter')],
		['a proxy does not know the address', { status: 404, body: 'not found' }],
	])('is unconfirmed if then %s', async (_, reply) => {
		for (const call of [event, share]) {
			const { client } = clientOf(connectionReset(), reply);
			const { error } = await outcome(client, call);
			expect((error as DingTalkError).details.advice).toContain('may have been carried out');
		}
	});

	it.each([NOT_FOUND, refusal(400, 'invalidParameter'), refusal(403, 'permissionDenied')])(
		'does not make a later deletion of the same thing count as done (%j)',
		async (reply) => {
			for (const call of [event, share]) {
				await outcome(clientOf(connectionReset()).client, call);
				const { client, sent } = clientOf(reply);
				expect((await outcome(client, call)).error).toBeInstanceOf(DingTalkError);
				expect(sent).toHaveLength(1);
			}
		},
	);
});

describe('A write that DingTalk has no idempotency keys for', () => {
	const share = (idempotencyKey: string): [ApiCall, CallInput] => [
		api.createSubscriptionCalendar,
		{ path: PATH, body: {}, idempotencyKey },
	];

	it.each([
		['a connection reset', connectionReset()],
		['a server error', SERVER],
	])('is not sent again after %s, not even when n8n retries the node', async (what, reply) => {
		const { client, sent } = clientOf(reply, OK);
		await outcome(client, share(what));
		const again = new DingTalkClient(client.transport);
		const { error } = await outcome(again, share(what));
		expect(error?.message).toBe(
			'An earlier request to create the subscription calendar got no response, so its outcome is unknown',
		);
		expect(sent).toHaveLength(1);
		expect((await outcome(again, share(`another after ${what}`))).error).toBeUndefined();
	});

	it.each<[string, ApiCall, object]>([
		['a subscription calendar', api.createSubscriptionCalendar, { calendarId: 'c' }],
		['a share', api.createAcl, { aclId: 'a', privilege: 'reader' }],
		['an event', api.createEvent, { id: 'e' }],
	])('or has them for, is not done if DingTalk returns no ID: %s', async (_, call, complete) => {
		for (const body of [{}, { requestId: 'R-1' }, Object.fromEntries(Object.keys(complete).map((key) => [key, '']))]) {
			const { client } = clientOf({ status: 200, body });
			const { error } = await outcome(client, [call, { path: PATH, body: {} }]);
			expect(error?.message).toBe("DingTalk's response was incomplete or empty");
			expect((error as DingTalkError).details.advice).toContain('may have been carried out');
		}
		const { client } = clientOf({ status: 200, body: complete });
		expect((await outcome(client, [call, { path: PATH, body: {} }])).error).toBeUndefined();
	});

	it('is sent again if the server was not reached, or if DingTalk refused it', async () => {
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

describe('An exhausted limit', () => {
	const createBy = (userId: string): [ApiCall, CallInput] => [
		api.createEvent,
		{ path: { ...PATH, userId }, idempotencyKey: userId },
	];

	it('of a day stops further creations of the same organizer, and nothing else', async () => {
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

	it('of a month stops all metered calls, but no lookups', async () => {
		const { client, sent } = clientOf(refusal(403, 'Forbidden.AccessDenied.ApiCountLimitForOrg'), OK);
		await outcome(client, READ);
		const { error } = await outcome(client, createBy('u'));
		expect((error as DingTalkError).details).toMatchObject({
			kind: 'quota',
			notSent: true,
			resumeAt: '2026-04-01T00:00:00.000+08:00',
		});
		expect(sent).toHaveLength(1);
		expect((await outcome(client, LOOKUP)).error).toBeUndefined();
	});

	it('due to a ban stops all calls', async () => {
		const { client, sent } = clientOf({ status: 200, body: { status: 1111, wait: 5 } }, OK);
		await outcome(client, READ);
		const { error } = await outcome(client, LOOKUP);
		expect((error as DingTalkError).details).toMatchObject({
			kind: 'banned',
			notSent: true,
			resumeAt: '2026-03-02T08:05:00.000+08:00',
		});
		expect(sent).toHaveLength(1);
	});

	it('does not stop the next run, because it may have been raised in the meantime', async () => {
		const { client, sent } = clientOf(refusal(403, 'Forbidden.AccessDenied.ApiCountLimitForOrg'), OK);
		await outcome(client, READ);
		expect((await outcome(new DingTalkClient(client.transport), READ)).error).toBeUndefined();
		expect(sent).toHaveLength(2);
	});
});

describe('The rate limit', () => {
	const startsOf = (sent: Array<{ at: number }>): number[] => sent.map(({ at }) => at - sent[0].at);

	it('is twenty calls in any second for one app and one API', async () => {
		const { client, sent } = clientOf(OK);
		await Promise.all([
			...Array.from({ length: 65 }, async () => await client.request(...READ)),
			jest.runAllTimersAsync(),
		]);
		const starts = startsOf(sent);
		expect(starts).toHaveLength(65);
		for (const from of starts)
			expect(starts.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(20);
		// And hardly less: no call waits needlessly.
		expect(starts[64]).toBeLessThan(3300);
	});

	it('is shared by two clients of one app', async () => {
		const { client, sent } = clientOf(OK);
		const other = new DingTalkClient({
			account: client.account,
			isProved: () => true,
			send: async () => await Promise.resolve({ status: 200, body: {}, rejectToken: () => undefined }),
		});
		await Promise.all([
			...Array.from({ length: 20 }, async () => await other.request(...READ)),
			client.request(...READ),
			jest.runAllTimersAsync(),
		]);
		expect(sent[0].at - Date.parse('2026-03-02T00:00:00Z')).toBeGreaterThanOrEqual(1000);
	});

	it('of one API does not delay calls to another API or of another app', async () => {
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

	it('slows down all calls of the bucket after a refusal, to three a second if none of them was accepted', async () => {
		const { client, sent } = clientOf(QPS, OK);
		const first = client.request(...READ);
		await jest.advanceTimersByTimeAsync(10);
		const second = client.request(...READ);
		await jest.runAllTimersAsync();
		await Promise.all([first, second]);
		expect(startsOf(sent)).toEqual([0, 336, 673]);
	});

	it('slows down more and more while refusals continue', async () => {
		const { client, sent } = clientOf(QPS, QPS, QPS, QPS, QPS, QPS, OK);
		const calls = Promise.all(Array.from({ length: 7 }, async () => await client.request(...READ)));
		await jest.runAllTimersAsync();
		await calls;
		// Without refusals the sixth would have started after a quarter of a second.
		const starts = startsOf(sent).slice(0, 6);
		expect(starts[5]).toBeGreaterThan(275);
		const gaps = starts.slice(1).map((at, i) => at - starts[i]);
		expect(gaps).toEqual([...new Set(gaps)].sort((a, b) => a - b));
	});
});

describe('The usage report', () => {
	it('counts metered and free calls separately', async () => {
		const { client } = clientOf(OK);
		await outcome(client, READ);
		await outcome(client, LOOKUP);
		await outcome(client, WRITE);
		expect(client.usage).toMatchObject({ metered: 2, free: 1, retries: 0, waitedMs: 0 });
	});

	it('does not count calls that the gateway refused, as DingTalk does not', async () => {
		const { client } = clientOf(TOKEN, QPS, OK);
		await outcome(client, READ);
		expect(client.usage).toMatchObject({ metered: 1, retries: 2 });
	});

	it('counts calls that DingTalk refused for another reason', async () => {
		const { client } = clientOf(refusal(400, 'invalidParameter'));
		await outcome(client, WRITE);
		expect(client.usage).toMatchObject({ metered: 1 });
	});

	it.each([
		['a server error', SERVER, 1000],
		['too many calls', QPS, 336],
	])('reports the time waited after %s once', async (_, reply, waited) => {
		const { client } = clientOf(reply, OK);
		const { ms } = await outcome(client, READ);
		expect(ms).toBe(waited);
		expect(client.usage.waitedMs).toBe(waited);
	});
});

describe('A request', () => {
	it('to the new API goes to the API host, without undefined query parameters', async () => {
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

	it('to the old API goes to the old API host', async () => {
		const { client, sent } = clientOf({ status: 200, body: { errcode: 0, result: {} } });
		await outcome(client, LOOKUP);
		expect(sent[0]).toMatchObject({
			method: 'POST',
			url: 'https://oapi.dingtalk.io/topapi/v2/user/get',
			body: { userid: '1' },
		});
	});

	it('that only reads carries no idempotency key, even if it was given one', async () => {
		const { client, sent } = clientOf(OK);
		await outcome(client, [api.getEvent, { path: PATH, idempotencyKey: 'key-1' }]);
		expect(sent[0].headers).toEqual({});
	});
});
