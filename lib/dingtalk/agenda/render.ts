/** Renders an agenda as text for a message: as Markdown and as plain text, in English or Chinese. */
import { DateTime } from 'luxon';
import type { AgendaDay, AgendaEntry } from './build';
import type { Span } from '../freeBusy/intervals';
import { hasLostHour } from '../events/readEvent';

export interface Phrases {
	/** As HTML names the language. */
	code: string;
	/** The heading above the days of a table. */
	day: string;
	weekdays: readonly string[];
	heading(date: DateTime, weekday: string): string;
	today: string;
	allDay: string;
	timeUnknown: string;
	noEvents: string;
	free: string;
	declined: string;
	tentative: string;
	noResponse: string;
	untitled: string;
	listSeparator: string;
	/** What is added to a day or an event. */
	aside(details: readonly string[]): string;
	title(names: string): string;
}

const MONTHS = [
	'January',
	'February',
	'March',
	'April',
	'May',
	'June',
	'July',
	'August',
	'September',
	'October',
	'November',
	'December',
];

export const LANGUAGES = {
	en: {
		code: 'en',
		day: 'Day',
		weekdays: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
		heading: ({ day, month }, weekday) => `${weekday} ${day} ${MONTHS[month - 1]}`,
		today: 'today',
		allDay: 'All day',
		timeUnknown: 'Time unknown',
		noEvents: 'Nothing planned',
		free: 'Free',
		declined: 'declined',
		tentative: 'tentative',
		noResponse: 'no response',
		untitled: '(no title)',
		listSeparator: ', ',
		aside: (details) => ` (${details.join('; ')})`,
		title: (names) => `Agenda for ${names}`,
	},
	zh: {
		code: 'zh-CN',
		day: '日期',
		weekdays: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
		heading: ({ day, month }, weekday) => `${month}月${day}日 ${weekday}`,
		today: '今天',
		allDay: '全天',
		timeUnknown: '时间未知',
		noEvents: '无日程',
		free: '空闲',
		declined: '已拒绝',
		tentative: '暂定',
		noResponse: '未答复',
		untitled: '（无标题）',
		listSeparator: '、',
		aside: (details) => `（${details.join('；')}）`,
		title: (names) => `${names}的日程`,
	},
} as const satisfies Record<string, Phrases>;

export type Language = keyof typeof LANGUAGES;

export interface RenderOptions {
	language: Language;
	zone: string;
	/** Determines which day is today. */
	now: number;
	/** Whether to name the people of each event. */
	showOwners: boolean;
}

/** Titles are plain text, so Markdown in them is shown as it is. */
const escapeMarkdown = (text: string): string => text.replace(/[\\`*_[\]<>#|~]/g, '\\$&');
export const toOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

const formatTime = (moment: number, zone: string): string =>
	DateTime.fromMillis(moment, { zone }).setLocale('en').toFormat('HH:mm');

/** Start and end, clipped to the day; its end is 24:00, also where the clocks skip the next midnight. */
export function formatHours([from, to]: Span, day: AgendaDay, zone: string): string {
	const begin = formatTime(Math.max(from, day.span[0]), zone);
	const end = Math.min(to, day.span[1]);
	const atMidnight = end > day.span[0] && DateTime.fromMillis(end, { zone }).startOf('day').toMillis() === end;
	return from === to ? begin : `${begin}–${atMidnight ? '24:00' : formatTime(end, zone)}`;
}

/** When an event of the day takes place. */
export function formatWhen(entry: AgendaEntry, day: AgendaDay, zone: string, phrases: Phrases): string {
	if (entry.allDay) return phrases.allDay;
	return hasLostHour(entry.event) ? phrases.timeUnknown : formatHours(entry.span, day, zone);
}

export const formatPlace = ({ event: { location } }: AgendaEntry, { listSeparator }: Phrases): string =>
	[location?.displayName, ...(location?.meetingRooms ?? [])].filter(Boolean).join(listSeparator);

/** What a response adds to an event; nothing if the person takes part. */
export const formatResponse = (response: string | undefined, phrases: Phrases): string | undefined =>
	new Map([
		['declined', phrases.declined],
		['tentative', phrases.tentative],
		['needsAction', phrases.noResponse],
	]).get(response ?? '');

/** The response that all people of an event gave. */
function formatCommonResponse({ owners }: AgendaEntry, phrases: Phrases): string | undefined {
	const responses = new Set(owners.map(({ response }) => response));
	const [response] = responses;
	return responses.size === 1 ? formatResponse(response, phrases) : undefined;
}

/** The name of a day, marked if it is today. */
export function formatDay({ date }: AgendaDay, { language, zone, now }: Omit<RenderOptions, 'showOwners'>): string {
	const phrases: Phrases = LANGUAGES[language];
	const day = DateTime.fromISO(date, { zone: 'utc' });
	const name = phrases.heading(day, phrases.weekdays[day.weekday - 1]);
	return date === DateTime.fromMillis(now, { zone }).toISODate() ? name + phrases.aside([phrases.today]) : name;
}

function listRows(
	day: AgendaDay,
	{ zone, showOwners, language }: RenderOptions,
): Array<{ order: number; when: string; what: string; details: string[] }> {
	const phrases: Phrases = LANGUAGES[language];
	const events = day.entries.map((entry) => ({
		order: entry.allDay ? Number.NEGATIVE_INFINITY : entry.span[0],
		when: formatWhen(entry, day, zone, phrases),
		what: toOneLine(entry.event.summary ?? '') || phrases.untitled,
		details: [
			toOneLine(formatPlace(entry, phrases)),
			showOwners ? entry.owners.map(({ owner }) => owner.name).join(phrases.listSeparator) : '',
			formatCommonResponse(entry, phrases) ?? '',
		].filter((detail) => detail !== ''),
	}));
	const free = day.free.map((span) => ({
		order: span[0],
		when: formatHours(span, day, zone),
		what: phrases.free,
		details: [],
	}));
	return [...events, ...free].sort((a, b) => (a.order === b.order ? 0 : a.order - b.order));
}

export function renderAgenda(
	title: string,
	days: AgendaDay[],
	options: RenderOptions,
): { markdown: string; text: string } {
	const phrases: Phrases = LANGUAGES[options.language];
	const markdown = [`### ${escapeMarkdown(title)}`];
	const text = [title];
	for (const day of days) {
		const heading = formatDay(day, options);
		const rows = listRows(day, options);
		markdown.push('', `**${heading}**`, '');
		text.push('', heading);
		if (day.entries.length === 0) {
			markdown.push(`- ${phrases.noEvents}`);
			text.push(`  ${phrases.noEvents}`);
		}
		for (const { when, what, details } of rows) {
			const suffix = details.length > 0 ? phrases.aside(details) : '';
			markdown.push(`- ${when} ${escapeMarkdown(what + suffix)}`);
			text.push(`  ${when}  ${what}${suffix}`);
		}
	}
	return { markdown: markdown.join('\n'), text: text.join('\n') };
}
