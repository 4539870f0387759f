/** Applies an update to one date of a series, to this and all later dates, or to all of them. */
import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import type { NotificationOptions } from '../../../../lib/dingtalk/events/attendees';
import { listOccurrences, type Occurrence, type RecurringEvent } from '../../../../lib/dingtalk/events/occurrences';
import {
	copyAttendees,
	copyContent,
	nameUninvitable,
	nameUnlisted,
	type SecondPart,
	type SeriesDetails,
} from '../../../../lib/dingtalk/series/seriesContent';
import {
	continueSeries,
	moveWholeSeries,
	NoDateLeftError,
	SkippedTimeError,
	timesOf,
	type TimeChange,
} from '../../../../lib/dingtalk/series/seriesContinuation';
import { dayOf, RuleDoesNotMoveError } from '../../../../lib/dingtalk/series/movedRule';
import type { DateException } from '../../../../lib/dingtalk/series/compareDate';
import { originOf, requireTimes, type Series } from '../../../../lib/dingtalk/series/seriesCut';
import { LOOK_AHEAD_DAYS } from '../../../../lib/dingtalk/series/seriesExceptions';
import { DAY } from '../../../../lib/dingtalk/utils/time';
import { apiDateTime, type ApiTime } from '../../../../lib/dingtalk/utils/timestamps';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item } from '../../../../lib/n8n/ItemContext';
import type { AttendeeChange } from '../event/attendeeChange';
import { defaultReminders } from '../event/reminders';
import type { EventPath } from '../locators/eventPath';
import { withTarget, type Located, type Scope, type SplitTarget } from './applyTo';
import { readExceptions, runPlan, type SeriesPlan } from './seriesPlan';
import { isAllDay, isDay } from '../../../../lib/dingtalk/events/readEvent';
import { joinClauses, t } from '../../../../lib/locale/t';

export interface ScopedUpdate {
	/** What to send for an event, times and rule included. */
	content: IDataObject;
	/** The fields of `content` that empty a field. */
	cleared: string[];
	attendees?: AttendeeChange;
	notify: NotificationOptions;
	/** Whether the times are meant in the time zone of the series. */
	keepsZone: boolean;
	asksForDefaultReminders: boolean;
	/** Changes what has this ID. */
	change(path: EventPath, content: IDataObject): Promise<IDataObject>;
	toOutput(event: IDataObject): IDataObject;
}

const TIMES = ['start', 'end', 'isAllDay', 'recurrence', 'extra'];

/** A field that a new event lacks need not be cleared. */
const NEEDED_EVEN_IF_EMPTY = ['reminders'];

const readTimeChange = ({ start, end, recurrence }: IDataObject): TimeChange => ({
	...(start ? { start: { ...(start as ApiTime) } } : {}),
	...(end ? { end: { ...(end as ApiTime) } } : {}),
	...(recurrence === undefined ? {} : { recurrence: recurrence as TimeChange['recurrence'] }),
});

const inZone = (time: ApiTime, timeZone: string): ApiTime =>
	time.dateTime === undefined
		? time
		: { dateTime: apiDateTime(DateTime.fromISO(time.dateTime, { zone: timeZone })), timeZone };

interface Times {
	start: ApiTime;
	end: ApiTime;
}

/** Where the first date of the new series is now, if it was moved. */
function movedTimes({ series, cut }: SplitTarget, exceptions: DateException[]): Partial<Times> {
	const [first] = exceptions.filter(({ planned }) => planned.originStart === cut.at.originStart);
	const { start, end } = (first?.changes ?? {}) as Partial<Times>;
	const isWhole = start !== undefined && end !== undefined && isDay(start) === isAllDay(series);
	return isWhole ? withSeriesZone({ start, end }, series, true) : {};
}

/** A new start alone keeps the end that the date has now, and the other way round. */
function completeTimes(change: TimeChange, now: Times): TimeChange {
	requireOrder(change, now);
	return change.start || change.end ? { ...now, ...change } : change;
}

/** Both must be times of one kind and in order. */
function requireOrder(change: TimeChange, planned: Times): void {
	if ((change.start === undefined) === (change.end === undefined)) return;
	const label = change.start ? 'Start' : 'End';
	const { start, end } = { ...planned, ...change };
	if (isDay(start) !== isDay(end)) {
		throw new InputError(label, t`has a time of day, but the event is all-day`, t`Add 'All Day', 'Start' and 'End'.`);
	}
	const [from, to] = [start, end].map(({ date, dateTime = '' }) => DateTime.fromISO(date ?? dateTime));
	if (from <= to) return;
	throw new InputError(
		label,
		change.start ? t`is after the end of this date of the series` : t`is before the start of this date of the series`,
		t`Set both 'Start' and 'End'.`,
	);
}

