/**
 * Mainland China's statutory holidays and make-up working days. The law fixes the holidays themselves; the General Office of the
 * State Council announces each autumn how they are joined with weekends in the next year, which cannot be computed.
 */
import { LUNAR_FESTIVALS } from './lunarFestivals';
import { DAY } from '../utils/time';

interface HolidayNotice {
	/** First and last day of each holiday, as month and day. */
	holidays: ReadonlyArray<readonly [from: string, to: string]>;
	/** Make-up working days on weekends. */
	makeUpDays: readonly string[];
}

const NOTICES: Readonly<Record<number, HolidayNotice>> = {
	// Notice 12 of 2024 of the State Council's General Office, https://www.gov.cn/zhengce/zhengceku/202411/content_6986383.htm
	2025: {
		holidays: [
			['01-01', '01-01'],
			['01-28', '02-04'],
			['04-04', '04-06'],
			['05-01', '05-05'],
			['05-31', '06-02'],
			['10-01', '10-08'],
		],
		makeUpDays: ['01-26', '02-08', '04-27', '09-28', '10-11'],
	},
	// Notice 7 of 2025 of the State Council's General Office, https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm
	2026: {
		holidays: [
			['01-01', '01-03'],
			['02-15', '02-23'],
			['04-04', '04-06'],
			['05-01', '05-05'],
			['06-19', '06-21'],
			['09-25', '09-27'],
			['10-01', '10-07'],
		],
		makeUpDays: ['01-04', '02-14', '02-28', '05-09', '09-20', '10-10'],
	},
};

const years = Object.keys(NOTICES).map(Number);

export const FIRST_HOLIDAY_YEAR = Math.min(...years);
export const LAST_HOLIDAY_YEAR = Math.max(...years);

/** The time zones of mainland China, in lower case; Hong Kong, Macau and Taipei have other holidays. */
export const MAINLAND_CHINA_ZONES: ReadonlySet<string> = new Set(
	['Asia/Shanghai', 'Asia/Urumqi', 'Asia/Chongqing', 'Asia/Chungking', 'Asia/Harbin', 'Asia/Kashgar', 'PRC'].map(
		(zone) => zone.toLowerCase(),
	),
);

const toIsoDate = (midnight: number): string => new Date(midnight).toISOString().slice(0, 10);

/** The day in April on which the sun reaches 15 degrees; the formula holds for the years 2000 to 2099. */
const getQingming = (year: number): string => {
	const yearOfCentury = year % 100;
	return `04-0${Math.floor(yearOfCentury * 0.2422 + 4.81) - Math.floor(yearOfCentury / 4)}`;
};

/** Whether the days that the law fixes are known for a year. */
export const hasStatutoryDays = (year: number): boolean => year in LUNAR_FESTIVALS;

const statutoryDays = new Map<number, ReadonlySet<string>>();

/** The thirteen days of the year that the law has fixed since 2025; empty for a year whose lunar festivals are not in the table. */
function getStatutoryDays(year: number): ReadonlySet<string> {
	const known = statutoryDays.get(year);
	if (known) return known;
	const festivals = LUNAR_FESTIVALS[year] as (typeof LUNAR_FESTIVALS)[number] | undefined;
	const days = new Set<string>();
	if (festivals) {
		const [springFestival, dragonBoat, midAutumn] = festivals;
		const newYear = Date.parse(`${year}-${springFestival}`);
		const around = [-1, 0, 1, 2].map((offset) => toIsoDate(newYear + offset * DAY).slice(5));
		const others = ['01-01', getQingming(year), '05-01', '05-02', dragonBoat, midAutumn, '10-01', '10-02', '10-03'];
		for (const day of [...around, ...others]) days.add(day);
	}
	statutoryDays.set(year, days);
	return days;
}

/** Whether a day such as `2026-03-02` is a holiday or a make-up working day; undefined for an ordinary day. */
export function getHolidayStatus(day: string): 'holiday' | 'makeUpDay' | undefined {
	const year = Number(day.slice(0, 4));
	const notice = NOTICES[year] as HolidayNotice | undefined;
	const monthAndDay = day.slice(5);
	if (!notice) return getStatutoryDays(year).has(monthAndDay) ? 'holiday' : undefined;
	if (notice.makeUpDays.includes(monthAndDay)) return 'makeUpDay';
	return notice.holidays.some(([from, to]) => from <= monthAndDay && monthAndDay <= to) ? 'holiday' : undefined;
}

/** Days that a notice makes working days or days off lie within this time of a holiday. */
const NOTICE_REACH = 14 * DAY;

/** The years whose notice is not known here, although it might change the working days of this period, first to last day. */
export function listUnannouncedYears(first: string, last: string): number[] {
	const unannounced = new Set<number>();
	for (let day = Date.parse(first) - NOTICE_REACH; day <= Date.parse(last) + NOTICE_REACH; day += DAY) {
		const date = toIsoDate(day);
		const year = Number(date.slice(0, 4));
		const isInPeriod = first <= date && date <= last;
		const isUnknown = !hasStatutoryDays(year) && isInPeriod;
		if (!(year in NOTICES) && (isUnknown || getStatutoryDays(year).has(date.slice(5)))) unannounced.add(year);
	}
	return [...unannounced];
}
