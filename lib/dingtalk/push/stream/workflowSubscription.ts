/** A workflow that listens to an app, and whether its own credential has been proved. */
import type { Account } from '../../account';
import type { Clock } from '../../utils/clock';
import { hashText } from '../../utils/hash';
import { SECOND } from '../../utils/time';
import { isOfOrganization, type Change } from '../parseChange';
import { t } from '../../../locale/t';

/** A slow database or secret store must not hold back other workflows. */
const READ_TIMEOUT_MS = 5 * SECOND;

/** One workflow that receives changes. */
export interface Subscriber {
	/** Stays the same when the workflow is saved; undefined for a test run, which does not come back. */
	triggerId?: string;
	/** n8n is starting and activates its workflows one by one, so more subscribers of the app may follow. */
	isStartingUp: boolean;
	/** Called before it hears anything, while changes wait for it; rejects if the workflow cannot be activated. */
	prepare(): Promise<void>;
	/** Reads the credential as it is now; rejects if it cannot be used. */
	readAccount(): Promise<Account>;
	/** Returns the URL for one connection of this account, which proves the account. */
	requestTicket(account: Account): Promise<string>;
	/** Resolves when the change is stored; rejects if DingTalk should push it again. */
	onChange(change: Change): Promise<void>;
	/** Tells the user that no changes arrive until the cause is corrected or passes. Called once per outage. */
	onFailure(error: Error): void;
	log(message: string): void;
}

/** By region and app: the same client ID can belong to a different app in another region. */
export const appOf = ({ hosts, clientId }: Account): string => `${new URL(hosts.api).href} ${clientId}`;

/** What a ticket proves. Contains the secret only as a hash. */
const identityOf = ({ hosts, appType, clientId, clientSecret, corpId }: Account): string =>
	hashText(JSON.stringify([new URL(hosts.api).href, appType, clientId, clientSecret, corpId]));

/** `pending`: not proved yet. `admitted`: hears changes. `refused`: DingTalk or the credential itself rules it out. */
type SubscriptionState = 'pending' | 'admitted' | 'refused';

export class Subscription {
	state: SubscriptionState = 'pending';
	/** Identifies the credential; undefined while it cannot be used. */
	identity?: string;
	/** How often in a row the credential could not be read. */
	failedReads = 0;
	pendingSince = 0;
	/** Failed attempts to be admitted in a row. */
	failures = 0;
	nextAttemptAt = 0;
	isTrying = false;
	/** Whether n8n is still activating other workflows. */
	isNewAtStartup: boolean;
	private isReported = false;
	private readonly receiving = new Set<Promise<void>>();

	constructor(
		readonly subscriber: Subscriber,
		private currentAccount: Account,
	) {
		this.identity = identityOf(currentAccount);
		this.isNewAtStartup = subscriber.isStartingUp;
	}

	get account(): Account {
		return this.currentAccount;
	}

	get app(): string {
		return appOf(this.account);
	}

	/** Reads the credential as it is now; rejects if that takes too long. */
	async readAccount(clock: Clock): Promise<Account> {
		const read = this.subscriber.readAccount();
		const settled = new AbortController();
		const timeout = clock.delay(READ_TIMEOUT_MS, settled.signal).then(async () => {
			return await Promise.reject(new Error(t`The credential could not be read in time`));
		});
		// Rejects after `read` has won, too.
		timeout.catch(() => undefined);
		return await Promise.race([read, timeout]).finally(() => settled.abort());
	}

	/** Returns whether the credential has changed and must be proved again. */
	setAccount(account: Account): boolean {
		const identity = identityOf(account);
		this.currentAccount = account;
		if (this.identity === identity) return false;
		this.identity = identity;
		return true;
	}

	setPending(now: number): void {
		this.state = 'pending';
		this.pendingSince = now;
		this.failures = 0;
		this.nextAttemptAt = now;
	}

	/** An app of several organizations hears all of them; each workflow only its own. */
	async receive(change: Change): Promise<void> {
		if (!isOfOrganization(change, this.account.corpId)) return;
		const receiving = this.subscriber.onChange(change).finally(() => this.receiving.delete(receiving));
		this.receiving.add(receiving);
		await receiving;
	}

	/** Resolves when everything that was received is stored or refused. */
	async settled(): Promise<void> {
		await Promise.allSettled(this.receiving);
	}

	/** Once, until it works again. */
	report(error: Error): void {
		if (this.isReported) return;
		this.isReported = true;
		this.subscriber.onFailure(error);
	}

	onWorking(): void {
		if (!this.isReported) return;
		this.isReported = false;
		this.subscriber.log(t`Changes arrive from DingTalk again`);
	}
}
