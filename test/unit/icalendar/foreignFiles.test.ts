/** Tests that random files as other programs write them are read without loss, or with the reason. */
import windowsZones from 'node-ical/windowsZones.json';

import { decodeFile } from '../../../lib/icalendar/decode';
import { readCalendar, type FileEvent } from '../../../lib/icalendar/read';
import { instantOf } from '../../conformance/oracle';
import { seeded } from '../../conformance/randomRules';
import { amount } from '../../long/amount';
import { finish } from './support';

type Random = () => number;
const below = (random: Random, limit: number): number => Math.floor(random() * limit);
const oneOf = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)];

const MINUTE = 60_000;
const DEFAULT_ZONE = 'Asia/Shanghai';
const TEXTS = [
	'Budget',
	'预算评审，第二轮',
	'a,b;c\\d',
	'One\nTwo',
	'会'.repeat(40),
	'季度总结 '.repeat(9).trim(),
	'Straße',
];
const IANA = ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Australia/Sydney', 'Asia/Kolkata', 'Africa/Cairo'];
/** Which IANA zone a Windows name stands for, by another package, which also knows the labels of time zones. */
const WINDOWS = Object.entries(windowsZones as Record<string, { iana: string[] }>)
	.filter(([name]) => name.endsWith('Standard Time'))
	.map(([name, { iana }]): [string, string] => [name, iana[0]]);

interface Zone {
	id: string | undefined;
	iana: string;
	/** A description in the file, for names that only the file knows. */
	described?: string[];
}

function randomZone(random: Random): Zone {
	switch (below(random, 5)) {
		case 0:
			return { id: 'Z', iana: 'UTC' };
		case 1:
			return { id: undefined, iana: DEFAULT_ZONE };
		case 2: {
			const [id, iana] = oneOf(random, WINDOWS);
			return { id, iana };
		}
		case 3: {
			const offset = ['BEGIN:STANDARD', 'DTSTART:19700101T000000', 'TZOFFSETFROM:+0900', 'TZOFFSETTO:+0900'];
			const described = ['BEGIN:VTIMEZONE', 'TZID:Head Office', ...offset, 'END:STANDARD', 'END:VTIMEZONE'];
			return { id: 'Head Office', iana: 'Asia/Tokyo', described };
		}
		default: {
			const iana = oneOf(random, IANA);
			return { id: oneOf(random, [iana, `/example.org/20260101_1/${iana}`]), iana };
		}
	}
}

const escape = (text: string): string => text.replace(/[\\;,]/g, (sign) => `\\${sign}`).replace(/\n/g, '\\n');
const local = (wall: number): string => new Date(wall).toISOString().slice(0, 19).replace(/[-:]/g, '');

interface Truth {
	start: number;
	end: number;
	summary: string;
	description: string;
	people: string[];
	minutes: number[];
	excluded: number[];
	added: number[];
	/** Whether there has to be a reason why Create does not make the same. */
	reasons: RegExp[];
}

const RULES: Array<[string, RegExp?]> = [
	['FREQ=DAILY;COUNT=9'],
	['FREQ=DAILY;INTERVAL=3;UNTIL=20270101T000000Z'],
	['FREQ=YEARLY;COUNT=4'],
	['FREQ=MONTHLY;COUNT=12'],
	['FREQ=HOURLY;COUNT=5', /recurrence rule that DingTalk does not support/],
	['FREQ=MONTHLY;BYMONTHDAY=-1', /recurrence rule that DingTalk does not support/],
	['FREQ=DAILY;COUNT=400', /recurrence rule that DingTalk does not support/],
];

