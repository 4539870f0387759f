import re
p='lib/icalendar/lines.ts'; s=open(p).read()
s=s.replace("""	lines: ContentLine[];
	children: Component[];
}
""","""	lines: ContentLine[];
	children: Component[];
	/** What of it could not be read; each completes the sentence 'The event …'. */
	damage?: string[];
}
""",1)
a=s.index("/**\n * Ignores unreadable lines"); b=s.index("export const createLine")
s=s[:a]+'''const SHOWN_CHARACTERS = 40;

const addDamage = (component: Component, damage: string): void => {
	(component.damage ??= []).push(damage);
};

/** The components that are open; one that is never closed ends where the next one begins. */
class OpenComponents {
	readonly root: Component = { name: '', lines: [], children: [] };
	private readonly open = [this.root];

	get innermost(): Component {
		return this.open[this.open.length - 1];
	}

	begin(name: string): void {
		const parent = this.open.findIndex((component) => component.name === 'VCALENDAR');
		const sibling = this.open.findIndex((component) => component.name === name);
		if (parent !== -1 && PARTS_OF_CALENDAR.has(name)) this.abandonBelow(parent);
		else if (sibling !== -1 && name !== 'VCALENDAR') this.abandonBelow(sibling - 1);
		const component: Component = { name, lines: [], children: [] };
		this.innermost.children.push(component);
		this.open.push(component);
	}

	end(name: string): void {
		const index = this.open.findIndex((component) => component.name === name);
		if (index > 0) {
			this.abandonBelow(index);
			this.open.pop();
		} else if (this.innermost.name === 'VCALENDAR' && PARTS_OF_CALENDAR.has(name)) {
			// Its lines are among those of the calendar, so that there is one is all that is known.
			this.innermost.children.push({ name, lines: [], children: [], damage: [`has no BEGIN:${name}`] });
		} else {
			addDamage(this.innermost, `has an END:${name} without a BEGIN`);
		}
	}

	private abandonBelow(index: number): void {
		for (const component of this.open.splice(index + 1)) addDamage(component, `has no END:${component.name}`);
	}
}

const PARTS_OF_CALENDAR = new Set(['VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY', 'VTIMEZONE']);

/**
 * A line or a component that is not valid spoils only the component that it is in; but a calendar without an end lacks events.
 * A generator, so that a large file can be parsed step by step.
 */
export function* parseComponents(text: string): Generator<void, Component> {
	const open = new OpenComponents();
	const unfolded = text
		.replace(/^\\uFEFF/, '')
		.replace(/\\r\\n?/g, '\\n')
		.replace(/\\n[ \\t]/g, '');
	let parsed = 0;
	for (const raw of unfolded.split('\\n')) {
		if (++parsed % LINES_PER_STEP === 0) yield;
		const line = parseLine(raw);
		if (line?.name === 'BEGIN') open.begin(line.value.trim().toUpperCase());
		else if (line?.name === 'END') open.end(line.value.trim().toUpperCase());
		else if (line) open.innermost.lines.push(line);
		else if (raw.trim() !== '' && !/^X-/i.test(raw))
			addDamage(open.innermost, `has a line that cannot be read: ${raw.slice(0, SHOWN_CHARACTERS)}`);
	}
	if (open.innermost !== open.root)
		throw new InvalidCalendarError(`${open.innermost.name} has no END; the file is incomplete`);
	return open.root;
}

'''+s[b:]
# const before class
s=s.replace("const PARTS_OF_CALENDAR = new Set(['VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY', 'VTIMEZONE']);\n\n","",1)
s=s.replace("/** The components that are open;","const PARTS_OF_CALENDAR = new Set(['VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY', 'VTIMEZONE']);\n\n/** The components that are open;",1)
s+='''
/** What of a component and its parts could not be read. */
export const listDamage = ({ damage = [], children }: Component): string[] => [
	...damage,
	...children.flatMap(listDamage),
];
'''
open(p,'w').write(s)

