/** Exhausted limits: the daily limit, the monthly quota and bans. After one refusal, a run makes no more calls that would fail. */
import { DateTime } from 'luxon';
import type { ApiCall } from '../endpoints';
import { DingTalkError, type ErrorKind } from '../errors/DingTalkError';
import { t } from '../../locale/t';

/** DingTalk's days and months start at midnight in China. */
const CHINA_ZONE = 'Asia/Shanghai';
export const BAN_MINUTES = 5;

const chinaTime = (now: number): DateTime => DateTime.fromMillis(now, { zone: CHINA_ZONE });

export type Limit = Extract<ErrorKind, 'dayLimit' | 'quota' | 'banned'>;

const RESET_TIMES: Record<Limit, (now: number) => DateTime> = {
	dayLimit: (now) => chinaTime(now).startOf('day').plus({ days: 1 }),
	quota: (now) => chinaTime(now).startOf('month').plus({ months: 1 }),
	banned: (now) => chinaTime(now).plus({ minutes: BAN_MINUTES }).startOf('second'),
};

/** When DingTalk accepts such calls again. */
export const resetsAt = (limit: Limit, now = Date.now()): DateTime => RESET_TIMES[limit](now);

export const formatChinaTime = (time: DateTime): string =>
	t`${time.setLocale('en').toFormat('yyyy-MM-dd HH:mm')} China time`;

export const isLimit = (kind: ErrorKind): kind is Limit => kind in RESET_TIMES;

/** The calls that a limit applies to: one organizer's for the day, all metered ones for the month, everything for a ban. */
function scopeKey(limit: Limit, call: ApiCall, path: Record<string, string>): string {
	switch (limit) {
		case 'dayLimit':
			return `${call.method} ${call.path} by ${path.userId}`;
		case 'quota':
			return 'metered';
		case 'banned':
			return 'everything';
	}
}

export class ExhaustedLimits {
	private readonly errors = new Map<string, DingTalkError>();

	record(error: DingTalkError, call: ApiCall, path: Record<string, string> = {}): void {
		if (isLimit(error.kind)) this.errors.set(scopeKey(error.kind, call, path), error);
	}

	/** Throws the earlier error for a call that DingTalk would refuse again. */
	throwIfExhausted(call: ApiCall, path: Record<string, string> = {}): void {
		const error =
			this.errors.get(scopeKey('banned', call, path)) ??
			(call.metered ? this.errors.get(scopeKey('quota', call, path)) : undefined) ??
			this.errors.get(scopeKey('dayLimit', call, path));
		if (error) throw new DingTalkError({ ...error.details, notSent: true });
	}
}
