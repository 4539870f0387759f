/** Finds the one Stream connection of an app for each workflow that listens to it. */
import type { Account } from '../../account';
import { DingTalkError } from '../../errors/DingTalkError';
import { systemClock } from '../../utils/clock';
import { AppConnection } from './appConnection';
import { appOf, Subscription, type Subscriber } from './workflowSubscription';
import { STREAM_TIMEOUTS, type StreamTimeouts } from './reconnectingStream';
import type { StreamEnvironment } from './webSocketConnection';
import { t } from '../../../locale/t';

/** Resolves when no more changes will come. */
export type Unsubscribe = () => Promise<void>;

export const STREAM_ENVIRONMENT: StreamEnvironment = {
	clock: systemClock,
	createSocket: (url) => new WebSocket(url),
};

/** Rejects apps to which DingTalk pushes nothing. */
function checkAppType({ appType }: Account): void {
	if (appType !== 'user') return;
	throw new DingTalkError({
		kind: 'permission',
		message: t`DingTalk pushes changes only to apps of an organization, not to an app that acts on behalf of a user`,
		advice: t`Use a credential whose 'App Type' is Internal App.`,
	});
}

const readAccount =
	(subscriber: Subscriber): Subscriber['readAccount'] =>
	async () => {
		const account = await subscriber.readAccount();
		checkAppType(account);
		return account;
	};

export class SharedConnections {
	/** By region and app. */
	private readonly connections = new Map<string, AppConnection>();

	constructor(
		private readonly environment: StreamEnvironment = STREAM_ENVIRONMENT,
		private readonly timeouts: StreamTimeouts = STREAM_TIMEOUTS,
	) {}

	/** Reads the credential once, proves it, and connects; rejects if that fails. */
	async subscribe(subscriber: Subscriber): Promise<Unsubscribe> {
		const read = readAccount(subscriber);
		const subscription = new Subscription({ ...subscriber, readAccount: read }, await read());
		await this.connectionOf(subscription).add(subscription);
		return async () => await this.connections.get(subscription.app)?.remove(subscription);
	}

	/** How many apps are remembered. */
	get size(): number {
		return this.connections.size;
	}

	private connectionOf({ account }: Subscription): AppConnection {
		const app = appOf(account);
		const known = this.connections.get(app);
		if (known) return known;
		const connection = new AppConnection(
			app,
			(subscription) => this.connectionOf(subscription).adopt(subscription),
			() => {
				if (this.connections.get(app) === connection) this.connections.delete(app);
			},
			this.environment,
			this.timeouts,
		);
		this.connections.set(app, connection);
		return connection;
	}
}

const shared = new SharedConnections();

export const subscribe = async (subscriber: Subscriber): Promise<Unsubscribe> => await shared.subscribe(subscriber);
