/** Looks up the people to watch. A person who cannot be found, for example after leaving, does not keep the others from being polled. */
import { LruMap } from '../../lib/dingtalk/utils/lru';
import { DAY } from '../../lib/dingtalk/utils/time';
import type { PersonReference } from '../../lib/n8n/fields/people';
import { isPersonal, type PersonFailure } from '../../lib/n8n/fields/watchedPeople';
import { settle } from '../../lib/dingtalk/errors/settle';

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
		const found = isFresh ? known.unionId : await settle(person.unionId());
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