/** An event as a program of some kind writes it, and what it means. */
function randomEvent(random: Random, zone: Zone, number: number): { lines: string[]; truth: Truth } {
	// Away from the small hours, in which clocks are changed.
	const wall = Date.UTC(2026, below(random, 12), 1 + below(random, 28), 5 + below(random, 16), 5 * below(random, 12));
	const start = instantOf(wall, zone.iana);
	const minutes = 15 * (1 + below(random, 12));
	const name = (property: string): string =>
		zone.id === undefined || zone.id === 'Z'
			? property
			: `${property};TZID=${oneOf(random, [zone.id, `"${zone.id}"`])}`;
	const time = (at: number): string => `${local(at)}${zone.id === 'Z' ? 'Z' : ''}`;
	const days = (count: number): number[] =>
		Array.from({ length: count }, (_, i) => wall + (i + 1) * (1 + below(random, 3)) * 1440 * MINUTE);
	const [rule, refusal] = random() < 0.5 ? oneOf(random, RULES) : [undefined, undefined];
	const excluded = rule && random() < 0.5 ? days(1 + below(random, 3)) : [];
	const added = random() < 0.2 ? days(1 + below(random, 2)) : [];
	const people = Array.from({ length: below(random, 4) }, (_, i) => `guest${i}@example.com`);
	const alarms = Array.from({ length: below(random, 3) }, (_, i) => 10 * (i + 1));
	const [summary, description] = [oneOf(random, TEXTS), oneOf(random, TEXTS)];
	const onOneLine = random() < 0.5;
	const list = (property: string, walls: number[]): string[] =>
		onOneLine && walls.length > 0
			? [`${name(property)}:${walls.map(time).join(',')}`]
			: walls.map((at) => `${name(property)}:${time(at)}`);
	const lines = [
		'BEGIN:VEVENT',
		`UID:${number}@example.com`,
		`${name('DTSTART')}:${time(wall)}`,
		random() < 0.5 ? `${name('DTEND')}:${time(wall + minutes * MINUTE)}` : `DURATION:PT${minutes}M`,
		...(rule ? [`RRULE:${rule}`] : []),
		...list('EXDATE', excluded),
		...list('RDATE', added),
		`${oneOf(random, ['SUMMARY', 'SUMMARY;LANGUAGE=zh-CN', 'summary'])}:${escape(summary)}`,
		`DESCRIPTION:${escape(description)}`,
		`X-ALT-DESC;FMTTYPE=text/html:<p>${'x'.repeat(below(random, 200))}</p>`,
		...people.map((person) => `ATTENDEE;RSVP=TRUE;CN="${person}":${oneOf(random, ['mailto', 'MAILTO'])}:${person}`),
		...alarms.flatMap((before) => ['BEGIN:VALARM', 'ACTION:DISPLAY', `TRIGGER:-PT${before}M`, 'END:VALARM']),
		'END:VEVENT',
	];
	const reasons = [
		...(refusal ? [refusal] : []),
		...(excluded.length > 0 ? [/^leaves out dates/] : []),
		...(added.length > 0 ? [/^has additional dates/] : []),
	];
	const instants = (walls: number[]): number[] => walls.map((at) => instantOf(at, zone.iana));
	return {
		lines,
		truth: {
			start,
			end: instantOf(wall + minutes * MINUTE, zone.iana),
			summary,
			description,
			people,
			minutes: alarms,
			excluded: instants(excluded),
			added: instants(added),
			reasons,
		},
	};
}

/** Characters as GBK writes them; made by reading all of them, because Node only reads GBK. */
const GBK = new Map<string, number[]>();
for (let first = 0x81; first <= 0xfe; first++) {
	for (let second = 0x40; second <= 0xfe; second++) {
		if (second !== 0x7f) GBK.set(new TextDecoder('gbk').decode(Uint8Array.of(first, second)), [first, second]);
	}
}

const encode = (text: string, isGbk: boolean): Buffer =>
	isGbk
		? Buffer.from([...text].flatMap((sign) => (sign < '\u0080' ? [sign.charCodeAt(0)] : (GBK.get(sign) ?? [0x3f]))))
		: Buffer.from(text, 'utf8');

