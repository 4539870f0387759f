/** The one door to DingTalk: every call goes through `request`, which paces, retries, counts and explains. */
import type { Account } from './account';
import { fillPath, LIMITS, type ApiCall } from './api';
import { troubleIn } from './answers';
import { DingTalkError, notForThisApp } from './errors';
import { holdLane, pause, waitForSlot } from './pace';
import { refusesTimes, rememberMilliseconds, wantsMilliseconds, withMilliseconds } from './timestamps';

export interface WireRequest {
	method: ApiCall['method'];
	url: string;
	query?: Record<string, string | number | boolean>;
	body?: unknown;
	headers: Record<string, string>;
}

export interface WireAnswer {
	status: number;
	body: unknown;
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
	 * its answer was lost.
	 */
	once?: string;
}

/** What a run cost. */
export interface Bill {
	metered: number;
	free: number;
	retries: number;
	waitedMs: number;
}

const SERVER_TRIES = 3;
const THROTTLE_TRIES = 6;
const IN_PROGRESS_TRIES = 10;
const SECOND = 1000;
/** However the waits add up, one call gives up after this. */
const DEADLINE_MS = 3 * 60 * SECOND;

/** Spreads retries of many items, so that they do not come back all at once. */
const jitter = (ms: number): number => ms + Math.random() * ms * 0.25;

const mayRepeat = (call: ApiCall, input: CallInput): boolean =>
	call.reads || (call.repeatable === true && input.once !== undefined);

/** How long to wait before trying again; undefined means that trying again is useless or unsafe. */
function waitBeforeRetry(error: DingTalkError, call: ApiCall, input: CallInput, tries: number): number | undefined {
	switch (error.trouble) {
		case 'token':
			return tries < 2 ? 0 : undefined;
		case 'throttle': {
			if (tries >= THROTTLE_TRIES) return undefined;
			const perMinute = error.facts.code?.includes('.QpmLimitFor');
			return jitter(perMinute ? 15 * SECOND : SECOND * tries);
		}
		case 'inProgress':
			return tries < IN_PROGRESS_TRIES ? jitter(SECOND) : undefined;
		case 'server':
		case 'network':
			return tries < SERVER_TRIES && mayRepeat(call, input) ? jitter(SECOND * 2 ** (tries - 1)) : undefined;
		default:
			return undefined;
	}
}

function definedOnly(query: CallInput['query'] = {}): Record<string, string | number | boolean> {
	return Object.fromEntries(
		Object.entries(query).filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined),
	);
}

export class Client {
	readonly bill: Bill = { metered: 0, free: 0, retries: 0, waitedMs: 0 };

	constructor(
		private readonly wire: Wire,
		private readonly signal?: AbortSignal,
	) {}

	get account(): Account {
		return this.wire.account;
	}

	async request<T = unknown>(call: ApiCall, input: CallInput = {}): Promise<T> {
		if (call.notFor?.includes(this.account.appType)) throw notForThisApp(call);
		const giveUpAt = Date.now() + DEADLINE_MS;
		const lane = `${this.account.hosts.api} ${this.account.clientId} ${call.method} ${call.path}`;
		const tries = new Map<DingTalkError['trouble'], number>();
		for (;;) {
			this.bill.waitedMs += await waitForSlot(lane, LIMITS.callsPerSecond, this.signal);
			this.signal?.throwIfAborted();
			const outcome = await this.attempt(call, input);
			if (!(outcome instanceof Error)) return outcome.body as T;
			if (!(outcome instanceof DingTalkError)) throw outcome;
			const count = (tries.get(outcome.trouble) ?? 0) + 1;
			tries.set(outcome.trouble, count);
			const wait = waitBeforeRetry(outcome, call, input, count);
			if (wait === undefined || Date.now() + wait > giveUpAt) throw outcome;
			this.bill.retries++;
			if (outcome.trouble === 'throttle') {
				// The next slot is waited for, and counted, above.
				holdLane(lane, wait);
			} else if (wait > 0) {
				this.bill.waitedMs += wait;
				await pause(wait, this.signal);
			}
		}
	}

	private async attempt(call: ApiCall, input: CallInput): Promise<{ body: unknown } | Error> {
		const { api } = this.account.hosts;
		if (wantsMilliseconds(api)) return await this.send(call, withMilliseconds(input));
		const outcome = await this.send(call, input);
		if (!(outcome instanceof DingTalkError) || !refusesTimes(outcome.facts.code)) return outcome;
		rememberMilliseconds(api);
		return await this.send(call, withMilliseconds(input));
	}

	private async send(call: ApiCall, input: CallInput): Promise<{ body: unknown } | Error> {
		const { hosts } = this.account;
		const headers: Record<string, string> = {};
		if (call.repeatable && input.once) headers['x-client-token'] = input.once;
		const answer = await this.wire
			.send({
				method: call.method,
				url: (call.style === 'new' ? hosts.api : hosts.oldApi) + fillPath(call, input.path ?? {}),
				query: definedOnly(input.query),
				body: input.body,
				headers,
			})
			.catch((error: Error) => error);
		if (answer instanceof Error) return answer;
		const error = troubleIn(answer, call);
		if (error?.trouble === 'token') answer.refuseToken();
		// A call that the gateway turned away is not counted by DingTalk.
		if (error?.trouble !== 'token' && error?.trouble !== 'throttle') this.bill[call.metered ? 'metered' : 'free']++;
		return error ?? answer;
	}
}
