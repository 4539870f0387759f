/** Keeps one app connected: a new ticket and a new connection whenever the old one is over, until it is closed. */
import { DingTalkError } from '../errors/DingTalkError';
import { WebSocketConnection, type EndReason, type Listener } from './webSocketConnection';
import { delayUntilAborted } from '../utils/abort';
import { MINUTE, SECOND } from '../utils/time';

export interface StreamTimeouts {
	/** From the second failure in a row on it doubles. */
	minBackoffMs: number;
	maxBackoffMs: number;
	/** Up to so much more, at random, so that thousands of clients do not come back in the same moment. */
	jitterMs: number;
	connectMs: number;
	/** DingTalk pings; how often it does not say. Nothing for so long means that the line is dead. */
	silenceMs: number;
}

/** The pauses are those of DingTalk's own SDK. */
export const STREAM_TIMEOUTS: StreamTimeouts = {
	minBackoffMs: SECOND,
	maxBackoffMs: MINUTE,
	jitterMs: SECOND,
	connectMs: 15 * SECOND,
	silenceMs: 150 * SECOND,
};

export interface StreamHooks extends Listener {
	/** Where to connect; each time anew. */
	ticket(): Promise<string>;
	/** The app is no longer welcome: nothing but somebody changing the credential helps. */
	failed(error: DingTalkError): void;
	log(message: string): void;
}

const ENDING_TEXTS: Record<EndReason, string> = {
	closed: 'was cut',
	told: 'was ended by DingTalk, which does so from time to time',
	silent: 'has been silent for too long',
};

export class ReconnectingStream {
	private readonly closing = new AbortController();
	private connection?: WebSocketConnection;

	constructor(
		private readonly hooks: StreamHooks,
		private readonly times: StreamTimeouts = STREAM_TIMEOUTS,
	) {}

	/** Rejects with the reason when there is no first connection; after it, nothing but `close` or `failed` ends the stream. */
	async open(): Promise<void> {
		const first = await this.connect();
		this.connection = first;
		void this.keepConnected(first);
	}

	/** Answers what has come, then closes. */
	async close(): Promise<void> {
		this.closing.abort();
		await this.connection?.closeWhenIdle();
	}

	private async connect(): Promise<WebSocketConnection> {
		return await WebSocketConnection.open(await this.hooks.ticket(), this.hooks, this.times);
	}

	private async keepConnected(first: WebSocketConnection): Promise<void> {
		let failures = 0;
		for (let current: WebSocketConnection | undefined = first; current;) {
			const ending = await current.ended;
			if (this.closing.signal.aborted) return;
			this.hooks.log(`The Stream connection ${ENDING_TEXTS[ending]}; connecting again`);
			// A connection that never worked is one more failure. One that is asked to leave is replaced at once.
			failures = current.hasReceived ? 0 : failures + 1;
			const next = await this.reconnect(ending === 'closed' ? Math.max(failures, 1) : failures);
			// Only now: until then the old one may have brought something.
			void current.closeWhenIdle();
			current = next;
		}
	}

	/** Undefined when there shall be no other connection. */
	private async reconnect(failuresBefore: number): Promise<WebSocketConnection | undefined> {
		for (let failures = failuresBefore; ; failures++) {
			if (failures > 0) await delayUntilAborted(this.closing.signal, this.backoffMs(failures));
			if (this.closing.signal.aborted) return undefined;
			const outcome = await this.connect().catch((error: Error) => error);
			if (outcome instanceof WebSocketConnection) return this.adopt(outcome);
			if (outcome instanceof DingTalkError && outcome.kind === 'credentials') {
				this.hooks.failed(outcome);
				return undefined;
			}
			this.hooks.log(`${outcome.message}; trying again`);
		}
	}

	/** It may have been closed while the connection was on its way. */
	private adopt(connection: WebSocketConnection): WebSocketConnection | undefined {
		if (this.closing.signal.aborted) {
			connection.close();
			return undefined;
		}
		this.connection = connection;
		return connection;
	}

	private backoffMs(failures: number): number {
		const { minBackoffMs: firstPauseMs, maxBackoffMs: longestPauseMs, jitterMs } = this.times;
		return Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs) + Math.random() * jitterMs;
	}
}
