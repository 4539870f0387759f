/** Reads the events of an iCalendar file into the fields of the node, and lists what DingTalk does not support. */
import { DateTime, Duration } from 'luxon';
import type { DecodedFile } from './decode';
import {
	InvalidCalendarError,
	findLine,
	parseComponents,
	readText,
	type Component,
	type ContentLine,
	type ParsedComponent,
} from './lines';
import { WorkSlicer } from './workSlicer';
import { fromRrule, type FormRule } from './rules';
import { ZoneResolver } from './zones';
import { joinWords, t } from '../locale/t';

export interface FileAttendee {
	/** The e-mail address, or the name if there is none. */
	nameOrEmail: string;
	optional: boolean;
}

export interface FileEvent {
	uid: string;
	method: string;
	summary: string;
	description: string;
	location: string;
	allDay: boolean;
	/** All-day events have dates, and their end is the last day. */
	start: string;
	end: string;
	/** Empty for all-day events and for times without a time zone. */
	zone: string;
	organizer: string;
	attendees: FileAttendee[];
	/** Rooms and other resources; they are booked, not invited. */
	rooms: string[];
	rule?: FormRule;
	/** Dates of the rule that are left out, and dates that the rule does not have, written like the start. */
	excludedDates: string[];
	addedDates: string[];
	/** Of a changed date of a series: when the series plans it, written like a start of the series. Empty for all other events. */
	occurrenceDate: string;
	/** Minutes before the start. */
	reminders: number[];
	/** Whether it takes up no time of those who attend. */
	isFree: boolean;
	/** Why an event created from these fields would differ from the file; each completes the sentence 'The event …'. */
	problems: string[];
}

/** How the times of a calendar name their zones; times without one are read in the default zone. */
interface Zones {
	resolver: ZoneResolver;
	default: string;
}

/** An event takes about as long as 5 dates, and 10 of its other lines or parts as long as one. */
const DATES_PER_EVENT = 5;
const LINES_PER_DATE = 10;

interface Reading {
	zones: Zones;
	problems: string[];
	slicer: WorkSlicer;
}

interface FileTime {
	at: DateTime;
	isDay: boolean;
	zone: string;
}

/** Of lines that cannot be read. */
const SHOWN_LINES = 3;
const SHOWN_CHARACTERS = 100;

const LOCAL_TIME = "yyyy-MM-dd'T'HH:mm:ssZZ";
const DATE_TIME = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/;

function readTime(line: ContentLine | undefined, zones: Zones, problems: string[]): FileTime | undefined {
	const match = DATE_TIME.exec(line?.value.trim() ?? '');
	if (!line || !match) return undefined;
	const [year, month, day, hour = 0, minute = 0, second = 0] = match
		.slice(1, 7)
		.map((part) => (part === undefined ? undefined : Number(part)));
	const id = line.params.TZID;
	const named = match[7] ? 'UTC' : id === undefined ? '' : zones.resolver.resolve(id);
	if (named === undefined) problems.push(t`has an unknown time zone: ${id}`);
	const zone = zones.resolver.zoneNamed(named || zones.default);
	const given = DateTime.fromObject({ year, month, day, hour, minute, second }, { zone });
	if (!given.isValid) return undefined;
	// Of an hour that clocks repeat, RFC 5545 means the first.
	const [at] = given.getPossibleOffsets();
	return at ? { at, isDay: match[4] === undefined, zone: named ?? '' } : undefined;
}

/** A date as the node writes it, by the clocks of the event it belongs to. */
const formatDate = ({ at, isDay }: FileTime, { zone }: DateTime): string =>
	isDay ? (at.toISODate() ?? '') : at.setZone(zone).toFormat(LOCAL_TIME);

/** The dates in all lines of a name, written like the start; of a period, its start. */
function* listDates(event: Component, name: string, start: FileTime, reading: Reading): Generator<void, string[]> {
	const { zones, problems, slicer } = reading;
	const dates: string[] = [];
	for (const line of event.lines.filter((one) => one.name === name)) {
		for (const value of line.value.split(',')) {
			const date = readTime({ ...line, value: value.split('/')[0] }, zones, problems);
			if (date) dates.push(formatDate(date, start.at));
			else problems.push(t`has a date that cannot be read (${name}): ${value}`);
			yield* slicer.count(1);
		}
	}
	return dates;
}

