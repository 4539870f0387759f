/** From DingTalk's event to a calendar file that other calendars take. */
import { DateTime } from 'luxon';
import { escaped, quoted, write, type Component, type Line } from './lines';
import { toRrule, type Recurrence } from './rules';
import { describeZone } from './zones';

interface Time {
	date?: string;
	dateTime?: string;
	timeZone?: string;
}

interface Person {
	id?: string;
	displayName?: string;
	responseStatus?: string;
	isOptional?: boolean;
}

export interface SourceEvent {
	id?: string;
	summary?: string;
	description?: string;
	status?: string;
	isAllDay?: boolean;
	start?: Time;
	end?: Time;
	originStart?: Time;
	seriesMasterId?: string;
	recurrence?: Recurrence;
	organizer?: Person;
	attendees?: Person[];
	location?: { displayName?: string; meetingRooms?: string[] };
	reminders?: Array<{ minutes?: number | string }>;
	onlineMeetingInfo?: { url?: string };
	createTime?: string;
	updateTime?: string;
}

const UTC = "yyyyMMdd'T'HHmmss'Z'";
/** Endless series need their zone described somewhere short of eternity. */
const YEARS_OF_ENDLESS = 10;
/** What this file's readers may take for an e-mail address must not be one. */
const NO_ADDRESS = 'dingtalk.invalid';

const PARTSTAT: Record<string, string> = { accepted: 'ACCEPTED', declined: 'DECLINED', tentative: 'TENTATIVE' };

const line = (name: string, value: string, params: Record<string, string> = {}): Line => ({ name, params, value });
const textLine = (name: string, value: string | undefined): Line[] => (value ? [line(name, escaped(value))] : []);
const utc = (moment: string): string => DateTime.fromISO(moment, { zone: 'utc' }).toFormat(UTC);

/** One occurrence of a series is a single event to whoever gets the file, unless it stands for its series. */
const isSeries = ({ id, seriesMasterId = id, recurrence }: SourceEvent): boolean =>
	recurrence !== undefined && seriesMasterId === id;

function timeLine(name: string, { date, dateTime = '', timeZone }: Time, byClock: boolean): Line {
	if (date) return line(name, date.replace(/-/g, ''), { VALUE: 'DATE' });
	if (!byClock || !timeZone || timeZone === 'UTC') return line(name, utc(dateTime));
	return line(name, DateTime.fromISO(dateTime, { zone: timeZone }).toFormat("yyyyMMdd'T'HHmmss"), { TZID: timeZone });
}

function personLine(
	name: 'ORGANIZER' | 'ATTENDEE',
	{ id = '', displayName, responseStatus = '', isOptional }: Person,
): Line {
	const said: Record<string, string> = displayName ? { CN: quoted(displayName) } : {};
	if (name === 'ATTENDEE') {
		said.ROLE = isOptional ? 'OPT-PARTICIPANT' : 'REQ-PARTICIPANT';
		said.PARTSTAT = PARTSTAT[responseStatus] ?? 'NEEDS-ACTION';
	}
	return line(name, `mailto:${encodeURIComponent(id)}@${NO_ADDRESS}`, said);
}

const alarm = (minutes: number, summary: string): Component => ({
	name: 'VALARM',
	lines: [
		line('ACTION', 'DISPLAY'),
		...textLine('DESCRIPTION', summary || 'Reminder'),
		line('TRIGGER', minutes === 0 ? 'PT0S' : `-PT${minutes}M`),
	],
	parts: [],
});

function eventPart(event: SourceEvent, stamp: string): Component {
	const { start = {}, end = {}, recurrence, organizer, attendees = [], location = {}, onlineMeetingInfo } = event;
	const repeats = isSeries(event);
	const until = (endDate: string): string =>
		start.date ? DateTime.fromISO(endDate, { setZone: true }).toFormat('yyyyMMdd') : utc(endDate);
	const place = [location.displayName, ...(location.meetingRooms ?? [])].filter((part) => part).join(', ');
	return {
		name: 'VEVENT',
		lines: [
			line('UID', `${event.id}@dingtalk`),
			line('DTSTAMP', utc(event.updateTime ?? stamp)),
			...(event.createTime ? [line('CREATED', utc(event.createTime))] : []),
			...(event.updateTime ? [line('LAST-MODIFIED', utc(event.updateTime))] : []),
			timeLine('DTSTART', start, repeats),
			timeLine('DTEND', end, repeats),
			...(repeats && recurrence ? [line('RRULE', toRrule(recurrence, until))] : []),
			...textLine('SUMMARY', event.summary),
			...textLine('DESCRIPTION', event.description),
			...textLine('LOCATION', place),
			...(onlineMeetingInfo?.url ? [line('URL', onlineMeetingInfo.url)] : []),
			line('STATUS', event.status === 'cancelled' ? 'CANCELLED' : 'CONFIRMED'),
			...(organizer ? [personLine('ORGANIZER', organizer)] : []),
			...attendees.filter(({ id }) => id !== organizer?.id).map((person) => personLine('ATTENDEE', person)),
		],
		parts: (event.reminders ?? []).map(({ minutes }) => alarm(Number(minutes), event.summary ?? '')),
	};
}

/** The zones that series are meant in; other times are written in UTC. */
function zonesOf(events: SourceEvent[]): Component[] {
	const spans = new Map<string, { from: DateTime; until: DateTime }>();
	for (const { start = {}, recurrence } of events.filter(isSeries)) {
		if (!start.timeZone || start.timeZone === 'UTC') continue;
		const first = DateTime.fromISO(start.dateTime ?? '', { zone: 'utc' }).minus({ days: 1 });
		const { endDate } = recurrence?.range ?? {};
		const last = endDate ? DateTime.fromISO(endDate).plus({ days: 2 }) : first.plus({ years: YEARS_OF_ENDLESS });
		const known = spans.get(start.timeZone);
		spans.set(start.timeZone, {
			from: known && known.from < first ? known.from : first,
			until: known && known.until > last ? known.until : last,
		});
	}
	return [...spans].map(([zone, { from, until }]) => describeZone(zone, from, until));
}

/** `stamp` is when the file is made, for events that do not say when they were changed. */
export function writeCalendar(events: SourceEvent[], stamp: string): string {
	const calendar: Component = {
		name: 'VCALENDAR',
		lines: [
			line('VERSION', '2.0'),
			line('PRODID', '-//n8n-nodes-dingtalk-calendar//EN'),
			line('CALSCALE', 'GREGORIAN'),
			line('METHOD', 'PUBLISH'),
		],
		parts: [...zonesOf(events), ...events.map((event) => eventPart(event, stamp))],
	};
	return `${write(calendar).join('\r\n')}\r\n`;
}