const withSeriesZone = (change: TimeChange, { start }: RecurringEvent, keepsZone: boolean): TimeChange => {
	if (!keepsZone || !start.timeZone) return change;
	const { timeZone } = start;
	return {
		...change,
		...(change.start ? { start: inZone(change.start, timeZone) } : {}),
		...(change.end ? { end: inZone(change.end, timeZone) } : {}),
	};
};

function asInputError(error: unknown): unknown {
	if (error instanceof RuleDoesNotMoveError) {
		return new InputError(
			'Start',
			t`is on a day to which the rule of the series cannot move without losing or adding dates`,
			t`Add 'Repeat' with the new rule.`,
		);
	}
	if (error instanceof SkippedTimeError) {
		return new InputError(
			'Event',
			t`falls on a clock change that skips the start time of the series, so a new series cannot begin there`,
			t`Use the date before or after it, or add 'Start' and 'End'.`,
		);
	}
	if (error instanceof NoDateLeftError) {
		return new InputError(
			'Repeat',
			t`has no date from the start of the new series to its end`,
			t`Choose a later 'Last Day', or another rule.`,
		);
	}
	return error;
}

function continued(target: SplitTarget, change: TimeChange, zone: string): RecurringEvent {
	try {
		return continueSeries(target.series, target.cut, change, zone);
	} catch (error) {
		throw asInputError(error);
	}
}

/** Dates of a moved rule take each other's place in order; those of another rule where the day is the same. */
function createPlaces(target: SplitTarget, next: RecurringEvent, isOtherRule: boolean): SecondPart['placeOf'] {
	const last = originOf(target.cut.at) + LOOK_AHEAD_DAYS * DAY;
	const old: Occurrence[] = [];
	for (const one of listOccurrences(target.series)) {
		if (originOf(one) > last) break;
		if (originOf(one) >= originOf(target.cut.at)) old.push(one);
	}
	const places: Occurrence[] = [];
	for (const one of listOccurrences(next)) {
		if (places.length >= old.length && originOf(one) > last) break;
		places.push(one);
	}
	return (planned) => {
		if (isOtherRule) return places.find(({ start }) => start.slice(0, 10) === planned.start.slice(0, 10));
		return places[old.findIndex(({ originStart }) => originStart === planned.originStart)];
	};
}

async function createPlan(item: Item, target: SplitTarget, update: ScopedUpdate): Promise<SeriesPlan> {
	const { series, path } = target;
	const { exceptions, notKept: unlisted } = await readExceptions(item, target, true);
	const change = completeTimes(withSeriesZone(readTimeChange(update.content), series, update.keepsZone), {
		...timesOf(target.cut.at, series),
		...movedTimes(target, exceptions),
	});
	const times = continued(target, change, item.zone);
	const changes: IDataObject = Object.fromEntries(
		Object.entries(update.content).filter(
			([field]) => !TIMES.includes(field) && (!update.cleared.includes(field) || NEEDED_EVEN_IF_EMPTY.includes(field)),
		),
	);
	if (update.asksForDefaultReminders) {
		changes.reminders = defaultReminders(isAllDay(times)).map((reminder) => ({ ...reminder }));
	}
	const context = item.eventContext(path);
	const { content, notKept } = await copyContent(context, series, changes, update.cleared);
	const invited = await copyAttendees(context, series);
	const attendees = update.attendees ? await update.attendees.toList(invited, path.userId) : invited;
	const { extra } = update.content;
	return {
		exceptions,
		notKept: [...notKept, ...unlisted, ...nameUninvitable(series), ...nameUnlisted(series)],
		next: {
			content: { ...content, isAllDay: isAllDay(times), ...times, ...(extra ? { extra } : {}) },
			attendees,
			notify: update.notify,
			changed: [
				...Object.keys(changes),
				...update.cleared,
				...Object.keys(change).filter((field) => field !== 'recurrence'),
			],
			changesKind: isAllDay(times) !== isAllDay(series),
			placeOf: createPlaces(target, times, change.recurrence !== undefined),
		},
	};
}

