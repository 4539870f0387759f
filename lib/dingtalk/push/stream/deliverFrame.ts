/** Delivers a frame to all workflows of an app, and decides how DingTalk is answered: accepted, or to be pushed again. */
import { storedSecrets } from '../../signIn';
import type { Clock } from '../../utils/clock';
import { createRedactor } from '../../utils/redact';
import { isReportable, parseChange, type Change } from '../parseChange';
import type { AckStatus, Frame } from './frames';
import type { Subscription } from './workflowSubscription';
import { t } from '../../../locale/t';

/** DingTalk waits three seconds for a reply; the rest is left for the network. */
export const REPLY_TIMEOUT_MS = 2500;

export interface Audience {
	subscriptions: Iterable<Subscription>;
	clock: Clock;
	/** How long subscriptions may still be missing. */
	gatheringMs(): number;
	/** Aborted when the subscriptions or their states change. */
	getChangedSignal(): AbortSignal;
}

type Deliveries = Map<Subscription, Promise<boolean>>;

/** Those who are admitted do not wait for those who are not. */
function deliverToNew(change: Change, subscriptions: Iterable<Subscription>, deliveries: Deliveries): void {
	for (const subscription of subscriptions) {
		if (subscription.state !== 'admitted' || deliveries.has(subscription)) continue;
		const delivery = subscription.receive(change).then(
			() => true,
			(error: Error) => {
				subscription.subscriber.log(t`A change was not accepted, DingTalk will push it again: ${error.message}`);
				return false;
			},
		);
		deliveries.set(subscription, delivery);
	}
}

async function areStored(deliveries: Deliveries, clock: Clock, replyBy: number): Promise<boolean> {
	const settled = new AbortController();
	let isStored = false;
	void Promise.all(deliveries.values()).then((outcomes) => {
		isStored = outcomes.every(Boolean);
		settled.abort();
	});
	await clock.delay(Math.max(replyBy - clock.now(), 0), settled.signal);
	return isStored;
}

/** Accepted: all subscriptions are there and have stored it. */
export async function deliverFrame(frame: Frame, audience: Audience): Promise<AckStatus> {
	const { subscriptions, clock } = audience;
	const replyBy = clock.now() + REPLY_TIMEOUT_MS;
	// The app may have subscribed to other events too; they are acknowledged and ignored.
	if (frame.eventType !== undefined && !isReportable(frame.eventType)) return 'SUCCESS';
	// A gateway that quotes a secret in a push must not bring it into the items.
	const secrets = [...subscriptions].flatMap(({ account }) => storedSecrets(account));
	const { data, deliveryHeaders } = createRedactor(secrets)({
		data: frame.data,
		deliveryHeaders: frame.deliveryHeaders,
	});
	const parsed = parseChange(data, deliveryHeaders);
	if (!parsed.change) {
		const [first] = subscriptions;
		first?.subscriber.log(t`DingTalk sent a change that cannot be read: ${parsed.reason}`);
		// Pushing it again would not help.
		return 'SUCCESS';
	}
	const deliveries: Deliveries = new Map();
	deliverToNew(parsed.change, subscriptions, deliveries);
	while (audience.gatheringMs() > 0 && clock.now() < replyBy) {
		await clock.delay(Math.min(audience.gatheringMs(), replyBy - clock.now()), audience.getChangedSignal());
		deliverToNew(parsed.change, subscriptions, deliveries);
	}
	if (audience.gatheringMs() > 0 || deliveries.size === 0) return 'LATER';
	return (await areStored(deliveries, clock, replyBy)) ? 'SUCCESS' : 'LATER';
}
