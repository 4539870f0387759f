/** Tests writing and reading iCalendar files against ical.js, rrule and files of other programs. */
import { DateTime, IANAZone } from 'luxon';
import { rrulestr } from 'rrule';

import { readRecurrence } from '../../../nodes/DingTalkCalendar/fields/event/recurrence';
import { foldLine, parseComponents } from '../../../lib/icalendar/lines';
import { readCalendar, type FileEvent } from '../../../lib/icalendar/read';
import { WINDOWS_ZONES } from '../../../lib/icalendar/windowsZones';
import { decodeFile } from '../../../lib/icalendar/decode';
import type { Recurrence } from '../../../lib/icalendar/rules';
import { findMissingPart, writeCalendar, type ApiEvent } from '../../../lib/icalendar/write';
import { ZoneResolver } from '../../../lib/icalendar/zones';
import type { Recurrence as Simulated } from '../../simulator/calendar/model';
import { datesInFile, datesOf, createRandom, ICAL, MAX_DATES, type Times, finish, readCalendarText } from './support';
import { amount } from '../../long/amount';

const STAMP = '2026-03-02T00:00:00Z';
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const ZONES = ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Australia/Sydney', 'Asia/Kolkata', 'UTC'];
const TEXTS = [
	'Budget',
	'预算评审，第二轮',
	'a,b;c\\d "e"',
	'One\nTwo\n\nThree',
	'会'.repeat(60),
	'🎉 party '.repeat(12).trim(),
	' ',
];

const random = createRandom(5);
const oneOf = <T>(list: readonly T[]): T => list[random(list.length)];
const weekday = (at: DateTime): string => DAYS[at.weekday - 1];

function randomTimes(zone: string, allDay: boolean): Times & { at: DateTime } {
	const at = DateTime.fromObject(
		{ year: 2026, month: 1 + random(12), day: 1 + random(28), hour: 5 + random(16), minute: 5 * random(12) },
		{ zone: allDay ? 'utc' : zone },
	);
	if (allDay)
		return {
			at,
			start: { date: at.toISODate() ?? '' },
			end: { date: at.plus({ days: 1 + random(3) }).toISODate() ?? '' },
		};
	const written = (moment: DateTime) => ({ dateTime: moment.toFormat("yyyy-MM-dd'T'HH:mm:ssZZ"), timeZone: zone });
	return { at, start: written(at), end: written(at.plus({ minutes: 5 + random(300) })) };
}

function randomRule(at: DateTime, allDay: boolean): Recurrence {
	const interval = 1 + random(3);
	const patterns: Array<Recurrence['pattern']> = [
		{ type: 'daily', interval },
		{
			type: 'weekly',
			interval,
			daysOfWeek: [...new Set([weekday(at), oneOf(DAYS)])].join(),
			firstDayOfWeek: oneOf(DAYS),
		},
		{ type: 'absoluteMonthly', interval, dayOfMonth: at.day },
		{
			type: 'relativeMonthly',
			interval,
			daysOfWeek: weekday(at),
			index: at.day > 28 ? 'last' : ['first', 'second', 'third', 'fourth'][Math.ceil(at.day / 7) - 1],
		},
		{ type: 'absoluteYearly', interval },
	];
	const last = at.plus({ days: 20 + random(200) });
	const ranges: Array<Recurrence['range']> = [
		{ type: 'noEnd' },
		{ type: 'numbered', numberOfOccurrences: 1 + random(40) },
		{
			type: 'endDate',
			endDate: (allDay ? last.setZone('Asia/Shanghai', { keepLocalTime: true }) : last)
				.endOf('day')
				.toFormat("yyyy-MM-dd'T'HH:mm:ssZZ"),
		},
	];
	return { pattern: oneOf(patterns), range: oneOf(ranges) };
}

/** The rule that the node would send to DingTalk. */
function toSentRule({ rule, start, zone }: FileEvent): Recurrence | undefined {
	const at = DateTime.fromISO(start, { zone: zone || 'Asia/Shanghai' });
	return rule && (readRecurrence({ rule: { ...rule } }, zone || 'Asia/Shanghai', at) as Recurrence);
}

const file = (lines: string[], before: string[] = []): string =>
	['BEGIN:VCALENDAR', ...before, 'BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');
const only = (text: string, zone = 'Asia/Shanghai'): FileEvent => {
	const events = readCalendarText(text, zone);
	expect(events).toHaveLength(1);
	return events[0];
};

