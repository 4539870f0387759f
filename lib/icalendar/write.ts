/** Converts DingTalk events to an iCalendar file. */
import { randomUUID } from 'node:crypto';
import { DateTime } from 'luxon';
import { createLine, escapeText, quoteParameter, serialize, type Component, type ContentLine } from './lines';
import { isCompleteRule, toRrule, type Recurrence } from './rules';
import { createTimeZone } from './zones';

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
	onlineMeetingInfo?: { url?: string };
	createTime?: string;
	updateTime?: string;
}

const UTC_FORMAT = "yyyyMMdd'T'HHmmss'Z'";
/** For endless series, the time zone is described for this many years. */
const ENDLESS_SERIES_YEARS = 10;
/** DingTalk returns no e-mail addresses, but iCalendar requires them; these must not be deliverable. */
const PLACEHOLDER_DOMAIN = 'dingtalk.invalid';

const PARTICIPATION_STATUS: Record<string, string> = {
	accepted: 'ACCEPTED',
	declined: 'DECLINED',
	tentative: 'TENTATIVE',
};

const createTextLines = (name: string, value: string | undefined): ContentLine[] =>
	value ? [createLine(name, escapeText(value))] : [];
const formatUtc = (moment: string): string => DateTime.fromISO(moment, { zone: 'utc' }).toFormat(UTC_FORMAT);

/** A single occurrence of a series is exported as a single event. */
const isSeries = ({ id, seriesMasterId = id, recurrence }: ApiEvent): boolean =>
	recurrence !== undefined && seriesMasterId === id;

/** What is missing of an event that a file cannot do without. */
export function findMissingPart(event: ApiEvent): string | undefined {
	if (!event.start?.date && !event.start?.dateTime) return 'start';
	return isSeries(event) && !isCompleteRule(event.recurrence ?? {}) ? 'repeat rule' : undefined;
}

/** An end that is missing, or has no time of day where the start has one, is left out: the event then has no length. */
const createEndLines = ({ start, end }: ApiEvent, inLocalTime: boolean): ContentLine[] =>
	end && (start?.date ? end.date : end.dateTime) ? [createTimeLine('DTEND', end, inLocalTime)] : [];

function createTimeLine(name: string, { date, dateTime = '', timeZone }: ApiTime, inLocalTime: boolean): ContentLine {
	if (date) return createLine(name, date.replace(/-/g, ''), { VALUE: 'DATE' });
	if (!inLocalTime || !timeZone || timeZone === 'UTC') return createLine(name, formatUtc(dateTime));
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
		parameters.PARTSTAT = PARTICIPATION_STATUS[responseStatus] ?? 'NEEDS-ACTION';
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

function createEventComponent(event: ApiEvent, stamp: string): Component {
	const { start = {}, recurrence, organizer, attendees = [], location = {}, onlineMeetingInfo } = event;
	const isRecurring = isSeries(event);
	const until = (endDate: string): string =>
		start.date ? DateTime.fromISO(endDate, { setZone: true }).toFormat('yyyyMMdd') : formatUtc(endDate);
	const place = [location.displayName, ...(location.meetingRooms ?? [])].filter((part) => part).join(', ');
	return {
		name: 'VEVENT',
		lines: [
			createLine('UID', `${event.id || randomUUID()}@dingtalk`),
			createLine('DTSTAMP', formatUtc(event.updateTime || stamp)),
			...(event.createTime ? [createLine('CREATED', formatUtc(event.createTime))] : []),
			...(event.updateTime ? [createLine('LAST-MODIFIED', formatUtc(event.updateTime))] : []),
			createTimeLine('DTSTART', start, isRecurring),
			...createEndLines(event, isRecurring),
			...(isRecurring && recurrence ? [createLine('RRULE', toRrule(recurrence, until))] : []),
			...createTextLines('SUMMARY', event.summary),
			...createTextLines('DESCRIPTION', event.description),
			...createTextLines('LOCATION', place),
			...(onlineMeetingInfo?.url ? [createLine('URL', onlineMeetingInfo.url)] : []),
			createLine('STATUS', event.status === 'cancelled' ? 'CANCELLED' : 'CONFIRMED'),
			...(organizer ? [createPersonLine('ORGANIZER', organizer)] : []),
			...attendees
				.filter(({ id }) => !id || id !== organizer?.id)
				.map((person) => createPersonLine('ATTENDEE', person)),
		],
		children: (event.reminders ?? [])
			.filter(({ minutes }) => minutes !== undefined && minutes !== '')
			.map(({ minutes }) => createAlarm(Number(minutes), event.summary ?? '')),
	};
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

/** The time zones of series; all other times are written in UTC. */
function listZones(events: ApiEvent[]): Component[] {
	const spans = new Map<string, { from: DateTime; until: DateTime }>();
	for (const { start = {}, recurrence } of events.filter(isSeries)) {
		if (!start.timeZone || start.timeZone === 'UTC') continue;
		const first = DateTime.fromISO(start.dateTime ?? '', { zone: 'utc' }).minus({ days: 1 });
		const { endDate } = recurrence?.range ?? {};
		const last = endDate ? DateTime.fromISO(endDate).plus({ days: 2 }) : first.plus({ years: yearsOf(recurrence) });
		const existing = spans.get(start.timeZone);
		spans.set(start.timeZone, {
			from: existing && existing.from < first ? existing.from : first,
			until: existing && existing.until > last ? existing.until : last,
		});
	}
	return [...spans].map(([zone, { from, until }]) => createTimeZone(zone, from, until));
}

/** `stamp` is the creation time of the file, used for events without an update time. */
export function writeCalendar(events: ApiEvent[], stamp: string): string {
	const calendar: Component = {
		name: 'VCALENDAR',
		lines: [
			createLine('VERSION', '2.0'),
			createLine('PRODID', '-//n8n-nodes-dingtalk-calendar//EN'),
			createLine('CALSCALE', 'GREGORIAN'),
			createLine('METHOD', 'PUBLISH'),
		],
		children: [...listZones(events), ...events.map((event) => createEventComponent(event, stamp))],
	};
	return `${serialize(calendar).join('\r\n')}\r\n`;
}
