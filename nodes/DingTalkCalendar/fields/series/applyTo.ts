/** The Apply To field: whether a change is for one date of a series, for this and all later dates, or for all of them. */
import { DateTime } from 'luxon';
import type { INodeProperties } from 'n8n-workflow';
import { api, type ApiCall } from '../../../../lib/dingtalk/endpoints';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import { listRows } from '../../../../lib/dingtalk/client/pagination';
import {
	findCut,
	missingRuleError,
	requireTimes,
	type CutPoint,
	type Series,
	type SeriesCut,
} from '../../../../lib/dingtalk/series/seriesCut';
import { getSeriesAttempt, type SeriesAttempt } from '../../../../lib/dingtalk/series/seriesAttempts';
import { withSeriesLock } from '../../../../lib/dingtalk/series/seriesLock';
import type { SeriesDetails } from '../../../../lib/dingtalk/series/seriesContent';
import { isAllDay } from '../../../../lib/dingtalk/events/readEvent';
import { apiDateTime } from '../../../../lib/dingtalk/utils/timestamps';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { dayInZone, readCalendarDay, type CalendarDay } from '../../../../lib/n8n/fields/dateTime';
import { readChoice } from '../../../../lib/n8n/fields/primitives';
import type { EventPath } from '../locators/eventPath';
import { t } from '../../../../lib/locale/t';

const SCOPES = ['id', 'thisEvent', 'thisAndFollowing', 'wholeSeries'] as const;
type ApplyTo = (typeof SCOPES)[number];

/** The calls that ending a series may make. */
export const END_CALLS: readonly ApiCall[] = [
	api.getEvent,
	api.listInstances,
	api.updateEvent,
	api.deleteEvent,
	api.addAttendees,
	api.removeAttendees,
	api.listAttendees,
	api.bookRooms,
	api.releaseRooms,
];

/** The same, and beginning another one. */
export const SPLIT_CALLS: readonly ApiCall[] = [...END_CALLS, api.createEvent, api.listEventsView, api.listCategories];

/** The descriptions say what each operation does with a series. */
export const applyToProperties = (thisAndFollowing: string): INodeProperties[] => [
	{
		displayName: 'Apply To',
		name: 'applyTo',
		type: 'options',
		default: 'id',
		description:
			'Which occurrences of a recurring event to change. Makes no difference for an event that does not repeat. Every choice except the first costs one more call to read the event.',
		options: [
			{
				name: 'As Selected',
				value: 'id',
				description: 'One occurrence if you selected an occurrence, all if you selected the series',
			},
			{ name: 'This and Following', value: 'thisAndFollowing', description: thisAndFollowing },
			{ name: 'This Event', value: 'thisEvent', description: 'Only this occurrence' },
			{ name: 'Whole Series', value: 'wholeSeries', description: 'All occurrences, even if you selected only one' },
		],
	},
	{
		displayName: 'Occurrence Date',
		name: 'occurrenceDate',
		type: 'dateTime',
		typeOptions: { dateOnly: true },
		default: '',
		description:
			"Which occurrence to change if the selected event is a whole series. 'This and Following' begins with the first occurrence on or after this date.",
		displayOptions: { show: { applyTo: ['thisEvent', 'thisAndFollowing'] } },
	},
];

export interface Scope {
	applyTo: Exclude<ApplyTo, 'id'>;
	/** The Occurrence Date. */
	date?: CalendarDay;
}

/** Undefined leaves it to the ID. */
export function readScope(item: Item): Scope | undefined {
	const applyTo = readChoice(item.value('applyTo') ?? 'id', 'Apply To', SCOPES);
	if (applyTo === 'id') return undefined;
	const date =
		applyTo === 'wholeSeries' ? undefined : readCalendarDay(item.value('occurrenceDate'), item.zone, 'Occurrence Date');
	return { applyTo, date };
}

/** One date of a series, or an event that does not repeat. */
interface SingleTarget {
	kind: 'single';
	path: EventPath;
	isOccurrence: boolean;
}

/** All dates of a series. */
interface WholeTarget {
	kind: 'whole';
	path: EventPath;
	/** The date whose ID was given. */
	given?: SeriesDetails;
}

/** The dates of a series from one of them on. */
export interface SplitTarget {
	kind: 'split';
	path: EventPath;
	series: Series & SeriesDetails;
	cut: SeriesCut;
	/** The date whose ID was given. */
	given?: SeriesDetails;
}

export type Target = SingleTarget | WholeTarget | SplitTarget;

interface ReadEvent extends SeriesDetails {
	seriesMasterId?: string;
}

/** All of a series is needed where it is to be continued by another one. */
const readEvent = async (item: Item, path: EventPath, isContinued: boolean): Promise<ReadEvent> =>
	await item.client.request<ReadEvent>(api.getEvent, {
		path,
		query: { maxAttendees: isContinued ? LIMITS.attendeesInEvent : 1 },
		needsAllFields: isContinued,
	});

const noSuchDate = (what: string): InputError =>
	new InputError('Occurrence Date', what, t`List the dates of the series with 'Get Occurrences' of Event.`);

