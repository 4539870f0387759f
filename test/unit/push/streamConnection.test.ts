/** Tests Stream connections against the simulator's gateway, over real sockets; and how frames are parsed. */
import { readAccount } from '../../../lib/dingtalk/account';
import { parseFrame } from '../../../lib/dingtalk/push/stream/frames';
import type { Subscriber } from '../../../lib/dingtalk/push/stream/workflowSubscription';
import { ReconnectingStream } from '../../../lib/dingtalk/push/stream/reconnectingStream';
import {
	SharedConnections,
	STREAM_ENVIRONMENT,
	type Unsubscribe,
} from '../../../lib/dingtalk/push/stream/sharedConnections';
import { MINUTE } from '../../../lib/dingtalk/utils/time';
import { installWebSocket } from '../../engine/support/webSocket';
import { until } from '../../engine/support/triggers';
import { startSimulator, type Simulator } from '../../simulator';
import { StreamHub } from '../../simulator/push/stream/hub';
import { FakeClock } from './fakeClock';

installWebSocket();

describe('A Stream connection', () => {
	let simulator: Simulator;
	let cleanup: Array<() => Promise<void>>;
	let clock: FakeClock;
	let subscribe: (subscriber: Subscriber) => Promise<Unsubscribe>;
	const connections = () => simulator.world.use(StreamHub).select({});

	const fetchTicket = async (): Promise<string> => {
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
		isStartingUp: false,
		prepare: async () => undefined,
		readAccount: async () =>
			readAccount({
				region: 'custom',
				baseUrl: simulator.url,
				clientId: 'sim-internal',
				clientSecret: 'sim-secret',
			}),
		requestTicket: fetchTicket,
		onChange: async () => undefined,
		onFailure: () => undefined,
		log: () => undefined,
		...more,
	});

	beforeEach(async () => {
		simulator = await startSimulator();
		cleanup = [];
		clock = new FakeClock();
		const shared = new SharedConnections({ ...STREAM_ENVIRONMENT, clock });
		subscribe = async (subscriber) => await shared.subscribe(subscriber);
	});
	afterEach(async () => {
		for (const close of cleanup) await close();
		await clock.advance(MINUTE);
		await simulator.close();
	});

	it('answers a ping with its content', async () => {
		cleanup.push(await subscribe(subscriber()));
		const [connection] = connections();
		connection.ping();
		await until(() => (connection.describe() as { pongs: number }).pongs === 1);
	});

	it('is closed after the last workflow has unsubscribed', async () => {
		const unsubscribe = await subscribe(subscriber());
		expect(connections()).toHaveLength(1);
		await unsubscribe();
		await clock.advance(MINUTE);
		await until(() => connections().length === 0);
	});

	it('cannot be opened twice with one ticket', async () => {
		const url = await fetchTicket();
		const open = async (): Promise<ReconnectingStream> => {
			const hooks = {
				requestTicket: async () => url,
				handleFrame: async () => 'SUCCESS' as const,
				onFailure: () => undefined,
				onOutage: () => undefined,
				onLasted: () => undefined,
				log: () => undefined,
			};
			const stream = new ReconnectingStream(hooks, STREAM_ENVIRONMENT);
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
		cleanup.push(await subscribe(subscriber({ onChange })));
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
