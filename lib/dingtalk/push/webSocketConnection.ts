/** One WebSocket to DingTalk: hears frames, answers pings, notices that it is over. */
import { DingTalkError } from '../errors/DingTalkError';
import { acknowledge, pong, parseFrame, type Frame, type Acknowledgement } from './frames';
import { delayUntilAborted } from '../utils/abort';

/** `told`: DingTalk asked to go elsewhere; it closes ten seconds later. `silent`: nothing was heard for too long. */
export type EndReason = 'closed' | 'told' | 'silent';

export interface Listener {
	/** Settles with what to answer, in time for DingTalk's deadline; never rejects. */
	receive(frame: Frame): Promise<Acknowledgement>;
}

const OPEN = 1;

/** Node.js has it since version 22. */
export const hasWebSocket = (): boolean => typeof WebSocket !== 'undefined';

const connectionError = (url: string): DingTalkError =>
	new DingTalkError({
		kind: 'network',
		message: `Could not open the Stream connection to ${new URL(url).host}`,
		advice:
			'Your n8n server must be able to open a WebSocket to this address on its own: it does not go through the proxy that is set for n8n. Ask whoever runs your firewall.',
	});

export class WebSocketConnection {
	/** Something was heard: it works. */
	hasReceived = false;
	/** Settles as soon as another connection is needed. The old one may still be open then. */
	readonly ended: Promise<EndReason>;
	private end: (how: EndReason) => void = () => undefined;
	private readonly over = new AbortController();
	private lastReceivedAt = Date.now();
	private readonly pendingResponses = new Set<Promise<void>>();

	private constructor(
		private readonly socket: WebSocket,
		private readonly listener: Listener,
		silenceMs: number,
	) {
		this.ended = new Promise((resolve) => {
			this.end = (how) => {
				resolve(how);
				this.over.abort();
			};
		});
		socket.addEventListener('close', () => this.end('closed'));
		socket.addEventListener('message', ({ data }: { data: unknown }) => this.onMessage(data));
		void this.detectSilence(silenceMs);
	}

	/** Rejects when there is none within the time given. The ticket is in the URL, so errors name the host only. */
	static async open(
		url: string,
		listener: Listener,
		{ connectMs, silenceMs }: { connectMs: number; silenceMs: number },
	): Promise<WebSocketConnection> {
		const socket = new WebSocket(url);
		const decided = new AbortController();
		socket.addEventListener('open', () => decided.abort());
		socket.addEventListener('error', () => decided.abort());
		socket.addEventListener('close', () => decided.abort());
		// What is sent with the handshake must find somebody who listens.
		const connection = new WebSocketConnection(socket, listener, silenceMs);
		await delayUntilAborted(decided.signal, connectMs);
		if (socket.readyState === OPEN) return connection;
		connection.close();
		throw connectionError(url);
	}

	close(): void {
		this.end('closed');
		this.socket.close();
	}

	/** Closes when everything that came is answered. */
	async closeWhenIdle(): Promise<void> {
		while (this.pendingResponses.size > 0) await Promise.all(this.pendingResponses);
		this.close();
	}

	private onMessage(data: unknown): void {
		this.hasReceived = true;
		this.lastReceivedAt = Date.now();
		const frame = parseFrame(data);
		if (frame?.type === 'SYSTEM') this.onSystemFrame(frame);
		if (frame?.type !== 'EVENT') return;
		const answered = this.respond(frame).finally(() => this.pendingResponses.delete(answered));
		this.pendingResponses.add(answered);
	}

	private onSystemFrame(frame: Frame): void {
		if (frame.topic === 'ping') this.send(pong(frame));
		if (frame.topic === 'disconnect') this.end('told');
	}

	private async respond(frame: Frame): Promise<void> {
		this.send(acknowledge(frame, await this.listener.receive(frame)));
	}

	/** Where it is closed by now, DingTalk has no answer and pushes again. */
	private send(text: string): void {
		if (this.socket.readyState === OPEN) this.socket.send(text);
	}

	/** A line that was cut without a word looks like one on which nothing happens. */
	private async detectSilence(silenceMs: number): Promise<void> {
		for (;;) {
			const left = this.lastReceivedAt + silenceMs - Date.now();
			if (this.over.signal.aborted) return;
			if (left <= 0) return this.end('silent');
			await delayUntilAborted(this.over.signal, left);
		}
	}
}
