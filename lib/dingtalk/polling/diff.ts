/**
 * What happened on a calendar, from what DingTalk lists as changed since the last time. Pure: the same list and the same
 * memory give the same changes with the same keys, so a poll that runs twice tells nothing new.
 */
import {
	answersIn,
	GONE,
	NO_ANSWER,
	noteOf,
	personPrint,
	type ListedEvent,
	type Note,
	type Notebook,
} from './snapshots';

export type PolledKind = 'created' | 'updated' | 'cancelled' | 'responded';

export interface Answer {
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
	answers?: Answer[];
	/** Nothing is known from before: it may just as well be an answer. */
	unsure?: boolean;
	/** Several dates of a series are gone: whether the series is, only the series itself can tell. */
	askSeries?: string;
}

export interface Past {
	notebook: Notebook;
	/** Milliseconds: what was changed before is not told. */
	since: number;
	/** The latest change that was ever seen, by DingTalk's own clock. */
	mark: number;
}

/** Times are given in whole seconds, and storing an event may take one. */
const SAME_MOMENT_MS = 2000;

const ms = (time: unknown): number =>
	typeof time === 'string' ? Date.parse(time) || 0 : typeof time === 'number' ? time : 0;

const changedAt = (event: ListedEvent): number => ms(event.updateTime) || ms(event.createTime);

const isGone = ({ status }: ListedEvent): boolean => status === 'cancelled';

/** In one list: an event by itself, or all that is told of one series. */
function together(events: readonly ListedEvent[]): ListedEvent[][] {
	const groups = new Map<string, ListedEvent[]>();
	for (const event of events) {
		if (!event.id) continue;
		const key = event.seriesMasterId ? `series ${event.seriesMasterId}` : `event ${event.id}`;
		groups.set(key, [...(groups.get(key) ?? []), event]);
	}
	return [...groups.values()];
}

export function latestIn(events: readonly ListedEvent[], mark = 0): number {
	return events.reduce((latest, event) => Math.max(latest, changedAt(event), ms(event.createTime)), mark);
}

/** Everything that is there when the watching begins is known, and none of it is a change. */
export function learn({ notebook }: Pick<Past, 'notebook'>, events: readonly ListedEvent[]): void {
	const startOf = ({ start }: ListedEvent): number => ms(start?.dateTime ?? start?.date);
	// Of what lies ahead more is heard than of what is past.
	for (const event of [...events].sort((a, b) => startOf(a) - startOf(b))) {
		if (!event.id) continue;
		if (event.seriesMasterId) noteSeries(notebook, event.seriesMasterId, event, changedAt(event));
		else notebook.write(event.id, noteOf(event, [changedAt(event)]));
	}
}

/** Everybody who has answered, whenever that was. */
export const givenAnswers = ({ attendees = [] }: ListedEvent): Answer[] =>
	attendees
		.filter(({ responseStatus = 'needsAction' }) => responseStatus !== 'needsAction')
		.map(({ id = '', displayName, responseStatus = '' }) => ({ id, name: displayName, answer: responseStatus }));

/** Who answered since; whom a new date made unanswered did not. */
function newAnswers({ attendees = [] }: ListedEvent, before: Note, after: Note): Answer[] {
	const was = answersIn(before.answers);
	const is = answersIn(after.answers);
	return attendees.flatMap(({ id = '', displayName, responseStatus = '' }) => {
		const print = personPrint(id);
		const now = is.get(print);
		const then = was.get(print);
		return then === undefined || now === then || now === NO_ANSWER
			? []
			: [{ id, name: displayName, answer: responseStatus }];
	});
}

export const keyed = (kind: PolledKind, id: string, ...more: Array<string | number>): string =>
	[kind, id, ...more].join(':');

/** A new event, which may have been changed since. */
function appeared(event: ListedEvent, id: string, at: number): PolledChange[] {
	const created: PolledChange = { kind: 'created', event, at: ms(event.createTime) || at, key: keyed('created', id) };
	if (at - ms(event.createTime) <= SAME_MOMENT_MS) return [created];
	return [created, { kind: 'updated', event, at, key: keyed('updated', id, at) }];
}

function differences(event: ListedEvent, id: string, at: number, before: Note | undefined): PolledChange[] {
	const after = noteOf(event, []);
	// Two changes within the second that DingTalk tells are still two.
	const again = before?.told.includes(at) ? [after.content, after.answers] : [];
	const updated: PolledChange = { kind: 'updated', event, at, key: keyed('updated', id, at, ...again) };
	if (before === undefined || before.content === GONE)
		return [{ ...updated, unsure: before === undefined || undefined }];
	const answers = newAnswers(event, before, after);
	const responded: PolledChange = { kind: 'responded', event, at, key: keyed('responded', id, at, ...again), answers };
	if (answers.length === 0) return [updated];
	return after.content === before.content ? [responded] : [updated, responded];
}

