/**
 * The one Stream connection of an app, shared by all its workflows. DingTalk delivers each message to only one of an app's
 * connections, so with one connection per workflow each of them would miss what went to the others. A workflow hears nothing
 * before a ticket for its own credential has proved that credential.
 */
import type { Account } from '../../account';
import { MINUTE, SECOND } from '../../utils/time';
import { deliverFrame, REPLY_TIMEOUT_MS, type Audience } from './deliverFrame';
import { CredentialProofs } from './credentialProofs';
import type { Member } from './member';
import { backoffMs, ReconnectingStream, type StreamTimeouts } from './reconnectingStream';
import { isPermanent, noCredentialError, outageError } from './streamErrors';
import type { StreamEnvironment } from './webSocketConnection';

/**
 * DingTalk sends the changes it has kept as soon as a connection is open, which is before n8n has activated all its
 * workflows. To let none of them miss a change, none is acknowledged until no workflow has been added for this time;
 * DingTalk pushes the changes again.
 */
const STARTUP_WAIT_MS = 10 * SECOND;
/** Saving a workflow removes and adds its subscriber; in between, the connection stays and changes wait for it. */
const RESUBSCRIBE_WAIT_MS = 1500;
/** How long changes wait for a workflow whose credential is being proved. */
const PROOF_WAIT_MS = 20 * SECOND;
/** How often credentials are read to notice that they were changed. */
const REREAD_MS = MINUTE;
/** How soon a credential that DingTalk refused is tried again if it is not changed. */
const REFUSED_RETRY_MS = 5 * MINUTE;
/** A slow database or secret store must not hold back other workflows. */
const READ_TIMEOUT_MS = 5 * SECOND;
/** After so many failures in a row, a credential counts as gone. */
const MAX_FAILED_READS = 3;

export class AppConnection {
	private readonly members = new Set<Member>();
	private readonly proofs: CredentialProofs;
	private stream?: ReconnectingStream;
	private opening?: Promise<void>;
	/** Until then, workflows may still be missing. */
	private gatherUntil = 0;
	private isTending = false;
	/** Aborted, and replaced, when anything changes for those who wait. */
	private changed = new AbortController();

	private readonly audience: Audience;

	constructor(
		private readonly app: string,
		/** Takes a member whose credential now belongs to another app. */
		private readonly move: (member: Member) => void,
		private readonly environment: StreamEnvironment,
		private readonly timeouts: StreamTimeouts,
	) {
		this.proofs = new CredentialProofs(environment.clock);
		this.audience = {
			members: this.members,
			clock: environment.clock,
			gatheringMs: () => this.gatheringMs(),
			getChangedSignal: () => this.changed.signal,
		};
	}

	/** Rejects if the member's own credential is not accepted, or if there is no connection. */
	async add(member: Member): Promise<void> {
		this.join(member);
		// Workflows often share a credential: if it was corrected, those that were refused for it may hear this one's changes.
		if ([...this.members].some(({ state }) => state === 'refused')) await this.rereadCredentials();
		const failure = await this.admit(member).catch((error: Error) => error);
		member.isTrying = false;
		this.notify();
		if (!failure) return;
		// n8n starts while DingTalk cannot be reached: the workflow was active before and must not stay deaf.
		if (member.subscriber.isStartingUp && !isPermanent(failure)) return this.postpone(member, failure);
		this.members.delete(member);
		this.notify();
		await this.closeIfUnheard();
		await Promise.reject(failure);
	}

	/** Takes over a member whose credential now belongs to this app. */
	adopt(member: Member): void {
		this.join(member);
		void this.tryToAdmit(member);
	}

	/** Resolves when no more changes come, and those received before are stored or DingTalk has stopped waiting. */
	async remove(member: Member): Promise<void> {
		if (!this.members.delete(member)) return;
		if (member.state === 'admitted') this.gather(RESUBSCRIBE_WAIT_MS);
		this.notify();
		if (!this.isHeard) void this.closeAfterSave();
		const settled = new AbortController();
		void member.settled().then(() => settled.abort());
		await this.environment.clock.delay(REPLY_TIMEOUT_MS, settled.signal);
	}

