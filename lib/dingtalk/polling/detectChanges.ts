/**
 * Detects what happened on a calendar from the events that DingTalk lists as changed since the last poll. Pure: the same
 * list and the same snapshots give the same changes with the same keys, so a repeated poll reports nothing new.
 */
import {
	createSnapshot,
	decodeResponses,
	hashPerson,
	NO_RESPONSE,
	REMOVED,
	type ListedEvent,
	type Snapshot,
	type Snapshots,
} from './snapshots';

type PolledKind = 'created' | 'updated' | 'cancelled' | 'responded';

export interface AttendeeResponse {
	/** Union ID. */
	id: string;
	name?: string;
	status: string;
}

export interface PolledChange {
	kind: PolledKind;
	event: ListedEvent;
	/** Milliseconds. */
	at: number;
	/** Identifies the change: the same in every poll that finds it and in every attendee's calendar. */
	key: string;
	/** For a series, how many of its occurrences changed together. */
	occurrences?: number;
	/** The new responses; only for `responded`. */
	responses?: AttendeeResponse[];
	/** There was no snapshot to compare with, so the change may also be a response. */
	hasNoSnapshot?: boolean;
	/** Several occurrences were removed; only reading this series shows whether it was removed too. */
	checkSeriesId?: string;
}

export interface PollHistory {
	snapshots: Snapshots;
	/** Milliseconds; earlier changes are not reported. */
	since: number;
	/** The latest change seen so far, by DingTalk's clock. */
	latestChangeAt: number;
}

/** DingTalk's times are in whole seconds, and storing an event may take one. */
const SAME_TIME_MS = 2000;

const toMillis = (time: unknown): number =>
	typeof time === 'string' ? Date.parse(time) || 0 : typeof time === 'number' ? time : 0;

const changedAt = (event: ListedEvent): number => toMillis(event.updateTime) || toMillis(event.createTime);

const isRemoved = ({ status }: ListedEvent): boolean => status === 'cancelled';

/** Puts the occurrences of a series into one group; any other event is a group of its own. */
function groupBySeries(events: readonly ListedEvent[]): ListedEvent[][] {
	const groups = new Map<string, ListedEvent[]>();
	for (const event of events) {
		if (!event.id) continue;
		const key = event.seriesMasterId ? `series ${event.seriesMasterId}` : `event ${event.id}`;
		groups.set(key, [...(groups.get(key) ?? []), event]);
	}
	return [...groups.values()];
}

export function findLatestChange(events: readonly ListedEvent[], known = 0): number {
	return events.reduce((latest, event) => Math.max(latest, changedAt(event), toMillis(event.createTime)), known);
}

/** Takes snapshots of the events that exist when polling starts; none of them is reported as a change. */
export function recordSnapshots(snapshots: Snapshots, events: readonly ListedEvent[]): void {
	const startOf = ({ start }: ListedEvent): number => toMillis(start?.dateTime ?? start?.date);
	// Future events come last, so they are kept longest: they change more often than past ones.
	for (const event of [...events].sort((a, b) => startOf(a) - startOf(b))) {
		if (!event.id) continue;
		if (event.seriesMasterId) recordSeries(snapshots, event.seriesMasterId, event, changedAt(event));
		else snapshots.set(event.id, createSnapshot(event, [changedAt(event)]));
	}
}

/** All attendees who have responded, at any time. */
export const listResponses = ({ attendees = [] }: ListedEvent): AttendeeResponse[] =>
	attendees
		.filter(({ responseStatus = 'needsAction' }) => responseStatus !== 'needsAction')
		.map(({ id = '', displayName, responseStatus = '' }) => ({ id, name: displayName, status: responseStatus }));

/** The attendees who have responded since; a response that was reset because the event moved is none. */
function findNewResponses({ attendees = [] }: ListedEvent, before: Snapshot, after: Snapshot): AttendeeResponse[] {
	const previous = decodeResponses(before.responses);
	const current = decodeResponses(after.responses);
	return attendees.flatMap(({ id = '', displayName, responseStatus = '' }) => {
		const hash = hashPerson(id);
		const now = current.get(hash);
		const then = previous.get(hash);
		return then === undefined || now === then || now === NO_RESPONSE
			? []
			: [{ id, name: displayName, status: responseStatus }];
	});
}

export const changeKey = (kind: PolledKind, id: string, ...more: Array<string | number>): string =>
	[kind, id, ...more].join(':');

/** A new event, which may have been updated since. */
function describeNewEvent(event: ListedEvent, id: string, at: number): PolledChange[] {
	const createdAt = toMillis(event.createTime);
	const created: PolledChange = { kind: 'created', event, at: createdAt || at, key: changeKey('created', id) };
	if (at - createdAt <= SAME_TIME_MS) return [created];
	return [created, { kind: 'updated', event, at, key: changeKey('updated', id, at) }];
}

function describeUpdate(event: ListedEvent, id: string, at: number, before: Snapshot | undefined): PolledChange[] {
	const after = createSnapshot(event, []);
	// Two changes within the same second have the same time, but are still two changes.
	const suffix = before?.reportedAt.includes(at) ? [after.contentHash, after.responses] : [];
	const updated: PolledChange = { kind: 'updated', event, at, key: changeKey('updated', id, at, ...suffix) };
	if (before === undefined || before.contentHash === REMOVED)
		return [{ ...updated, hasNoSnapshot: before === undefined || undefined }];
	const responses = findNewResponses(event, before, after);
	const key = changeKey('responded', id, at, ...suffix);
	const responded: PolledChange = { kind: 'responded', event, at, key, responses };
	if (responses.length === 0) return [updated];
	return after.contentHash === before.contentHash ? [responded] : [updated, responded];
}

