/** Receives the simulator's HTTP pushes with a program that knows only DingTalk's documentation. */
import Event, {
	GetCallBackFaileResultHeaders,
	GetCallBackFaileResultRequest,
} from '@alicloud/dingtalk/dist/event_1_0/client';
import axios, { type AxiosResponse } from 'axios';

import { unseal } from '../simulator/push/envelope';
import { AES_KEY, TOKEN, useReceiver, type Manner } from './receiver';
import { meeting } from './samples';
import { config, runtime } from './sdk';
import { useStage } from './stage';
import { useStreams } from './streamClient';
import { amount } from '../long/amount';

const stage = useStage();
const receiver = useReceiver(stage);
const streams = useStreams(stage);

const KEYS = { token: TOKEN, aesKey: AES_KEY, ownerKey: 'sim-internal' };
const LISTED_MS = 240_000;

const createMeeting = async (guests: number[] = []): Promise<string> =>
	await (
		await stage.user(0)
	).createId(meeting({ attendees: guests.map((index) => ({ id: stage.person(index).unionId })) }));

const register = (wrong: object = {}): Promise<AxiosResponse<{ error?: string; checked?: boolean }>> =>
	axios.post(
		`${stage.url}/_simulator/callback`,
		{ clientId: 'sim-internal', url: receiver.it.url, token: TOKEN, aesKey: AES_KEY, ...wrong },
		{ validateStatus: () => true },
	);

const outcomes = async (): Promise<string[][]> =>
	(await stage.pushes()).map(({ attempts }) => attempts.map(({ outcome }) => outcome));

/** Goes through both retries and the wait for the list. */
async function giveUp(): Promise<void> {
	for (const ms of [10_000, 30_000, LISTED_MS]) {
		await stage.settled();
		await stage.advance(ms);
	}
	await stage.settled();
}

interface OldList {
	errcode: number;
	has_more: boolean;
	failed_list: Array<{ call_back_tag: string; calendar_event_change: { BizId: string } }>;
}

const oldList = async (): Promise<OldList> => {
	const params = { access_token: await stage.appToken() };
	return (await axios.get<OldList>(`${stage.url}/call_back/get_call_back_failed_result`, { params })).data;
};

const eventClient = (): Event => new Event(config(stage.url));

const newList = async (range: { beginTime?: number; endTime?: number } = {}) => {
	const headers = new GetCallBackFaileResultHeaders({ xAcsDingtalkAccessToken: await stage.appToken() });
	const { body } = await eventClient().getCallBackFaileResultWithOptions(
		new GetCallBackFaileResultRequest(range),
		headers,
		runtime,
	);
	return { failedList: body?.failedList ?? [], hasMore: body?.hasMore };
};

describe('A callback URL', () => {
	test('is checked before it is saved', async () => {
		const { status, data } = await register();
		expect([status, data.checked]).toEqual([200, true]);
		expect(receiver.it.received.map(({ data }) => data)).toEqual([{ EventType: 'check_url' }]);
		expect(receiver.it.received[0].query).toMatchObject({ from: 'console' });
	});

	test.each<[Manner, string]>([
		['otherWord', 'instead of "success"'],
		['plain', 'not an encrypted reply'],
		['error', 'HTTP 500'],
		['redirect', 'HTTP 302'],
		['wrongSignature', 'wrong signature'],
	])('is not saved when it answers with "%s"', async (manner, complaint) => {
		receiver.it.manner = manner;
		const { status, data } = await register();
		expect(status).toBe(400);
		expect(data.error).toContain(complaint);
		await createMeeting();
		expect(await stage.pushes()).toEqual([]);
	});

	test.each([
		['an invalid URL', { url: 'localhost' }],
		['a token that is too short', { token: '12' }],
		['a key of the wrong length', { aesKey: 'short' }],
		['an unknown app', { clientId: 'nobody' }],
		['a third-party enterprise app, which receives no HTTP pushes', { clientId: 'sim-thirdparty' }],
	])('cannot be saved with %s', async (_name, wrong) => {
		expect((await register(wrong)).status).toBe(400);
		expect(receiver.it.received).toEqual([]);
	});

	test('replaces the previous one and can be deleted', async () => {
		await register();
		await register({ url: `${receiver.it.url}&second=yes` });
		await createMeeting();
		await receiver.it.heard(1);
		await stage.settled();
		expect(receiver.it.pushes.map(({ query }) => query.second)).toEqual(['yes']);
		await axios.delete(`${stage.url}/_simulator/callback`, { data: { clientId: 'sim-internal' } });
		await createMeeting();
		await stage.settled();
		expect(receiver.it.pushes).toHaveLength(1);
	});

	test('is listed without its token and key', async () => {
		await register();
		const { data } = await axios.get<unknown>(`${stage.url}/_simulator/callback`);
		expect(data).toEqual({ callbacks: [{ clientId: 'sim-internal', url: receiver.it.url }] });
	});
});

