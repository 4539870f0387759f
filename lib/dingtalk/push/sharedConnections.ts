/**
 * One Stream connection for each app in the process. DingTalk gives a message to one connection of an app, whichever it
 * likes: with a connection of their own, workflows would take each other's events away.
 */
import type { Account } from '../account';
import { DingTalkError } from '../errors/DingTalkError';
import { abortableDelay } from '../utils/abort';
import { CALENDAR_EVENT_CHANGE, parseChange, type Change } from './parseChange';
import type { Frame, Acknowledgement } from './frames';
import { ReconnectingStream, STREAM_TIMEOUTS, type StreamTimeouts } from './reconnectingStream';
import { delayUntilAborted } from '../utils/abort';
import { SECOND } from '../utils/time';

/** One workflow that wants to be told. */
export interface Subscriber {
	account: Account;
	/** n8n is starting, and activates one workflow after the other: more for the same app may come. */
	isStartup: boolean;
	/** A new ticket for the app. */
	requestTicket(): Promise<string>;
	/** Settles when the change is in safe hands; rejects when it must come again. */
	onChange(change: Change): Promise<void>;
	/** There will be no more changes until somebody mends the credential. */
	onFailure(error: DingTalkError): void;
	log(message: string): void;
}

/** Settles when no more changes come, and what came before is answered. */
export type Unsubscribe = () => Promise<void>;

/** DingTalk waits three seconds for an answer; this leaves some for the way. */
const RESPONSE_TIMEOUT_MS = 2500;

/**
 * What DingTalk has kept comes as soon as there is a connection, and would reach only the workflows that n8n has activated
 * by then. So there is none of it for anybody until no workflow has joined for so long; DingTalk pushes it again.
 */
const STARTUP_WAIT_MS = 10 * SECOND;
/** A workflow that is saved leaves and joins again; what comes between waits for it. */
const RESUBSCRIBE_WAIT_MS = 1500;

/** In use, and being opened or closed: by region and app. */
const connections = new Map<string, SharedConnection>();

class SharedConnection {
	private readonly subscribers = new Set<Subscriber>();
	private stream?: ReconnectingStream;
	/** Until then workflows may be missing that want what comes. */
	private deliverFrom = 0;
	/** Joining and leaving, one after the other. */
	private queue: Promise<unknown> = Promise.resolve();

	constructor(private readonly times: StreamTimeouts) {}

	async subscribe(subscriber: Subscriber): Promise<Unsubscribe> {
		await this.enqueue(async () => {
			if (subscriber.isStartup) this.postponeDelivery(STARTUP_WAIT_MS);
			// Before the connection, because DingTalk sends what it has kept as soon as it is open.
			this.subscribers.add(subscriber);
			await this.admit(subscriber).catch(async (error: Error) => {
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

	/** Joins the connection there is, or opens the first one. */
	private async admit(subscriber: Subscriber): Promise<void> {
		if (!this.stream) return await this.openConnection(subscriber);
		const [owner] = this.subscribers;
		if (owner.account.clientSecret === subscriber.account.clientSecret) return;
		// A wrong secret shall not work because somebody else has the right one. The ticket is not used.
		await subscriber.requestTicket();
	}

	private async openConnection(subscriber: Subscriber): Promise<void> {
		const stream: ReconnectingStream = new ReconnectingStream(
			{
				ticket: async () => await this.firstSubscriber(subscriber).requestTicket(),
				receive: async (frame) => await this.receive(frame),
				failed: (error) => this.onConnectionFailure(stream, error),
				log: (message) => this.firstSubscriber(subscriber).log(message),
			},
			this.times,
		);
		await stream.open();
		this.stream = stream;
	}

	/** Whoever is there; the one who opened it may have left. */
	private firstSubscriber(otherwise: Subscriber): Subscriber {
		const [first = otherwise] = this.subscribers;
		return first;
	}

	private postponeDelivery(ms: number): void {
		this.deliverFrom = Math.max(this.deliverFrom, Date.now() + ms);
	}

	private async receive(frame: Frame): Promise<Acknowledgement> {
		const answerBy = Date.now() + RESPONSE_TIMEOUT_MS;
		// Other kinds of event that are ticked for the app are nobody's here.
		if (frame.eventType !== undefined && frame.eventType !== CALENDAR_EVENT_CHANGE) return 'SUCCESS';
		const missing = this.deliverFrom - Date.now();
		if (missing > 0) await abortableDelay(Math.min(missing, RESUBSCRIBE_WAIT_MS));
		const all = [...this.subscribers];
		if (all.length === 0 || Date.now() < this.deliverFrom) return 'LATER';
		const reading = parseChange(frame.data, frame.delivery);
		if (!reading.change) {
			// It would be no better the next time.
			all[0].log(`DingTalk sent a change that cannot be read: ${reading.reason}`);
			return 'SUCCESS';
		}
		const { change } = reading;
		const inTime = new AbortController();
		let verdict: Acknowledgement = 'LATER';
		void Promise.all(all.map(async (one) => await one.onChange(change)))
			.then(() => (verdict = 'SUCCESS'))
			.catch((error: Error) => all[0].log(`A change was not taken and must come again: ${error.message}`))
			.finally(() => inTime.abort());
		await delayUntilAborted(inTime.signal, answerBy - Date.now());
		return verdict;
	}

	private onConnectionFailure(stream: ReconnectingStream, error: DingTalkError): void {
		if (this.stream !== stream) return;
		this.stream = undefined;
		const all = [...this.subscribers];
		this.subscribers.clear();
		for (const one of all) one.onFailure(error);
	}

	private async enqueue<T>(work: () => Promise<T>): Promise<T> {
		const mine = this.queue.then(work);
		this.queue = mine.catch(() => undefined);
		return await mine;
	}
}

/** Two clouds may know the same client ID as different apps. */
export async function join(subscriber: Subscriber, times = STREAM_TIMEOUTS): Promise<Unsubscribe> {
	const { hosts, clientId, appType } = subscriber.account;
	if (appType === 'user') {
		throw new DingTalkError({
			kind: 'permission',
			message: 'DingTalk tells changes only to apps of an organization, not to an app that acts on behalf of a user',
			advice: "Use a credential whose 'App Type' is Internal App.",
		});
	}
	const key = `${hosts.api} ${clientId}`;
	const channel = connections.get(key) ?? new SharedConnection(times);
	connections.set(key, channel);
	return await channel.subscribe(subscriber);
}
