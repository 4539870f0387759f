/** The DingTalk API client: each call goes through `request`, which applies the rate limit, retries, counts usage and explains errors. */
import type { Account } from '../account';
import { templateOf, type ApiCall } from '../endpoints';
import { DingTalkError, unsupportedAppError, withOldHostAdvice } from '../errors/DingTalkError';
import { fillPath } from '../fillPath';
import { abortableDelay } from '../utils/abort';
import { isTimestampRefusal, otherFormat, withTimestamps, type TimestampFormat } from '../utils/timestamps';
import { ExhaustedLimits } from './exhaustedLimits';
import { readError, readSuccess } from './parseResponse';
import { rateLimiter, type LatePermit, type Permit } from './rate/rateLimiter';
import { backoffMs, isGone, isMinuteLimit, RetryDeadline } from './retryPolicy';
import type { CallInput, Client, Transport, TransportRequest, UsageReport } from './types';
import { isReplaced, readOriginalResult } from '../events/matchingEvents';
import { Write } from './writeLedger';
import { settle } from '../errors/settle';

function definedOnly(query: CallInput['query'] = {}): Record<string, string | number | boolean> {
	return Object.fromEntries(
		Object.entries(query).filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined),
	);
}

/** A write that was stopped after its response was lost fails as one without a response: its outcome is unknown. */
const whenStopped =
	(lost: DingTalkError | undefined, write: Write | undefined) =>
	async (reason: Error): Promise<never> =>
		await Promise.reject(lost && write ? write.explain(lost) : reason);

/** What all clients of one run share. */
export interface RunState {
	usage: UsageReport;
	exhaustedLimits: ExhaustedLimits;
	/** The format of timestamps that DingTalk accepted last. */
	timestampFormat: TimestampFormat;
}

const newRunState = (): RunState => ({
	usage: { metered: 0, free: 0, retries: 0, waitedMs: 0 },
	exhaustedLimits: new ExhaustedLimits(),
	timestampFormat: 'documented',
});

export class DingTalkClient implements Client {
	constructor(
		readonly transport: Transport,
		readonly signal?: AbortSignal,
		readonly runState: RunState = newRunState(),
		/** Collects the request IDs of the calls, if they are wanted. */
		private readonly requestIds?: string[],
	) {}

	get isPreview(): boolean {
		return false;
	}

	get account(): Account {
		return this.transport.account;
	}

	get usage(): UsageReport {
		return this.runState.usage;
	}

	/** The same client, collecting the request ID of each call. */
	withRequestIds(requestIds: string[]): DingTalkClient {
		return new DingTalkClient(this.transport, this.signal, this.runState, requestIds);
	}

	throwIfImpossible(call: ApiCall, path?: Record<string, string>): void {
		if (call.notFor?.includes(this.account.appType)) throw unsupportedAppError(call);
		this.runState.exhaustedLimits.throwIfExhausted(call, path);
	}

	knowsResult(call: ApiCall, input: CallInput): boolean {
		return Write.open(this.account, call, input).isConfirmed;
	}

	async request<T = unknown>(call: ApiCall, input: CallInput = {}): Promise<T> {
		const write = call.isRead ? undefined : Write.open(this.account, call, input);
		if (write?.isConfirmed) return write.result as T;
		write?.throwIfUnrepeatable();
		this.throwIfImpossible(call, input.path);
		const bucket = this.bucketName(call, input);
		const signal = input.whenAborted === 'sendAnyway' ? undefined : this.signal;
		const attempts = new Map<DingTalkError['kind'], number>();
		const deadline = new RetryDeadline();
		let lost: DingTalkError | undefined;
		let otherTimestamps: TimestampFormat | undefined;
		for (;;) {
			const { callsPerSecond } = this.account;
			const late = this.transport.isProved() ? undefined : rateLimiter.createLatePermit(bucket, callsPerSecond, signal);
			const permit =
				late ?? (await rateLimiter.acquirePermit(bucket, callsPerSecond, signal).catch(whenStopped(lost, write)));
			deadline.startAttempt(permit.waitedMs);
			const mayBeDone = write?.isUnconfirmed === true;
			const timestamps = otherTimestamps ?? this.runState.timestampFormat;
			const outcome = await this.attempt(call, withTimestamps(input, timestamps), permit, write, late)
				.finally(permit.answered)
				.catch(whenStopped(lost, write));
			this.usage.waitedMs += permit.waitedMs;
			if (late) deadline.extend(late.waitedMs);
			if (!(outcome instanceof Error)) {
				// One refusal changes the format of this call; if the other one is accepted, it is used for the rest of the run.
				if (otherTimestamps) this.runState.timestampFormat = otherTimestamps;
				if (write?.isOutdated) continue;
				return outcome.body as T;
			}
			if (!(outcome instanceof DingTalkError)) throw outcome;
			if (isTimestampRefusal(outcome.details.code) && !otherTimestamps) {
				otherTimestamps = otherFormat(timestamps);
				continue;
			}
			if (outcome.kind === 'done') {
				const isUndone = write?.isUndone === true;
				const earlier = isUndone ? undefined : await this.readEarlierResult(outcome, call, input, write);
				const isRenewed = attempts.has('done');
				attempts.set('done', 1);
				if (isUndone || (!isRenewed && isReplaced(call, input, earlier))) {
					write?.renew();
					continue;
				}
				write?.confirm(earlier);
				return earlier as T;
			}
			if (outcome.kind === 'throttle') permit.refused();
			this.runState.exhaustedLimits.record(outcome, call, input.path);
			const attempt = (attempts.get(outcome.kind) ?? 0) + 1;
			attempts.set(outcome.kind, attempt);
			const backoff = backoffMs(outcome, call, input, attempt);
			if (backoff === undefined || !deadline.allows(backoff)) {
				const isDeletion = call.method === 'DELETE' && mayBeDone;
				const isDeleted = isDeletion && (await isGone(this, outcome, lost, call, input));
				if (isDeleted) {
					write?.confirm(undefined);
					return undefined as T;
				}
				if (isDeletion && isDeleted === false) write?.reject();
				const failure = isDeleted === undefined ? (lost ?? outcome) : outcome;
				throw write?.explain(failure) ?? failure;
			}
			if (outcome.isOutcomeUnknown) lost = outcome;
			this.usage.retries++;
			if (isMinuteLimit(outcome) && late?.isHeld !== false) {
				rateLimiter.learnMinuteLimit(bucket);
				// The wait for the next permit is counted above.
				rateLimiter.pauseBucket(bucket, backoff);
				deadline.count(backoff);
			} else if (backoff > 0) {
				this.usage.waitedMs += backoff;
				await abortableDelay(backoff, signal).catch(whenStopped(lost, write));
			}
		}
	}

