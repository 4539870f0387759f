/** Pushes calendar changes to the apps that listen. */
import type { Change } from '../calendar/model';
import { CalendarStore } from '../calendar/calendarStore';
import type { App } from '../company';
import { CallLog } from '../gateway/callLog';
import { Random } from '../random';
import type { World } from '../world';
import { HttpPush } from './http/httpPush';
import { CALENDAR_CHANGE, changeFields, newMessage, type Message } from './message';
import { PushQuota } from './pushQuota';
import { PushRecords, type Channel, type PushRecord } from './record';
import { StreamHub } from './stream/hub';

/** The maximum delay by which pushes can overtake each other. */
const MAX_DELAY_MS = 300;

export class Publisher {
	constructor(private readonly world: World) {
		world.use(CalendarStore).onChange((change) => this.publish(change));
	}

	/** The channels of an app: only one, as the choice in DingTalk's console suggests, depending on the switch. */
	channelsOf({ clientId }: App): Channel[] {
		const overHttp = this.world.use(HttpPush).hasCallback(clientId);
		const overStream = this.world.use(StreamHub).hasConnected(clientId);
		const both = this.world.switches.pushChannels === 'both';
		return [
			...(overHttp ? (['http'] as const) : []),
			...(overStream && (both || !overHttp) ? (['stream'] as const) : []),
		];
	}

	/** Counts the message and sends it unless the monthly quota is used up. */
	publishTo(
		clientId: string,
		via: Channel,
		message: Message,
		send = (record: PushRecord) => this.deliver(record),
	): PushRecord {
		const record = this.world.use(PushRecords).open(clientId, via, message);
		if (this.world.use(PushQuota).take()) {
			this.world.use(CallLog).countPush();
			send(record);
		} else {
			record.state = 'overQuota';
		}
		return record;
	}

	deliver(record: PushRecord): void {
		if (record.via === 'stream') this.world.use(StreamHub).deliver(record);
		else this.world.use(HttpPush).deliver(record);
	}

	private publish(change: Change): void {
		const { switches, clock, company } = this.world;
		if (change.cause === 'response' && !switches.responsesArePushed) return;
		const groups =
			switches.pushedUsers === 'together' ? [change.unionIds] : change.unionIds.map((unionId) => [unionId]);
		for (const unionIds of groups) {
			const message = newMessage(CALENDAR_CHANGE, changeFields(change, unionIds, this.world), clock.now(), this.world);
			for (const app of company.apps) {
				for (const via of this.channelsOf(app))
					this.publishTo(app.clientId, via, message, this.deliverInOrderOrShuffled);
			}
		}
	}

	private readonly deliverInOrderOrShuffled = (record: PushRecord): void => {
		if (this.world.switches.pushOrder === 'asItHappened') return this.deliver(record);
		this.world.clock.after(this.world.use(Random).next() * MAX_DELAY_MS, () => this.deliver(record));
	};
}
