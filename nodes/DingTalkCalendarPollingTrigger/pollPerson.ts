/** Polls one person's calendar: returns the changes, starts and ends found, and the state from which the next poll continues. */
import type { Client } from '../../lib/dingtalk/client/types';
import {
	changeKey,
	listResponses,
	type PolledChange,
	type PollHistory,
} from '../../lib/dingtalk/polling/describeChange';
import {
	detectChanges,
	detectChangesInAll,
	recordEvicted,
	recordSnapshots,
} from '../../lib/dingtalk/polling/detectChanges';
import { findLatestChange, startsAt } from '../../lib/dingtalk/polling/eventTimes';
import type { ListedEvent } from '../../lib/dingtalk/polling/fingerprint';
import { recordRemovedSeries } from '../../lib/dingtalk/polling/seriesChanges';
import { Snapshots, type StoredSnapshots } from '../../lib/dingtalk/polling/snapshots';
import {
	createStartEndState,
	findDue,
	getQueryWindow,
	isReadingValid,
	type StartEndState,
	type StartOrEnd,
} from '../../lib/dingtalk/polling/startsAndEnds';
import {
	eventExists,
	LOOK_BACK_MS,
	readCalendar,
	readChanges,
	readOccurrences,
} from '../../lib/dingtalk/polling/syncApi';
import { hashText } from '../../lib/dingtalk/utils/hash';
import { WEEK } from '../../lib/dingtalk/utils/time';
import type { PollSettings } from './fields';

/** Part of the static data of workflows, so its keys must stay as they are. */
export interface PersonState {
	calendar?: CalendarState;
	watch?: StartEndState;
	/** When the calendar was read last; an earlier version did not store it. */
	readAt?: number;
}

interface CalendarState extends StoredSnapshots {
	syncToken: string;
	/** When polling started, in milliseconds. */
	since: number;
	/** The latest change seen so far. */
	mark: number;
	/** When the events that do not fit into the stored state were last read. */
	refreshedAt?: number;
}

export interface PersonPollResult {
	changes: PolledChange[];
	startsAndEnds: StartOrEnd[];
	state: PersonState;
	/** All events that were read at the start, the nearest last. */
	known?: ListedEvent[];
	/** DingTalk did not accept the sync token, so of events that were removed meanwhile only those that it lists are known. */
	hasLostPosition?: boolean;
}

/** How often all events are read if there are more than can be stored: other events are nearest by then. */
const REFRESH_MS = WEEK;

export const hashPerson = (unionId: string): string => hashText(unionId, 9);

/**
 * Without a snapshot, a response looks like an update. If only responses are wanted, such a change is reported as
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
async function confirmRemoval(
	client: Client,
	userId: string,
	change: PolledChange,
	snapshots: Snapshots,
): Promise<PolledChange> {
	const { checkSeriesId } = change;
	if (checkSeriesId === undefined) return change;
	if (await eventExists(client, userId, checkSeriesId))
		return { ...change, kind: 'updated', key: changeKey('updated', checkSeriesId, change.at) };
	recordRemovedSeries(snapshots, checkSeriesId);
	return change;
}

type ChangesPollResult = Pick<PersonPollResult, 'changes' | 'known' | 'hasLostPosition'> & {
	calendar: CalendarState;
	/** Whether events may have moved since the last poll. */
	hasActivity: boolean;
};

async function createBaseline(client: Client, userId: string, now: number): Promise<ChangesPollResult> {
	const { events, syncToken } = await readCalendar(client, userId, now);
	const snapshots = new Snapshots();
	recordSnapshots(snapshots, events);
	const calendar = { syncToken, since: now, mark: findLatestChange(events), refreshedAt: now, ...snapshots.store(now) };
	const known = [...events].sort((a, b) => Math.abs(startsAt(b) - now) - Math.abs(startsAt(a) - now));
	return { changes: [], calendar, known, hasActivity: true };
}

async function pollChanges(
	client: Client,
	userId: string,
	{ calendar: before, readAt }: PersonState,
	{ kinds }: PollSettings,
	now: number,
): Promise<ChangesPollResult> {
	if (!before) return await createBaseline(client, userId, now);
	const snapshots = new Snapshots(before);
	const { since, mark } = before;
	const history: PollHistory = {
		snapshots,
		since,
		knownFrom: since - LOOK_BACK_MS,
		readAt: readAt ?? mark,
		latestChangeAt: mark,
	};
	const result = await readChanges(client, userId, before.syncToken);
	const all = result ? undefined : await readCalendar(client, userId, now, { showDeleted: true });
	const { events, syncToken } = result ?? all ?? { events: [], syncToken: before.syncToken };
	const detected = result ? detectChanges(history, events) : detectChangesInAll(history, events, now);
	const changes: PolledChange[] = [];
	for (const change of detected)
		changes.push(toRequestedKind(await confirmRemoval(client, userId, change, snapshots), kinds));

	const isRefreshDue = snapshots.hasEvicted && now - (before.refreshedAt ?? 0) >= REFRESH_MS;
	if (isRefreshDue) recordEvicted(history, (all ?? (await readCalendar(client, userId, now))).events);
	const calendar: CalendarState = {
		syncToken,
		since,
		mark: history.latestChangeAt,
		refreshedAt: isRefreshDue ? now : (before.refreshedAt ?? now),
		...snapshots.store(now),
	};
	return {
		changes: changes.filter(({ kind }) => kinds.has(kind)),
		calendar,
		hasActivity: events.length > 0,
		hasLostPosition: !result,
	};
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
	if (before && !hasActivity && isReadingValid(before, now)) return { startsAndEnds: [], state: before };
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
	const polled = settings.wantsChanges ? await pollChanges(client, userId, before, settings, now) : undefined;
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
		known: polled?.known,
		hasLostPosition: polled?.hasLostPosition,
	};
}
