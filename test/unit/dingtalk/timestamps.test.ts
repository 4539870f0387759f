/** Compares the times that are sent to DingTalk with those of luxon. */
import { DateTime } from 'luxon';
import { apiDateTime, toLocalTime } from '../../../lib/dingtalk/utils/timestamps';
import { HOUR } from '../../../lib/dingtalk/utils/time';
import { random } from '../freeBusy/randomQueries';
import { amount } from '../../long/amount';

const ZONES = [
	'Asia/Shanghai',
	'Europe/Berlin',
	'America/New_York',
	'America/St_Johns',
	'Asia/Kathmandu',
	'Australia/Lord_Howe',
	'Africa/Casablanca',
	'Pacific/Apia',
	'Pacific/Chatham',
	'UTC',
	'utc+5:30',
];
const TIMES = amount({ short: 30, long: 2000 });
const FROM = Date.parse('2009-12-30T00:00:00Z');
const TO = Date.parse('2031-01-02T00:00:00Z');

const byLuxon = (zone: string, dateTime: string): string => apiDateTime(DateTime.fromISO(dateTime, { zone }));

describe('A time as local time of a zone', () => {
	it.each(ZONES)('equals the result of luxon in %s, also on days with a clock change', (zone) => {
		const next = random(5);
		const anyTime = Array.from({ length: TIMES }, () => FROM + Math.floor((next() * (TO - FROM)) / 1000) * 1000);
		// Every half hour of the days around the clock changes in spring and autumn, in most of the world.
		const aroundChanges = ['2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01'].flatMap(
			(day) => Array.from({ length: 96 }, (_, i) => Date.parse(`${day}T00:00:00Z`) + (i - 24) * (HOUR / 2)),
		);
		let fast = 0;
		// One assertion for all: each costs more than what it compares.
		const wrong: unknown[] = [];
		for (const at of [...anyTime, ...aroundChanges]) {
			for (const written of [
				new Date(at).toISOString(),
				apiDateTime(DateTime.fromMillis(at, { zone: 'Asia/Shanghai' })),
			]) {
				const local = toLocalTime(zone, written);
				if (local === undefined) continue;
				fast++;
				const expected = byLuxon(zone, written);
				if (local !== expected) wrong.push({ written, local, expected });
			}
		}
		expect(wrong).toEqual([]);
		expect(fast).toBeGreaterThan(2 * TIMES);
	});

	it.each([
		'',
		'tomorrow',
		'2026-03-02',
		'2026-03-02T10:00',
		'2026-03-02T10:00:00',
		'2026-13-02T10:00:00Z',
		'20260302T100000Z',
	])('is left to luxon if it is written as %p', (written) => {
		expect(toLocalTime('Asia/Shanghai', written)).toBeUndefined();
	});

	it('is left to luxon if the zone is unknown', () => {
		expect(toLocalTime('Moon/Tycho', '2026-03-02T10:00:00Z')).toBeUndefined();
	});
});
