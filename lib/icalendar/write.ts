/** Converts DingTalk events to an iCalendar file. */
import { randomUUID } from 'node:crypto';
import { DateTime } from 'luxon';
import { createLine, escapeText, quoteParameter, serialize, type Component, type ContentLine } from './lines';
import { isCompleteRule, toRrule, type Recurrence } from './rules';
import { createTimeZone, isDescribable } from './zones';
import { t } from '../locale/t';

interface ApiTime {
	date?: string;
	dateTime?: string;
	timeZone?: string;
}

interface ApiPerson {
	id?: string;
	displayName?: string;
	responseStatus?: string;
	isOptional?: boolean;
}

export interface ApiEvent {
	id?: string;
	summary?: string;
	description?: string;
	status?: string;
	isAllDay?: boolean;
	start?: ApiTime;
	end?: ApiTime;
	originStart?: ApiTime;
	seriesMasterId?: string;
	recurrence?: Recurrence;
	organizer?: ApiPerson;
	attendees?: ApiPerson[];
	location?: { displayName?: string; meetingRooms?: string[] };
	reminders?: Array<{ minutes?: number | string }>;
	freeBusyStatus?: string;
	onlineMeetingInfo?: { url?: string };
	createTime?: string;
	updateTime?: string;
}

type SingleDate = Omit<ApiEvent, 'recurrence'>;

/** A series with the dates that are not as its rule plans them. */
export interface ExportedEvent extends ApiEvent {
	cancelledDates?: ApiTime[];
	/** When the series plans its last date, if that is known. */
	lastDate?: string;
	changedDates?: Array<{ planned: ApiTime; date: SingleDate }>;
}

const UTC_FORMAT = "yyyyMMdd'T'HHmmss'Z'";
/** For endless series, the time zone is described for this many years. */
const ENDLESS_SERIES_YEARS = 10;
/** DingTalk returns no e-mail addresses, but iCalendar requires them; these must not be deliverable. */
const PLACEHOLDER_DOMAIN = 'dingtalk.invalid';

const PARTICIPATION_STATUS: ReadonlyMap<string, string> = new Map([
	['accepted', 'ACCEPTED'],
	['declined', 'DECLINED'],
	['tentative', 'TENTATIVE'],
]);

const createTextLines = (name: string, value: string | undefined): ContentLine[] =>
	value ? [createLine(name, escapeText(value))] : [];
const formatUtc = (moment: string): string => DateTime.fromISO(moment, { zone: 'utc' }).toFormat(UTC_FORMAT);

/** A single occurrence of a series is exported as a single event. */
export const isSeries = ({ id, seriesMasterId = id, recurrence }: ApiEvent): boolean =>
	recurrence !== undefined && seriesMasterId === id;

const isMoment = (text: string | undefined): text is string =>
	text !== undefined && DateTime.fromISO(text, { setZone: true }).isValid;

/** A raw event from elsewhere may have anything for a time. */
const isReadable = (time: ApiTime | undefined): boolean => isMoment(time?.date || time?.dateTime);

/** What is missing of an event that a file cannot do without. */
export function findMissingPart(event: ApiEvent): string | undefined {
	const { start, isAllDay } = event;
	// A date alone would make a whole day of an event that is none.
	if (!isReadable(start) || (!start?.dateTime && isAllDay === false)) return t`start`;
	return isSeries(event) && !isCompleteRule(event.recurrence ?? {}) ? t`repeat rule` : undefined;
}

/** An end that is missing, or has no time of day where the start has one, is left out: the event then has no length. */
const createEndLines = ({ start, end }: SingleDate, inLocalTime: boolean): ContentLine[] =>
	end && isReadable(end) && (start?.date ? end.date : end.dateTime) ? [createTimeLine('DTEND', end, inLocalTime)] : [];