describe('A calendar file written from DingTalk events', () => {
	it('is read by ical.js and by the node itself as it was written, for random events', () => {
		for (let round = 0; round < amount({ short: 30, long: 300 }); round++) {
			const allDay = random(4) === 0;
			const { start, end } = randomTimes(oneOf(ZONES), allDay);
			const event: ApiEvent = {
				id: `event${round}`,
				summary: oneOf(TEXTS),
				description: oneOf(TEXTS),
				location: { displayName: oneOf(TEXTS) },
				start,
				end,
				organizer: { id: 'hostAbC', displayName: 'Zhang "Wei"; Jr' },
				attendees: [
					{ id: 'hostAbC', displayName: 'Zhang' },
					{
						id: 'annaXyZ',
						displayName: '安娜',
						isOptional: random(2) === 0,
						responseStatus: oneOf(['accepted', 'declined', 'needsAction']),
					},
				],
				reminders: random(2) ? [{ minutes: String(5 * random(20)) }] : [],
				updateTime: '2026-02-01T00:00:00Z',
			};
			const text = writeCalendar([event], STAMP);
			for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
			const there = new ICAL.Event(
				new ICAL.Component(ICAL.parse(text) as unknown[]).getFirstSubcomponent('vevent') ?? undefined,
			);
			expect(there).toMatchObject({
				uid: `event${round}@dingtalk`,
				summary: event.summary,
				description: event.description,
				location: event.location?.displayName,
			});
			expect(allDay ? there.startDate.toString() : there.startDate.toJSDate().getTime()).toBe(
				start.date ?? Date.parse(start.dateTime ?? ''),
			);
			expect(allDay ? there.endDate.toString() : there.endDate.toJSDate().getTime()).toBe(
				end.date ?? Date.parse(end.dateTime ?? ''),
			);
			expect(there.attendees).toHaveLength(1);
			const back = only(text);
			expect(back).toMatchObject({
				summary: event.summary,
				description: event.description,
				location: event.location?.displayName,
				allDay,
				problems: [],
			});
			expect(back.reminders).toEqual(event.reminders?.map(({ minutes }) => Number(minutes)));
			expect(back.attendees).toEqual([{ nameOrEmail: '安娜', optional: event.attendees?.[1].isOptional }]);
			const lastDay = DateTime.fromISO(end.date ?? '', { zone: 'utc' })
				.minus({ days: 1 })
				.toISODate();
			if (allDay) expect([back.start, back.end]).toEqual([start.date, lastDay]);
			else
				expect([Date.parse(back.start), Date.parse(back.end)]).toEqual([
					Date.parse(start.dateTime ?? ''),
					Date.parse(end.dateTime ?? ''),
				]);
		}
	});

	it('repeats on the same dates in ical.js and keeps its rule when read, across clock changes', () => {
		for (let round = 0; round < amount({ short: 15, long: 200 }); round++) {
			const allDay = random(4) === 0;
			const { at, start, end } = randomTimes(oneOf(ZONES), allDay);
			const recurrence = randomRule(at, allDay);
			const text = writeCalendar(
				[{ id: 'series', seriesMasterId: 'series', summary: 'Series', start, end, recurrence, updateTime: STAMP }],
				STAMP,
			);
			const expected = datesOf({ start, end }, recurrence as Simulated);
			const seen = { start, recurrence, dates: datesInFile(text) };
			// The file describes the time zone for ten years of an endless series, so later dates are not compared.
			const horizon = at.plus({ years: 9 }).toISODate() ?? '';
			const near = (dates: string[]): string[] => dates.filter((date) => date < horizon);
			expect({ start, recurrence, dates: near(seen.dates) }).toEqual({ start, recurrence, dates: near(expected) });
			const back = only(text);
			expect({ text, problems: back.problems }).toEqual({ text, problems: [] });
			expect({ text, dates: datesOf({ start, end }, toSentRule(back) as Simulated) }).toEqual({
				text,
				dates: expected,
			});
		}
	});

	it.each([
		['free', true],
		['busy', false],
		[undefined, false],
	])('keeps that an event is shown as free: %s', (freeBusyStatus, isFree) => {
		const event = { id: 'one', summary: 'S', ...randomTimes('Asia/Shanghai', false), freeBusyStatus };
		const text = writeCalendar([event], '2026-03-01T00:00:00Z');
		expect(only(text).isFree).toBe(isFree);
		const component = new ICAL.Component(ICAL.parse(text) as unknown[]).getFirstSubcomponent('vevent');
		expect(component?.getFirstPropertyValue('transp') ?? 'OPAQUE').toBe(isFree ? 'TRANSPARENT' : 'OPAQUE');
	});

	it('is identical each time for the same event', () => {
		const event: ApiEvent = {
			id: 'a',
			summary: 'A',
			start: { date: '2026-03-03' },
			end: { date: '2026-03-04' },
			updateTime: STAMP,
		};
		expect(writeCalendar([event], '2026-01-01T00:00:00Z')).toBe(writeCalendar([event], '2027-01-01T00:00:00Z'));
	});

	it('folds lines at 75 bytes, never inside a character', () => {
		for (const text of TEXTS) {
			const parts = foldLine(`SUMMARY:${text.repeat(5)}`).split('\r\n');
			expect(parts.every((part) => Buffer.byteLength(part) <= 75 && !part.includes('\uFFFD'))).toBe(true);
			expect(parts.map((part, i) => (i === 0 ? part : part.slice(1))).join('')).toBe(`SUMMARY:${text.repeat(5)}`);
		}
		expect(
			finish(parseComponents('BEGIN:VCALENDAR\nSUMM\n ARY:One\n  two\nEND:VCALENDAR')).children[0].lines[0].value,
		).toBe('One two');
	});
});

