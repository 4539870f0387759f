/** Keeps one app connected: a new ticket and a new connection whenever the old one is over, until it is closed. */
import { DingTalkError } from '../errors/DingTalkError';
import { Connection, type Ending, type Listener } from './webSocketConnection';
import { delayUntilAborted } from '../utils/abort';
import { MINUTE, SECOND } from '../utils/time';

export interface StreamTimes {
	/** From the second failure in a row on it doubles. */
	firstPauseMs: number;
	longestPauseMs: number;
	/** Up to so much more, at random, so that thousands of clients do not come back in the same moment. */
	jitterMs: number;
	connectMs: number;
	/** DingTalk pings; how often it does not say. Nothing for so long means that the line is dead. */
	silenceMs: number;
}

/** The pauses are those of DingTalk's own SDK. */
export const STREAM_TIMES: StreamTimes = {
	firstPauseMs: SECOND,
	longestPauseMs: MINUTE,
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

const WORDS: Record<Ending, string> = {
	closed: 'was cut',
	told: 'was ended by DingTalk, which does so from time to time',
	silent: 'has been silent for too long',
};

export class Stream {
	private readonly closing = new AbortController();
	private connection?: Connection;

	constructor(
		private readonly hooks: StreamHooks,
		private readonly times: StreamTimes = STREAM_TIMES,
	) {}

	/** Rejects with the reason when there is no first connection; after it, nothing but `close` or `failed` ends the stream. */
	async open(): Promise<void> {
		const first = await this.connect();
		this.connection = first;
		void this.stayConnected(first);
	}

	/** Answers what has come, then closes. */
	async close(): Promise<void> {
		this.closing.abort();
		await this.connection?.retire();
	}

	private async connect(): Promise<Connection> {
		return await Connection.open(await this.hooks.ticket(), this.hooks, this.times);
	}

	private async stayConnected(first: Connection): Promise<void> {
		let failures = 0;
		for (let current: Connection | undefined = first; current;) {
			const ending = await current.ended;
			if (this.closing.signal.aborted) return;
			this.hooks.log(`The Stream connection ${WORDS[ending]}; connecting again`);
			// A connection that never worked is one more failure. One that is asked to leave is replaced at once.
			failures = current.heard ? 0 : failures + 1;
			const next = await this.reconnect(ending === 'closed' ? Math.max(failures, 1) : failures);
			// Only now: until then the old one may have brought something.
			void current.retire();
			current = next;
		}
	}

	/** Undefined when there shall be no other connection. */
	private async reconnect(failuresBefore: number): Promise<Connection | undefined> {
		for (let failures = failuresBefore; ; failures++) {
			if (failures > 0) await delayUntilAborted(this.closing.signal, this.pauseAfter(failures));
			if (this.closing.signal.aborted) return undefined;
			const outcome = await this.connect().catch((error: Error) => error);
			if (outcome instanceof Connection) return this.adopted(outcome);
			if (outcome instanceof DingTalkError && outcome.kind === 'credentials') {
				this.hooks.failed(outcome);
				return undefined;
			}
			this.hooks.log(`${outcome.message}; trying again`);
		}
	}

	/** It may have been closed while the connection was on its way. */
	private adopted(connection: Connection): Connection | undefined {
		if (this.closing.signal.aborted) {
			connection.close();
			return undefined;
		}
		this.connection = connection;
		return connection;
	}

	private pauseAfter(failures: number): number {
		const { firstPauseMs, longestPauseMs, jitterMs } = this.times;
		return Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs) + Math.random() * jitterMs;
	}
}
