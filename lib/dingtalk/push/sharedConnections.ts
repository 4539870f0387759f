/**
 * Shares one Stream connection between all workflows of an app. DingTalk delivers each message to only one of an app's
 * connections, so with one connection per workflow each of them would miss what went to the others.
 */
import type { Account } from '../account';
import { DingTalkError } from '../errors/DingTalkError';
import { abortableDelay, delayUntilAborted } from '../utils/abort';
import { SECOND } from '../utils/time';
import type { AckStatus, Frame } from './frames';
import { CALENDAR_EVENT_CHANGE, parseChange, type Change } from './parseChange';
import { ReconnectingStream, STREAM_TIMEOUTS, type StreamTimeouts } from './reconnectingStream';

/** One workflow that receives changes. */
export interface Subscriber {
	account: Account;
	/** n8n is starting and activates its workflows one by one, so more subscribers of the app may follow. */
	isStartingUp: boolean;
	/** Returns the URL for one connection. */
	requestTicket(): Promise<string>;
	/** Resolves when the change is stored; rejects if DingTalk should push it again. */
	onChange(change: Change): Promise<void>;
	/** No more changes will come until the credential is corrected. */
	onFailure(error: DingTalkError): void;
	log(message: string): void;
}

/** Resolves when no more changes will come and those received before have been acknowledged. */
export type Unsubscribe = () => Promise<void>;

/** DingTalk waits three seconds for a reply; the rest is left for the network. */
const REPLY_TIMEOUT_MS = 2500;

/**
 * DingTalk sends the changes it has kept as soon as a connection is open, which is before n8n has activated all its
 * workflows. To let none of them miss a change, nothing is delivered until no workflow has been added for this time;
 * DingTalk pushes the changes again.
 */
const STARTUP_WAIT_MS = 10 * SECOND;
/** Saving a workflow removes and adds its subscriber; changes received in between wait for it. */
const RESUBSCRIBE_WAIT_MS = 1500;

/** By region and app; connections that are just being opened or closed are included. */
const connections = new Map<string, SharedConnection>();

class SharedConnection {
	private readonly subscribers = new Set<Subscriber>();
	private stream?: ReconnectingStream;
	/** Until then, subscribers may still be missing. */
	private deliverFrom = 0;
	/** Subscribers are added and removed one at a time. */
	private queue: Promise<unknown> = Promise.resolve();

	constructor(private readonly timeouts: StreamTimeouts) {}

	async add(subscriber: Subscriber): Promise<Unsubscribe> {
		await this.enqueue(async () => {
			if (subscriber.isStartingUp) this.postponeDelivery(STARTUP_WAIT_MS);
			// Before connecting: DingTalk sends the changes it has kept as soon as the connection is open.
			this.subscribers.add(subscriber);
			await this.connectOrVerify(subscriber).catch(async (error: Error) => {
				this.subscribers.delete(subscriber);
				return await Promise.reject(error);
			});
		});
		return async () =>
			await this.enqueue(async () => {
				if (!this.subscribers.delete(subscriber)) return;
				if (this.subscribers.size > 0) return this.postponeDelivery(RESUBSCRIBE_WAIT_MS);
				const { stream } = this;
				this.stream = undefined;
				await stream?.close();
			});
	}

	/** Opens the connection for the first subscriber, and verifies the credential of every other one. */
	private async connectOrVerify(subscriber: Subscriber): Promise<void> {
		if (!this.stream) return await this.connect(subscriber);
		const [first] = this.subscribers;
		if (first.account.clientSecret === subscriber.account.clientSecret) return;
		// A wrong secret must fail even if another workflow is connected with the right one. The ticket is not used.
		await subscriber.requestTicket();
	}

	private async connect(subscriber: Subscriber): Promise<void> {
		const stream: ReconnectingStream = new ReconnectingStream(
			{
				requestTicket: async () => await this.firstSubscriber(subscriber).requestTicket(),
				handleFrame: async (frame) => await this.handleFrame(frame),
				onFailure: (error) => this.onStreamFailure(stream, error),
				log: (message) => this.firstSubscriber(subscriber).log(message),
			},
			this.timeouts,
		);
		await stream.open();
		this.stream = stream;
	}

	/** The subscriber that opened the connection may be gone by now. */
	private firstSubscriber(fallback: Subscriber): Subscriber {
		const [first = fallback] = this.subscribers;
		return first;
	}

	private postponeDelivery(ms: number): void {
		this.deliverFrom = Math.max(this.deliverFrom, Date.now() + ms);
	}

	private async handleFrame(frame: Frame): Promise<AckStatus> {
		const replyBy = Date.now() + REPLY_TIMEOUT_MS;
		// The app may have subscribed to other events too; they are acknowledged and ignored.
		if (frame.eventType !== undefined && frame.eventType !== CALENDAR_EVENT_CHANGE) return 'SUCCESS';
		const waitMs = this.deliverFrom - Date.now();
		if (waitMs > 0) await abortableDelay(Math.min(waitMs, RESUBSCRIBE_WAIT_MS));
		const subscribers = [...this.subscribers];
		if (subscribers.length === 0 || Date.now() < this.deliverFrom) return 'LATER';
		const parsed = parseChange(frame.data, frame.deliveryHeaders);
		if (!parsed.change) {
			// Pushing it again would not help.
			subscribers[0].log(`DingTalk sent a change that cannot be read: ${parsed.reason}`);
			return 'SUCCESS';
		}
		return await this.deliver(parsed.change, subscribers, replyBy);
	}

	/** Hands the change to all subscribers, and acknowledges it if all of them have stored it in time. */
	private async deliver(change: Change, subscribers: Subscriber[], replyBy: number): Promise<AckStatus> {
		const delivered = new AbortController();
		let status: AckStatus = 'LATER';
		void Promise.all(subscribers.map(async (subscriber) => await subscriber.onChange(change)))
			.then(() => (status = 'SUCCESS'))
			.catch((error: Error) =>
				subscribers[0].log(`A change was not accepted, DingTalk will push it again: ${error.message}`),
			)
			.finally(() => delivered.abort());
		await delayUntilAborted(delivered.signal, replyBy - Date.now());
		return status;
	}

	private onStreamFailure(stream: ReconnectingStream, error: DingTalkError): void {
		if (this.stream !== stream) return;
		this.stream = undefined;
		const subscribers = [...this.subscribers];
		this.subscribers.clear();
		for (const subscriber of subscribers) subscriber.onFailure(error);
	}

	private async enqueue<T>(work: () => Promise<T>): Promise<T> {
		const result = this.queue.then(work);
		this.queue = result.catch(() => undefined);
		return await result;
	}
}

/** Connections are kept by region and client ID: the same client ID can belong to a different app in another region. */
export async function subscribe(subscriber: Subscriber, timeouts = STREAM_TIMEOUTS): Promise<Unsubscribe> {
	const { hosts, clientId, appType } = subscriber.account;
	if (appType === 'user') {
		throw new DingTalkError({
			kind: 'permission',
			message: 'DingTalk pushes changes only to apps of an organization, not to an app that acts on behalf of a user',
			advice: "Use a credential whose 'App Type' is Internal App.",
		});
	}
	const key = `${hosts.api} ${clientId}`;
	const connection = connections.get(key) ?? new SharedConnection(timeouts);
	connections.set(key, connection);
	return await connection.add(subscriber);
}
