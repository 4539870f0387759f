/** From a calendar file to what the node's forms take. What cannot be taken over has a sentence that says why. */
import { DateTime, Duration } from 'luxon';
import { BadCalendar, lineOf, parse, textOf, type Component, type Line } from './lines';
import { fromRrule, type Rule } from './rules';
import { zoneOf } from './zones';

export interface Guest {
	/** The e-mail address, or the name where there is none. */
	who: string;
	optional: boolean;
}

export interface ReadEvent {
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
	guests: Guest[];
	rule?: Rule;
	/** Minutes before the start. */
	reminders: number[];
	/** Why creating it from these fields would not give what the file says. */
	problems: string[];
}

interface Point {
	at: DateTime;
	isDay: boolean;
	zone: string;
}

const STAMP = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/;

/** Clock times without a zone are those of the reader, which is the workflow. */
function pointIn(line: Line | undefined, calendar: Component, ownZone: string, problems: string[]): Point | undefined {
	const match = STAMP.exec(line?.value.trim() ?? '');
	if (!line || !match) return undefined;
	const [year, month, day, hour = 0, minute = 0, second = 0] = match
		.slice(1, 7)
		.map((part) => (part === undefined ? undefined : Number(part)));
	const id = line.params.TZID;
	const named = match[7] ? 'UTC' : id === undefined ? '' : zoneOf(id, calendar);
	if (named === undefined) problems.push(`has a time zone that is not known: ${id}`);
	const zone = named || ownZone;
	const at = DateTime.fromObject({ year, month, day, hour, minute, second }, { zone });
	return at.isValid ? { at, isDay: match[4] === undefined, zone: named ?? '' } : undefined;
}

function endOf(event: Component, start: Point, calendar: Component, ownZone: string, problems: string[]): DateTime {
	const end = pointIn(lineOf(event, 'DTEND'), calendar, ownZone, problems);
	if (end) return end.at;
	const duration = Duration.fromISO(textOf(event, 'DURATION').replace(/^\+/, ''));
	if (duration.isValid) return start.at.plus(duration);
	return start.isDay ? start.at.plus({ days: 1 }) : start.at;
}

const whoIs = ({ params, value }: Line): string => {
	const address = /^mailto:(.+)$/i.exec(value.trim())?.[1];
	return address && !address.endsWith('.invalid') ? address : (params.CN ?? params.EMAIL ?? value);
};

function guestsOf(event: Component): Guest[] {
	return event.lines
		.filter(({ name, params }) => name === 'ATTENDEE' && !['ROOM', 'RESOURCE'].includes(params.CUTYPE?.toUpperCase()))
		.map((line) => ({ who: whoIs(line), optional: line.params.ROLE?.toUpperCase() === 'OPT-PARTICIPANT' }));
}

function remindersOf(event: Component, problems: string[]): number[] {
	return event.parts
		.filter(({ name }) => name === 'VALARM')
		.flatMap((alarm) => {
			const trigger = lineOf(alarm, 'TRIGGER');
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
function beginsOutside({ frequency, daysOfWeek = [], dayOfMonth, weekIndex = '' }: Rule, start: DateTime): boolean {
	const weekday = start.setLocale('en').toFormat('cccc').toLowerCase();
	if (frequency === 'weekly') return !daysOfWeek.includes(weekday);
	if (frequency === 'monthlyOnDate') return dayOfMonth !== start.day;
	if (frequency !== 'monthlyOnWeekday') return false;
	const days = Array.from({ length: start.daysInMonth ?? 0 }, (_, i) => start.set({ day: i + 1 })).filter((day) =>
		daysOfWeek.includes(day.setLocale('en').toFormat('cccc').toLowerCase()),
	);
	const wanted =
		weekIndex === 'last' ? days[days.length - 1] : days[['first', 'second', 'third', 'fourth'].indexOf(weekIndex)];
	return wanted?.day !== start.day;
}

function ruleOf(event: Component, start: Point, problems: string[]): Rule | undefined {
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
	const found = fromRrule(rules[0].value, start.at, until);
	if ('reason' in found) {
		problems.push(`repeats in a way that DingTalk cannot: it ${found.reason} (${rules[0].value})`);
		return undefined;
	}
	if (beginsOutside(found.rule, start.at))
		problems.push(`begins on a day that its rule does not name (${rules[0].value})`);
	return found.rule;
}

function readEvent(event: Component, calendar: Component, method: string, ownZone: string): ReadEvent | undefined {
	const problems: string[] = [];
	const start = pointIn(lineOf(event, 'DTSTART'), calendar, ownZone, problems);
	if (!start) return undefined;
	const end = endOf(event, start, calendar, ownZone, problems);
	const rule = ruleOf(event, start, problems);
	const isSeries = event.lines.some(({ name }) => name === 'RRULE' || name === 'RDATE');
	const left = event.lines.filter(({ name }) => name === 'EXDATE').flatMap(({ value }) => value.split(','));
	if (isSeries && left.length > 0)
		problems.push(`leaves out ${left.length} of its dates (${left.join(', ')}), which DingTalk has no rule for`);
	if (event.lines.some(({ name }) => name === 'RDATE'))
		problems.push('names further dates, which DingTalk has no rule for');
	if (lineOf(event, 'RECURRENCE-ID')) problems.push('changes one occurrence of a series, and is no event of its own');
	if (method === 'cancel' || textOf(event, 'STATUS').toUpperCase() === 'CANCELLED')
		problems.push('calls the event off');
	if (['reply', 'counter', 'declinecounter', 'refresh'].includes(method))
		problems.push(`is an answer (${method}), not an invitation`);
	if (start.isDay && end <= start.at) problems.push('ends before it begins');
	const shown = (moment: DateTime): string =>
		start.isDay ? (moment.toISODate() ?? '') : moment.setZone(start.at.zone).toFormat("yyyy-MM-dd'T'HH:mm:ssZZ");
	const organizer = lineOf(event, 'ORGANIZER');
	return {
		uid: textOf(event, 'UID'),
		method,
		summary: textOf(event, 'SUMMARY'),
		description: textOf(event, 'DESCRIPTION'),
		location: textOf(event, 'LOCATION'),
		allDay: start.isDay,
		start: shown(start.at),
		end: shown(start.isDay ? end.minus({ days: 1 }) : end),
		zone: start.isDay ? '' : start.zone,
		organizer: organizer ? whoIs(organizer) : '',
		guests: guestsOf(event),
		rule,
		reminders: remindersOf(event, problems),
		problems,
	};
}

export function readCalendar(text: string, ownZone: string): ReadEvent[] {
	const calendars = parse(text).parts.filter(({ name }) => name === 'VCALENDAR');
	if (calendars.length === 0) throw new BadCalendar('there is no BEGIN:VCALENDAR in it');
	return calendars.flatMap((calendar) => {
		const method = textOf(calendar, 'METHOD').trim().toLowerCase() || 'publish';
		return calendar.parts
			.filter(({ name }) => name === 'VEVENT')
			.map((event) => {
				const found = readEvent(event, calendar, method, ownZone);
				if (!found)
					throw new BadCalendar(
						`the event '${textOf(event, 'SUMMARY') || textOf(event, 'UID')}' has no start that can be read`,
					);
				return found;
			});
	});
}
