import { FIRST_HOLIDAY_YEAR, LAST_HOLIDAY_YEAR, getHolidayStatus } from '../../../lib/dingtalk/freeBusy/holidays';
import { NOTICES } from './holidayNotices';

describe("the table of China's statutory holidays", () => {
	it('says of every day what the notices say', () => {
		expect(NOTICES.counts).toBe(true);
		const days = NOTICES.years.flatMap((year) =>
			Array.from({ length: year % 4 === 0 ? 366 : 365 }, (_, i) =>
				new Date(Date.UTC(year, 0, 1 + i)).toISOString().slice(0, 10),
			),
		);
		expect(days.filter((day) => getHolidayStatus(day) === 'off')).toEqual(days.filter((day) => NOTICES.off.has(day)));
		expect(days.filter((day) => getHolidayStatus(day) === 'worked')).toEqual(
			days.filter((day) => NOTICES.worked.has(day)),
		);
		expect([...NOTICES.off, ...NOTICES.worked].every((day) => days.includes(day))).toBe(true);
	});

	it('works weekend days only instead of holidays', () => {
		for (const day of NOTICES.worked) expect([0, 6]).toContain(new Date(`${day}T00:00:00Z`).getUTCDay());
	});

	it('knows the years of the notices and says nothing of others', () => {
		expect([FIRST_HOLIDAY_YEAR, LAST_HOLIDAY_YEAR]).toEqual([Math.min(...NOTICES.years), Math.max(...NOTICES.years)]);
		expect(getHolidayStatus(`${LAST_HOLIDAY_YEAR + 1}-10-01`)).toBeUndefined();
		expect(getHolidayStatus(`${FIRST_HOLIDAY_YEAR - 1}-10-01`)).toBeUndefined();
	});
});