describe('A push over HTTP', () => {
	test('is signed, encrypted and has the payload observed in practice', async () => {
		await register();
		const id = await createMeeting([1]);
		await receiver.it.heard(1);
		const [{ query, body, data }] = receiver.it.pushes;
		const { encrypt } = JSON.parse(body) as { encrypt: string };
		const { signature, msg_signature, timestamp, nonce } = query;
		expect(msg_signature).toBe(signature);
		expect(timestamp).toMatch(/^\d{13}$/);
		expect(JSON.parse(unseal({ signature, timestamp, nonce, encrypt }, KEYS))).toEqual(data);
		const time = expect.any(Number) as number;
		const text = expect.stringMatching(/./) as string;
		expect(data).toEqual({
			EventType: 'calendar_event_change',
			EventTime: time,
			CorpId: stage.corpId,
			BizId: text,
			CalendarEventId: id,
			CalendarEventUpdateTime: time,
			CalendarId: text,
			UnionIdList: [stage.person(0).unionId, stage.person(1).unionId],
			ChangeType: 'created',
			operator: { type: 'user' },
			LegacyCalendarEventId: text,
		});
	});

	test('is not sent again after it was accepted', async () => {
		await register();
		await createMeeting();
		await giveUp();
		expect(receiver.it.pushes).toHaveLength(1);
		expect(await outcomes()).toEqual([['accepted']]);
		expect((await oldList()).failed_list).toEqual([]);
	});

	test('replaces the delivery over Stream', async () => {
		const stream = await streams.connect();
		await register();
		await createMeeting();
		await receiver.it.heard(1);
		await stage.settled();
		expect(stream.frames).toEqual([]);
	});

	test('is retried after 10 and after 30 more seconds, encrypted anew each time', async () => {
		await register();
		receiver.it.manner = 'error';
		await createMeeting();
		await receiver.it.heard(1);
		await stage.settled();
		await stage.advance(10_000);
		await receiver.it.heard(2);
		await stage.settled();
		await stage.advance(30_000);
		await receiver.it.heard(3);
		await stage.settled();
		await stage.advance(3_600_000);
		await stage.settled();
		expect(await outcomes()).toEqual([['HTTP 500', 'HTTP 500', 'HTTP 500']]);
		expect(new Set(receiver.it.pushes.map(({ data }) => data.BizId)).size).toBe(1);
		expect(new Set(receiver.it.pushes.map(({ query }) => query.nonce)).size).toBe(3);
	});

	test('is not listed as failed when a retry is accepted', async () => {
		await register();
		receiver.it.manner = 'wrongSignature';
		await createMeeting();
		await receiver.it.heard(1);
		await stage.settled();
		receiver.it.manner = 'success';
		await giveUp();
		expect(await outcomes()).toEqual([['wrong signature', 'accepted']]);
		expect((await oldList()).failed_list).toEqual([]);
	});

	test('times out when the reply takes too long', async () => {
		await register();
		await stage.control('limits', { httpAnswerMs: 2_500 });
		receiver.it.manner = 'silent';
		await createMeeting();
		await receiver.it.heard(1);
		await stage.advance(2_500);
		await stage.settled();
		expect(await outcomes()).toEqual([['too late']]);
	});

	test('is aborted by a reset', async () => {
		await register();
		receiver.it.manner = 'silent';
		await createMeeting();
		await receiver.it.heard(1);
		const hungUp = receiver.it.hungUp();
		await stage.reset();
		await hungUp;
		expect(await stage.pushes()).toEqual([]);
	});

	test('fails when the receiver is unreachable', async () => {
		await register();
		await receiver.it.close();
		await createMeeting();
		await stage.settled();
		expect(await outcomes()).toEqual([[expect.stringContaining('unreachable') as string]]);
		await receiver.it.open();
	});
});

