/**
 * Mainland China's statutory holidays and make-up working days. The General Office of the State Council announces them each
 * autumn for the next year, so they cannot be computed: a year is added once its notice is published.
 */

interface HolidayNotice {
	number: string;
	url: string;
	/** First and last day of each holiday, as month and day. */
	holidays: ReadonlyArray<readonly [from: string, to: string]>;
	/** Make-up working days on weekends. */
	makeUpDays: readonly string[];
}

const NOTICES: Readonly<Record<number, HolidayNotice>> = {
	2025: {
		number: '国办发明电〔2024〕12号',
		url: 'https://www.gov.cn/zhengce/zhengceku/202411/content_6986383.htm',
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
	2026: {
		number: '国办发明电〔2025〕7号',
		url: 'https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm',
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

export const getNoticeNumber = (year: number): string => NOTICES[year].number;

/** The time zones of mainland China, in lower case; Hong Kong, Macau and Taipei have other holidays. */
export const MAINLAND_CHINA_ZONES: ReadonlySet<string> = new Set(
	['Asia/Shanghai', 'Asia/Urumqi', 'Asia/Chongqing', 'Asia/Chungking', 'Asia/Harbin', 'Asia/Kashgar', 'PRC'].map(
		(zone) => zone.toLowerCase(),
	),
);

/** Whether a day such as `2026-03-02` is a holiday or a make-up working day; undefined for an ordinary day. */
export function getHolidayStatus(day: string): 'holiday' | 'makeUpDay' | undefined {
	const notice = NOTICES[Number(day.slice(0, 4))] as HolidayNotice | undefined;
	const monthAndDay = day.slice(5);
	if (notice?.makeUpDays.includes(monthAndDay)) return 'makeUpDay';
	return notice?.holidays.some(([from, to]) => from <= monthAndDay && monthAndDay <= to) ? 'holiday' : undefined;
}
