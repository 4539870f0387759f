/** Detects what happened to the series on a calendar. DingTalk lists each of their occurrences, but only once it has begun. */
import { changedAt, createdAt, findLatestChange, startsAt } from './eventTimes';
import {
	changeKey,
	describeInvitation,
	describeNewEvent,
	describeUpdate,
	isRemoved,
	type PolledChange,
	type PollHistory,
} from './describeChange';
import { fingerprintOf, type ListedEvent } from './fingerprint';
import type { Snapshot } from './snapshotCodec';
import { snapshotOf, toWholeSeconds, type Snapshots } from './snapshots';

/** Removals are recorded among the reported times, as negative numbers. */
const toRemovalMark = (at: number): number => -at;

const isReported = (series: Snapshot | undefined, time: number): boolean =>
	series?.reportedAt.includes(toWholeSeconds(time)) === true;

/** A change to one occurrence is reported with the occurrence's ID, a change to several with the ID of the series. */
const chooseReportedId = (occurrences: ListedEvent[], seriesId: string): string =>
	occurrences.length === 1 ? (occurrences[0].id ?? seriesId) : seriesId;

export function recordSeries(
	snapshots: Snapshots,
	seriesId: string,
	occurrence: ListedEvent,
	reportedAt: number,
	isWholeSeries = false,
): void {
	const series = snapshots.get(seriesId);
	const others = (series?.reportedAt ?? []).filter((at) => at !== toWholeSeconds(reportedAt));
	const known = isWholeSeries ? undefined : series?.fingerprint;
	snapshots.set(seriesId, { reportedAt: [...others, reportedAt], fingerprint: known ?? fingerprintOf(occurrence) });
}

/** Only occurrences that differ from their series get a snapshot; those of a long series would fill the whole store. */
function recordOccurrences(snapshots: Snapshots, occurrences: ListedEvent[], at: number): void {
	for (const occurrence of occurrences) {
		const { id } = occurrence;
		if (id && (occurrences.length === 1 || snapshots.get(id))) snapshots.set(id, snapshotOf(occurrence, [at]));
	}
}

/** The series as it would look at the time of this occurrence. */
function alignSeries(series: Snapshot | undefined, occurrence: ListedEvent): Snapshot | undefined {
	if (!series?.fingerprint || series.fingerprint.isLegacy) return series;
	const { start } = fingerprintOf(occurrence);
	return { ...series, fingerprint: { ...series.fingerprint, start } };
}

/**
 * Occurrences of one series that were changed at the same time. One may appear because of an older change, as it is listed
 * only now. That change is reported now, unless it was reported before or is older than the start of polling.
 */
function detectChangedOccurrences(
	occurrences: ListedEvent[],
	seriesId: string,
	{ snapshots, since, knownFrom }: PollHistory,
): PolledChange[] {
	const event = occurrences.find(({ id = '' }) => snapshots.get(id)) ?? occurrences[occurrences.length - 1];
	const at = changedAt(event);
	const series = snapshots.get(seriesId);
	const before = snapshots.get(event.id ?? '') ?? alignSeries(series, event);
	const wasReported = isReported(series, at);
	const wasGone = series !== undefined && !series.fingerprint;
	// Those that had begun when polling started would be known if they had been on the calendar then.
	const hasOldOccurrence = occurrences.some((one) => startsAt(one) > knownFrom && startsAt(one) <= since);
	const wasInvited = series === undefined && snapshots.wasEvicted(seriesId) === false && hasOldOccurrence;
	if ((wasGone || wasInvited) && at > since) recordSeries(snapshots, seriesId, event, -at);
	if (series || at > since) recordSeries(snapshots, seriesId, event, at, occurrences.length > 1);
	if (wasReported || at <= since) return [];
	recordOccurrences(snapshots, occurrences, at);
	const describe = (): PolledChange[] => {
		if (series === undefined && createdAt(event) > since) return describeNewEvent(event, seriesId, at);
		if (wasGone || wasInvited) return [describeInvitation(event, seriesId, at, series)];
		return describeUpdate(event, chooseReportedId(occurrences, seriesId), at, before);
	};
	return describe().map((change) => ({ ...change, occurrences: occurrences.length }));
}

function detectRemovedOccurrences(
	removed: ListedEvent[],
	seriesId: string,
	{ snapshots }: PollHistory,
): PolledChange[] {
	const isKnownAsRemoved = ({ id = '' }: ListedEvent): boolean => {
		const before = snapshots.get(id);
		return before !== undefined && !before.fingerprint;
	};
	const series = snapshots.get(seriesId);
	const occurrences = removed.filter((occurrence) => !isKnownAsRemoved(occurrence));
	if (occurrences.length === 0 || (series && !series.fingerprint)) return [];
	const event = occurrences[occurrences.length - 1];
	const at = findLatestChange(occurrences);
	const wasReported = occurrences.length > 1 && isReported(series, toRemovalMark(at));
	recordSeries(snapshots, seriesId, event, toRemovalMark(at));
	recordOccurrences(snapshots, occurrences, at);
	if (wasReported) return [];
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

/** The series itself was removed, not only some of its occurrences. */
export function recordRemovedSeries(snapshots: Snapshots, seriesId: string): void {
	snapshots.set(seriesId, { reportedAt: snapshots.get(seriesId)?.reportedAt ?? [] });
}

export function detectSeriesChanges(
	occurrences: ListedEvent[],
	seriesId: string,
	history: PollHistory,
): PolledChange[] {
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
