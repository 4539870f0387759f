/** Knows which credentials of an app are genuine: DingTalk has issued a ticket for each of them. */
import type { Clock } from '../../utils/clock';
import { LruMap, LruSet } from '../../utils/lru';
import { HOUR, MINUTE } from '../../utils/time';
import type { Subscription } from './workflowSubscription';
import { isPermanent, noCredentialError } from './streamErrors';

/** A credential that was proved within this time is not proved again; tickets are valid for 90 seconds. */
const PROOF_LIFE_MS = MINUTE;
/** After this time, a credential is proved again: its secret may have been replaced at DingTalk since. */
const PROOF_RENEWAL_MS = HOUR;
const RENEWAL_RETRY_MS = 10 * MINUTE;
const MAX_CREDENTIALS = 1000;

type Owner = Pick<Subscription, 'subscriber' | 'account' | 'identity'>;

export class CredentialProofs {
	/** When each credential was proved, by identity. */
	private readonly proved = new LruMap<string, number>(MAX_CREDENTIALS);
	private readonly refused = new LruSet<string>(MAX_CREDENTIALS);
	private readonly proving = new Map<string, Promise<void>>();
	/** The ticket of the last proof, if it was not used yet. */
	private spareTicket?: { url: string; until: number };

	constructor(private readonly clock: Clock) {}

	has(identity: string | undefined): boolean {
		return identity !== undefined && this.proved.has(identity);
	}

	isOld(identity: string | undefined): boolean {
		const provedAt = identity === undefined ? undefined : this.proved.get(identity);
		return provedAt !== undefined && this.clock.now() - provedAt >= PROOF_RENEWAL_MS;
	}

	/** Proves an old credential again; rejects only if DingTalk refuses it. */
	async renew(owner: Owner): Promise<void> {
		const { identity = '' } = owner;
		await this.prove(owner).catch(async (error: Error) => {
			if (isPermanent(error)) await Promise.reject(error);
			this.proved.set(identity, this.clock.now() - PROOF_RENEWAL_MS + RENEWAL_RETRY_MS);
		});
	}

	/** Whether DingTalk has refused this credential, and has not accepted it since. */
	isRefused(identity: string | undefined): boolean {
		return identity === undefined || this.refused.has(identity);
	}

	/** Rejects unless DingTalk issues a ticket for this credential, or did so a moment ago. */
	async prove(owner: Owner): Promise<void> {
		const { identity } = owner;
		if (identity === undefined) throw noCredentialError();
		const provedAt = this.proved.get(identity);
		if (provedAt !== undefined && this.clock.now() - provedAt < PROOF_LIFE_MS) return;
		const proof = this.proving.get(identity) ?? this.proveNow(owner).finally(() => this.proving.delete(identity));
		this.proving.set(identity, proof);
		await proof;
	}

	/** Returns the URL for one connection, which proves the credential. */
	async requestTicket({ subscriber, account, identity = '' }: Owner): Promise<string> {
		const url = await subscriber.requestTicket(account).catch(async (error: Error) => {
			if (isPermanent(error)) {
				this.proved.delete(identity);
				this.refused.add(identity);
			}
			return await Promise.reject(error);
		});
		this.proved.set(identity, this.clock.now());
		this.refused.delete(identity);
		return url;
	}

	/** The ticket of the last proof, unless it was used or is too old. */
	takeSpareTicket(): string | undefined {
		const spare = this.spareTicket;
		this.spareTicket = undefined;
		return spare && this.clock.now() < spare.until ? spare.url : undefined;
	}

	private async proveNow(owner: Owner): Promise<void> {
		const url = await this.requestTicket(owner);
		this.spareTicket = { url, until: this.clock.now() + PROOF_LIFE_MS };
	}
}