describe('Converting an RRULE to a DingTalk rule', () => {
	const ROUNDS = amount({ short: 80, long: 1500 });

	it('either rejects a random rule or keeps the dates that the rrule library computes', () => {
		const codes = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
		let [supported, rejected] = [0, 0];
		for (let round = 0; round < ROUNDS; round++) {
			const { at, start, end } = randomTimes('Asia/Shanghai', false);
			const day = codes[at.weekday - 1];
			const parts = [
				`FREQ=${oneOf(['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'])}`,
				...(random(2) ? [`INTERVAL=${1 + random(4)}`] : []),
				...(random(2)
					? [
							`BYDAY=${oneOf([day, `${day},${oneOf(codes)}`, `${Math.ceil(at.day / 7)}${day}`, `-1${day}`, `+2${oneOf(codes)}`, 'MO,TU,WE,TH,FR'])}`,
						]
					: []),
				...(random(4) === 0 ? [`BYMONTHDAY=${oneOf([String(at.day), '-1', '1,15', String(1 + random(28))])}`] : []),
				...(random(4) === 0 ? [`BYMONTH=${oneOf([String(at.month), '3,9'])}`] : []),
				...(random(5) === 0 ? [`BYSETPOS=${oneOf(['1', '-1', '2'])}`] : []),
				...(random(3) === 0 ? [`WKST=${oneOf(codes)}`] : []),
				...(random(2)
					? [`COUNT=${1 + random(120)}`]
					: random(2)
						? [
								`UNTIL=${at
									.plus({ days: random(900) })
									.toUTC()
									.toFormat("yyyyMMdd'T'HHmmss'Z'")}`,
							]
						: []),
			];
			const text = parts.join(';');
			const event = only(
				file([`DTSTART;TZID=Asia/Shanghai:${at.toFormat("yyyyMMdd'T'HHmmss")}`, 'DURATION:PT1H', `RRULE:${text}`]),
			);
			if (event.problems.length > 0) {
				rejected++;
				continue;
			}
			supported++;
			// The library computes in UTC; Shanghai has no clock changes.
			const wall = at.setZone('utc', { keepLocalTime: true });
			const rule = rrulestr(
				`DTSTART:${wall.toFormat("yyyyMMdd'T'HHmmss'Z'")}\nRRULE:${text.replace(/UNTIL=(\w+)/, (_, until: string) => `UNTIL=${DateTime.fromFormat(until, "yyyyMMdd'T'HHmmss'Z'", { zone: 'utc' }).plus({ hours: 8 }).toFormat("yyyyMMdd'T'HHmmss'Z'")}`)}`,
			);
			const expected = rule
				.all((_, i) => i < MAX_DATES)
				.map((date) => new Date(date.getTime() - 8 * 3_600_000).toISOString().replace('.000', ''));
			const dates = datesOf({ start, end }, toSentRule(event) as Simulated);
			const limit = expected.length === MAX_DATES ? Math.min(dates.length, expected.length) : expected.length;
			expect({ text, start, dates: dates.slice(0, MAX_DATES) }).toEqual({
				text,
				start,
				dates: expected.slice(0, limit),
			});
		}
		expect(supported).toBeGreaterThan(ROUNDS / 8);
		expect(rejected).toBeGreaterThan(ROUNDS / 8);
	});

	it.each([
		['FREQ=HOURLY', 'repeats hourly'],
		['FREQ=DAILY;BYHOUR=9,17', 'BYHOUR'],
		['FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU', 'limits a daily rule with an interval to weekdays'],
		['FREQ=WEEKLY;COUNT=100', 'repeats 100 times'],
		['FREQ=DAILY;INTERVAL=366', 'has an interval of 366'],
		['FREQ=MONTHLY;BYMONTHDAY=-1', 'from the end of the month'],
		['FREQ=MONTHLY;BYMONTHDAY=1,15', 'repeats on several days of the month'],
		['FREQ=MONTHLY;BYDAY=1MO,3MO', 'repeats on several weekdays of the month'],
		['FREQ=MONTHLY;BYDAY=5TU', 'weekday number 5'],
		['FREQ=MONTHLY;BYDAY=TU', 'repeats on every such weekday'],
		['FREQ=YEARLY;BYMONTH=3,9', 'repeats in other months'],
		['FREQ=WEEKLY;BYDAY=MO', 'starts on a day that does not match its recurrence rule'],
	])('reports why %s is not supported', (rule, reason) => {
		const event = only(file(['DTSTART;TZID=Asia/Shanghai:20260303T100000', `RRULE:${rule}`]));
		expect(event.problems.join()).toContain(reason);
	});
});

