/** Measures the CPU time of finding common free time for 50 people in ten working days; run it with `npx tsx test/bench/slots.ts`. */
import { cpuUsage } from 'node:process';
import { getUtcOffsets } from '../../lib/dingtalk/freeBusy/utcOffsets';
import { findCommonSlots } from '../../lib/dingtalk/freeBusy/findCommonSlots';
import type { PersonAvailability, SlotQuery } from '../../lib/dingtalk/freeBusy/slotSearch';
import { runAtOnce } from '../../lib/dingtalk/utils/slices';
import type { Span } from '../../lib/dingtalk/freeBusy/intervals';
import { readBusySpans } from '../../lib/dingtalk/freeBusy/busySpans';
import { explainNoSlots } from '../../lib/dingtalk/freeBusy/explainNoSlots';
import { random } from '../unit/freeBusy/randomQueries';

const PEOPLE = 50;
const EVENTS_A_DAY = 6;
const ROUNDS = 200;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MONDAY = Date.parse('2026-03-02T00:00:00+08:00');
const ZONES = ['Asia/Shanghai', 'Asia/Shanghai', 'Europe/Berlin'];
const window: Span = [MONDAY, MONDAY + 14 * DAY];

const next = random(7);
const answers = Array.from({ length: PEOPLE }, (_, i) => ({
	id: `p${i}`,
	items: Array.from({ length: 14 * EVENTS_A_DAY }, (__, event) => {
		const start = MONDAY + Math.floor(event / EVENTS_A_DAY) * DAY + (8 + Math.floor(next() * 20) / 2) * HOUR;
		const time = (moment: number) => ({
			dateTime: new Date(moment).toISOString().replace('.000Z', 'Z'),
			timeZone: 'Asia/Shanghai',
		});
		return { status: next() < 0.2 ? 'TENTATIVE' : 'BUSY', start: time(start), end: time(start + HOUR / 2) };
	}),
}));

/** Builds the query from DingTalk's responses, as the operation does. */
function createQuery(requiredPeople: number, beyond = 120): SlotQuery {
	const offsetsByZone = new Map(ZONES.map((zone) => [zone, getUtcOffsets(zone, [window[0] - DAY, window[1] + DAY])]));
	const people = answers.map((schedule, i): PersonAvailability => {
		const zone = ZONES[i % ZONES.length];
		return {
			id: schedule.id,
			optional: i >= requiredPeople,
			zone,
			observesChineseHolidays: zone === 'Asia/Shanghai',
			...readBusySpans(schedule, { zone, offsetsOf: (one) => offsetsByZone.get(one) ?? [] }),
		};
	});
	return {
		window,
		zone: 'Asia/Shanghai',
		observesChineseHolidays: true,
		duration: 60,
		bufferBefore: 0,
		bufferAfter: 0,
		step: 15,
		workingTime: {
			shifts: [{ from: 540, to: 1080 }],
			breaks: [{ from: 720, to: 780 }],
			days: new Set([1, 2, 3, 4, 5]),
			daysOff: new Set(),
			extraWorkingDays: new Set(),
			minutesOutside: beyond,
		},
		people,
		rooms: [],
		roomsNeeded: 'none',
		tentativeCounts: true,
		ranking: 'fairest',
		spread: 'apart',
		count: 10,
	};
}

function measure(name: string, work: () => unknown): void {
	work();
	const before = cpuUsage();
	for (let round = 0; round < ROUNDS; round++) work();
	const { user, system } = cpuUsage(before);
	process.stdout.write(`${name}: ${((user + system) / 1000 / ROUNDS).toFixed(2)} ms of CPU\n`);
}

const outcome = (required: number): string => `${runAtOnce(findCommonSlots(createQuery(required))).length} results`;
process.stdout.write(
	`${PEOPLE} people, 10 working days, ${EVENTS_A_DAY} events a day each; mean of ${ROUNDS} rounds\n`,
);
measure(`all ${PEOPLE} required, ${outcome(PEOPLE)}`, () => runAtOnce(findCommonSlots(createQuery(PEOPLE))));
measure(`3 required, fairest first, ${outcome(3)}`, () => runAtOnce(findCommonSlots(createQuery(3))));
measure('no slot, with the explanation', () => {
	const query = createQuery(PEOPLE, 0);
	if (runAtOnce(findCommonSlots(query)).length > 0) throw new Error('Found a slot, but expected none');
	return runAtOnce(explainNoSlots(query));
});
