/**
 * Mainland China's statutory holidays and the weekend days that are worked instead, as the General Office of the State
 * Council announces them each autumn for the next year. They cannot be computed: a year is here once its notice is out.
 */

interface HolidayNotice {
	/** Number and address of the notice. */
	notice: string;
	address: string;
	/** First and last day off, month and day. */
	off: ReadonlyArray<readonly [from: string, to: string]>;
	/** Weekend days on which people work. */
	worked: readonly string[];
}

const NOTICES: Readonly<Record<number, HolidayNotice>> = {
	2025: {
		notice: '国办发明电〔2024〕12号',
		address: 'https://www.gov.cn/zhengce/zhengceku/202411/content_6986383.htm',
		off: [
			['01-01', '01-01'],
			['01-28', '02-04'],
			['04-04', '04-06'],
			['05-01', '05-05'],
			['05-31', '06-02'],
			['10-01', '10-08'],
		],
		worked: ['01-26', '02-08', '04-27', '09-28', '10-11'],
	},
	2026: {
		notice: '国办发明电〔2025〕7号',
		address: 'https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm',
		off: [
			['01-01', '01-03'],
			['02-15', '02-23'],
			['04-04', '04-06'],
			['05-01', '05-05'],
			['06-19', '06-21'],
			['09-25', '09-27'],
			['10-01', '10-07'],
		],
		worked: ['01-04', '02-14', '02-28', '05-09', '09-20', '10-10'],
	},
};

const years = Object.keys(NOTICES).map(Number);

export const FIRST_HOLIDAY_YEAR = Math.min(...years);
export const LAST_HOLIDAY_YEAR = Math.max(...years);

export const getNoticeNumber = (year: number): string => NOTICES[year].notice;

/** The time zones of the mainland; Hong Kong, Macau and Taipei have holidays of their own. */
export const MAINLAND_CHINA_ZONES: ReadonlySet<string> = new Set(
	['Asia/Shanghai', 'Asia/Urumqi', 'Asia/Chongqing', 'Asia/Chungking', 'Asia/Harbin', 'Asia/Kashgar', 'PRC'].map(
		(zone) => zone.toLowerCase(),
	),
);

/** Whether a day (`2026-03-02`) is off or worked by the notice; undefined means an ordinary day. */
export function getHolidayStatus(day: string): 'off' | 'worked' | undefined {
	const year = NOTICES[Number(day.slice(0, 4))] as HolidayNotice | undefined;
	const monthAndDay = day.slice(5);
	if (year?.worked.includes(monthAndDay)) return 'worked';
	return year?.off.some(([from, to]) => from <= monthAndDay && monthAndDay <= to) ? 'off' : undefined;
}