/** One event that belongs to no series. */
function single(event: ListedEvent, id: string, past: Past): PolledChange[] {
	const at = changedAt(event);
	const before = past.notebook.read(id);
	const after = noteOf(event, [at]);
	const same = before?.told.includes(at) && before.content === after.content && before.answers === after.answers;
	if (same || (isGone(event) && before?.content === GONE)) return [];
	past.notebook.write(id, after);
	if (isGone(event)) return [{ kind: 'cancelled', event, at, key: keyed('cancelled', id, at) }];
	const born = ms(event.createTime);
	const isNew = before === undefined && (born > past.mark || at - born <= SAME_MOMENT_MS);
	return isNew ? appeared(event, id, at) : differences(event, id, at, before);
}

/** What is gone is noted beside the times that were told, as a time of its own. */
const gone = (at: number): number => -at;

/** Of a change to one date the date is told, of a change to several the series. */
const idOf = (dates: ListedEvent[], seriesId: string): string =>
	dates.length === 1 ? (dates[0].id ?? seriesId) : seriesId;

/**
 * Dates of one series that were changed at the same moment. DingTalk's list shows a date only when it begins, so a date
 * may turn up because of an older change: that one is told now unless it was told before, or made before the watching.
 */
function datesChanged(dates: ListedEvent[], seriesId: string, { notebook, since }: Past): PolledChange[] {
	const event = dates.find(({ id = '' }) => notebook.read(id)) ?? dates[dates.length - 1];
	const at = changedAt(event);
	const series = notebook.read(seriesId);
	const before = notebook.read(event.id ?? '') ?? series;
	const isTold = series?.told.includes(at) === true;
	if (series || at > since) noteSeries(notebook, seriesId, event, at);
	if (isTold || at <= since) return [];
	noteDates(notebook, dates, at);
	const isNew = series === undefined && ms(event.createTime) > since;
	const changes = isNew ? appeared(event, seriesId, at) : differences(event, idOf(dates, seriesId), at, before);
	return changes.map((change) => ({ ...change, dates: dates.length }));
}

function datesGone(all: ListedEvent[], seriesId: string, { notebook }: Past): PolledChange[] {
	const dates = all.filter(({ id = '' }) => notebook.read(id)?.content !== GONE);
	if (dates.length === 0) return [];
	const event = dates[dates.length - 1];
	const at = latestIn(dates);
	const isTold = dates.length > 1 && notebook.read(seriesId)?.told.includes(gone(at)) === true;
	noteSeries(notebook, seriesId, event, gone(at));
	noteDates(notebook, dates, at);
	if (isTold) return [];
	const askSeries = dates.length > 1 ? seriesId : undefined;
	return [
		{
			kind: 'cancelled',
			event,
			at,
			key: keyed('cancelled', idOf(dates, seriesId), at),
			dates: dates.length,
			askSeries,
		},
	];
}

function noteSeries(notebook: Notebook, seriesId: string, like: ListedEvent, told: number): void {
	const { told: before, ...known } = notebook.read(seriesId) ?? noteOf(like, []);
	notebook.write(seriesId, { ...known, told: [...before.filter((at) => at !== told), told] });
}

/** The dates of a long series would leave no room for anything else, so only those that differ from it are noted. */
function noteDates(notebook: Notebook, dates: ListedEvent[], at: number): void {
	for (const date of dates) {
		if (date.id && (dates.length === 1 || notebook.read(date.id))) notebook.write(date.id, noteOf(date, [at]));
	}
}

function ofSeries(dates: ListedEvent[], seriesId: string, past: Past): PolledChange[] {
	const byTime = new Map<number, ListedEvent[]>();
	for (const date of dates)
		if (!isGone(date)) byTime.set(changedAt(date), [...(byTime.get(changedAt(date)) ?? []), date]);
	// With a new rule the dates of the old one go: that is no more than the change of the rule.
	const lost = dates.filter((date) => isGone(date) && !byTime.has(changedAt(date)));
	return [
		...[...byTime.values()].flatMap((changed) => datesChanged(changed, seriesId, past)),
		...datesGone(lost, seriesId, past),
	];
}

/** Writes into the notebook what it tells, and moves the mark. */
export function changesIn(past: Past, events: readonly ListedEvent[]): PolledChange[] {
	const found = together(events).flatMap((group) => {
		const [{ id = '', seriesMasterId }] = group;
		return seriesMasterId ? ofSeries(group, seriesMasterId, past) : single(group[group.length - 1], id, past);
	});
	past.mark = latestIn(events, past.mark);
	return found.sort((a, b) => a.at - b.at);
}