/** Changes of an event that is not part of a series. */
function detectEventChanges(event: ListedEvent, id: string, history: PollHistory): PolledChange[] {
	const at = changedAt(event);
	const before = history.snapshots.get(id);
	const after = createSnapshot(event, [at]);
	const isUnchanged =
		before?.reportedAt.includes(at) && before.contentHash === after.contentHash && before.responses === after.responses;
	if (isUnchanged || (isRemoved(event) && before?.contentHash === REMOVED)) return [];
	history.snapshots.set(id, after);
	if (isRemoved(event)) return [{ kind: 'cancelled', event, at, key: changeKey('cancelled', id, at) }];
	const createdAt = toMillis(event.createTime);
	const isNew = before === undefined && (createdAt > history.latestChangeAt || at - createdAt <= SAME_TIME_MS);
	return isNew ? describeNewEvent(event, id, at) : describeUpdate(event, id, at, before);
}

/** Removals are recorded among the reported times, as negative numbers. */
const toRemovalMark = (at: number): number => -at;

/** A change to one occurrence is reported with the occurrence's ID, a change to several with the ID of the series. */
const chooseReportedId = (occurrences: ListedEvent[], seriesId: string): string =>
	occurrences.length === 1 ? (occurrences[0].id ?? seriesId) : seriesId;

/**
 * Occurrences of one series that were changed at the same time. DingTalk lists an occurrence only once it starts, so one
 * may appear because of an older change. That change is reported now, unless it was reported before or is older than the
 * start of polling.
 */
function detectChangedOccurrences(
	occurrences: ListedEvent[],
	seriesId: string,
	{ snapshots, since }: PollHistory,
): PolledChange[] {
	const event = occurrences.find(({ id = '' }) => snapshots.get(id)) ?? occurrences[occurrences.length - 1];
	const at = changedAt(event);
	const series = snapshots.get(seriesId);
	const before = snapshots.get(event.id ?? '') ?? series;
	const isReported = series?.reportedAt.includes(at) === true;
	if (series || at > since) recordSeries(snapshots, seriesId, event, at);
	if (isReported || at <= since) return [];
	recordOccurrences(snapshots, occurrences, at);
	const isNew = series === undefined && toMillis(event.createTime) > since;
	const changes = isNew
		? describeNewEvent(event, seriesId, at)
		: describeUpdate(event, chooseReportedId(occurrences, seriesId), at, before);
	return changes.map((change) => ({ ...change, occurrences: occurrences.length }));
}

function detectRemovedOccurrences(
	removed: ListedEvent[],
	seriesId: string,
	{ snapshots }: PollHistory,
): PolledChange[] {
	const occurrences = removed.filter(({ id = '' }) => snapshots.get(id)?.contentHash !== REMOVED);
	if (occurrences.length === 0) return [];
	const event = occurrences[occurrences.length - 1];
	const at = findLatestChange(occurrences);
	const isReported = occurrences.length > 1 && snapshots.get(seriesId)?.reportedAt.includes(toRemovalMark(at)) === true;
	recordSeries(snapshots, seriesId, event, toRemovalMark(at));
	recordOccurrences(snapshots, occurrences, at);
	if (isReported) return [];
	return [
		{
			kind: 'cancelled',
			event,
			at,
			key: changeKey('cancelled', chooseReportedId(occurrences, seriesId), at),
			occurrences: occurrences.length,
			checkSeriesId: occurrences.length > 1 ? seriesId : undefined,
		},
	];
}

function recordSeries(snapshots: Snapshots, seriesId: string, occurrence: ListedEvent, reportedAt: number): void {
	const { reportedAt: before, ...known } = snapshots.get(seriesId) ?? createSnapshot(occurrence, []);
	snapshots.set(seriesId, { ...known, reportedAt: [...before.filter((at) => at !== reportedAt), reportedAt] });
}

/** Only occurrences that differ from their series get a snapshot; those of a long series would fill the whole store. */
function recordOccurrences(snapshots: Snapshots, occurrences: ListedEvent[], at: number): void {
	for (const occurrence of occurrences) {
		const { id } = occurrence;
		if (id && (occurrences.length === 1 || snapshots.get(id))) snapshots.set(id, createSnapshot(occurrence, [at]));
	}
}

function detectSeriesChanges(occurrences: ListedEvent[], seriesId: string, history: PollHistory): PolledChange[] {
	const byTime = new Map<number, ListedEvent[]>();
	for (const occurrence of occurrences) {
		const at = changedAt(occurrence);
		if (!isRemoved(occurrence)) byTime.set(at, [...(byTime.get(at) ?? []), occurrence]);
	}
	// A new recurrence rule removes the occurrences of the old one; that is part of the same update.
	const removed = occurrences.filter((occurrence) => isRemoved(occurrence) && !byTime.has(changedAt(occurrence)));
	return [
		...[...byTime.values()].flatMap((changed) => detectChangedOccurrences(changed, seriesId, history)),
		...detectRemovedOccurrences(removed, seriesId, history),
	];
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
