/**
 * Detects what happened on a calendar from the events that DingTalk lists as changed since the last poll. Pure: the same
 * list and the same snapshots give the same changes with the same keys, so a repeated poll reports nothing new.
 */
import { MINUTE } from '../utils/time';
import {
	changeKey,
	describeInvitation,
	describeNewEvent,
	describeUpdate,
	isRemoved,
	SAME_TIME_MS,
	type PolledChange,
	type PollHistory,
} from './describeChange';
import { changedAt, createdAt, findLatestChange, startsAt } from './eventTimes';
import { fingerprintOf, hasSameContent, hasSameResponses, type ListedEvent } from './fingerprint';
import { detectSeriesChanges, recordSeries } from './seriesChanges';
import { keepInvitation, snapshotOf, toWholeSeconds, type Snapshots } from './snapshots';

/** How far n8n's clock may be ahead of DingTalk's. */
const CLOCK_TOLERANCE_MS = 2 * MINUTE;

/** Puts the occurrences of a series into one group; any other event is a group of its own. */
function groupBySeries(events: readonly ListedEvent[]): ListedEvent[][] {
	const groups = new Map<string, ListedEvent[]>();
	for (const event of events) {
		if (!event.id) continue;
		const key = event.seriesMasterId ? `series ${event.seriesMasterId}` : `event ${event.id}`;
		const group = groups.get(key);
		if (group) group.push(event);
		else groups.set(key, [event]);
	}
	return [...groups.values()];
}

/** Takes snapshots of the events that exist when polling starts; none of them is reported as a change. */
export function recordSnapshots(snapshots: Snapshots, events: readonly ListedEvent[]): void {
	for (const event of [...events].sort((a, b) => startsAt(a) - startsAt(b))) {
		if (!event.id) continue;
		if (event.seriesMasterId) recordSeries(snapshots, event.seriesMasterId, event, changedAt(event), true);
		else snapshots.set(event.id, snapshotOf(event, [changedAt(event)]));
	}
}

/**
 * Takes snapshots of the events that there was no room for, so that the nearest ones are kept again. Those that have
 * changed since the last poll are left to the next one.
 */
export function recordEvicted({ snapshots, latestChangeAt }: PollHistory, events: readonly ListedEvent[]): void {
	const evicted = events.filter((event) => {
		const { id = '', seriesMasterId } = event;
		return !isRemoved(event) && !seriesMasterId && !snapshots.get(id) && snapshots.wasEvicted(id) !== false;
	});
	const isLater = (event: ListedEvent): boolean => changedAt(event) > latestChangeAt;
	const left = evicted.filter(
		(event) => isLater(event) && (snapshots.wasEvicted(event.id ?? '') || createdAt(event) <= latestChangeAt),
	);
	const ids = left.map(({ id = '' }) => id);
	recordSnapshots(
		snapshots,
		evicted.filter((event) => !isLater(event)),
	);
	snapshots.keepEvicted(ids);
}

/** An event of which there is no snapshot. */
function describeUnknownEvent(event: ListedEvent, id: string, at: number, history: PollHistory): PolledChange[] {
	const { readAt, latestChangeAt, knownFrom } = history;
	const wasEvicted = history.snapshots.wasEvicted(id);
	const created = createdAt(event);
	if (wasEvicted !== true && created > readAt - CLOCK_TOLERANCE_MS) return describeNewEvent(event, id, at);
	if (wasEvicted === false && startsAt(event) >= knownFrom) return [describeInvitation(event, id, at)];
	const isNew = created > latestChangeAt || at - created <= SAME_TIME_MS;
	if (wasEvicted !== true && isNew) return describeNewEvent(event, id, at);
	return describeUpdate(event, id, at, undefined);
}

