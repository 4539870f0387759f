/**
 * What happened on a calendar, from what DingTalk lists as changed since the last time. Pure: the same list and the same
 * memory give the same changes with the same keys, so a poll that runs twice tells nothing new.
 */
import {
	decodeResponses,
	GONE,
	NO_RESPONSE,
	createSnapshot,
	hashPerson,
	type ListedEvent,
	type Snapshot,
	type Snapshots,
} from './snapshots';

export type PolledKind = 'created' | 'updated' | 'cancelled' | 'responded';

export interface PersonResponse {
	/** Union ID. */
	id: string;
	name?: string;
	answer: string;
}

export interface PolledChange {
	kind: PolledKind;
	event: ListedEvent;
	/** Milliseconds. */
	at: number;
	/** The same whenever this change is found again, and in the calendar of whoever. */
	key: string;
	/** Of a series: how many of its dates changed in one go. */
	dates?: number;
	/** Who answered; for `responded` only. */
	answers?: PersonResponse[];
	/** Nothing is known from before: it may just as well be an answer. */
	isUncertain?: boolean;
	/** Several dates of a series are gone: whether the series is, only the series itself can tell. */
	checkSeriesId?: string;
}

export interface PollHistory {
	snapshots: Snapshots;
	/** Milliseconds: what was changed before is not told. */
	since: number;
	/** The latest change that was ever seen, by DingTalk's own clock. */
	latestChangeAt: number;
}

/** Times are given in whole seconds, and storing an event may take one. */
const SAME_TIME_MS = 2000;

const toMillis = (time: unknown): number =>
	typeof time === 'string' ? Date.parse(time) || 0 : typeof time === 'number' ? time : 0;

const changedAt = (event: ListedEvent): number => toMillis(event.updateTime) || toMillis(event.createTime);

const isCancelled = ({ status }: ListedEvent): boolean => status === 'cancelled';

/** In one list: an event by itself, or all that is told of one series. */
function groupBySeries(events: readonly ListedEvent[]): ListedEvent[][] {
	const groups = new Map<string, ListedEvent[]>();
	for (const event of events) {
		if (!event.id) continue;
		const key = event.seriesMasterId ? `series ${event.seriesMasterId}` : `event ${event.id}`;
		groups.set(key, [...(groups.get(key) ?? []), event]);
	}
	return [...groups.values()];
}

export function findLatestChange(events: readonly ListedEvent[], mark = 0): number {
	return events.reduce((latest, event) => Math.max(latest, changedAt(event), toMillis(event.createTime)), mark);
}

/** Everything that is there when the watching begins is known, and none of it is a change. */
export function takeSnapshots(snapshots: Snapshots, events: readonly ListedEvent[]): void {
	const startOf = ({ start }: ListedEvent): number => toMillis(start?.dateTime ?? start?.date);
	// Of what lies ahead more is heard than of what is past.
	for (const event of [...events].sort((a, b) => startOf(a) - startOf(b))) {
		if (!event.id) continue;
		if (event.seriesMasterId) recordSeries(snapshots, event.seriesMasterId, event, changedAt(event));
		else snapshots.write(event.id, createSnapshot(event, [changedAt(event)]));
	}
}

/** Everybody who has answered, whenever that was. */
export const readResponses = ({ attendees = [] }: ListedEvent): PersonResponse[] =>
	attendees
		.filter(({ responseStatus = 'needsAction' }) => responseStatus !== 'needsAction')
		.map(({ id = '', displayName, responseStatus = '' }) => ({ id, name: displayName, answer: responseStatus }));

/** Who answered since; whom a new date made unanswered did not. */
function findNewResponses({ attendees = [] }: ListedEvent, before: Snapshot, after: Snapshot): PersonResponse[] {
	const was = decodeResponses(before.answers);
	const is = decodeResponses(after.answers);
	return attendees.flatMap(({ id = '', displayName, responseStatus = '' }) => {
		const print = hashPerson(id);
		const now = is.get(print);
		const then = was.get(print);
		return then === undefined || now === then || now === NO_RESPONSE
			? []
			: [{ id, name: displayName, answer: responseStatus }];
	});
}

export const changeKey = (kind: PolledKind, id: string, ...more: Array<string | number>): string =>
	[kind, id, ...more].join(':');

/** A new event, which may have been changed since. */
function createdChanges(event: ListedEvent, id: string, at: number): PolledChange[] {
	const created: PolledChange = {
		kind: 'created',
		event,
		at: toMillis(event.createTime) || at,
		key: changeKey('created', id),
	};
	if (at - toMillis(event.createTime) <= SAME_TIME_MS) return [created];
	return [created, { kind: 'updated', event, at, key: changeKey('updated', id, at) }];
}

function compareWithSnapshot(event: ListedEvent, id: string, at: number, before: Snapshot | undefined): PolledChange[] {
	const after = createSnapshot(event, []);
	// Two changes within the second that DingTalk tells are still two.
	const again = before?.reportedAt.includes(at) ? [after.content, after.answers] : [];
	const updated: PolledChange = { kind: 'updated', event, at, key: changeKey('updated', id, at, ...again) };
	if (before === undefined || before.content === GONE)
		return [{ ...updated, isUncertain: before === undefined || undefined }];
	const answers = findNewResponses(event, before, after);
	const responded: PolledChange = {
		kind: 'responded',
		event,
		at,
		key: changeKey('responded', id, at, ...again),
		answers,
	};
	if (answers.length === 0) return [updated];
	return after.content === before.content ? [responded] : [updated, responded];
}

