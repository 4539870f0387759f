/** Opens Stream connections in wrong ways and looks at what the simulator answers. */
import axios from 'axios';

import { RawStream, openConnection, placeOf } from './rawStream';
import { meeting } from './samples';
import { useStage } from './stage';
import { until } from './until';

const stage = useStage();

const streams: RawStream[] = [];
const connect = async (wrong: object = {}): Promise<RawStream> => {
	const stream = await RawStream.connect(stage, { ...wrong });
	streams.push(stream);
	return stream;
};
afterEach(() => {
	for (const { socket } of streams.splice(0)) socket.terminate();
});

const createMeeting = async (): Promise<string> => await (await stage.user(0)).createId(meeting());

const newPlace = async (): Promise<string> => placeOf((await openConnection(stage)).data);

describe('Opening a Stream connection', () => {
	test('returns an endpoint and a ticket without an access token', async () => {
		const { status, data } = await openConnection(stage);
		expect(status).toBe(200);
		expect(data).toEqual({
			endpoint: `${stage.url.replace('http', 'ws')}/connect`,
			ticket: expect.any(String) as string,
		});
	});

	test.each([
		['a wrong secret', { clientSecret: 'wrong' }],
		['an unknown app', { clientId: 'nobody' }],
		['an app type that receives no pushes', { clientId: 'sim-personal' }],
	])('is refused for %s', async (_name, wrong) => {
		const { status, data } = await openConnection(stage, wrong);
		expect(status).toBe(401);
		expect(data).toEqual({ requestid: expect.any(String) as string, code: 'authFailed', message: '鉴权失败' });
	});

	test.each(['clientId', 'clientSecret', 'subscriptions'])('requires %s', async (name) => {
		const { status, data } = await openConnection(stage, { [name]: undefined });
		expect([status, data.code]).toEqual([400, `Missing${name}`]);
	});

	test('returns XML when JSON is not requested', async () => {
		const { status, data, headers } = await openConnection(stage, {}, { Accept: '*/*' });
		expect(status).toBe(200);
		expect(headers['content-type']).toMatch('application/xml');
		expect(data).toMatch(/<endpoint>ws:.*<ticket>/);
	});

	test('fails when the gateway is out of service', async () => {
		await stage.control('faults', {
			match: { path: '/v1.0/gateway/connections/open', times: 1 },
			do: 'status',
			status: 503,
		});
		expect((await openConnection(stage)).status).toBe(503);
		expect((await openConnection(stage)).status).toBe(200);
	});

	test('leaves neither secret nor ticket in the call log', async () => {
		const { data } = await openConnection(stage);
		const log = JSON.stringify(await stage.calls());
		expect(log).toContain('/v1.0/gateway/connections/open');
		expect(log).not.toContain(data.ticket);
		expect(log).not.toContain('sim-secret');
	});

	test('is not metered', async () => {
		await openConnection(stage);
		expect((await stage.calls()).filter(({ metered }) => metered)).toEqual([]);
	});
});

describe('A Stream ticket', () => {
	test('is valid for one connection', async () => {
		const place = await newPlace();
		streams.push(await RawStream.at(place));
		await expect(RawStream.at(place)).rejects.toThrow('401');
	});

	test('is valid for 90 seconds', async () => {
		const [early, late] = [await newPlace(), await newPlace()];
		await stage.advance(60_000);
		streams.push(await RawStream.at(early));
		await stage.advance(30_000);
		await expect(RawStream.at(late)).rejects.toThrow('401');
	});

	test('is refused when the gateway did not issue it', async () => {
		const { endpoint } = (await openConnection(stage)).data;
		await expect(RawStream.at(`${endpoint}?ticket=made-up`)).rejects.toThrow('401');
	});

	test('is refused in a plain HTTP request', async () => {
		expect((await axios.get((await newPlace()).replace('ws', 'http'), { validateStatus: () => true })).status).toBe(
			426,
		);
	});

	test('is refused on another path', async () => {
		await expect(RawStream.at((await newPlace()).replace('/connect', '/elsewhere'))).rejects.toThrow('404');
	});

	test.each([
		[{ do: 'status', status: 502 }, '502'],
		[{ do: 'dropBeforeCommit' }, 'hang up'],
	])('cannot be used when the connection fails: %o', async (fault, complaint) => {
		await stage.control('faults', { match: { path: '/connect', times: 1 }, ...fault });
		await expect(RawStream.at(await newPlace())).rejects.toThrow(complaint);
		streams.push(await RawStream.at(await newPlace()));
	});
});

