/** All Stream connections and the messages that they deliver. */
import type { WebSocket } from 'ws';

import { Limits } from '../../limits';
import { Random } from '../../random';
import type { World } from '../../world';
import { markAccepted, PushRecords, type PushRecord } from '../record';
import { Connection } from './connection';
import { newMessageId } from './frames';
import type { Admission } from './tickets';

/** Each message goes to a random connection of its app. */
export class StreamHub {
	/** Apps that have connected at least once: messages for them are kept. */
	private readonly known = new Set<string>();
	private readonly connections = new Set<Connection>();
	private undelivered: PushRecord[] = [];
	private closing = false;

	constructor(private readonly world: World) {}

	hasConnected(clientId: string): boolean {
		return this.known.has(clientId);
	}

	attach(socket: WebSocket, admission: Admission): void {
		const connection = new Connection(admission, socket, this.world, {
			accepted: (record) => {
				if (markAccepted(record, this.world).again) this.deliver(record);
			},
			refused: (record) => {
				record.state = 'waiting';
				this.world.clock.after(this.world.use(Limits).values.streamLaterMs ?? 0, () => this.deliver(record));
			},
			unanswered: (record) => this.deliver(record),
			closed: (closed, unanswered) => {
				this.connections.delete(closed);
				if (!this.closing) for (const record of unanswered) this.deliver(record);
			},
		});
		this.connections.add(connection);
		this.known.add(admission.clientId);
		if (this.world.switches.streamWelcome === 'connectedAndRegistered') connection.welcome();
		const { undelivered: kept } = this;
		this.undelivered = [];
		for (const record of kept) this.deliver(record);
	}

	deliver(record: PushRecord): void {
		const connection = this.pickConnection(record);
		if (connection === undefined) {
			const isLost = this.world.switches.streamWithoutConnection === 'lost';
			record.state = isLost ? 'lost' : 'waiting';
			if (!isLost) this.undelivered.push(record);
			return;
		}
		record.state = 'sent';
		const again = this.world.switches.repushMessageId === 'same' ? record.attempts[0]?.messageId : undefined;
		connection.push(record, this.world.use(PushRecords).attempt(record, connection.id, again ?? newMessageId()));
	}

	/** Sends a malformed frame once, without waiting for a response. */
	sendMalformed(record: PushRecord, text: string): void {
		const connection = this.pickConnection(record);
		record.state = connection === undefined ? 'lost' : 'spoilt';
		if (connection === undefined) return;
		this.world.use(PushRecords).attempt(record, connection.id).outcome = 'malformed on purpose';
		connection.sendRaw(text);
	}

	/** Returns the connections of an app, the one with this ID, or all. */
	select({ clientId, connectionId }: { clientId?: string; connectionId?: string }): Connection[] {
		return [...this.connections].filter(
			(connection) =>
				(clientId === undefined || connection.clientId === clientId) &&
				(connectionId === undefined || connection.id === connectionId),
		);
	}

	describe(): unknown[] {
		return this.select({}).map((connection) => connection.describe());
	}

	close(): void {
		this.closing = true;
		for (const connection of this.connections) connection.drop();
	}

	private pickConnection({ clientId, message }: PushRecord): Connection | undefined {
		const able = this.select({ clientId }).filter((connection) => connection.accepts(message.eventType));
		return able.length === 0 ? undefined : this.world.use(Random).pick(able);
	}
}
