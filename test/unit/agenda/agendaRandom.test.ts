/** Compares agendas of random events, around days with 23 and 25 hours, with a look at every minute by the clocks of Intl. */
import { DateTime, Interval } from 'luxon';

import { buildAgenda, type AgendaEvent, type CalendarOwner } from '../../../lib/dingtalk/agenda/build';
import type { Hours } from '../../../lib/dingtalk/freeBusy/workingHours';
import { amount } from '../../long/amount';
import { random } from '../freeBusy/randomQueries';
import { localTimeAt } from '../freeBusy/slotOracle';

const MINUTE = 60_000;
const DAY_MINUTES = 1440;
/** A zone, and a day on or near which its clocks change: by half an hour in Lord Howe, at midnight in the last three. */
const PLACES = [
	['Asia/Shanghai', '2026-03-03'],
	['America/New_York', '2026-03-08'],
	['Europe/Berlin', '2026-10-25'],
	['Australia/Lord_Howe', '2026-04-05'],
	['Africa/Cairo', '2026-04-24'],
	['Africa/Cairo', '2026-10-29'],
	['Asia/Beirut', '2026-03-29'],
	['Asia/Beirut', '2026-10-24'],
	['America/Santiago', '2026-09-06'],
	['America/Santiago', '2026-04-04'],
] as const;
const SHIFTS: Hours[][] = [[{ from: 540, to: 1080 }], [{ from: 1320, to: 360 }], [{ from: 0, to: 1440 }]];
const BREAKS: Hours[][] = [[], [{ from: 720, to: 780 }], [{ from: 1425, to: 15 }]];
const RESPONSES = ['accepted', 'declined', 'tentative', 'needsAction'];
const OWNERS: CalendarOwner[] = ['anna', 'ben'].map((id) => ({ id, name: id }));

interface Planned {
	event: AgendaEvent;
	covers(moment: number): boolean;
	/** In minutes of the window; an event of whole days has none. */
	isBusy: boolean;
}

it('Each day of an agenda has the events and the free time that a look at every minute finds', () => {
	const seen = { events: 0, free: 0, wholeDays: 0 };
	for (let seed = 0; seed < amount({ short: 20, long: 600 }); seed++) {
		const next = random(seed);
		const below = (limit: number): number => Math.floor(next() * limit);
		const oneOf = <T>(list: readonly T[]): T => list[below(list.length)];
		const [zone, day] = PLACES[seed % PLACES.length];
		const from = DateTime.fromISO(day, { zone }).minus({ days: 1 }).startOf('day');
		const window = Interval.fromDateTimes(from, from.plus({ days: 3 }).startOf('day')) as Interval<true>;
		const [begin, end] = [window.start.toMillis(), window.end.toMillis()];
		const shifts = oneOf(SHIFTS);
		const breaks = shifts[0].from === 1320 ? [] : oneOf(BREAKS);
		const dateOf = (moment: number): string => localTimeAt(zone, moment).day;

		const plan = (id: string): Planned => {
			const responses = oneOf(RESPONSES);
			const more: AgendaEvent = {
				id,
				summary: id,
				attendees: OWNERS.map((owner) => ({ id: owner.id, responseStatus: responses })),
				...(next() < 0.2 ? { freeBusyStatus: 'free' } : {}),
			};
			const isBusy = responses !== 'declined' && more.freeBusyStatus !== 'free';
			if (next() < 0.25) {
				const first = from.plus({ days: below(4) - 1 });
				const dates = [first, first.plus({ days: 1 + below(2) })].map((one) => one.toISODate() ?? '');
				const event = { ...more, start: { date: dates[0] }, end: { date: dates[1] } };
				return {
					event,
					isBusy,
					covers: (moment) => dates[0] <= dateOf(moment) && dateOf(moment) < dates[1],
				};
			}
			const start = begin + (below(4 * DAY_MINUTES) - DAY_MINUTES / 2) * MINUTE;
			const stop = start + (1 + below(300)) * MINUTE;
			const written = (moment: number) => ({ dateTime: new Date(moment).toISOString(), timeZone: zone });
			return {
				event: { ...more, start: written(start), end: written(stop) },
				isBusy,
				covers: (moment) => start <= moment && moment < stop,
			};
		};
		const planned = Array.from({ length: below(8) }, (_, i) => plan(`e${i}`));
		const calendars = OWNERS.map((owner) => ({ owner, events: planned.map(({ event }) => event) }));
		const days = buildAgenda(calendars, {
			window,
			includeDeclined: true,
			freeTime: {
				workingTime: {
					shifts,
					breaks,
					days: new Set([0, 1, 2, 3, 4, 5, 6]),
					daysOff: new Set(),
					extraWorkingDays: new Set(),
					minutesOutside: 0,
				},
				observesChineseHolidays: false,
				minLength: MINUTE,
			},
		});

		const isWithin = (minute: number, hours: Hours[]): boolean =>
			hours.some(({ from: first, to }) =>
				[0, DAY_MINUTES].some(
					(later) => first <= minute + later && minute + later < (to <= first ? to + DAY_MINUTES : to),
				),
			);
		const expected = new Map<string, { ids: Set<string>; free: number[] }>();
		for (let moment = begin; moment < end; moment += MINUTE) {
			const local = localTimeAt(zone, moment);
			const one = expected.get(local.day) ?? { ids: new Set<string>(), free: [] };
			expected.set(local.day, one);
			const now = planned.filter(({ covers }) => covers(moment));
			for (const { event } of now) one.ids.add(event.id ?? '');
			const isWork = isWithin(local.minute, shifts) && !isWithin(local.minute, breaks);
			if (isWork && !now.some(({ isBusy }) => isBusy)) one.free.push(moment);
		}
		const found = days.map(({ date, entries, free }) => ({
			date,
			ids: entries.map(({ event }) => event.id ?? '').sort(),
			free: free.flatMap(([first, last]) =>
				Array.from({ length: (last - first) / MINUTE }, (_, i) => first + i * MINUTE),
			),
		}));
		expect({ seed, days: found }).toEqual({
			seed,
			days: [...expected].map(([date, { ids, free }]) => ({ date, ids: [...ids].sort(), free })),
		});
		seen.events += found.reduce((sum, { ids }) => sum + ids.length, 0);
		seen.free += found.reduce((sum, { free }) => sum + free.length, 0);
		seen.wholeDays += planned.filter(({ event }) => event.start?.date !== undefined).length;
	}
	expect(seen.events).toBeGreaterThan(20);
	expect(seen.free).toBeGreaterThan(1000);
	expect(seen.wholeDays).toBeGreaterThan(5);
});
