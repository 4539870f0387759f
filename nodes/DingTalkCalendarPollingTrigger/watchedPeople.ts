/** Looks up the people to watch. Who cannot be found any more, because they left, does not keep the others from being polled. */
import { DingTalkError, type ErrorKind } from '../../lib/dingtalk/errors/DingTalkError';
import { LruMap } from '../../lib/dingtalk/utils/lru';
import { DAY } from '../../lib/dingtalk/utils/time';
import type { PersonReference } from '../../lib/n8n/fields/people';
import { InputError } from '../../lib/n8n/InputError';

/** Why one person cannot be polled. */
export interface PersonFailure {
	/** As the user entered it. */
	typed: string;
	error: Error;
}

export interface WatchedPeople {
	/** What the user entered, by union ID. */
	typed: Map<string, string>;
	failures: PersonFailure[];
}

/** Looked up again every day: a mobile number may be assigned to another person. */
const MAX_AGE_MS = DAY;
const MAX_ENTRIES = 5000;

/** In the process only: people are not part of what n8n stores. */
const lookups = new LruMap<string, { unionId: string; at: number }>(MAX_ENTRIES);

const PERSONAL_KINDS = new Set<ErrorKind>(['missing', 'permission', 'input', 'server', 'done', 'unclear']);

/** Whether an error concerns one person, rather than the app or the connection. */
export const isPersonal = (error: unknown): boolean =>
	error instanceof InputError || (error instanceof DingTalkError && PERSONAL_KINDS.has(error.kind));

/** With `requireAll`, rejects if one of them is not found. `scope` names the trigger and its account. */
export async function resolveWatchedPeople(
	people: readonly PersonReference[],
	{ scope, now, requireAll }: { scope: string; now: number; requireAll: boolean },
): Promise<WatchedPeople> {
	const watched: WatchedPeople = { typed: new Map(), failures: [] };
	for (const person of people) {
		const key = `${scope} ${person.typed}`;
		const known = lookups.get(key);
		const isFresh = known !== undefined && now - known.at < MAX_AGE_MS;
		const found = isFresh ? known.unionId : await person.unionId().catch((error: Error) => error);
		if (found instanceof Error) {
			if (requireAll || !isPersonal(found)) return await Promise.reject(found);
			watched.failures.push({ typed: person.typed, error: found });
			continue;
		}
		if (!isFresh) lookups.set(key, { unionId: found, at: now });
		if (!watched.typed.has(found)) watched.typed.set(found, person.typed);
	}
	return watched;
}