p='lib/icalendar/zones.ts'; s=open(p).read()
s=s.replace("import { createLine, findLine, type Component }","import { createLine, findLine, listDamage, type Component }")
s=s.replace("if (id !== undefined && !this.described.has(id)) this.described.set(id, part);","// A zone that is only half described would give wrong times; its name may still be known.\n\t\t\tif (id === undefined || this.described.has(id) || listDamage(part).length > 0) continue;\n\t\t\tthis.described.set(id, part);")
open(p,'w').write(s)

p='lib/icalendar/read.ts'; s=open(p).read()
s=s.replace("import { InvalidCalendarError, findLine, parseComponents, readText, type Component, type ContentLine } from './lines';","""import {
	InvalidCalendarError,
	findLine,
	listDamage,
	parseComponents,
	readText,
	type Component,
	type ContentLine,
} from './lines';""")
a=s.index("/** The dates in all lines of a name;"); b=s.index("/** A date as the node writes it")
s=s[:a]+s[b:]
a=s.index("function readEnd("); b=s.index("const readNameOrEmail")
s=s[:a]+'''/** The dates in all lines of a name, written like the start; of a period, its start. */
function* listDates(
	event: Component,
	name: string,
	{ start, zones, problems, pace }: Reading & { start: FileTime },
): Generator<void, string[]> {
	const dates: string[] = [];
	for (const line of event.lines.filter((one) => one.name === name)) {
		for (const value of line.value.split(',')) {
			const date = readTime({ ...line, value: value.split('/')[0] }, zones, problems);
			if (date) dates.push(formatDate(date, start.at));
			else problems.push(`has a date that cannot be read (${name}): ${value}`);
			yield* pace.take(1);
		}
	}
	return dates;
}

function readEnd(event: Component, start: FileTime, { zones, problems }: Reading): DateTime {
	const [line, length] = [findLine(event, 'DTEND'), findLine(event, 'DURATION')?.value.trim()];
	const end = readTime(line, zones, problems);
	if (end && end.isDay !== start.isDay) problems.push('has a time of day only at its start or only at its end');
	if (end) return end.at;
	if (line) problems.push(`has no valid end: ${line.value}`);
	const duration = Duration.fromISO(length?.replace(/^\\+/, '') ?? '');
	if (duration.isValid) return start.at.plus(duration);
	if (length !== undefined) problems.push(`has no valid length: ${length}`);
	return start.isDay ? start.at.plus({ days: 1 }) : start.at;
}

'''+s[b:]
s=s.replace('''interface FileTime {''','''/** Units of work that are done before other work gets a turn; one is about a date, a few hundredths of a millisecond. */
const WORK_PER_STEP = 1000;
/** An event takes about as long as this many dates. */
const WORK_OF_EVENT = 20;

/** Events differ too much in size for their number to say how long they take. */
export class Pace {
	private done = 0;

	*take(work: number): Generator<void, void> {
		this.done += work;
		if (this.done < WORK_PER_STEP) return;
		this.done = 0;
		yield;
	}
}

/** What is needed to read an event, and what is found to be wrong with it. */
interface Reading {
	zones: Zones;
	problems: string[];
	pace: Pace;
}

interface FileTime {''',1)
a=s.index("function readEvent(event: Component"); b=s.index("	if (excludedDates.length > 0) problems.push")
s=s[:a]+'''function* readEvent(
	event: Component,
	method: string,
	{ zones, pace, fileProblem }: Pick<Reading, 'zones' | 'pace'> & { fileProblem: string | undefined },
): Generator<void, FileEvent> {
	yield* pace.take(WORK_OF_EVENT + event.lines.length);
	const problems: string[] = [...(fileProblem ? [fileProblem] : []), ...listDamage(event)];
	const start = readTime(findLine(event, 'DTSTART'), zones, problems);
	if (!start) {
		const written = findLine(event, 'DTSTART')?.value ?? '';
		problems.push(`has no valid start${written ? `: ${written}` : ''}`);
		return { ...readDetails(event, method, problems), ...NO_DATES };
	}
	const reading = { zones, problems, pace, start };
	const end = readEnd(event, start, reading);
	const rule = readRule(event, start, problems);
	const isSeries = event.lines.some(({ name }) => name === 'RRULE' || name === 'RDATE');
	const excludedDates = isSeries ? yield* listDates(event, 'EXDATE', reading) : [];
	const addedDates = yield* listDates(event, 'RDATE', reading);
	const [occurrenceDate = ''] = yield* listDates(event, 'RECURRENCE-ID', reading);
'''+s[b:]
s=s.replace("""	if (findLine(event, 'RECURRENCE-ID')) problems.push('changes a single occurrence of a series');
""","""	const replaced = findLine(event, 'RECURRENCE-ID');
	if (replaced?.params.RANGE?.toUpperCase() === 'THISANDFUTURE')
		problems.push('changes this and all following dates of a series (RANGE=THISANDFUTURE)');
	else if (replaced) problems.push('changes a single occurrence of a series');
""")
s=s.replace("""		if (occurrenceDate && uid) changed.set(uid, [...(changed.get(uid) ?? []), occurrenceDate]);
""","""		if (!occurrenceDate || !uid) continue;
		const dates = changed.get(uid);
		if (dates) dates.push(occurrenceDate);
		else changed.set(uid, [occurrenceDate]);
""")
s=s.replace("/** Events that are read before other work gets a turn. */\nconst EVENTS_PER_STEP = 50;\n\n","")
s=s.replace("	const events: FileEvent[] = [];\n	for (const [index","	const events: FileEvent[] = [];\n	const pace = new Pace();\n	for (const [index")
s=s.replace("""		for (const event of found[index]) {
			events.push(readEvent(event, zones, method, problem));
			if (events.length % EVENTS_PER_STEP === 0) yield;
		}
""","""		for (const event of found[index]) {
			events.push(yield* readEvent(event, method, { zones, pace, fileProblem: problem }));
		}
""")
open(p,'w').write(s)