	/** Follows with an attempt to admit the member. */
	private join(member: Member): void {
		member.setPending(this.now);
		member.isTrying = true;
		this.members.add(member);
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

	/** Whether any member may hear what comes. */
	private get isHeard(): boolean {
		return [...this.members].some(({ state }) => state !== 'refused');
	}

	private async admit(member: Member): Promise<void> {
		const { identity } = member;
		await this.prove(member);
		// A connection that no one may hear is closed, so a member that was refused before counts again from here.
		if (member.state === 'refused' && member.identity === identity) member.state = 'pending';
		await this.openStream();
		if (!this.members.has(member) || member.identity !== identity || member.state === 'refused') return;
		this.welcome(member);
		member.onWorking();
	}

	private welcome(member: Member): void {
		member.state = 'admitted';
		member.failures = 0;
		if (member.isNewAtStartup) this.gather(STARTUP_WAIT_MS);
		member.isNewAtStartup = false;
		this.notify();
	}

	private async prove(member: Member): Promise<void> {
		await this.proofs.prove(member).catch(async (error: Error) => {
			// Proved before, and DingTalk does not say anything else now.
			if (isPermanent(error) || !this.stream || !this.proofs.has(member.identity)) await Promise.reject(error);
		});
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
		const readable = [...this.members].filter(({ failedReads }) => failedReads === 0);
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
		const owners = [...this.members].filter((member) => member.identity === identity);
		if (owners.length === 0) return noCredentialError();
		const outcome = await this.proofs.requestTicket(owners[0]).catch((error: Error) => error);
		if (typeof outcome !== 'string') {
			if (isPermanent(outcome)) for (const owner of owners) this.refuse(owner, outcome);
			return outcome;
		}
		// The first connection is not open yet: its members are admitted when it is.
		if (this.stream) for (const owner of owners) if (owner.identity === identity) this.welcome(owner);
		return outcome;
	}

	/** Notices changed credentials, and tries again to admit members that are not, while there are members. */
	private async tend(): Promise<void> {
		this.isTending = true;
		let rereadAt = this.now + REREAD_MS;
		while (this.members.size > 0) {
			const next = Math.min(rereadAt, ...this.waiting.map(({ nextAttemptAt }) => nextAttemptAt));
			if (next > this.now) {
				await this.environment.clock.delay(next - this.now, this.changed.signal);
				continue;
			}
			rereadAt = this.now + REREAD_MS;
			await this.rereadCredentials();
			for (const member of this.waiting) {
				if (member.nextAttemptAt > this.now) continue;
				member.isTrying = true;
				void this.tryToAdmit(member);
			}
			for (const member of this.members)
				if (member.state === 'admitted' && this.proofs.isOld(member.identity)) void this.renewProof(member);
		}
		this.isTending = false;
	}

	private async renewProof(member: Member): Promise<void> {
		const { identity } = member;
		await this.proofs.renew(member).catch((error: Error) => {
			for (const owner of this.members) if (owner.identity === identity) this.refuse(owner, error);
		});
		await this.closeIfUnheard();
	}

	/** Members that are to be admitted later. */
	private get waiting(): Member[] {
		return [...this.members].filter(
			({ state, isTrying, identity }) => state !== 'admitted' && !isTrying && identity !== undefined,
		);
	}

	private async tryToAdmit(member: Member): Promise<void> {
		try {
			await this.admit(member);
		} catch (error) {
			if (isPermanent(error as Error)) this.refuse(member, error as Error);
			else this.postpone(member, error as Error);
		} finally {
			member.isTrying = false;
			this.notify();
		}
	}

	/** A credential that cannot be read at the moment stays as it is; one that is gone or was emptied counts no more. */
	private async rereadCredentials(): Promise<void> {
		await Promise.all(
			[...this.members].map(async (member) => {
				const account = await this.readInTime(member).catch((error: Error) => error);
				if (!this.members.has(member)) return;
				if (!(account instanceof Error)) return this.onCredentialRead(member, account);
				member.failedReads++;
				if (!isPermanent(account) && member.failedReads < MAX_FAILED_READS) return;
				member.identity = undefined;
				this.refuse(member, account);
			}),
		);
		await this.closeIfUnheard();
	}

	private async readInTime({ subscriber }: Member): Promise<Account> {
		const read = subscriber.readAccount();
		const settled = new AbortController();
		const timeout = this.environment.clock.delay(READ_TIMEOUT_MS, settled.signal).then(async () => {
			return await Promise.reject(new Error('The credential could not be read in time'));
		});
		// Rejects after `read` has won, too.
		timeout.catch(() => undefined);
		return await Promise.race([read, timeout]).finally(() => settled.abort());
	}

	private onCredentialRead(member: Member, account: Account): void {
		member.failedReads = 0;
		if (!member.setAccount(account)) return;
		member.setPending(this.now);
		if (member.app === this.app) return;
		this.members.delete(member);
		this.move(member);
	}

	private refuse(member: Member, error: Error): void {
		member.state = 'refused';
		member.nextAttemptAt = this.now + REFUSED_RETRY_MS;
		member.report(error);
		this.notify();
	}

	private postpone(member: Member, error: Error): void {
		member.failures++;
		member.nextAttemptAt = this.now + backoffMs(member.failures, this.timeouts);
		if (this.now - member.pendingSince >= this.timeouts.reportAfterMs) member.report(outageError(error));
		this.notify();
	}

	/** How long workflows may still be missing; changes are not acknowledged until then. */
	private gatheringMs(): number {
		const ends = [...this.members]
			.filter(({ state, identity }) => state === 'pending' && !this.proofs.isRefused(identity))
			.map(({ pendingSince }) => pendingSince + PROOF_WAIT_MS);
		return Math.max(0, ...[this.gatherUntil, ...ends].map((end) => end - this.now));
	}

	private gather(ms: number): void {
		this.gatherUntil = Math.max(this.gatherUntil, this.now + ms);
	}

	private onStreamFailure(stream: ReconnectingStream, error: Error): void {
		if (this.stream !== stream) return;
		this.stream = undefined;
		for (const member of this.members) this.refuse(member, error);
	}

	private reportAll(error: Error): void {
		for (const member of this.members) if (member.state !== 'refused') member.report(error);
	}

	private onLasted(): void {
		for (const member of this.members) if (member.state === 'admitted') member.onWorking();
	}

	private log(message: string): void {
		const [first] = this.members;
		first?.subscriber.log(message);
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