/** Folds by bytes, as many programs do, even in the middle of a character. */
function fold(line: Buffer, random: Random, lineBreak: string): Buffer {
	const parts: Buffer[] = [];
	for (let at = 0; at < line.length;) {
		const size = 20 + below(random, 55);
		if (at > 0) parts.push(Buffer.from(lineBreak + oneOf(random, [' ', '\t'])));
		parts.push(line.subarray(at, at + size));
		at += size;
	}
	return Buffer.concat([...parts, Buffer.from(lineBreak)]);
}

interface Foreign {
	bytes: Buffer;
	truths: Truth[];
	isGbk: boolean;
}

function randomFile(random: Random): Foreign {
	const isGbk = random() < 0.25;
	const lineBreak = oneOf(random, ['\r\n', '\n']);
	const events = Array.from({ length: 1 + below(random, 4) }, (_, number) => {
		const zone = randomZone(random);
		return { ...randomEvent(random, zone, number), zone };
	});
	const described = events.find(({ zone }) => zone.described)?.zone.described ?? [];
	const lines = [
		'BEGIN:VCALENDAR',
		'VERSION:2.0',
		'PRODID:-//Example//Program//EN',
		...described,
		...events.flatMap((event) => event.lines),
		'END:VCALENDAR',
	];
	const mark = !isGbk && random() < 0.2 ? [Buffer.from('\uFEFF')] : [];
	const body = lines.map((line) => fold(encode(line, isGbk), random, lineBreak));
	return { bytes: Buffer.concat([...mark, ...body]), truths: events.map(({ truth }) => truth), isGbk };
}

const gbkText = (text: string): string =>
	[...text].map((sign) => (sign < '\u0080' || GBK.has(sign) ? sign : '?')).join('');

/** What is in the event, in the form of the truth. */
const meaning = (event: FileEvent) => ({
	start: Date.parse(event.start),
	end: Date.parse(event.end),
	summary: event.summary,
	description: event.description,
	people: event.attendees.map(({ nameOrEmail }) => nameOrEmail),
	minutes: event.reminders,
	excluded: event.excludedDates.map((date) => Date.parse(date)),
	added: event.addedDates.map((date) => Date.parse(date)),
});

it('The iCalendar reader reads random files without loss, or says what Create would make differently', () => {
	const random = seeded(300);
	const rounds = amount({ short: 60, long: 300 });
	const seen = { gbk: 0, reasons: 0, events: 0 };
	for (let round = 0; round < rounds; round++) {
		const { bytes, truths, isGbk } = randomFile(random);
		const events = finish(readCalendar(decodeFile(bytes), { defaultZone: DEFAULT_ZONE, maxEvents: 10 }));
		const text = bytes.toString(isGbk ? 'latin1' : 'utf8');
		expect([round, events.length]).toEqual([round, truths.length]);
		for (const [index, event] of events.entries()) {
			const { reasons, ...truth } = truths[index];
			const written = isGbk ? { summary: gbkText(truth.summary), description: gbkText(truth.description) } : {};
			expect({ text, ...meaning(event) }).toEqual({ text, ...truth, ...written });
			// A text in ASCII alone is the same in both.
			const isFlagged = isGbk && [...bytes].some((byte) => byte > 0x7f);
			const wanted = isFlagged ? [/read as GBK/, ...reasons] : reasons;
			const unexpected = event.problems.filter((problem) => !wanted.some((reason) => reason.test(problem)));
			const missing = wanted.filter((reason) => !event.problems.some((problem) => reason.test(problem)));
			expect({ text, unexpected, missing }).toEqual({ text, unexpected: [], missing: [] });
			seen.events++;
			seen.reasons += reasons.length;
		}
		if (isGbk) seen.gbk++;
	}
	expect(seen.gbk).toBeGreaterThan(rounds / 8);
	expect(seen.reasons).toBeGreaterThan(rounds / 2);
});
