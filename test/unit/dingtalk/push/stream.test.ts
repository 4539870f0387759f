import { readAccount } from '../../../../lib/dingtalk/account';
import { DingTalkError } from '../../../../lib/dingtalk/errors/DingTalkError';
import type { Change } from '../../../../lib/dingtalk/push/parseChange';
import { parseFrame } from '../../../../lib/dingtalk/push/frames';
import { join, type Subscriber } from '../../../../lib/dingtalk/push/sharedConnections';
import { ReconnectingStream, STREAM_TIMEOUTS } from '../../../../lib/dingtalk/push/reconnectingStream';
import { installWebSocket } from '../../../engine/support/webSocket';
import { startSimulator, type Simulator } from '../../../simulator';
import { StreamHub } from '../../../simulator/push/stream/hub';

installWebSocket();

const QUICK = { ...STREAM_TIMEOUTS, firstPauseMs: 20, longestPauseMs: 80, jitterMs: 0 };

async function until(what: () => boolean): Promise<void> {
	while (!what()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('A Stream connection', () => {
	let simulator: Simulator;
	let tickets: number[];
	let leave: Array<() => Promise<void>>;
	const connections = () => simulator.world.use(StreamHub).select({});

	const buy = async (): Promise<string> => {
		tickets.push(Date.now());
		const answer = await fetch(`${simulator.url}/v1.0/gateway/connections/open`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', accept: 'application/json' },
			body: JSON.stringify({
				clientId: 'sim-internal',
				clientSecret: 'sim-secret',
				subscriptions: [{ type: 'EVENT', topic: '*' }],
			}),
		});
		const { endpoint, ticket } = (await answer.json()) as { endpoint: string; ticket: string };
		return `${endpoint}?ticket=${ticket}`;
	};
	const subscriber = (more: Partial<Subscriber> = {}): Subscriber => ({
		account: readAccount({
			region: 'custom',
			baseUrl: simulator.url,
			clientId: 'sim-internal',
			clientSecret: 'sim-secret',
		}),
		isStartup: false,
		requestTicket: buy,
		onChange: async () => undefined,
		onFailure: () => undefined,
		log: () => undefined,
		...more,
	});

	beforeEach(async () => {
		simulator = await startSimulator();
		tickets = [];
		leave = [];
	});
	afterEach(async () => {
		for (const one of leave) await one();
		await simulator.close();
	});

	it('is replaced when nothing is heard on it for too long, and nothing that was pushed into it is lost', async () => {
		const taken: Change[] = [];
		const take = async (change: Change): Promise<void> => {
			taken.push(change);
		};
		leave.push(await join(subscriber({ onChange: take }), { ...QUICK, silenceMs: 300 }));
		const [first] = connections();
		first.silent = true;
		await fetch(`${simulator.url}/_simulator/push`, {
			method: 'POST',
			body: JSON.stringify({ clientId: 'sim-internal', via: 'stream' }),
		});
		await until(() => taken.length === 1);
		expect(connections().some(({ id }) => id !== first.id)).toBe(true);
		expect(tickets.length).toBeGreaterThan(1);
	});

	it('answers pings with what was in them', async () => {
		leave.push(await join(subscriber(), QUICK));
		const [connection] = connections();
		connection.ping();
		await until(() => (connection.shown() as { pongs: number }).pongs === 1);
	});

	it('comes back after pauses that double up to the longest', async () => {
		let refusals = 0;
		const ticket = async (): Promise<string> => {
			if (tickets.length > 0 && refusals++ < 5) {
				tickets.push(Date.now());
				throw new DingTalkError({ kind: 'network', message: 'Away', advice: '' });
			}
			return await buy();
		};
		leave.push(await join(subscriber({ requestTicket: ticket }), QUICK));
		connections()[0].drop();
		await until(() => tickets.length === 7 && connections().length === 1);
		const pauses = tickets.slice(2).map((at, i) => at - tickets[i + 1]);
		// At least as long as wanted; how much longer is up to the machine.
		for (const [i, least] of [40, 80, 80, 80, 80].entries()) expect(pauses[i]).toBeGreaterThanOrEqual(least - 2);
	});

	it('ends its attempts when the last workflow leaves meanwhile', async () => {
		let isAway = false;
		const ticket = async (): Promise<string> => {
			if (!isAway) return await buy();
			tickets.push(Date.now());
			throw new DingTalkError({ kind: 'network', message: 'Away', advice: '' });
		};
		const quit = await join(subscriber({ requestTicket: ticket }), QUICK);
		isAway = true;
		connections()[0].drop();
		await until(() => tickets.length >= 3);
		await quit();
		const { length } = tickets;
		await new Promise((resolve) => setTimeout(resolve, 200));
		expect(tickets.length).toBeLessThanOrEqual(length + 1);
		expect(connections()).toHaveLength(0);
	});

	it('cannot be opened twice with one ticket', async () => {
		const url = await buy();
		const open = async (): Promise<ReconnectingStream> => {
			const hooks = {
				ticket: async () => url,
				receive: async () => 'SUCCESS' as const,
				failed: () => undefined,
				log: () => undefined,
			};
			const stream = new ReconnectingStream(hooks, QUICK);
			await stream.open();
			leave.push(async () => await stream.close());
			return stream;
		};
		await open();
		await expect(open()).rejects.toThrow(/Could not open the Stream connection to 127\.0\.0\.1:\d+$/);
	});

	it('asks again for what came when nobody was there to take it', async () => {
		let attempts = 0;
		const take = async (): Promise<void> => {
			if (++attempts < 3) throw new Error('not now');
		};
		leave.push(await join(subscriber({ onChange: take }), QUICK));
		await fetch(`${simulator.url}/_simulator/push`, {
			method: 'POST',
			body: JSON.stringify({ clientId: 'sim-internal', via: 'stream' }),
		});
		await until(() => attempts === 3);
	});

	it.each([
		undefined,
		7,
		'',
		'x',
		'[]',
		'{}',
		'{"headers":7}',
		'{"headers":{}}',
		'{"headers":{"messageId":"m"}}',
		'{"type":{},"headers":{"messageId":"m"}}',
	])('takes nothing for a frame that is none: %s', (text) => {
		expect(parseFrame(text)).toBeUndefined();
	});

	it('reads a frame whose headers lack their s, as in one sample of the documentation', () => {
		const frame = parseFrame(
			'{"type":"EVENT","header":{"messageId":"m","topic":"dingTalk","eventId":"e"},"data":"{\\"a\\":1}"}',
		);
		expect(frame).toMatchObject({ messageId: 'm', topic: 'dingTalk', delivery: { eventId: 'e' }, data: { a: 1 } });
	});
});
