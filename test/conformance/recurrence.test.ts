/** Compares the dates of random series in the simulator with those of an independent library. */
import { comesToSomething, instantOf, startsBetween, wallOf } from './oracle';
import { randomRule, seeded, ZONES, type RandomRule } from './randomRules';
import { invalidParameter, refusalOf } from './refusal';
import { DAY } from './samples';
import { useStage } from './stage';
import type { CalendarUser, Fields } from './user';
import { amount } from '../long/amount';

const stage = useStage();

const RULES_PER_SEED = 60;
/** All-day events have no zone; the simulator keeps them by the clocks of the company. */
const HOME = 'Asia/Shanghai';

const dateOf = (wall: number): string => new Date(wall).toISOString().slice(0, 10);
const isoOf = (ms: number): string => new Date(ms).toISOString();

function eventOf(rule: RandomRule): Fields {
	const { zone: timeZone, allDay, minutes, pattern, range } = rule;
	const wall = wallOf(rule.start);
	const recurrence = { pattern, range };
	if (allDay) {
		const end = { date: dateOf(wall + minutes * 60_000) };
		return { summary: 'Series', isAllDay: true, start: { date: dateOf(wall) }, end, recurrence };
	}
	const start = instantOf(wall, timeZone);
	const end = { dateTime: isoOf(start + minutes * 60_000), timeZone };
	return { summary: 'Series', start: { dateTime: isoOf(start), timeZone }, end, recurrence };
}

/** Everything the view shows in a window, as dates or instants. */
async function seen(user: CalendarUser, timeMin: string, timeMax: string): Promise<string[]> {
	const starts: string[] = [];
	let nextToken: string | undefined;
	do {
		const page = await user.view({ timeMin, timeMax, maxAttendees: 1, nextToken });
		starts.push(...(page.events ?? []).map(({ start }) => start?.date ?? isoOf(Date.parse(start?.dateTime ?? ''))));
		({ nextToken } = page);
	} while (nextToken !== undefined);
	return starts.sort();
}

/** What it has to show: dates that end at or after the beginning of the window and start before its end. */
function expected(rule: RandomRule, from: number, to: number): string[] {
	const zone = rule.allDay ? HOME : rule.zone;
	const length = rule.minutes * 60_000;
	const day = rule.allDay ? DAY : 0;
	return startsBetween(rule, from - length - 2 * DAY, to + 2 * DAY)
		.map((wall) => (rule.allDay ? wall - (wall % day) : wall))
		.map((wall) => ({ wall, instant: instantOf(wall, zone) }))
		.filter(({ instant }) => instant + length >= from && instant < to)
		.map(({ wall, instant }) => (rule.allDay ? dateOf(wall) : isoOf(instant)))
		.sort();
}

async function compare(user: CalendarUser, rule: RandomRule): Promise<number> {
	const event = eventOf(rule);
	if (!comesToSomething(rule)) {
		expect({ rule, refusal: await refusalOf(user.create(event)) }).toEqual({ rule, refusal: invalidParameter() });
		return 0;
	}
	await user.create(event);
	const from = wallOf(rule.start) + rule.windowFrom * DAY;
	const to = from + rule.windowDays * DAY;
	const dates = expected(rule, from, to);
	// With the rule beside them, a difference explains itself.
	expect({ rule, dates: await seen(user, isoOf(from), isoOf(to)) }).toEqual({ rule, dates });
	return dates.length;
}

it.each(amount({ short: [1], long: [1, 2, 3, 4, 5, 6] }))(
	'Random series expand as an independent library expands them (seed %i)',
	async (seed) => {
		const random = seeded(seed);
		const rules = Array.from({ length: RULES_PER_SEED }, () => randomRule(random));
		let dates = 0;
		// A person for each, so that nobody sees another rule's dates.
		for (const [index, rule] of rules.entries()) dates += await compare(await stage.user(index), rule);
		// Guards against comparing nothing with nothing.
		expect(dates).toBeGreaterThan(5 * RULES_PER_SEED);
		expect(new Set(rules.map(({ zone }) => zone)).size).toBe(ZONES.length);
	},
);

it.each([
	[
		'America/New_York',
		'2026-03-06T10:00',
		['2026-03-06T15:00', '2026-03-07T15:00', '2026-03-08T14:00', '2026-03-09T14:00'],
	],
	[
		'Europe/Berlin',
		'2026-03-27T10:00',
		['2026-03-27T09:00', '2026-03-28T09:00', '2026-03-29T08:00', '2026-03-30T08:00'],
	],
	[
		'Europe/Berlin',
		'2026-10-23T10:00',
		['2026-10-23T08:00', '2026-10-24T08:00', '2026-10-25T09:00', '2026-10-26T09:00'],
	],
	[
		'Asia/Shanghai',
		'2026-03-27T10:00',
		['2026-03-27T02:00', '2026-03-28T02:00', '2026-03-29T02:00', '2026-03-30T02:00'],
	],
])('A daily event keeps its local time when the clocks of %s change', async (zone, start, instants) => {
	const rule: RandomRule = {
		zone,
		allDay: false,
		start,
		minutes: 60,
		pattern: { type: 'daily', interval: 1 },
		range: { type: 'numbered', numberOfOccurrences: 4 },
		windowFrom: -1,
		windowDays: 10,
	};
	const user = await stage.user();
	await user.create(eventOf(rule));
	const from = wallOf(start) - DAY;
	expect(await seen(user, isoOf(from), isoOf(from + 10 * DAY))).toEqual(
		instants.map((instant) => `${instant}:00.000Z`),
	);
});
