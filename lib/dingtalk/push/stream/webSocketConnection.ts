/** One WebSocket connection to DingTalk: receives frames, replies to pings and notices when the connection is lost. */
import { DingTalkError } from '../../errors/DingTalkError';
import type { Clock } from '../../utils/clock';
import { createAck, createPong, parseFrame, type AckStatus, type Frame } from './frames';
import { t } from '../../../locale/t';

/** `requested`: DingTalk asked for a new connection and closes this one ten seconds later. `silent`: nothing was received. */
export type DisconnectReason = 'closed' | 'requested' | 'silent';

export interface FrameHandler {
	/** Resolves with the acknowledgement, within DingTalk's time limit; never rejects. */
	handleFrame(frame: Frame): Promise<AckStatus>;
}

/** What connections need from outside; tests replace it. */
export interface StreamEnvironment {
	clock: Clock;
	createSocket(url: string): WebSocket;
}

export interface ConnectionTimeouts {
	connectTimeoutMs: number;
	/** How long nothing may be received until the connection counts as lost. How often DingTalk pings is not documented. */
	maxSilenceMs: number;
}

const OPEN = 1;

/** Node.js has a WebSocket client since version 22. */
export const hasWebSocket = (): boolean => typeof WebSocket !== 'undefined';

const connectionError = (url: string): DingTalkError =>
	new DingTalkError({
		kind: 'network',
		message: t`Could not open the Stream connection to ${new URL(url).host}`,
		advice: t`Your n8n server must be able to open a WebSocket to this address directly: the proxy that is configured for n8n is not used. Ask your network administrator to allow it.`,
	});

export class WebSocketConnection {
	/** Resolves as soon as a new connection is needed. This one may still be open then. */
	readonly disconnected: Promise<DisconnectReason>;
	/** Resolves when the socket is closed, with whether the other side was there to confirm it. */
	readonly closed: Promise<boolean>;
	/** Aborted as soon as a new connection is needed. */
	readonly ending = new AbortController();
	private hasReceived = false;
	private readonly openedAt: number;
	private lastReceivedAt: number;
	private disconnect: (reason: DisconnectReason) => void = () => undefined;
	private readonly pendingReplies = new Set<Promise<void>>();

	private constructor(
		private readonly socket: WebSocket,
		private readonly handler: FrameHandler,
		private readonly clock: Clock,
		maxSilenceMs: number,
	) {
		this.openedAt = clock.now();
		this.lastReceivedAt = this.openedAt;
		this.disconnected = new Promise((resolve) => {
			this.disconnect = (reason) => {
				resolve(reason);
				this.ending.abort();
			};
		});
		this.closed = new Promise((resolve) => {
			socket.addEventListener('close', ({ wasClean }: { wasClean?: boolean }) => resolve(wasClean === true));
		});
		socket.addEventListener('close', () => this.disconnect('closed'));
		socket.addEventListener('message', ({ data }: { data: unknown }) => this.onMessage(data));
		void this.detectSilence(maxSilenceMs);
	}

	/** Rejects if there is no connection in time. The ticket is part of the URL, so errors show only the host. */
	static async open(
		url: string,
		handler: FrameHandler,
		{ clock, createSocket }: StreamEnvironment,
		{ connectTimeoutMs, maxSilenceMs }: ConnectionTimeouts,
	): Promise<WebSocketConnection> {
		const socket = createSocket(url);
		const settled = new AbortController();
		socket.addEventListener('open', () => settled.abort());
		socket.addEventListener('error', () => settled.abort());
		socket.addEventListener('close', () => settled.abort());
		// Listens from the start: frames may arrive together with the handshake.
		const connection = new WebSocketConnection(socket, handler, clock, maxSilenceMs);
		await clock.delay(connectTimeoutMs, settled.signal);
		if (socket.readyState === OPEN) return connection;
		connection.close();
		throw connectionError(url);
	}

	/** Whether this was a real connection: it has received something and has existed for this time. */
	hasLasted(ms: number): boolean {
		return this.hasReceived && this.clock.now() - this.openedAt >= ms;
	}

	close(): void {
		this.disconnect('closed');
		this.socket.close();
	}

	/** Closes once everything that was received has been acknowledged. */
	async closeWhenIdle(): Promise<void> {
		while (this.pendingReplies.size > 0) await Promise.all(this.pendingReplies);
		this.close();
	}

	private onMessage(data: unknown): void {
		this.hasReceived = true;
		this.lastReceivedAt = this.clock.now();
		const frame = parseFrame(data);
		if (frame?.type === 'SYSTEM') this.onSystemFrame(frame);
		if (frame?.type !== 'EVENT') return;
		const reply = this.acknowledge(frame).finally(() => this.pendingReplies.delete(reply));
		this.pendingReplies.add(reply);
	}

	private onSystemFrame(frame: Frame): void {
		if (frame.topic === 'ping') this.send(createPong(frame));
		if (frame.topic === 'disconnect') this.disconnect('requested');
	}

	private async acknowledge(frame: Frame): Promise<void> {
		this.send(createAck(frame, await this.handler.handleFrame(frame)));
	}

	/** If the connection is closed by now, DingTalk gets no reply and pushes the event again. */
	private send(text: string): void {
		if (this.socket.readyState === OPEN) this.socket.send(text);
	}

	/** A connection that is cut without notice looks the same as one on which nothing happens. */
	private async detectSilence(maxSilenceMs: number): Promise<void> {
		for (;;) {
			const remainingMs = this.lastReceivedAt + maxSilenceMs - this.clock.now();
			if (this.ending.signal.aborted) return;
			if (remainingMs <= 0) return this.disconnect('silent');
			await this.clock.delay(remainingMs, this.ending.signal);
		}
	}
}
