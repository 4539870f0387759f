/** Compares the time for a large file with that of another library, and counts the steps in which it is read. */
import { sync } from 'node-ical';

import { decodeFile } from '../../../lib/icalendar/decode';
import { readCalendar } from '../../../lib/icalendar/read';
import { amount } from '../../long/amount';

const MEGABYTE = 1024 * 1024;

const pad = (number: number): string => String(number).padStart(2, '0');

function createEvent(index: number): string {
	const day = `2026${pad((index % 12) + 1)}${pad((index % 28) + 1)}`;
	return [
		'BEGIN:VEVENT',
		`UID:${index}@example.org`,
		`DTSTART;TZID=Europe/Berlin:${day}T090000`,
		`DTEND;TZID=Europe/Berlin:${day}T100000`,
		`SUMMARY:Meeting ${index}`,
		'DESCRIPTION:A text that is folded because it is longer than seventy-five by',
		' tes\\, with commas\\, and so on and so forth\\, as descriptions are',
		'ORGANIZER;CN=Anna:mailto:anna@example.org',
		'ATTENDEE;CN="Bob, B";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION:mailto:bob@example.org',
		'RRULE:FREQ=WEEKLY;COUNT=10',
		`EXDATE;TZID=Europe/Berlin:${day}T090000`,
		'BEGIN:VALARM',
		'ACTION:DISPLAY',
		'TRIGGER:-PT15M',
		'END:VALARM',
		'END:VEVENT',
		'',
	].join('\r\n');
}

function createFile(bytes: number): string {
	const events: string[] = [];
	for (let size = 0; size < bytes; size += events[events.length - 1].length) events.push(createEvent(events.length));
	return ['BEGIN:VCALENDAR\r\nVERSION:2.0\r\n', ...events, 'END:VCALENDAR\r\n'].join('');
}

/** The time that processors spend on it, however busy they are with other work. */
function timeOf(work: () => void): number {
	const before = process.cpuUsage();
	work();
	const { user, system } = process.cpuUsage(before);
	return user + system;
}

function readInSteps(file: Buffer): { events: number; steps: number } {
	const reading = readCalendar(decodeFile(file), { defaultZone: 'Asia/Shanghai', maxEvents: Infinity });
	for (let steps = 1; ; steps++) {
		const { done, value } = reading.next();
		if (done) return { events: value.length, steps };
	}
}

const text = createFile(amount({ short: 0.4, long: 10 }) * MEGABYTE);
const file = Buffer.from(text);

it('reads a large file in less time than node-ical', () => {
	readInSteps(file);
	const own = timeOf(() => readInSteps(file));
	const other = timeOf(() => sync.parseICS(text));
	expect(own).toBeLessThan(other);
});

it('reads it in steps of a few events each', () => {
	const { events, steps } = readInSteps(file);
	expect(events).toBe(text.split('BEGIN:VEVENT').length - 1);
	expect(events / steps).toBeLessThan(50);
});

it('takes a line whose parameters never end for an unreadable one', () => {
	const endless = `ATTENDEE;CN=${','.repeat(9 * MEGABYTE)}:mailto:bob@example.org`;
	const lines = ['BEGIN:VCALENDAR', createEvent(0).replace('RRULE:', `${endless}\r\nRRULE:`), 'END:VCALENDAR'];
	const reading = readCalendar(decodeFile(Buffer.from(lines.join('\r\n'))), {
		defaultZone: 'Asia/Shanghai',
		maxEvents: 1,
	});
	let step = reading.next();
	while (!step.done) step = reading.next();
	expect(step.value).toMatchObject([{ summary: 'Meeting 0' }]);
	expect(step.value[0].problems.join('. ')).toContain('ATTENDEE;CN=,,,');
	expect(step.value[0].problems.join('. ').length).toBeLessThan(1000);
});
