/** Compares the built-in holidays with the text of the official notices, and with the sun and the moon. */
import {
	FIRST_HOLIDAY_YEAR,
	LAST_HOLIDAY_YEAR,
	getHolidayStatus,
	listUnannouncedYears,
} from '../../../lib/dingtalk/freeBusy/holidays';
import { LUNAR_FESTIVALS } from '../../../lib/dingtalk/freeBusy/lunarFestivals';
import { dayOf, isNewMoonDay, newYearOf, nextNewMoonDay, solarTerm } from './chineseAstronomy';
import { NOTICES } from './holidayNotices';

describe("The calendar of China's statutory holidays", () => {
	it('has every day off and make-up day of the official notices', () => {
		expect(NOTICES.counts).toBe(true);
		const days = NOTICES.years.flatMap((year) =>
			Array.from({ length: year % 4 === 0 ? 366 : 365 }, (_, i) =>
				new Date(Date.UTC(year, 0, 1 + i)).toISOString().slice(0, 10),
			),
		);
		expect(days.filter((day) => getHolidayStatus(day) === 'holiday')).toEqual(
			days.filter((day) => NOTICES.off.has(day)),
		);
		expect(days.filter((day) => getHolidayStatus(day) === 'makeUpDay')).toEqual(
			days.filter((day) => NOTICES.worked.has(day)),
		);
		expect([...NOTICES.off, ...NOTICES.worked].every((day) => days.includes(day))).toBe(true);
	});

	it('has make-up days only on weekends', () => {
		for (const day of NOTICES.worked) expect([0, 6]).toContain(new Date(`${day}T00:00:00Z`).getUTCDay());
	});

	it('has notices for exactly these years', () => {
		expect([FIRST_HOLIDAY_YEAR, LAST_HOLIDAY_YEAR]).toEqual([Math.min(...NOTICES.years), Math.max(...NOTICES.years)]);
	});
});

const YEARS = Array.from({ length: 75 }, (_, i) => 2025 + i);
const DAY = 86_400_000;
const toIso = (midnight: number): string => new Date(midnight).toISOString().slice(0, 10);
const daysOfYear = (year: number): string[] =>
	Array.from({ length: (Date.UTC(year + 1, 0) - Date.UTC(year, 0)) / DAY }, (_, i) => toIso(Date.UTC(year, 0, 1 + i)));

describe("China's statutory holidays by law", () => {
	it('are fixed by the sun and the moon', () => {
		for (const year of YEARS) {
			const [springFestival, dragonBoat, midAutumn] = LUNAR_FESTIVALS[year].map((day) => Date.parse(`${year}-${day}`));
			// The first month is the second after the one with the winter solstice, unless a leap month comes between.
			expect({ year, springFestival: toIso(springFestival) }).toEqual({ year, springFestival: newYearOf(year) });
			expect({ year, moon: isNewMoonDay(dragonBoat - 4 * DAY) }).toEqual({ year, moon: true });
			expect({ year, moon: isNewMoonDay(midAutumn - 14 * DAY) }).toEqual({ year, moon: true });
			// The fifth month has the summer solstice, the eighth the autumn equinox; in 2033 it is on the day after, as is well known.
			for (const [first, longitude] of [
				[dragonBoat - 4 * DAY, 90],
				[midAutumn - 14 * DAY, 180],
			]) {
				const moment = dayOf(solarTerm(year, longitude));
				expect({
					year,
					longitude,
					inMonth: first <= moment && moment < nextNewMoonDay(first) + (year === 2033 ? DAY : 0),
				}).toEqual({
					year,
					longitude,
					inMonth: true,
				});
			}
		}
	});

	it('are thirteen days of each year without a notice, fewer where two coincide', () => {
		for (const year of YEARS.filter((one) => !NOTICES.years.includes(one))) {
			const holidays = daysOfYear(year).filter((day) => getHolidayStatus(day) === 'holiday');
			const newYear = Date.parse(newYearOf(year));
			const [, dragonBoat, midAutumn] = LUNAR_FESTIVALS[year];
			const expected = new Set([
				`${year}-01-01`,
				...[-1, 0, 1, 2].map((offset) => toIso(newYear + offset * DAY)),
				toIso(dayOf(solarTerm(year, 15))),
				...['05-01', '05-02', dragonBoat, midAutumn, '10-01', '10-02', '10-03'].map((day) => `${year}-${day}`),
			]);
			expect(holidays).toEqual([...expected].sort());
			expect(daysOfYear(year).filter((day) => getHolidayStatus(day) === 'makeUpDay')).toEqual([]);
		}
	});

	it('lie within the holidays of each notice', () => {
		for (const year of NOTICES.years) {
			const [springFestival, dragonBoat, midAutumn] = LUNAR_FESTIVALS[year];
			for (const day of [springFestival, dragonBoat, midAutumn, toIso(dayOf(solarTerm(year, 15))).slice(5)])
				expect(NOTICES.off).toContain(`${year}-${day}`);
		}
	});
});

describe('The years in which make-up days are unknown', () => {
	it.each([
		['2026-03-01', '2026-12-17', []],
		['2026-12-18', '2026-12-18', [2027]],
		['2027-01-16', '2027-01-22', [2027]],
		['2027-02-23', '2027-03-21', []],
		['2027-07-01', '2027-08-31', []],
		['2027-07-01', '2028-01-15', [2027, 2028]],
		['2024-07-01', '2024-07-01', [2024]],
		['2100-07-01', '2100-07-01', [2100]],
	])('from %s to %s are %j', (first, last, years) => expect(listUnannouncedYears(first, last)).toEqual(years));
});
