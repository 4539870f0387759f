/** Compares the built-in holidays with the text of the official notices. */
import { FIRST_HOLIDAY_YEAR, LAST_HOLIDAY_YEAR, getHolidayStatus } from '../../../lib/dingtalk/freeBusy/holidays';
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

	it('covers exactly the years of the notices', () => {
		expect([FIRST_HOLIDAY_YEAR, LAST_HOLIDAY_YEAR]).toEqual([Math.min(...NOTICES.years), Math.max(...NOTICES.years)]);
		expect(getHolidayStatus(`${LAST_HOLIDAY_YEAR + 1}-10-01`)).toBeUndefined();
		expect(getHolidayStatus(`${FIRST_HOLIDAY_YEAR - 1}-10-01`)).toBeUndefined();
	});
});
