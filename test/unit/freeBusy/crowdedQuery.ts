/** A large query for common free time: many people with many meetings, over many days. */
import type { PersonAvailability, SlotQuery } from '../../../lib/dingtalk/freeBusy/slotSearch';
import type { Span } from '../../../lib/dingtalk/freeBusy/intervals';
import { random } from './randomQueries';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MEETINGS_A_DAY = 6;
const MONDAY = Date.parse('2026-03-02T00:00:00+08:00');
const ZONES = ['Asia/Shanghai', 'Asia/Shanghai', 'Europe/Berlin'];

export function crowdedQuery({
	people,
	days,
	required,
}: {
	people: number;
	days: number;
	required: number;
}): SlotQuery {
	const next = random(7);
	const meetings = (): Span[] =>
		Array.from({ length: days * MEETINGS_A_DAY }, (_, i): Span => {
			const start = MONDAY + Math.floor(i / MEETINGS_A_DAY) * DAY + (8 + Math.floor(next() * 20) / 2) * HOUR;
			return [start, start + HOUR / 2];
		});
	return {
		window: [MONDAY, MONDAY + days * DAY],
		zone: 'Asia/Shanghai',
		observesChineseHolidays: true,
		duration: 60,
		bufferBefore: 0,
		bufferAfter: 0,
		step: 5,
		workingTime: {
			shifts: [{ from: 540, to: 1080 }],
			breaks: [{ from: 720, to: 780 }],
			days: new Set([1, 2, 3, 4, 5]),
			daysOff: new Set(),
			extraWorkingDays: new Set(),
			// After hours, everyone is free.
			minutesOutside: required < people ? 120 : 0,
		},
		people: Array.from({ length: people }, (_, i): PersonAvailability => {
			const zone = ZONES[i % ZONES.length];
			return {
				id: `p${i}`,
				optional: i >= required,
				zone,
				observesChineseHolidays: zone === 'Asia/Shanghai',
				busy: meetings(),
				tentative: [],
			};
		}),
		rooms: [],
		roomsNeeded: 'none',
		tentativeCounts: true,
		ranking: 'earliest',
		spread: 'apart',
		count: 10,
	};
}
