/**
 * Tells from the stored state of other people whether a change was reported because of their calendars while this person
 * could not be read. It works after any time; the keys of reported changes are too many to be kept for long.
 */
import { SAME_TIME_MS } from '../../lib/dingtalk/polling/describeChange';
import { ReportedKeys } from '../../lib/dingtalk/polling/reportedKeys';
import type { Snapshot } from '../../lib/dingtalk/polling/snapshotCodec';
import { Snapshots, toWholeSeconds } from '../../lib/dingtalk/polling/snapshots';
import { MINUTE } from '../../lib/dingtalk/utils/time';
import { subjectOf, type FoundChange } from './mergeChanges';
import type { PersonState } from './pollPerson';

/** How far n8n's clock may be ahead of DingTalk's. */
export const CLOCK_TOLERANCE_MS = 2 * MINUTE;

/** Removals of occurrences are recorded as negative times. */
const hasReported = ({ reportedAt }: Snapshot, at: number): boolean =>
	reportedAt.some((time) => Math.abs(time) === toWholeSeconds(at));

function hasShownChange(
	calendar: NonNullable<PersonState['calendar']>,
	{ kind, eventId, at = 0, extraFields, isInvitation }: FoundChange,
	readAt: number,
): boolean {
	const snapshots = new Snapshots(calendar);
	const subject = subjectOf(eventId, extraFields);
	const known = [subject, eventId].flatMap((id) => snapshots.get(id) ?? []);
	const reported = known.filter((snapshot) => hasReported(snapshot, at));
	if (kind === 'cancelled') {
		// Everyone can remove an event from their own calendar; that does not change the event.
		const mayBeOwn = at > 0 && at <= readAt - CLOCK_TOLERANCE_MS;
		return !mayBeOwn && reported.some(({ fingerprint }) => !fingerprint);
	}
	if (at <= calendar.since) return false;
	const wasEvicted = snapshots.wasEvicted(subject) === true;
	if (kind === 'created') return !isInvitation && (wasEvicted || snapshots.get(subject) !== undefined);
	return reported.length > 0 || (wasEvicted && at < calendar.mark - SAME_TIME_MS);
}

/** `readAt` is when the person with the change was read last. */
export function wasShownBy(
	{ calendar, watch, readAt: otherReadAt = 0 }: PersonState,
	change: FoundChange,
	readAt: number,
): boolean {
	if (otherReadAt <= readAt) return false;
	if (change.kind === 'starting' || change.kind === 'ended') return new ReportedKeys(watch ?? {}).has(change.groupKey);
	return calendar !== undefined && hasShownChange(calendar, change, readAt);
}
