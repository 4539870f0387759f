/**
 * The one Stream connection of an app, shared by all its workflows. DingTalk delivers each message to only one of an app's
 * connections, so with one connection per workflow each of them would miss what went to the others. A workflow hears nothing
 * before a ticket for its own credential has proved that credential.
 */
import type { Account } from '../../account';
import { MINUTE, SECOND } from '../../utils/time';
import { deliverFrame, REPLY_TIMEOUT_MS, type Audience } from './deliverFrame';
import { CredentialProofs } from './credentialProofs';
import { MissingWorkflows, RESUBSCRIBE_WAIT_MS } from './missingWorkflows';
import type { Subscription } from './workflowSubscription';
import { backoffMs, ReconnectingStream, type StreamTimeouts } from './reconnectingStream';
import { isPermanent, noCredentialError, outageError } from './streamErrors';
import type { StreamEnvironment } from './webSocketConnection';
import { settle } from '../../errors/settle';

/**
 * How long changes wait for a workflow whose credential is being proved. If DingTalk answers that it cannot say at the
 * moment, they wait until the workflow is reported as unconnected: other workflows hear them meanwhile.
 */
const PROOF_WAIT_MS = 20 * SECOND;
/** How often credentials are read to notice that they were changed. */
const REREAD_MS = MINUTE;
/** How soon a credential that DingTalk refused is tried again if it is not changed. */
const REFUSED_RETRY_MS = 5 * MINUTE;
/** How many failures in a row it takes until a credential counts as deleted. */
const MAX_FAILED_READS = 3;

export class AppConnection {
	private readonly subscriptions = new Set<Subscription>();
	private readonly proofs: CredentialProofs;
	private stream?: ReconnectingStream;
	private opening?: Promise<void>;
	private readonly missing: MissingWorkflows;
	private isTending = false;
	/** Aborted, and replaced, when anything changes for those who wait. */
	private changed = new AbortController();
	private readonly audience: Audience;

	constructor(
		private readonly app: string,
		/** Takes a subscription whose credential now belongs to another app. */
		private readonly move: (subscription: Subscription) => void,
		/** Called when no workflow has listened for as long as one may be missing. */
		private readonly onUnused: () => void,
		private readonly environment: StreamEnvironment,
		private readonly timeouts: StreamTimeouts,
	) {
		this.proofs = new CredentialProofs(environment.clock);
		this.missing = new MissingWorkflows(environment.clock);
		this.audience = {
			subscriptions: this.subscriptions,
			clock: environment.clock,
			gatheringMs: () => this.gatheringMs(),
			getChangedSignal: () => this.changed.signal,
		};
	}

	/** Rejects if the subscription's own credential is not accepted, or if there is no connection. */
	async add(subscription: Subscription): Promise<void> {
		this.join(subscription);
		// Workflows often share a credential: if it was corrected, those that were refused for it may hear this one's changes.
		if ([...this.subscriptions].some(({ state }) => state === 'refused')) await this.rereadCredentials();
		const preparing = subscription.subscriber.prepare();
		const failure = await settle(preparing.then(async () => await this.admit(subscription)));
		subscription.isTrying = false;
		this.notify();
		if (!failure) return;
		// n8n starts while DingTalk cannot be reached: the workflow was active before and must reconnect.
		if (subscription.subscriber.isStartingUp && !isPermanent(failure)) return this.postpone(subscription, failure);
		this.subscriptions.delete(subscription);
		this.notify();
		await this.closeIfUnheard();
		await Promise.reject(failure);
	}

	/** Takes over a subscription whose credential now belongs to this app. */
	adopt(subscription: Subscription): void {
		this.join(subscription);
		void this.tryToAdmit(subscription);
	}

	/** Resolves when no more changes come, and those received before are stored or DingTalk has stopped waiting. */
	async remove(subscription: Subscription): Promise<void> {
		if (!this.subscriptions.delete(subscription)) return;
		const { triggerId } = subscription.subscriber;
		if (triggerId !== undefined) {
			this.missing.onRemoved(triggerId);
			if (subscription.state === 'refused') void this.forgetIfStillRefused(subscription, triggerId);
		}
		this.notify();
		if (!this.isHeard) void this.closeAfterSave();
		const settled = new AbortController();
		void subscription.settled().then(() => settled.abort());
		await this.environment.clock.delay(REPLY_TIMEOUT_MS, settled.signal);
	}

	/** Others need not wait for a workflow that hears nothing when it comes back: its credential has not been corrected. */
	private async forgetIfStillRefused(subscription: Subscription, triggerId: string): Promise<void> {
		const account = await subscription.readAccount(this.environment.clock).catch(() => undefined);
		if (account && subscription.setAccount(account)) return;
		this.missing.onJoined(triggerId);
		this.notify();
	}

