/** From a calendar file to what the node's forms take. What cannot be taken over has a sentence that says why. */
import { DateTime, Duration } from 'luxon';
import { InvalidCalendarError, findLine, parseComponents, readText, type Component, type ContentLine } from './lines';
import { fromRrule, type FormRule } from './rules';
import { resolveZone } from './zones';

export interface FileAttendee {
	/** The e-mail address, or the name where there is none. */
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
	/** A date alone for all-day events, whose end is the last day. */
	start: string;
	end: string;
	/** Empty for all-day events and for clock times without a zone. */
	zone: string;
	organizer: string;
	attendees: FileAttendee[];
	rule?: FormRule;
	/** Minutes before the start. */
	reminders: number[];
	/** Why creating it from these fields would not give what the file says. */
	problems: string[];
}

interface FileTime {
	at: DateTime;
	isDay: boolean;
	zone: string;
}

const DATE_TIME = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/;

/** Clock times without a zone are those of the reader, which is the workflow. */
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
	if (named === undefined) problems.push(`has a time zone that is not known: ${id}`);
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
				problems.push('has a reminder that is not so many minutes before the start');
				return [];
			}
			return [minutes];
		});
}

/** DingTalk does not say what it makes of a series that begins on a day its own rule does not name. */
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
		problems.push('has several rules for repeating');
		return undefined;
	}
	const until = (value: string): DateTime => {
		const last = DateTime.fromFormat(value.replace(/Z$/, ''), value.includes('T') ? "yyyyMMdd'T'HHmmss" : 'yyyyMMdd', {
			zone: value.endsWith('Z') ? 'utc' : start.at.zone,
		}).setZone(start.at.zone);
		// The form takes midnight for the whole day.
		const atMidnight = value.includes('T') && !start.isDay && last.toMillis() === last.startOf('day').toMillis();
		return atMidnight && start.at.toMillis() !== start.at.startOf('day').toMillis() ? last.minus({ seconds: 1 }) : last;
	};
	const converted = fromRrule(rules[0].value, start.at, until);
	if ('reason' in converted) {
		problems.push(`repeats in a way that DingTalk cannot: it ${converted.reason} (${rules[0].value})`);
		return undefined;
	}
	if (startsOffRule(converted.rule, start.at))
		problems.push(`begins on a day that its rule does not name (${rules[0].value})`);
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
			`leaves out ${excludedDates.length} of its dates (${excludedDates.join(', ')}), which DingTalk has no rule for`,
		);
	if (event.lines.some(({ name }) => name === 'RDATE'))
		problems.push('names further dates, which DingTalk has no rule for');
	if (findLine(event, 'RECURRENCE-ID')) problems.push('changes one occurrence of a series, and is no event of its own');
	if (method === 'cancel' || readText(event, 'STATUS').toUpperCase() === 'CANCELLED')
		problems.push('calls the event off');
	if (['reply', 'counter', 'declinecounter', 'refresh'].includes(method))
		problems.push(`is an answer (${method}), not an invitation`);
	if (start.isDay && end <= start.at) problems.push('ends before it begins');
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
	if (calendars.length === 0) throw new InvalidCalendarError('there is no BEGIN:VCALENDAR in it');
	return calendars.flatMap((calendar) => {
		const method = readText(calendar, 'METHOD').trim().toLowerCase() || 'publish';
		return calendar.children
			.filter(({ name }) => name === 'VEVENT')
			.map((event) => {
				const parsed = readEvent(event, calendar, method, defaultZone);
				if (!parsed)
					throw new InvalidCalendarError(
						`the event '${readText(event, 'SUMMARY') || readText(event, 'UID')}' has no start that can be read`,
					);
				return parsed;
			});
	});
}