p='lib/icalendar/rules.ts'; s=open(p).read()
s=s.replace("""const UNSUPPORTED_PARTS = [""","""const SUPPORTED_PARTS = 'FREQ INTERVAL COUNT UNTIL BYDAY BYMONTHDAY BYMONTH BYSETPOS WKST'.split(' ');
const UNSUPPORTED_PARTS = [""")
s=s.replace("""			.split(';')
			.map((part) => part.trim().split('=') as [string, string]),
	);
""","""			.split(';')
			.map((part) => part.trim())
			.filter((part) => part !== '')
			.map((part) => part.split('=') as [string, string]),
	);
""")
s=s.replace("""	if (unsupportedPart) return unsupported(`uses ${unsupportedPart}`);
""","""	if (unsupportedPart) return unsupported(`uses ${unsupportedPart}`);
	const unreadable = Object.keys(parts).find((part) => !SUPPORTED_PARTS.includes(part) || !parts[part]);
	if (unreadable !== undefined) return unsupported(`has a part that cannot be read: ${unreadable}`);
	if (parts.COUNT && parts.UNTIL) return unsupported('ends both after a number of dates and on a date');
	if (parts.WKST && !CODES.includes(parts.WKST)) return unsupported(`begins the week on an unknown day: ${parts.WKST}`);
""")
open(p,'w').write(s)

p='nodes/DingTalkCalendar/resources/event/readIcs.ts'; s=open(p).read()
s=s.replace("import { readCalendar, type FileEvent }","import { Pace, readCalendar, type FileEvent }")
s=s.replace("/** Events that are checked before other work gets a turn. */\nconst EVENTS_PER_STEP = 50;\n","/** Checking an event takes about as long as reading this many dates. */\nconst WORK_OF_CHECK = 20;\n")
s=s.replace("""	const events: FileEvent[] = [];
	for (const event of yield*""","""	const events: FileEvent[] = [];
	const pace = new Pace();
	for (const event of yield*""")
s=s.replace("		if (events.length % EVENTS_PER_STEP === 0) yield;\n","		yield* pace.take(WORK_OF_CHECK + event.attendees.length);\n")
open(p,'w').write(s)