	/** Follows with an attempt to admit the subscription. */
	private join(subscription: Subscription): void {
		subscription.setPending(this.now);
		subscription.isTrying = true;
		this.subscriptions.add(subscription);
		const { triggerId } = subscription.subscriber;
		if (triggerId !== undefined) this.missing.onJoined(triggerId);
		this.notify();
		if (!this.isTending) void this.tend();
	}

	private async closeAfterSave(): Promise<void> {
		await this.environment.clock.delay(RESUBSCRIBE_WAIT_MS, new AbortController().signal);
		await this.closeIfUnheard();
	}

	private async closeIfUnheard(): Promise<void> {
		if (this.isHeard) return;
		const { stream } = this;
		this.stream = undefined;
		await stream?.close();
	}

	/** Whether any subscription may receive pushes. */
	private get isHeard(): boolean {
		return [...this.subscriptions].some(({ state }) => state !== 'refused');
	}

	private async admit(subscription: Subscription): Promise<void> {
		const { identity } = subscription;
		await this.prove(subscription);
		this.hurryPostponed();
		// A connection without an admitted subscription is closed, so a subscription that was refused before counts again from here.
		if (subscription.state === 'refused' && subscription.identity === identity) subscription.state = 'pending';
		await this.openStream();
		if (!this.subscriptions.has(subscription) || subscription.identity !== identity || subscription.state === 'refused')
			return;
		this.welcome(subscription);
		subscription.onWorking();
	}

	private welcome(subscription: Subscription): void {
		subscription.state = 'admitted';
		subscription.failures = 0;
		if (subscription.isNewAtStartup) this.missing.onStartup();
		subscription.isNewAtStartup = false;
		this.notify();
	}

	private async prove(subscription: Subscription): Promise<void> {
		await this.proofs.prove(subscription).catch(async (error: Error) => {
			// Proved before, and DingTalk does not say anything else now.
			if (isPermanent(error) || !this.stream || !this.proofs.has(subscription.identity)) await Promise.reject(error);
		});
	}

	/** DingTalk issues tickets again: those who waited for that need not wait any longer. */
	private hurryPostponed(): void {
		const postponed = this.waiting.filter(({ state, failures }) => state === 'pending' && failures > 0);
		for (const subscription of postponed) subscription.nextAttemptAt = Math.min(subscription.nextAttemptAt, this.now);
		if (postponed.length > 0) this.notify();
	}

	private async openStream(): Promise<void> {
		if (this.stream) return;
		this.opening ??= this.connect().finally(() => (this.opening = undefined));
		await this.opening;
	}

	private async connect(): Promise<void> {
		const stream: ReconnectingStream = new ReconnectingStream(
			{
				requestTicket: async () => await this.requestTicket(),
				handleFrame: async (frame) => await deliverFrame(frame, this.audience),
				onFailure: (error) => this.onStreamFailure(stream, error),
				onOutage: (error) => this.reportAll(error),
				onLasted: () => this.onLasted(),
				log: (message) => this.log(message),
			},
			this.environment,
			this.timeouts,
		);
		await stream.open();
		this.stream = stream;
		await this.closeIfUnheard();
	}

	/** For the next connection: with a credential as it is now, a proved one first. */
	private async requestTicket(): Promise<string> {
		const spare = this.proofs.takeSpareTicket();
		if (spare !== undefined) return spare;
		await this.rereadCredentials();
		const readable = [...this.subscriptions].filter(({ failedReads }) => failedReads === 0);
		const identities = [...new Set(readable.map(({ identity }) => identity))]
			.filter((identity) => identity !== undefined)
			.sort((a, b) => Number(this.proofs.has(b)) - Number(this.proofs.has(a)));
		let failure: Error | undefined;
		for (const identity of identities) {
			const outcome = await this.requestTicketOf(identity);
			if (typeof outcome === 'string') return outcome;
			if (!isPermanent(outcome)) throw outcome;
			failure ??= outcome;
		}
		throw failure ?? noCredentialError();
	}

	private async requestTicketOf(identity: string): Promise<string | Error> {
		const owners = [...this.subscriptions].filter((subscription) => subscription.identity === identity);
		if (owners.length === 0) return noCredentialError();
		const outcome = await settle(this.proofs.requestTicket(owners[0]));
		if (typeof outcome !== 'string') {
			if (isPermanent(outcome)) for (const owner of owners) this.refuse(owner, outcome);
			return outcome;
		}
		// The first connection is not open yet: its subscriptions are admitted when it is.
		if (this.stream) for (const owner of owners) if (owner.identity === identity) this.welcome(owner);
		return outcome;
	}

