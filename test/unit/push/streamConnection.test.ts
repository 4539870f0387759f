/** Tests the Stream connection of an app against the simulator: reconnecting, acknowledging and parsing frames. */
import { readAccount } from '../../../lib/dingtalk/account';
import { DingTalkError } from '../../../lib/dingtalk/errors/DingTalkError';
import type { Change } from '../../../lib/dingtalk/push/parseChange';
import { parseFrame } from '../../../lib/dingtalk/push/stream/frames';
import { subscribe, type Subscriber } from '../../../lib/dingtalk/push/stream/sharedConnections';
import { ReconnectingStream, STREAM_TIMEOUTS } from '../../../lib/dingtalk/push/stream/reconnectingStream';
import { installWebSocket } from '../../engine/support/webSocket';
import { startSimulator, type Simulator } from '../../simulator';
import { StreamHub } from '../../simulator/push/stream/hub';

installWebSocket();

const QUICK = { ...STREAM_TIMEOUTS, minBackoffMs: 20, maxBackoffMs: 80, jitterMs: 0 };

async function until(condition: () => boolean): Promise<void> {
	while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('A Stream connection', () => {
	let simulator: Simulator;
	let requestTimes: number[];
	let cleanup: Array<() => Promise<void>>;
	const connections = () => simulator.world.use(StreamHub).select({});

	const fetchTicket = async (): Promise<string> => {
		requestTimes.push(Date.now());
		const response = await fetch(`${simulator.url}/v1.0/gateway/connections/open`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', accept: 'application/json' },
			body: JSON.stringify({
				clientId: 'sim-internal',
				clientSecret: 'sim-secret',
				subscriptions: [{ type: 'EVENT', topic: '*' }],
			}),
		});
		const { endpoint, ticket } = (await response.json()) as { endpoint: string; ticket: string };
		return `${endpoint}?ticket=${ticket}`;
	};
	const subscriber = (more: Partial<Subscriber> = {}): Subscriber => ({
		account: readAccount({
			region: 'custom',
			baseUrl: simulator.url,
			clientId: 'sim-internal',
			clientSecret: 'sim-secret',
		}),
		isStartingUp: false,
		requestTicket: fetchTicket,
		onChange: async () => undefined,
		onFailure: () => undefined,
		log: () => undefined,
		...more,
	});

	beforeEach(async () => {
		simulator = await startSimulator();
		requestTimes = [];
		cleanup = [];
	});
	afterEach(async () => {
		for (const close of cleanup) await close();
		await simulator.close();
	});

	it('is replaced if it is silent for too long, without losing what was pushed to it', async () => {
		const received: Change[] = [];
		const onChange = async (change: Change): Promise<void> => {
			received.push(change);
		};
		cleanup.push(await subscribe(subscriber({ onChange }), { ...QUICK, maxSilenceMs: 300 }));
		const [first] = connections();
		first.silent = true;
		await fetch(`${simulator.url}/_simulator/push`, {
			method: 'POST',
			body: JSON.stringify({ clientId: 'sim-internal', via: 'stream' }),
		});
		await until(() => received.length === 1);
		expect(connections().some(({ id }) => id !== first.id)).toBe(true);
		expect(requestTimes.length).toBeGreaterThan(1);
	});

	it('answers a ping with its content', async () => {
		cleanup.push(await subscribe(subscriber(), QUICK));
		const [connection] = connections();
		connection.ping();
		await until(() => (connection.describe() as { pongs: number }).pongs === 1);
	});

	it('is reopened with a backoff that doubles up to its maximum', async () => {
		let failures = 0;
		const requestTicket = async (): Promise<string> => {
			if (requestTimes.length > 0 && failures++ < 5) {
				requestTimes.push(Date.now());
				throw new DingTalkError({ kind: 'network', message: 'Unreachable', advice: '' });
			}
			return await fetchTicket();
		};
		cleanup.push(await subscribe(subscriber({ requestTicket }), QUICK));
		connections()[0].drop();
		await until(() => requestTimes.length === 7 && connections().length === 1);
		const pauses = requestTimes.slice(2).map((at, i) => at - requestTimes[i + 1]);
		// Only minimums: how much longer a wait takes depends on the machine.
		for (const [i, least] of [40, 80, 80, 80, 80].entries()) expect(pauses[i]).toBeGreaterThanOrEqual(least - 2);
	});

	it('is not reopened after the last workflow has unsubscribed', async () => {
		let isUnreachable = false;
		const requestTicket = async (): Promise<string> => {
			if (!isUnreachable) return await fetchTicket();
			requestTimes.push(Date.now());
			throw new DingTalkError({ kind: 'network', message: 'Unreachable', advice: '' });
		};
		const unsubscribe = await subscribe(subscriber({ requestTicket }), QUICK);
		isUnreachable = true;
		connections()[0].drop();
		await until(() => requestTimes.length >= 3);
		await unsubscribe();
		const before = requestTimes.length;
		await new Promise((resolve) => setTimeout(resolve, 200));
		expect(requestTimes.length).toBeLessThanOrEqual(before + 1);
		expect(connections()).toHaveLength(0);
	});

	it('cannot be opened twice with one ticket', async () => {
		const url = await fetchTicket();
		const open = async (): Promise<ReconnectingStream> => {
			const hooks = {
				requestTicket: async () => url,
				handleFrame: async () => 'SUCCESS' as const,
				onFailure: () => undefined,
				log: () => undefined,
			};
			const stream = new ReconnectingStream(hooks, QUICK);
			await stream.open();
			cleanup.push(async () => await stream.close());
			return stream;
		};
		await open();
		await expect(open()).rejects.toThrow(/Could not open the Stream connection to 127\.0\.0\.1:\d+$/);
	});

	it('asks DingTalk to push a change again until it is accepted', async () => {
		let attempts = 0;
		const onChange = async (): Promise<void> => {
			if (++attempts < 3) throw new Error('not now');
		};
		cleanup.push(await subscribe(subscriber({ onChange }), QUICK));
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
	])('ignores anything that is not a frame: %j', (text) => {
		expect(parseFrame(text)).toBeUndefined();
	});

	it('reads a frame with `header` instead of `headers`, as in one sample of the documentation', () => {
		const frame = parseFrame(
			'{"type":"EVENT","header":{"messageId":"m","topic":"dingTalk","eventId":"e"},"data":"{\\"a\\":1}"}',
		);
		expect(frame).toMatchObject({
			messageId: 'm',
			topic: 'dingTalk',
			deliveryHeaders: { eventId: 'e' },
			data: { a: 1 },
		});
	});
});
