/**
 * Tells from the stored state of other people whether a change was reported because of their calendars while this person
 * could not be read. It works after any time; the keys of reported changes are too many to be kept for long.
 */
import { SAME_TIME_MS } from '../../lib/dingtalk/polling/describeChange';
import { ReportedKeys } from '../../lib/dingtalk/polling/reportedKeys';
import type { Snapshot } from '../../lib/dingtalk/polling/snapshotCodec';
import { invitationTime, Snapshots, toWholeSeconds } from '../../lib/dingtalk/polling/snapshots';
import { subjectOf, type FoundChange } from './mergeChanges';
import type { PersonState } from './pollPerson';

const hasReported = ({ reportedAt }: Snapshot, at: number): boolean =>
	reportedAt.some((time) => Math.abs(time) === toWholeSeconds(at));

/** `seenUntil` is the latest change that this person's calendar had shown before, by DingTalk's clock. */
function hasShownChange(
	calendar: NonNullable<PersonState['calendar']>,
	{ kind, eventId, at = 0, extraFields, isInvitation }: FoundChange,
	seenUntil: number,
): boolean {
	const snapshots = new Snapshots(calendar);
	const subject = subjectOf(eventId, extraFields);
	const known = [subject, eventId].flatMap((id) => snapshots.get(id) ?? []);
	const reported = known.filter((snapshot) => hasReported(snapshot, at));
	// Everyone can remove an event from their own calendar; that does not change the event.
	if (kind === 'cancelled') return (at === 0 || at > seenUntil) && reported.some(({ fingerprint }) => !fingerprint);
	if (at <= calendar.since) return false;
	const wasEvicted = snapshots.wasEvicted(subject) === true;
	if (kind === 'created') return !isInvitation && (wasEvicted || known.length > 0);
	const isSeries = extraFields?.seriesId !== undefined;
	// To someone who was invited meanwhile, earlier changes were not shown.
	if (known.some((snapshot) => invitationTime(snapshot, isSeries) > seenUntil)) return false;
	return reported.some(({ fingerprint }) => fingerprint) || (wasEvicted && at < calendar.mark - SAME_TIME_MS);
}

/** `own` is the state of the person with the change. */
export function wasShownBy(
	{ calendar, watch, readAt: otherReadAt = 0 }: PersonState,
	change: FoundChange,
	own: PersonState,
): boolean {
	// An event starts once, also for those who are invited afterwards.
	if (change.kind === 'starting' || change.kind === 'ended') return new ReportedKeys(watch ?? {}).has(change.groupKey);
	if (!calendar || otherReadAt <= (own.readAt ?? 0)) return false;
	return hasShownChange(calendar, change, own.calendar?.mark ?? 0);
}
