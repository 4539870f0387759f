/** Merges what was found in the calendars of several people into one list: what concerns two of them is reported once. */
import type { IDataObject } from 'n8n-workflow';
import type { AttendeeResponse, PolledChange } from '../../lib/dingtalk/polling/describeChange';
import type { StartOrEnd } from '../../lib/dingtalk/polling/startsAndEnds';
import { changedAt } from '../../lib/dingtalk/polling/eventTimes';
import type { ChangedPart } from '../../lib/dingtalk/polling/fingerprint';
import { localEnd, localTime } from '../../lib/n8n/fields/dateTime';
import type { Differences } from '../../lib/n8n/triggers/changeStore';
import { toEventState } from '../../lib/n8n/triggers/comparableEvent';
import { MINUTE } from '../../lib/dingtalk/utils/time';
import type { ApiEvent } from '../../lib/n8n/fields/eventOutput';
import { formatPerson } from '../../lib/n8n/fields/people';
import type { DetailsStatus, ReportedChange } from '../../lib/n8n/triggers/changeOutput';
import type { PersonPollResult } from './pollPerson';

export const responseFields = (responses: AttendeeResponse[]): IDataObject => ({
	answers: responses.map(({ id, name, status }) => ({
		person: formatPerson({ id, displayName: name }),
		answer: status,
	})),
});

/** For a removed event, DingTalk may list nothing but the ID. */
const hasIdOnly = ({ event }: PolledChange | StartOrEnd): boolean =>
	event.summary === undefined && event.start === undefined;

function toReportedChange(
	found: PolledChange | StartOrEnd,
	unionId: string,
	wantsDetails: boolean,
	extraFields: IDataObject,
): ReportedChange {
	const { event, at, key, kind } = found;
	const details: DetailsStatus = !wantsDetails ? 'notAsked' : hasIdOnly(found) ? 'gone' : 'fetched';
	return {
		kind,
		eventId: event.id ?? '',
		at,
		unionIds: [unionId],
		key,
		details,
		event: details === 'fetched' ? (event as ApiEvent) : undefined,
		extraFields,
	};
}

function formatBefore({ name, before }: ChangedPart, zone: string): { before?: string | null } {
	if (before === undefined) return {};
	if (before === null) return { before: null };
	return { before: name === 'end' ? localEnd(before, zone) : localTime(before, zone) };
}

function toDifferences({ changedParts, event }: PolledChange, zone: string): Differences | undefined {
	if (!changedParts) return undefined;
	const state = toEventState(event as ApiEvent, zone);
	return Object.fromEntries(
		changedParts.map((part) => [part.name, { ...formatBefore(part, zone), after: state[part.name] ?? null }]),
	);
}

const changeFields = ({ responses, occurrences = 1, hasNoSnapshot, event }: PolledChange): IDataObject => ({
	...(responses ? responseFields(responses) : {}),
	...(hasNoSnapshot ? { before: 'unknown' } : {}),
	...(event.seriesMasterId ? { seriesId: event.seriesMasterId, dates: occurrences } : {}),
});

const startEndFields = ({ kind, at, event }: StartOrEnd, now: number): IDataObject => ({
	...(kind === 'starting' ? { startsInMinutes: Math.round((at - now) / MINUTE) } : {}),
	...(event.seriesMasterId ? { seriesId: event.seriesMasterId } : {}),
});

export interface FoundChange extends ReportedChange {
	/** What several people's calendars show of one change has this in common. */
	groupKey: string;
	/** The event existed for longer than it is on the person's calendar. */
	isInvitation?: boolean;
}

const changeName = ({ event, at }: PolledChange): string => `${event.id ?? ''} ${at}`;

/** If one person's snapshots show what a change was, it is not reported once more as an unknown one of another's calendar. */
const describeKnown = (results: ReadonlyMap<string, PersonPollResult>): Set<string> =>
	new Set(
		[...results.values()].flatMap(({ changes }) =>
			changes.filter(({ hasNoSnapshot, kind }) => !hasNoSnapshot && kind !== 'created').map(changeName),
		),
	);

/** The ID under which an event's snapshot is stored. */
export const subjectOf = (eventId: string, { seriesId }: IDataObject = {}): string =>
	typeof seriesId === 'string' ? seriesId : eventId;

interface MergeOptions {
	wantsDetails: boolean;
	zone: string;
	now: number;
	/** Whether an earlier poll has reported what the calendar of one person shows. */
	wasReported(change: FoundChange, unionId: string): boolean;
	/** Whether another calendar has shown the event while this person was not among its attendees. */
	wasInvitedLater(change: PolledChange, unionId: string): boolean;
}

/**
 * Returns the changes in the order in which they happened. What was reported is left out person by person: a calendar that
 * was not read for a while may show an event as new to which someone else has just been invited.
 */
export function mergeChanges(
	results: ReadonlyMap<string, PersonPollResult>,
	{ wantsDetails, zone, now, wasReported, wasInvitedLater }: MergeOptions,
): FoundChange[] {
	const byKey = new Map<string, FoundChange>();
	const add = (change: FoundChange, unionId: string): void => {
		if (wasReported(change, unionId)) return;
		const same = byKey.get(change.groupKey);
		if (same) same.unionIds.push(...change.unionIds.filter((id) => !same.unionIds.includes(id)));
		else byKey.set(change.groupKey, change);
	};
	const known = describeKnown(results);
	for (const [unionId, { changes, startsAndEnds }] of results) {
		for (const found of changes) {
			const isInvitation = found.isInvitation || wasInvitedLater(found, unionId);
			const change = isInvitation ? { ...found, at: changedAt(found.event) } : found;
			if (change.hasNoSnapshot && known.has(changeName(change))) continue;
			const reported = toReportedChange(change, unionId, wantsDetails, changeFields(change));
			const { groupKey = change.key } = change;
			add({ ...reported, differences: toDifferences(change, zone), groupKey, isInvitation }, unionId);
		}
		for (const found of startsAndEnds) {
			const reported = toReportedChange(found, unionId, wantsDetails, startEndFields(found, now));
			add({ ...reported, groupKey: found.key }, unionId);
		}
	}
	return [...byKey.values()].sort((a, b) => a.at - b.at);
}
