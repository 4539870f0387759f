/** Says in n8n's log what users of the polling trigger should know, but not again with each poll. */
import type { IPollFunctions } from 'n8n-workflow';
import { LruMap } from '../../lib/dingtalk/utils/lru';
import { DAY } from '../../lib/dingtalk/utils/time';
import { toTriggerError, triggerId } from '../../lib/n8n/triggers/context';
import type { PersonFailure } from './watchedPeople';

const INTERVAL_MS = DAY;
const MAX_ENTRIES = 5000;

const loggedAt = new LruMap<string, number>(MAX_ENTRIES);

/** Logs the same warning of a trigger once a day. */
export function warnDaily(context: IPollFunctions, key: string, text: string, now: number): void {
	const id = `${triggerId(context)} ${key}`;
	const last = loggedAt.get(id);
	if (last !== undefined && now >= last && now - last < INTERVAL_MS) return;
	loggedAt.set(id, now);
	context.logger.warn(`${context.getNode().name}: ${text}`);
}

export const describeFailure = (context: IPollFunctions, { error }: PersonFailure): string => {
	const { message, description } = toTriggerError(context, error);
	return [message, description].filter(Boolean).join('. ');
};

/** The next failure of a person whose calendar can be read again is logged at once. */
export function logFailures(
	context: IPollFunctions,
	failures: readonly PersonFailure[],
	readable: Iterable<string>,
	now: number,
): void {
	for (const typed of readable) loggedAt.delete(`${triggerId(context)} unreadable ${typed}`);
	for (const failure of failures) {
		const text = `the calendar of ${failure.typed} could not be read; the changes of the others are reported`;
		warnDaily(context, `unreadable ${failure.typed}`, `${text}. ${describeFailure(context, failure)}`, now);
	}
}
