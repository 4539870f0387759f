/** Says in n8n's log what users of a trigger should know, but not again with each poll or push. */
import { maskNumbers } from '../../dingtalk/people/parseIdentifier';
import { LruMap } from '../../dingtalk/utils/lru';
import { DAY } from '../../dingtalk/utils/time';
import type { ChangeFilter } from './changeFilter';
import type { UnreadablePerson } from './changeOutput';
import { toTriggerError, triggerId, type AnyTrigger } from './context';
import type { PersonFailure } from '../fields/watchedPeople';
import { t } from '../../locale/t';

const INTERVAL_MS = DAY;
const MAX_ENTRIES = 5000;

const loggedAt = new LruMap<string, number>(MAX_ENTRIES);

/** Logs the same warning of a trigger once a day. */
export function warnDaily(context: AnyTrigger, key: string, text: string, now = Date.now()): void {
	const id = `${triggerId(context)} ${key}`;
	const last = loggedAt.get(id);
	if (last !== undefined && now >= last && now - last < INTERVAL_MS) return;
	loggedAt.set(id, now);
	context.logger.warn(t`${context.getNode().name}: ${maskNumbers(text)}`);
}

/** The next warning with this key is logged at once. */
export const endWarning = (context: AnyTrigger, key: string): boolean =>
	loggedAt.delete(`${triggerId(context)} ${key}`);

export function describeFailure(context: AnyTrigger, { error }: PersonFailure): string {
	const { message, description } = toTriggerError(context, error);
	return description ? t`${message}. ${description}` : message;
}

/** For the items of the trigger; undefined if all could be read. */
export const listUnreadable = (
	context: AnyTrigger,
	failures: readonly PersonFailure[],
): UnreadablePerson[] | undefined =>
	failures.length === 0
		? undefined
		: failures.map((one) => ({ person: one.typed, problem: describeFailure(context, one) }));

export function warnOfMissingPeople(context: AnyTrigger, { failures }: ChangeFilter): void {
	for (const failure of failures) {
		const text = t`${failure.typed} could not be found; only the changes of the others are reported`;
		warnDaily(context, `missing ${failure.typed}`, t`${text}. ${describeFailure(context, failure)}`);
	}
}