describe('Failed pushes', () => {
	async function fail(count: number): Promise<void> {
		await register();
		receiver.it.manner = 'error';
		await stage.control('push', { count, via: 'http', clientId: 'sim-internal' });
		await giveUp();
	}

	test('are returned once by the old list, 200 per call', async () => {
		const full = Array<[number, boolean]>(amount({ short: 1, long: 2 })).fill([200, true]);
		const count = full.length * 200 + 50;
		await fail(count);
		const calls: OldList[] = [];
		for (let call = 0; call < full.length + 2; call++) calls.push(await oldList());
		expect(calls.map(({ failed_list, has_more }) => [failed_list.length, has_more])).toEqual([
			...full,
			[50, false],
			[0, false],
		]);
		const ids = calls.flatMap(({ failed_list }) => failed_list.map((entry) => entry.calendar_event_change.BizId));
		expect(new Set(ids).size).toBe(count);
		expect(calls[0].failed_list[0].call_back_tag).toBe('calendar_event_change');
	});

	test('are in the new list, in the form that the official client reads', async () => {
		await fail(2);
		const { failedList, hasMore } = await newList();
		expect(hasMore).toBe(false);
		expect(failedList).toHaveLength(2);
		const [{ callBackData, callBackTag, corpId, eventTime }] = failedList;
		expect([callBackTag, corpId]).toEqual(['calendar_event_change', stage.corpId]);
		expect(JSON.parse(callBackData ?? '')).toMatchObject({ EventTime: eventTime, ChangeType: 'created' });
	});

	test('can be filtered by time', async () => {
		await fail(3);
		await stage.set({ failedResultsOnceRead: 'kept' });
		const times = (await newList()).failedList.map(({ eventTime }) => Number(eventTime));
		const some = await newList({ beginTime: times[1], endTime: times[1] });
		expect(some.failedList.map(({ eventTime }) => eventTime)).toEqual([times[1]]);
	});

	test('are listed only minutes after the last attempt', async () => {
		await register();
		receiver.it.manner = 'error';
		await createMeeting();
		for (const ms of [10_000, 30_000]) {
			await stage.settled();
			await stage.advance(ms);
		}
		await stage.settled();
		expect((await oldList()).failed_list).toEqual([]);
		await stage.advance(LISTED_MS);
		expect((await oldList()).failed_list).toHaveLength(1);
	});

	test('are listed only for the app they were sent to', async () => {
		await fail(1);
		const params = { access_token: await stage.appToken('sim-readonly') };
		const { data } = await axios.get<OldList>(`${stage.url}/call_back/get_call_back_failed_result`, { params });
		expect(data.failed_list).toEqual([]);
	});
});

test.each([
	'wrongSignature',
	'noSignature',
	'wrongToken',
	'wrongKey',
	'wrongOwner',
	'tampered',
	'otherNonce',
	'truncated',
	'notJson',
	'emptyBody',
	'oversized',
])('A push spoiled with "%s" fails the documented verification', async (spoil) => {
	await register();
	await stage.control('push', { spoil, via: 'http', clientId: 'sim-internal' });
	await receiver.it.heard(1);
	await stage.settled();
	const [{ query, body }] = receiver.it.pushes;
	const open = (): string => {
		const { encrypt } = JSON.parse(body) as { encrypt: string };
		return unseal({ signature: query.signature, timestamp: query.timestamp, nonce: query.nonce, encrypt }, KEYS);
	};
	expect(open).toThrow();
	expect((await stage.pushes()).map(({ state }) => state)).toEqual(['spoilt']);
});

test('A stale push is valid except for its timestamp, which is an hour old', async () => {
	await register();
	await stage.control('push', { spoil: 'stale', via: 'http', clientId: 'sim-internal' });
	await receiver.it.heard(1);
	const [{ query, data }] = receiver.it.pushes;
	expect(Number(query.timestamp)).toBeLessThanOrEqual(Number(data.EventTime) - 3_599_000);
});

test.each([
	[{ spoil: 'unheardOf', via: 'http' }, 'has no callback URL'],
	[{ spoil: 'unheardOf', via: 'stream' }, 'must be one of: truncated'],
	[{ clientId: 'sim-internal' }, 'No app listens'],
	[{ novelty: 1 }, 'not "novelty"'],
	[{ count: 0 }, 'whole number from 1'],
	[{ via: 'pigeon' }, 'stream, http, both'],
])('An invalid push request is refused with a reason: %o', async (body, complaint) => {
	const { status, data } = await axios.post<{ error: string }>(`${stage.url}/_simulator/push`, body, {
		validateStatus: () => true,
	});
	expect(status).toBe(400);
	expect(data.error).toContain(complaint);
});
