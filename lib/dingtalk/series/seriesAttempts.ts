/**
 * Remembers what earlier tries did to a series. When n8n retries a node, it starts from the beginning, but an occurrence that
 * the series no longer has cannot be read again.
 */
import { accountKey } from '../account';
import type { Client } from '../client/types';
import { LruMap } from '../utils/lru';
import { DAY, monotonicNow } from '../utils/time';
import type { SeriesDate } from './compareDate';

/** The state of a split series; the procedure fills it step by step. */
export interface SplitState {
	/** Increased when the series was put back: DingTalk would answer a repeated request without carrying it out. */
	number: number;
	isEnded: boolean;
	event?: Record<string, unknown> & { id: string };
	/** The steps that are done, by name. */
	done: Set<string>;
	/** The single dates that were made again, with what DingTalk refused of them. */
	remade: Map<string, string[]>;
	/** The dates of the new series that take the place of changed ones, before they are changed. */
	newDates?: SeriesDate[];
	/** What DingTalk refused, in words. */
	notKept: string[];
}

export interface SeriesAttempt<Memory> {
	/** What was read before anything was changed. */
	memory: Partial<Memory>;
	split: SplitState;
}

const MAX_ATTEMPTS = 1000;
const attempts = new LruMap<string, SeriesAttempt<unknown> & { since: number }>(MAX_ATTEMPTS);

const newAttempt = () => ({
	memory: {},
	split: { number: 0, isEnded: false, done: new Set<string>(), remade: new Map<string, string[]>(), notKept: [] },
});

/** Previews send no requests, so nothing is remembered for them. */
export function getSeriesAttempt<Memory>(
	work: string,
	{ account, isPreview }: Pick<Client, 'account' | 'isPreview'>,
): SeriesAttempt<Memory> {
	if (isPreview) return newAttempt();
	const key = `${accountKey(account)} ${work}`;
	const known = attempts.get(key);
	// As long as DingTalk keeps idempotency keys.
	if (known && monotonicNow() - known.since < DAY) return known as SeriesAttempt<Memory>;
	const attempt = { ...newAttempt(), since: monotonicNow() };
	attempts.set(key, attempt);
	return attempt as SeriesAttempt<Memory>;
}
