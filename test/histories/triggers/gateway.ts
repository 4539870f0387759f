/** DingTalk's side of Stream: keeps each push until it is acknowledged, over connections that behave well or badly. */
import type { Api, HttpResponse } from './api';
import type { Organization, PushedChange } from './company';
import type { Time } from './time';

const SECOND = 1000;
const ACK_TIMEOUT_MS = 3 * SECOND;
/** After each attempt that is not acknowledged. */
const RETRIES_MS = [SECOND, SECOND, 10 * SECOND, 10 * SECOND, 60 * SECOND];
const PING_MS = 60 * SECOND;
const CLOSE_AFTER_DISCONNECT_MS = 10 * SECOND;

type Listener = (event: { data?: unknown }) => void;

/** What one process has in place of a WebSocket: only what the package uses of it. */
export class ClientSocket {
	readyState = 0;
	private readonly listeners = new Map<string, Listener[]>();
	connection?: Connection;

	addEventListener(name: string, listener: Listener): void {
		this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
	}

	removeEventListener(name: string, listener: Listener): void {
		this.listeners.set(
			name,
			(this.listeners.get(name) ?? []).filter((other) => other !== listener),
		);
	}

	dispatch(name: string, event: { data?: unknown } = {}): void {
		for (const listener of this.listeners.get(name) ?? []) listener(event);
	}

	send(text: string): void {
		if (this.readyState === 1) this.connection?.receive(text);
	}

	close(): void {
		if (this.readyState >= 2) return;
		this.readyState = 3;
		this.connection?.end();
		this.dispatch('close');
	}
}

interface Message {
	change: PushedChange;
	/** Nothing is sent before this time. */
	notBefore: number;
	attempts: number;
	isAccepted: boolean;
	/** The acknowledgement of an attempt that DingTalk still waits for. */
	waitingFor?: string;
}

export class Connection {
	isOpen = true;
	/** The other end believes that it is connected, but nothing arrives. */
	isHalfOpen = false;

	constructor(
		readonly socket: ClientSocket,
		readonly processNumber: number,
		private readonly gateway: AppGateway,
	) {}

