/** Random queries for common free time, the same for the same seed, around dates that are hard for calendars. */
import type { PersonAvailability, SlotQuery, RoomAvailability } from '../../../lib/dingtalk/freeBusy/slotSearch';
import type { Hours } from '../../../lib/dingtalk/freeBusy/workingHours';
import type { Span } from '../../../lib/dingtalk/freeBusy/intervals';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Mulberry32. */
export function random(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

/** Some change their offset near the days below: Lord Howe by half an hour; Kathmandu has an offset of 5:45. */
const ZONES = [
	'Asia/Shanghai',
	'Asia/Shanghai',
	'Asia/Shanghai',
	'Europe/Berlin',
	'America/New_York',
	'Australia/Lord_Howe',
	'Asia/Kathmandu',
	'Africa/Cairo',
	'UTC',
];

/** Ordinary days, holidays, make-up days, clock changes, the turn of the year. */
const DAYS = [
	'2026-03-02',
	'2026-03-07',
	'2026-03-28',
	'2026-04-03',
	'2026-04-23',
	'2026-05-08',
	'2026-09-19',
	'2026-10-03',
	'2026-10-24',
	'2026-10-31',
	'2025-12-30',
	'2026-12-31',
].map((day) => Date.parse(`${day}T00:00:00Z`));

export function randomQuery(seed: number): SlotQuery {
	const next = random(seed);
	const below = (most: number): number => Math.floor(next() * most);
	const oneOf = <T>(list: readonly T[]): T => list[below(list.length)];
	const chance = (share: number): boolean => next() < share;

	const from = oneOf(DAYS) + below(96) * 15 * MINUTE + (chance(0.1) ? below(15) * MINUTE : 0);
	const window: Span = [from, from + (chance(0.15) ? below(180) * MINUTE : (6 + below(60)) * 60 * MINUTE)];
	const crowding = oneOf([1, 3, 10]);
	const duration = oneOf([5, 15, 25, 30, 45, 60, 60, 90, 120, 300]);
	const before = oneOf([0, 0, 5, 30, 90]);
	const after = oneOf([0, 0, 10, 60]);
	/** A full calendar whose gaps fit the meeting to the minute, or just do not. */
	const packed = (): Span[] => {
		const exact = before + duration + after;
		const taken: Span[] = [];
		for (let begin = window[0] - 60 * MINUTE; begin < window[1];) {
			const end = begin + oneOf([15, 30, 60]) * MINUTE;
			taken.push([begin, end]);
			begin = end + oneOf([0, 0, exact, exact, exact - 5, exact + 5, 45]) * MINUTE;
		}
		return taken;
	};
	const scattered = (share: number): Span[] =>
		Array.from({ length: below(crowding * share + 1) }, (): Span => {
			const begin = window[0] - 3 * 60 * MINUTE + below((window[1] - window[0]) / MINUTE + 360) * MINUTE;
			const aligned = chance(0.7) ? Math.floor(begin / (15 * MINUTE)) * 15 * MINUTE : begin;
			if (chance(0.06)) return [aligned - 4 * DAY, aligned + oneOf([1, 20, 90]) * 60 * MINUTE];
			if (chance(0.05)) return [aligned, aligned];
			return [aligned, aligned + oneOf([5, 15, 30, 30, 60, 60, 90, 240, 1440]) * MINUTE];
		});
	const times = () =>
		chance(0.2) ? { busy: packed(), tentative: [] } : { busy: scattered(1), tentative: scattered(0.4) };
	const zone = oneOf(ZONES);
	const abroad = chance(0.5);
	const people = Array.from({ length: 1 + below(5) }, (_, i): PersonAvailability => ({
		id: `p${i}`,
		optional: i > 0 && chance(0.35),
		zone: abroad && chance(0.4) ? oneOf(ZONES) : zone,
		observesChineseHolidays: chance(0.6),
		...times(),
	}));
	const roomsNeeded = oneOf(['none', 'none', 'one', 'all'] as const);
	const rooms = Array.from({ length: roomsNeeded === 'none' ? 0 : 1 + below(3) }, (_, i): RoomAvailability => ({
		id: `r${i}`,
		...times(),
	}));
	const wide = abroad || chance(0.2);
	const dayNames = (count: number): Set<string> =>
		new Set(Array.from({ length: below(count + 1) }, () => new Date(from + below(4) * DAY).toISOString().slice(0, 10)));
	const offDays = dayNames(1);
	// What came later draws from a sequence of its own, so that the queries of the seeds stay what they were.
	const more = random(seed ^ 0x5eed);
	const moreBelow = (most: number): number => Math.floor(more() * most);
	const moreOf = <T>(list: readonly T[]): T => list[moreBelow(list.length)];
	const nobodyRequired = more() < 0.12;
	const choices = people.filter((_, i) => i > 0 && more() < 0.8).map(({ id }) => id);
	const hasChoices = !nobodyRequired && choices.length > 0 && more() < 0.3;
	const splits = more() < 0.3;
	const withSplit = (shifts: Hours[]): Hours[] =>
		splits
			? moreOf([
					[...shifts, { from: 1140, to: 1260 }],
					[
						{ from: 780, to: 1020 },
						{ from: 480, to: 720 },
					],
					[
						{ from: 1320, to: 360 },
						{ from: 600, to: 840 },
					],
				])
			: shifts;
	return {
		window,
		zone,
		observesChineseHolidays: more() < 0.5,
		duration,
		bufferBefore: before,
		bufferAfter: after,
		step: oneOf([5, 10, 15, 20, 30, 60] as const),
		workingTime: {
			shifts: withSplit([
				wide
					? oneOf([
							{ from: 0, to: 1440 },
							{ from: 420, to: 1320 },
							{ from: 1320, to: 360 },
							{ from: 0, to: 0 },
						])
					: oneOf([
							{ from: 540, to: 1080 },
							{ from: 510, to: 1050 },
						]),
			]),
			breaks: [
				...(chance(0.6)
					? [
							oneOf([
								{ from: 720, to: 780 },
								{ from: 690, to: 810 },
								{ from: 90, to: 150 },
								{ from: 1410, to: 30 },
							]),
						]
					: []),
				...(splits && more() < 0.5
					? [
							moreOf([
								{ from: 600, to: 615 },
								{ from: 1425, to: 15 },
								{ from: 120, to: 150 },
							]),
						]
					: []),
			],
			days: new Set(chance(0.8) ? [1, 2, 3, 4, 5] : [0, 1, 2, 3, 4, 5, 6].filter(() => chance(0.6))),
			daysOff: offDays,
			extraWorkingDays: new Set([...dayNames(1)].filter((day) => !offDays.has(day))),
			minutesOutside: chance(0.2) ? oneOf([30, 60, 120]) : 0,
		},
		people: people.map((person) => ({ ...person, optional: nobodyRequired || person.optional })),
		anyOf: hasChoices
			? { count: 1 + moreBelow(choices.length), order: more() < 0.5 ? choices : [...choices].reverse() }
			: undefined,
		rooms,
		roomsNeeded,
		tentativeCounts: chance(0.7),
		ranking: hasChoices && more() < 0.4 ? 'turn' : oneOf(['earliest', 'fewestConflicts', 'fairest'] as const),
		spread: oneOf(['overlapping', 'apart', 'days'] as const),
		count: 1 + below(8),
	};
}