function readEnd(event: Component, start: FileTime, zones: Zones, problems: string[]): DateTime {
	const written = findLine(event, 'DTEND');
	const end = readTime(written, zones, problems);
	if (end && end.isDay !== start.isDay) problems.push(t`has a time of day only at its start or only at its end`);
	if (end) return end.at;
	if (written) problems.push(t`has an end that cannot be read: ${written.value}`);
	const length = readText(event, 'DURATION');
	const duration = Duration.fromISO(length.replace(/^\+/, ''));
	if (duration.isValid) return start.at.plus(duration);
	if (length) problems.push(t`has a duration that cannot be read: ${length}`);
	return start.isDay ? start.at.plus({ days: 1 }) : start.at;
}

const readNameOrEmail = ({ params, value }: ContentLine): string => {
	const address = /^mailto:(.+)$/i.exec(value.trim())?.[1];
	return address && !address.endsWith('.invalid') ? address : (params.CN ?? params.EMAIL ?? value);
};

/** A list of people is separated by these, so a name with one of them would become two people. */
const SEPARATORS = /[,;\n，；、]/;

function* readAttendees(
	event: Component,
	{ problems, slicer }: Reading,
): Generator<void, Pick<FileEvent, 'attendees' | 'rooms'>> {
	const attendees: FileAttendee[] = [];
	const rooms: string[] = [];
	for (const line of event.lines.filter(({ name }) => name === 'ATTENDEE')) {
		yield* slicer.count(1 / LINES_PER_DATE);
		const nameOrEmail = readNameOrEmail(line).trim();
		if (['ROOM', 'RESOURCE'].includes(line.params.CUTYPE?.toUpperCase() ?? '')) {
			rooms.push(nameOrEmail);
		} else if (nameOrEmail === '' || SEPARATORS.test(nameOrEmail)) {
			problems.push(t`has an attendee who cannot be written in a list: ${nameOrEmail || t`without a name or address`}`);
		} else {
			attendees.push({ nameOrEmail, optional: line.params.ROLE?.toUpperCase() === 'OPT-PARTICIPANT' });
		}
	}
	return { attendees, rooms };
}

/** Apple Calendar writes an alarm that never goes off to turn off the default one. */
const isNoAlarm = (alarm: Component): boolean => readText(alarm, 'ACTION').trim().toUpperCase() === 'NONE';

function* readReminders(event: Component, { problems, slicer }: Reading): Generator<void, number[]> {
	const reminders: number[] = [];
	for (const alarm of event.children.filter((part) => part.name === 'VALARM' && !isNoAlarm(part))) {
		yield* slicer.count(1 / LINES_PER_DATE);
		const trigger = findLine(alarm, 'TRIGGER');
		const before = /^-(P.+)$/.exec(trigger?.value.trim() ?? '')?.[1];
		const minutes = /^[+]?P0?T?0?[SMHD]?$/.test(trigger?.value.trim() ?? '')
			? 0
			: Duration.fromISO(before ?? '').as('minutes');
		if (Number.isInteger(minutes) && trigger?.params.RELATED?.toUpperCase() !== 'END') reminders.push(minutes);
		else problems.push(t`has a reminder that is not a whole number of minutes before the start`);
	}
	return reminders;
}

/** Whether the start does not match the rule. How DingTalk treats such a series is not documented. */
function startsOffRule({ frequency, daysOfWeek = [], dayOfMonth, weekIndex = '' }: FormRule, start: DateTime): boolean {
	const weekday = start.setLocale('en').toFormat('cccc').toLowerCase();
	if (frequency === 'weekly') return !daysOfWeek.includes(weekday);
	if (frequency === 'monthlyOnDate') return dayOfMonth !== start.day;
	if (frequency !== 'monthlyOnWeekday') return false;
	const days = Array.from({ length: start.daysInMonth ?? 0 }, (_, i) => start.set({ day: i + 1 })).filter((day) =>
		daysOfWeek.includes(day.setLocale('en').toFormat('cccc').toLowerCase()),
	);
	const matching =
		weekIndex === 'last' ? days[days.length - 1] : days[['first', 'second', 'third', 'fourth'].indexOf(weekIndex)];
	return matching?.day !== start.day;
}