async function updateFollowing(
	item: Item,
	located: Located<SeriesPlan>,
	target: SplitTarget,
	update: ScopedUpdate,
): Promise<IDataObject> {
	const extra = update.content.extra as Record<string, unknown> | undefined;
	const { event, notKept } = await runPlan(
		item,
		target,
		located,
		extra,
		async () => await createPlan(item, target, update),
	);
	if (notKept.length > 0) item.addHint(t`The new series was created. Not kept: ${joinClauses(notKept)}.`);
	const output = update.toOutput({ ...event } as IDataObject);
	const isSimplified = (item.value('output') ?? 'simplified') === 'simplified';
	return isSimplified ? { ...output, previousSeriesId: target.path.eventId, notKept } : output;
}

/** Times that were given for one date move all dates of the series as far. */
async function moveWhole(
	item: Item,
	path: EventPath,
	given: SeriesDetails,
	update: ScopedUpdate,
): Promise<IDataObject> {
	const change = readTimeChange(update.content);
	if (!change.start && !change.end) return update.content;
	const series = await item.client.request<Series & SeriesDetails>(api.getEvent, {
		path,
		query: { maxAttendees: LIMITS.attendeesInList },
	});
	requireTimes(given);
	requireTimes(series);
	const { start: from = {}, end: until = {} } = given as Partial<RecurringEvent>;
	requireOrder(change, { start: from, end: until });
	const moved = withSeriesZone({ start: from, end: until, ...change }, series, update.keepsZone);
	const { start = from, end = until } = moved;
	const first = moveTime(series.start, from, start);
	const content: IDataObject = { ...update.content, start: { ...first }, end: { ...moveTime(first, start, end) } };
	const isOtherDay = dayOf(inSeriesZone(from, series)) !== dayOf(start);
	if (update.content.recurrence !== undefined || !isOtherDay) return content;
	const planned = inSeriesZone(given.originStart ?? from, series);
	const to = moveTime(planned, inSeriesZone(from, series), start);
	try {
		const times = moveWholeSeries(
			series,
			{ from: planned, to },
			{ start: first, end: moveTime(first, start, end) },
			item.zone,
		);
		return { ...content, ...(times as unknown as IDataObject) };
	} catch (error) {
		throw asInputError(error);
	}
}

const inSeriesZone = (time: ApiTime, { start }: RecurringEvent): ApiTime =>
	start.timeZone ? inZone(time, start.timeZone) : time;

/** Local times, as if all days were equally long: a series keeps its clock time when the clocks change. */
const wallClock = ({ date, dateTime = '' }: ApiTime): DateTime =>
	DateTime.fromISO((date ?? dateTime).slice(0, 19), { zone: 'utc' });

/** A time, as far from another one as two times are from each other. */
function moveTime(time: ApiTime, from: ApiTime, to: ApiTime): ApiTime {
	if (isDay(to))
		return {
			date:
				wallClock(time)
					.plus(wallClock(to).diff(wallClock(from)))
					.toISODate() ?? to.date,
		};
	const timeZone = to.timeZone ?? time.timeZone;
	const local = from.timeZone && timeZone ? inZone(from, timeZone) : from;
	const base = time.timeZone && timeZone ? inZone(time, timeZone) : time;
	const wall = wallClock(base).plus(wallClock(to).diff(wallClock(local)));
	const moved = wall.setZone(timeZone ?? 'utc', { keepLocalTime: true });
	return { dateTime: apiDateTime(moved), ...(timeZone ? { timeZone } : {}) };
}

export async function updateSeriesPart(
	item: Item,
	path: EventPath,
	scope: Scope,
	update: ScopedUpdate,
): Promise<IDataObject> {
	return await withTarget<SeriesPlan, IDataObject>(item, path, scope, async (located) => {
		const { target } = located;
		switch (target.kind) {
			case 'split':
				return await updateFollowing(item, located, target, update);
			case 'whole': {
				const content = target.given ? await moveWhole(item, target.path, target.given, update) : update.content;
				return await update.change(target.path, content);
			}
			case 'single':
				if (target.isOccurrence && update.content.recurrence !== undefined) {
					throw new InputError(
						'Repeat',
						t`cannot be changed for a single date of a series`,
						t`Remove it, or set 'Apply To' to This and Following or Whole Series.`,
					);
				}
				return await update.change(target.path, update.content);
		}
	});
}
