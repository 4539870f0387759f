/** Describes what happened to one event: its kind, what is different, who responded, and the key that identifies the change. */
import { hashText } from '../utils/hash';
import { createdAt } from './eventTimes';
import {
	findChangedParts,
	findNewResponses,
	fingerprintOf,
	hasSameContent,
	type ChangedPart,
	type Fingerprint,
	type ListedAttendee,
	type ListedEvent,
} from './fingerprint';
import type { Snapshot } from './snapshotCodec';
import { toWholeSeconds, type Snapshots } from './snapshots';

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
	/** Identifies the change: the same in every poll that finds it and, if it concerns all attendees, in each calendar. */
	key: string;
	/** Changes in several calendars that are one if one poll finds them; the key, unless given. */
	groupKey?: string;
	/** For a series, how many of its occurrences changed together. */
	occurrences?: number;
	/** The new responses; only for `responded`. */
	responses?: AttendeeResponse[];
	/** Whether the event existed for longer than it is on this person's calendar. */
	isInvitation?: boolean;
	/** Undefined if that is not known. */
	changedParts?: ChangedPart[];
	/** There was no snapshot to compare with, so the change may also be a response. */
	hasNoSnapshot?: boolean;
	/** Several occurrences were removed; only reading this series shows whether it was removed too. */
	checkSeriesId?: string;
}

export interface PollHistory {
	snapshots: Snapshots;
	/** Milliseconds; earlier changes are not reported. */
	since: number;
	/** Events that start earlier were not read when polling started, so they may be old without being known. */
	knownFrom: number;
	/** When the calendar was read last. */
	readAt: number;
	/** The latest change seen so far, by DingTalk's clock. */
	latestChangeAt: number;
}

/** DingTalk's times are in whole seconds, and storing an event may take one. */
export const SAME_TIME_MS = 2000;

export const isRemoved = ({ status }: ListedEvent): boolean => status === 'cancelled';

export const changeKey = (kind: PolledKind, id: string, ...more: Array<string | number>): string =>
	[kind, id, ...more].join(':');

const toResponse = ({ id = '', displayName, responseStatus = '' }: ListedAttendee): AttendeeResponse => ({
	id,
	name: displayName,
	status: responseStatus,
});

/** All attendees who have responded, at any time. */
export const listResponses = ({ attendees }: ListedEvent): AttendeeResponse[] =>
	(attendees ?? []).filter(({ responseStatus = 'needsAction' }) => responseStatus !== 'needsAction').map(toResponse);

/** A new event, which may have been updated since. */
export function describeNewEvent(event: ListedEvent, id: string, at: number): PolledChange[] {
	const created: PolledChange = { kind: 'created', event, at: createdAt(event) || at, key: changeKey('created', id) };
	if (at - createdAt(event) <= SAME_TIME_MS) return [created];
	return [created, { kind: 'updated', event, at, key: changeKey('updated', id, at) }];
}

/**
 * An event that exists for longer, and is new on this person's calendar; `before` is the snapshot of its removal, if any.
 * Only clocks tell it from a new event, and they may be set between two polls that find the same, so the keys are the same.
 */
export const describeInvitation = (event: ListedEvent, id: string, at: number, before?: Snapshot): PolledChange => ({
	kind: 'created',
	event,
	at,
	key: changeKey('created', id, ...(before?.reportedAt.slice(-1).map(Math.abs) ?? [])),
	groupKey: changeKey('created', id),
	isInvitation: true,
});

const textOf = ({ parts, rest, start, minutes, responses }: Fingerprint): string =>
	hashText([...parts, rest, start, minutes, responses.toString('base64')].join(), 8);

export function describeUpdate(
	event: ListedEvent,
	id: string,
	at: number,
	before: Snapshot | undefined,
): PolledChange[] {
	const after = fingerprintOf(event);
	// Two changes within the same second have the same time, but are still two changes.
	const suffix = before?.reportedAt.includes(toWholeSeconds(at)) ? [textOf(after)] : [];
	const updated: PolledChange = { kind: 'updated', event, at, key: changeKey('updated', id, at, ...suffix) };
	if (!before?.fingerprint) return [{ ...updated, hasNoSnapshot: true }];
	const changedParts = findChangedParts(before.fingerprint, after);
	const responses = findNewResponses(event, before.fingerprint).map(toResponse);
	const key = changeKey('responded', id, at, ...suffix);
	if (responses.length === 0) return [{ ...updated, changedParts }];
	const responded: PolledChange = { kind: 'responded', event, at, key, responses, changedParts };
	return hasSameContent(before.fingerprint, after, event) ? [responded] : [{ ...updated, changedParts }, responded];
}
