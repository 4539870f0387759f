/** One Stream connection: frames, acknowledgements and pings. */
import { randomUUID } from 'node:crypto';

import { WebSocket, type RawData } from 'ws';

import { Limits } from '../../limits';
import type { World } from '../../world';
import type { Attempt, PushRecord } from '../record';
import { eventFrame, newMessageId, parseResponse, systemFrame, type FrameResponse, type Frame } from './frames';
import type { Admission } from './tickets';

interface InFlight {
	record: PushRecord;
	attempt: Attempt;
	cancelTimeout: () => void;
}

/** Callbacks for the outcome of messages. */
export interface ConnectionHandlers {
	accepted(record: PushRecord): void;
	refused(record: PushRecord): void;
	unanswered(record: PushRecord): void;
	closed(connection: Connection, unanswered: PushRecord[]): void;
}

/** One WebSocket connection of one app. */
export class Connection {
	readonly id = randomUUID();
	/** Still connected, but sends and receives nothing, like an unplugged cable. */
	silent = false;
	/** Was asked to disconnect and receives no more events. */
	leaving = false;
	private readonly openedAt: string;
	private readonly counts = { pings: 0, pongs: 0, events: 0, accepted: 0, refused: 0, unanswered: 0 };
	private readonly inFlight = new Map<string, InFlight>();
	private readonly pings = new Set<string>();
	private stopPinging: () => void = () => undefined;

	constructor(
		readonly admission: Admission,
		private readonly socket: WebSocket,
		private readonly world: World,
		private readonly handlers: ConnectionHandlers,
	) {
		this.openedAt = new Date(world.clock.now()).toISOString();
		socket.on('message', (data: RawData) => this.receive(Buffer.from(data as Buffer).toString('utf8')));
		socket.on('ping', (data: Buffer) => {
			if (!this.silent) socket.pong(data);
		});
		socket.on('close', () => this.handleClose());
		// A close event follows, which is handled above.
		socket.on('error', () => undefined);
		this.schedulePing();
	}

	get clientId(): string {
		return this.admission.clientId;
	}

	accepts(eventType: string): boolean {
		if (this.leaving || this.socket.readyState !== WebSocket.OPEN) return false;
		return this.admission.subscriptions.some(
			({ type, topic }) => type === 'EVENT' && (topic === '*' || topic === eventType),
		);
	}

	welcome(): void {
		this.send(systemFrame('CONNECTED', { sessionId: this.id }, this.world));
		this.send(systemFrame('REGISTERED', {}, this.world));
	}

	push(record: PushRecord, attempt: Attempt): void {
		const messageId = attempt.messageId ?? newMessageId();
		const { streamAckMs } = this.world.use(Limits).values;
		const callOff =
			streamAckMs === null ? () => undefined : this.world.clock.after(streamAckMs, () => this.timeOut(messageId));
		this.inFlight.set(messageId, { record, attempt, cancelTimeout: callOff });
		this.counts.events += 1;
		this.send(eventFrame(record.message, this.clientId, messageId, this.world));
	}

	/** Sends any text as a frame. */
	sendRaw(text: string): void {
		if (!this.silent) this.socket.send(text);
	}

	ping(): void {
		const frame = systemFrame('ping', { opaque: randomUUID() }, this.world);
		this.pings.add(frame.headers.messageId);
		this.counts.pings += 1;
		this.send(frame);
	}

	/** Asks the client to reconnect and closes some seconds later. */
	disconnect(): void {
		this.leaving = true;
		this.send(systemFrame('disconnect', { reason: 'persistent connection is timeout' }, this.world));
		const { streamCloseMs } = this.world.use(Limits).values;
		if (streamCloseMs !== null) this.world.clock.after(streamCloseMs, () => this.socket.close());
	}

	/** Closes without a closing handshake, as a network failure does. */
	drop(): void {
		this.socket.terminate();
	}

	describe(): unknown {
		const { id, admission, openedAt, silent, leaving, counts, inFlight } = this;
		return { connectionId: id, ...admission, openedAt, silent, leaving, ...counts, inFlight: inFlight.size };
	}

	private send(frame: Frame): void {
		this.sendRaw(JSON.stringify(frame));
	}

	private receive(text: string): void {
		if (this.silent) return;
		const answer = parseResponse(text);
		if (answer === undefined) return;
		if (this.pings.delete(answer.messageId)) this.counts.pongs += 1;
		const waiting = this.inFlight.get(answer.messageId);
		if (waiting === undefined) return;
		this.settle(answer.messageId, waiting);
		if (isSuccess(answer)) {
			waiting.attempt.outcome = 'accepted';
			this.counts.accepted += 1;
			this.handlers.accepted(waiting.record);
		} else {
			waiting.attempt.outcome = `code ${String(answer.code)}, status ${String(answer.data.status)}`;
			this.counts.refused += 1;
			this.handlers.refused(waiting.record);
		}
	}

	private timeOut(messageId: string): void {
		const waiting = this.inFlight.get(messageId);
		if (waiting === undefined) return;
		this.settle(messageId, waiting);
		waiting.attempt.outcome = 'no response';
		this.counts.unanswered += 1;
		this.handlers.unanswered(waiting.record);
	}

	private settle(messageId: string, { cancelTimeout: callOff }: InFlight): void {
		callOff();
		this.inFlight.delete(messageId);
	}

	private handleClose(): void {
		this.stopPinging();
		const left = [...this.inFlight.values()];
		this.inFlight.clear();
		for (const { attempt, cancelTimeout: callOff } of left) {
			callOff();
			attempt.outcome = 'connection closed';
		}
		this.handlers.closed(
			this,
			left.map(({ record }) => record),
		);
	}

	private schedulePing(): void {
		const { streamPingMs } = this.world.use(Limits).values;
		if (streamPingMs === null) return;
		this.stopPinging = this.world.clock.after(streamPingMs, () => {
			if (!this.leaving) this.ping();
			this.schedulePing();
		});
	}
}

const isSuccess = ({ code, data }: FrameResponse): boolean => code === 200 && data.status === 'SUCCESS';
