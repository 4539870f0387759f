/** The history of all pushes and their attempts. */
import { Random } from '../random';
import type { World } from '../world';
import type { Message } from './message';

export type Channel = 'stream' | 'http';

export interface Attempt {
	/** By the simulator's clock. */
	at: string;
	/** The connection ID or the URL. */
	to: string;
	messageId?: string;
	/** `pending`, `accepted` or the reason of the failure. */
	outcome: string;
}

/** One message to one app. */
export interface PushRecord {
	pushId: number;
	clientId: string;
	via: Channel;
	message: Message;
	/** `failed` pushes are in the list of failed callbacks; `spoilt` ones are malformed on purpose. */
	state: 'waiting' | 'sent' | 'accepted' | 'failed' | 'lost' | 'overQuota' | 'spoilt';
	attempts: Attempt[];
	/** Whether it was pushed again after it had been accepted. */
	repeated?: boolean;
}

/** All pushes, oldest first. */
export class PushRecords {
	readonly all: PushRecord[] = [];

	constructor(private readonly world: World) {}

	open(clientId: string, via: Channel, message: Message): PushRecord {
		const record: PushRecord = { pushId: this.all.length + 1, clientId, via, message, state: 'waiting', attempts: [] };
		this.all.push(record);
		return record;
	}

	attempt(record: PushRecord, to: string, messageId?: string): Attempt {
		const at = new Date(this.world.clock.now()).toISOString();
		const attempt: Attempt = { at, to, messageId, outcome: 'pending' };
		record.attempts.push(attempt);
		return attempt;
	}

	describe(): unknown[] {
		return this.all.map(({ message: { eventId, eventType, bornAt, fields }, ...record }) => ({
			...record,
			eventId,
			eventType,
			eventBornTime: bornAt,
			fields,
		}));
	}
}

const REPEAT_PROBABILITY = 0.1;

/** DingTalk can repeat an accepted push; this is decided once per message. */
export function markAccepted(record: PushRecord, world: World): { again: boolean } {
	const again =
		record.repeated === undefined &&
		world.switches.acceptedPushes === 'sometimesRepeated' &&
		world.use(Random).chance(REPEAT_PROBABILITY);
	record.state = 'accepted';
	record.repeated ??= again;
	return { again };
}