	send(frame: unknown): void {
		if (this.isOpen && !this.isHalfOpen)
			this.socket.dispatch('message', { data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
	}

	receive(text: string): void {
		if (this.isOpen && !this.isHalfOpen) this.gateway.receive(JSON.parse(text) as Reply);
	}

	end(): void {
		this.isOpen = false;
	}

	drop(): void {
		if (!this.isOpen) return;
		this.isOpen = false;
		if (this.isHalfOpen) return;
		this.socket.readyState = 3;
		this.socket.dispatch('close');
	}
}

interface Reply {
	headers: { messageId: string };
	data: string;
}

export interface GatewayBehavior {
	/** Sends a change again although it was acknowledged. */
	repeats: boolean;
	/** Sends the newest waiting change first. */
	reorders: boolean;
	/** The least time until a change that was not acknowledged is sent again. */
	retryAfterMs: number;
}

const CHANGE_TYPES = { created: 'created', updated: 'updated', cancelled: 'cancelled', deleteView: 'deleteView' };

/** The pushes of one app. */
export class AppGateway {
	connections: Connection[] = [];
	tickets = 0;
	/** Times at which tickets were given. */
	readonly ticketTimes: number[] = [];
	/** What the next tickets get instead. */
	refusal?: HttpResponse;
	/** New connections are closed at once. */
	closesAtOnce = false;
	/** A change reaches a process, or is answered by it. */
	onArrival: (change: PushedChange) => void = () => undefined;
	onAnswer: (change: PushedChange) => void = () => undefined;
	private messages: Message[] = [];
	private sent = 0;

	constructor(
		private readonly organization: Organization,
		private readonly behavior: GatewayBehavior,
		private readonly time: Time,
	) {
		this.ping();
	}

	push(change: PushedChange): void {
		this.messages.push({ change, notBefore: this.time.now, attempts: 0, isAccepted: false });
		this.time.at(0, () => this.deliver());
	}

	get isEmpty(): boolean {
		return this.messages.every(({ isAccepted }) => isAccepted);
	}

	isAccepted(change: PushedChange): boolean {
		return this.messages.some((message) => message.change === change && message.isAccepted);
	}

	/** How often each change was pushed. */
	get attempts(): number[] {
		return this.messages.map(({ attempts }) => attempts);
	}

	openTicket(): HttpResponse {
		this.ticketTimes.push(this.time.now);
		if (this.refusal) return this.refusal;
		const ticket = `${this.organization.clientId}-${++this.tickets}`;
		return {
			statusCode: 200,
			headers: {},
			body: { endpoint: 'wss://wss-open-connection.dingtalk.io:443/connect', ticket },
		};
	}

	connect(socket: ClientSocket, processNumber: number): void {
		const connection = new Connection(socket, processNumber, this);
		socket.connection = connection;
		socket.readyState = 1;
		this.connections.push(connection);
		socket.dispatch('open');
		if (this.closesAtOnce) return connection.drop();
		this.deliver();
	}

	receive({ headers: { messageId }, data }: Reply): void {
		const message = this.messages.find(({ waitingFor }) => waitingFor === messageId);
		if (!message) return;
		message.waitingFor = undefined;
		this.onAnswer(message.change);
		const { status } = JSON.parse(data) as { status?: string };
		if (status === 'SUCCESS') this.accept(message);
		else this.retryLater(message);
	}

	disconnectAll(): void {
		for (const connection of this.open()) {
			const headers = { topic: 'disconnect', messageId: `disconnect-${++this.sent}` };
			connection.send({ type: 'SYSTEM', headers, data: '{"reason":"persistent connection is timeout"}' });
			this.time.at(CLOSE_AFTER_DISCONNECT_MS, () => connection.drop());
		}
	}

	dropAll(): void {
		for (const connection of this.open()) connection.drop();
	}

	/** The line is cut; neither side notices. DingTalk gives up on it later. */
	cutAll(): void {
		for (const connection of this.open()) {
			connection.isHalfOpen = true;
			this.time.at(60 * SECOND, () => connection.end());
		}
	}

	/** Of a process that was killed. */
	endProcess(processNumber: number): void {
		for (const connection of this.open()) if (connection.processNumber === processNumber) connection.end();
	}

	sendNonsense(which: number): void {
		const headers = { topic: '*', messageId: `nonsense-${++this.sent}`, eventType: 'calendar_event_change' };
		const frames: unknown[] = [
			'{"type":"EVENT","headers":',
			'',
			{ type: 'EVENT', headers, data: 'not JSON' },
			{ type: 'EVENT', headers, data: '{"calendarEventId":17,"changeType":"exploded"}' },
			{ type: 'EVENT', headers: { ...headers, eventType: 'chat_update_title' }, data: '{}' },
			{ type: 'UNKNOWN', headers, data: '{}' },
			{ type: 'EVENT', data: '{}' },
		];
		for (const connection of this.open()) connection.send(frames[which % frames.length]);
	}

	private open(): Connection[] {
		this.connections = this.connections.filter(({ isOpen }) => isOpen);
		return [...this.connections];
	}

	private accept(message: Message): void {
		const wasAccepted = message.isAccepted;
		message.isAccepted = true;
		if (wasAccepted || !this.behavior.repeats) return;
		message.notBefore = this.time.now + 5 * SECOND;
		this.time.at(5 * SECOND, () => this.send(message));
	}

	private retryLater(message: Message): void {
		if (message.isAccepted) return;
		const delay = RETRIES_MS[Math.min(message.attempts, RETRIES_MS.length) - 1] ?? 0;
		const waitMs = Math.max(delay, this.behavior.retryAfterMs);
		message.notBefore = this.time.now + waitMs;
		this.time.at(waitMs, () => this.deliver());
	}

	private deliver(): void {
		const waiting = this.messages.filter(
			({ isAccepted, waitingFor, notBefore }) => !isAccepted && !waitingFor && notBefore <= this.time.now,
		);
		for (const message of this.behavior.reorders ? waiting.reverse() : waiting) this.send(message);
	}

	private send(message: Message): void {
		const open = this.open();
		if (open.length === 0) return;
		const connection = open[(this.sent + message.attempts) % open.length];
		message.attempts++;
		const messageId = `message-${++this.sent}`;
		message.waitingFor = messageId;
		this.time.at(ACK_TIMEOUT_MS, () => {
			if (message.waitingFor !== messageId) return;
			message.waitingFor = undefined;
			this.retryLater(message);
		});
		const { number, corpId, eventId, type, people, at } = message.change;
		if (!connection.isHalfOpen) this.onArrival(message.change);
		connection.send({
			specVersion: '1.0',
			type: 'EVENT',
			headers: {
				topic: '*',
				messageId,
				contentType: 'application/json',
				time: String(this.time.now),
				eventType: 'calendar_event_change',
				eventId: `push-${corpId}-${number}`,
				eventCorpId: corpId,
				eventBornTime: String(at),
				eventUnifiedAppId: 'unified',
			},
			data: JSON.stringify({
				calendarEventId: eventId,
				calendarEventUpdateTime: at,
				calendarId: 'NzE3',
				unionIdList: people,
				changeType: CHANGE_TYPES[type],
				operator: { type: 'user' },
			}),
		});
	}

	private ping(): void {
		for (const connection of this.open()) {
			const headers = { topic: 'ping', messageId: `ping-${++this.sent}`, contentType: 'application/json' };
			connection.send({ type: 'SYSTEM', headers, data: '{"opaque":"1"}' });
		}
		this.deliver();
		this.time.at(PING_MS, () => this.ping());
	}
}

/** The constructor that a process has in place of `WebSocket`. */
export function webSocketOf(
	processNumber: number,
	gateways: ReadonlyMap<string, AppGateway>,
	time: Time,
	/** Sockets of a process that has ended open no more. */
	isAlive: (processNumber: number) => boolean,
): new (url: string) => ClientSocket {
	return class extends ClientSocket {
		constructor(url: string) {
			super();
			const ticket = new URL(url).searchParams.get('ticket') ?? '';
			const gateway = gateways.get(ticket.replace(/-\d+$/, ''));
			time.at(20, () => {
				if (this.readyState !== 0 || !isAlive(processNumber)) return;
				if (gateway) return gateway.connect(this, processNumber);
				this.readyState = 3;
				this.dispatch('error');
				this.dispatch('close');
			});
		}
	};
}

export function connectGateways(api: Api, gateways: ReadonlyMap<string, AppGateway>): void {
	api.openStream = (organization) => {
		const gateway = gateways.get(organization.clientId);
		return gateway?.openTicket() ?? { statusCode: 404, headers: {}, body: {} };
	};
}
