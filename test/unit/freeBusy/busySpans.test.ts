/** Compares how times without an offset are read with luxon, around changes of the clock. */
import { DateTime } from 'luxon';

import { readBusySpans, readTimedSpans } from '../../../lib/dingtalk/freeBusy/busySpans';
import { getUtcOffsets } from '../../../lib/dingtalk/freeBusy/utcOffsets';
import { random } from './randomQueries';

const HOUR = 3_600_000;
const ZONES = ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'UTC'];
const YEAR: [number, number] = [Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1)];
const offsets = new Map(ZONES.map((zone) => [zone, getUtcOffsets(zone, YEAR)]));
const offsetsOf = (zone: string) => offsets.get(zone) ?? [];

const timed = (zone: string | undefined, start: string, end: string) => ({
	start: { dateTime: start, timeZone: zone },
	end: { dateTime: end, timeZone: zone },
});

describe('A busy time without an offset', () => {
	it.each(ZONES)('is read by the clock of its own zone: %s', (zone) => {
		const next = random(ZONES.indexOf(zone));
		// Every hour near a change of the clock, and random ones.
		const changes = offsetsOf(zone)
			.slice(1)
			.map(({ from }) => from);
		const moments = [
			...changes.flatMap((change) => Array.from({ length: 12 }, (_, i) => change + (i - 6) * (HOUR / 2))),
			...Array.from({ length: 100 }, () => YEAR[0] + HOUR * Math.floor(next() * 8600 + 48)),
		];
		for (const moment of moments) {
			const text = DateTime.fromMillis(moment, { zone }).toFormat("yyyy-MM-dd'T'HH:mm:ss");
			const end = DateTime.fromMillis(moment + 30 * HOUR, { zone }).toFormat("yyyy-MM-dd'T'HH:mm:ss");
			const schedule = { id: 'anna', items: [timed(zone, text, end)] };
			const { busy } = readBusySpans(schedule, { zone: 'Asia/Tokyo', offsetsOf });
			const possible = [moment, ...[-HOUR, -HOUR / 2].map((shift) => moment + shift)].filter(
				(one) => DateTime.fromMillis(one, { zone }).toFormat("yyyy-MM-dd'T'HH:mm:ss") === text,
			);
			// Of two moments with the same local time, the earlier one.
			expect({ text, start: busy[0][0] }).toEqual({ text, start: Math.min(...possible) });
		}
	});

	it('is later by the skipped hour if the clock skips it', () => {
		const schedule = { id: 'anna', items: [timed('Europe/Berlin', '2026-03-29T02:30:00', '2026-03-29T04:00:00')] };
		const start = DateTime.fromISO('2026-03-29T03:30', { zone: 'Europe/Berlin' }).toMillis();
		expect(readBusySpans(schedule, { zone: 'UTC', offsetsOf }).busy).toEqual([[start, start + HOUR / 2]]);
	});

	it.each([undefined, '', 'Mars/Olympus'])('is read by the clock of the person if its zone is %j', (zone) => {
		const schedule = { id: 'anna', items: [timed(zone, '2026-03-02T09:00:00', '2026-03-02T10:00:00')] };
		const start = Date.parse('2026-03-02T09:00:00+08:00');
		expect(readBusySpans(schedule, { zone: 'Asia/Shanghai', offsetsOf }).busy).toEqual([[start, start + HOUR]]);
	});
});

describe('A busy time that lost the time of day', () => {
	const at = (text: string): number => Date.parse(text);
	it.each([
		[
			{ date: '2026-03-02' },
			{ dateTime: '2026-03-02T10:00:00+08:00' },
			'2026-03-02T00:00+08:00',
			'2026-03-02T10:00+08:00',
		],
		[
			{ dateTime: '2026-03-02T10:00:00+08:00' },
			{ date: '2026-03-03' },
			'2026-03-02T10:00+08:00',
			'2026-03-03T00:00+08:00',
		],
	])('of its start or its end is busy all the same: %j–%j', (start, end, from, to) =>
		expect(readBusySpans({ id: 'anna', items: [{ start, end }] }, { zone: 'Asia/Shanghai', offsetsOf }).busy).toEqual([
			[at(from), at(to)],
		]),
	);
});

describe('The meetings of a schedule', () => {
	it('are all items but whole days', () => {
		const meeting = timed('UTC', '2026-03-02T09:00:00Z', '2026-03-02T10:00:00Z');
		const items = [
			meeting,
			{ start: { date: '2026-03-02' }, end: { date: '2026-03-03' } },
			{ ...meeting, status: 'TENTATIVE' },
		];
		expect(readTimedSpans({ id: 'anna', items }, { zone: 'UTC', offsetsOf })).toHaveLength(2);
	});
});
