/** Polls one person's calendar: returns the changes, starts and ends found, and the state from which the next poll continues. */
import type { Client } from '../../lib/dingtalk/client/types';
import { DingTalkError } from '../../lib/dingtalk/errors/DingTalkError';
import {
	changeKey,
	detectChanges,
	findLatestChange,
	listResponses,
	recordSnapshots,
	type PolledChange,
	type PollHistory,
} from '../../lib/dingtalk/polling/detectChanges';
import { Snapshots } from '../../lib/dingtalk/polling/snapshots';
import {
	createStartEndState,
	findDue,
	getQueryWindow,
	type StartEndState,
	type StartOrEnd,
} from '../../lib/dingtalk/polling/startsAndEnds';
import { eventExists, readCalendar, readChanges, readOccurrences } from '../../lib/dingtalk/polling/syncApi';
import type { PollSettings } from './fields';

/** Part of the static data of workflows, so its keys must stay as they are. */
export interface PersonState {
	calendar?: CalendarState;
	watch?: StartEndState;
}

interface CalendarState {
	syncToken: string;
	/** When polling started, in milliseconds. */
	since: number;
	/** The latest change seen so far. */
	mark: number;
	/** Snapshots of events. */
	notes: string[];
	/** How many times in a row DingTalk rejected a sync token. */
	refused: number;
}

export interface PersonPollResult {
	changes: PolledChange[];
	startsAndEnds: StartOrEnd[];
	state: PersonState;
	/** Why polling had to start over, so that changes may have been missed. */
	restartReason?: string;
}

const MAX_REFUSED_TOKENS = 2;

const syncTokensRefusedError = (): DingTalkError =>
	new DingTalkError({
		kind: 'server',
		message: 'DingTalk does not accept the sync tokens that it issued, so changes cannot be detected',
		advice: "Use the 'DingTalk Calendar Trigger' instead, or select only starts and ends in 'Trigger On'.",
	});

async function createBaseline(client: Client, userId: string, now: number, refused = 0): Promise<CalendarState> {
	const { events, syncToken } = await readCalendar(client, userId, now);
	const snapshots = new Snapshots();
	recordSnapshots(snapshots, events);
	return { syncToken, since: now, mark: findLatestChange(events), notes: snapshots.toLines(), refused };
}

/**
 * Without a snapshot, a response cannot be told from an update. If only responses are wanted, such a change is reported as
 * one, with all responses of the event.
 */
function toRequestedKind(change: PolledChange, kinds: Set<string>): PolledChange {
	if (!change.hasNoSnapshot || kinds.has('updated') || !kinds.has('responded')) return change;
	return {
		...change,
		kind: 'responded',
		key: changeKey('responded', change.event.id ?? '', change.at),
		responses: listResponses(change.event),
	};
}

/** Several removed occurrences may also mean that the series got a new recurrence rule. */
async function confirmRemoval(client: Client, userId: string, change: PolledChange): Promise<PolledChange> {
	const { checkSeriesId } = change;
	if (checkSeriesId === undefined || !(await eventExists(client, userId, checkSeriesId))) return change;
	return { ...change, kind: 'updated', key: changeKey('updated', checkSeriesId, change.at) };
}

type ChangesPollResult = Pick<PersonPollResult, 'changes' | 'restartReason'> & {
	calendar: CalendarState;
	/** Whether events may have moved since the last poll. */
	hasActivity: boolean;
};

async function pollChanges(
	client: Client,
	userId: string,
	before: CalendarState | undefined,
	{ kinds }: PollSettings,
	now: number,
): Promise<ChangesPollResult> {
	if (!before) return { changes: [], calendar: await createBaseline(client, userId, now), hasActivity: true };
	const result = await readChanges(client, userId, before.syncToken);
	if (!result) {
		if (before.refused + 1 >= MAX_REFUSED_TOKENS) throw syncTokensRefusedError();
		const calendar = await createBaseline(client, userId, now, before.refused + 1);
		return { changes: [], calendar, hasActivity: true, restartReason: 'DingTalk no longer accepts the sync token' };
	}
	const { events, syncToken } = result;
	const history: PollHistory = {
		snapshots: new Snapshots(before.notes),
		since: before.since,
		latestChangeAt: before.mark,
	};
	const changes: PolledChange[] = [];
	for (const change of detectChanges(history, events))
		changes.push(toRequestedKind(await confirmRemoval(client, userId, change), kinds));
	const calendar: CalendarState = {
		syncToken,
		since: before.since,
		mark: history.latestChangeAt,
		notes: history.snapshots.toLines(),
		refused: 0,
	};
	return { changes: changes.filter(({ kind }) => kinds.has(kind)), calendar, hasActivity: events.length > 0 };
}

/** Reads the occurrences again only if one is due or events may have moved. */
async function pollStartsAndEnds(
	client: Client,
	userId: string,
	before: StartEndState | undefined,
	{ startEndRules: rules }: PollSettings,
	{ now, hasActivity }: { now: number; hasActivity: boolean },
): Promise<{ startsAndEnds: StartOrEnd[]; state?: StartEndState }> {
	if (!rules) return { startsAndEnds: [] };
	if (before && !hasActivity && now < before.next) return { startsAndEnds: [], state: before };
	const events = await readOccurrences(client, userId, getQueryWindow(before ?? { until: now }, now, rules));
	return before
		? findDue(before, events, now, rules)
		: { startsAndEnds: [], state: createStartEndState(events, now, rules) };
}

export async function pollPerson(
	client: Client,
	userId: string,
	before: PersonState,
	settings: PollSettings,
	now: number,
): Promise<PersonPollResult> {
	const polled = settings.wantsChanges ? await pollChanges(client, userId, before.calendar, settings, now) : undefined;
	// If changes are not polled, nothing shows that an event was moved, so the occurrences are read each time.
	const hasActivity = polled?.hasActivity ?? true;
	const { startsAndEnds, state } = await pollStartsAndEnds(client, userId, before.watch, settings, {
		now,
		hasActivity,
	});
	return {
		changes: polled?.changes ?? [],
		startsAndEnds,
		state: { calendar: polled?.calendar, watch: state },
		restartReason: polled?.restartReason,
	};
}
