/** A Stream gateway in memory: issues tickets, opens sockets, pushes frames and records how they are answered. */
import type { Account } from '../../../lib/dingtalk/account';
import { readAccount } from '../../../lib/dingtalk/account';
import { DingTalkError, type ErrorKind } from '../../../lib/dingtalk/errors/DingTalkError';
import type { Change } from '../../../lib/dingtalk/push/parseChange';
import type { Subscriber } from '../../../lib/dingtalk/push/stream/workflowSubscription';
import { STREAM_TIMEOUTS, type StreamTimeouts } from '../../../lib/dingtalk/push/stream/reconnectingStream';
import { SharedConnections, type Unsubscribe } from '../../../lib/dingtalk/push/stream/sharedConnections';
import { FakeClock } from './fakeClock';

type Listener = (event: { data?: string; wasClean?: boolean }) => void;

const [CONNECTING, OPEN, CLOSED] = [0, 1, 3];

/** The client's end of a socket. */
export class FakeSocket {
	readyState = CONNECTING;
	/** Whether the other end still answers. */
	isCut = false;
	readonly sent: Array<{ headers: { messageId: string }; data: string }> = [];
	private readonly listeners = new Map<string, Listener[]>();

	constructor(
		readonly url: string,
		readonly app: string,
	) {}

	addEventListener(type: string, listener: Listener): void {
		this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
	}

	send(text: string): void {
		this.sent.push(JSON.parse(text) as FakeSocket['sent'][number]);
	}

	/** By the client. */
	close(): void {
		if (!this.isCut) this.end(true);
		else this.readyState = CLOSED;
	}

	open(): void {
		if (this.readyState !== CONNECTING) return;
		this.readyState = OPEN;
		this.emit('open', {});
	}

	/** By the gateway or the network. */
	end(wasClean = false): void {
		if (this.readyState === CLOSED) return;
		this.readyState = CLOSED;
		this.emit('close', { wasClean });
	}

	receive(frame: unknown): void {
		if (this.readyState === OPEN && !this.isCut) this.emit('message', { data: JSON.stringify(frame) });
	}

	get isOpen(): boolean {
		return this.readyState === OPEN;
	}

	private emit(type: string, event: Parameters<Listener>[0]): void {
		for (const listener of this.listeners.get(type) ?? []) listener(event);
	}
}

export interface Listening {
	received: Change[];
	failures: Error[];
	logs: string[];
	/** The credential, to be edited. */
	credential: Record<string, unknown>;
	unsubscribe: Unsubscribe;
}

export const refusal = (kind: ErrorKind, message = `Refused: ${kind}`): DingTalkError =>
	new DingTalkError({ kind, message, advice: 'Advice.' });

export class FakeGateway {
	readonly clock = new FakeClock();
	/** The secret that DingTalk accepts, by client ID. */
	readonly secrets = new Map([
		['app', 'right'],
		['other', 'right'],
	]);
	/** Each request for a ticket. */
	readonly tickets: Array<{ at: number; host: string; clientId: string; clientSecret: string }> = [];
	readonly sockets: FakeSocket[] = [];
	/** Stands for whatever can go wrong when a ticket is requested. */
	failure?: Error;
	/** Called for each new socket instead of opening it. */
	onSocket: (socket: FakeSocket) => void = (socket) => {
		socket.open();
		this.ping(socket);
	};
	readonly shared: SharedConnections;
	private count = 0;

	constructor(timeouts: Partial<StreamTimeouts> = {}) {
		const environment = { clock: this.clock, createSocket: (url: string) => this.createSocket(url) };
		this.shared = new SharedConnections(environment, { ...STREAM_TIMEOUTS, jitterMs: 0, ...timeouts });
	}

	/** Subscribes a workflow; `onChange` may refuse to store what comes. */
	async subscribe(credential: Record<string, unknown> = {}, more: Partial<Subscriber> = {}): Promise<Listening> {
		const listening: Listening = {
			received: [],
			failures: [],
			logs: [],
			credential: { region: 'china', clientId: 'app', clientSecret: 'right', ...credential },
			unsubscribe: async () => undefined,
		};
		listening.unsubscribe = await this.shared.subscribe({
			triggerId: `trigger-${++this.count}`,
			isStartingUp: false,
			prepare: async () => undefined,
			readAccount: async () => readAccount(listening.credential),
			requestTicket: async (account) => this.issueTicket(account),
			onChange: async (change) => void listening.received.push(change),
			onFailure: (error) => listening.failures.push(error),
			log: (message) => listening.logs.push(message),
			...more,
		});
		return listening;
	}

	issueTicket({ hosts, clientId, clientSecret }: Account): string {
		this.tickets.push({ at: this.clock.now(), host: hosts.api, clientId, clientSecret });
		if (this.failure) throw this.failure;
		if (this.secrets.get(clientId) !== clientSecret) throw refusal('credentials', 'Wrong secret');
		return `wss://gateway.dingtalk.com/connect?app=${clientId}&ticket=${this.tickets.length}`;
	}

	/** Open sockets, of one app. */
	open(clientId = 'app'): FakeSocket[] {
		return this.sockets.filter((socket) => socket.isOpen && socket.app === clientId);
	}

	/** Pushes a change to a connection of the app; the returned function reads how it was answered. */
	push(fields: { eventId?: string; corpId?: string; key?: string } = {}, clientId = 'app'): () => string | undefined {
		const messageId = `message-${++this.count}`;
		const socket = this.open(clientId).at(-1);
		socket?.receive({
			type: 'EVENT',
			headers: {
				messageId,
				topic: '*',
				eventType: 'calendar_event_change',
				eventId: fields.key ?? messageId,
				eventCorpId: fields.corpId,
			},
			data: JSON.stringify({
				calendarEventId: fields.eventId ?? 'event',
				calendarEventUpdateTime: this.clock.now(),
				changeType: 'updated',
				unionIdList: ['anna'],
			}),
		});
		return () => {
			const reply = socket?.sent.find(({ headers }) => headers.messageId === messageId);
			return reply && (JSON.parse(reply.data) as { status: string }).status;
		};
	}

	ping(socket: FakeSocket): void {
		socket.receive({ type: 'SYSTEM', headers: { topic: 'ping', messageId: `ping-${++this.count}` }, data: '{}' });
	}

	/** Lets time pass, with a ping on each open connection every half a minute. */
	async pass(ms: number): Promise<void> {
		const step = 30_000;
		for (let passed = 0; passed < ms; passed += step) {
			await this.clock.advance(Math.min(step, ms - passed));
			for (const socket of this.sockets.filter(({ isOpen }) => isOpen)) this.ping(socket);
		}
	}

	private createSocket(url: string): WebSocket {
		const socket = new FakeSocket(url, new URL(url).searchParams.get('app') ?? '');
		this.sockets.push(socket);
		setImmediate(() => this.onSocket(socket));
		return socket as unknown as WebSocket;
	}
}
