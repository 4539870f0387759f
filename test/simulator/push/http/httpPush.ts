/** Delivers pushes to callback URLs, with retries. */
import type { World } from '../../world';
import { httpData } from '../message';
import { markAccepted, PushRecords, type PushRecord } from '../record';
import { FailedPushes } from './failedPushes';
import { ACCEPTED, sendAndCheckReply, encryptedRequest, type Callback } from './httpCallback';
import type { CallbackRequest } from './callbackClient';

/** Delays after the first and the second failure. */
const RETRY_MS = [10_000, 30_000];
/** The documentation says three to five minutes. */
const LISTED_AFTER_MS = 240_000;

/** The callback URLs, one per app, and the pushes to them. */
export class HttpPush {
	private readonly callbacks = new Map<string, Callback>();
	private closed = false;

	constructor(private readonly world: World) {}

	hasCallback(clientId: string): boolean {
		return this.callbacks.has(clientId);
	}

	callbackOf(clientId: string): Callback | undefined {
		return this.callbacks.get(clientId);
	}

	/** Replaces the app's URL if the new one replies correctly; returns the outcome. */
	async register(callback: Callback): Promise<string> {
		const outcome = await sendAndCheckReply(
			encryptedRequest({ EventType: 'check_url' }, callback, this.world),
			callback,
			this.world,
		);
		if (outcome === ACCEPTED) this.callbacks.set(callback.clientId, callback);
		return outcome;
	}

	forget(clientId: string): void {
		this.callbacks.delete(clientId);
	}

	describe(): unknown[] {
		return [...this.callbacks.values()].map(({ clientId, url }) => ({ clientId, url }));
	}

	deliver(record: PushRecord): void {
		this.try(record, 0).catch((error: unknown) => console.error(error));
	}

	/** Sends a malformed request once; it is never listed as failed. */
	async sendMalformed(record: PushRecord, post: CallbackRequest, callback: Callback): Promise<void> {
		record.state = 'sent';
		const attempt = this.world.use(PushRecords).attempt(record, post.url);
		attempt.outcome = await sendAndCheckReply(post, callback, this.world);
		record.state = 'spoilt';
	}

	close(): void {
		this.closed = true;
	}

	private async try(record: PushRecord, failures: number): Promise<void> {
		const callback = this.callbacks.get(record.clientId);
		if (callback === undefined) {
			record.state = 'lost';
			return;
		}
		record.state = 'sent';
		const attempt = this.world.use(PushRecords).attempt(record, callback.url);
		attempt.outcome = await sendAndCheckReply(
			encryptedRequest(httpData(record.message, this.world), callback, this.world),
			callback,
			this.world,
		);
		if (this.closed) return;
		if (attempt.outcome === ACCEPTED) {
			if (markAccepted(record, this.world).again) this.deliver(record);
			return;
		}
		record.state = 'waiting';
		this.world.clock.after(RETRY_MS[failures] ?? LISTED_AFTER_MS, () => {
			if (failures < RETRY_MS.length) this.try(record, failures + 1).catch((error: unknown) => console.error(error));
			else this.giveUp(record);
		});
	}

	private giveUp(record: PushRecord): void {
		record.state = 'failed';
		this.world.use(FailedPushes).add(record.clientId, record.message);
	}
}
