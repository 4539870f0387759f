/** DingTalk's own Stream SDK, connected to a simulator. */
import axios from 'axios';
import { DWClient, EventAck, type DWClientDownStream } from 'dingtalk-stream';

import { SECRET, type Stage } from './stage';
import { until } from './until';

const PUBLIC_HOST = 'https://api.dingtalk.com';

/** The SDK knows only the public address, so its request is sent on. */
function sendOn(stage: Stage): () => void {
	const interceptor = axios.interceptors.request.use((config) => {
		if (config.url?.startsWith(PUBLIC_HOST) === true) config.url = config.url.replace(PUBLIC_HOST, stage.url);
		return config;
	});
	return () => axios.interceptors.request.eject(interceptor);
}

export type Ack = (frame: DWClientDownStream) => 'SUCCESS' | 'LATER';

/** DingTalk's own Stream SDK, listening to a simulator. */
export class StreamClient {
	readonly frames: DWClientDownStream[] = [];
	readonly client: DWClient;

	private constructor(clientId: string, ack: Ack) {
		this.client = new DWClient({ clientId, clientSecret: SECRET, ua: 'conformance/1.0' });
		this.client.registerAllEventListener((frame) => {
			this.frames.push(frame);
			return { status: ack(frame) === 'LATER' ? EventAck.LATER : EventAck.SUCCESS, message: 'done' };
		});
	}

	static async connect(clientId = 'sim-internal', ack: Ack = () => 'SUCCESS'): Promise<StreamClient> {
		const stream = new StreamClient(clientId, ack);
		await stream.client.connect();
		await until('the Stream SDK is connected', () => stream.client.connected);
		return stream;
	}

	get eventIds(): Array<string | undefined> {
		return this.frames.map(({ headers }) => headers.eventId);
	}

	/** The content of the frames, read. */
	get changes(): Array<Record<string, unknown>> {
		return this.frames.map(({ data }) => JSON.parse(data) as Record<string, unknown>);
	}

	heard(count: number): Promise<void> {
		return until(`${count} events have come over Stream`, () => this.frames.length >= count);
	}

	close(): void {
		// Closed between two connections, the SDK would otherwise still open the next one, and take messages of a later test.
		this.client.config.autoReconnect = false;
		const stay = (): Promise<never> => Promise.reject(new Error('closed'));
		Object.assign(this.client, { getEndpoint: stay, _connect: stay });
		this.client.disconnect();
	}
}

/** Connects SDKs for a test, and disconnects them after it. */
export function useStreams(stage: Stage): { connect: typeof StreamClient.connect } {
	const open: StreamClient[] = [];
	let stopSendingOn: () => void = () => undefined;
	beforeAll(() => {
		stopSendingOn = sendOn(stage);
	});
	beforeEach(() => {
		// The SDK tells the console of every connection.
		jest.spyOn(console, 'info').mockImplementation(() => undefined);
		jest.spyOn(console, 'warn').mockImplementation(() => undefined);
	});
	afterEach(() => {
		for (const stream of open.splice(0)) stream.close();
		jest.restoreAllMocks();
	});
	afterAll(() => stopSendingOn());
	return {
		connect: async (...about) => {
			const stream = await StreamClient.connect(...about);
			open.push(stream);
			return stream;
		},
	};
}
