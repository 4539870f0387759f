/** What DingTalk gives no more of for now. One refusal tells, and spares a run every call that would meet the same. */
import { DateTime } from 'luxon';
import type { ApiCall } from '../endpoints';
import { DingTalkError, type Trouble } from '../errors/DingTalkError';

/** DingTalk's days and months begin at midnight in China. */
const HOME_ZONE = 'Asia/Shanghai';
export const BAN_MINUTES = 5;

const home = (now: number): DateTime => DateTime.fromMillis(now, { zone: HOME_ZONE });

export type Limit = Extract<Trouble, 'dayLimit' | 'quota' | 'banned'>;

const REOPENS: Record<Limit, (now: number) => DateTime> = {
	dayLimit: (now) => home(now).startOf('day').plus({ days: 1 }),
	quota: (now) => home(now).startOf('month').plus({ months: 1 }),
	banned: (now) => home(now).plus({ minutes: BAN_MINUTES }).startOf('second'),
};

/** When DingTalk takes such calls again. */
export const reopensAt = (limit: Limit, now = Date.now()): DateTime => REOPENS[limit](now);

export const inChina = (moment: DateTime): string =>
	`${moment.setLocale('en').toFormat('yyyy-MM-dd HH:mm')} China time`;

export const isLimit = (trouble: Trouble): trouble is Limit => trouble in REOPENS;

/** The day's limit is one of each organizer, the month's one of all that is metered, and a ban keeps out everything. */
function reachOf(limit: Limit, call: ApiCall, path: Record<string, string>): string {
	switch (limit) {
		case 'dayLimit':
			return `${call.method} ${call.path} by ${path.userId}`;
		case 'quota':
			return 'metered';
		case 'banned':
			return 'everything';
	}
}

export class Spent {
	private readonly refusals = new Map<string, DingTalkError>();

	learn(error: DingTalkError, call: ApiCall, path: Record<string, string> = {}): void {
		if (isLimit(error.trouble)) this.refusals.set(reachOf(error.trouble, call, path), error);
	}

	/** Refuses, without a call, what DingTalk would refuse again. */
	refuse(call: ApiCall, path: Record<string, string> = {}): void {
		const refusal =
			this.refusals.get(reachOf('banned', call, path)) ??
			(call.metered ? this.refusals.get(reachOf('quota', call, path)) : undefined) ??
			this.refusals.get(reachOf('dayLimit', call, path));
		if (refusal) throw new DingTalkError({ ...refusal.facts, unsent: true });
	}
}