/** One event that belongs to no series. */
function singleEventChanges(event: ListedEvent, id: string, past: PollHistory): PolledChange[] {
	const at = changedAt(event);
	const before = past.snapshots.read(id);
	const after = createSnapshot(event, [at]);
	const same = before?.reportedAt.includes(at) && before.content === after.content && before.answers === after.answers;
	if (same || (isCancelled(event) && before?.content === GONE)) return [];
	past.snapshots.write(id, after);
	if (isCancelled(event)) return [{ kind: 'cancelled', event, at, key: changeKey('cancelled', id, at) }];
	const born = toMillis(event.createTime);
	const isNew = before === undefined && (born > past.latestChangeAt || at - born <= SAME_TIME_MS);
	return isNew ? createdChanges(event, id, at) : compareWithSnapshot(event, id, at, before);
}

/** What is gone is noted beside the times that were told, as a time of its own. */
const goneMarker = (at: number): number => -at;

/** Of a change to one date the date is told, of a change to several the series. */
const reportedId = (dates: ListedEvent[], seriesId: string): string =>
	dates.length === 1 ? (dates[0].id ?? seriesId) : seriesId;

/**
 * Dates of one series that were changed at the same moment. DingTalk's list shows a date only when it begins, so a date
 * may turn up because of an older change: that one is told now unless it was told before, or made before the watching.
 */
function findChangedDates(
	dates: ListedEvent[],
	seriesId: string,
	{ snapshots: notebook, since }: PollHistory,
): PolledChange[] {
	const event = dates.find(({ id = '' }) => notebook.read(id)) ?? dates[dates.length - 1];
	const at = changedAt(event);
	const series = notebook.read(seriesId);
	const before = notebook.read(event.id ?? '') ?? series;
	const isTold = series?.reportedAt.includes(at) === true;
	if (series || at > since) recordSeries(notebook, seriesId, event, at);
	if (isTold || at <= since) return [];
	recordDates(notebook, dates, at);
	const isNew = series === undefined && toMillis(event.createTime) > since;
	const changes = isNew
		? createdChanges(event, seriesId, at)
		: compareWithSnapshot(event, reportedId(dates, seriesId), at, before);
	return changes.map((change) => ({ ...change, dates: dates.length }));
}

function findRemovedDates(all: ListedEvent[], seriesId: string, { snapshots: notebook }: PollHistory): PolledChange[] {
	const dates = all.filter(({ id = '' }) => notebook.read(id)?.content !== GONE);
	if (dates.length === 0) return [];
	const event = dates[dates.length - 1];
	const at = findLatestChange(dates);
	const isTold = dates.length > 1 && notebook.read(seriesId)?.reportedAt.includes(goneMarker(at)) === true;
	recordSeries(notebook, seriesId, event, goneMarker(at));
	recordDates(notebook, dates, at);
	if (isTold) return [];
	const askSeries = dates.length > 1 ? seriesId : undefined;
	return [
		{
			kind: 'cancelled',
			event,
			at,
			key: changeKey('cancelled', reportedId(dates, seriesId), at),
			dates: dates.length,
			checkSeriesId: askSeries,
		},
	];
}

function recordSeries(notebook: Snapshots, seriesId: string, like: ListedEvent, told: number): void {
	const { reportedAt: before, ...known } = notebook.read(seriesId) ?? createSnapshot(like, []);
	notebook.write(seriesId, { ...known, reportedAt: [...before.filter((at) => at !== told), told] });
}

/** The dates of a long series would leave no room for anything else, so only those that differ from it are noted. */
function recordDates(notebook: Snapshots, dates: ListedEvent[], at: number): void {
	for (const date of dates) {
		if (date.id && (dates.length === 1 || notebook.read(date.id))) notebook.write(date.id, createSnapshot(date, [at]));
	}
}

function seriesChanges(dates: ListedEvent[], seriesId: string, past: PollHistory): PolledChange[] {
	const byTime = new Map<number, ListedEvent[]>();
	for (const date of dates)
		if (!isCancelled(date)) byTime.set(changedAt(date), [...(byTime.get(changedAt(date)) ?? []), date]);
	// With a new rule the dates of the old one go: that is no more than the change of the rule.
	const lost = dates.filter((date) => isCancelled(date) && !byTime.has(changedAt(date)));
	return [
		...[...byTime.values()].flatMap((changed) => findChangedDates(changed, seriesId, past)),
		...findRemovedDates(lost, seriesId, past),
	];
}

/** Writes into the notebook what it tells, and moves the mark. */
export function detectChanges(past: PollHistory, events: readonly ListedEvent[]): PolledChange[] {
	const found = groupBySeries(events).flatMap((group) => {
		const [{ id = '', seriesMasterId }] = group;
		return seriesMasterId
			? seriesChanges(group, seriesMasterId, past)
			: singleEventChanges(group[group.length - 1], id, past);
	});
	past.latestChangeAt = findLatestChange(events, past.latestChangeAt);
	return found.sort((a, b) => a.at - b.at);
}
