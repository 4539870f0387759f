/** The one door to DingTalk: every call goes through `request`, which paces, retries, counts and explains. */
import type { Account } from '../account';
import type { CallInput, Client, Transport, TransportRequest, UsageReport } from './types';
import { readOriginalResult } from './replayedWrites';
import { fillPath, templateOf, type ApiCall } from '../endpoints';
import { readError } from './parseResponse';
import { DingTalkError, unsupportedAppError } from '../errors/DingTalkError';
import { isConfirmedDeletion, recordUnconfirmed, throwIfUnconfirmed } from './unconfirmedWrites';
import { pauseBucket, learnMinuteLimit, pause, acquirePermit } from './rateLimiter';
import { RETRY_DEADLINE_MS, isMinuteLimit, backoffMs } from './retryPolicy';
import { ExhaustedLimits } from './exhaustedLimits';
import { refusesTimes, rememberMilliseconds, wantsMilliseconds, withMilliseconds } from '../utils/timestamps';

function definedOnly(query: CallInput['query'] = {}): Record<string, string | number | boolean> {
	return Object.fromEntries(
		Object.entries(query).filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined),
	);
}

/** What all clients of one run have in common. */
export interface RunState {
	usage: UsageReport;
	exhaustedLimits: ExhaustedLimits;
}

const newRunState = (): RunState => ({
	usage: { metered: 0, free: 0, retries: 0, waitedMs: 0 },
	exhaustedLimits: new ExhaustedLimits(),
});

export class DingTalkClient implements Client {
	constructor(
		readonly transport: Transport,
		readonly signal?: AbortSignal,
		readonly runState: RunState = newRunState(),
		/** Where DingTalk's names of the calls are written down, if somebody wants them. */
		private readonly requestIds?: string[],
	) {}

	/** Whether writes are only written down. */
	get isPreview(): boolean {
		return false;
	}

	get account(): Account {
		return this.transport.account;
	}

	get usage(): UsageReport {
		return this.runState.usage;
	}

	/** The same way to DingTalk, which writes down DingTalk's name of every call. */
	withRequestIds(requestIds: string[]): DingTalkClient {
		return new DingTalkClient(this.transport, this.signal, this.runState, requestIds);
	}

	/** Refuses what cannot work, without a call: for what would take look-ups first. */
	throwIfImpossible(call: ApiCall, path?: Record<string, string>): void {
		if (call.notFor?.includes(this.account.appType)) throw unsupportedAppError(call);
		this.runState.exhaustedLimits.throwIfExhausted(call, path);
	}

	async request<T = unknown>(call: ApiCall, input: CallInput = {}): Promise<T> {
		throwIfUnconfirmed(call, input);
		this.throwIfImpossible(call, input.path);
		const giveUpAt = Date.now() + RETRY_DEADLINE_MS;
		const lane = this.bucketName(call, input);
		const signal = input.onStop === 'begin' ? undefined : this.signal;
		const tries = new Map<DingTalkError['kind'], number>();
		for (;;) {
			const slot = await acquirePermit(lane, this.account.callsPerSecond, signal);
			this.usage.waitedMs += slot.waitedMs;
			const outcome = await this.attempt(call, input, slot.sent).finally(slot.answered);
			if (!(outcome instanceof Error)) return outcome.body as T;
			if (!(outcome instanceof DingTalkError)) throw outcome;
			if (outcome.kind === 'done') return await this.readEarlierResult<T>(outcome, call, input);
			if (outcome.kind === 'throttle') slot.refused();
			this.runState.exhaustedLimits.record(outcome, call, input.path);
			const count = (tries.get(outcome.kind) ?? 0) + 1;
			tries.set(outcome.kind, count);
			const wait = backoffMs(outcome, call, input, count);
			if (wait === undefined || Date.now() + wait > giveUpAt) {
				if (isConfirmedDeletion(outcome, call, input, lane)) return undefined as T;
				throw recordUnconfirmed(outcome, call, input, lane);
			}
			this.usage.retries++;
			if (isMinuteLimit(outcome)) {
				learnMinuteLimit(lane);
				// The next slot is waited for, and counted, above.
				pauseBucket(lane, wait);
			} else if (wait > 0) {
				this.usage.waitedMs += wait;
				await pause(wait, signal);
			}
		}
	}

	/** DingTalk counts each app and API apart, and a vendor's app for each of its customers. */
	private bucketName(call: ApiCall, { path }: CallInput): string {
		const { hosts, clientId, corpId } = this.account;
		return [hosts.api, clientId, corpId, call.method, templateOf(call, path)].join(' ');
	}

	private async readEarlierResult<T>(said: DingTalkError, call: ApiCall, input: CallInput): Promise<T> {
		const result = await readOriginalResult(this, call, input);
		if (result === undefined) throw said;
		return result as T;
	}

	private async attempt(call: ApiCall, input: CallInput, started: () => void): Promise<{ body: unknown } | Error> {
		if (input.onStop !== 'begin') this.signal?.throwIfAborted();
		// Another call may have learned it meanwhile.
		this.throwIfImpossible(call, input.path);
		const { api } = this.account.hosts;
		if (wantsMilliseconds(api)) return await this.send(call, withMilliseconds(input), started);
		const outcome = await this.send(call, input, started);
		if (!(outcome instanceof DingTalkError) || !refusesTimes(outcome.details.code)) return outcome;
		rememberMilliseconds(api);
		return await this.send(call, withMilliseconds(input), started);
	}

	/** What goes over the wire for a call. */
	protected buildRequest(call: ApiCall, input: CallInput): TransportRequest {
		const { hosts } = this.account;
		return {
			method: call.method,
			url: (call.style === 'new' ? hosts.api : hosts.oldApi) + fillPath(call, input.path ?? {}),
			query: definedOnly(input.query),
			body: input.body,
			ignoreStop: input.onStop !== undefined,
			headers: call.isIdempotent && input.idempotencyKey ? { 'x-client-token': input.idempotencyKey } : {},
		};
	}

	private async send(call: ApiCall, input: CallInput, started: () => void): Promise<{ body: unknown } | Error> {
		const request: TransportRequest = { ...this.buildRequest(call, input), onSent: started };
		const answer = await this.transport.send(request).catch((error: Error) => error);
		if (answer instanceof Error) return answer;
		if (answer.requestId) this.requestIds?.push(answer.requestId);
		const error = readError(answer, call);
		if (error?.kind === 'token') answer.rejectToken();
		// A call that the gateway turned away is not counted by DingTalk.
		if (error?.kind !== 'token' && error?.kind !== 'throttle') this.usage[call.metered ? 'metered' : 'free']++;
		return error ?? answer;
	}
}
