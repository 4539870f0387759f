/** The one door to DingTalk: every call goes through `request`, which paces, retries, counts and explains. */
import type { Account } from '../account';
import { whatCameOf } from './replayedWrites';
import { fillPath, templateOf, type ApiCall } from '../endpoints';
import { troubleIn } from './parseResponse';
import { DingTalkError, notForThisApp } from '../errors/DingTalkError';
import { isGoneAsAsked, lostAnswer, refuseIfLost } from './unconfirmedWrites';
import { holdLane, learnCallsPerMinute, pause, takeSlot } from './rateLimiter';
import { DEADLINE_MS, isPerMinute, waitBeforeRetry } from './retryPolicy';
import { Spent } from './exhaustedLimits';
import { refusesTimes, rememberMilliseconds, wantsMilliseconds, withMilliseconds } from '../utils/timestamps';

export interface WireRequest {
	method: ApiCall['method'];
	url: string;
	query?: Record<string, string | number | boolean>;
	body?: unknown;
	headers: Record<string, string>;
	/** Stop does not cut it off. */
	uncut?: boolean;
	/** To be called when the request goes out with its token; pacing goes by it. */
	started?: () => void;
}

export interface WireAnswer {
	status: number;
	body: unknown;
	/** The name under which DingTalk's support finds the call. */
	requestId?: string;
	/** Says that DingTalk did not accept the token this request carried; the next request gets a new one. */
	refuseToken(): void;
}

/** Whatever carries a request with its token. Rejects with a DingTalkError when no answer came, or with what is wrong with the account. */
export interface Wire {
	account: Account;
	send(request: WireRequest): Promise<WireAnswer>;
}

export interface CallInput {
	/** Values of the path's placeholders, as they are; they are encoded here. */
	path?: Record<string, string>;
	query?: Record<string, string | number | boolean | undefined>;
	body?: unknown;
	/**
	 * Names this very request: repeating it with the same name does it once. Without it a write is never repeated after
	 * its answer was lost. Where DingTalk knows no such names, it keeps n8n's retry from sending it a second time.
	 */
	once?: string;
	/** It only tells how a write went, so a preview, which writes nothing, does without it. */
	afterwards?: boolean;
	/**
	 * What Stop does to it: nothing is sent any more and what is on its way is cut off, unless it shall `finish` once it is on
	 * its way. What clears up is even begun.
	 */
	ifStopped?: 'finish' | 'begin';
}

/** What a run cost. */
export interface Bill {
	metered: number;
	free: number;
	retries: number;
	waitedMs: number;
}

function definedOnly(query: CallInput['query'] = {}): Record<string, string | number | boolean> {
	return Object.fromEntries(
		Object.entries(query).filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined),
	);
}

/** What all clients of one run have in common. */
export interface Shared {
	bill: Bill;
	spent: Spent;
}

const newShared = (): Shared => ({ bill: { metered: 0, free: 0, retries: 0, waitedMs: 0 }, spent: new Spent() });

export class Client {
	constructor(
		readonly wire: Wire,
		readonly signal?: AbortSignal,
		readonly shared: Shared = newShared(),
		/** Where DingTalk's names of the calls are written down, if somebody wants them. */
		private readonly requestIds?: string[],
	) {}

	/** Whether writes are only written down. */
	get isPreview(): boolean {
		return false;
	}

	get account(): Account {
		return this.wire.account;
	}

	get bill(): Bill {
		return this.shared.bill;
	}

	/** The same way to DingTalk, which writes down DingTalk's name of every call. */
	noting(requestIds: string[]): Client {
		return new Client(this.wire, this.signal, this.shared, requestIds);
	}

	/** Refuses what cannot work, without a call: for what would take look-ups first. */
	refuseHopeless(call: ApiCall, path?: Record<string, string>): void {
		if (call.notFor?.includes(this.account.appType)) throw notForThisApp(call);
		this.shared.spent.refuse(call, path);
	}