/** The ID of the date of a series on a day. */
async function findDate(item: Item, path: EventPath, day: string, zone: string): Promise<EventPath> {
	const start = DateTime.fromISO(day, { zone }).startOf('day');
	const query = {
		timeMin: apiDateTime(start),
		timeMax: apiDateTime(start.plus({ days: 1 })),
		maxResults: api.listInstances.pageSize,
		maxAttendees: 1,
	};
	const dates = await listRows<SeriesDetails>(item.client, api.listInstances, 'events', { path, query });
	const isOnDay = ({ start: { date, dateTime = '' } = {} }: SeriesDetails): boolean =>
		(date ?? DateTime.fromISO(dateTime, { zone }).toISODate()) === day;
	const [found, another] = dates.filter(isOnDay);
	if (!found) throw noSuchDate(t`is no date of the series: ${day}`);
	if (another) throw noSuchDate(t`has more than one date of the series: ${day}. Use the ID of the date`);
	return { ...path, eventId: found.id };
}

const hasRule = (event: SeriesDetails): event is Series & SeriesDetails => event.recurrence !== undefined;

function pointOf({ originStart, start }: ReadEvent): CutPoint {
	const { date, dateTime } = originStart ?? start ?? {};
	return { originStart: date ?? dateTime ?? '' };
}

/** The day that is meant, in the time zone of the series. */
const dayIn = (event: ReadEvent, { date }: Scope): string | undefined =>
	date && dayInZone(date, isAllDay(event) ? undefined : event.start?.timeZone);

function requireOrganizer({ organizer }: SeriesDetails, { userId }: EventPath): void {
	if (!organizer || organizer.self === true || organizer.id === userId) return;
	throw new InputError(
		'Apply To',
		t`is This and Following, but only the organizer of a series can end it`,
		t`Enter the organizer of the series, or choose 'This Event' or 'Whole Series'.`,
	);
}

async function locateFollowing(item: Item, path: EventPath, event: ReadEvent, scope: Scope): Promise<Target> {
	const day = dayIn(event, scope);
	const isWhole = event.seriesMasterId === undefined || event.seriesMasterId === path.eventId;
	const seriesPath = { ...path, eventId: isWhole ? path.eventId : (event.seriesMasterId ?? path.eventId) };
	if (isWhole && day === undefined) return { kind: 'whole', path: seriesPath };
	const series = isWhole ? event : await readEvent(item, seriesPath, true);
	requireOrganizer(series, path);
	if (!hasRule(series)) throw missingRuleError(series);
	requireTimes(series);
	if (!isWhole && !event.originStart) requireTimes(event);
	const cut = findCut(series, isWhole && day !== undefined ? { day } : pointOf(event));
	if (!cut) {
		throw isWhole
			? noSuchDate(t`is after the last date of the series: ${day}`)
			: new InputError(
					'Event',
					t`is an occurrence that does not match the rule of its series`,
					t`Use the ID of the series, and set 'Occurrence Date'.`,
				);
	}
	if (cut.before === 0) return { kind: 'whole', path: seriesPath, given: isWhole ? undefined : event };
	const hasAllAttendees = (series.attendees ?? []).length < LIMITS.attendeesInEvent;
	return {
		kind: 'split',
		path: seriesPath,
		series: { ...series, hasAllAttendees },
		cut,
		given: isWhole ? undefined : event,
	};
}

async function locate(item: Item, path: EventPath, scope: Scope): Promise<Target> {
	const isSplit = scope.applyTo === 'thisAndFollowing';
	const event = await readEvent(item, path, isSplit);
	const seriesId = event.seriesMasterId ?? (event.recurrence ? path.eventId : undefined);
	if (!seriesId) return { kind: 'single', path, isOccurrence: false };
	if (isSplit) return await locateFollowing(item, path, event, scope);
	const isWhole = seriesId === path.eventId;
	if (scope.applyTo === 'wholeSeries') {
		return { kind: 'whole', path: { ...path, eventId: seriesId }, given: isWhole ? undefined : event };
	}
	if (!isWhole) return { kind: 'single', path, isOccurrence: true };
	const day = dayIn(event, scope);
	if (day === undefined) {
		throw new InputError(
			'Event',
			t`is the ID of a whole series, but 'Apply To' is This Event`,
			t`Set 'Occurrence Date', or use the ID of one date from 'Get Many' or 'Get Occurrences'.`,
		);
	}
	const zone = event.start?.timeZone ?? item.zone;
	return { kind: 'single', path: await findDate(item, path, day, zone), isOccurrence: true };
}

export interface Located<Plan> {
	target: Target;
	/** What earlier tries of this node did. */
	attempt: SeriesAttempt<{ target: Target; plan: Plan }>;
}

/** Finds out what is meant. When n8n retries the node, it is what it was before: a date may be gone by then. */
async function locateTarget<Plan>(item: Item, path: EventPath, scope: Scope): Promise<Located<Plan>> {
	const key = item.idempotencyKey('apply to', [scope, path]);
	const attempt = getSeriesAttempt<{ target: Target; plan: Plan }>(key, item.client);
	attempt.memory.target ??= await locate(item, path, scope);
	return { target: attempt.memory.target, attempt };
}

/** Runs a change of what is meant. Changes that end series of one calendar wait for each other: each reads what is left. */
export async function withTarget<Plan, T>(
	item: Item,
	path: EventPath,
	scope: Scope,
	change: (located: Located<Plan>) => Promise<T>,
): Promise<T> {
	const run = async (): Promise<T> => await change(await locateTarget<Plan>(item, path, scope));
	return scope.applyTo === 'thisAndFollowing' ? await withSeriesLock(item.client.account, path, run) : await run();
}
