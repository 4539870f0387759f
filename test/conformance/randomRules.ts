/** Recurrence rules as a user might make them, always the same ones for the same seed. */

export interface RandomRule {
	zone: string;
	allDay: boolean;
	/** Wall-clock start, without zone: `2026-03-02T10:00`. */
	start: string;
	minutes: number;
	pattern: {
		type: 'daily' | 'weekly' | 'absoluteMonthly' | 'relativeMonthly' | 'absoluteYearly';
		interval: number;
		dayOfMonth?: number;
		daysOfWeek?: string;
		index?: string;
		firstDayOfWeek?: string;
	};
	range: { type: 'noEnd' | 'endDate' | 'numbered'; endDate?: string; numberOfOccurrences?: number };
	/** Days from the start to the window that is looked at, and its length. */
	windowFrom: number;
	windowDays: number;
}

export const ZONES = ['America/New_York', 'Europe/Berlin', 'Asia/Shanghai', 'Australia/Lord_Howe', 'UTC'];
export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
export const INDEXES = ['first', 'second', 'third', 'fourth', 'last'];

type Random = () => number;

/** mulberry32: small, and good enough to roam a calendar. */
export function seeded(seed: number): Random {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

const within = (random: Random, min: number, max: number): number => min + Math.floor(random() * (max - min + 1));
const oneOf = <T>(random: Random, values: readonly T[]): T => values[within(random, 0, values.length - 1)];
const two = (value: number): string => String(value).padStart(2, '0');

const dateAt = (day: number): string => new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);

function daysOfWeek(random: Random): string {
	const chosen = WEEKDAYS.filter(() => random() < 0.35);
	if (chosen.length === 0) chosen.push(oneOf(random, WEEKDAYS));
	// The order in which days are named must not matter.
	return (random() < 0.3 ? chosen.reverse() : chosen).join(',');
}

function randomPattern(random: Random): RandomRule['pattern'] {
	const type = oneOf(random, ['daily', 'weekly', 'absoluteMonthly', 'relativeMonthly', 'absoluteYearly'] as const);
	const longest = { daily: 45, weekly: 9, absoluteMonthly: 14, relativeMonthly: 14, absoluteYearly: 3 }[type];
	const interval = random() < 0.4 ? 1 : within(random, 1, longest);
	const firstDayOfWeek = random() < 0.5 ? undefined : oneOf(random, WEEKDAYS);
	switch (type) {
		case 'weekly':
			return { type, interval, firstDayOfWeek, daysOfWeek: daysOfWeek(random) };
		case 'absoluteMonthly':
			return {
				type,
				interval,
				firstDayOfWeek,
				dayOfMonth: random() < 0.4 ? within(random, 28, 31) : within(random, 1, 31),
			};
		case 'relativeMonthly':
			return { type, interval, firstDayOfWeek, daysOfWeek: daysOfWeek(random), index: oneOf(random, INDEXES) };
		default:
			return { type, interval, firstDayOfWeek };
	}
}

function randomRange(random: Random, startDay: number): RandomRule['range'] {
	switch (oneOf(random, ['noEnd', 'endDate', 'numbered'] as const)) {
		case 'numbered':
			return { type: 'numbered', numberOfOccurrences: within(random, 1, 99) };
		case 'endDate': {
			const day = dateAt(startDay + within(random, 0, 900));
			return { type: 'endDate', endDate: random() < 0.5 ? day : `${day}T${two(within(random, 0, 23))}:30:00Z` };
		}
		default:
			return { type: 'noEnd' };
	}
}

export function randomRule(random: Random): RandomRule {
	const startDay = within(random, 0, 1100);
	const allDay = random() < 0.2;
	// Many starts in the small hours, where clocks are changed.
	const hour = random() < 0.4 ? within(random, 0, 3) : within(random, 4, 23);
	return {
		zone: oneOf(random, ZONES),
		allDay,
		start: `${dateAt(startDay)}T${two(hour)}:${oneOf(random, ['00', '15', '30', '45'])}`,
		minutes: allDay ? 1440 * within(random, 1, 3) : 15 * within(random, 1, 120),
		pattern: randomPattern(random),
		range: randomRange(random, startDay),
		windowFrom: within(random, -30, 300),
		windowDays: within(random, 20, 300),
	};
}
