/** One WebSocket to DingTalk: hears frames, answers pings, notices that it is over. */
import { DingTalkError } from '../errors/DingTalkError';
import { acknowledge, pong, readFrame, type Frame, type Verdict } from './frames';
import { delayUntilAborted } from '../utils/abort';

/** `told`: DingTalk asked to go elsewhere; it closes ten seconds later. `silent`: nothing was heard for too long. */
export type Ending = 'closed' | 'told' | 'silent';

export interface Listener {
	/** Settles with what to answer, in time for DingTalk's deadline; never rejects. */
	receive(frame: Frame): Promise<Verdict>;
}

const OPEN = 1;

/** Node.js has it since version 22. */
export const hasWebSocket = (): boolean => typeof WebSocket !== 'undefined';

const notReached = (url: string): DingTalkError =>
	new DingTalkError({
		kind: 'network',
		message: `Could not open the Stream connection to ${new URL(url).host}`,
		advice:
			'Your n8n server must be able to open a WebSocket to this address on its own: it does not go through the proxy that is set for n8n. Ask whoever runs your firewall.',
	});

export class Connection {
	/** Something was heard: it works. */
	heard = false;
	/** Settles as soon as another connection is needed. The old one may still be open then. */
	readonly ended: Promise<Ending>;
	private end: (how: Ending) => void = () => undefined;
	private readonly over = new AbortController();
	private heardAt = Date.now();
	private readonly answering = new Set<Promise<void>>();

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
		socket.addEventListener('message', ({ data }: { data: unknown }) => this.hear(data));
		void this.listenForSilence(silenceMs);
	}

	/** Rejects when there is none within the time given. The ticket is in the URL, so errors name the host only. */
	static async open(
		url: string,
		listener: Listener,
		{ connectMs, silenceMs }: { connectMs: number; silenceMs: number },
	): Promise<Connection> {
		const socket = new WebSocket(url);
		const decided = new AbortController();
		socket.addEventListener('open', () => decided.abort());
		socket.addEventListener('error', () => decided.abort());
		socket.addEventListener('close', () => decided.abort());
		// What is sent with the handshake must find somebody who listens.
		const connection = new Connection(socket, listener, silenceMs);
		await delayUntilAborted(decided.signal, connectMs);
		if (socket.readyState === OPEN) return connection;
		connection.close();
		throw notReached(url);
	}

	close(): void {
		this.end('closed');
		this.socket.close();
	}

	/** Closes when everything that came is answered. */
	async retire(): Promise<void> {
		while (this.answering.size > 0) await Promise.all(this.answering);
		this.close();
	}

	private hear(data: unknown): void {
		this.heard = true;
		this.heardAt = Date.now();
		const frame = readFrame(data);
		if (frame?.type === 'SYSTEM') this.obey(frame);
		if (frame?.type !== 'EVENT') return;
		const answered = this.answer(frame).finally(() => this.answering.delete(answered));
		this.answering.add(answered);
	}

	private obey(frame: Frame): void {
		if (frame.topic === 'ping') this.send(pong(frame));
		if (frame.topic === 'disconnect') this.end('told');
	}

	private async answer(frame: Frame): Promise<void> {
		this.send(acknowledge(frame, await this.listener.receive(frame)));
	}

	/** Where it is closed by now, DingTalk has no answer and pushes again. */
	private send(text: string): void {
		if (this.socket.readyState === OPEN) this.socket.send(text);
	}

	/** A line that was cut without a word looks like one on which nothing happens. */
	private async listenForSilence(silenceMs: number): Promise<void> {
		for (;;) {
			const left = this.heardAt + silenceMs - Date.now();
			if (this.over.signal.aborted) return;
			if (left <= 0) return this.end('silent');
			await delayUntilAborted(this.over.signal, left);
		}
	}
}