function readRule(event: Component, start: FileTime, problems: string[]): FormRule | undefined {
	const rules = event.lines.filter(({ name }) => name === 'RRULE');
	if (rules.length === 0) return undefined;
	if (rules.length > 1) {
		problems.push(t`has several recurrence rules`);
		return undefined;
	}
	if (!/(^|;)\s*FREQ=\w/i.test(rules[0].value)) {
		problems.push(t`has a recurrence rule that cannot be read${rules[0].value ? t`: ${rules[0].value}` : ''}`);
		return undefined;
	}
	const until = (written: string): DateTime => {
		// Where whole days repeat, midnight in UTC is how programs write the last day.
		const value = start.isDay ? written.replace(/T000000Z$/, '') : written;
		const last = DateTime.fromFormat(value.replace(/Z$/, ''), value.includes('T') ? "yyyyMMdd'T'HHmmss" : 'yyyyMMdd', {
			zone: value.endsWith('Z') ? 'utc' : start.at.zone,
		}).setZone(start.at.zone);
		// The 'Last Day' field reads midnight as the whole day.
		const atMidnight = value.includes('T') && !start.isDay && last.toMillis() === last.startOf('day').toMillis();
		return atMidnight && start.at.toMillis() !== start.at.startOf('day').toMillis() ? last.minus({ seconds: 1 }) : last;
	};
	const converted = fromRrule(rules[0].value, start.at, until);
	if ('reason' in converted) {
		problems.push(t`has a recurrence rule that DingTalk does not support: it ${converted.reason} (${rules[0].value})`);
		return undefined;
	}
	if (startsOffRule(converted.rule, start.at))
		problems.push(t`starts on a day that does not match its recurrence rule (${rules[0].value})`);
	return converted.rule;
}

/** The parts of an event that do not depend on its times. */
function* readDetails(event: Component, method: string, reading: Reading) {
	const organizer = findLine(event, 'ORGANIZER');
	return {
		uid: readText(event, 'UID'),
		method,
		summary: readText(event, 'SUMMARY'),
		description: readText(event, 'DESCRIPTION'),
		location: readText(event, 'LOCATION'),
		organizer: organizer ? readNameOrEmail(organizer) : '',
		...(yield* readAttendees(event, reading)),
		reminders: yield* readReminders(event, reading),
		isFree: readText(event, 'TRANSP').trim().toUpperCase() === 'TRANSPARENT',
		problems: reading.problems,
	};
}

const NO_DATES = {
	allDay: false,
	start: '',
	end: '',
	zone: '',
	excludedDates: [],
	addedDates: [],
	occurrenceDate: '',
};

/** What is damaged in the file itself, within the event or one of its parts. */
function listDamage(event: ParsedComponent): string[] {
	const unreadable = [event, ...event.children].flatMap((part) => part.unreadable);
	const more = unreadable.length - SHOWN_LINES;
	const isOld = event.lines.some(({ params }) => params.ENCODING?.toUpperCase() === 'QUOTED-PRINTABLE');
	return [
		...(isOld ? [t`has text in an encoding of vCalendar 1.0 that cannot be read (QUOTED-PRINTABLE)`] : []),
		...(event.isIncomplete ? [t`is not closed where it should be, so something may be missing`] : []),
		...unreadable
			.slice(0, SHOWN_LINES)
			.map((line) => t`has a line that cannot be read: ${line.slice(0, SHOWN_CHARACTERS)}`),
		...(more > 0 ? [t`has ${more === 1 ? t`another line` : t`${more} more lines`} that cannot be read`] : []),
	];
}