	async request<T = unknown>(call: ApiCall, input: CallInput = {}): Promise<T> {
		refuseIfLost(call, input);
		this.refuseHopeless(call, input.path);
		const giveUpAt = Date.now() + DEADLINE_MS;
		const lane = this.laneOf(call, input);
		const signal = input.ifStopped === 'begin' ? undefined : this.signal;
		const tries = new Map<DingTalkError['trouble'], number>();
		for (;;) {
			const slot = await takeSlot(lane, this.account.callsPerSecond, signal);
			this.bill.waitedMs += slot.waitedMs;
			const outcome = await this.attempt(call, input, slot.started).finally(slot.ended);
			if (!(outcome instanceof Error)) return outcome.body as T;
			if (!(outcome instanceof DingTalkError)) throw outcome;
			if (outcome.trouble === 'done') return await this.doneBefore<T>(outcome, call, input);
			if (outcome.trouble === 'throttle') slot.refused();
			this.shared.spent.learn(outcome, call, input.path);
			const count = (tries.get(outcome.trouble) ?? 0) + 1;
			tries.set(outcome.trouble, count);
			const wait = waitBeforeRetry(outcome, call, input, count);
			if (wait === undefined || Date.now() + wait > giveUpAt) {
				if (isGoneAsAsked(outcome, call, input, lane)) return undefined as T;
				throw lostAnswer(outcome, call, input, lane);
			}
			this.bill.retries++;
			if (isPerMinute(outcome)) {
				learnCallsPerMinute(lane);
				// The next slot is waited for, and counted, above.
				holdLane(lane, wait);
			} else if (wait > 0) {
				this.bill.waitedMs += wait;
				await pause(wait, signal);
			}
		}
	}

	/** DingTalk counts each app and API apart, and a vendor's app for each of its customers. */
	private laneOf(call: ApiCall, { path }: CallInput): string {
		const { hosts, clientId, corpId } = this.account;
		return [hosts.api, clientId, corpId, call.method, templateOf(call, path)].join(' ');
	}

	private async doneBefore<T>(said: DingTalkError, call: ApiCall, input: CallInput): Promise<T> {
		const result = await whatCameOf(this, call, input);
		if (result === undefined) throw said;
		return result as T;
	}

	private async attempt(call: ApiCall, input: CallInput, started: () => void): Promise<{ body: unknown } | Error> {
		if (input.ifStopped !== 'begin') this.signal?.throwIfAborted();
		// Another call may have learned it meanwhile.
		this.refuseHopeless(call, input.path);
		const { api } = this.account.hosts;
		if (wantsMilliseconds(api)) return await this.send(call, withMilliseconds(input), started);
		const outcome = await this.send(call, input, started);
		if (!(outcome instanceof DingTalkError) || !refusesTimes(outcome.facts.code)) return outcome;
		rememberMilliseconds(api);
		return await this.send(call, withMilliseconds(input), started);
	}

	/** What goes over the wire for a call. */
	protected requestFor(call: ApiCall, input: CallInput): WireRequest {
		const { hosts } = this.account;
		return {
			method: call.method,
			url: (call.style === 'new' ? hosts.api : hosts.oldApi) + fillPath(call, input.path ?? {}),
			query: definedOnly(input.query),
			body: input.body,
			uncut: input.ifStopped !== undefined,
			headers: call.repeatable && input.once ? { 'x-client-token': input.once } : {},
		};
	}

	private async send(call: ApiCall, input: CallInput, started: () => void): Promise<{ body: unknown } | Error> {
		const request = { ...this.requestFor(call, input), started };
		const answer = await this.wire.send(request).catch((error: Error) => error);
		if (answer instanceof Error) return answer;
		if (answer.requestId) this.requestIds?.push(answer.requestId);
		const error = troubleIn(answer, call);
		if (error?.trouble === 'token') answer.refuseToken();
		// A call that the gateway turned away is not counted by DingTalk.
		if (error?.trouble !== 'token' && error?.trouble !== 'throttle') this.bill[call.metered ? 'metered' : 'free']++;
		return error ?? answer;
	}
}
