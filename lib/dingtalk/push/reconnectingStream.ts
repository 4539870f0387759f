/** Keeps one app connected to Stream: replaces a lost connection, with a new ticket, until it is closed. */
import { DingTalkError } from '../errors/DingTalkError';
import { delayUntilAborted } from '../utils/abort';
import { MINUTE, SECOND } from '../utils/time';
import {
	WebSocketConnection,
	type ConnectionTimeouts,
	type DisconnectReason,
	type FrameHandler,
} from './webSocketConnection';

export interface StreamTimeouts extends ConnectionTimeouts {
	/** The wait after the first failure; it doubles with each further failure in a row. */
	minBackoffMs: number;
	maxBackoffMs: number;
	/** A random addition to each wait, so that thousands of clients do not reconnect at the same moment. */
	jitterMs: number;
}

/** The backoff is the one of DingTalk's own SDK. */
export const STREAM_TIMEOUTS: StreamTimeouts = {
	minBackoffMs: SECOND,
	maxBackoffMs: MINUTE,
	jitterMs: SECOND,
	connectTimeoutMs: 15 * SECOND,
	maxSilenceMs: 150 * SECOND,
};

export interface StreamCallbacks extends FrameHandler {
	/** Returns the URL for one connection. */
	requestTicket(): Promise<string>;
	/** DingTalk no longer accepts the app's credential; the stream has ended. */
	onFailure(error: DingTalkError): void;
	log(message: string): void;
}

const DISCONNECT_TEXTS: Record<DisconnectReason, string> = {
	closed: 'was lost',
	requested: 'was closed by DingTalk, which happens from time to time',
	silent: 'has been silent for too long',
};

export class ReconnectingStream {
	private readonly closing = new AbortController();
	private connection?: WebSocketConnection;

	constructor(
		private readonly callbacks: StreamCallbacks,
		private readonly timeouts: StreamTimeouts = STREAM_TIMEOUTS,
	) {}

	/** Rejects if the first connection fails. After that, the stream ends only with `close` or `onFailure`. */
	async open(): Promise<void> {
		const first = await this.connect();
		this.connection = first;
		void this.keepConnected(first);
	}

	/** Closes once everything that was received has been acknowledged. */
	async close(): Promise<void> {
		this.closing.abort();
		await this.connection?.closeWhenIdle();
	}

	private async connect(): Promise<WebSocketConnection> {
		return await WebSocketConnection.open(await this.callbacks.requestTicket(), this.callbacks, this.timeouts);
	}

	private async keepConnected(first: WebSocketConnection): Promise<void> {
		let failures = 0;
		for (let current: WebSocketConnection | undefined = first; current;) {
			const reason = await current.disconnected;
			if (this.closing.signal.aborted) return;
			this.callbacks.log(`The Stream connection ${DISCONNECT_TEXTS[reason]}; reconnecting`);
			// A connection that never received anything counts as a failure. One that DingTalk asks to close is replaced at once.
			failures = current.hasReceived ? 0 : failures + 1;
			const next = await this.reconnect(reason === 'closed' ? Math.max(failures, 1) : failures);
			// Not earlier: the old connection may still receive changes while the new one is opened.
			void current.closeWhenIdle();
			current = next;
		}
	}

	/** Returns undefined if there is to be no further connection. */
	private async reconnect(failuresBefore: number): Promise<WebSocketConnection | undefined> {
		for (let failures = failuresBefore; ; failures++) {
			if (failures > 0) await delayUntilAborted(this.closing.signal, this.backoffMs(failures));
			if (this.closing.signal.aborted) return undefined;
			const outcome = await this.connect().catch((error: Error) => error);
			if (outcome instanceof WebSocketConnection) return this.adopt(outcome);
			if (outcome instanceof DingTalkError && outcome.kind === 'credentials') {
				this.callbacks.onFailure(outcome);
				return undefined;
			}
			this.callbacks.log(`${outcome.message}; retrying`);
		}
	}

	/** The stream may have been closed while the connection was being opened. */
	private adopt(connection: WebSocketConnection): WebSocketConnection | undefined {
		if (this.closing.signal.aborted) {
			connection.close();
			return undefined;
		}
		this.connection = connection;
		return connection;
	}

	private backoffMs(failures: number): number {
		const { minBackoffMs, maxBackoffMs, jitterMs } = this.timeouts;
		return Math.min(minBackoffMs * 2 ** (failures - 1), maxBackoffMs) + Math.random() * jitterMs;
	}
}