function* readEvent(event: ParsedComponent, method: string, reading: Reading): Generator<void, FileEvent> {
	const { zones, problems, slicer } = reading;
	problems.push(...listDamage(event));
	yield* slicer.count(DATES_PER_EVENT + (event.lines.length + event.children.length) / LINES_PER_DATE);
	const start = readTime(findLine(event, 'DTSTART'), zones, problems);
	if (!start) {
		const written = findLine(event, 'DTSTART')?.value ?? '';
		problems.push(t`has no valid start${written ? t`: ${written}` : ''}`);
		return { ...(yield* readDetails(event, method, reading)), ...NO_DATES };
	}
	const end = readEnd(event, start, zones, problems);
	const rule = readRule(event, start, problems);
	const isSeries = event.lines.some(({ name }) => name === 'RRULE' || name === 'RDATE');
	const excludedDates = isSeries ? yield* listDates(event, 'EXDATE', start, reading) : [];
	const addedDates = yield* listDates(event, 'RDATE', start, reading);
	const [occurrenceDate = ''] = yield* listDates(event, 'RECURRENCE-ID', start, reading);
	if (excludedDates.length > 0)
		problems.push(t`leaves out dates that 'Create' would make: ${joinWords(excludedDates)}`);
	if (event.lines.some(({ name }) => name === 'EXRULE'))
		problems.push(t`excludes dates by a rule (EXRULE), which DingTalk does not support`);
	if (addedDates.length > 0)
		problems.push(t`has additional dates, which DingTalk does not support: ${joinWords(addedDates)}`);
	const changed = findLine(event, 'RECURRENCE-ID');
	if (changed) problems.push(t`changes a single occurrence of a series`);
	if (changed?.params.RANGE?.toUpperCase() === 'THISANDFUTURE')
		problems.push(t`changes all dates of its series from then on (THISANDFUTURE)`);
	if (method === 'cancel' || readText(event, 'STATUS').toUpperCase() === 'CANCELLED') problems.push(t`is cancelled`);
	if (['reply', 'counter', 'declinecounter', 'refresh'].includes(method))
		problems.push(t`is a response (${method}), not an invitation`);
	if (start.isDay && end <= start.at) problems.push(t`ends before it starts`);
	const format = (moment: DateTime): string => formatDate({ ...start, at: moment }, start.at);
	return {
		...(yield* readDetails(event, method, reading)),
		allDay: start.isDay,
		start: format(start.at),
		end: format(start.isDay ? end.minus({ days: 1 }) : end),
		zone: start.isDay ? '' : start.zone,
		rule,
		excludedDates,
		addedDates,
		occurrenceDate,
	};
}

/** Says of each series which of its dates are changed by events of their own. */
function nameChangedDates(events: FileEvent[]): void {
	const changed = new Map<string, string[]>();
	for (const { uid, occurrenceDate } of events) {
		if (!occurrenceDate || !uid) continue;
		const dates = changed.get(uid);
		if (dates) dates.push(occurrenceDate);
		else changed.set(uid, [occurrenceDate]);
	}
	for (const { uid, occurrenceDate, problems } of events) {
		const dates = occurrenceDate ? undefined : changed.get(uid);
		if (dates) problems.push(t`has changed dates, which are events of their own: ${joinWords(dates)}`);
	}
}

export interface ReadOptions {
	/** Of times without a time zone. */
	defaultZone: string;
	/** A file with more events is refused. */
	maxEvents: number;
}

/** A generator, so that a large file can be read step by step. */
export function* readCalendar(
	{ text, problem }: DecodedFile,
	{ defaultZone, maxEvents }: ReadOptions,
): Generator<void, FileEvent[]> {
	const root = yield* parseComponents(text);
	const calendars = root.children.filter(({ name }) => name === 'VCALENDAR');
	if (calendars.length === 0) throw new InvalidCalendarError(t`it contains no BEGIN:VCALENDAR`);
	const found = calendars.map((calendar) => calendar.children.filter(({ name }) => name === 'VEVENT'));
	const count = found.reduce((sum, events) => sum + events.length, 0);
	if (count > maxEvents) {
		throw new InvalidCalendarError(t`it contains ${count} events, more than the limit of ${maxEvents}`);
	}
	const events: FileEvent[] = [];
	const slicer = new WorkSlicer();
	for (const [index, calendar] of calendars.entries()) {
		const method = readText(calendar, 'METHOD').trim().toLowerCase() || 'publish';
		const zones = { resolver: new ZoneResolver(calendar), default: defaultZone };
		for (const event of found[index]) {
			events.push(yield* readEvent(event, method, { zones, slicer, problems: problem ? [problem] : [] }));
		}
	}
	nameChangedDates(events);
	return events;
}
