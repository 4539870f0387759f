/** Converts an error of a poll to a node error that tells n8n how long to wait before the next poll. */
import { DateTime } from 'luxon';
import type { Failure } from 'n8n-workflow';
import { AccountError } from '../../lib/dingtalk/account';
import { DingTalkError, type ErrorKind } from '../../lib/dingtalk/errors/DingTalkError';
import { isMinuteLimit } from '../../lib/dingtalk/client/retryPolicy';
import { BAN_MINUTES, resetsAt } from '../../lib/dingtalk/client/exhaustedLimits';
import { InputError } from '../../lib/n8n/InputError';
import type { NodeFailure } from '../../lib/n8n/toNodeError';
import { toTriggerError, type AnyTrigger } from '../../lib/n8n/triggers/context';
import { MINUTE, SECOND } from '../../lib/dingtalk/utils/time';
import { t } from '../../lib/locale/t';
import { formatFullDateTime } from '../../lib/locale/dates';

const FAILURES: Record<ErrorKind, (error: DingTalkError, now: number) => Failure> = {
	token: () => ({ cause: 'credential-invalid' }),
	credentials: () => ({ cause: 'credential-invalid' }),
	throttle: (error) => ({ cause: 'rate-limited', retryAfterMs: (isMinuteLimit(error) ? 60 : 5) * SECOND }),
	banned: () => ({ cause: 'rate-limited', retryAfterMs: BAN_MINUTES * MINUTE }),
	quota: (_, now) => ({ cause: 'quota-exhausted', resetsAtEpochMs: resetsAt('quota', now).toMillis() }),
	dayLimit: (_, now) => ({ cause: 'quota-exhausted', resetsAtEpochMs: resetsAt('dayLimit', now).toMillis() }),
	permission: () => ({ cause: 'configuration-invalid' }),
	address: () => ({ cause: 'configuration-invalid' }),
	input: () => ({ cause: 'configuration-invalid' }),
	missing: () => ({ cause: 'configuration-invalid' }),
	done: () => ({ cause: 'temporarily-unavailable' }),
	unclear: () => ({ cause: 'temporarily-unavailable' }),
	inProgress: () => ({ cause: 'temporarily-unavailable' }),
	server: () => ({ cause: 'temporarily-unavailable' }),
	network: () => ({ cause: 'temporarily-unavailable' }),
};

function toFailure(error: unknown, now: number): Failure | undefined {
	if (error instanceof DingTalkError) return FAILURES[error.kind](error, now);
	if (error instanceof AccountError) return { cause: 'credential-invalid' };
	if (error instanceof InputError) return { cause: 'configuration-invalid' };
	return undefined;
}

/** Before 2.39, n8n ignores `failure` and continues to poll. */
export function toPollError(context: AnyTrigger, error: unknown, now = Date.now()): NodeFailure {
	const failure = toFailure(error, now);
	const nodeError = toTriggerError(context, error);
	if (failure) nodeError.failure = failure;
	if (failure && 'resetsAtEpochMs' in failure && failure.resetsAtEpochMs !== undefined) {
		const until = DateTime.fromMillis(failure.resetsAtEpochMs, { zone: context.getTimezone(), locale: 'en' });
		nodeError.message = t`${nodeError.message}. It works again on ${formatFullDateTime(until)}`;
	}
	return nodeError;
}