function createTimeLine(name: string, { date, dateTime = '', timeZone }: ApiTime, inLocalTime: boolean): ContentLine {
	if (date) return createLine(name, DateTime.fromISO(date, { setZone: true }).toFormat('yyyyMMdd'), { VALUE: 'DATE' });
	if (!inLocalTime || !isDescribable(timeZone)) return createLine(name, formatUtc(dateTime));
	return createLine(name, DateTime.fromISO(dateTime, { zone: timeZone }).toFormat("yyyyMMdd'T'HHmmss"), {
		TZID: timeZone,
	});
}

function createPersonLine(
	name: 'ORGANIZER' | 'ATTENDEE',
	{ id, displayName, responseStatus = '', isOptional }: ApiPerson,
): ContentLine {
	const parameters: Record<string, string> = displayName ? { CN: quoteParameter(displayName) } : {};
	if (name === 'ATTENDEE') {
		parameters.ROLE = isOptional ? 'OPT-PARTICIPANT' : 'REQ-PARTICIPANT';
		parameters.PARTSTAT = PARTICIPATION_STATUS.get(responseStatus) ?? 'NEEDS-ACTION';
	}
	return createLine(
		name,
		`mailto:${encodeURIComponent(id || displayName || 'unknown')}@${PLACEHOLDER_DOMAIN}`,
		parameters,
	);
}

const createAlarm = (minutes: number, summary: string): Component => ({
	name: 'VALARM',
	lines: [
		createLine('ACTION', 'DISPLAY'),
		...createTextLines('DESCRIPTION', summary || 'Reminder'),
		createLine('TRIGGER', minutes === 0 ? 'PT0S' : `-PT${minutes}M`),
	],
	children: [],
});

/** Where the event belongs to a series: a file tells its changed dates by the UID of the series and the planned start. */
interface Place {
	uid: string | undefined;
	/** Times in this zone are written as local times, because the file describes it. */
	zone?: string;
	lines: ContentLine[];
}

function createEventComponent(event: SingleDate, stamp: string, { uid, zone, lines }: Place): Component {
	const { start = {}, organizer, attendees = [], location = {}, onlineMeetingInfo } = event;
	const isInZone = zone !== undefined && start.timeZone === zone;
	const place = [location.displayName, ...(location.meetingRooms ?? [])].filter((part) => part).join(', ');
	return {
		name: 'VEVENT',
		lines: [
			createLine('UID', `${uid || randomUUID()}@dingtalk`),
			createLine('DTSTAMP', formatUtc(isMoment(event.updateTime) ? event.updateTime : stamp)),
			...(isMoment(event.createTime) ? [createLine('CREATED', formatUtc(event.createTime))] : []),
			...(isMoment(event.updateTime) ? [createLine('LAST-MODIFIED', formatUtc(event.updateTime))] : []),
			createTimeLine('DTSTART', start, isInZone),
			...createEndLines(event, isInZone),
			...lines,
			...createTextLines('SUMMARY', event.summary),
			...createTextLines('DESCRIPTION', event.description),
			...createTextLines('LOCATION', place),
			...(onlineMeetingInfo?.url ? [createLine('URL', onlineMeetingInfo.url)] : []),
			...(event.freeBusyStatus === 'free' ? [createLine('TRANSP', 'TRANSPARENT')] : []),
			createLine('STATUS', event.status === 'cancelled' ? 'CANCELLED' : 'CONFIRMED'),
			...(organizer ? [createPersonLine('ORGANIZER', organizer)] : []),
			...attendees
				.filter(({ id }) => !id || id !== organizer?.id)
				.map((person) => createPersonLine('ATTENDEE', person)),
		],
		children: (event.reminders ?? [])
			.map(({ minutes }) => (minutes === '' ? NaN : Number(minutes)))
			.filter((minutes) => Number.isSafeInteger(minutes) && minutes >= 0)
			.map((minutes) => createAlarm(minutes, event.summary ?? '')),
	};
}

const endOfDay = (day: string, zone = 'utc'): string => DateTime.fromISO(day, { zone }).endOf('day').toISO() ?? day;