function describeEvent(event: ListedEvent, id: string, at: number, history: PollHistory): PolledChange[] {
	const before = history.snapshots.get(id);
	if (!before) return describeUnknownEvent(event, id, at, history);
	if (!before.fingerprint) return [describeInvitation(event, id, at, before)];
	const after = fingerprintOf(event);
	const isUnchanged =
		before.reportedAt.includes(toWholeSeconds(at)) &&
		hasSameContent(before.fingerprint, after, event) &&
		hasSameResponses(before.fingerprint, after);
	return isUnchanged ? [] : describeUpdate(event, id, at, before);
}

/**
 * Whether a removed event of which there is no snapshot was on the calendar at the last poll. Otherwise it came and went since,
 * or was removed earlier and has changed for the others.
 */
function mayHaveBeenThere({ snapshots, knownFrom }: PollHistory, event: ListedEvent, id: string): boolean {
	const start = startsAt(event);
	return snapshots.wasEvicted(id) !== false || (start > 0 && start < knownFrom);
}

/** Changes of an event that is not part of a series. */
function detectEventChanges(event: ListedEvent, id: string, history: PollHistory): PolledChange[] {
	const { snapshots } = history;
	const at = changedAt(event);
	const before = snapshots.get(id);
	const after = snapshotOf(event, [at]);
	if (!after.fingerprint) {
		if (before && !before.fingerprint) return [];
		if (!before && !mayHaveBeenThere(history, event, id)) return [];
		snapshots.set(id, after);
		return [{ kind: 'cancelled', event, at, key: changeKey('cancelled', id, at) }];
	}
	const found = describeEvent(event, id, at, history);
	const isInvitation = found.some((change) => change.isInvitation);
	if (found.length > 0 || before?.fingerprint?.isLegacy)
		snapshots.set(id, { ...after, reportedAt: [...(isInvitation ? [-at] : keepInvitation(before, at)), at] });
	return found;
}

/** Returns the changes, oldest first, and records them in the history. */
export function detectChanges(history: PollHistory, events: readonly ListedEvent[]): PolledChange[] {
	const changes = groupBySeries(events).flatMap((group) => {
		const [{ id = '', seriesMasterId }] = group;
		return seriesMasterId
			? detectSeriesChanges(group, seriesMasterId, history)
			: detectEventChanges(group[group.length - 1], id, history);
	});
	history.latestChangeAt = findLatestChange(events, history.latestChangeAt);
	return changes.sort((a, b) => a.at - b.at);
}

/** Whether a removed event was on the calendar at the last poll; the list has those that were removed at any time. */
function isNewlyRemoved({ snapshots, latestChangeAt }: PollHistory, event: ListedEvent): boolean {
	const { id = '', seriesMasterId } = event;
	const before = snapshots.get(id);
	if (before) return before.fingerprint !== undefined;
	const wasThere = seriesMasterId ? snapshots.get(seriesMasterId)?.fingerprint : snapshots.wasEvicted(id);
	return Boolean(wasThere) && changedAt(event) > latestChangeAt - SAME_TIME_MS;
}

/**
 * Detects the changes from a list of all events, for want of a list of what changed. Of events that there was no room for,
 * only later changes count. A removed event that the list leaves out has no ID to report; it is only marked as such.
 */
export function detectChangesInAll(history: PollHistory, events: readonly ListedEvent[], now: number): PolledChange[] {
	const { snapshots, latestChangeAt, knownFrom } = history;
	const isRelevant = (event: ListedEvent): boolean => {
		if (isRemoved(event)) return isNewlyRemoved(history, event);
		const isLater = changedAt(event) > latestChangeAt - SAME_TIME_MS;
		if (event.seriesMasterId) return isLater || snapshots.get(event.seriesMasterId) === undefined;
		return isLater || snapshots.get(event.id ?? '') !== undefined || snapshots.wasEvicted(event.id ?? '') === false;
	};
	const relevant = events.filter(isRelevant);
	const changes = detectChanges(history, relevant);
	snapshots.removeMissing(events, knownFrom, now);
	return changes;
}
