/** Polls the calendars of all watched people in turn, and continues with the others if one cannot be read. */
import { MINUTE } from '../../lib/dingtalk/utils/time';
import type { Item } from '../../lib/n8n/ItemContext';
import { isPersonal, type PersonFailure } from '../../lib/n8n/fields/watchedPeople';
import type { PollSettings } from './fields';
import { pollPerson, type PersonPollResult } from './pollPerson';
import type { PollStateStore } from './pollState';

/** If n8n does not say how much time a poll has. */
const DEFAULT_BUDGET_MS = 4 * MINUTE;
/** A calendar may have many pages, so after this share of the time the next person waits for the next poll. */
const STARTABLE_BUDGET_SHARE = 0.5;

export interface PollRound {
	/** By union ID. */
	results: Map<string, PersonPollResult>;
	failures: PersonFailure[];
	/** Why no further calendars were read: used-up calls or a broken connection, for example. */
	stoppedBy?: Error;
	/** The position of the person with whom the next poll begins. */
	turn: number;
}

export async function pollPeople(
	item: Item,
	typed: ReadonlyMap<string, string>,
	store: PollStateStore,
	settings: PollSettings,
	{ now, budgetMs = DEFAULT_BUDGET_MS }: { now: number; budgetMs?: number },
): Promise<PollRound> {
	const unionIds = [...typed.keys()];
	const first = unionIds.length === 0 ? 0 : store.turn % unionIds.length;
	const startedAt = Date.now();
	const round: PollRound = { results: new Map(), failures: [], turn: 0 };
	for (const [turn, unionId] of [...unionIds.slice(first), ...unionIds.slice(0, first)].entries()) {
		const isTimeUp = Date.now() - startedAt > budgetMs * STARTABLE_BUDGET_SHARE;
		if (turn > 0 && isTimeUp) return { ...round, turn: first + turn };
		try {
			round.results.set(unionId, await pollPerson(item.client, unionId, store.get(unionId) ?? {}, settings, now));
		} catch (error) {
			round.failures.push({ typed: typed.get(unionId) ?? unionId, error: error as Error });
			if (!isPersonal(error)) return { ...round, stoppedBy: error as Error, turn: first + turn };
		}
	}
	return round;
}