	/** DingTalk counts calls per app and API, and a vendor's app per customer. */
	private bucketName(call: ApiCall, { path }: CallInput): string {
		const { hosts, clientId, corpId } = this.account;
		return [hosts.api, clientId, corpId, call.method, templateOf(call, path)].join(' ');
	}

	private async readEarlierResult(
		refusal: DingTalkError,
		call: ApiCall,
		input: CallInput,
		write?: Write,
	): Promise<unknown> {
		const result = await readOriginalResult(this, call, input).catch(async (error: Error) =>
			error instanceof DingTalkError
				? await Promise.reject(write?.explain(error) ?? error)
				: await whenStopped(new DingTalkError({ ...refusal.details, kind: 'unclear' }), write)(error),
		);
		if (result === undefined) throw write?.explain(refusal) ?? refusal;
		return result;
	}

	private async attempt(
		call: ApiCall,
		input: CallInput,
		permit: Permit,
		write?: Write,
		late?: LatePermit,
	): Promise<{ body: unknown } | Error> {
		if (input.whenAborted !== 'sendAnyway') this.signal?.throwIfAborted();
		// Another call may have reached a limit in the meantime.
		this.throwIfImpossible(call, input.path);
		let settle = late ? undefined : write?.begin();
		let unsent: Error | undefined;
		const getPermit = async (held: LatePermit): Promise<void> => {
			await held.acquire();
			this.throwIfImpossible(call, input.path);
			settle = write?.begin();
		};
		const beforeSend =
			late &&
			(async () =>
				await getPermit(late).catch(async (error: Error) => {
					unsent = error;
					await Promise.reject(error);
				}));
		const keyed = { ...input, idempotencyKey: write?.token };
		const outcome = await this.send(call, keyed, { onSent: permit.sent, beforeSend });
		if (unsent) throw unsent;
		settle?.(outcome);
		return outcome;
	}

	/** The HTTP request of a call. */
	protected buildRequest(call: ApiCall, input: CallInput): TransportRequest {
		const { hosts } = this.account;
		return {
			method: call.method,
			url: (call.style === 'new' ? hosts.api : hosts.oldApi) + fillPath(call, input.path ?? {}),
			query: definedOnly(input.query),
			body: input.body,
			// Of a write that was cancelled, it would be unknown whether it was carried out.
			ignoresAbort: input.whenAborted !== undefined || !call.isRead,
			headers: call.isIdempotent && input.idempotencyKey ? { 'x-client-token': input.idempotencyKey } : {},
		};
	}

	private async send(
		call: ApiCall,
		input: CallInput,
		listener: Pick<TransportRequest, 'beforeSend' | 'onSent'>,
	): Promise<{ body: unknown } | Error> {
		const request = { ...this.buildRequest(call, input), ...listener };
		const response = await settle(this.transport.send(request));
		if (response instanceof Error) return withOldHostAdvice(response, call, this.account);
		if (response.requestId) this.requestIds?.push(response.requestId);
		const error = readError(response, call);
		if (error?.kind === 'token') response.rejectToken();
		// DingTalk does not count calls that its gateway refuses.
		if (error?.kind !== 'token' && error?.kind !== 'throttle') this.usage[call.metered ? 'metered' : 'free']++;
		if (error) return withOldHostAdvice(error, call, this.account);
		const success = readSuccess(response, call, input);
		if (success instanceof DingTalkError) return success;
		const { body } = success;
		return { body: input.sentResult ? { ...input.sentResult, ...(body as object) } : body };
	}
}
