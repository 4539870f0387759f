/** Reads the events of an iCalendar file into the fields of the node, and lists what DingTalk does not support. */
import { DateTime, Duration } from 'luxon';
import { InvalidCalendarError, findLine, parseComponents, readText, type Component, type ContentLine } from './lines';
import { fromRrule, type FormRule } from './rules';
import { resolveZone } from './zones';

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
	rule?: FormRule;
	/** Minutes before the start. */
	reminders: number[];
	/** Why an event created from these fields would differ from the file; each completes the sentence 'The event …'. */
	problems: string[];
}

interface FileTime {
	at: DateTime;
	isDay: boolean;
	zone: string;
}

const DATE_TIME = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/;

/** Times without a time zone are read in the default zone, which is that of the workflow. */
function readTime(
	line: ContentLine | undefined,
	calendar: Component,
	defaultZone: string,
	problems: string[],
): FileTime | undefined {
	const match = DATE_TIME.exec(line?.value.trim() ?? '');
	if (!line || !match) return undefined;
	const [year, month, day, hour = 0, minute = 0, second = 0] = match
		.slice(1, 7)
		.map((part) => (part === undefined ? undefined : Number(part)));
	const id = line.params.TZID;
	const named = match[7] ? 'UTC' : id === undefined ? '' : resolveZone(id, calendar);
	if (named === undefined) problems.push(`has an unknown time zone: ${id}`);
	const zone = named || defaultZone;
	const at = DateTime.fromObject({ year, month, day, hour, minute, second }, { zone });
	return at.isValid ? { at, isDay: match[4] === undefined, zone: named ?? '' } : undefined;
}

function readEnd(
	event: Component,
	start: FileTime,
	calendar: Component,
	defaultZone: string,
	problems: string[],
): DateTime {
	const end = readTime(findLine(event, 'DTEND'), calendar, defaultZone, problems);
	if (end) return end.at;
	const duration = Duration.fromISO(readText(event, 'DURATION').replace(/^\+/, ''));
	if (duration.isValid) return start.at.plus(duration);
	return start.isDay ? start.at.plus({ days: 1 }) : start.at;
}

const readNameOrEmail = ({ params, value }: ContentLine): string => {
	const address = /^mailto:(.+)$/i.exec(value.trim())?.[1];
	return address && !address.endsWith('.invalid') ? address : (params.CN ?? params.EMAIL ?? value);
};

function readAttendees(event: Component): FileAttendee[] {
	return event.lines
		.filter(({ name, params }) => name === 'ATTENDEE' && !['ROOM', 'RESOURCE'].includes(params.CUTYPE?.toUpperCase()))
		.map((line) => ({
			nameOrEmail: readNameOrEmail(line),
			optional: line.params.ROLE?.toUpperCase() === 'OPT-PARTICIPANT',
		}));
}

function readReminders(event: Component, problems: string[]): number[] {
	return event.children
		.filter(({ name }) => name === 'VALARM')
		.flatMap((alarm) => {
			const trigger = findLine(alarm, 'TRIGGER');
			const before = /^-(P.+)$/.exec(trigger?.value.trim() ?? '')?.[1];
			const minutes = /^[+]?P0?T?0?[SMHD]?$/.test(trigger?.value.trim() ?? '')
				? 0
				: Duration.fromISO(before ?? '').as('minutes');
			if (!Number.isInteger(minutes) || trigger?.params.RELATED?.toUpperCase() === 'END') {
				problems.push('has a reminder that is not a whole number of minutes before the start');
				return [];
			}
			return [minutes];
		});
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
		problems.push('has several recurrence rules');
		return undefined;
	}
	const until = (value: string): DateTime => {
		const last = DateTime.fromFormat(value.replace(/Z$/, ''), value.includes('T') ? "yyyyMMdd'T'HHmmss" : 'yyyyMMdd', {
			zone: value.endsWith('Z') ? 'utc' : start.at.zone,
		}).setZone(start.at.zone);
		// The 'Last Day' field reads midnight as the whole day.
		const atMidnight = value.includes('T') && !start.isDay && last.toMillis() === last.startOf('day').toMillis();
		return atMidnight && start.at.toMillis() !== start.at.startOf('day').toMillis() ? last.minus({ seconds: 1 }) : last;
	};
	const converted = fromRrule(rules[0].value, start.at, until);
	if ('reason' in converted) {
		problems.push(`has a recurrence rule that DingTalk does not support: it ${converted.reason} (${rules[0].value})`);
		return undefined;
	}
	if (startsOffRule(converted.rule, start.at))
		problems.push(`starts on a day that does not match its recurrence rule (${rules[0].value})`);
	return converted.rule;
}

function readEvent(event: Component, calendar: Component, method: string, defaultZone: string): FileEvent | undefined {
	const problems: string[] = [];
	const start = readTime(findLine(event, 'DTSTART'), calendar, defaultZone, problems);
	if (!start) return undefined;
	const end = readEnd(event, start, calendar, defaultZone, problems);
	const rule = readRule(event, start, problems);
	const isSeries = event.lines.some(({ name }) => name === 'RRULE' || name === 'RDATE');
	const excludedDates = event.lines.filter(({ name }) => name === 'EXDATE').flatMap(({ value }) => value.split(','));
	if (isSeries && excludedDates.length > 0)
		problems.push(
			`excludes ${excludedDates.length} of its dates (${excludedDates.join(', ')}), which DingTalk does not support`,
		);
	if (event.lines.some(({ name }) => name === 'RDATE'))
		problems.push('has additional dates, which DingTalk does not support');
	if (findLine(event, 'RECURRENCE-ID')) problems.push('changes a single occurrence of a series');
	if (method === 'cancel' || readText(event, 'STATUS').toUpperCase() === 'CANCELLED') problems.push('is cancelled');
	if (['reply', 'counter', 'declinecounter', 'refresh'].includes(method))
		problems.push(`is a response (${method}), not an invitation`);
	if (start.isDay && end <= start.at) problems.push('ends before it starts');
	const format = (moment: DateTime): string =>
		start.isDay ? (moment.toISODate() ?? '') : moment.setZone(start.at.zone).toFormat("yyyy-MM-dd'T'HH:mm:ssZZ");
	const organizer = findLine(event, 'ORGANIZER');
	return {
		uid: readText(event, 'UID'),
		method,
		summary: readText(event, 'SUMMARY'),
		description: readText(event, 'DESCRIPTION'),
		location: readText(event, 'LOCATION'),
		allDay: start.isDay,
		start: format(start.at),
		end: format(start.isDay ? end.minus({ days: 1 }) : end),
		zone: start.isDay ? '' : start.zone,
		organizer: organizer ? readNameOrEmail(organizer) : '',
		attendees: readAttendees(event),
		rule,
		reminders: readReminders(event, problems),
		problems,
	};
}

export function readCalendar(text: string, defaultZone: string): FileEvent[] {
	const calendars = parseComponents(text).children.filter(({ name }) => name === 'VCALENDAR');
	if (calendars.length === 0) throw new InvalidCalendarError('it contains no BEGIN:VCALENDAR');
	return calendars.flatMap((calendar) => {
		const method = readText(calendar, 'METHOD').trim().toLowerCase() || 'publish';
		return calendar.children
			.filter(({ name }) => name === 'VEVENT')
			.map((event) => {
				const parsed = readEvent(event, calendar, method, defaultZone);
				if (!parsed)
					throw new InvalidCalendarError(
						`the event '${readText(event, 'SUMMARY') || readText(event, 'UID')}' has no valid start`,
					);
				return parsed;
			});
	});
}
