/**
 * The notices of the State Council's General Office, parsed from their own text, independently of the table under test.
 * 国办发明电〔2024〕12号 (12 November 2024) and 国办发明电〔2025〕7号 (4 November 2025).
 */

interface Notice {
	year: number;
	text: string;
}

const TEXTS: Notice[] = [
	{
		year: 2025,
		text: `
			一、元旦：1月1日（周三）放假1天，不调休。
			二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
			三、清明节：4月4日（周五）至6日（周日）放假，共3天。
			四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
			五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
			六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。`,
	},
	{
		year: 2026,
		text: `
			一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
			二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
			三、清明节：4月4日（周六）至6日（周一）放假，共3天。
			四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
			五、端午节：6月19日（周五）至21日（周日）放假，共3天。
			六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
			七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。`,
	},
];

const WEEKDAYS = '日一二三四五六';

const named = (year: number, month: string | number, day: string | number): string =>
	`${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

/** The notice names the weekday of each date, which reveals typing errors. */
function checked(date: string, weekday: string): string {
	const actual = WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()];
	if (actual !== weekday) throw new Error(`${date} is a ${actual}, not a ${weekday}`);
	return date;
}

function* daysFrom(first: string, last: string): Generator<string> {
	for (
		const day = new Date(`${first}T00:00:00Z`);
		day.toISOString().slice(0, 10) <= last;
		day.setUTCDate(day.getUTCDate() + 1)
	) {
		yield day.toISOString().slice(0, 10);
	}
}

const DATE = /(?:(\d+)月)?(\d+)日（(?:[^（）]*、)?周(.)）/g;

function readNotice({ year, text }: Notice): { off: string[]; worked: string[]; counts: boolean } {
	const off: string[] = [];
	const worked: string[] = [];
	let counts = true;
	for (const line of text.split('\n').filter((one) => one.includes('：'))) {
		let month = '';
		const datesIn = (part: string): string[] =>
			[...part.matchAll(DATE)].map(([, ownMonth, day, weekday]) => {
				month = ownMonth ?? month;
				return checked(named(year, month, day), weekday);
			});
		const [away, work = ''] =
			line.split('放假', 2).length > 1
				? [line.slice(0, line.indexOf('放假')), line.slice(line.indexOf('。') + 1)]
				: [line];
		const [first, last = first] = datesIn(away);
		const days = [...daysFrom(first, last)];
		off.push(...days);
		const said = /共(\d+)天|放假(\d+)天/.exec(line);
		counts &&= days.length === Number(said?.[1] ?? said?.[2]);
		worked.push(...datesIn(work));
	}
	return { off, worked, counts };
}

const all = TEXTS.map(readNotice);

export const NOTICES = {
	years: TEXTS.map(({ year }) => year),
	off: new Set(all.flatMap(({ off }) => off)),
	worked: new Set(all.flatMap(({ worked }) => worked)),
	/** Whether each holiday has as many days as its notice states. */
	counts: all.every(({ counts }) => counts),
};