describe('Reading calendar files of other programs', () => {
	const OUTLOOK = [
		'METHOD:REQUEST',
		'PRODID:Microsoft Exchange Server 2010',
		'VERSION:2.0',
		'BEGIN:VTIMEZONE',
		'TZID:W. Europe Standard Time',
		'BEGIN:STANDARD',
		'DTSTART:16010101T030000',
		'TZOFFSETFROM:+0200',
		'TZOFFSETTO:+0100',
		'RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10',
		'END:STANDARD',
		'BEGIN:DAYLIGHT',
		'DTSTART:16010101T020000',
		'TZOFFSETFROM:+0100',
		'TZOFFSETTO:+0200',
		'RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3',
		'END:DAYLIGHT',
		'END:VTIMEZONE',
	];

	it('reads the time zone and attendees of an Outlook invitation', () => {
		const event = only(
			file(
				[
					'ORGANIZER;CN=Zhang Wei:mailto:zhang@example.com',
					'ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN="Li, Na":mailto:li@example.com',
					'ATTENDEE;ROLE=OPT-PARTICIPANT;CN=wang@example.com:MAILTO:wang@example.com',
					'ATTENDEE;CUTYPE=RESOURCE;ROLE=NON-PARTICIPANT;CN=Room 5:mailto:room5@example.com',
					'DESCRIPTION;LANGUAGE=en-US:Line one\\nLine two\\, with a comma and a long rest that Outlo',
					' ok folds in the middle of a word\\n',
					'RRULE:FREQ=WEEKLY;COUNT=4;INTERVAL=1;BYDAY=TU;WKST=MO',
					'SUMMARY;LANGUAGE=en-US:Budget',
					'DTSTART;TZID=W. Europe Standard Time:20260324T100000',
					'DTEND;TZID=W. Europe Standard Time:20260324T110000',
					'BEGIN:VALARM',
					'DESCRIPTION:REMINDER',
					'TRIGGER;RELATED=START:-PT15M',
					'ACTION:DISPLAY',
					'END:VALARM',
				],
				OUTLOOK,
			),
		);
		expect(event).toMatchObject({
			method: 'request',
			zone: 'Europe/Berlin',
			start: '2026-03-24T10:00:00+01:00',
			end: '2026-03-24T11:00:00+01:00',
			organizer: 'zhang@example.com',
			attendees: [
				{ nameOrEmail: 'li@example.com', optional: false },
				{ nameOrEmail: 'wang@example.com', optional: true },
			],
			description: 'Line one\nLine two, with a comma and a long rest that Outlook folds in the middle of a word\n',
			rule: { frequency: 'weekly', ends: 'after', occurrences: 4, daysOfWeek: ['tuesday'] },
			reminders: [15],
			problems: [],
		});
	});

	it('reads UTC times, all-day events, cancellations and excluded dates of Google Calendar', () => {
		const timed = only(file(['DTSTART:20260303T020000Z', 'DTEND:20260303T033000Z', 'SUMMARY:Call']));
		expect(timed).toMatchObject({
			zone: 'UTC',
			start: '2026-03-03T02:00:00+00:00',
			end: '2026-03-03T03:30:00+00:00',
			problems: [],
		});
		expect(only(file(['DTSTART;VALUE=DATE:20260501', 'DTEND;VALUE=DATE:20260504']))).toMatchObject({
			allDay: true,
			start: '2026-05-01',
			end: '2026-05-03',
			zone: '',
		});
		expect(only(file(['DTSTART;VALUE=DATE:20260501']))).toMatchObject({ start: '2026-05-01', end: '2026-05-01' });
		expect(only(file(['DTSTART:20260303T020000Z', 'STATUS:CANCELLED'], ['METHOD:CANCEL'])).problems).toEqual([
			'is cancelled',
		]);
		const left = only(
			file([
				'DTSTART;TZID=Asia/Shanghai:20260303T100000',
				'RRULE:FREQ=DAILY;COUNT=5',
				'EXDATE;TZID=Asia/Shanghai:20260304T100000,20260305T100000',
			]),
		);
		expect(left.problems).toEqual([
			"leaves out dates that 'Create' would make: 2026-03-04T10:00:00+08:00, 2026-03-05T10:00:00+08:00",
		]);
		expect(only(file(['DTSTART:20260303T020000Z', 'RECURRENCE-ID:20260302T020000Z'])).problems).toEqual([
			'changes a single occurrence of a series',
		]);
	});

	it('reads floating times, durations, alarms and several events of Apple Calendar', () => {
		const text = file([
			'DTSTART:20260303T100000',
			'DURATION:PT1H30M',
			'SUMMARY:Float',
			'BEGIN:VALARM',
			'TRIGGER:PT0S',
			'END:VALARM',
			'BEGIN:VALARM',
			'TRIGGER:-P1D',
			'END:VALARM',
			'END:VEVENT',
			'BEGIN:VEVENT',
			'DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Paris:20260303T100000',
			'SUMMARY:Other',
		]);
		const [float, other] = readCalendarText(text, 'Asia/Tokyo');
		expect(float).toMatchObject({
			zone: '',
			start: '2026-03-03T10:00:00+09:00',
			end: '2026-03-03T11:30:00+09:00',
			reminders: [0, 1440],
		});
		expect(other).toMatchObject({
			zone: 'Europe/Paris',
			start: '2026-03-03T10:00:00+01:00',
			end: '2026-03-03T10:00:00+01:00',
		});
	});

	it('finds the time zone that Exchange describes under a name with commas, which are escaped there', () => {
		const offset = ['DTSTART:16010101T000000', 'TZOFFSETFROM:+0700', 'TZOFFSETTO:+0700'];
		const described = [
			'BEGIN:VTIMEZONE',
			'TZID:(UTC+07:00) Bangkok\\, Hanoi\\, Jakarta',
			'BEGIN:STANDARD',
			...offset,
			'END:STANDARD',
			'END:VTIMEZONE',
		];
		const start = 'DTSTART;TZID="(UTC+07:00) Bangkok, Hanoi, Jakarta":20190430T090000';
		expect(only(file([start], described))).toMatchObject({ start: '2019-04-30T09:00:00+07:00', problems: [] });
	});

	it('resolves a custom time zone by its only offset, and reports others', () => {
		const own = (offsets: string[]) => [
			'BEGIN:VTIMEZONE',
			'TZID:Our Office',
			...offsets.flatMap((to) => ['BEGIN:STANDARD', `TZOFFSETTO:${to}`, 'END:STANDARD']),
			'END:VTIMEZONE',
		];
		const event = (offsets: string[]) =>
			only(file(['DTSTART;TZID=Our Office:20260303T100000'], own(offsets)), 'Asia/Tokyo');
		expect(event(['+0800'])).toMatchObject({ zone: 'Etc/GMT-8', start: '2026-03-03T10:00:00+08:00', problems: [] });
		expect(event(['+0800', '+0900']).problems).toEqual(['has an unknown time zone: Our Office']);
		expect(only(file(['DTSTART;TZID=Mars:20260303T100000'])).problems).toEqual(['has an unknown time zone: Mars']);
	});

	it.each(['', 'Hello', 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260303T100000'])(
		'rejects an invalid or incomplete file: %j',
		(text) => {
			expect(() => readCalendarText(text, 'Asia/Shanghai')).toThrow();
		},
	);
});

const INCOMPLETE = 'is not closed where it should be, so something may be missing';

describe('Reading damaged, foreign or hostile calendar files', () => {
	const bytesOf = (lines: string[]): Buffer => Buffer.from(file(['DTSTART:20260303T100000Z', ...lines]));
	const read = (bytes: Buffer): FileEvent =>
		finish(readCalendar(decodeFile(bytes), { defaultZone: 'Asia/Shanghai', maxEvents: 10 }))[0];

	it('joins a line that was folded in the middle of a character', () => {
		const whole = bytesOf(['SUMMARY:会议']);
		const cut = whole.indexOf(Buffer.from('会')) + 1;
		const folded = Buffer.concat([whole.subarray(0, cut), Buffer.from('\r\n '), whole.subarray(cut)]);
		expect(read(folded)).toMatchObject({ summary: '会议', problems: [] });
	});

	it('reads a file in GBK, and says so', () => {
		const [before, after] = file(['DTSTART:20260303T100000Z', 'SUMMARY:#']).split('#');
		const gbk = Buffer.concat([Buffer.from(before), Buffer.from([0xbb, 0xe1, 0xd2, 0xe9]), Buffer.from(after)]);
		expect(read(gbk)).toMatchObject({ summary: '会议', problems: [expect.stringContaining('was read as GBK')] });
	});

	it('says when characters were already damaged', () =>
		expect(read(bytesOf(['SUMMARY:a\uFFFDb'])).problems).toEqual([expect.stringContaining('damaged characters')]));

	it('keeps the other events when one has no valid start', () => {
		const text = file(['DTSTART:soon', 'SUMMARY:A', 'END:VEVENT', 'BEGIN:VEVENT', 'DTSTART:20260303T100000Z']);
		expect(readCalendarText(text, 'Asia/Shanghai')).toMatchObject([
			{ summary: 'A', start: '', problems: ['has no valid start: soon'] },
			{ start: '2026-03-03T10:00:00+00:00', problems: [] },
		]);
	});

	it.each([
		// As Google Calendar writes birthdays.
		['RDATE:20131210Z', 'has a date that cannot be read (RDATE): 20131210Z'],
		['EXRULE:FREQ=WEEKLY', 'excludes dates by a rule (EXRULE), which DingTalk does not support'],
		['ATTENDEE;CN="Doe, Jane":invalid', 'has an attendee who cannot be written in a list: Doe, Jane'],
		['ATTENDEE:', 'has an attendee who cannot be written in a list: without a name or address'],
		[
			'SUMMARY;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E4=BC=9A',
			'has text in an encoding of vCalendar 1.0 that cannot be read (QUOTED-PRINTABLE)',
		],
	])('says what Create would lose of %s', (line, problem) =>
		expect(only(file(['DTSTART:20260303T100000Z', line])).problems).toEqual([problem]),
	);

	it.each(['constructor', 'toString', '__proto__'])('takes no property of every object for a rule (%s)', (name) => {
		const rule = `RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=${name}`;
		const { problems } = only(file(['DTSTART:20260302T100000Z', rule]));
		expect(problems).toEqual([expect.stringMatching(/repeats on weekday number .+ of the month|cannot be read/i)]);
	});

	it.each([
		['an alarm is not closed', ['SUMMARY:A', 'BEGIN:VALARM', 'TRIGGER:-PT5M']],
		['an alarm is closed twice', ['SUMMARY:A', 'BEGIN:VALARM', 'TRIGGER:-PT5M', 'END:VALARM', 'END:VALARM']],
		['another part ends in it', ['SUMMARY:A', 'END:VTODO']],
	])('keeps the other events when %s', (_, lines) => {
		const start = 'DTSTART:20260303T100000Z';
		const text = file([start, ...lines, 'END:VEVENT', 'BEGIN:VEVENT', 'SUMMARY:B', start]);
		expect(readCalendarText(text, 'Asia/Shanghai')).toMatchObject([
			{ summary: 'A', start: '2026-03-03T10:00:00+00:00', problems: [INCOMPLETE] },
			{ summary: 'B', start: '2026-03-03T10:00:00+00:00', problems: [] },
		]);
	});

	it.each([
		['another event begins', ['BEGIN:VEVENT', 'SUMMARY:B', 'DTSTART:20260303T110000Z']],
		[
			'another event begins within its alarm',
			['BEGIN:VALARM', 'TRIGGER:-PT5M', 'BEGIN:VEVENT', 'SUMMARY:B', 'DTSTART:20260303T110000Z'],
		],
	])('keeps an event that is not closed when %s', (_, lines) =>
		expect(readCalendarText(file(['SUMMARY:A', 'DTSTART:20260303T100000Z', ...lines]), 'UTC')).toMatchObject([
			{ summary: 'A', problems: [INCOMPLETE] },
			{ summary: 'B', problems: [] },
		]),
	);

	it('keeps the last event when it is not closed', () => {
		const text = file(['SUMMARY:A', 'DTSTART:20260303T100000Z']).replace('END:VEVENT\r\n', '');
		expect(readCalendarText(text, 'UTC')).toMatchObject([{ summary: 'A', problems: [INCOMPLETE] }]);
	});

	it.each([
		['ends in an event', /END:VEVENT[^]*/, '', 'VCALENDAR has no END; the file is incomplete'],
		['ends after an event', /END:VCALENDAR[^]*/, '', 'VCALENDAR has no END; the file is incomplete'],
		['lacks the begin of an event', /BEGIN:VEVENT\r\n/, '', 'END:VEVENT has no matching BEGIN'],
		['has an end too many', /^/, 'END:VCALENDAR\r\n', 'END:VCALENDAR has no matching BEGIN'],
	])('refuses a file that %s, because events may be missing', (_, part, replacement, reason) =>
		expect(() => readCalendarText(file(['DTSTART:20260303T100000Z']).replace(part, replacement), 'UTC')).toThrow(
			reason,
		),
	);

	it.each([
		[
			'ATTENDEE;CN="Wei mailto:wei@example.com',
			'has a line that cannot be read: ATTENDEE;CN="Wei mailto:wei@example.com',
		],
		['=E4=BC=9A', 'has a line that cannot be read: =E4=BC=9A'],
		['DTEND:tomorrow', 'has an end that cannot be read: tomorrow'],
		['DTEND;TZID=UTC:20260332T100000', 'has an end that cannot be read: 20260332T100000'],
		['DURATION:an hour', 'has a duration that cannot be read: an hour'],
	])('says that %s cannot be read', (line, problem) =>
		expect(only(file(['DTSTART:20260303T100000Z', line])).problems).toEqual([problem]),
	);

	it.each([
		['EXDATE:20260310T100000Z,soon', 'has a date that cannot be read (EXDATE): soon'],
		['RDATE:20260399T100000Z', 'has a date that cannot be read (RDATE): 20260399T100000Z'],
		['RECURRENCE-ID:later', 'has a date that cannot be read (RECURRENCE-ID): later'],
		['RRULE:', 'has a recurrence rule that cannot be read'],
		['RRULE:every week', 'has a recurrence rule that cannot be read'],
	])('says that the dates of a series with %s cannot be read', (line, problem) =>
		expect(only(file(['DTSTART:20260303T100000Z', 'RDATE:20260304T100000Z', line])).problems.join()).toContain(problem),
	);

	it('names the first of many lines that cannot be read, and how many there are', () => {
		const lines = Array.from({ length: 50 }, (_, index) => `broken text ${index}`);
		const { problems } = only(file(['DTSTART:20260303T100000Z', ...lines]));
		expect(problems).toEqual([
			'has a line that cannot be read: broken text 0',
			'has a line that cannot be read: broken text 1',
			'has a line that cannot be read: broken text 2',
			'has 47 more lines that cannot be read',
		]);
	});

	it('says that a changed date changes all dates after it too', () => {
		const lines = ['DTSTART:20260303T100000Z', 'RECURRENCE-ID;RANGE=THISANDFUTURE:20260303T090000Z'];
		expect(only(file(lines)).problems).toContain('changes all dates of its series from then on (THISANDFUTURE)');
	});

	it('lets other work have a turn while it reads the dates of one event', () => {
		const dates = Array.from({ length: 5000 }, () => '20260310T100000Z').join();
		const lines = ['DTSTART:20260303T100000Z', 'RRULE:FREQ=DAILY', `EXDATE:${dates}`];
		const steps = readCalendar({ text: file(lines) }, { defaultZone: 'UTC', maxEvents: 1 });
		let turns = 0;
		while (!steps.next().done) turns++;
		expect(turns).toBeGreaterThanOrEqual(10);
	});

	it('skips the alarm that Apple Calendar writes to turn off the default one', () => {
		const alarm = ['BEGIN:VALARM', 'ACTION:NONE', 'TRIGGER;VALUE=DATE-TIME:19760401T005545Z', 'END:VALARM'];
		expect(only(file(['DTSTART:20260303T100000Z', ...alarm]))).toMatchObject({ reminders: [], problems: [] });
	});

	it('reads quotation marks in parameters as RFC 6868 writes them', () =>
		expect(only(file(['DTSTART:20260303T100000Z', "ATTENDEE;CN=Zhang ^'Wei^' ^^:urn:x"])).attendees).toEqual([
			{ nameOrEmail: 'Zhang "Wei" ^', optional: false },
		]));

	it.each([
		['America/New_York', '20261101T013000', '2026-11-01T01:30:00-04:00'],
		['Europe/Berlin', '20261025T023000', '2026-10-25T02:30:00+02:00'],
		['Australia/Sydney', '20260405T023000', '2026-04-05T02:30:00+11:00'],
	])('takes the first of an hour that clocks repeat (%s)', (zone, local, start) =>
		expect(only(file([`DTSTART;TZID=${zone}:${local}`])).start).toBe(start),
	);

	it('knows every Windows time zone by an IANA zone that luxon has', () => {
		expect(WINDOWS_ZONES.size).toBeGreaterThanOrEqual(132);
		const unknown = [...WINDOWS_ZONES.values()].filter((zone) => !IANAZone.isValidZone(zone));
		expect(unknown).toEqual([]);
		expect(only(file(['DTSTART;TZID=Line Islands Standard Time:20260303T100000'])).zone).toBe('Pacific/Kiritimati');
	});

	it('refuses a file with more events than allowed', () => {
		const text = file(['DTSTART:20260303T100000Z', ...Array(11).fill('END:VEVENT\r\nBEGIN:VEVENT')] as string[]);
		expect(() => read(Buffer.from(text))).toThrow('it contains 12 events, more than the limit of 10');
	});

	it('looks up each time zone once, however many there are', () => {
		const size = amount({ short: 1_000, long: 10_000 });
		const zones = Array.from({ length: size }, (_, i) => [
			'BEGIN:VTIMEZONE',
			`TZID:Zone ${i}`,
			'BEGIN:STANDARD',
			'TZOFFSETTO:+0800',
			'END:STANDARD',
			'END:VTIMEZONE',
		]).flat();
		const events = Array.from({ length: size }, (_, i) => [
			'BEGIN:VEVENT',
			`DTSTART;TZID=Zone ${i}:20260303T100000`,
			'END:VEVENT',
		]).flat();
		const text = ['BEGIN:VCALENDAR', ...zones, ...events, 'END:VCALENDAR'].join('\r\n');
		const steps = readCalendar({ text }, { defaultZone: 'UTC', maxEvents: size });
		let turns = 0;
		let step = steps.next();
		for (; !step.done; step = steps.next()) turns += 1;
		expect(step.value).toHaveLength(size);
		expect(step.value.every(({ zone }) => zone === 'Etc/GMT-8')).toBe(true);
		// Others get a turn at least every 2,000 lines and every 50 events.
		expect(turns).toBeGreaterThanOrEqual(Math.floor((size * 9) / 2000) + size / 50 - 1);
	});

	it('reads what a file says of a time zone once, however its name is written', () => {
		let reads = 0;
		const described = {
			name: 'VTIMEZONE',
			lines: [{ name: 'TZID', params: {}, value: 'Head Office' }],
			get children() {
				reads += 1;
				return [];
			},
		};
		const resolver = new ZoneResolver({ name: 'VCALENDAR', lines: [], children: [described] });
		for (let spaces = 0; spaces < 10; spaces++) resolver.resolve(`Head Office${' '.repeat(spaces)}`);
		expect(reads).toBe(1);
	});

	const start = 'DTSTART:20260303T100000Z';

	it.each([
		['FREQ=DAILY;RSCALE=CHINESE', 'has a part that cannot be read: RSCALE'],
		['FREQ=DAILY;COUNT=', 'has a part that cannot be read: COUNT'],
		['FREQ=DAILY;COUNT=2;UNTIL=20260401', 'ends both after a number of dates and on a date'],
		['FREQ=DAILY;COUNT=0', 'has a part that cannot be read: COUNT'],
		['FREQ=DAILY;COUNT=5=6', 'has a part that cannot be read: COUNT'],
		['FREQ=DAILY;INTERVAL=1.5', 'has a part that cannot be read: INTERVAL'],
		['FREQ=WEEKLY;BYDAY=1TU', 'has a part that cannot be read: BYDAY'],
		['FREQ=WEEKLY;BYDAY=MO;BYDAY=TU', 'has a part twice: BYDAY'],
		['FREQ=WEEKLY;BYDAY=TU;WKST=XX', 'begins the week on an unknown day: XX'],
	])('loses no part of the rule %s without saying so', (rule, reason) =>
		expect(only(file([start, `RRULE:${rule}`])).problems).toEqual([
			`has a recurrence rule that DingTalk does not support: it ${reason} (${rule})`,
		]),
	);

	it.each([
		['FREQ=YEARLY;BYMONTH=03;BYMONTHDAY=03', { frequency: 'yearly' }],
		['FREQ=MONTHLY;BYMONTHDAY=+03', { frequency: 'monthlyOnDate', dayOfMonth: 3 }],
		['FREQ=MONTHLY;BYDAY=+01TU', { frequency: 'monthlyOnWeekday', weekIndex: 'first', daysOfWeek: ['tuesday'] }],
		['FREQ=DAILY;COUNT=05', { ends: 'after', occurrences: 5 }],
	])('takes numbers with a sign or leading zeros: %s', (rule, expected) => {
		const { problems, rule: read } = only(file([start, `RRULE:${rule}`]));
		expect(problems).toEqual([]);
		expect(read).toMatchObject(expected);
	});

	it.each(['Asia/Shanghai', 'America/New_York', 'Pacific/Auckland'])(
		'takes midnight in UTC for its day where whole days repeat until then, in %s',
		(zone) => {
			const day = ['DTSTART;VALUE=DATE:20260303', 'RRULE:FREQ=DAILY;UNTIL=20260310T000000Z'];
			const { start: first, rule } = only(file(day), zone);
			const range = readRecurrence({ rule: { ...rule } }, zone, DateTime.fromISO(first, { zone }))?.range;
			expect(range?.endDate).toMatch(/^2026-03-10T23:59:59/);
		},
	);

	it('takes a rule that ends with a semicolon', () =>
		expect(only(file([start, 'RRULE:FREQ=DAILY;'])).problems).toEqual([]));

	it('says when only the start or only the end has a time of day', () =>
		expect(only(file([start, 'DTEND;VALUE=DATE:20260304'])).problems).toEqual([
			'has a time of day only at its start or only at its end',
		]));

	it.each([
		['dates', ['RRULE:FREQ=DAILY', `EXDATE:${Array<string>(200).fill('20260304T100000Z').join()}`], 10, 6],
		['people', Array<string>(1_000).fill('ATTENDEE:mailto:a@example.com'), 5, 3],
		['reminders', Array<string[]>(1_000).fill(['BEGIN:VALARM', 'TRIGGER:-PT5M', 'END:VALARM']).flat(), 5, 3],
	])('gives others a turn by the %s of the events, not only by their number', (_, lines, size, fewest) => {
		const event = ['BEGIN:VEVENT', start, ...lines, 'END:VEVENT'];
		const text = file([start, 'END:VEVENT', ...Array<string[]>(size).fill(event).flat(), 'BEGIN:VEVENT', start]);
		const steps = readCalendar({ text }, { defaultZone: 'UTC', maxEvents: 20 });
		let turns = 0;
		while (!steps.next().done) turns += 1;
		expect(turns - Math.floor(text.split('\r\n').length / 2000)).toBeGreaterThanOrEqual(fewest);
	});
});

describe('Writing hostile events', () => {
	it('lets no ID, address or date begin a line of its own', () => {
		const text = writeCalendar(
			[
				{
					id: 'a\r\nATTENDEE:mailto:evil@example.com',
					summary: 'A',
					start: { date: '2026-03-03' },
					end: { date: '2026-03-04\r\nX-EVIL:1' },
					onlineMeetingInfo: { url: 'https://a.example\nBEGIN:VALARM' },
				},
			],
			STAMP,
		);
		const names = text.split('\r\n').map((line) => line.split(/[:;]/)[0]);
		expect(names).not.toContain('ATTENDEE');
		expect(names).not.toContain('X-EVIL');
		expect(text).not.toContain('\r\nBEGIN:VALARM');
	});

	it.each(['constructor', '__proto__', 'toString'])('takes no property of every object for a response (%s)', (name) => {
		const attendees = [{ id: 'a', displayName: 'A', responseStatus: name }];
		const text = writeCalendar([{ id: 'a', summary: 'A', start: { date: '2026-03-03' }, attendees }], STAMP);
		expect(text.replace(/\r\n /g, '')).toContain('PARTSTAT=NEEDS-ACTION');
	});

	const inBerlin = (range: Recurrence['range'], more: Partial<ApiEvent> = {}): ApiEvent => ({
		id: 'a',
		start: { dateTime: '2026-03-03T10:00:00+01:00', timeZone: 'Europe/Berlin' },
		end: { dateTime: '2026-03-03T11:00:00+01:00', timeZone: 'Europe/Berlin' },
		recurrence: { pattern: { type: 'absoluteYearly', interval: 365 }, range },
		...more,
	});

	it.each<[string, Recurrence['range']]>([
		['99 dates, each 365 years after the other', { type: 'numbered', numberOfOccurrences: 99 }],
		['dates until the last year that there is', { type: 'endDate', endDate: '9999-12-31T00:00:00Z' }],
	])('describes the time zone of %s for 200 years, which takes no time', (_, range) => {
		const text = writeCalendar([inBerlin(range)], STAMP);
		expect(text).toContain('RDATE:2225');
		expect(text.match(/^RDATE:/gm)).toHaveLength(400);
	});

	it.each(['X:20260101T000000', 'Mars/Base', 'local', 'UTC+08:30', '', 'a"b'])(
		'writes a series in UTC whose time zone is none that a file can name (%j)',
		(timeZone) => {
			const start = { dateTime: '2026-03-03T10:00:00+01:00', timeZone };
			const text = writeCalendar([inBerlin({ type: 'noEnd' }, { start })], STAMP);
			expect(text).toContain('DTSTART:20260303T090000Z');
			expect(text).not.toMatch(/NaN|Invalid|VTIMEZONE/);
		},
	);

	it('leaves out what cannot be read of an event, and names what it cannot do without', () => {
		const start = { dateTime: '2026-03-03T10:00:00Z' };
		const spoilt = { createTime: 'x', updateTime: 'y', end: { dateTime: 'z' } };
		const reminders = [{ minutes: -5 }, { minutes: 'x' }, { minutes: 1.5 }, { minutes: '' }, { minutes: '5' }];
		const text = writeCalendar([{ id: 'a', start, reminders, ...spoilt }], STAMP);
		expect(text).not.toMatch(/NaN|Invalid|CREATED|LAST-MODIFIED|DTEND/);
		expect(text.match(/TRIGGER.*/g)).toEqual(['TRIGGER:-PT5M']);
		expect(findMissingPart({ start: { dateTime: 'tomorrow' } })).toBe('start');
		expect(findMissingPart({ start: { date: '2026-02-30' } })).toBe('start');
		expect(findMissingPart({ id: 'a', start })).toBeUndefined();
		expect(findMissingPart(inBerlin({ type: 'noEnd' }))).toBeUndefined();
	});

	it.each<[string, Recurrence['range'], number]>([
		['an interval of 0', { type: 'noEnd' }, 0],
		['an interval of half a year', { type: 'noEnd' }, 0.5],
		['an endless number of dates', { type: 'numbered', numberOfOccurrences: Infinity }, 1],
		['an end that is no date', { type: 'endDate', endDate: 'never' }, 1],
	])('does not take a rule with %s for a whole one', (_, range, interval) => {
		const recurrence = { pattern: { type: 'absoluteYearly', interval }, range };
		expect(findMissingPart(inBerlin({ type: 'noEnd' }, { recurrence }))).toBe('repeat rule');
	});

	it('describes the time zone of a numbered series to its last date', () => {
		const text = writeCalendar(
			[
				{
					id: 'a',
					start: { dateTime: '2026-03-03T10:00:00+01:00', timeZone: 'Europe/Berlin' },
					end: { dateTime: '2026-03-03T11:00:00+01:00', timeZone: 'Europe/Berlin' },
					recurrence: {
						pattern: { type: 'absoluteYearly', interval: 1 },
						range: { type: 'numbered', numberOfOccurrences: 30 },
					},
				},
			],
			STAMP,
		);
		expect(text).toContain('RDATE:2055');
	});
});
