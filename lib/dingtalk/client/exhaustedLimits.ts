/** What DingTalk gives no more of for now. One refusal tells, and spares a run every call that would meet the same. */
import { DateTime } from 'luxon';
import type { ApiCall } from '../endpoints';
import { DingTalkError, type ErrorKind } from '../errors/DingTalkError';

/** DingTalk's days and months begin at midnight in China. */
const CHINA_ZONE = 'Asia/Shanghai';
export const BAN_MINUTES = 5;

const chinaTime = (now: number): DateTime => DateTime.fromMillis(now, { zone: CHINA_ZONE });

export type Limit = Extract<ErrorKind, 'dayLimit' | 'quota' | 'banned'>;

const RESET_TIMES: Record<Limit, (now: number) => DateTime> = {
	dayLimit: (now) => chinaTime(now).startOf('day').plus({ days: 1 }),
	quota: (now) => chinaTime(now).startOf('month').plus({ months: 1 }),
	banned: (now) => chinaTime(now).plus({ minutes: BAN_MINUTES }).startOf('second'),
};

/** When DingTalk takes such calls again. */
export const resetsAt = (limit: Limit, now = Date.now()): DateTime => RESET_TIMES[limit](now);

export const formatChinaTime = (moment: DateTime): string =>
	`${moment.setLocale('en').toFormat('yyyy-MM-dd HH:mm')} China time`;

export const isLimit = (trouble: ErrorKind): trouble is Limit => trouble in RESET_TIMES;

/** The day's limit is one of each organizer, the month's one of all that is metered, and a ban keeps out everything. */
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

	/** Refuses, without a call, what DingTalk would refuse again. */
	throwIfExhausted(call: ApiCall, path: Record<string, string> = {}): void {
		const refusal =
			this.errors.get(scopeKey('banned', call, path)) ??
			(call.metered ? this.errors.get(scopeKey('quota', call, path)) : undefined) ??
			this.errors.get(scopeKey('dayLimit', call, path));
		if (refusal) throw new DingTalkError({ ...refusal.details, notSent: true });
	}
}
