/**
 * Takes the picture of a week as an HTML table, light and dark, as mail programs show it.
 *
 * `node tools/browser/agendaWeek.mjs [FOLDER] [--lang zh]`
 */
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureBuilt } from '../build/ensure.mjs';
import { ensureChineseFont } from './chineseFont.mjs';
import { takeLanguage } from './editor.mjs';
import { openBrowser } from './shot.mjs';

const options = process.argv.slice(2);
const language = takeLanguage(options);
const [folder = { en: 'docs/images', zh: 'locales/zh-CN/images' }[language]] = options;
mkdirSync(folder, { recursive: true });
ensureChineseFont();
await ensureBuilt({ quiet: true });

const built = createRequire(import.meta.url);
const { DateTime, Interval } = built('luxon');
const modules = built('../../dist/modules.js');
const { buildAgenda } = modules('lib/dingtalk/agenda/build');
const { LANGUAGES } = modules('lib/dingtalk/agenda/render');
const { renderAgendaHtml } = modules('lib/dingtalk/agenda/renderHtml');

const ZONE = 'Asia/Shanghai';
const MONDAY = DateTime.fromISO('2026-03-02', { zone: ZONE });

const TEXTS = {
	en: {
		people: ['Lin Xiaotong', 'Wang Jianguo', 'Anna Schmidt'],
		planning: ['Weekly planning', 'Room 3'],
		budget: ['Budget review', 'Room 5'],
		fair: ['Trade fair'],
		interview: ['Interview'],
		visit: ['Customer visit', 'Hall 2'],
		design: ['Design review'],
	},
	zh: {
		people: ['林晓彤', '王建国', '陈志远'],
		planning: ['每周例会', '3 号会议室'],
		budget: ['预算评审', '5 号会议室'],
		fair: ['展会'],
		interview: ['面试'],
		visit: ['客户来访', '2 号厅'],
		design: ['设计评审'],
	},
}[language];

const timed = (key, day, from, to) => {
	const at = (time) => ({ dateTime: MONDAY.plus({ days: day }).set(time).toISO(), timeZone: ZONE });
	return eventOf(key, at(from), at(to));
};

const wholeDays = (key, first, end) => {
	const at = (day) => ({ date: MONDAY.plus({ days: day }).toISODate() });
	return eventOf(key, at(first), at(end));
};

function eventOf(key, start, end) {
	const [summary, room] = TEXTS[key];
	return { id: key, summary, start, end, ...(room && { location: { displayName: room } }) };
}

const planning = timed('planning', 0, { hour: 10 }, { hour: 11 });
const budget = timed('budget', 0, { hour: 14 }, { hour: 15, minute: 30 });
const visit = timed('visit', 2, { hour: 13 }, { hour: 17 });
const design = timed('design', 3, { hour: 15 }, { hour: 16 });
const interview = timed('interview', 1, { hour: 9, minute: 30 }, { hour: 10, minute: 15 });

/** What each of the three has, and how they answered. */
const CALENDARS = [
	[planning, budget, visit],
	[planning, [budget, 'declined'], wholeDays('fair', 1, 3), [design, 'needsAction']],
	[[planning, 'tentative'], interview, visit, design],
].map((events, index) => {
	const owner = { id: `person-${index}`, name: TEXTS.people[index] };
	const answered = events.map((one) => {
		const [event, responseStatus = 'accepted'] = [one].flat();
		return { ...event, attendees: [{ id: owner.id, responseStatus }] };
	});
	return { owner, events: answered };
});

const days = buildAgenda(CALENDARS, {
	window: Interval.fromDateTimes(MONDAY, MONDAY.plus({ days: 5 })),
	includeDeclined: true,
	freeTime: {
		workingTime: {
			shifts: [{ from: 9 * 60, to: 18 * 60 }],
			breaks: [{ from: 12 * 60, to: 13 * 60 }],
			days: new Set([1, 2, 3, 4, 5]),
			daysOff: new Set(),
			extraWorkingDays: new Set(),
			minutesOutside: 0,
		},
		observesChineseHolidays: false,
		minLength: 3_600_000,
	},
});
const owners = CALENDARS.map(({ owner }) => owner);
const { listSeparator, title } = LANGUAGES[language];
const html = renderAgendaHtml(title(TEXTS.people.join(listSeparator)), days, owners, {
	language,
	zone: ZONE,
	now: MONDAY.toMillis(),
});

const browser = await openBrowser();
const page = await browser.newPage({ viewport: { width: 1600, height: 700 } });
// One after the other, because the colors depend on what the reader prefers.
const pictures = [];
for (const colorScheme of ['light', 'dark']) {
	await page.setViewportSize({ width: 800, height: 400 });
	await page.emulateMedia({ colorScheme });
	await page.setContent(`<body style="margin:0">${html}</body>`);
	pictures.push((await page.screenshot({ fullPage: true })).toString('base64'));
}
await page.setViewportSize({ width: 1600, height: 400 });
await page.emulateMedia({ colorScheme: 'light' });
await page.setContent(
	`<body style="margin:0;display:flex;align-items:flex-start">${pictures.map((one) => `<img style="flex:none" src="data:image/png;base64,${one}">`).join('')}</body>`,
);
await page.screenshot({ path: join(folder, 'agenda-week.png'), fullPage: true });
await browser.close();