	/** Notices changed credentials, and tries again to admit subscriptions that are not, while there are subscriptions. */
	private async tend(): Promise<void> {
		this.isTending = true;
		let rereadAt = this.now + REREAD_MS;
		while (this.subscriptions.size > 0) {
			const next = Math.min(rereadAt, ...this.waiting.map(({ nextAttemptAt }) => nextAttemptAt));
			if (next > this.now) {
				await this.environment.clock.delay(next - this.now, this.changed.signal);
				continue;
			}
			rereadAt = this.now + REREAD_MS;
			await this.rereadCredentials();
			for (const subscription of this.waiting) {
				if (subscription.nextAttemptAt > this.now) continue;
				subscription.isTrying = true;
				void this.tryToAdmit(subscription);
			}
			for (const subscription of this.subscriptions)
				if (subscription.state === 'admitted' && this.proofs.isOld(subscription.identity))
					void this.renewProof(subscription);
		}
		this.isTending = false;
		await this.environment.clock.delay(RESUBSCRIBE_WAIT_MS, new AbortController().signal);
		if (this.subscriptions.size === 0) this.onUnused();
	}

	private async renewProof(subscription: Subscription): Promise<void> {
		const { identity } = subscription;
		await this.proofs.renew(subscription).catch((error: Error) => {
			for (const owner of this.subscriptions) if (owner.identity === identity) this.refuse(owner, error);
		});
		await this.closeIfUnheard();
	}

	/** Subscriptions that are to be admitted later. */
	private get waiting(): Subscription[] {
		return [...this.subscriptions].filter(
			({ state, isTrying, identity }) => state !== 'admitted' && !isTrying && identity !== undefined,
		);
	}

	private async tryToAdmit(subscription: Subscription): Promise<void> {
		try {
			await this.admit(subscription);
		} catch (error) {
			if (isPermanent(error as Error)) this.refuse(subscription, error as Error);
			else this.postpone(subscription, error as Error);
		} finally {
			subscription.isTrying = false;
			this.notify();
		}
	}

	/** A credential that cannot be read at the moment stays as it is; one that is gone or was emptied counts no more. */
	private async rereadCredentials(): Promise<void> {
		await Promise.all(
			[...this.subscriptions].map(async (subscription) => {
				const account = await settle(subscription.readAccount(this.environment.clock));
				if (!this.subscriptions.has(subscription)) return;
				if (!(account instanceof Error)) return this.onCredentialRead(subscription, account);
				subscription.failedReads++;
				if (!isPermanent(account) && subscription.failedReads < MAX_FAILED_READS) return;
				subscription.identity = undefined;
				this.refuse(subscription, account);
			}),
		);
		await this.closeIfUnheard();
	}

	private onCredentialRead(subscription: Subscription, account: Account): void {
		subscription.failedReads = 0;
		if (!subscription.setAccount(account)) return;
		subscription.setPending(this.now);
		if (subscription.app === this.app) return;
		this.subscriptions.delete(subscription);
		this.move(subscription);
	}

	private refuse(subscription: Subscription, error: Error): void {
		subscription.state = 'refused';
		subscription.nextAttemptAt = this.now + REFUSED_RETRY_MS;
		subscription.report(error);
		this.notify();
	}

	private postpone(subscription: Subscription, error: Error): void {
		subscription.failures++;
		subscription.nextAttemptAt = this.now + backoffMs(subscription.failures, this.timeouts);
		if (this.now - subscription.pendingSince >= this.timeouts.reportAfterMs) subscription.report(outageError(error));
		this.notify();
	}

	/** How long workflows may still be missing; changes are not acknowledged until then. */
	private gatheringMs(): number {
		const ends = [...this.subscriptions]
			.filter(({ state, identity }) => state === 'pending' && !this.proofs.isRefused(identity))
			.map(({ pendingSince, failures }) => pendingSince + (failures > 0 ? this.timeouts.reportAfterMs : PROOF_WAIT_MS));
		return Math.max(0, ...[this.missing.until, ...ends].map((end) => end - this.now));
	}

	private onStreamFailure(stream: ReconnectingStream, error: Error): void {
		if (this.stream !== stream) return;
		this.stream = undefined;
		for (const subscription of this.subscriptions) this.refuse(subscription, error);
	}

	private reportAll(error: Error): void {
		for (const subscription of this.subscriptions) if (subscription.state !== 'refused') subscription.report(error);
	}

	private onLasted(): void {
		for (const subscription of this.subscriptions) if (subscription.state === 'admitted') subscription.onWorking();
	}

	private log(message: string): void {
		[...this.subscriptions].at(0)?.subscriber.log(message);
	}

	private notify(): void {
		const { changed } = this;
		this.changed = new AbortController();
		changed.abort();
	}

	private get now(): number {
		return this.environment.clock.now();
	}
}