describe('A Stream connection', () => {
	test('receives unacknowledged events again, and a late acknowledgement is ignored', async () => {
		await stage.control('limits', { streamAckMs: 3_600_000 });
		const stream = await connect();
		await createMeeting();
		await stream.heard(1);
		await stage.advance(3_600_000);
		await stream.heard(2);
		const [first, second] = stream.frames;
		expect(second.headers.eventId).toBe(first.headers.eventId);
		stream.answer(first, { status: 'SUCCESS' });
		await stage.advance(3_600_000);
		await stream.heard(3);
		stream.answer(stream.frames[2], { status: 'SUCCESS' });
		await until('it is accepted', async () => (await stage.pushes())[0].state === 'accepted');
		expect((await stage.pushes())[0].attempts.map(({ outcome }) => outcome)).toEqual([
			'no response',
			'no response',
			'accepted',
		]);
	});

	test.each([
		['code 500', { status: 'SUCCESS' }, 500],
		['no status', {}, 200],
		['an unknown status', { status: 'MAYBE' }, 200],
	])('does not accept an event by replying with %s', async (_name, data, code) => {
		const stream = await connect();
		await createMeeting();
		await stream.heard(1);
		stream.answer(stream.frames[0], data, code);
		await stage.settled();
		await stage.advance(1_000);
		await stream.heard(2);
	});

	test('that closes leaves unacknowledged events to the next connection', async () => {
		const stream = await connect();
		const id = await createMeeting();
		await stream.heard(1);
		stream.socket.terminate();
		await stage.connected(0);
		const next = await connect();
		await next.heard(1);
		expect(JSON.parse(next.frames[0].data)).toMatchObject({ calendarEventId: id });
		expect(next.frames[0].headers.eventId).toBe(stream.frames[0].headers.eventId);
	});

	test('that stops responding sends and receives nothing, and its events are delivered again', async () => {
		await stage.control('limits', { streamAckMs: 3_600_000 });
		const stream = await connect();
		await stage.control('connections', { do: 'silence', clientId: 'sim-internal' });
		await createMeeting();
		await stage.control('connections', { do: 'ping' });
		expect((await stage.pushes())[0].state).toBe('sent');
		await stage.control('connections', { do: 'speak' });
		await stage.advance(3_600_000);
		await stream.heard(1);
		const events = stream.frames.filter(({ type }) => type === 'EVENT');
		expect(events.map(({ headers }) => headers.eventId)).toEqual([(await stage.pushes())[0].eventId]);
	});

	test('without an event subscription receives no events', async () => {
		const [deaf, all] = [
			await connect({ subscriptions: [{ type: 'CALLBACK', topic: '/v1.0/im/bot/messages/get' }] }),
			await connect(),
		];
		await stage.control('push', { count: 20, clientId: 'sim-internal' });
		await all.heard(20);
		expect(deaf.texts).toEqual([]);
	});

	test('receives each malformed frame once', async () => {
		const stream = await connect();
		const spoils = ['truncated', 'notJson', 'dataNotJson', 'noHeaders', 'unknownType'];
		for (const spoil of spoils) await stage.control('push', { spoil, via: 'stream', clientId: 'sim-internal' });
		await stage.control('push', { changeType: 'last' });
		await stream.heard(spoils.length + 1);
		expect(stream.texts).toHaveLength(spoils.length + 1);
		expect((await stage.pushes()).map(({ state }) => state)).toEqual([...spoils.map(() => 'spoilt'), 'sent']);
	});

	test('is closed by a reset', async () => {
		const stream = await connect();
		await axios.post(`${stage.url}/_simulator/reset`);
		await until('it is closed', () => !stream.isOpen);
	});
});