function createRuleLine({ start = {} }: ApiEvent, recurrence: Recurrence): ContentLine {
	const until = (endDate: string): string => {
		if (start.date) return DateTime.fromISO(endDate, { setZone: true }).toFormat('yyyyMMdd');
		// A last day without a time includes the whole day.
		const isDay = !endDate.includes('T');
		return formatUtc(isDay ? endOfDay(endDate, start.timeZone) : endDate);
	};
	return createLine('RRULE', toRrule(recurrence, until));
}

/** An event, and after a series each of its changed dates. */
function createEventComponents(event: ExportedEvent, stamp: string): Component[] {
	const { id: uid, start, recurrence, cancelledDates = [], changedDates = [] } = event;
	if (!isSeries(event) || recurrence === undefined) return [createEventComponent(event, stamp, { uid, lines: [] })];
	const zone = start?.timeZone;
	const lines = [
		createRuleLine(event, recurrence),
		...cancelledDates.map((planned) => createTimeLine('EXDATE', planned, true)),
	];
	return [
		createEventComponent(event, stamp, { uid, zone, lines }),
		...changedDates.map(({ planned, date }) =>
			createEventComponent(date, stamp, { uid, zone, lines: [createTimeLine('RECURRENCE-ID', planned, true)] }),
		),
	];
}

const RULES_PER_YEAR: Record<string, number> = {
	daily: 365,
	weekly: 52,
	absoluteMonthly: 12,
	relativeMonthly: 12,
	absoluteYearly: 1,
};

/** How many years a series without an end date lasts, at most; a numbered one may outlast an endless one's description. */
function yearsOf({ pattern, range }: Partial<Recurrence> = {}): number {
	if (range?.type !== 'numbered') return ENDLESS_SERIES_YEARS;
	const rounds = (range.numberOfOccurrences ?? 1) * (pattern?.interval ?? 1);
	return Math.ceil(rounds / (RULES_PER_YEAR[pattern?.type ?? ''] ?? 1)) + 1;
}

interface Span {
	from: DateTime;
	until: DateTime;
}

/** When a series may have dates, moved ones included. */
function spanOf({ start = {}, recurrence, lastDate, changedDates = [] }: ExportedEvent): Span {
	const first = DateTime.fromISO(start.dateTime ?? '', { zone: 'utc' }).minus({ days: 1 });
	const end = recurrence?.range.endDate ?? lastDate;
	const last = end ? DateTime.fromISO(end).plus({ days: 2 }) : first.plus({ years: yearsOf(recurrence) });
	const moved = changedDates
		.map(({ date }) => DateTime.fromISO(date.start?.dateTime ?? '', { zone: 'utc' }))
		.filter(({ isValid }) => isValid);
	return {
		from: DateTime.min(first, ...moved.map((at) => at.minus({ days: 1 }))),
		until: DateTime.max(last, ...moved.map((at) => at.plus({ days: 2 }))),
	};
}

/** The time zones of series; all other times are written in UTC. */
function listZones(events: ExportedEvent[]): Component[] {
	const spans = new Map<string, Span>();
	for (const event of events.filter(isSeries)) {
		const { timeZone } = event.start ?? {};
		if (!isDescribable(timeZone)) continue;
		const { from, until } = spanOf(event);
		const existing = spans.get(timeZone);
		spans.set(timeZone, {
			from: existing ? DateTime.min(existing.from, from) : from,
			until: existing ? DateTime.max(existing.until, until) : until,
		});
	}
	return [...spans].map(([zone, { from, until }]) => createTimeZone(zone, from, until));
}

/** `stamp` is the creation time of the file, used for events without an update time. */
export function writeCalendar(events: ExportedEvent[], stamp: string): string {
	const calendar: Component = {
		name: 'VCALENDAR',
		lines: [
			createLine('VERSION', '2.0'),
			createLine('PRODID', '-//n8n-nodes-dingtalk-calendar//EN'),
			createLine('CALSCALE', 'GREGORIAN'),
			createLine('METHOD', 'PUBLISH'),
		],
		children: [...listZones(events), ...events.flatMap((event) => createEventComponents(event, stamp))],
	};
	return `${serialize(calendar).join('\r\n')}\r\n`;
}
