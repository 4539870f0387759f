/** DingTalk's side of HTTP push: three attempts for each push, after which it is put on the list of failed ones. */
import { seal, unseal, type Keys } from '../../simulator/push/envelope';
import type { PushedChange } from './company';
import type { Time } from './time';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const PATIENCE_MS = 2500;
const RETRIES_MS = [10 * SECOND, 30 * SECOND];
const LISTED_AFTER_MS = 4 * MINUTE;

export interface PushRequest {
	query: Record<string, string>;
	body: { encrypt: string };
}

export interface PushResponse {
	status: number;
	body: unknown;
}

/** Resolves with undefined if there is no response. */
export type Receive = (request: PushRequest, attempt: number) => Promise<PushResponse | undefined>;

interface Push {
	change: PushedChange;
	data: Record<string, unknown>;
	attempts: number;
	request?: PushRequest;
}

export interface PusherBehavior {
	/** With capitals and without an ID of the push, as seen in real deliveries. */
	inCapitals: boolean;
	/** Each push is sent once more although it was answered. */
	repeats: boolean;
}

export class HttpPusher {
	/** Pushes whose three attempts failed; listed some minutes later. */
	private readonly failed: Array<{ push: Push; listedAt: number }> = [];
	private readonly pushes: Push[] = [];
	private readonly requests = new Map<string, PushedChange>();
	private returned = 0;

	constructor(
		private readonly keys: Keys,
		private readonly behavior: PusherBehavior,
		private readonly receive: Receive,
		private readonly time: Time,
	) {}

	push(change: PushedChange): void {
		const push = { change, data: this.describe(change), attempts: 0 };
		this.pushes.push(push);
		this.time.at(0, () => void this.attempt(push));
	}

	/** Sends what was sent before once more, byte by byte, as someone who recorded it could. */
	replay(which: number): void {
		const recorded = this.pushes.filter(({ request }) => request);
		const { request } = recorded[which % Math.max(1, recorded.length)] ?? {};
		if (request) void this.receive(request, which);
	}

	forge(which: number): void {
		const [latest] = this.pushes.slice(-1);
		const text = JSON.stringify(latest?.data ?? { EventType: 'calendar_event_change' });
		const keys = [
			{ ...this.keys, token: 'anotherToken' },
			{ ...this.keys, ownerKey: 'anotherApp' },
		][which % 2];
		const sealed = seal(text, keys, String(this.time.now - (which > 1 ? 6 * MINUTE : 0)));
		void this.receive(toRequest(sealed), which);
	}

	/** Like DingTalk, forgets what it returned before. */
	listFailed(from: number, to: number): unknown {
		this.failed.splice(0, this.returned);
		const listed = this.failed.filter(
			({ push, listedAt }) => listedAt <= this.time.now && push.change.at >= from && push.change.at <= to,
		);
		const rest = this.failed.filter((one) => !listed.includes(one));
		this.failed.splice(0, this.failed.length, ...listed, ...rest);
		this.returned = listed.length;
		return {
			hasMore: false,
			failedList: listed.map(({ push }) => ({
				callBackTag: 'calendar_event_change',
				callBackData: JSON.stringify(this.inCapitals(push.change)),
				corpId: push.change.corpId,
				eventTime: push.change.at,
			})),
		};
	}

	/** The change that a request pushes; undefined for a forged one. */
	changeOf({ body }: PushRequest): PushedChange | undefined {
		return this.requests.get(body.encrypt);
	}

	hasFailed(change: PushedChange): boolean {
		return this.pushes.some((push) => push.change === change && push.attempts > RETRIES_MS.length);
	}

	private async attempt(push: Push): Promise<void> {
		push.attempts++;
		const { attempts } = push;
		const sealed = seal(JSON.stringify(push.data), this.keys, String(this.time.now));
		push.request = toRequest(sealed);
		this.requests.set(sealed.encrypt, push.change);
		const isAccepted = await this.isAccepted(push.request, attempts);
		if (isAccepted) {
			if (this.behavior.repeats && attempts === 1) this.time.at(5 * SECOND, () => void this.attempt(push));
			return;
		}
		if (attempts <= RETRIES_MS.length) this.time.at(RETRIES_MS[attempts - 1], () => void this.attempt(push));
		else this.failed.push({ push, listedAt: this.time.now + LISTED_AFTER_MS });
	}

	private async isAccepted(request: PushRequest, attempt: number): Promise<boolean> {
		const late = new Promise<undefined>((resolve) => this.time.at(PATIENCE_MS, () => resolve(undefined)));
		const response = await Promise.race([this.receive(request, attempt), late]);
		if (response?.status !== 200) return false;
		const body = response.body as Record<string, string> | undefined;
		if (!body?.encrypt) return false;
		const { msg_signature: signature, timeStamp: timestamp, nonce, encrypt } = body;
		return unseal({ signature, timestamp, nonce, encrypt }, this.keys) === 'success';
	}

	private describe(change: PushedChange): Record<string, unknown> {
		if (this.behavior.inCapitals) return this.inCapitals(change);
		const { number, corpId, eventId, type, people, at } = change;
		return {
			EventType: 'calendar_event_change',
			EventTime: at,
			CorpId: corpId,
			BizId: `biz-${number}`,
			eventId: `push-${corpId}-${number}`,
			calendarEventId: eventId,
			calendarEventUpdateTime: at,
			calendarId: 'NzE3',
			unionIdList: people,
			changeType: type,
			operator: { type: 'user' },
		};
	}

	private inCapitals({ number, corpId, eventId, type, people, at }: PushedChange): Record<string, unknown> {
		return {
			CalendarEventUpdateTime: at,
			CorpId: corpId,
			ChangeType: type,
			EventType: 'calendar_event_change',
			CalendarId: 'NzE3',
			EventTime: at,
			BizId: `biz-${number}`,
			CalendarEventId: eventId,
			operator: { type: 'user' },
			UnionIdList: people,
		};
	}
}

const toRequest = ({ signature, timestamp, nonce, encrypt }: ReturnType<typeof seal>): PushRequest => ({
	query: { signature, timestamp, nonce },
	body: { encrypt },
});
