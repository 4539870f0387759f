/** Keeps one app connected to Stream: replaces a lost connection, with a new ticket, until it is closed. */
import { MINUTE, SECOND } from '../../utils/time';
import { isPermanent, outageError } from './streamErrors';
import {
	WebSocketConnection,
	type ConnectionTimeouts,
	type DisconnectReason,
	type FrameHandler,
	type StreamEnvironment,
} from './webSocketConnection';
import { t } from '../../../locale/t';
import { settle } from '../../errors/settle';

export interface StreamTimeouts extends ConnectionTimeouts {
	/** The wait after the first failure; it doubles with each further failure until a connection has lasted. */
	minBackoffMs: number;
	maxBackoffMs: number;
	/** A random addition to each wait, so that thousands of clients do not reconnect at the same moment. */
	jitterMs: number;
	/** How long a connection must exist until its end no longer counts as a failure to connect. */
	lastedMs: number;
	/** How long there may be no lasting connection until the user is informed. */
	reportAfterMs: number;
}

/** At most twelve tickets in ten minutes, even from a gateway that closes each connection at once. */
export const STREAM_TIMEOUTS: StreamTimeouts = {
	minBackoffMs: SECOND,
	maxBackoffMs: 2 * MINUTE,
	jitterMs: SECOND,
	connectTimeoutMs: 15 * SECOND,
	maxSilenceMs: 150 * SECOND,
	lastedMs: MINUTE,
	reportAfterMs: 10 * MINUTE,
};

/** A quiet gateway is not asked for a new connection more often than that; a cut cable is noticed no later. */
const LONGEST_SILENCE_MS = 20 * MINUTE;

export interface StreamCallbacks extends FrameHandler {
	/** Returns the URL for one connection. */
	requestTicket(): Promise<string>;
	/** DingTalk refuses the app until something is changed; the stream has ended. */
	onFailure(error: Error): void;
	/** There has been no lasting connection for a long time; attempts continue. */
	onOutage(error: Error): void;
	/** A connection has lasted. */
	onLasted(): void;
	log(message: string): void;
}

const DISCONNECT_TEXTS: Record<DisconnectReason, string> = {
	closed: t`was lost`,
	requested: t`was closed by DingTalk, which happens from time to time`,
	silent: t`has been silent for too long`,
};

export const backoffMs = (failures: number, { minBackoffMs, maxBackoffMs }: StreamTimeouts): number =>
	Math.min(minBackoffMs * 2 ** (failures - 1), maxBackoffMs);

export class ReconnectingStream {
	private readonly closing = new AbortController();
	private connection?: WebSocketConnection;
	/** Connections that could not be opened or did not last, since the last one that did. */
	private failures = 0;
	private maxSilenceMs: number;
	/** Since when there has been no lasting connection. */
	private outage?: { since: number; lastError?: Error; isReported: boolean };

	constructor(
		private readonly callbacks: StreamCallbacks,
		private readonly environment: StreamEnvironment,
		private readonly timeouts: StreamTimeouts = STREAM_TIMEOUTS,
	) {
		this.maxSilenceMs = timeouts.maxSilenceMs;
	}

	/** Rejects if the first connection fails. After that, the stream ends only with `close` or `onFailure`. */
	async open(): Promise<void> {
		const first = this.adopt(await this.connect());
		if (first) void this.keepConnected(first);
	}

	/** Closes once everything that was received has been acknowledged. */
	async close(): Promise<void> {
		this.closing.abort();
		await this.connection?.closeWhenIdle();
	}

	private async connect(): Promise<WebSocketConnection> {
		const url = await this.callbacks.requestTicket();
		const timeouts = { ...this.timeouts, maxSilenceMs: this.maxSilenceMs };
		return await WebSocketConnection.open(url, this.callbacks, this.environment, timeouts);
	}

	private async keepConnected(first: WebSocketConnection): Promise<void> {
		for (let current: WebSocketConnection | undefined = first; current;) {
			void this.noticeLasting(current);
			const reason = await current.disconnected;
			if (this.closing.signal.aborted) return;
			this.callbacks.log(t`The Stream connection ${DISCONNECT_TEXTS[reason]}; reconnecting`);
			if (current.hasLasted(this.timeouts.lastedMs)) this.onLasted();
			else this.failures++;
			this.outage ??= { since: this.now, isReported: false };
			// A connection that lasted and that DingTalk asks to replace is replaced at once.
			if (reason === 'closed') this.failures = Math.max(this.failures, 1);
			const next = await this.reconnect();
			// Not earlier: the old connection may still receive changes while the new one is opened.
			await this.retire(current, reason);
			current = next;
		}
	}

	/** Returns undefined if there is to be no further connection. */
	private async reconnect(): Promise<WebSocketConnection | undefined> {
		for (; ; this.failures++) {
			if (this.failures > 0) await this.waitBeforeAttempt();
			if (this.closing.signal.aborted) return undefined;
			const outcome = await settle(this.connect());
			if (outcome instanceof WebSocketConnection) return this.adopt(outcome);
			if (this.closing.signal.aborted) return undefined;
			if (isPermanent(outcome)) {
				this.closing.abort();
				this.callbacks.onFailure(outcome);
				return undefined;
			}
			if (this.outage) this.outage.lastError = outcome;
			this.callbacks.log(t`${outcome.message}; retrying`);
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

	/**
	 * Closes a connection that has been replaced. WebSocket's own pings are not visible here, so a connection may be silent
	 * although it works. One that confirms that it is closed was working, and the next one may be silent for longer.
	 */
	private async retire(connection: WebSocketConnection, reason: DisconnectReason): Promise<void> {
		const closing = connection.closeWhenIdle();
		if (reason !== 'silent') return;
		void closing.then(async () => {
			if (!(await connection.closed)) return;
			this.maxSilenceMs = Math.min(this.maxSilenceMs * 2, LONGEST_SILENCE_MS);
			this.onLasted();
		});
	}

	private async noticeLasting(connection: WebSocketConnection): Promise<void> {
		const { clock } = this.environment;
		const { signal } = connection.ending;
		while (!signal.aborted) {
			await clock.delay(this.timeouts.lastedMs, signal);
			if (!signal.aborted && connection.hasLasted(this.timeouts.lastedMs)) return this.onLasted();
		}
	}

	private onLasted(): void {
		this.failures = 0;
		this.outage = undefined;
		this.callbacks.onLasted();
	}

	/** Informs the user in the middle of the wait if it is time to. */
	private async waitBeforeAttempt(): Promise<void> {
		const { reportAfterMs, jitterMs } = this.timeouts;
		const until = this.now + backoffMs(this.failures, this.timeouts) + Math.random() * jitterMs;
		const { outage } = this;
		if (outage && !outage.isReported && outage.since + reportAfterMs <= until) {
			await this.wait(outage.since + reportAfterMs);
			if (this.closing.signal.aborted) return;
			outage.isReported = true;
			this.callbacks.onOutage(outageError(outage.lastError));
		}
		await this.wait(until);
	}

	private async wait(until: number): Promise<void> {
		await this.environment.clock.delay(Math.max(until - this.now, 0), this.closing.signal);
	}

	private get now(): number {
		return this.environment.clock.now();
	}
}
